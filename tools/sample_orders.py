"""The orders of the sample warehouse: real invoices of Online Retail, invented people, and the cases a demo needs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from tools.sample_people import Person, invent_person

FILES = ("online_retail_2010-12.csv", "online_retail_2011-03_w1.csv", "online_retail_2011-07.csv")
BASE_DAY = date(2010, 12, 8)
MOST_LINES = 8
MOST_UNITS = 24
FIRST_NUMBER = 1001
_GOODS = re.compile(r"\d{5}[A-Z]{0,2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order."""

    sku: str
    name: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """One order. `invoice` is the number of the real invoice; empty for the few that were invented."""

    invoice: str
    ordered: datetime
    ship_by: datetime
    person: Person
    service: str
    lines: tuple[Line, ...]
    number: int = 0
    payment: str = "paid"
    status: str = ""
    gift: str = ""
    note: str = ""
    tags: str = ""

    @property
    def total(self) -> Decimal:
        """What the customer paid; carriage is free in the sample."""
        return sum((line.price * line.quantity for line in self.lines), Decimal(0))


@dataclass(slots=True)
class _Invoice:
    number: str
    at: datetime
    customer: str
    country: str
    sound: bool = True
    lines: list[Line] = field(default_factory=list)


def read_products(folder: Path) -> dict[str, tuple[str, Decimal]]:
    """Name and price by SKU in capitals; the spelling that was sold most counts."""
    found: dict[str, tuple[int, str, Decimal]] = {}
    with (folder / "products.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sku, name = row["StockCode"].strip().upper(), " ".join(row["Description"].split())
            lines = int(row["Lines"])
            if name and lines > found.get(sku, (0,))[0]:
                found[sku] = (lines, name, Decimal(row["FirstUnitPrice"]))
    return {sku: (name, price) for sku, (_, name, price) in found.items()}


def read_sales(folder: Path) -> list[Sale]:
    """The real invoices that one person can pack by hand, in order of time of day, on two days."""
    small = [each for each in _invoices(folder) if each.sound and _packable(each)]
    sales = []
    for place, invoice in enumerate(small):
        # Two orders of three came in on the base day, the rest the evening before; the time of day is the real one.
        day = BASE_DAY if place % 3 else BASE_DAY - timedelta(days=1)
        ordered = datetime.combine(day, invoice.at.time())
        service = _service(invoice, place)
        sales.append(
            Sale(
                invoice=invoice.number,
                ordered=ordered,
                ship_by=_leaves(service, ordered, place),
                person=invent_person(invoice.customer or invoice.number, invoice.country),
                service=service,
                lines=tuple(invoice.lines),
            )
        )
    return sales


def with_cases(sales: list[Sale], products: dict[str, tuple[str, Decimal]]) -> list[Sale]:
    """Numbers the orders by time and gives some of them what a day brings: holds, a cancellation, gifts, notes."""
    examples = _examples(products)
    numbers = (number for number in range(FIRST_NUMBER, 10_000) if number not in examples)
    numbered = dict(zip(numbers, sorted(sales, key=_by_time), strict=False))
    numbered.update(examples)
    for number, change in _CASES.items():
        numbered[number] = _changed(numbered[number], change)
    return [replace(sale, number=number) for number, sale in sorted(numbered.items())]


def _invoices(folder: Path) -> Iterator[_Invoice]:
    for name in FILES:
        found: dict[str, _Invoice] = {}
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number = row["InvoiceNo"]
                if number not in found:
                    at = datetime.fromisoformat(row["InvoiceDate"])
                    customer = row["CustomerID"].removesuffix(".0")
                    found[number] = _Invoice(number, at, customer, row["Country"])
                _take_row(found[number], row)
        yield from found.values()


def _take_row(invoice: _Invoice, row: dict[str, str]) -> None:
    """Adds a row; one that is no goods (postage, a correction, a cancellation) makes the invoice unfit."""
    sku, name = row["StockCode"].strip().upper(), " ".join(row["Description"].split())
    quantity, price = int(row["Quantity"]), Decimal(row["UnitPrice"])
    if quantity <= 0 or price <= 0 or not name or not _GOODS.fullmatch(sku) or not invoice.number.isdigit():
        invoice.sound = False
        return
    invoice.lines.append(Line(sku, name, quantity, price))


def _packable(invoice: _Invoice) -> bool:
    return 1 <= len(invoice.lines) <= MOST_LINES and sum(line.quantity for line in invoice.lines) <= MOST_UNITS


def _by_time(sale: Sale) -> tuple[datetime, str]:
    return sale.ordered, sale.invoice


def _service(invoice: _Invoice, place: int) -> str:
    if invoice.country not in ("United Kingdom", "Channel Islands"):
        return "Eurolink"
    return ("Northway 24", "Northway 48", "Northway 24", "Bluebird Economy", "Northway 48")[place % 5]


def _leaves(service: str, ordered: datetime, place: int) -> datetime:
    """When its truck goes: today for what came in before noon or yesterday, else on the next working day."""
    hours = {"Bluebird Economy": time(15, 30), "Northway 24": time(16, 30), "Northway 48": time(17, 0)}
    late = ordered.date() == BASE_DAY and ordered.time() >= time(13, 0)
    days = 1 if late or (service == "Northway 48" and place % 2) else 0
    return datetime.combine(BASE_DAY + timedelta(days=days), hours.get(service, time(18, 0)))


def _person(
    name: str, street: str, town: str, postcode: str, country: str, street2: str = "", company: str = ""
) -> Person:
    made = invent_person(name, "Netherlands" if country == "NL" else "United Kingdom")
    return replace(
        made, name=name, street=street, street2=street2, town=town, postcode=postcode, country=country, company=company
    )


def _examples(products: dict[str, tuple[str, Decimal]]) -> dict[int, Sale]:
    """A few invented orders: the ones that the documentation shows, and one that is ordered twice."""

    def sale(hour: int, minute: int, person: Person, service: str, leaves: time, *lines: tuple[str, int]) -> Sale:
        return Sale(
            "", datetime.combine(BASE_DAY, time(hour, minute)), datetime.combine(BASE_DAY, leaves), person, service,
            tuple(Line(sku, products[sku][0], quantity, products[sku][1]) for sku, quantity in lines), tags="example",
        )  # fmt: skip

    harriet = _person("Harriet Ovenden", "14 Mill Lane", "Totnes", "TQ9 5HT", "GB")
    tobias = _person("Tobias Fenwright", "8 Tannery Road", "Leeds", "LS6 2AH", "GB")
    elsie = _person("Elsie Thornquist", "31 Castle Street", "York", "YO1 7AA", "GB")
    bram = _person("Bram de Wit", "Lijnmarkt 22", "Utrecht", "3511 AB", "NL")
    petra = _person("Petra Hollin", "5 Ferry Road", "Whitstable", "CT5", "GB")
    first = sale(
        8, 41, harriet, "Northway 24", time(16, 30),
        ("85123A", 3), ("22727", 1), ("47566", 2), ("22423", 1), ("84879", 4),
    )  # fmt: skip
    gift = replace(first, gift="yes", note="No prices in the parcel.")
    return {
        1038: replace(sale(8, 12, petra, "Bluebird Economy", time(15, 30), ("22310", 1), ("21755", 1))),
        1042: gift,
        1045: sale(8, 55, tobias, "Northway 48", time(16, 30), ("85099B", 2), ("22960", 1), ("71053", 2)),
        1051: sale(9, 20, elsie, "Northway 24", time(16, 30), ("22726", 1)),
        1053: replace(
            sale(9, 31, bram, "Eurolink", time(18, 0), ("84029E", 1), ("22720", 1), ("22728", 1)), payment="pending"
        ),
        1054: sale(9, 34, elsie, "Northway 24", time(16, 30), ("22726", 1)),
    }


@dataclass(frozen=True, slots=True)
class _Change:
    payment: str = ""
    status: str = ""
    gift: str = ""
    note: str = ""
    tags: str = ""
    name: str | None = None
    street: str | None = None
    company: str = ""


_CASES: dict[int, _Change] = {
    1009: _Change(status="cancelled", note="Customer rang: ordered twice."),
    1012: _Change(note="Leave with the neighbour at number 3,\nring twice."),
    1017: _Change(gift="yes", note="Happy birthday, Gran!"),
    1023: _Change(street=""),
    1027: _Change(company="Marlow & Finch Gifts", tags="trade"),
    1030: _Change(payment="pending"),
    1033: _Change(company="The Copper Kettle", tags="trade,priority"),
    1048: _Change(note="Please no ^ or ~ on the label: our scanner dislikes them."),
    1060: _Change(name="Zoë Łukasiewicz-O’Hara"),
    1064: _Change(company="Wren & Daughters", gift="yes"),
    1071: _Change(name="山田 花子"),
    1077: _Change(note="Gift 🎁 for a friend", gift="yes"),
    1090: _Change(status="cancelled"),
}


def _changed(sale: Sale, change: _Change) -> Sale:
    person = sale.person
    if change.name is not None:
        person = replace(person, name=change.name)
    if change.street is not None:
        person = replace(person, street=change.street, street2="")
    if change.company:
        person = replace(person, company=change.company)
    return replace(
        sale,
        person=person,
        payment=change.payment or sale.payment,
        status=change.status or sale.status,
        gift=change.gift or sale.gift,
        note=change.note or sale.note,
        tags=change.tags or sale.tags,
    )


def demand(sales: Iterable[Sale]) -> dict[str, int]:
    """Units that the orders ask for, by SKU, the most wanted first."""
    wanted: dict[str, int] = {}
    for sale in sales:
        for line in sale.lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    return dict(sorted(wanted.items(), key=lambda pair: (-pair[1], pair[0])))
