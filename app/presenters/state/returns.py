"""What the returns screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class Sold:
    """A line that was sold: how many of it are back, and the words after that number ("of 2 back")."""

    picture: str
    name: str
    sku: str
    back: str
    of: str
    chosen: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class SoldCard:
    """All lines of the order, and what the customer wrote."""

    head: parts.CardHead
    lines: tuple[Sold, ...]
    note_label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """The unit in hand; without a name only `words` say what to do."""

    head: parts.CardHead
    picture: str = ""
    name: str = ""
    sku: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three decisions: its name, what it asks, where it stands, its answers."""

    name: str
    words: str
    stage: parts.Stage
    choices: tuple[parts.Choice, ...]


@dataclass(frozen=True, slots=True)
class RefundLine:
    """An amount and what it is for; a quiet one is not decided yet."""

    words: str
    amount: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class UnitChip:
    """A unit and how far it is."""

    title: str
    words: str
    stage: parts.Stage


@dataclass(frozen=True, slots=True)
class RefundCard:
    """The refund as it grows: lines, sum, units, and what bounds it."""

    head: parts.CardHead
    lines: tuple[RefundLine, ...]
    label: str
    amount: str
    currency: str
    units: tuple[UnitChip, ...] = ()
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Inspect:
    """A return is open: what was sold, the unit in hand with its three decisions, the refund."""

    sold: SoldCard
    hand: Hand
    questions: tuple[Question, ...]
    refund: RefundCard


@dataclass(frozen=True, slots=True)
class Compare:
    """What was scanned beside what was sold."""

    hand: parts.FacingCard
    wanted: parts.FacingCard


@dataclass(frozen=True, slots=True)
class Asking:
    """A code that names several things."""

    panel: parts.ScanPanel
    sold: SoldCard


@dataclass(frozen=True, slots=True)
class Finished:
    """The return is inspected: where each unit went, and the refund."""

    head: parts.CardHead
    units: parts.Table
    refund: RefundCard


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is open: what can be scanned, and the returns that wait."""

    panel: parts.ScanPanel
    head: parts.CardHead
    returns: parts.Table


NO_COMMANDS = parts.CommandBar()
Body = Idle | Inspect | Compare | Asking | Finished


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns screen. With `ack` it blocks: the bar takes the place of the commands and the frame stands around."""

    banner: parts.Banner
    body: Body
    commands: parts.CommandBar = NO_COMMANDS
    ack: parts.AckBar | None = None

    @property
    def frame(self) -> parts.Family | None:
        """The family of the frame around the work area, for the shell."""
        return self.banner.family if self.banner.blocking else None
