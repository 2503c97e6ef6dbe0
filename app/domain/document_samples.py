"""Each document with sample values, some of which may be replaced by values from a file: for test prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from typing import TypeVar

from app.domain.capture import PostalAddress, Totals
from app.domain.document_cards import BadgeContent, command_sheet, ok_card, operator_badge
from app.domain.document_doctor import doctor_sheet
from app.domain.document_labels import (
    LocationLabelContent,
    ProductLabelContent,
    ToteLabelContent,
    location_label,
    product_label,
    tote_label,
)
from app.domain.document_packing_slip import PackingSlipContent, SlipLine, packing_slip
from app.domain.document_pick_list import PickListContent, PickStop, PickTote, pick_list
from app.domain.document_return import ReturnLabelContent, return_label
from app.domain.document_shipping import ShippingLabelContent, shipping_label
from app.domain.document_supplier import SupplierLine, SupplierRequestContent, supplier_paper
from app.domain.document_transfer import TransferPaperContent, TransferPaperLine, transfer_paper
from app.domain.documents import A4, LABEL_4X6, Document, DocumentKind
from app.domain.errors import BadUseError


class DocumentDataError(BadUseError):
    """The values for a document do not fit it; says which and what is wanted."""


Values = TypeVar("Values")

_BUYER = PostalAddress(name="Harriet Ovenden", address1="14 Mill Lane", city="Totnes", postcode="TQ9 5HT", country="GB")
_SELLER = PostalAddress(
    company="Northway Goods", address1="Unit 4, Harbour Trade Park", city="Bristol", postcode="BS1 6XN", country="GB"
)
_LABEL = ShippingLabelContent("#1042", _BUYER, _SELLER, "PK0000104212", "PICKWICK", "TRACKED 24", weight_g=2431)
_RETURN = ReturnLabelContent(
    "#1042", "RMA-0388", _BUYER, _SELLER, "PWR0000003889", "PICKWICK", "Stick it over the old label. Thank you."
)
_SLIP = PackingSlipContent(
    order="#1042",
    ship_to=_BUYER,
    seller=_SELLER,
    lines=(
        SlipLine("85123A", "White hanging heart T-light holder", 2, 295),
        SlipLine("22423", "Regency cakestand 3 tier", 1, 1275),
        SlipLine("20725", "Lunch bag red retrospot", 3, 165),
    ),
    date="3 February 2026",
    note="Thank you for your order. Sending something back? Scan the code above at our returns page.",
    currency="GBP",
    totals=Totals(subtotal=2360, shipping=395, tax=459, total=2755),
)
_LIST = PickListContent(
    code="PL-0007",
    stops=(
        PickStop("A-03-2-B", "85123A", "White hanging heart T-light holder", 2, "1"),
        PickStop("A-07-1-C", "20725", "Lunch bag red retrospot", 3, "1"),
        PickStop("B-02-4-A", "22423", "Regency cakestand 3 tier", 1, "2"),
    ),
    totes=(PickTote("1", "T-0117", "#1042"), PickTote("2", "T-0121", "#1045")),
    warehouse="Bristol",
    picker="Anna Lindqvist",
    date="3 February 2026, 14:20",
)
_TOTE = ToteLabelContent("T-0117", "Bristol")
_LOCATION = LocationLabelContent("A-03-2-B", "Aisle A, bay 3, level 2, place B")
_PRODUCT = ProductLabelContent("85123A", "White hanging heart T-light holder", "5060000851236", "L2026-02", "281231")
_BADGE = BadgeContent("Anna Lindqvist", "OP-SAMPLEBADGEONLY", "Packer", "Bristol")
_TRANSFER = TransferPaperContent(
    "TR-0012",
    "Bristol",
    "Leeds",
    (
        TransferPaperLine("85123A", "White hanging heart T-light holder", 48),
        TransferPaperLine("22423", "Regency cakestand 3 tier", 6),
    ),
    "3 February 2026, 14:20",
    "For the spring window",
)
_REQUEST = SupplierRequestContent(
    "F-0042",
    "#1042",
    "Potter & Sons",
    _SELLER,
    _BUYER,
    (SupplierLine("22423", "Regency cakestand 3 tier", 1), SupplierLine("20725", "Lunch bag red retrospot", 3)),
    "3 February 2026",
)


_NOWHERE = PostalAddress()


@dataclass(frozen=True, slots=True)
class _Base:
    """What stands where the data says nothing."""

    label: ShippingLabelContent
    slip: PackingSlipContent
    walk: PickListContent
    tote: ToteLabelContent
    location: LocationLabelContent
    product: ProductLabelContent
    badge: BadgeContent
    transfer: TransferPaperContent
    back: ReturnLabelContent
    supplier: SupplierRequestContent


_SAMPLES = _Base(_LABEL, _SLIP, _LIST, _TOTE, _LOCATION, _PRODUCT, _BADGE, _TRANSFER, _RETURN, _REQUEST)
_BLANKS = _Base(
    ShippingLabelContent("", _NOWHERE, _NOWHERE, "", "", ""),
    PackingSlipContent("", _NOWHERE, _NOWHERE, (SlipLine("", "", 0),)),
    PickListContent("", (PickStop("", "", "", 0, ""),), (PickTote("", "", ""),), "", "", ""),
    ToteLabelContent("", ""),
    LocationLabelContent("", ""),
    ProductLabelContent("", "", ""),
    BadgeContent("", "", "", ""),
    TransferPaperContent("", "", "", (TransferPaperLine("", "", 0),), "", ""),
    ReturnLabelContent("", "", _NOWHERE, _NOWHERE, "", ""),
    SupplierRequestContent("", "", "", _NOWHERE, _NOWHERE, (SupplierLine("", "", 0),), ""),
)


def document_of_job(name: str, content: Mapping[str, object], sheet: bool = False) -> Document:
    """The document of a print job: only what its content says stands on it. Raises DocumentDataError."""
    return _made(name, content, sheet, _BLANKS)


def sample_document(name: str, sheet: bool = False) -> Document:
    """The document of this name (`shipping-label`, `packing-slip`, ...) with sample values only."""
    return document_from_data(name, {}, sheet)


def document_from_data(name: str, data: Mapping[str, object], sheet: bool = False) -> Document:
    """The document of this name; `data` replaces sample values by field name.

    With `sheet`, what can stand on a sheet of A4 does so, instead of label stock. Raises DocumentDataError.
    """
    return _made(name, data, sheet, _SAMPLES)


def _made(name: str, data: Mapping[str, object], sheet: bool, base: _Base) -> Document:
    paper = A4 if sheet else LABEL_4X6
    makers: Mapping[DocumentKind, Callable[[], Document]] = {
        DocumentKind.SHIPPING_LABEL: lambda: shipping_label(_replaced(base.label, data, "")),
        DocumentKind.PACKING_SLIP: lambda: packing_slip(_replaced(base.slip, data, ""), paper),
        DocumentKind.PICK_LIST: lambda: pick_list(_replaced(base.walk, data, ""), paper),
        DocumentKind.TOTE: lambda: tote_label(_replaced(base.tote, data, "")),
        DocumentKind.LOCATION: lambda: location_label(_replaced(base.location, data, "")),
        DocumentKind.PRODUCT: lambda: product_label(_replaced(base.product, data, "")),
        DocumentKind.BADGE: lambda: operator_badge(_replaced(base.badge, data, "")),
        DocumentKind.RETURN_LABEL: lambda: return_label(_replaced(base.back, data, "")),
        DocumentKind.TRANSFER: lambda: transfer_paper(_replaced(base.transfer, data, ""), paper),
        DocumentKind.SUPPLIER_REQUEST: lambda: supplier_paper(_replaced(base.supplier, data, ""), paper),
        DocumentKind.COMMAND_SHEET: lambda: _without_data(data, lambda: command_sheet(paper)),
        DocumentKind.OK_CARD: lambda: _without_data(data, ok_card),
        DocumentKind.DOCTOR_SHEET: lambda: _without_data(data, lambda: doctor_sheet(paper)),
    }
    try:
        make = makers[DocumentKind(name)]
    except ValueError as error:
        raise DocumentDataError("document.data.document", name=name, known=", ".join(DocumentKind)) from error
    return make()


def _without_data(data: Mapping[str, object], make: Callable[[], Document]) -> Document:
    for key in data:
        raise DocumentDataError("document.data.field", place=key, known="-")
    return make()


def _replaced(sample: Values, data: Mapping[str, object], place: str) -> Values:
    """The frozen values with some fields replaced, each by a value of its own kind."""
    known = [field.name for field in fields(sample)]  # type: ignore[arg-type]
    changes: dict[str, object] = {}
    for key, value in data.items():
        if key not in known:
            raise DocumentDataError("document.data.field", place=place + key, known=", ".join(known))
        changes[key] = _converted(getattr(sample, key), value, place + key)
    return replace(sample, **changes)  # type: ignore[type-var]


def _converted(sample: object, value: object, place: str) -> object:
    if isinstance(sample, bool):
        return _checked(value, bool, place, "true or false")
    if isinstance(sample, int):
        number = _checked(value, int, place, "a whole number")
        if isinstance(number, bool) or int(str(number)) < 0:
            raise DocumentDataError("document.data.type", place=place, wanted="a whole number from 0 up")
        return number
    if isinstance(sample, str):
        return "" if value is None else _checked(value, str, place, "a text")
    if isinstance(sample, tuple):
        items = _checked(value, list, place, "a list")
        return tuple(_item(sample, item, f"{place}[{number}]") for number, item in enumerate(_list(items)))
    if sample is None:
        return None if value is None else _checked(value, int, place, "a whole number")
    return _fresh(sample, value, place)


def _list(items: object) -> list[object]:
    return items if isinstance(items, list) else []


def _item(sample: tuple[object, ...], item: object, place: str) -> object:
    """One entry of a list: of the kind of the sample's entries, texts where the sample has none."""
    return _converted(sample[0] if sample else "", item, place)


def _fresh(sample: object, value: object, place: str) -> object:
    """Values of their own, with nothing of the sample left over: an address without its second line has none."""
    if not isinstance(value, Mapping):
        raise DocumentDataError("document.data.type", place=place, wanted="an object with fields")
    if not is_dataclass(sample) or isinstance(sample, type):
        raise DocumentDataError("document.data.type", place=place, wanted="another kind of value")
    blank = replace(sample, **{field.name: _blank(field, getattr(sample, field.name)) for field in fields(sample)})
    return _replaced(blank, value, f"{place}.")


def _blank(field: Field[object], value: object) -> object:
    if field.default is not MISSING:
        return field.default
    if isinstance(value, str):
        return ""
    return 0 if isinstance(value, int) and not isinstance(value, bool) else value


def _checked(value: object, kind: type, place: str, wanted: str) -> object:
    if not isinstance(value, kind):
        raise DocumentDataError("document.data.type", place=place, wanted=wanted)
    return value
