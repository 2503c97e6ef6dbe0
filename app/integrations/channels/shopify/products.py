"""Shopify's product export: a row a variant; rows with no more than a picture belong to the product above."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.domain.capture import CapturedProduct, ProductCode
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem, RowSkipped
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.measures import GRAMS, measure
from app.integrations.channels.tabular.orders import NO, YES, Reading, bare_code, first
from app.integrations.channels.tabular.table import Record

_HANDLE = ("Handle", "URL handle")
_VARIANT = ("Variant Price", "Variant SKU", "Variant Grams", "Price")


class ShopifyProducts:
    """The format `shopify-products`."""

    name = "shopify-products"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Handle, title and one of a variant's columns."""
        found = Headings(headings)
        groups = (_HANDLE, ("Title",), _VARIANT, ("Option1 Value", "Variant SKU", "Option1 Name"))
        return [names[0] for names in groups if not found.has(*names)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> ShopifyProductMapper:
        """For one file's headings."""
        return ShopifyProductMapper(headings, settings)


class ShopifyProductMapper:
    """Maps the rows of one export. A variant without a SKU is named by its handle and options, the same each time."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings)
        at = Headings(headings).at
        self._handle, self._title = at(*_HANDLE), at("Title")
        self._vendor, self._type, self._gift = at("Vendor"), at("Type", "Product Category"), at("Gift Card")
        self._names = tuple(at(f"Option{place} Name") for place in (1, 2, 3))
        self._values = tuple(at(f"Option{place} Value") for place in (1, 2, 3))
        self._sku, self._barcode, self._mpn = at("Variant SKU", "SKU"), at("Variant Barcode", "Barcode"), at("MPN")
        self._grams, self._price = at("Variant Grams", "Weight value (grams)"), at("Variant Price", "Price")
        self._needs = at("Variant Requires Shipping", "Requires shipping")
        self._stock = at("Variant Inventory Qty", "Inventory quantity")
        self._image, self._own_image = at("Image Src", "Product image URL"), at("Variant Image", "Variant image URL")
        self._origin, self._customs = at("Country of Origin"), at("HS Code", "Harmonized System Code")
        self.dates: tuple[int, ...] = ()
        self.amounts = (self._price,)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> str:
        """The product's handle."""
        return cells[self._handle].strip()

    def take(self, records: Sequence[Record]) -> Iterator[CapturedProduct | RowSkipped]:
        """The variants of a product."""
        head = next((record for record in records if record.cells[self._title].strip()), records[0])
        for record in records:
            cells = record.cells
            if any(cells[column].strip() for column in (*self._values, self._sku, self._price)):
                yield self._variant(head, record, records)
            else:
                yield RowSkipped(record, "picture_row")

    def _variant(self, head: Record, record: Record, records: Sequence[Record]) -> CapturedProduct:
        cells, reading = record.cells, self._reading
        names = [head.cells[column].strip() for column in self._names]
        values = [cells[column].strip() for column in self._values]
        options = tuple(
            (name or f"Option {place}", value)
            for place, (name, value) in enumerate(zip(names, values, strict=True), start=1)
            if value and value != "Default Title"
        )
        title = head.cells[self._title].strip() or cells[self._handle].strip()
        sku = bare_code(cells[self._sku]) or "-".join([cells[self._handle].strip(), *(v for _, v in options)])
        exact: list[tuple[str, str]] = []
        currency = reading.settings.currency
        return CapturedProduct(
            channel="shopify",
            sku=sku,
            name=f"{title} - {' / '.join(value for _, value in options)}" if options else title,
            codes=self._codes(cells),
            weight_g=self._weight(record),
            price=reading.amount(record, self._price, currency, exact, "price"),
            currency=currency,
            options=options,
            image_url=cells[self._own_image].strip() or first(records, self._image),
            handle=cells[self._handle].strip(),
            vendor=head.cells[self._vendor].strip(),
            origin_country=country_code(cells[self._origin]),
            customs_code=bare_code(cells[self._customs]),
            requires_shipping=cells[self._needs].strip().lower() not in NO and not self._is_gift_card(head),
            stock=self._quantity(record),
            extras=tuple(exact),
            line_number=record.line_number,
        )

    def _codes(self, cells: list[str]) -> tuple[ProductCode, ...]:
        barcode, mpn = bare_code(cells[self._barcode]), bare_code(cells[self._mpn])
        codes = [ProductCode(barcode, "gtin" if barcode.isdigit() else "own")] if barcode else []
        return (*codes, ProductCode(mpn, "mpn")) if mpn else tuple(codes)

    def _is_gift_card(self, head: Record) -> bool:
        return head.cells[self._gift].strip().lower() in YES

    def _weight(self, record: Record) -> int | None:
        """0 grams in Shopify is a weight that nobody entered."""
        text = record.cells[self._grams].strip()
        try:
            return measure(text, "g", GRAMS, self._reading.settings.mapping.decimal) or None
        except ValueError as error:
            heading = self._reading.heading(self._grams)
            raise RowProblem(record, "bad_measure", column=heading, value=text) from error

    def _quantity(self, record: Record) -> int | None:
        """Shopify counts below zero what was oversold: there is none of it."""
        text = record.cells[self._stock].strip()
        if not text or text.startswith("-"):
            return 0 if text else None
        return self._reading.quantity(record, self._stock)
