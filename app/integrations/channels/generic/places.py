"""Locations, and what lies in them, from any table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from app.domain.capture import CapturedLocation, CapturedStock
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.generic.orders import missing_told, present
from app.integrations.channels.generic.words import condition_named, kind_named
from app.integrations.channels.tabular.headings import Headings, dictionary
from app.integrations.channels.tabular.measures import MILLIMETRES, measure, unit_in_heading, without_unit
from app.integrations.channels.tabular.orders import Reading, bare_code
from app.integrations.channels.tabular.table import Record


class _PlaceMapper:
    """What both mappers share: columns of a kind, rows that stand alone."""

    kind = ""

    def __init__(self, headings: Sequence[str], settings: ReadSettings) -> None:
        found = Headings(headings, without_unit)
        columns = found.by_dictionary(self.kind, settings.mapping.columns)
        chosen = tuple((field, headings[column]) for field, column in columns.items())
        self._reading = Reading(headings, replace(settings, mapping=replace(settings.mapping, columns=chosen)))
        self._at = {field: columns.get(field, found.absent) for field in dictionary(self.kind)}
        self.dates = tuple(columns[field] for field in ("expiry",) if field in columns)
        self.amounts: tuple[int, ...] = ()

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Order of day and month."""
        return self._reading.settle(dates, amounts)

    def skip(self, cells: list[str]) -> str:
        """Rows of delimiters only."""
        return "" if any(cell.strip() for cell in cells) else "blank_row"

    def key(self, cells: list[str]) -> None:
        """Each row stands alone."""

    def _text(self, record: Record, field: str) -> str:
        return bare_code(record.cells[self._at[field]])


class LocationMapper(_PlaceMapper):
    """Maps rows of locations. Places on the plan are in millimetres unless the heading says otherwise."""

    kind = "locations"

    def take(self, records: Sequence[Record]) -> Iterator[CapturedLocation]:
        """The location of a row."""
        for record in records:
            code = self._text(record, "code")
            if not code:
                raise RowProblem(record, "location_missing")
            sequence = self._at["pick_sequence"]
            yield CapturedLocation(
                code=code,
                zone=self._text(record, "zone"),
                aisle=self._text(record, "aisle"),
                bay=self._text(record, "bay"),
                level=self._text(record, "level"),
                position=self._text(record, "position"),
                kind=kind_named(self._text(record, "kind")),
                barcode=self._text(record, "barcode"),
                pick_sequence=self._reading.quantity(record, sequence) if record.cells[sequence].strip() else None,
                x_mm=self._place(record, "x"),
                y_mm=self._place(record, "y"),
                line_number=record.line_number,
            )

    def _place(self, record: Record, field: str) -> int | None:
        column, text = self._at[field], record.cells[self._at[field]]
        unit = unit_in_heading(self._reading.heading(column), MILLIMETRES) or "mm"
        try:
            return measure(text, unit, MILLIMETRES)
        except ValueError as error:
            raise RowProblem(record, "bad_measure", column=self._reading.heading(column), value=text) from error


class StockMapper(_PlaceMapper):
    """Maps rows of stock."""

    kind = "stock"

    def take(self, records: Sequence[Record]) -> Iterator[CapturedStock]:
        """The stock of a row."""
        for record in records:
            location, sku = self._text(record, "location"), self._text(record, "sku")
            if not location:
                raise RowProblem(record, "location_missing")
            if not sku:
                raise RowProblem(record, "sku_missing")
            expiry = self._reading.moment(record, self._at["expiry"])
            yield CapturedStock(
                location=location,
                sku=sku,
                quantity=self._reading.quantity(record, self._at["quantity"]),
                lot=self._text(record, "lot"),
                expiry=(expiry.local or expiry.utc).date() if expiry else None,
                condition=condition_named(self._text(record, "condition")),
                line_number=record.line_number,
            )


class CsvLocations:
    """The format `csv-locations`."""

    name = "csv-locations"
    quoted = True

    def __init__(self, sure: bool = False) -> None:
        self._sure = sure

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """A code; to be sure without having been told the format, a column that only places have."""
        lacking, found = _found("locations", headings, settings)
        telling = {"zone", "aisle", "bay", "level", "pick_sequence"}
        unsure = ["zone"] if self._sure and not telling & found else []
        return [*lacking, *(["code"] if "code" not in found else []), *unsure]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> LocationMapper:
        """For one file's headings."""
        return LocationMapper(headings, settings)


class CsvStock:
    """The format `csv-stock`."""

    name = "csv-stock"
    quoted = True

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """Location, SKU and quantity."""
        lacking, found = _found("stock", headings, settings)
        return [*lacking, *(field for field in ("location", "sku", "quantity") if field not in found)]

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> StockMapper:
        """For one file's headings."""
        return StockMapper(headings, settings)


def _found(kind: str, headings: Sequence[str], settings: ReadSettings) -> tuple[list[str], set[str]]:
    columns = settings.mapping.columns
    found = Headings(headings, without_unit).by_dictionary(kind, present(headings, columns))
    return missing_told(headings, columns), set(found)
