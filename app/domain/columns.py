"""The columns of a table that nobody recognised, so that a person can say what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Headings of a file with what stands below them first, and what they could mean in a format.

    `fields` are our fields of that format; of each group in `needed` one field must have a column. `guesses` gives our
    field their heading, where the heading itself says it.
    """

    headings: tuple[str, ...]
    samples: tuple[str, ...]
    fields: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]
    guesses: Mapping[str, str]

    def lacking(self, chosen: Mapping[str, str]) -> tuple[str, ...]:
        """The first field of each group of which none has a column."""
        return tuple(group[0] for group in self.needed if not any(chosen.get(field) for field in group))


class ColumnsReader(Protocol):
    """Looks at the headings of a file."""

    def __call__(self, path: Path, format: str) -> TableColumns:
        """Of a `csv-*` format. Raises FileRefused when the file holds no table."""
