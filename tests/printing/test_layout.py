"""Geometry of every document: nothing stands outside of the paper, and no place covers another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pytest

from app.domain.document_cards import command_sheet
from app.domain.document_samples import document_from_data, sample_document
from app.domain.document_shipping import country_name, grams, shipping_label
from app.domain.documents import A4, Barcode, Document, DocumentKind, Element, Fixed, Frame, Rule, Text
from tests.printing.labels import HARD, LABEL, label_for

LINES = [{"sku": f"SKU{n}", "name": "A name " * 20, "quantity": n} for n in range(1, 60)]
STOPS = [{"location": f"A-{n:02}", "sku": f"S{n}", "name": "name", "quantity": n, "slot": "1"} for n in range(1, 80)]
DOCUMENTS = {
    **{kind.value: sample_document(kind) for kind in DocumentKind},
    **{f"{kind} on a sheet": sample_document(kind, sheet=True) for kind in ("packing-slip", "pick-list")},
    **{f"label with {name}": shipping_label(content) for name, content in HARD.items()},
    "commands on a sheet": command_sheet(A4),
    "long slip": document_from_data("packing-slip", {"lines": LINES}),
    "long slip on a sheet": document_from_data("packing-slip", {"lines": LINES}, sheet=True),
    "long list": document_from_data("pick-list", {"stops": STOPS}),
    "empty slip": document_from_data("packing-slip", {"lines": []}),
}


@dataclass(frozen=True)
class Place:
    left: float
    top: float
    right: float
    bottom: float
    of: Element

    def covers(self, other: Place) -> bool:
        apart = self.right <= other.left or other.right <= self.left or self.bottom <= other.top
        return not apart and other.bottom > self.top


def places(elements: tuple[Element, ...]) -> list[Place]:
    found: list[Place] = []
    for element in elements:
        if isinstance(element, Fixed):
            found.extend(places(element.elements))
        elif isinstance(element, Rule):
            found.append(Place(element.x, element.y, element.x + element.width, element.y + element.height, element))
        elif isinstance(element, Text | Barcode):
            box = element.box
            found.append(Place(box.x, box.y, box.x + box.width, box.y + box.height, element))
        else:
            found.extend(edges(element))
    return found


def edges(frame: Frame) -> list[Place]:
    right, bottom, thick = frame.x + frame.width, frame.y + frame.height, frame.thickness
    return [
        Place(frame.x, frame.y, right, frame.y + thick, frame),
        Place(frame.x, bottom - thick, right, bottom, frame),
        Place(frame.x, frame.y + thick, frame.x + thick, bottom - thick, frame),
        Place(right - thick, frame.y + thick, right, bottom - thick, frame),
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_stands_on_the_paper(name: str) -> None:
    document = DOCUMENTS[name]
    for page in document.pages:
        for place in places(page):
            assert place.left >= 0 and place.top >= 0, place
            assert place.right <= document.size.width and place.bottom <= document.size.height, place


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_place_covers_another(name: str) -> None:
    for page in DOCUMENTS[name].pages:
        for one, other in combinations(places(page), 2):
            assert not one.covers(other), (one, other)


def texts(document: Document) -> list[list[str]]:
    return [[element.text for element in page if isinstance(element, Text)] for page in document.pages]


def test_every_line_of_a_slip_is_printed_once() -> None:
    pages = texts(DOCUMENTS["long slip"])
    skus = [text for page in pages for text in page if text.startswith("SKU") and text != "SKU"]
    assert skus == [f"SKU{n}" for n in range(1, 60)]
    assert [text for page in pages for text in page if ", page" in text] == [
        f"Parcel 1 of 1, page {n} of {len(pages)}" for n in range(1, len(pages) + 1)
    ]


def test_every_page_carries_the_code_that_the_next_step_scans() -> None:
    for name, code in (("long slip", "#1042"), ("long list", "PL-0007")):
        for page in DOCUMENTS[name].pages:
            assert [element.data for element in page if isinstance(element, Barcode)] == [code]


def test_a_gift_shows_no_prices() -> None:
    priced = [text for page in texts(sample_document("packing-slip")) for text in page]
    gift = [text for page in texts(document_from_data("packing-slip", {"with_prices": False})) for text in page]
    assert [text for text in priced if text not in gift] == [
        "AMOUNT GBP",
        "5.90",
        "12.75",
        "4.95",
        "Subtotal",
        "23.60 GBP",
        "Shipping",
        "3.95 GBP",
        "Tax",
        "4.59 GBP",
        "Total",
        "27.55 GBP",
    ]


def test_a_badge_does_not_show_its_code_in_letters() -> None:
    assert texts(sample_document("badge"))[0] == ["Bristol", "Anna Lindqvist", "Packer"]


def test_the_command_sheet_has_every_command() -> None:
    printed = [element.data for page in command_sheet().pages for element in page if isinstance(element, Barcode)]
    from_sheet = [
        element.data for page in DOCUMENTS["command-sheet"].pages for element in page if isinstance(element, Barcode)
    ]
    assert len(printed) == len(set(printed)) > 80
    assert printed == from_sheet
    assert "PW-OK" in printed and "PW-TRUCK" in printed


def test_rows_of_the_recipient() -> None:
    document = shipping_label(
        label_for(company="Ovenden & Daughters", address2="Flat 3", region="Devon", phone="+44 113 496 0001")
    )
    lines = texts(document)[0]
    start = lines.index("Harriet Ovenden")
    assert lines[start : start + 8] == [
        "Harriet Ovenden",
        "Ovenden & Daughters",
        "14 Mill Lane",
        "Flat 3",
        "Totnes, Devon",
        "TQ9 5HT",
        "UNITED KINGDOM",
        "+44 113 496 0001",
    ]


def test_parcel_and_weight() -> None:
    lines = texts(shipping_label(LABEL))[0]
    assert lines[-3:] == ["#1042", "1 of 1", "2 431 g"]
    assert [grams(weight) for weight in (7, 999, 1000, 1234567)] == ["7 g", "999 g", "1 000 g", "1 234 567 g"]


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("GB", "UNITED KINGDOM"),
        ("pl", "POLAND"),
        ("XX", "XX"),
        ("", ""),
        ("Poland", "Poland"),
        ("\u0130T", "\u0130T"),
        ("..", ".."),
    ],
)
def test_country_names(country: str, name: str) -> None:
    assert country_name(country) == name
