"""Rows of a delimited text file, each with its place and its text as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.domain.capture import FileRefused, RawRow
from app.domain.capture_settings import ReadSettings
from app.integrations.channels.tabular.encoding import find_encoding

DELIMITERS = (",", ";", "\t", "|")
_HEADING_ROWS = 40


@dataclass(slots=True)
class Record:
    """One row: its number in the file, its first physical line, its text, its cells (padded), what is wrong with it."""

    index: int
    line_number: int
    raw: str
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a file is written, and its headings."""

    path: Path
    encoding: str
    delimiter: str
    quoted: bool
    headings: tuple[str, ...]
    header: str
    header_line: int


class _Tape:
    """Hands physical lines to the csv reader and keeps those of the row in hand."""

    __slots__ = ("_next", "lines")

    def __init__(self, lines: Iterator[str]) -> None:
        self._next = lines.__next__
        self.lines: list[str] = []

    def __iter__(self) -> _Tape:
        return self

    def __next__(self) -> str:
        line = self._next()
        self.lines.append(line)
        return line


class Opening:
    """The first lines of a file, decoded, in which each format may look for its headings. Raises FileRefused."""

    def __init__(self, path: Path, settings: ReadSettings) -> None:
        self.path = path
        self._delimiters = (settings.delimiter,) if settings.delimiter else DELIMITERS
        self.encoding = find_encoding(path, settings.encoding)
        self._lines = _first_lines(path, self.encoding)

    def sheet(self, missing: Callable[[Sequence[str]], list[str]], quoted: bool) -> Sheet:
        """Finds the delimiter and the heading row, which is the first of which nothing is `missing`.

        A format without quoting has none only where its delimiter is the tab. Raises FileRefused.
        """
        nearest: tuple[int, list[str], Sequence[str]] | None = None
        for delimiter in self._delimiters:
            has_quotes = quoted or delimiter != "\t"
            for line_number, header, cells in _rows(self._lines, delimiter, has_quotes):
                lacking = missing(cells)
                if not lacking:
                    headings = tuple(cell.strip() for cell in cells)
                    return Sheet(self.path, self.encoding, delimiter, has_quotes, headings, header, line_number)
                if len(cells) > 1 and (nearest is None or len(lacking) < nearest[0]):
                    nearest = (len(lacking), lacking, cells)
        if nearest is None:
            raise FileRefused("capture.file.no_table", file=self.path.name)
        found = ", ".join(cell.strip() for cell in nearest[2] if cell.strip())[:200]
        raise FileRefused("capture.file.wrong_header", file=self.path.name, missing=", ".join(nearest[1]), found=found)


def _first_lines(path: Path, encoding: str) -> list[str]:
    with path.open("r", encoding=encoding, newline="") as stream:
        return [line for _, line in zip(range(_HEADING_ROWS), stream, strict=False)]


def _rows(lines: list[str], delimiter: str, quoted: bool) -> Iterator[tuple[int, str, list[str]]]:
    tape = _Tape(iter(lines))
    reader = _reader(tape, delimiter, quoted)
    try:
        for cells in reader:
            text = "".join(tape.lines)
            if any(cell.strip() for cell in cells):
                yield reader.line_num - len(tape.lines) + 1, text, cells
            tape.lines.clear()
    except csv.Error:
        return


def _reader(lines: Iterator[str], delimiter: str, quoted: bool, strict: bool = False) -> csv._reader:  # type: ignore[name-defined]
    return csv.reader(
        lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=strict
    )


class Table:
    """The rows below the headings. Each pass opens the file anew; `done` is the number of bytes read in this pass."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.done = 0
        self.total = sheet.path.stat().st_size

    def records(self) -> Iterator[Record]:
        """All rows, without those that are empty. Raises FileRefused for quotes that never close, or a failing disk."""
        try:
            with self.sheet.path.open("rb") as binary:
                yield from self._records(binary)
        except UnicodeDecodeError as error:
            raise FileRefused(
                "capture.file.wrong_encoding", file=self.sheet.path.name, encoding=self.sheet.encoding
            ) from error
        except OSError as error:
            raise FileRefused(
                "capture.file.unreadable", file=self.sheet.path.name, reason=error.strerror or str(error)
            ) from error

    def _records(self, binary: BinaryIO) -> Iterator[Record]:
        sheet = self.sheet
        tape = _Tape(iter(io.TextIOWrapper(binary, encoding=sheet.encoding, newline="")))
        reader = _reader(tape, sheet.delimiter, sheet.quoted)
        width = len(sheet.headings)
        lines = tape.lines
        index = start = first = 0
        raw = ""
        try:
            for cells in reader:
                raw = lines[0] if len(lines) == 1 else self._many_lines(lines, start + 1)
                first, start = start + 1, reader.line_num
                lines.clear()
                if first <= sheet.header_line or not cells:
                    continue
                index += 1
                yield _record(index, first, raw, cells, width)
                if not index & 0xFF:
                    self.done = binary.tell()
            self._check_end(raw, first)
            self.done = self.total
        except csv.Error as error:
            # More than the reader takes for one cell: rows that an open quote swallowed, or one line that is too long.
            code = "capture.file.cell_too_long" if len(lines) == 1 else "capture.file.unclosed_quote"
            raise FileRefused(code, file=sheet.path.name, line=start + 1) from error

    def _check_end(self, raw: str, line_number: int) -> None:
        """The reader takes a quote that the file's end closes; we do not."""
        if '"' in raw:
            try:
                list(_reader(iter([raw]), self.sheet.delimiter, self.sheet.quoted, strict=True))
            except csv.Error as error:
                if "end of data" in str(error):
                    raise FileRefused(
                        "capture.file.unclosed_quote", file=self.sheet.path.name, line=line_number
                    ) from error

    def _many_lines(self, lines: list[str], first: int) -> str:
        """A row over several lines is sound only if its quotes are; otherwise it has swallowed rows that follow."""
        raw = "".join(lines)
        try:
            list(_reader(iter(lines), self.sheet.delimiter, self.sheet.quoted, strict=True))
        except csv.Error as error:
            raise FileRefused("capture.file.unclosed_quote", file=self.sheet.path.name, line=first) from error
        return raw


def _record(index: int, line_number: int, raw: str, cells: list[str], width: int) -> Record:
    """Pads the row to one cell more than there are headings: that last one stands for each column that is absent."""
    problem = ""
    if len(cells) < width:
        if not raw.endswith(("\n", "\r")):
            problem = "row_cut_off"
    elif len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            problem = "too_many_cells"
        del cells[width:]
    cells.extend([""] * (width + 1 - len(cells)))
    return Record(index, line_number, raw, cells, problem)


def parse_row(text: str, delimiter: str, quoted: bool = True) -> list[str]:
    """The cells of one row's text."""
    rows = list(_reader(iter(io.StringIO(text, newline="")), delimiter, quoted))
    return rows[0] if rows else []


def parse_rows(rows: Sequence[RawRow], delimiter: str, quoted: bool, width: int) -> Iterator[Record]:
    """Records of rows that were kept, with the line numbers that they had."""
    index = 0
    for row in rows:
        for cells in _reader(iter(io.StringIO(row.text, newline="")), delimiter, quoted):
            if cells:
                index += 1
                yield _record(index, row.line_number, row.text.rstrip("\r\n") + "\n", cells, width)
