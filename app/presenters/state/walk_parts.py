"""The states of the parts of a walk: the cart and the plan of the floor."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state.basics import Stage


@dataclass(frozen=True, slots=True)
class CartSlot:
    """A tote's place on the cart."""

    number: str
    tote: str = ""
    active: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Cart:
    """The real layout of a cart, row by row from the top."""

    slots: tuple[CartSlot, ...]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class MapStop:
    """A stop of the walk at `x`, `y`; `bin_left` fills the bin at the left of the aisle."""

    number: str
    x: float
    y: float
    stage: Stage = Stage.LATER
    bin_left: bool = True


@dataclass(frozen=True, slots=True)
class MapRack:
    """A rack: left, top, width, height, and how many bays it has."""

    x: float
    y: float
    width: float
    height: float
    bays: int = 8


@dataclass(frozen=True, slots=True)
class MapWords:
    """Words on the map around `x`, `y`; `boxed` for a depot, `hot` for the aisle to go to."""

    words: str
    x: float
    y: float
    boxed: bool = False
    hot: bool = False


Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FloorMap:
    """A plan of the floor in its own units (`width` by `height`): racks, the three parts of the walk, stops, here."""

    width: float
    height: float
    racks: tuple[MapRack, ...] = ()
    words: tuple[MapWords, ...] = ()
    walked: Points = ()
    leg: Points = ()
    rest: Points = ()
    stops: tuple[MapStop, ...] = ()
    here: tuple[float, float] | None = None
    said: str = ""
