"""What the lead's floor screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.form import Notice
from app.presenters.state.parts import Family

NO_HEAD = parts.CardHead("")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the largest type, with two quiet lines at the right and a bar of its family below."""

    words: str
    value: str
    lines: tuple[str, ...] = ()
    family: Family = Family.TODO


@dataclass(frozen=True, slots=True)
class Hour:
    """One column of the chart: what was, this hour so far, or what is still to come."""

    label: str
    parcels: int
    stage: parts.Stage = parts.Stage.DONE


@dataclass(frozen=True, slots=True)
class Truck:
    """One truck. `out`, `done` and `due` are shares of all that it takes, from 0 to 1."""

    name: str
    time: str
    right: str
    words: str
    out: float = 0.0
    done: float = 0.0
    due: float | None = None
    family: Family | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One person at one station; `line` is what they did hour by hour."""

    key: str
    name: str
    place: str
    doing: str
    chip: parts.Chip
    held: str = ""
    rate: str = ""
    rate_unit: str = ""
    line: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs the lead, with its one decision."""

    title: str
    detail: str
    icon: str
    family: Family
    command: parts.Command


@dataclass(frozen=True, slots=True)
class Decision:
    """The answers to one need; it takes the place of the list until one is chosen."""

    title: str
    detail: str
    choices: tuple[parts.Choice, ...]
    back: parts.Command


@dataclass(frozen=True, slots=True)
class Floor:
    """The lead's floor. `columns` are the heads of the list of people."""

    figures: tuple[Figure, ...] = ()
    hours_head: parts.CardHead = NO_HEAD
    hours: tuple[Hour, ...] = ()
    trucks_head: parts.CardHead = NO_HEAD
    trucks: tuple[Truck, ...] = ()
    no_trucks: str = ""
    people_head: parts.CardHead = NO_HEAD
    columns: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    no_people: str = ""
    needs_head: parts.CardHead = NO_HEAD
    needs: tuple[Need, ...] = ()
    no_needs: str = ""
    decision: Decision | None = None
    notice: Notice | None = None
