"""What a printed document is: pages of plain elements at places in millimetres, described once for every printer.

Places that never change (text boxes, code boxes, fixed artwork) compare by identity: a layout makes each of them once,
and a renderer may keep what it worked out for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """What the document is for; the names of the command line."""

    SHIPPING_LABEL = "shipping-label"
    PACKING_SLIP = "packing-slip"
    PICK_LIST = "pick-list"
    TOTE = "tote"
    LOCATION = "location"
    PRODUCT = "product"
    BADGE = "badge"
    COMMAND_SHEET = "command-sheet"
    OK_CARD = "ok-card"
    DOCTOR_SHEET = "doctor-sheet"
    TRANSFER = "transfer"
    SUPPLIER_REQUEST = "supplier-request"
    RETURN_LABEL = "return-label"


class Align(StrEnum):
    """Where a line of text stands in its box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Symbology(StrEnum):
    """How a code is drawn."""

    CODE128 = "code128"
    GS1_128 = "gs1-128"
    DATA_MATRIX = "data-matrix"
    GS1_DATA_MATRIX = "gs1-data-matrix"
    QR = "qr"


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of the paper in millimetres."""

    width: float
    height: float


LABEL_4X6 = Size(101.6, 152.4)
A4 = Size(210.0, 297.0)
LETTER = Size(215.9, 279.4)


@dataclass(frozen=True, slots=True, eq=False)
class TextBox:
    """A place for text: left and top edge, width, letter height in millimetres. What does not fit is cut visibly."""

    x: float
    y: float
    width: float
    size: float
    bold: bool = False
    align: Align = Align.LEFT
    max_lines: int = 1

    @property
    def line_height(self) -> float:
        """From one line to the next, in millimetres."""
        return self.size * LEADING

    @property
    def height(self) -> float:
        """What the box takes when it is full, in millimetres."""
        return self.line_height * self.max_lines


LEADING = 1.15


@dataclass(frozen=True, slots=True, eq=False)
class CodeBox:
    """A place for a barcode, with its quiet zones: in millimetres. The code is drawn as large as fits, centred."""

    x: float
    y: float
    width: float
    height: float
    symbology: Symbology = Symbology.CODE128


@dataclass(frozen=True, slots=True)
class Text:
    """Text in its place; never interpreted, whatever it holds."""

    box: TextBox
    text: str


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code in its place. GS1 symbologies take bracketed element strings: (01)09501101530003(10)AB-123.

    What Code 128 cannot hold (letters beyond ASCII, too long for the place) is drawn as a QR code of the same data.
    """

    box: CodeBox
    data: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled black rectangle: a line of any thickness, in millimetres."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle, in millimetres."""

    x: float
    y: float
    width: float
    height: float
    thickness: float


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """Artwork that every document of a kind has in the same place; rendered once and kept."""

    elements: tuple[Text | Barcode | Rule | Frame, ...]


Element = Text | Barcode | Rule | Frame | Fixed
Page = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to print: its pages in order, all of one size. `title` names it in the print queue and in a PDF."""

    kind: DocumentKind
    title: str
    size: Size
    pages: tuple[Page, ...]
