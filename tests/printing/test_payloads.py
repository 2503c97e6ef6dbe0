"""Carriers' labels, as pictures, PDF and ZPL, on printers of each language."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from dataclasses import replace

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from zebrafy import ZebrafyImage, ZebrafyPDF

from app.domain.document_samples import sample_document
from app.domain.document_shipping import shipping_label
from app.domain.documents import A4, LABEL_4X6, Document
from app.domain.errors import PickwickError
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.printing.label_pictures import UnreadablePictureError
from app.printing.payloads import ForeignLabelError, PayloadKind, kind_of, label_bytes
from app.printing.pdf import render_pdf
from app.printing.rendering import render
from tests.printing.drawing import codes, draw_pdf, draw_zpl, ink
from tests.printing.labels import LABEL
from tests.printing.thermal import read
from tests.shared_data import shared

CODE = "NW204417380GB"
DOCUMENT = shipping_label(LABEL)
GREY = draw_pdf(render_pdf(DOCUMENT), 203)[0].crop((0, 0, 812, 1218))
FINE = draw_pdf(render_pdf(DOCUMENT), 300)[0].crop((0, 0, 1200, 1800))
THERMAL = [PrintLanguage.ZPL, PrintLanguage.EPL2, PrintLanguage.TSPL]
FIELD = re.compile(r"\^FO(\d+),(\d+)\^GFA,\d+,(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):[0-9A-Fa-f]{4}")
PAPER = Document(DOCUMENT.kind, "paper", LABEL_4X6, ((),))


def encoded(picture: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def dots(zpl: bytes | str, size: tuple[int, int] = (812, 1218)) -> numpy.ndarray:
    """The graphic field of a label as black dots, unpacked by hand."""
    text = zpl.decode("ascii") if isinstance(zpl, bytes) else zpl
    (found,) = FIELD.findall(text)
    x, y, total, row_bytes = map(int, found[:4])
    raw = zlib.decompress(base64.b64decode(found[4]))
    assert len(raw) == total
    bits = numpy.unpackbits(numpy.frombuffer(raw, dtype=numpy.uint8)).reshape(-1, row_bytes * 8).astype(bool)
    sheet = numpy.zeros((size[1] + 8, size[0] + 8), dtype=bool)
    sheet[y : y + bits.shape[0], x : x + bits.shape[1]] = bits
    return sheet[: size[1], : size[0]]


def sheets(data: bytes, language: PrintLanguage, dpi: int) -> list[Image.Image]:
    """The labels as they come out of a printer of the language."""
    if language is PrintLanguage.PDF:
        return draw_pdf(data, 300)
    if language is PrintLanguage.ZPL:
        return draw_zpl([(data, PAPER)], dpi)[0]
    return read(data, language, dpi).sheets


def page(*placed: tuple[Image.Image, float, float, float, float], size: tuple[float, float]) -> bytes:
    """A PDF of one page with pictures at places in points."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for picture, x, y, width, height in placed:
        canvas.drawImage(ImageReader(picture), x, y, width, height)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def book(pages: int) -> bytes:
    """A PDF of so many empty pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(288, 432))
    for _ in range(pages):
        canvas.showPage()
    canvas.save()
    return out.getvalue()


PICTURES = {
    "dot for dot at 203": GREY,
    "dot for dot at 300": FINE,
    "colours": GREY.convert("RGB"),
    "black and white": GREY.point(lambda value: 255 * (value > 127)).convert("1"),
    "palette": GREY.convert("P"),
    "sixteen bits": Image.fromarray(numpy.asarray(GREY).astype(numpy.uint16) * 257),
    "almost the paper": GREY.resize((800, 1200), Image.Resampling.LANCZOS),
    "lying": FINE.transpose(Image.Transpose.ROTATE_90),
    "lying, longer": Image.new("L", (1400, 800), 255),
    "half as large": GREY.resize((406, 609), Image.Resampling.LANCZOS),
    "on nothing": Image.merge("LA", (GREY, GREY.point(lambda value: 255 * (value < 255)))),
}
PICTURES["lying, longer"].paste(
    GREY.transpose(Image.Transpose.ROTATE_270).resize((1200, 800), Image.Resampling.LANCZOS)
)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", [PrintLanguage.EPL2, PrintLanguage.TSPL, PrintLanguage.PDF])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_becomes_a_label(name: str, language: PrintLanguage, dpi: int) -> None:
    data = label_bytes(encoded(PICTURES[name]), PayloadKind.PNG, language, dpi)
    (sheet,) = sheets(data, language, dpi)
    assert codes(sheet) == [CODE]


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_picture_becomes_zpl_that_others_draw(dpi: int) -> None:
    jobs = [label_bytes(encoded(picture), PayloadKind.PNG, PrintLanguage.ZPL, dpi) for picture in PICTURES.values()]
    for name, (sheet,) in zip(PICTURES, draw_zpl([(job, PAPER) for job in jobs], dpi), strict=True):
        assert codes(sheet) == [CODE], name


@pytest.mark.parametrize("form", ["JPEG", "GIF", "BMP", "TIFF"])
def test_other_forms_of_pictures(form: str) -> None:
    data = encoded(GREY, form)
    assert kind_of(data) is PayloadKind.PNG
    (sheet,) = sheets(label_bytes(data, PayloadKind.PNG, PrintLanguage.TSPL, 203), PrintLanguage.TSPL, 203)
    assert codes(sheet) == [CODE]


@pytest.mark.parametrize("picture", ["dot for dot at 203", "colours", "black and white"])
def test_the_dots_are_those_of_another_converter_and_in_no_more_bytes(picture: str) -> None:
    data = encoded(PICTURES[picture])
    theirs = ZebrafyImage(data, format="Z64", dither=False, threshold=127).to_zpl()
    ours = label_bytes(data, PayloadKind.PNG, PrintLanguage.ZPL, 203)
    assert (dots(ours) == dots(theirs)).all()
    assert len(ours) <= 1.1 * len(theirs)


def test_the_dots_of_a_page_are_those_of_another_converter() -> None:
    pdf = render_pdf(DOCUMENT)
    theirs = ZebrafyPDF(pdf, format="Z64", dpi=203, dither=False, threshold=127).to_zpl()
    ours = label_bytes(pdf, PayloadKind.PDF, PrintLanguage.ZPL, 203)
    assert (dots(ours) == dots(theirs)).all()
    assert len(ours) <= 1.1 * len(theirs)


def test_a_picture_of_the_papers_size_is_not_scaled() -> None:
    expected = ink(GREY)
    assert (dots(label_bytes(encoded(GREY), PayloadKind.PNG, PrintLanguage.ZPL, 203)) == expected).all()
    almost = PICTURES["almost the paper"]
    drawn = dots(label_bytes(encoded(almost), PayloadKind.PNG, PrintLanguage.ZPL, 203))
    assert (drawn[9:1209, 6:806] == ink(almost)).all()
    doubled = dots(label_bytes(encoded(PICTURES["half as large"]), PayloadKind.PNG, PrintLanguage.ZPL, 203))
    assert (doubled == numpy.kron(ink(PICTURES["half as large"]), numpy.ones((2, 2), dtype=bool))).all()


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", THERMAL)
def test_pages_of_a_pdf_become_labels(language: PrintLanguage, dpi: int) -> None:
    """Of the paper's size, lying, on a large sheet with its true size, and filling a large sheet."""
    four, six = 288.0, 432.0
    lying = FINE.transpose(Image.Transpose.ROTATE_90)
    pages = [
        render_pdf(DOCUMENT),
        page((lying, 0, 0, six, four), size=(six, four)),
        page((FINE, 40, 300, four, six), size=(595.3, 841.9)),
        page((lying, 80, 400, six, four), size=(595.3, 841.9)),
        page((FINE, 20, 20, 500, 750), size=(595.3, 841.9)),
    ]
    assert {kind_of(pdf) for pdf in pages} == {PayloadKind.PDF}
    labels = [label_bytes(pdf, PayloadKind.PDF, language, dpi) for pdf in pages]
    if language is PrintLanguage.ZPL:
        drawn = draw_zpl([(label, PAPER) for label in labels], dpi)
    else:
        drawn = [sheets(label, language, dpi) for label in labels]
    assert [[codes(sheet) for sheet in each] for each in drawn] == [[[CODE]]] * len(pages)


