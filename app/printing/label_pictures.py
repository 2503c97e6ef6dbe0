"""A foreign label, as a picture or as pages of a PDF, on our paper: turned, scaled and made black and white.

Scanners need the edges of bars where they were, so nothing is dithered, a label of about the paper's size is not scaled
at all, and a page of a PDF is drawn at once in the dots that it will be printed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Protocol

import numpy
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from app.domain.documents import LABEL_4X6, Size
from app.domain.print_ports import UnprintableLabelError
from app.printing.dots import dots_per_mm
from app.printing.graphics import Mark, Sheet, Stamp
from app.printing.pictures import Picture

INK = 128
"""Greys below it are black."""
ALMOST = 1.03
"""A label that differs so little from the paper is printed dot for dot."""
MOST_DOTS = 64_000_000
"""Of a page: more is no label, and would take the memory of the station."""
MOST_PAGES = 100
"""Of one label's PDF: more is somebody's book."""
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")

Dots = NDArray[numpy.bool_]
"""Rows of dots, True where black."""


class UnreadablePictureError(UnprintableLabelError):
    """The bytes are no picture or PDF that can be printed."""


class _Source(Protocol):
    """Something to draw, with its own size in dots; `grows` when it may be enlarged to fill the paper."""

    width: float
    height: float
    grows: bool

    def draw(self, scale: float) -> Dots:
        """Its dots when it is so many times as large."""


class _Bitmap:
    """A picture; how large it is meant to be is not known, so it fills the paper."""

    grows = True

    def __init__(self, grey: Image.Image) -> None:
        self.width, self.height = float(grey.width), float(grey.height)
        self._grey = grey

    def draw(self, scale: float) -> Dots:
        grey = self._grey
        if scale != 1:
            size = max(1, round(self.width * scale)), max(1, round(self.height * scale))
            grey = grey.resize(size, _way(scale))
        return numpy.asarray(grey) < INK


class _PdfPage:
    """A page; it has a size of its own, and is made smaller only when it must be."""

    grows = False

    def __init__(self, page: pypdfium2.PdfPage, dpi: int) -> None:
        width, height = page.get_size()
        self.width, self.height = max(1.0, width * dpi / 72), max(1.0, height * dpi / 72)
        self._page, self._dpi = page, dpi

    def draw(self, scale: float) -> Dots:
        if self.width * self.height * scale * scale > MOST_DOTS:
            raise UnreadablePictureError("printing.payload.too_large")
        # In greys it would place letters less exactly; four bytes a dot in this order need not be copied.
        bitmap = self._page.render(scale=scale * self._dpi / 72, prefer_bgrx=True, rev_byteorder=True)
        grey = bitmap.to_pil().convert("L")
        bitmap.close()
        return numpy.asarray(grey) < INK


def sheets_of_picture(data: bytes, dpi: int, paper: Size = LABEL_4X6) -> Iterator[Sheet]:
    """The label in a PNG, JPEG, GIF, BMP or TIFF. Raises UnreadablePictureError."""
    yield _sheet(_Bitmap(_read_grey(data)), dpi, paper)


def sheets_of_pdf(data: bytes, dpi: int, paper: Size = LABEL_4X6) -> Iterator[Sheet]:
    """A label for each page of a PDF; one thread at a time. Raises UnreadablePictureError, also between two pages."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePictureError("printing.payload.unreadable") from error
    try:
        if len(document) > MOST_PAGES:
            raise UnreadablePictureError("printing.payload.too_large")
        for page in document:
            try:
                yield _sheet(_PdfPage(page, dpi), dpi, paper)
            finally:
                page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadablePictureError("printing.payload.unreadable") from error
    finally:
        document.close()


