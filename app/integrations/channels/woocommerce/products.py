"""WooCommerce's product export: simple products, and variations below a parent that is itself never shipped.

Units stand in the headings: `Weight (kg)`, `Length (cm)`. A variation inherits what it lacks from its parent, which the
file names by SKU or as `id:741`, and which comes before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.capture import CapturedProduct, ProductCode
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem, RowSkipped
from app.integrations.channels.tabular.headings import Headings
from app.integrations.channels.tabular.measures import GRAMS, MILLIMETRES, measure, unit_in_heading, without_unit
from app.integrations.channels.tabular.orders import Reading, bare_code
from app.integrations.channels.tabular.table import Record

_PARENTS = ("variable", "grouped", "external", "variable-subscription")
_DOWNLOADS = ("virtual", "downloadable")


class WooCommerceProducts:
    """The format `woocommerce-products`."""

    name = "woocommerce-products"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Type, SKU, name and the price that WooCommerce calls regular."""
        found = Headings(headings)
        groups = (("Type",), ("SKU",), ("Name",), ("Regular price", "Parent", "Published"))
        return [names[0] for names in groups if not found.has(*names)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> WooCommerceMapper:
        """For one file's headings."""
        return WooCommerceMapper(headings, settings)


class WooCommerceMapper:
    """Maps the rows of one export; remembers the parents."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        self._reading = Reading(headings, settings)
        bare = Headings(headings, without_unit)
        at = bare.at
        self._id, self._type, self._sku, self._name = at("ID"), at("Type"), at("SKU"), at("Name")
        self._parent, self._price, self._sale = at("Parent"), at("Regular price"), at("Sale price")
        self._stock, self._images, self._brand = at("Stock"), at("Images"), at("Brands", "Brand")
        self._gtin = at("GTIN, UPC, EAN, or ISBN", "GTIN", "EAN", "Meta: _global_unique_id", "Meta: _barcode")
        self._sizes = (at("Weight"), at("Length"), at("Width"), at("Height"))
        self._units = tuple(
            unit_in_heading(self._reading.heading(column), GRAMS if place == 0 else MILLIMETRES)
            or ("kg" if place == 0 else "cm")
            for place, column in enumerate(self._sizes)
        )
        self._options = tuple(
            (at(f"Attribute {place} name"), at(f"Attribute {place} value(s)"))
            for place in range(1, 10)
            if bare.has(f"Attribute {place} name")
        )
        self._parents: dict[str, CapturedProduct] = {}
        self.dates: tuple[int, ...] = ()
        self.amounts = (self._price, self._sale)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> None:
        """Each row stands alone."""

    def take(self, records: Sequence[Record]) -> Iterator[CapturedProduct | RowSkipped]:
        """The product of a row; a parent is remembered and skipped."""
        for record in records:
            words = {word.strip().lower() for word in record.cells[self._type].split(",")}
            product = self._told(record, words)
            if words & set(_PARENTS):
                self._parents[f"id:{record.cells[self._id].strip()}"] = product
                self._parents[product.sku] = product
                yield RowSkipped(record, "parent_product")
            elif "variation" in words:
                yield self._varied(record, product)
            else:
                yield self._with_sku(record, product)

    def _varied(self, record: Record, product: CapturedProduct) -> CapturedProduct:
        parent = self._parents.get(record.cells[self._parent].strip())
        if parent is None:
            return self._with_sku(record, product)
        values = " / ".join(value for _, value in product.options)
        return replace(
            self._with_sku(record, product),
            name=product.name if product.name and product.name != parent.name else f"{parent.name} - {values}",
            weight_g=parent.weight_g if product.weight_g is None else product.weight_g,
            length_mm=parent.length_mm if product.length_mm is None else product.length_mm,
            width_mm=parent.width_mm if product.width_mm is None else product.width_mm,
            height_mm=parent.height_mm if product.height_mm is None else product.height_mm,
            image_url=product.image_url or parent.image_url,
            vendor=product.vendor or parent.vendor,
            handle=parent.sku,
        )

    def _with_sku(self, record: Record, product: CapturedProduct) -> CapturedProduct:
        """WooCommerce lets a product have no SKU: its own id names it then, the same each time."""
        if product.sku:
            return product
        number = record.cells[self._id].strip()
        if not number:
            raise RowProblem(record, "sku_missing")
        return replace(product, sku=f"woo-{number}")

    def _told(self, record: Record, words: set[str]) -> CapturedProduct:
        cells, reading = record.cells, self._reading
        code = bare_code(cells[self._gtin])
        exact: list[tuple[str, str]] = []
        currency = reading.settings.currency
        weight, length, width, height = (self._measure(record, place) for place in range(4))
        price = self._price if cells[self._price].strip() else self._sale
        pairs = ((cells[name].strip(), cells[value].strip()) for name, value in self._options)
        return CapturedProduct(
            channel="woocommerce",
            sku=bare_code(cells[self._sku]),
            name=cells[self._name].strip(),
            codes=(ProductCode(code, "gtin" if code.isdigit() else "own"),) if code else (),
            weight_g=weight,
            length_mm=length,
            width_mm=width,
            height_mm=height,
            price=reading.amount(record, price, currency, exact, "price"),
            currency=currency,
            options=tuple((name, value) for name, value in pairs if name and value),
            image_url=cells[self._images].split(",")[0].strip(),
            vendor=cells[self._brand].strip(),
            requires_shipping=not words & set(_DOWNLOADS),
            stock=self._in_stock(record),
            extras=tuple(exact),
            line_number=record.line_number,
        )

    def _measure(self, record: Record, place: int) -> int | None:
        column, units = self._sizes[place], GRAMS if place == 0 else MILLIMETRES
        text = record.cells[column]
        try:
            return measure(text, self._units[place], units, self._reading.settings.mapping.decimal)
        except ValueError as error:
            raise RowProblem(record, "bad_measure", column=self._reading.heading(column), value=text) from error

    def _in_stock(self, record: Record) -> int | None:
        """A number, or 'parent' where the parent's stock counts; below zero is none."""
        text = record.cells[self._stock].strip()
        if not text or text.lower() == "parent":
            return None
        return 0 if text.startswith("-") else self._reading.quantity(record, self._stock)
