"""The UCI Online Retail set: invoice lines of a British wholesaler, times in the United Kingdom's zone.

An invoice is an order. Not orders, and so skipped with their reason: cancellations (invoices C..., which do not say
what they cancel, and of which most cancel invoices outside the file), corrections of stock (negative units; or units
without price, customer and proper description) and entries of the accounts (invoices A...). Codes that are no goods,
such as POST or M, are lines that need no shipping.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.capture import CapturedLine, CapturedOrder, PostalAddress
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.orders import Reading, first
from app.integrations.channels.tabular.table import Record

_INVOICE = ("InvoiceNo", "Invoice")
_PRICE = ("UnitPrice", "Price")
_CUSTOMER = ("CustomerID", "Customer ID")
_NO_GOODS = frozenset(
    ("POST", "D", "M", "S", "B", "DOT", "C2", "C3", "CRUK", "BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2")
)
_VOUCHER = "GIFT_0001"
_AMERICAN = re.compile(r"\d/\d|\d{1,2}/\d/|\d{1,2}/\d{1,2}/\d{4} \d:")
"""The set's widest copy writes 12/1/2010 8:26: without leading zeros the month comes first."""
_ZERO = frozenset(("0", "0.0", "0.00", "0,0", "0,00", ""))


class OnlineRetail:
    """The format `online-retail`."""

    name = "online-retail"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Invoice, code, description, quantity and date."""
        found = Headings(headings)
        groups = (_INVOICE, ("StockCode",), ("Description",), ("Quantity",), ("InvoiceDate",))
        return [names[0] for names in groups if not found.has(*names)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> OnlineRetailMapper:
        """For one file's headings."""
        return OnlineRetailMapper(headings, settings)


class OnlineRetailMapper:
    """Maps the rows of one file."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings, zone="Europe/London")
        at = Headings(headings).at
        self._invoice, self._code, self._title = at(*_INVOICE), at("StockCode"), at("Description")
        self._quantity, self._date, self._price = at("Quantity"), at("InvoiceDate"), at(*_PRICE)
        self._customer, self._country = at(*_CUSTOMER), at("Country")
        self.dates = (self._date,)
        self.amounts = (self._price,)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign and order of day and month."""
        if any(_AMERICAN.match(text.strip()) for text in dates):
            self._reading.settings = replace(self._reading.settings, day_first=False)
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """What is no order by the module's rules."""
        invoice = cells[self._invoice].strip()
        if invoice[:1] in "CcAa":
            if invoice:
                return "cancellation" if invoice[0] in "Cc" else "accounting"
            if not any(cell.strip() for cell in cells):
                return "blank_row"
        if cells[self._quantity][:1] == "-":
            return "stock_correction"
        if cells[self._price] in _ZERO and cells[self._price] and not cells[self._customer].strip():
            return "" if _is_goods_text(cells[self._title]) else "stock_correction"
        return ""

    def key(self, cells: list[str]) -> str:
        """The invoice's number."""
        return cells[self._invoice].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedOrder]:
        """The order of these rows; its time is that of its first row."""
        head, cells, reading = records[0], records[0].cells, self._reading
        created = reading.moment(head, self._date)
        if created is None:
            raise RowProblem(head, "bad_date", column=reading.heading(self._date), value="")
        currency = reading.settings.currency or "GBP"
        exact: list[tuple[str, str]] = []
        lines = tuple(self._line(record, place, currency, exact) for place, record in enumerate(records))
        customer = first(records, self._customer).removesuffix(".0")
        yield CapturedOrder(
            channel="online_retail",
            number=cells[self._invoice].strip(),
            created_utc=created.utc,
            created_local=created.local,
            currency=currency,
            ship_to=PostalAddress(country=country_code(first(records, self._country))),
            lines=lines,
            exact=tuple(exact),
            extras=(("customer", customer),) if customer else (),
            line_number=head.line_number,
        )

    def _line(self, record: Record, place: int, currency: str, exact: list[tuple[str, str]]) -> CapturedLine:
        cells, reading = record.cells, self._reading
        sku = cells[self._code].strip()
        if not sku:
            raise RowProblem(record, "product_missing")
        code = sku.upper()
        return CapturedLine(
            sku=sku,
            title=cells[self._title].strip(),
            quantity=reading.quantity(record, self._quantity),
            unit_price=reading.amount(record, self._price, currency, exact, f"lines.{place}.unit_price"),
            requires_shipping=code not in _NO_GOODS and not code.startswith(_VOUCHER),
        )


def _is_goods_text(text: str) -> bool:
    """The catalogue is in capitals; remarks about stock are not, or are missing."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) * 2 > len(letters)
