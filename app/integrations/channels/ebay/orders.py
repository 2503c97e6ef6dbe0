"""eBay's orders report: a summary row before the items of an order of several, rows of explanation at the end.

An item with a shipping date or a tracking number has left already. The report has days without a zone. `Sold For` is
the amount of the whole row. Where the items are fewer units than their summary says, rows are missing: refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from app.domain.capture import CapturedLine, CapturedOrder, Financial, PostalAddress, Totals
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.tabular.amounts import find_currency
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.orders import Reading, bare_code, each, first, leftovers, one_text, unmapped
from app.integrations.channels.tabular.table import Record

_RECORD = ("Sales Record Number", "Verkaufsprotokollnummer", "Verkaufsprotokoll-Nr.")
_ORDER = ("Order Number", "Bestellnummer")
_ITEM = ("Item Number", "Item ID", "Artikelnummer")
_TITLE = ("Item Title", "Angebotstitel", "Artikelbezeichnung")
_QUANTITY = ("Quantity", "Anzahl", "Stückzahl")
_ADDRESS = (
    ("Ship To Name", "Post To Name", "Name des Empfängers", "Versand an Name", "Buyer Name"),
    ("Ship To Company", "Post To Company"),
    ("Ship To Address 1", "Post To Address 1", "Versand an Adresse 1", "Empfänger Adresse 1"),
    ("Ship To Address 2", "Post To Address 2", "Versand an Adresse 2", "Empfänger Adresse 2"),
    ("Ship To City", "Post To City", "Versand an Ort", "Empfänger Ort"),
    ("Ship To Zip", "Ship To Postcode", "Post To Postcode", "Post To Zip", "Versand an PLZ", "Empfänger PLZ"),
    ("Ship To State", "Ship To County", "Post To State", "Post To County", "Versand an Bundesland"),
    ("Ship To Country", "Post To Country", "Versand an Land", "Empfänger Land"),
    ("Ship To Phone", "Post To Phone", "Versand an Telefon", "Telefonnummer des Empfängers"),
)
_ORDER_NUMBER = re.compile(r"\S*\d\S*")


class EbayOrders:
    """The format `ebay-orders`."""

    name = "ebay-orders"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Order or record number, title, quantity, and eBay's own record or item number."""
        found = Headings(headings)
        telling = ("Sold For", "Verkauft für", *_ADDRESS[0])
        groups = ((*_ORDER, *_RECORD), _TITLE, _QUANTITY, (*_RECORD, *_ITEM), telling)
        return [names[0] for names in groups if not found.has(*names)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> EbayMapper:
        """For one file's headings."""
        return EbayMapper(headings, settings)


class EbayMapper:
    """Maps the rows of one report."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings)
        at = Headings(headings).at
        self._order, self._record, self._item, self._title = at(*_ORDER), at(*_RECORD), at(*_ITEM), at(*_TITLE)
        self._sku = at("Custom Label", "Custom Label (SKU)", "SKU", "Bestandseinheit", "Bestandseinheit (SKU)")
        self._variation, self._quantity = at("Variation Details", "Variantendetails"), at(*_QUANTITY)
        self._sold = at("Sold For", "Sale Price", "Verkauft für", "Verkaufspreis")
        self._shipping = at("Shipping And Handling", "Postage And Packaging", "Verpackung und Versand", "Versandkosten")
        self._total, self._tax = at("Total Price", "Gesamtpreis", "Gesamtbetrag"), at("Seller Collected Tax")
        self._created = at("Sale Date", "Verkauft am", "Verkaufsdatum")
        self._paid = at("Paid On Date", "Bezahlt am", "Zahlungsdatum")
        self._by = at("Ship By Date", "Post By Date", "Dispatch By Date", "Versenden bis")
        self._left = at("Shipped On Date", "Posted On Date", "Dispatched On Date", "Versanddatum", "Versandt am")
        self._service = at("Shipping Service", "Postage Service", "Versandservice")
        self._tracking = at("Tracking Number", "Sendungsnummer")
        self._email, self._note = at("Buyer Email", "E-Mail des Käufers"), at("Buyer Note", "Käufernotiz")
        self._address = tuple(at(*names) for names in _ADDRESS)
        self._rest = unmapped(
            headings, self._order, self._record, self._item, self._title, self._sku, self._quantity, self._sold,
            self._shipping, self._total, self._tax, self._created, self._paid, self._by, self._service, self._email,
            self._note, *self._address,
        )  # fmt: skip
        self.dates = (self._created, self._paid)
        self.amounts = (self._sold, self._total)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign and order of day and month."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows that have neither an item nor a number of an order: blank ones, and the report's words about itself."""
        if cells[self._quantity] or cells[self._title] or cells[self._item]:
            return ""
        if not any(cell.strip() for cell in cells):
            return "blank_row"
        order, record = cells[self._order].strip(), cells[self._record].strip()
        if order:
            return "" if _ORDER_NUMBER.fullmatch(order) else "trailer_row"
        return "" if record.isdigit() else "trailer_row"

    def key(self, cells: list[str]) -> str:
        """The order's number, the sales record where there is none."""
        return cells[self._order].strip() or cells[self._record].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedOrder]:
        """The order of these rows."""
        summaries = [r for r in records if not r.cells[self._item].strip() and not r.cells[self._title].strip()]
        items = [record for record in records if record not in summaries]
        if not items:
            raise RowProblem(records[0], "order_without_items")
        if len(summaries) > 1:
            raise RowProblem(summaries[1], "product_missing")
        if summaries and summaries[0].cells[self._quantity].strip():
            self._add_up(summaries[0], items)
        yield self._told(summaries[0] if summaries else items[0], items, [*summaries, *items])

    def _add_up(self, summary: Record, items: Sequence[Record]) -> None:
        """The summary says how many units its items have together: fewer, and rows are missing from the file."""
        units = self._reading.quantity(summary, self._quantity)
        found = sum(self._reading.quantity(item, self._quantity) for item in items)
        if found < units:
            raise RowProblem(summary, "items_missing", units=units, found=found)

    def _told(self, head: Record, items: list[Record], records: list[Record]) -> CapturedOrder:
        cells, reading = head.cells, self._reading
        priced = first([head], self._total) or first(records, self._sold)
        currency = find_currency(priced, reading.settings.currency)
        exact: list[tuple[str, str]] = []
        created = reading.moment(head, self._created)
        return CapturedOrder(
            channel="ebay",
            number=cells[self._order].strip() or cells[self._record].strip(),
            channel_ref=cells[self._record].strip(),
            created_utc=created.utc if created else None,
            created_local=created.local if created else None,
            ship_by_utc=reading.deadline(head, self._by),
            currency=currency,
            email=first(records, self._email),
            financial=self._financial(records),
            service=first(records, self._service),
            note=one_text(first(records, self._note)),
            totals=Totals(
                shipping=reading.amount(head, self._shipping, currency, exact, "shipping"),
                tax=reading.amount(head, self._tax, currency, exact, "tax"),
                total=reading.amount(head, self._total, currency, exact, "total"),
            ),
            ship_to=self._ship_to(records),
            lines=tuple(self._line(record, place, currency, exact) for place, record in enumerate(items)),
            exact=tuple(exact),
            extras=leftovers(cells, reading.headings, self._rest),
            line_number=head.line_number,
        )

    def _financial(self, records: Sequence[Record]) -> Financial:
        if self._paid == len(self._reading.headings):
            return Financial.NOT_REPORTED
        return Financial.PAID if first(records, self._paid) else Financial.PENDING

    def _line(self, record: Record, place: int, currency: str, exact: list[tuple[str, str]]) -> CapturedLine:
        cells, reading = record.cells, self._reading
        quantity = reading.quantity(record, self._quantity)
        total = reading.amount(record, self._sold, currency, exact, f"lines.{place}.line_total")
        gone = bool(cells[self._left].strip() or cells[self._tracking].strip())
        return CapturedLine(
            sku=bare_code(cells[self._sku]),
            title=cells[self._title].strip(),
            quantity=quantity,
            unit_price=each(total, quantity),
            line_total=total,
            elsewhere=quantity if gone else 0,
            status="shipped" if gone else "",
            item_number=bare_code(cells[self._item]),
        )

    def _ship_to(self, records: Sequence[Record]) -> PostalAddress:
        name, company, address1, address2, city, postcode, region, country, phone = (
            first(records, column) for column in self._address
        )
        return PostalAddress(
            name, company, address1, address2, city, bare_code(postcode), region, country_code(country), phone
        )
