"""What the first run shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.form import Form, Notice


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: a card with a key, some ticks, sometimes a field, and its button."""

    key: str
    icon: str
    title: str
    detail: str
    ticks: tuple[str, ...]
    button: parts.Command
    field: parts.Field | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """Something is being made; without `of` nobody knows how long."""

    words: str
    have: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Badge:
    """The first badge: whose it is, and the code that signs in."""

    name: str
    role: str
    code: str
    advice: str


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The first run: three ways in, or the form of a new warehouse, or what is being made, or the first badge."""

    title: str
    detail: str
    ways: tuple[Way, ...] = ()
    form: Form | None = None
    busy: Busy | None = None
    badge: Badge | None = None
    commands: tuple[parts.Command, ...] = ()
    looks: tuple[parts.Command, ...] = ()
    foot: str = ""
    notice: Notice | None = None
