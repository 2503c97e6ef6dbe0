"""Shopify's order export: one row a line, with the order's own columns on its first row only.

What is not shipped again: lines that are `fulfilled` or `restocked` (as their order is, where a line says nothing), and
all lines of an order that is refunded, voided or cancelled. A partial refund names an amount but no units, and a
`partial` line no number: such an order keeps all its units and carries a Doubt, so that somebody decides before it goes
on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, PostalAddress, Totals
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.orders import NO, Reading, bare_code, leftovers, one_text, unmapped
from app.integrations.channels.tabular.table import Record

_REQUIRED = ("Name", "Lineitem quantity", "Lineitem name")
_TELLING = ("Financial Status", "Lineitem fulfillment status", "Fulfillment Status", "Shipping Name", "Created at")
_FINANCIAL = {
    **{state.value: state for state in Financial},
    "expired": Financial.PENDING,
    "unpaid": Financial.PENDING,
    "partially paid": Financial.PARTIALLY_PAID,
    "partially refunded": Financial.PARTIALLY_REFUNDED,
}
_GONE = frozenset(("fulfilled", "restocked", "shipped"))
_OPEN = frozenset(("", "pending", "unfulfilled", "open", "scheduled", "on_hold", "in_progress", "not_eligible"))
_CLOSED = (Financial.REFUNDED, Financial.VOIDED)


class ShopifyOrders:
    """The format `shopify-orders`."""

    name = "shopify-orders"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Name, quantity and name of the line, and one of the columns that only orders have."""
        found = Headings(headings)
        lacking = [name for name in _REQUIRED if not found.has(name)]
        return lacking if found.has(*_TELLING) else [*lacking, _TELLING[0]]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> ShopifyOrderMapper:
        """For one file's headings."""
        return ShopifyOrderMapper(headings, settings)


