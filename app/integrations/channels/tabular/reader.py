"""Reads a table in one format: survey, group the rows of an order, map, and refuse whole orders rather than halves.

An order is yielded as soon as its last row was read. The survey, which is the first of two passes, finds malformed
files before anything is taken, how dates and decimals are written, and the orders whose rows do not stand together:
only those are held until their last row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeAlias

from app.domain.capture import Captured, Pairs, Progress, RawRow, RefusedRow, SkippedRow
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.errors import RowProblem, RowSkipped
from app.integrations.channels.tabular.table import Opening, Record, Table, parse_row, parse_rows

_MANY = 20_000
NOT_STORED = "not_stored"


class Mapper(Protocol):
    """The rules of a format for the headings of one file."""

    @property
    def dates(self) -> Sequence[int]:
        """Columns of dates, to find out how they are written."""

    @property
    def amounts(self) -> Sequence[int]:
        """Columns of amounts, to find out their decimal sign."""

    def settle(self, dates: Collection[str], amounts: Collection[str]) -> ReadSettings:
        """Decides by the texts of those columns, and says what was decided."""

    def skip(self, cells: list[str]) -> str:
        """Why a row is no data by the rules of the format, '' if it is."""

    def key(self, cells: list[str]) -> str | None:
        """What rows of one order share; '' where that is missing, None for rows that stand alone."""

    def take(self, records: Sequence[Record]) -> Iterable[Captured | RowSkipped]:
        """Maps the rows of one key. Raises RowProblem."""


class Format(Protocol):
    """A format of tables."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def quoted(self) -> bool:
        """Whether quotes enclose cells."""

    def missing(self, headings: Sequence[str], settings: ReadSettings) -> list[str]:
        """The headings that a file of this format must have and this one lacks."""

    def mapper(self, headings: Sequence[str], settings: ReadSettings) -> Mapper:
        """The mapper for a file with these headings. Raises FileRefused."""


@dataclass(slots=True)
class _Survey:
    """What the first pass learns: rows by key, which keys are scattered, where the damaged rows belong."""

    counts: dict[str, int] = field(default_factory=dict)
    scattered: set[str] = field(default_factory=set)
    homes: dict[int, str] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)
    amounts: set[str] = field(default_factory=set)
    damaged: list[_Damaged] = field(default_factory=list)
    last: str | None = None

    def count(self, record: Record, key: str) -> None:
        if record.problem or not key:
            self.damaged.append(_Damaged(record, key, self.last or ""))
            return
        if key != self.last:
            if key in self.counts:
                self.scattered.add(key)
            self.last = key
            for row in reversed(self.damaged):
                if row.after:
                    break
                row.after = key
        self.counts[key] = self.counts.get(key, 0) + 1

    def house_the_damaged(self) -> None:
        """Each damaged row belongs to the order that it names, else to the one before it: never to none."""
        for row in self.damaged:
            home = row.home(self.counts)
            self.homes[row.record.index] = home
            self.counts[home] = self.counts.get(home, 0) + 1
            self.scattered.add(home)


@dataclass(slots=True)
class _Damaged:
    """A row whose cells may have shifted, or that lacks its key, with the keys of its neighbours."""

    record: Record
    key: str
    before: str
    after: str = ""

    def home(self, known: Collection[str]) -> str:
        if self.key in known or not self.record.problem:
            return self.key or self.before
        cells = {cell.strip() for cell in self.record.cells}
        if self.after and self.after in cells and self.before not in cells:
            return self.after
        return self.before or self.key


_Groups: TypeAlias = dict[str, list[Record]]


class TableReader:
    """A FormatReader for one format of tables."""

    def __init__(self, format_: Format) -> None:
        self._format = format_

    @property
    def name(self) -> str:
        """The format's name on the command line."""
        return self._format.name

    def read(self, path: Path, settings: ReadSettings) -> Iterator[Captured]:
        """All of a file; see FormatReader."""
        return self._read(path, settings, {})

    def refuse(self, path: Path, settings: ReadSettings, unstorable: Mapping[int, Pairs]) -> Iterator[RefusedRow]:
        """What could not be stored, as refused rows; see FormatReader."""
        for item in self._read(path, settings, unstorable):
            if isinstance(item, RefusedRow) and item.code == NOT_STORED:
                yield item

    def _read(self, path: Path, settings: ReadSettings, unstorable: Mapping[int, Pairs]) -> Iterator[Captured]:
        opening = Opening(path, settings)
        sheet = opening.sheet(lambda cells: self._format.missing(cells, settings), self._format.quoted)
        settings = settings.with_found(encoding=sheet.encoding, delimiter=sheet.delimiter)
        mapper = self._format.mapper(sheet.headings, settings)
        table = Table(sheet)
        survey = _Survey()
        for done in _look_over(table, mapper, survey):
            yield Progress(done, 2 * table.total)
        survey.house_the_damaged()
        settings = mapper.settle(survey.dates, survey.amounts)
        pass_ = _Pass(path.name, self.name, sheet.header, settings, mapper, unstorable)
        done = 0
        for record in table.records():
            yield from pass_.next(record, survey)
            if table.done != done and not record.index & 0x3FF:
                done = table.done
                yield Progress(table.total + done, 2 * table.total)
        yield from pass_.rest()
        yield Progress(2 * table.total, 2 * table.total)

    def retry(self, refused: RefusedRow, mended: str | None = None) -> Iterator[Captured]:
        """A refused order again; see FormatReader."""
        settings = refused.settings
        quoted = self._format.quoted or settings.delimiter != "\t"
        headings = [cell.strip() for cell in parse_row(refused.header, settings.delimiter, quoted)]
        mapper = self._format.mapper(headings, settings)
        mapper.settle((), ())
        pass_ = _Pass(refused.file, self.name, refused.header, settings, mapper)
        groups: _Groups = {}
        for record in parse_rows(refused.rows(mended), settings.delimiter, quoted, len(headings)):
            skipped = mapper.skip(record.cells)
            if skipped:
                yield SkippedRow(refused.file, record.line_number, skipped, record.raw)
            else:
                key = mapper.key(record.cells)
                groups.setdefault(refused.order_number if record.problem or not key else key, []).append(record)
        for key, records in groups.items():
            yield from pass_.take(key, records)


