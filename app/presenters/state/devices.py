"""What the devices screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class RawByte:
    """One byte as it arrived: its two hexadecimal digits, and its sign or the name of the control character."""

    digits: str
    sign: str
    control: bool = False


@dataclass(frozen=True, slots=True)
class JobRow:
    """A print job and where it stands."""

    number: str
    words: str
    chip: parts.Chip


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device, live. A scanner shows `raw` and `facts`, a scale `value` and `trend`, a printer `jobs`.

    `trouble` says in a sentence what is wrong and what to do; `chosen` is the card that keys speak to.
    """

    key: str
    head: parts.CardHead
    uri: str
    title: str = ""
    when: str = ""
    raw: tuple[RawByte, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    value: str = ""
    unit: str = ""
    trend: tuple[float, ...] = ()
    jobs: tuple[JobRow, ...] = ()
    note: str = ""
    trouble: str = ""
    buttons: tuple[parts.Command, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a test found out."""

    words: str
    detail: str
    family: parts.Family
    icon: str


@dataclass(frozen=True, slots=True)
class TestScan:
    """A code to scan off the screen, and what arrived of it."""

    head: parts.CardHead
    code: str
    title: str
    detail: str
    checks: tuple[Check, ...] = ()
    waits: str = ""


@dataclass(frozen=True, slots=True)
class PanelPart:
    """A heading, what is said below it, and the choices that belong to it."""

    title: str
    detail: str
    choices: tuple[parts.Choice, ...] = ()
    icon: str = ""
    warn: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands at the side in place of test scan and log: found devices, or what a printer can be told."""

    head: parts.CardHead
    sections: tuple[PanelPart, ...]
    more: parts.Command | None = None
    back: parts.Command | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices screen. It blocks nothing."""

    title: str
    chip: parts.Chip
    cards: tuple[DeviceCard, ...]
    test: TestScan
    log_head: parts.CardHead
    log: tuple[parts.TimeEntry, ...]
    commands: parts.CommandBar
    panel: Panel | None = None
    said: str = ""
    none: str = ""

    @property
    def frame(self) -> parts.Family | None:
        """No frame, ever."""
        return None
