"""What the scanner doctor shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.devices import RawByte


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of the sheet: its number, what it shows, and what became of it."""

    number: str
    words: str
    family: parts.Family = parts.Family.TODO
    icon: str = "circle-dashed"
    now: bool = False


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One thing that was found, and what to do about it; no advice where nothing is to be done."""

    words: str
    advice: str
    family: parts.Family
    icon: str


@dataclass(frozen=True, slots=True)
class Doctor:
    """The scanner doctor: one order at a time; what arrived; at the end what was found.

    While `keys` is true the scanner types: its keys are recorded as they come, with the time between them.
    """

    banner: parts.Banner
    codes_head: parts.CardHead
    codes: tuple[CodeRow, ...]
    right_head: parts.CardHead
    text: str
    raw: tuple[RawByte, ...]
    verdict: FindingRow | None
    found: tuple[FindingRow, ...]
    setting: tuple[str, str]
    commands: parts.CommandBar
    keys: bool = False

    @property
    def frame(self) -> parts.Family | None:
        """No frame, ever."""
        return None