def _read_grey(data: bytes) -> Image.Image:
    """The picture in greys, on white where it is transparent."""
    try:
        picture: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MOST_DOTS:
            raise UnreadablePictureError("printing.payload.too_large")
        if picture.has_transparency_data:
            drawn = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn)
        elif picture.mode.startswith("I"):  # sixteen bits a dot
            return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        if picture.mode != "L":
            return picture.convert("L")
        picture.load()
        return picture
    except Image.DecompressionBombError as error:
        raise UnreadablePictureError("printing.payload.too_large") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnreadablePictureError("printing.payload.unreadable") from error


def _sheet(source: _Source, dpi: int, paper: Size) -> Sheet:
    scale = dots_per_mm(dpi)
    width, height = int(paper.width * scale), int(paper.height * scale)
    stamp = _stamp(source, width, height)
    marks: tuple[Mark, ...] = () if stamp is None else (stamp,)
    return Sheet(width, height, paper.width, paper.height, marks)


def _stamp(source: _Source, width: int, height: int) -> Stamp | None:
    """The ink of the source where it stands on paper of so many dots; None when it has none."""
    turned, scale = _fit(source.width, source.height, width, height)
    if source.grows or scale >= 1 / ALMOST:
        wanted = scale if source.grows else 1.0
        dots = source.draw(1.0 if 1 / ALMOST <= wanted <= ALMOST else wanted)
        found = _placed(dots, turned, width, height, whole=True)
        if found is not None and not _is_within(found, width, height):
            found = _placed(source.draw(scale), turned, width, height, whole=True)
    else:  # a page larger than our paper: what counts is what is printed on it
        dots = source.draw(1)
        ink = _ink(dots)
        if ink is None:
            return None
        turned, scale = _fit(ink[2] - ink[0], ink[3] - ink[1], width, height)
        found = _placed(dots if scale >= 1 else source.draw(scale), turned, width, height, whole=False)
    return None if found is None else _clipped(*found, width, height)


def _fit(width: float, height: float, room: int, tall: int) -> tuple[bool, float]:
    """Whether to turn it by a quarter, and how many times as large it then fills its room."""
    upright, turned = min(room / width, tall / height), min(room / height, tall / width)
    return (True, turned) if turned > upright * 1.01 else (False, upright)


def _placed(dots: Dots, turned: bool, width: int, height: int, whole: bool) -> tuple[int, int, Dots] | None:
    """Left and top edge and dots of the ink; the `whole` picture or else its ink alone is centred."""
    if turned:
        dots = numpy.rot90(dots, -1)
    found = _ink(dots)
    if found is None:
        return None
    left, top, right, bottom = found
    ink = dots[top:bottom, left:right]
    if not whole:
        return (width - ink.shape[1]) // 2, (height - ink.shape[0]) // 2, ink
    x, y = left + (width - dots.shape[1]) // 2, top + (height - dots.shape[0]) // 2
    return max(0, min(x, width - ink.shape[1])), max(0, min(y, height - ink.shape[0])), ink


def _is_within(placed: tuple[int, int, Dots], width: int, height: int) -> bool:
    x, y, ink = placed
    tall, wide = ink.shape
    return bool(x + wide <= width and y + tall <= height)


def _clipped(x: int, y: int, ink: Dots, width: int, height: int) -> Stamp:
    """As a stamp; of a scaled picture the last row or column may be one too many."""
    x, y = max(0, x), max(0, y)
    ink = ink[: height - y, : width - x]
    packed = numpy.packbits(ink, axis=1)
    return Stamp(x, y, Picture(packed.shape[1] * 8, packed.shape[0], packed.tobytes()))


def _ink(dots: Dots) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom edge of what is black; None when nothing is."""
    rows, columns = numpy.flatnonzero(dots.any(axis=1)), numpy.flatnonzero(dots.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _way(scale: float) -> Image.Resampling:
    """Edges stay sharp when each dot becomes a square of dots; shares of dots count when it becomes smaller."""
    if scale < 1:
        return Image.Resampling.BOX
    return Image.Resampling.NEAREST if scale == round(scale) else Image.Resampling.BICUBIC