def _look_over(table: Table, mapper: Mapper, survey: _Survey) -> Iterator[int]:
    """The first pass; yields how many bytes it has read, now and then."""
    dates, amounts = tuple(mapper.dates), tuple(mapper.amounts)
    for record in table.records():
        cells = record.cells
        if mapper.skip(cells):
            continue
        key = mapper.key(cells)
        if key is not None:
            survey.count(record, key)
        if len(survey.dates) < _MANY:
            survey.dates.update([cells[column] for column in dates])
        if len(survey.amounts) < _MANY:
            survey.amounts.update([cells[column] for column in amounts])
        if not record.index & 0xFFF:
            yield table.done


class _Pass:
    """The second pass over a file: holds the order in hand and those that are scattered."""

    def __init__(
        self,
        file: str,
        format_: str,
        header: str,
        settings: ReadSettings,
        mapper: Mapper,
        unstorable: Mapping[int, Pairs] = MappingProxyType({}),
    ) -> None:
        """`unstorable` are the line numbers of what is refused since the database could not take it, and why."""
        self._unstorable = unstorable
        self._file, self._format, self._header = file, format_, header
        self._settings, self._mapper = settings, mapper
        self._key: str | None = None
        self._group: list[Record] = []
        self._held: _Groups = {}

    def next(self, record: Record, survey: _Survey) -> Iterator[Captured]:
        """Takes one row, and gives what is complete by it."""
        skipped = self._mapper.skip(record.cells)
        if skipped:
            yield SkippedRow(self._file, record.line_number, skipped, record.raw)
            return
        key = self._mapper.key(record.cells)
        if key is None:
            yield from self.take("", [record])
            return
        if survey.homes:
            key = survey.homes.get(record.index, key)
        if key in survey.scattered:
            held = self._held.setdefault(key, [])
            held.append(record)
            if len(held) == survey.counts[key]:
                yield from self.take(key, self._held.pop(key))
        elif key == self._key:
            self._group.append(record)
        else:
            group, before, self._group, self._key = self._group, self._key, [record], key
            if group:
                yield from self.take(before or "", group)

    def rest(self) -> Iterator[Captured]:
        """What is still in hand at the end."""
        if self._group:
            yield from self.take(self._key or "", self._group)
        for key, records in self._held.items():
            yield from self.take(key, records)

    def take(self, key: str, records: Sequence[Record]) -> list[Captured]:
        """All of a group, or its refusal."""
        try:
            for record in records:
                if record.problem:
                    raise RowProblem(record, record.problem)
                if self._mapper.key(record.cells) == "":
                    raise RowProblem(record, "order_number_missing")
            told = [self._told(value) for value in self._mapper.take(records)]
            return self._without_unstorable(key, records, told) if self._unstorable else told
        except RowProblem as problem:
            return [self._refused(key, problem, records)]

    def _without_unstorable(self, key: str, records: Sequence[Record], told: list[Captured]) -> list[Captured]:
        for value in told:
            line = getattr(value, "line_number", None)
            why = self._unstorable.get(line) if line is not None and not isinstance(value, SkippedRow) else None
            if why is not None:
                record = next((one for one in records if one.line_number == line), records[0])
                return [self._refused(key, RowProblem(record, NOT_STORED, **dict(why)), records)]
        return told

    def _told(self, value: Captured | RowSkipped) -> Captured:
        if isinstance(value, RowSkipped):
            return SkippedRow(self._file, value.record.line_number, value.code, value.record.raw)
        return value

    def _refused(self, key: str, problem: RowProblem, records: Sequence[Record]) -> RefusedRow:
        bad = problem.record
        return RefusedRow(
            file=self._file,
            format=self._format,
            line_number=bad.line_number,
            code=problem.code,
            values=problem.values,
            raw=bad.raw,
            header=self._header,
            settings=self._settings,
            order_number=key,
            companions=tuple(RawRow(r.line_number, r.raw) for r in records if r is not bad),
        )
