"""What the first run needs done by whoever knows files, servers and looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.models.database import Database

Progress = Callable[[int, int], None]
"""Called with how much is done, of how much; from any thread."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A database that work can begin on. `badge` signs its owner in, where the first run made or knows one."""

    url: str
    badge: str = ""
    station: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that answers and has the tables. `set_up` says whether somebody can sign in there already;
    `stations` are the names of the workplaces that it knows."""

    url: str
    database: Database
    set_up: bool
    stations: tuple[str, ...] = ()


class DatabaseChoice(Protocol):
    """Makes and tries databases. Each raises PickwickError with a sentence that says what to do."""

    def sample(self, progress: Progress) -> Ready:
        """Makes the sample warehouse anew, and gives the badge of somebody who works there."""

    def empty(self) -> Opened:
        """Makes the embedded database, with its tables and without rows."""

    def join(self, url: str, update: bool = False) -> Opened:
        """Tries a shared database: it must answer, and be of this version; tables are made when it is empty.

        One that is older is brought up to date, with a backup, when `update` says so; else `database.older` is raised.
        """

    def keep(self, ready: Ready) -> None:
        """Remembers this database for the next start."""


class Looks(Protocol):
    """Theme and sound volume of this station, before it has a database."""

    def next_theme(self) -> None:
        """Light, dark, light."""

    def next_volume(self) -> int:
        """The next volume in per cent: 80, 100, 20, 40, 60."""

    @property
    def volume(self) -> int:
        """The volume in per cent."""
