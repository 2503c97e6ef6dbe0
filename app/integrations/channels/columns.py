"""Looks at the headings of a file whose columns a person is about to match with our fields."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from app.domain.capture import FileRefused
from app.domain.capture_settings import ReadSettings
from app.domain.columns import TableColumns
from app.integrations.channels.tabular.headings import Headings, dictionary
from app.integrations.channels.tabular.measures import without_unit
from app.integrations.channels.tabular.table import Opening, Sheet, Table

NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "orders": (("order",), ("sku", "barcode", "title"), ("quantity",)),
    "products": (("sku",), ("name",)),
    "locations": (("code",),),
    "stock": (("location",), ("sku",), ("quantity",)),
}
_TOO_LONG = 60
"""Signs of a cell that is no heading."""


def look_at_columns(path: Path, format: str) -> TableColumns:
    """Implements `domain.columns.ColumnsReader`."""
    kind = format.removeprefix("csv-")
    sheet = _sheet(Opening(path, ReadSettings()))
    headings = tuple(heading for heading in sheet.headings if heading)
    first = next(islice(Table(sheet).records(), 1), None)
    cells = () if first is None else first.cells
    below = dict(zip(sheet.headings, (cell.strip() for cell in cells), strict=False))
    found = Headings(sheet.headings, without_unit).by_dictionary(kind, ())
    return TableColumns(
        headings,
        tuple(below.get(heading, "") for heading in headings),
        tuple(dictionary(kind)),
        NEEDED[kind],
        {field: sheet.headings[column] for field, column in found.items()},
    )


def _sheet(opening: Opening) -> Sheet:
    """Titles and notes stand above the headings in fewer columns, so the first row of the widest is taken."""
    widest = 0

    def measure(cells: Sequence[str]) -> list[str]:
        nonlocal widest
        if _looks_like_headings(cells):
            widest = max(widest, len(cells))
        return ["headings"]

    with contextlib.suppress(FileRefused):
        opening.sheet(measure, True)
    if widest < 2:
        raise FileRefused("capture.file.no_table", file=opening.path.name)
    return opening.sheet(
        lambda cells: [] if len(cells) == widest and _looks_like_headings(cells) else ["headings"], True
    )


def _looks_like_headings(cells: Sequence[str]) -> bool:
    """Mostly filled with short names that differ."""
    names = {cell.strip() for cell in cells if cell.strip() and len(cell) <= _TOO_LONG}
    return 5 * len(names) >= 3 * len(cells)
