"""Devices that are plugged in here and that this station does not use yet: what each could be, and trying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Use(StrEnum):
    """What a found device can be set up as; the value is the station's setting that keeps its address."""

    SCANNER = "scanner"
    SCALE = "scale"
    LABELS = "printer"
    PAPER = "paper_printer"


@dataclass(frozen=True, slots=True)
class FoundUse:
    """One thing that a found device could be, and the address that it would have as that."""

    use: Use
    uri: str


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device and what it could be. `where` says how it is connected; `trouble` why it can't be used, if so."""

    name: str
    where: str
    uses: tuple[FoundUse, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying: the address to keep, empty when it is of no use; the sentence says what was seen."""

    uri: str
    words: str


class Going(Protocol):
    """How somebody who tries a device for long hears that it is given up, and says how far it is; on any thread."""

    def over(self, seconds: float) -> bool:
        """Waits so long at most; True when it is given up."""

    def tell(self, words: str) -> None:
        """What is tried just now."""


class DeviceFinder(Protocol):
    """Looks for devices and tries them, behind; answers come on the presenter's thread."""

    def look(self, then: Callable[[tuple[FoundDevice, ...]], None]) -> None:
        """What is plugged in now and not used; `then` is not called while an earlier look still runs."""

    def try_out(self, use: FoundUse, then: Callable[[Tried], None], told: Callable[[str], None]) -> Callable[[], None]:
        """Opens a device and asks it something, which may take half a minute; `told` hears what is tried just now.

        Gives what stops it: then the device is closed, and `then` hears that nothing came of it.
        """
