"""What the office changed of an order that is on a bench, as the bench is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from app.domain.work import ItemRef


@unique
class ToDo(StrEnum):
    """One thing that a bench does, or only has to know; its sentences stand under `edits.bench.<value>`."""

    TAKE_OUT = "take_out"  # out of the parcel again: scanned
    LABEL = "label"  # the paper of a voided label: scanned
    LEAVE = "leave"  # stays in the tote
    LESS = "less"
    MORE = "more"
    ADDRESS = "address"
    SERVICE = "service"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class BenchToDo:
    """One of them: of what, how many, how many of those are done, and where it lies (or a tracking number)."""

    kind: ToDo
    item: ItemRef | None = None
    quantity: int = 0
    done: int = 0
    place: str = ""

    @property
    def asks(self) -> bool:
        """Whether it is done by scans that are still wanted."""
        return self.kind in (ToDo.TAKE_OUT, ToDo.LABEL) and self.done < self.quantity


@dataclass(frozen=True, slots=True)
class ChangedWork:
    """All that was changed and not answered yet, who did it last, when, and why.

    `tote` is where goods go back to; without one they are `in_hand` until the shelf that takes them is scanned.
    """

    who: str
    at: datetime | None
    reason: str
    to_do: tuple[BenchToDo, ...] = ()
    tote: str = ""
    in_hand: bool = False

    @property
    def next(self) -> BenchToDo | None:
        """What is to be scanned next; None when it only has to be seen."""
        return next((one for one in self.to_do if one.asks), None)

    @property
    def tells(self) -> bool:
        """Whether somebody who opens the order now must be told: he sees a new address, service or line anyway."""
        return any(one.asks or one.kind in (ToDo.LEAVE, ToDo.MORE) for one in self.to_do)
