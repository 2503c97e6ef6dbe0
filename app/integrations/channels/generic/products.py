"""Products from any table with a row a product."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.capture import CapturedProduct, ProductCode
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.generic.orders import missing_told, present
from app.integrations.channels.tabular.amounts import find_currency, read_decimal
from app.integrations.channels.tabular.countries import country_code
from app.integrations.channels.tabular.headings import Headings, dictionary, plain_heading
from app.integrations.channels.tabular.measures import GRAMS, MILLIMETRES, measure, unit_in_heading, without_unit
from app.integrations.channels.tabular.orders import NO, YES, Reading, bare_code, leftovers, unmapped
from app.integrations.channels.tabular.table import Record

_KIND = "products"


class CsvProducts:
    """The format `csv-products`."""

    name = "csv-products"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """A SKU, and a name."""
        lacking = missing_told(headings, settings.mapping.columns)
        told = present(headings, settings.mapping.columns)
        found = Headings(headings, without_unit).by_dictionary(_KIND, told)
        return lacking + [field for field in ("sku", "name") if field not in found]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> CsvProductMapper:
        """For one file's headings."""
        return CsvProductMapper(headings, settings)


class CsvProductMapper:
    """Maps the rows of one file.

    Units stand in the heading, a column of units or the cell. Whole numbers without any are grams and millimetres; a
    fraction without a unit could be anything, so it is kept among the extras and not as a measure.
    """

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        found = Headings(headings, without_unit)
        columns = found.by_dictionary(_KIND, settings.mapping.columns)
        chosen = tuple((field, headings[column]) for field, column in columns.items())
        self._reading = Reading(headings, replace(settings, mapping=replace(settings.mapping, columns=chosen)))
        self._at = {field: columns.get(field, found.absent) for field in dictionary(_KIND)}
        self._units: dict[str, str] = {
            field: unit_in_heading(headings[columns[field]], GRAMS if field == "weight" else MILLIMETRES)
            for field in ("weight", "length", "width", "height")
            if field in columns
        }
        self._rest = unmapped(headings, *columns.values())
        self.dates: tuple[int, ...] = ()
        self.amounts = tuple(columns[field] for field in ("price", "weight", "length") if field in columns)

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decimal sign."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> None:
        """Each row stands alone."""

    def take(self, records: Sequence[Record]) -> Iterator[CapturedProduct]:
        """The product of a row."""
        for record in records:
            yield self._told(record)

    def _told(self, record: Record) -> CapturedProduct:
        cells, at, reading = record.cells, self._at, self._reading
        sku = bare_code(cells[at["sku"]])
        if not sku:
            raise RowProblem(record, "sku_missing")
        currency = cells[at["currency"]].strip().upper()
        currency = currency or find_currency(cells[at["price"]], reading.settings.currency)
        length, width, height = (self._measure(record, field) for field in ("length", "width", "height"))
        exact: list[tuple[str, str]] = []
        return CapturedProduct(
            channel="csv",
            sku=sku,
            name=cells[at["name"]].strip(),
            codes=self._codes(record),
            weight_g=self._measure(record, "weight"),
            length_mm=length,
            width_mm=width,
            height_mm=height,
            price=reading.amount(record, at["price"], currency, exact, "price"),
            currency=currency,
            image_url=cells[at["image_url"]].strip(),
            handle=cells[at["handle"]].strip(),
            vendor=cells[at["vendor"]].strip(),
            origin_country=country_code(cells[at["origin_country"]]),
            customs_code=bare_code(cells[at["customs_code"]]),
            requires_shipping=plain_heading(cells[at["requires_shipping"]]) not in NO,
            tracks_lots=_yes_or_no(cells[at["tracks_lots"]]),
            tracks_serials=_yes_or_no(cells[at["tracks_serials"]]),
            stock=self._stock(record),
            extras=(*exact, *leftovers(cells, reading.headings, self._extras(record))),
            line_number=record.line_number,
        )

    def _codes(self, record: Record) -> tuple[ProductCode, ...]:
        cells, at = record.cells, self._at
        codes = [
            ProductCode(code, "gtin" if code.isdigit() else "own")
            for text in cells[at["gtin"]].replace("|", ",").replace(";", ",").split(",")
            if (code := bare_code(text))
        ]
        case = bare_code(cells[at["case_gtin"]])
        if case:
            column = at["case_quantity"]
            codes.append(ProductCode(case, "case", self._reading.quantity(record, column, least=1)))
        mpn = bare_code(cells[at["mpn"]])
        if mpn:
            codes.append(ProductCode(mpn, "mpn"))
        return tuple(codes)

    def _measure(self, record: Record, field: str) -> int | None:
        column = self._at[field]
        units, default, asked = (
            (GRAMS, "g", "weight_unit") if field == "weight" else (MILLIMETRES, "mm", "dimension_unit")
        )
        unit = record.cells[self._at[asked]].strip() or self._units.get(field, "")
        text = record.cells[column].strip()
        if not unit and not text[-1:].isalpha():
            unit = default
            if not _is_whole(text, self._reading.settings.mapping.decimal):
                return None
        try:
            return measure(text, unit, units, self._reading.settings.mapping.decimal)
        except ValueError as error:
            raise RowProblem(record, "bad_measure", column=self._reading.heading(column), value=text) from error

    def _extras(self, record: Record) -> tuple[int, ...]:
        odd = (
            self._at[f] for f in self._units if record.cells[self._at[f]].strip() and self._measure(record, f) is None
        )
        return (*self._rest, *odd)

    def _stock(self, record: Record) -> int | None:
        column = self._at["stock"]
        return self._reading.quantity(record, column) if record.cells[column].strip() else None


def _is_whole(text: str, decimal: str) -> bool:
    try:
        return read_decimal(text, decimal) % 1 == 0
    except ValueError:
        return True


def _yes_or_no(text: str) -> bool | None:
    plain = plain_heading(text)
    return None if not plain else plain in YES
