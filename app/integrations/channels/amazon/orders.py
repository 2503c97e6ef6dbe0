"""Amazon's reports of unshipped (or all) orders: tab separated, one row an item, and a quote is a quote.

`quantity-to-ship` decides what is still to be shipped; without that column it is what was purchased less what was
shipped. Rows of an order that stands as shipped or cancelled are not shipped again, nor is what Amazon itself sends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, PostalAddress, Totals
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem, RowSkipped
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.orders import YES, Reading, bare_code, each, first, leftovers, one_text, unmapped
from app.integrations.channels.tabular.table import Record

_ORDER = ("order-id", "amazon-order-id")
_QUANTITY = ("quantity-purchased", "quantity")
_SENT_BY_AMAZON = frozenset(("amazon", "afn"))
_TELLING = ("ship-service-level", "order-item-id", "recipient-name")


class AmazonUnshipped:
    """The format `amazon-unshipped`."""

    name = "amazon-unshipped"
    quoted = False

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """SKU, quantity, and the order in Amazon's own spelling."""
        found = Headings(headings)
        names = (_ORDER, ("sku",), _QUANTITY, _TELLING)
        lacking = [group[0] for group in names if not found.has(*group)]
        own_spelling = any(text.strip().lower() in _ORDER for text in headings)
        return lacking if own_spelling else lacking or [_ORDER[0]]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> AmazonMapper:
        """For one file's headings."""
        return AmazonMapper(headings, settings)


class AmazonMapper:
    """Maps the rows of one report."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings)
        at = Headings(headings).at
        self._order, self._item = at(*_ORDER), at("order-item-id")
        self._sku, self._title = at("sku"), at("product-name")
        self._bought, self._sent, self._due = at(*_QUANTITY), at("quantity-shipped"), at("quantity-to-ship")
        self._created = at("purchase-date", "payments-date")
        self._by = at("promise-date", "latest-ship-date", "ship-by-date", "ship-by")
        self._email, self._level = at("buyer-email"), at("ship-service-level")
        self._phone = at("ship-phone-number", "recipient-phone-number", "buyer-phone-number")
        self._address = (
            at("recipient-name", "buyer-name"), at("ship-company"), at("ship-address-1"), at("ship-address-2"),
            at("ship-address-3"), at("ship-city"), at("ship-postal-code"), at("ship-state"), at("ship-country"),
        )  # fmt: skip
        self._currency, self._price, self._off = at("currency"), at("item-price"), at("item-promotion-discount")
        self._note, self._gift = at("delivery-instructions"), at("gift-message-text", "gift-wrap-type", "is-gift")
        self._status, self._asked = at("order-status", "item-status"), at("is-buyer-requested-cancellation")
        self._sender = at("fulfillment-channel")
        self._rest = unmapped(
            headings, self._order, self._item, self._sku, self._title, self._bought, self._sent, self._due,
            self._created, self._by, self._email, self._level, self._phone, *self._address, self._currency,
            self._price, self._off, self._note, self._status, at("days-past-promise"),
        )  # fmt: skip
        self.dates = (self._created, self._by)
        self.amounts = (self._price,)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign and order of day and month."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if cells[self._order].strip() or any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> str:
        """The order's number."""
        return cells[self._order].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedOrder | RowSkipped]:
        """The order of these rows; a row that stands twice counts once."""
        kept: dict[str, Record] = {}
        for record in records:
            item = record.cells[self._item].strip() or f"row {record.index}"
            if item not in kept:
                kept[item] = record
            elif kept[item].cells == record.cells:
                yield RowSkipped(record, "duplicate_row")
            else:
                raise RowProblem(record, "item_repeated", item=item)
        yield self._told(list(kept.values()))

    def _told(self, records: list[Record]) -> CapturedOrder:
        head, cells, reading = records[0], records[0].cells, self._reading
        currency = first(records, self._currency).upper() or reading.settings.currency
        exact: list[tuple[str, str]] = []
        created = reading.moment(head, self._created)
        words = {record.cells[self._status].strip().lower() for record in records}
        asked = any(record.cells[self._asked].strip().lower() in YES for record in records)
        number = cells[self._order].strip()
        return CapturedOrder(
            channel="amazon",
            number=number,
            channel_ref=number,
            created_utc=created.utc if created else None,
            created_local=created.local if created else None,
            ship_by_utc=reading.deadline(head, self._by),
            currency=currency,
            email=first(records, self._email),
            financial=Financial.PENDING if words & {"pending", "pending payment"} else Financial.NOT_REPORTED,
            fulfilment=first(records, self._status),
            cancelled=bool(words) and words <= {"cancelled", "canceled"},
            service=cells[self._level].strip(),
            note=one_text(first(records, self._note)),
            gift=first(records, self._gift).lower() not in ("", "false", "no"),
            totals=Totals(),
            ship_to=self._ship_to(records),
            lines=tuple(self._line(record, place, currency, exact) for place, record in enumerate(records)),
            exact=tuple(exact),
            doubts=(Doubt.CANCELLATION_ASKED,) if asked else (),
            extras=leftovers(cells, reading.headings, self._rest),
            line_number=head.line_number,
        )

    def _line(self, record: Record, place: int, currency: str, exact: list[tuple[str, str]]) -> CapturedLine:
        cells, reading = record.cells, self._reading
        quantity = reading.quantity(record, self._bought)
        shipped = reading.quantity(record, self._sent) if cells[self._sent].strip() else None
        to_ship = reading.quantity(record, self._due) if cells[self._due].strip() else None
        sku, title = bare_code(cells[self._sku]), cells[self._title].strip()
        if not sku and not title:
            raise RowProblem(record, "product_missing")
        left = quantity - (shipped or 0) if to_ship is None else to_ship
        if not 0 <= left <= quantity or (to_ship is not None and to_ship + (shipped or 0) > quantity):
            raise RowProblem(record, "quantities_disagree", bought=quantity, shipped=shipped or 0, to_ship=left)
        status = cells[self._status].strip()
        gone = status.lower() in ("shipped", "cancelled", "canceled")
        gone = gone or cells[self._sender].strip().lower() in _SENT_BY_AMAZON
        total = reading.amount(record, self._price, currency, exact, f"lines.{place}.line_total")
        return CapturedLine(
            sku=sku,
            title=title,
            quantity=quantity,
            unit_price=each(total, quantity),
            discount=reading.amount(record, self._off, currency, exact, f"lines.{place}.discount"),
            line_total=total,
            elsewhere=quantity if gone else quantity - left,
            shipped=shipped,
            to_ship=to_ship,
            status=status,
            line_ref=cells[self._item].strip(),
        )

    def _ship_to(self, records: list[Record]) -> PostalAddress:
        name, company, address1, address2, address3, city, postcode, region, country = (
            first(records, column) for column in self._address
        )
        second = ", ".join(part for part in (address2, address3) if part)
        phone = first(records, self._phone)
        return PostalAddress(
            name, company, address1, second, city, bare_code(postcode), region, country_code(country), phone
        )
