"""What the window around every page shows: places, lamps, who works here."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state.basics import Family, LampState


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the station, as it stands in the rail. With a `reason` it may not be entered."""

    code: str
    words: str
    icon: str
    key: str
    active: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A device's health. `short` is what remains when the strip is narrow; empty leaves icon and tick."""

    name: str
    icon: str
    words: str
    state: LampState = LampState.OK
    short: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The status strip: station, operator, lamps in their fixed order, the clock of the warehouse."""

    station: str
    operator: str
    lamps: tuple[Lamp, ...] = ()
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    """The places of the station and the help place at the foot."""

    places: tuple[Place, ...]
    foot: Place | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """The whole window: without a rail before sign-in and on first run; `page` names the page shown.

    `frame` puts the 6 px border of a blocking state around the work area.
    """

    page: str
    strip: Strip
    rail: Rail | None = None
    frame: Family | None = None
    title: str = "Pickwick"
