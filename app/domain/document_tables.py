"""Tables that run over pages: columns, rows, and where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.documents import Align, Element, Page, Rule, Size, Text, TextBox

MARGIN_NARROW, MARGIN_WIDE = 4.0, 12.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, width in millimetres, and how its texts stand."""

    heading: str
    width: float
    align: Align = Align.LEFT
    size: float = 3.2
    bold: bool = False
    max_lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Columns from `left` on; every row is `row_height` millimetres high, a rule under each."""

    left: float
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    row_height: float = 9.0
    gap: float = 2.0

    @property
    def width(self) -> float:
        """From the first column's edge to the last one's, in millimetres."""
        return sum(column.width for column in self.columns) + self.gap * (len(self.columns) - 1)

    def head(self, top: float) -> list[Element]:
        """The headings and the heavy rule under them: HEAD_HEIGHT millimetres."""
        texts: list[Element] = [
            Text(TextBox(x, top, column.width, 2.6, align=column.align), column.heading) for x, column in self._places()
        ]
        return [*texts, Rule(self.left, top + 3.6, self.width, 0.5)]

    def row(self, top: float, cells: tuple[str, ...]) -> list[Element]:
        """One row and the light rule under it."""
        elements: list[Element] = []
        for (x, column), cell in zip(self._places(), cells, strict=True):
            box = TextBox(
                x,
                top + ROW_BASELINE - 0.8 * column.size,
                column.width,
                column.size,
                column.bold,
                column.align,
                column.max_lines,
            )
            elements.append(Text(box, cell))
        return [*elements, Rule(self.left, top + self.row_height - 0.3, self.width, 0.15)]

    def _places(self) -> list[tuple[float, Column]]:
        places, x = [], self.left
        for column in self.columns:
            places.append((x, column))
            x += column.width + self.gap
        return places


HEAD_HEIGHT = 5.0
ROW_BASELINE = 3.85
"""From the top of a row to the base of its letters, whatever their size, in millimetres."""

Header = Callable[[int, int], tuple[list[Element], float]]
"""What stands on top of a page (its number, how many there are), and where the rest begins, in millimetres."""


def margin(size: Size) -> float:
    """The white edge of a paper: narrow on label stock, wide on sheets."""
    return MARGIN_NARROW if size.width < 150 else MARGIN_WIDE


def paged(size: Size, table: Table, header: Header, footer_height: float) -> tuple[list[list[Element]], float]:
    """The pages of a table with their headers, and where the last row ends.

    The last page keeps `footer_height` free for what follows the table; a page more is made when it does not.
    """
    bottom = size.height - margin(size)
    pages = _row_numbers(table, header, bottom, footer_height)
    drawn: list[list[Element]] = []
    end = 0.0
    for number, rows in enumerate(pages, 1):
        elements, top = header(number, len(pages))
        end = top
        if rows:
            elements = [*elements, *table.head(top)]
            end = top + HEAD_HEIGHT
        for cells in rows:
            elements.extend(table.row(end, cells))
            end += table.row_height
        drawn.append(elements)
    return drawn, end


def _row_numbers(table: Table, header: Header, bottom: float, footer: float) -> list[Sequence[tuple[str, ...]]]:
    pages: list[Sequence[tuple[str, ...]]] = []
    rest = table.rows
    while True:
        _elements, top = header(len(pages) + 1, 0)
        room = max(1, int((bottom - top - HEAD_HEIGHT) / table.row_height))
        pages.append(rest[:room])
        used = top + HEAD_HEIGHT + table.row_height * len(rest[:room])
        rest = rest[room:]
        if not rest and (used + footer <= bottom or not pages[-1]):
            return pages


def as_pages(drawn: list[list[Element]]) -> tuple[Page, ...]:
    """Frozen pages."""
    return tuple(tuple(elements) for elements in drawn)
