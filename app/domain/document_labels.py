"""Small labels of the warehouse: totes, locations and products."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.documents import (
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Frame,
    Size,
    Symbology,
    Text,
    TextBox,
)

LABEL_4X2 = Size(101.6, 50.8)
LABEL_57X32 = Size(57.0, 32.0)
_GTIN = re.compile(r"[0-9]{14}").fullmatch


@dataclass(frozen=True, slots=True)
class ToteLabelContent:
    """A tote's code, and what else helps to tell it apart."""

    code: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class LocationLabelContent:
    """A location's code as it is scanned, and its zone or kind in words."""

    code: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ProductLabelContent:
    """A product's label: `code` is what its scan gives (a GTIN or the SKU); lot and expiry (YYMMDD) if any."""

    sku: str
    name: str
    code: str
    lot: str = ""
    expiry: str = ""


_WIDE_CODE = CodeBox(2, 27, 97.6, 16)
_BIG = TextBox(4, 4, 70, 17, bold=True)
_CAPTION = TextBox(4, 44.5, 93.6, 3.6)
_SQUARE = CodeBox(76, 3, 22, 22, Symbology.DATA_MATRIX)


def tote_label(content: ToteLabelContent) -> Document:
    """The code large, as bars for hand scanners and as a square for those above a belt."""
    elements = (
        Text(_BIG, content.code),
        Barcode(_SQUARE, content.code),
        Barcode(_WIDE_CODE, content.code),
        Text(_CAPTION, content.caption),
    )
    return Document(DocumentKind.TOTE, content.code, LABEL_4X2, (elements,))


_LOCATION = TextBox(5, 5, 91.6, 15, bold=True, align=Align.CENTER)
_LOCATION_FRAME = Frame(1.5, 1.5, 98.6, 47.8, 0.8)
_LOCATION_CODE = CodeBox(3, 24, 95.6, 18)
_LOCATION_CAPTION = TextBox(5, 43.2, 91.6, 3.8, align=Align.CENTER)


def location_label(content: LocationLabelContent) -> Document:
    """The label of a shelf place: its name as large as the label allows."""
    elements = (
        _LOCATION_FRAME,
        Text(_LOCATION, content.code),
        Barcode(_LOCATION_CODE, content.code),
        Text(_LOCATION_CAPTION, content.caption),
    )
    return Document(DocumentKind.LOCATION, content.code, LABEL_4X2, (elements,))


_NAME = TextBox(2, 1.8, 53, 3.4, max_lines=2)
_SKU = TextBox(2, 10, 53, 4.6, bold=True)
_PRODUCT_CODE = CodeBox(1, 15.6, 55, 11)
_PRODUCT_CODE_BESIDE = CodeBox(1, 15.6, 38, 11)
_LOT_CODE = CodeBox(40, 15.5, 16, 16, Symbology.GS1_DATA_MATRIX)
_CODE_TEXT = TextBox(2, 27.4, 53, 2.8)
_LOT_TEXT = TextBox(2, 27.4, 37, 2.8)


def product_label(content: ProductLabelContent) -> Document:
    """Name, SKU and code; with a lot also a GS1 Data Matrix of GTIN, expiry and lot."""
    gtin = content.code.zfill(14)
    elements: list[Element] = [Text(_NAME, content.name), Text(_SKU, content.sku)]
    if content.lot and _GTIN(gtin):
        expiry = f"(17){content.expiry}" if content.expiry else ""
        elements.append(Barcode(_PRODUCT_CODE_BESIDE, gtin))
        elements.append(Barcode(_LOT_CODE, f"(01){gtin}{expiry}(10){content.lot}"))
        elements.append(Text(_LOT_TEXT, " ".join(part for part in (content.lot, content.expiry) if part)))
    else:
        elements.append(Barcode(_PRODUCT_CODE, content.code))
        elements.append(Text(_CODE_TEXT, content.code))
    return Document(DocumentKind.PRODUCT, content.sku, LABEL_57X32, (tuple(elements),))