class ShopifyOrderMapper:
    """Maps the rows of one export; columns are found by name, so their number and order do not matter."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings)
        at = Headings(headings).at
        self._name, self._email, self._id = at("Name"), at("Email"), at("Id")
        self._created, self._cancelled = at("Created at"), at("Cancelled at")
        self._financial, self._fulfilment = at("Financial Status"), at("Fulfillment Status")
        self._currency, self._method, self._code = at("Currency"), at("Shipping Method"), at("Discount Code")
        self._notes, self._tags = at("Notes"), at("Tags")
        self._totals = tuple(
            at(name) for name in ("Subtotal", "Discount Amount", "Shipping", "Taxes", "Total", "Refunded Amount")
        )
        self._quantity, self._title, self._sku = at("Lineitem quantity"), at("Lineitem name"), at("Lineitem sku")
        self._price, self._discount = at("Lineitem price"), at("Lineitem discount")
        self._needs, self._status = at("Lineitem requires shipping"), at("Lineitem fulfillment status")
        self._address = tuple(
            at(f"Shipping {part}") for part in
            ("Name", "Company", "Address1", "Address2", "City", "Zip", "Province", "Country", "Phone", "Street")
        )  # fmt: skip
        mapped = (
            self._name, self._email, self._id, self._created, self._cancelled, self._financial, self._fulfilment,
            self._currency, self._method, self._code, self._notes, self._tags, self._quantity, self._title, self._sku,
            self._price, self._discount, self._needs, self._status, at("Lineitem taxable"),
            at("Lineitem compare at price"), *self._totals, *self._address,
        )  # fmt: skip
        self._rest = unmapped(headings, *mapped)
        self._heads = tuple(
            column for column in (self._financial, self._currency, self._totals[4], self._id)
            if column < len(headings)
        )  # fmt: skip
        self.dates = (self._created,)
        self.amounts = (self._price, self._totals[4])

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign and order of day and month."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if cells[self._name].strip() or any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> str:
        """The order's name, such as #1001."""
        return cells[self._name].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedOrder]:
        """The order of these rows; several where the file holds several of one name (other stores, older exports)."""
        for rows in self._orders(records):
            yield self._order(rows)

    def _orders(self, records: Sequence[Record]) -> Iterator[list[Record]]:
        """Each row that has the order's own columns begins an order, unless every row repeats them."""
        heads = [record for record in records if self._is_head(record)] if self._heads else list(records[:1])
        if not heads:
            raise RowProblem(records[0], "order_columns_missing", column=self._reading.heading(self._financial))
        together = records[-1].index - records[0].index == len(records) - 1
        repeated = len(heads) == len(records) and together and len({r.cells[self._id] for r in heads}) == 1
        if len(heads) == 1 or repeated:
            yield [heads[0], *(record for record in records if record is not heads[0])]
            return
        if records[0] is not heads[0]:
            raise RowProblem(records[0], "order_columns_missing", column=self._reading.heading(self._financial))
        indexes = {record.index for record in heads}
        starts = [place for place, record in enumerate(records) if record.index in indexes]
        for start, end in zip(starts, [*starts[1:], len(records)], strict=True):
            yield list(records[start:end])

    def _is_head(self, record: Record) -> bool:
        return any(record.cells[column] for column in self._heads)

    def _order(self, records: list[Record]) -> CapturedOrder:
        head, cells, reading = records[0], records[0].cells, self._reading
        currency = cells[self._currency].strip().upper() or reading.settings.currency
        exact: list[tuple[str, str]] = []
        doubts: list[Doubt] = []
        financial = self._paid(cells, exact, doubts)
        cancelled = bool(cells[self._cancelled].strip())
        closed = cancelled or financial in _CLOSED
        lines = tuple(
            self._line(record, place, currency, closed, cells[self._fulfilment], exact, doubts)
            for place, record in enumerate(records)
        )
        created = reading.moment(head, self._created)
        names = ("subtotal", "discount", "shipping", "tax", "total", "refunded")
        totals = [reading.amount(head, c, currency, exact, n) for c, n in zip(self._totals, names, strict=True)]
        if _lines_missing(lines, totals[0]):
            doubts.append(Doubt.LINES_MISSING)
        return CapturedOrder(
            channel="shopify",
            number=cells[self._name].strip(),
            channel_ref=bare_code(cells[self._id]),
            created_utc=created.utc if created else None,
            created_local=created.local if created else None,
            currency=currency,
            email=cells[self._email].strip(),
            financial=financial,
            fulfilment=cells[self._fulfilment].strip(),
            cancelled=cancelled,
            service=cells[self._method].strip(),
            note=one_text(cells[self._notes]),
            tags=cells[self._tags].strip(),
            discount_code=cells[self._code].strip(),
            totals=Totals(*totals),
            ship_to=self._ship_to(cells),
            lines=lines,
            exact=tuple(exact),
            doubts=tuple(dict.fromkeys(doubts)),
            extras=leftovers(cells, reading.headings, self._rest),
            line_number=head.line_number,
        )

    def _paid(self, cells: list[str], exact: list[tuple[str, str]], doubts: list[Doubt]) -> Financial:
        word = cells[self._financial].strip().lower()
        state = _FINANCIAL.get(word)
        if state is None:
            doubts.append(Doubt.UNKNOWN_STATUS)
            state = Financial.PENDING
        if state.value != word:
            exact.append(("financial", cells[self._financial].strip()))
        if state is Financial.PARTIALLY_REFUNDED:
            doubts.append(Doubt.PARTIAL_REFUND)
        return state

    def _line(
        self,
        record: Record,
        place: int,
        currency: str,
        closed: bool,
        of_order: str,
        exact: list[tuple[str, str]],
        doubts: list[Doubt],
    ) -> CapturedLine:
        cells, reading = record.cells, self._reading
        quantity = reading.quantity(record, self._quantity)
        sku, title = bare_code(cells[self._sku]), cells[self._title].strip()
        if not sku and not title:
            raise RowProblem(record, "product_missing")
        status = cells[self._status].strip()
        word = (status or of_order.strip()).lower()
        if not closed and word not in _GONE and word not in _OPEN:
            doubts.append(Doubt.PARTLY_SHIPPED_LINE if word == "partial" else Doubt.UNKNOWN_STATUS)
        return CapturedLine(
            sku=sku,
            title=title,
            quantity=quantity,
            unit_price=reading.amount(record, self._price, currency, exact, f"lines.{place}.unit_price"),
            discount=reading.amount(record, self._discount, currency, exact, f"lines.{place}.discount"),
            requires_shipping=cells[self._needs].strip().lower() not in NO,
            elsewhere=quantity if closed or word in _GONE else 0,
            status=status,
        )

    def _ship_to(self, cells: list[str]) -> PostalAddress:
        name, company, address1, address2, city, postcode, region, country, phone, street = (
            cells[column].strip() for column in self._address
        )
        return PostalAddress(
            name, company, address1 or street, address2, city, bare_code(postcode), region, country_code(country),
            phone.removeprefix("'"),
        )  # fmt: skip


def _lines_missing(lines: Sequence[CapturedLine], subtotal: int | None) -> bool:
    """A subtotal is what the lines come to, less discounts: more than that, by over a unit a line, it cannot be."""
    if subtotal is None or any(line.unit_price is None for line in lines):
        return False
    return sum(line.quantity * (line.unit_price or 0) for line in lines) + len(lines) < subtotal
