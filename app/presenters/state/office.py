"""What the Office shows: one section at a time, each a list with a form beside it."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.first_run import Busy
from app.presenters.state.form import Form, Notice


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the office: facts above, a list, a form beside it, what runs, its commands, tabs of its parts."""

    head: parts.CardHead
    table: parts.Table
    facts: tuple[parts.Fact, ...] = ()
    form: Form | None = None
    busy: Busy | None = None
    commands: tuple[parts.Command, ...] = ()
    inner: tuple[parts.Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The Office."""

    tabs: tuple[parts.Tab, ...]
    section: Section
    notice: Notice | None = None
