"""What the line of a scanner shows that does another station's work on this computer."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state.basics import Family


@dataclass(frozen=True, slots=True)
class GuestLine:
    """One scanner: its station, who works with it, what it was answered; `blocked` until its OK card is scanned."""

    name: str
    operator: str
    words: str
    family: Family = Family.TODO
    icon: str = "barcode"
    blocked: bool = False
