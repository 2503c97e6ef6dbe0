from __future__ import annotations

import pytest

from app.domain.document_samples import DocumentDataError, document_from_data, sample_document
from app.domain.documents import Document, Text
from app.domain.words import say

SHIP_TO = {
    "name": "Ada Example",
    "address1": "1 Fictional Lane",
    "address2": "",
    "city": "Leeds",
    "postcode": "LS1 1AA",
    "region": None,
    "country": "GB",
    "phone": "+44 113 496 0001",
}


def texts(document: Document) -> list[str]:
    return [element.text for page in document.pages for element in page if isinstance(element, Text)]


def test_data_replaces_sample_values() -> None:
    document = document_from_data("shipping-label", {"ship_to": SHIP_TO, "order": "203-1", "note": "Ring twice"})
    assert texts(document)[6:12] == [
        "Ada Example",
        "1 Fictional Lane",
        "Leeds",
        "LS1 1AA",
        "UNITED KINGDOM",
        "+44 113 496 0001",
    ]
    assert texts(document)[13:] == ["203-1", "1 of 1", "2 431 g", "Ring twice"]


def test_nothing_of_the_sample_is_left_in_a_replaced_address() -> None:
    document = document_from_data("shipping-label", {"ship_to": {"name": "Only a name"}})
    assert [text for text in texts(document) if text in ("Only a name", "14 Mill Lane", "TQ9 5HT")] == ["Only a name"]


def test_lines_of_a_slip() -> None:
    lines = [{"sku": "A", "name": "One", "quantity": 2, "unit_price": 150}, {"sku": "B", "name": "Two", "quantity": 1}]
    shown = texts(document_from_data("packing-slip", {"lines": lines, "currency": "JPY"}))
    first = shown.index("A")
    assert shown[first - 1 : first + 7] == ["2", "A", "One", "300", "1", "B", "Two", ""]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (
            "lable",
            {},
            "There is no document lable. Known are shipping-label, packing-slip, pick-list, tote, location, product, "
            "badge, command-sheet, ok-card, doctor-sheet, transfer, supplier-request, return-label.",
        ),
        ("tote", {"kode": "T-1"}, "kode is not known here. Known are code, caption."),
        ("ok-card", {"order": "1"}, "order is not known here. Known are -."),
        ("tote", {"code": 5}, "code must be a text."),
        ("shipping-label", {"parcel": "1"}, "parcel must be a whole number."),
        ("shipping-label", {"parcel": -1}, "parcel must be a whole number from 0 up."),
        ("shipping-label", {"weight_g": True}, "weight_g must be a whole number from 0 up."),
        ("shipping-label", {"ship_to": "Ada"}, "ship_to must be an object with fields."),
        ("shipping-label", {"ship_to": {"name": ["x"]}}, "ship_to.name must be a text."),
        ("shipping-label", {"references": "x"}, "references must be a list."),
        ("packing-slip", {"lines": [{"sku": "A"}, {"quantity": "2"}]}, "lines[1].quantity must be a whole number."),
        ("packing-slip", {"with_prices": 1}, "with_prices must be true or false."),
    ],
)
def test_bad_data_is_named(name: str, data: dict[str, object], sentence: str) -> None:
    with pytest.raises(DocumentDataError) as caught:
        document_from_data(name, data)
    assert say(caught.value.code, **caught.value.values) == sentence


def test_samples_are_documents_of_their_name() -> None:
    assert sample_document("pick-list").title == "PL-0007"
    assert sample_document("shipping-label").kind == "shipping-label"
