"""The states of a table that is read page by page."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state.basics import Chip, Family


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words, a second line, a chip or an icon. `code` sets it in Mono."""

    words: str = ""
    second: str = ""
    chip: Chip | None = None
    icon: str = ""
    family: Family | None = None
    picture: str = ""
    code: bool = False
    strong: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` in pixels at 1366, 0 takes the rest; `numbers` stand at the right.

    `wide` hides at 1024 and where there is too little room; `spare` hides after those, where that is not enough.
    """

    title: str
    width: int = 0
    numbers: bool = False
    wide: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table; `family` gives it a bar at the left."""

    key: str
    cells: tuple[Cell, ...]
    family: Family | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A page by page list. `rows` hold all pages read so far; `more` says that there is another."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...] = ()
    chosen: str = ""
    more: bool = False
    two_lines: bool = True
    empty: str = ""