def test_a_label_on_a_large_sheet_keeps_its_size() -> None:
    black = page((FINE, 40, 300, 288, 432), size=(595.3, 841.9))
    drawn = dots(label_bytes(black, PayloadKind.PDF, PrintLanguage.ZPL, 203))
    rows, columns = drawn.nonzero()
    own_rows, own_columns = ink(GREY).nonzero()
    assert abs((columns.max() - columns.min()) - (own_columns.max() - own_columns.min())) <= 4
    assert abs((rows.max() - rows.min()) - (own_rows.max() - own_rows.min())) <= 4


def test_each_page_is_a_label() -> None:
    labels = [shipping_label(replace(LABEL, tracking_number=f"NW{number}GB")) for number in (111, 222, 333)]
    pdf = render_pdf(replace(labels[0], pages=tuple(label.pages[0] for label in labels)))
    for language in (PrintLanguage.EPL2, PrintLanguage.TSPL):
        drawn = sheets(label_bytes(pdf, PayloadKind.PDF, language, 203), language, 203)
        assert [codes(sheet) for sheet in drawn] == [["NW111GB"], ["NW222GB"], ["NW333GB"]]


def test_an_empty_page_is_an_empty_label() -> None:
    for size in ((288, 432), A4):
        width, height = size if isinstance(size, tuple) else (size.width, size.height)
        empty = page(size=(width * 3, height * 3))
        (sheet,) = read(label_bytes(empty, PayloadKind.PDF, PrintLanguage.EPL2, 203), PrintLanguage.EPL2, 203).sheets
        assert not ink(sheet).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 64000), (64000, 1), (3, 2000), (2436, 3654), (811, 1219), (813, 1217)])
