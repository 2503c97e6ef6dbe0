"""Documents as PDF: text stays text, bars are vectors; letters that no font of ours holds are pictures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.domain.documents import Align, Barcode, Document, Element, Fixed, Frame, Page, Rule, Text, TextBox
from app.printing.codes import BarsPlan, SquaresPlan, plan_code
from app.printing.fonts import OWN_FONTS, FontFile, read_font
from app.printing.pictures import EM, TextPicture, draw_text
from app.printing.text_fit import fit, tidy

POINTS = 72 / 25.4
FINE = 600 / 25.4
"""Dots a millimetre on which bars are laid, so that every bar of a code is a whole number of them."""
PICTURE = 300 / 25.4
"""Dots a millimetre of text that is drawn as a picture."""
BASELINE = 0.8
ROOM = 0.99


@dataclass(frozen=True, slots=True)
class _Faces:
    """The fonts of a document: names that reportlab knows, and the letters they hold (None: those of Windows-1252)."""

    regular: str
    bold: str
    letters: FontFile | None = None

    def holds(self, text: str) -> bool:
        if self.letters is not None:
            return self.letters.holds(text.replace("\n", ""))
        return text.isascii() or _in_windows_1252(text)


BUILT_IN = _Faces("Helvetica", "Helvetica-Bold")


def render_pdf(document: Document) -> bytes:
    """The document as a PDF, one page a page, titled as it is."""
    out = BytesIO()
    width, height = document.size.width * POINTS, document.size.height * POINTS
    canvas = Canvas(out, pagesize=(width, height), invariant=1, pageCompression=0)  # packing takes longer than drawing
    canvas.setTitle(tidy(document.title, keep_lines=False))
    canvas.setCreator("Pickwick")
    sheet = _Sheet(canvas, height, _faces(document))
    for page in document.pages:
        sheet.draw(page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(slots=True)
class _Sheet:
    """One page being drawn: places in millimetres from the top become points from the bottom."""

    canvas: Canvas
    height: float
    faces: _Faces

    def draw(self, elements: Page) -> None:
        """Each element in turn."""
        for element in elements:
            if isinstance(element, Text):
                self._text(element.box, element.text)
            elif isinstance(element, Fixed):
                self.draw(element.elements)
            elif isinstance(element, Barcode):
                self._barcode(element)
            else:
                self._shape(element)

    def _text(self, box: TextBox, text: str) -> None:
        if not (text.isascii() and text.isprintable()):
            text = tidy(text, keep_lines=box.max_lines > 1)
        if not text.strip():
            return
        if not self.faces.holds(text):
            self._picture(box, text)
            return
        face = self.faces.bold if box.bold else self.faces.regular
        size = box.size * EM * POINTS
        width = box.width * POINTS
        lines = fit(text, width * ROOM, box.max_lines, lambda line: pdfmetrics.stringWidth(line, face, size))
        pen = self.canvas.beginText()
        pen.setFont(face, size)
        for row, line in enumerate(lines):
            x, y = box.x * POINTS, self.height - (box.y + box.size * BASELINE + row * box.line_height) * POINTS
            if box.align is not Align.LEFT:
                spare = width - pdfmetrics.stringWidth(line, face, size)
                x += spare if box.align is Align.RIGHT else spare / 2
            pen.setTextOrigin(x, y)
            pen.textOut(line)
        self.canvas.drawText(pen)

    def _picture(self, box: TextBox, text: str) -> None:
        letter, line = round(box.size * PICTURE), round(box.line_height * PICTURE)
        picture = draw_text(TextPicture(text, int(box.width * PICTURE), letter, line, box.max_lines, box.align))
        if picture is None:
            return
        width, height = picture.width / PICTURE * POINTS, picture.height / PICTURE * POINTS
        left, bottom = box.x * POINTS, self.height - box.y * POINTS - height
        self.canvas.drawImage(ImageReader(picture.image()), left, bottom, width, height)

    def _barcode(self, element: Barcode) -> None:
        plan = plan_code(element, FINE)
        if plan is None:
            return
        unit = plan.module / FINE * POINTS
        left = (element.box.x + plan.left / FINE) * POINTS
        if isinstance(plan, BarsPlan):
            tall = element.box.height * POINTS
            bottom = self.height - element.box.y * POINTS - tall
            bars = [
                f"{left + place * unit:.3f} {bottom:.3f} {wide * unit:.3f} {tall:.3f} re"
                for place, wide in plan.code.bars()
            ]
        else:
            top = self.height - (element.box.y + plan.top / FINE) * POINTS
            bars = [
                f"{left + place * unit:.3f} {top - (row + 1) * unit:.3f} {wide * unit:.3f} {unit:.3f} re"
                for row, place, wide in _runs(plan)
            ]
        self.canvas.addLiteral(f"{' '.join(bars)} f")

    def _shape(self, element: Rule | Frame) -> None:
        x, y = element.x * POINTS, self.height - (element.y + element.height) * POINTS
        width, height = element.width * POINTS, element.height * POINTS
        if isinstance(element, Rule):
            self.canvas.rect(x, y, width, height, stroke=0, fill=1)
            return
        half = element.thickness * POINTS / 2
        self.canvas.setLineWidth(2 * half)
        self.canvas.rect(x + half, y + half, width - 2 * half, height - 2 * half, stroke=1, fill=0)


def _runs(plan: SquaresPlan) -> list[tuple[int, int, int]]:
    """Black modules that touch in a row, as (row, first, how many)."""
    runs: list[tuple[int, int, int]] = []
    for number, row in enumerate(plan.rows):
        start = -1
        for place, black in enumerate((*row, False)):
            if black and start < 0:
                start = place
            elif not black and start >= 0:
                runs.append((number, start, place - start))
                start = -1
    return runs


def _faces(document: Document) -> _Faces:
    """The fonts built into every PDF reader, or ours embedded as soon as one text needs letters that those lack."""
    texts = (text for page in document.pages for text in _texts(page))
    for text in texts:
        if not text.isascii() and not BUILT_IN.holds(tidy(text, keep_lines=True)):
            own = _own_faces()
            if own is not None and own.holds(tidy(text, keep_lines=True)):
                return own
    return BUILT_IN


def _texts(elements: tuple[Element, ...]) -> list[str]:
    return [element.text for element in elements if isinstance(element, Text)]


@lru_cache(maxsize=4096)
def _in_windows_1252(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _own_faces() -> _Faces | None:
    """Our own fonts for Latin Extended, made known to reportlab; None in a checkout without them."""
    regular, bold = OWN_FONTS / "AtkinsonHyperlegibleNext-Regular.ttf", OWN_FONTS / "AtkinsonHyperlegibleNext-Bold.ttf"
    letters = read_font(regular)
    if letters is None or not bold.is_file():
        return None
    names = ("PickwickNext", "PickwickNextBold")
    for name, path in zip(names, (regular, bold), strict=True):
        pdfmetrics.registerFont(TTFont(name, str(path)))
    return _Faces(*names, letters)
