"""What a measurement is told, and how it says what it does meanwhile."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Context:
    """The database to measure on, how many orders it holds, and a folder for whatever else is needed.

    `share` makes everything smaller (1 is whole), for a trial run.
    """

    url: str
    orders: int
    folder: Path
    share: float = 1.0

    @property
    def kind(self) -> str:
        """The database in a word."""
        return "SQLite" if self.url.startswith("sqlite") else "PostgreSQL"

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded one."""
        return self.url.startswith("sqlite")

    def times(self, whole: int, least: int = 3) -> int:
        """So many of something, fewer in a trial run."""
        return max(least, round(whole * self.share))


def say(words: str) -> None:
    """Tells the person who waits; results go elsewhere."""
    print(f"  {words}", file=sys.stderr, flush=True)
