"""Orders from any table with a row a line: columns by a mapping, or by their headings in five languages.

What an order says once may stand on each of its rows or on one of them; rows that contradict each other in where the
order goes are refused. Units in a `shipped` column, and rows whose status says shipped, refunded or cancelled, are not
shipped again. A column such as `Estado` may be a province or a state of the order: its words decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, PostalAddress, Totals
from app.domain.capture_settings import Columns, ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.generic.words import (
    CANCELLED,
    GONE,
    OPEN,
    REFUNDED,
    STATES_OF_ORDERS,
    financial_named,
    is_cancelled,
)
from app.integrations.channels.tabular.amounts import find_currency
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings, dictionary, plain_heading
from app.integrations.channels.tabular.orders import (
    NO,
    YES,
    Reading,
    bare_code,
    first,
    leftovers,
    one_text,
    unmapped,
)
from app.integrations.channels.tabular.table import Record

_KIND = "orders"
_PLACE = ("name", "company", "address1", "house_number", "address2", "city", "postcode", "region", "country")
_PROVINCE_OR_STATE = frozenset(("estado", "state", "etat", "stan"))
_TOTALS = (
    ("discount", "discount"),
    ("shipping_price", "shipping"),
    ("tax", "tax"),
    ("total", "total"),
    ("refunded", "refunded"),
)


class CsvOrders:
    """The format `csv-orders`."""

    name = "csv-orders"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """An order's number, a product and a quantity."""
        lacking = missing_told(headings, settings.mapping.columns)
        found = Headings(headings).by_dictionary(_KIND, present(headings, settings.mapping.columns))
        groups = (("order",), ("sku", "title", "barcode"), ("quantity",))
        return lacking + [group[0] for group in groups if not any(field in found for field in group)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> CsvOrderMapper:
        """For one file's headings."""
        return CsvOrderMapper(headings, settings)


def missing_told(headings: Sequence[str], columns: Columns) -> list[str]:
    """The columns that a mapping names and a row of headings lacks."""
    found = Headings(headings)
    return [theirs for _, theirs in columns if not found.has(theirs)]


def present(headings: Sequence[str], columns: Columns) -> Columns:
    """The part of a mapping whose columns are there."""
    found = Headings(headings)
    return tuple(
        (ours, theirs) for ours, theirs in columns if found.has(theirs)
    )  # fmt: skip


class CsvOrderMapper:
    """Maps the rows of one file."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        found = Headings(headings)
        columns = found.by_dictionary(_KIND, settings.mapping.columns)
        told = tuple((field, headings[column]) for field, column in columns.items())
        settings = replace(settings, mapping=replace(settings.mapping, columns=told))
        self._reading = Reading(headings, settings)
        self._at = {field: columns.get(field, found.absent) for field in dictionary(_KIND)}
        self._order, self._sku, self._barcode = self._at["order"], self._at["sku"], self._at["barcode"]
        self._title, self._quantity, self._price = self._at["title"], self._at["quantity"], self._at["unit_price"]
        self._shipped, self._status, self._cancelled = (self._at[n] for n in ("shipped", "status", "cancelled"))
        self._region = self._at["region"]
        twofold = "status" not in columns and plain_heading(self._reading.heading(self._region)) in _PROVINCE_OR_STATE
        self._twofold = self._region if twofold else found.absent
        self._discount, self._total = self._at["line_discount"], self._at["line_total"]
        self._needs, self._ref = self._at["requires_shipping"], self._at["line_ref"]
        self._rest = unmapped(headings, *columns.values())
        self.dates = tuple(columns[field] for field in ("created", "ship_by") if field in columns)
        self.amounts = tuple(columns[field] for field in ("unit_price", "line_total", "total") if field in columns)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign and order of day and month."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if cells[self._order].strip() or any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> str:
        """The order's number."""
        return cells[self._order].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedOrder]:
        """The order of these rows."""
        head, reading, at = records[0], self._reading, self._at
        exact: list[tuple[str, str]] = []
        doubts: list[Doubt] = []
        currency = self._currency(records)
        status = self._column_of_status(records)
        financial, cancelled = self._states(records, status, exact, doubts)
        totals = self._totals(records, currency, exact)
        closed = cancelled or financial in (Financial.REFUNDED, Financial.VOIDED)
        if totals.refunded and not closed:
            doubts.append(Doubt.PARTIAL_REFUND)
        lines = tuple(
            self._line(record, place, status, currency, closed, exact, doubts) for place, record in enumerate(records)
        )
        created = reading.moment(self._row_with(records, at["created"]), at["created"])
        ship_by = reading.deadline(self._row_with(records, at["ship_by"]), at["ship_by"])
        yield CapturedOrder(
            channel="csv",
            number=head.cells[self._order].strip(),
            channel_ref=first(records, at["channel_ref"]),
            created_utc=created.utc if created else None,
            created_local=created.local if created else None,
            ship_by_utc=ship_by,
            currency=currency,
            email=first(records, at["email"]),
            financial=financial,
            fulfilment=first(records, status),
            cancelled=cancelled,
            service=first(records, at["service"]),
            note=one_text(first(records, at["note"])),
            gift=plain_heading(first(records, at["gift"])) in YES,
            tags=first(records, at["tags"]),
            discount_code=first(records, at["discount_code"]),
            totals=totals,
            ship_to=self._ship_to(records, status),
            lines=lines,
            exact=tuple(exact),
            doubts=tuple(dict.fromkeys(doubts)),
            extras=leftovers(head.cells, reading.headings, self._rest),
            line_number=head.line_number,
        )

    def _totals(self, records: Sequence[Record], currency: str, exact: list[tuple[str, str]]) -> Totals:
        amounts = {
            name: self._reading.amount(self._row_with(records, self._at[field]), self._at[field], currency, exact, name)
            for field, name in _TOTALS
        }
        return Totals(**amounts)

    def _row_with(self, records: Sequence[Record], column: int) -> Record:
        return next((record for record in records if record.cells[column].strip()), records[0])

    def _currency(self, records: Sequence[Record]) -> str:
        told = first(records, self._at["currency"])
        fallback = self._reading.settings.currency
        if told:
            return find_currency(told.upper(), fallback) or told.upper()
        return find_currency(first(records, self._price) or first(records, self._at["total"]), fallback)

    def _column_of_status(self, records: Sequence[Record]) -> int:
        """The status, or the column that may be a province or a status if it says nothing but states of orders."""
        words = {plain_heading(record.cells[self._twofold]) for record in records} - {""}
        return self._twofold if words and words <= STATES_OF_ORDERS else self._status

    def _states(
        self, records: Sequence[Record], status: int, exact: list[tuple[str, str]], doubts: list[Doubt]
    ) -> tuple[Financial, bool]:
        text = first(records, self._at["financial"])
        financial = financial_named(text)
        if financial is None:
            doubts.append(Doubt.UNKNOWN_STATUS)
            financial = Financial.PENDING
        if financial.value != text:
            exact.append(("financial", text))
        if financial is Financial.PARTIALLY_REFUNDED:
            doubts.append(Doubt.PARTIAL_REFUND)
        words = {plain_heading(record.cells[status]) for record in records}
        return financial, words <= CANCELLED or all(is_cancelled(r.cells[self._cancelled]) for r in records)

    def _line(
        self,
        record: Record,
        place: int,
        column_of_status: int,
        currency: str,
        closed: bool,
        exact: list[tuple[str, str]],
        doubts: list[Doubt],
    ) -> CapturedLine:
        cells, reading = record.cells, self._reading
        quantity = reading.quantity(record, self._quantity)
        sku, title = bare_code(cells[self._sku]), cells[self._title].strip()
        barcode = bare_code(cells[self._barcode])
        if not sku and not title and not barcode:
            raise RowProblem(record, "product_missing")
        shipped = reading.quantity(record, self._shipped) if cells[self._shipped].strip() else None
        if shipped is not None and shipped > quantity:
            raise RowProblem(
                record, "quantities_disagree", bought=quantity, shipped=shipped, to_ship=quantity - shipped
            )
        status = cells[column_of_status].strip()
        gone = closed or is_cancelled(cells[self._cancelled]) or self._is_gone(status, shipped, doubts)
        return CapturedLine(
            sku=sku or barcode,
            title=title,
            quantity=quantity,
            unit_price=reading.amount(record, self._price, currency, exact, f"lines.{place}.unit_price"),
            discount=reading.amount(record, self._discount, currency, exact, f"lines.{place}.discount"),
            line_total=reading.amount(record, self._total, currency, exact, f"lines.{place}.line_total"),
            requires_shipping=plain_heading(cells[self._needs]) not in NO,
            elsewhere=quantity if gone else shipped or 0,
            shipped=shipped,
            status=status,
            line_ref=cells[self._ref].strip(),
            item_number=barcode,
        )

    def _is_gone(self, status: str, shipped: int | None, doubts: list[Doubt]) -> bool:
        """Whether a row's status says that nothing of it is left to ship; a number of shipped units says it better."""
        word, asks = plain_heading(status), "?" in status
        if word in GONE and not asks:
            return shipped is None
        if asks or (word not in OPEN and word not in REFUNDED and word not in CANCELLED):
            doubts.append(Doubt.UNKNOWN_STATUS)
        return not asks and (word in REFUNDED or word in CANCELLED)

    def _ship_to(self, records: Sequence[Record], status: int) -> PostalAddress:
        at, head = self._at, records[0]
        if len(records) > 1:
            for field in _PLACE:
                if at[field] != status:
                    self._agree(records, at[field])
        given, family = first(records, at["first_name"]), first(records, at["last_name"])
        name = first(records, at["name"])
        if given or family:
            name = " ".join(part for part in (given, family or name) if part)
        street, house = first(records, at["address1"]), first([head], at["house_number"])
        return PostalAddress(
            name=name,
            company=first(records, at["company"]),
            address1=f"{street} {house}".strip(),
            address2=first(records, at["address2"]),
            city=first(records, at["city"]),
            postcode=bare_code(first(records, at["postcode"])),
            region="" if self._region == status else first(records, self._region),
            country=country_code(first(records, at["country"])),
            phone=first(records, at["phone"]),
        )

    def _agree(self, records: Sequence[Record], column: int) -> None:
        """Refuses an order whose rows name two different places."""
        told = records[0].cells[column]
        for record in records:
            text = record.cells[column]
            if text != told and text.strip():
                if told.strip() and text.strip() != told.strip():
                    raise RowProblem(
                        record, "rows_disagree", column=self._reading.heading(column), value=text, other=told
                    )
                told = text
