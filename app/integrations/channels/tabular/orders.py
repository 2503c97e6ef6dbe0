"""What the mappers of order files share: reading cells into the values of an order, with one way to refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.capture import Pairs
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem
from app.integrations.channels.tabular.amounts import AmountReader, find_decimal, read_quantity
from app.integrations.channels.tabular.dates import DateReader, Moment, find_day_first
from app.integrations.channels.tabular.table import Record

_LAST_OF_DAY = timedelta(hours=23, minutes=59, seconds=59)
MOST_UNITS = 1_000_000
YES = frozenset(("true", "yes", "1", "y", "t", "x", "ja", "oui", "si", "sí", "tak", "wahr", "vrai", "verdadero"))
NO = frozenset(("false", "no", "0", "n", "f", "nein", "non", "nie", "falsch", "faux", "falso", "fałsz"))


class Reading:
    """Reads amounts, dates and quantities the way one file writes them; refuses with the row and the heading."""

    def __init__(self, headings: Sequence[str], settings: ReadSettings, zone: str = "") -> None:
        self.headings = headings
        self.settings = settings
        self._zone = settings.zone or zone
        self._fallback = "," if settings.delimiter == ";" else "."
        self._settle(settings)

    def settle(self, dates: Iterable[str], amounts: Iterable[str]) -> ReadSettings:
        """Decides the decimal sign and the order of day and month, unless they were told."""
        mapping = self.settings.mapping
        decimal = mapping.decimal or find_decimal(amounts, self._fallback)
        day_first = find_day_first(dates, self.settings.day_first)
        self._settle(replace(self.settings, mapping=replace(mapping, decimal=decimal), day_first=day_first))
        return self.settings

    def _settle(self, settings: ReadSettings) -> None:
        self.settings = settings
        self._amounts = AmountReader(settings.mapping.decimal)
        self._dates = DateReader(self._zone, settings.mapping.date_format, settings.day_first)

    def heading(self, column: int) -> str:
        """The file's own name of a column."""
        return self.headings[column] if column < len(self.headings) else ""

    def amount(self, record: Record, column: int, currency: str, exact: list[tuple[str, str]], name: str) -> int | None:
        """Minor units, None for an empty cell; an amount finer than those is noted in `exact` under `name`."""
        text = record.cells[column].strip()
        if not text:
            return None
        try:
            amount = self._amounts(text, currency)
        except ValueError as error:
            raise RowProblem(record, "bad_amount", column=self.heading(column), value=text) from error
        if amount.exact:
            exact.append((name, amount.exact))
        return amount.minor

    def moment(self, record: Record, column: int) -> Moment | None:
        """A date or time, None for an empty cell."""
        text = record.cells[column].strip()
        if not text:
            return None
        try:
            return self._dates(text)
        except ValueError as error:
            raise RowProblem(record, "bad_date", column=self.heading(column), value=text) from error

    def deadline(self, record: Record, column: int) -> datetime | None:
        """A time to be done by, in UTC: a day without a time lasts until its end."""
        moment = self.moment(record, column)
        if moment and moment.local and ":" not in record.cells[column]:
            return moment.utc + _LAST_OF_DAY
        return moment.utc if moment else None

    def quantity(self, record: Record, column: int, least: int = 0) -> int:
        """A whole number of units, `least` at least."""
        text = record.cells[column].strip()
        if not text:
            raise RowProblem(record, "quantity_missing", column=self.heading(column))
        try:
            units = read_quantity(text, self.settings.mapping.decimal)
        except ValueError as error:
            raise RowProblem(record, "bad_quantity", column=self.heading(column), value=text) from error
        if not least <= units <= MOST_UNITS:
            raise RowProblem(record, "quantity_out_of_range", column=self.heading(column), value=text)
        return units


def first(records: Sequence[Record], column: int) -> str:
    """The first text of a column that is not empty."""
    return next((text for record in records if (text := record.cells[column].strip())), "")


def each(total: int | None, quantity: int) -> int | None:
    """The price of one unit of a line, where it comes out even."""
    if total is None or quantity <= 0 or total % quantity:
        return None
    return total // quantity


def bare_code(text: str) -> str:
    """A code without the apostrophe that spreadsheets put before digits, and without blanks around it."""
    return text.strip().removeprefix("'").strip()


def one_text(text: str) -> str:
    """Text of several lines with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def leftovers(cells: Sequence[str], headings: Sequence[str], columns: Iterable[int]) -> Pairs:
    """What stands in columns that are not mapped, by heading."""
    return tuple((headings[column], text) for column in columns if (text := cells[column].strip()))


def unmapped(headings: Sequence[str], *columns: int) -> tuple[int, ...]:
    """The columns other than these."""
    taken = set(columns)
    return tuple(column for column in range(len(headings)) if column not in taken and headings[column])
