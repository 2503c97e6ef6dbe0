"""What the pick screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class WherePart:
    """One part of a place, by name; the hot one is what the eye looks for last."""

    label: str
    value: str
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Where to go, in the largest type. `sign` stands between the parts."""

    parts: tuple[WherePart, ...]
    sign: str = "-"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """What to take: the item, how many in the largest type (`count`, then `of`), and its segments."""

    head: parts.CardHead
    picture: str
    name: str
    sku: str
    count: str
    of: str
    have: int = 0
    need: int = 0
    family: parts.Family | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NextStop:
    """A stop that comes later."""

    number: str
    location: str
    name: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk: the plan of the floor where places have coordinates, and the stops that come next."""

    head: parts.CardHead
    map: parts.FloorMap | None
    stops: tuple[NextStop, ...]
    end: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop: where, what, into which slot. At 1024 the walk opens with the key of `map_button`."""

    where: Where
    take: Take
    cart_head: parts.CardHead
    cart: parts.Cart
    walk: Walk
    map_button: parts.Command
    map_open: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """Before the walk: a tote for each slot."""

    where: Where
    cart_head: parts.CardHead
    cart: parts.Cart
    slots_head: parts.CardHead
    slots: parts.Table


@dataclass(frozen=True, slots=True)
class Remedy:
    """What becomes of the missing ones unless another code is scanned."""

    label: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Short:
    """Too few: what was found, then why, then what becomes of the missing ones."""

    head: parts.CardHead
    picture: str
    name: str
    sku: str
    count: str
    of: str
    have: int
    need: int
    note: str
    asked_head: parts.CardHead
    asked: tuple[parts.Choice, ...]
    columns: int
    remedy_head: parts.CardHead
    remedies: tuple[parts.Choice, ...]
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    """What was scanned beside what is wanted."""

    hand: parts.FacingCard
    wanted: parts.FacingCard


@dataclass(frozen=True, slots=True)
class Asking:
    """A code that names several things."""

    panel: parts.ScanPanel
    walk: Walk


@dataclass(frozen=True, slots=True)
class Done:
    """The walk is finished: what to take where."""

    totes_head: parts.CardHead
    totes: parts.Table
    steps_head: parts.CardHead
    steps: tuple[parts.StepCard, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """No walk is open: what can be scanned, and the walks that wait."""

    panel: parts.ScanPanel
    head: parts.CardHead
    lists: parts.Table


NO_COMMANDS = parts.CommandBar()
Body = Idle | Assign | Stop | Short | Compare | Asking | Done


@dataclass(frozen=True, slots=True)
class Pick:
    """The pick screen. With `ack` it blocks: the bar takes the place of the commands and the frame stands around."""

    banner: parts.Banner
    body: Body
    commands: parts.CommandBar = NO_COMMANDS
    ack: parts.AckBar | None = None

    @property
    def frame(self) -> parts.Family | None:
        """The family of the frame around the work area, for the shell."""
        return self.banner.family if self.banner.blocking else None
