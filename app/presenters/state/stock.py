"""What the Stock screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.form import Form, Notice

NO_HEAD = parts.CardHead("")


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of the stock with what it counts."""

    words: str
    value: str
    family: parts.Family = parts.Family.TODO


@dataclass(frozen=True, slots=True)
class Subject:
    """The product or place that was looked up, or what is in hand. `code` says that the title is compared by eye."""

    title: str
    second: str = ""
    picture: str = ""
    icon: str = "stack"
    chips: tuple[parts.Chip, ...] = ()
    sums: tuple[Sum, ...] = ()
    code: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement: what it was, where and who, by how much, when."""

    icon: str
    title: str
    detail: str
    change: str
    time: str


@dataclass(frozen=True, slots=True)
class Stock:
    """The Stock screen. Without a subject the table lists what was found, or is empty."""

    banner: parts.Banner
    table: parts.Table
    commands: parts.CommandBar
    subject: Subject | None = None
    movements_head: parts.CardHead = NO_HEAD
    movements: tuple[Movement, ...] = ()
    form: Form | None = None
    notice: Notice | None = None
    ack: parts.AckBar | None = None
    tabs: tuple[parts.Tab, ...] = ()

    @property
    def frame(self) -> parts.Family | None:
        """The family of the frame around the work area, for the shell."""
        return self.banner.family if self.banner.blocking else None