def test_a_black_picture_of_any_size_stays_on_the_paper(size: tuple[int, int]) -> None:
    data = encoded(Image.new("L", size, 0))
    (sheet,) = read(label_bytes(data, PayloadKind.PNG, PrintLanguage.TSPL, 203), PrintLanguage.TSPL, 203).sheets
    assert ink(sheet).any()


@pytest.mark.parametrize("size", [(1, 1), (0.1, 0.1), (0.5, 400), (288, 500), (300, 432), (5000, 20)])
def test_a_black_page_of_any_size_stays_on_the_paper(size: tuple[float, float]) -> None:
    pdf = page((Image.new("L", (1, 1), 0), 0, 0, *size), size=size)
    (sheet,) = read(label_bytes(pdf, PayloadKind.PDF, PrintLanguage.EPL2, 203), PrintLanguage.EPL2, 203).sheets
    assert ink(sheet).any() or min(size) < 1


@pytest.mark.parametrize("language", list(PrintLanguage))
def test_what_speaks_the_printers_language_passes_as_it_is(language: PrintLanguage) -> None:
    data = render(sample_document("shipping-label"), language)
    kind = kind_of(data)
    assert kind.value == language.value
    assert label_bytes(data, kind, language, 203) is data
    others = {PrintLanguage.ZPL, PrintLanguage.EPL2, PrintLanguage.TSPL, PrintLanguage.PDF} - {language}
    if kind is PayloadKind.PDF:
        return
    for other in others:
        with pytest.raises(ForeignLabelError) as caught:
            label_bytes(data, kind, other, 203)
        name, asked = kind.value.upper(), other.value.upper()
        assert say(caught.value.code, **caught.value.values) == (
            f"This label is in {name}, and the printer understands {asked}. Print it on a {name} printer, or ask the "
            "carrier for a PDF."
        )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"CT~~CD,~CC^~CT~\n^XA^FO1,1^FDx^FS^XZ", PayloadKind.ZPL),
        (b"\nN\nq812\nA1,1,0,1,1,1,N,\"x\"\nP1\n", PayloadKind.EPL2),
        (b"\r\nI8,A,001\r\nQ1218,024\r\nq831\r\nrN\r\n", None),
        (b"I8,A\r\nq812\r\nS2\r\nN\r\nP1\r\n", PayloadKind.EPL2),
        (b"~DGR:LOGO.GRF,48600,18," + b"0" * 5000 + b"^XA^XGR:LOGO.GRF^FS^XZ", PayloadKind.ZPL),
        (b"DENSITY 8\r\nCLS\r\nsize 40 mm,30 mm\r\nPRINT 1\r\n", PayloadKind.TSPL),
        (b"SIZE 4,6\r\nCLS\r\nPRINT 1\r\n", PayloadKind.TSPL),
        (b"", None),
        (b"Not found", None),
        (b"<html>", None),
    ],
)  # fmt: skip
def test_what_the_bytes_are(data: bytes, kind: PayloadKind | None) -> None:
    if kind is not None:
        assert kind_of(data) is kind
        return
    with pytest.raises(ForeignLabelError) as caught:
        kind_of(data)
    assert caught.value.code == "printing.payload.unknown"


def test_labels_of_many_makers_are_known_as_zpl() -> None:
    files = sorted(shared("data/zpl_zebrash").rglob("*.zpl"))
    assert len(files) > 10
    assert {kind_of(file.read_bytes()) for file in files} == {PayloadKind.ZPL}


def _png_head(width: int, height: int) -> bytes:
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", b"")]
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (encoded(GREY)[:3000], PayloadKind.PNG, "unreadable"),
        (b"\x89PNG\r\n\x1a\n", PayloadKind.PNG, "unreadable"),
        (b"nothing", PayloadKind.PNG, "unreadable"),
        (_png_head(60000, 60000), PayloadKind.PNG, "too_large"),
        (_png_head(9000, 9000), PayloadKind.PNG, "too_large"),
        (b"%PDF-1.7\n", PayloadKind.PDF, "unreadable"),
        (b"", PayloadKind.PDF, "unreadable"),
        (page(size=(14000, 14000)), PayloadKind.PDF, "too_large"),
        (book(101), PayloadKind.PDF, "too_large"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, kind: PayloadKind, code: str) -> None:
    with pytest.raises(UnreadablePictureError) as caught:
        label_bytes(data, kind, PrintLanguage.ZPL, 203)
    assert caught.value.code == f"printing.payload.{code}"
    assert say(caught.value.code).startswith("This label's picture or PDF ")


SMALL = encoded(GREY.resize((80, 120)))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.binary(max_size=8), st.booleans())
def test_a_damaged_picture_is_a_label_or_refused(place: int, other: bytes, cut: bool) -> None:
    damaged = SMALL[:place] + other + (b"" if cut else SMALL[place + len(other) :])
    try:
        data = label_bytes(damaged, PayloadKind.PNG, PrintLanguage.EPL2, 203)
    except PickwickError:
        return
    assert len(read(data, PrintLanguage.EPL2, 203).sheets) == 1
