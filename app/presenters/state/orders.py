"""What the Orders screen shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.form import Form, Notice

NO_COMMAND = parts.Command("", "")


@dataclass(frozen=True, slots=True)
class Detail:
    """The chosen order. `open` is the main command; with a reason it may not be opened, and says who has it.

    `links` lead to the customer and to all that is known of the order; they stand beside recipient and facts.
    """

    number: str
    chip: parts.Chip
    recipient: str
    address: tuple[str, ...] = ()
    facts: str = ""
    pictures: tuple[str, ...] = ()
    count: str = ""
    note: str = ""
    holds: tuple[parts.Note, ...] = ()
    events: tuple[parts.TimeEntry, ...] = ()
    open: parts.Command = NO_COMMAND
    commands: tuple[parts.Command, ...] = ()
    links: tuple[parts.Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """The panel of filters: a list to choose from, and a name to keep the filter under."""

    title: str
    table: parts.Table
    form: Form | None = None
    commands: tuple[parts.Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Orders:
    """The order queue. At the right stands the form, else the filters, else the detail.

    `opened` lets the right side replace the list where there is room for one only. `earlier` says that the list does
    not begin with the first order, because its end was asked for; `has_end` that its end can be asked for.
    """

    search: parts.Search
    table: parts.Table
    figures: tuple[parts.Figure, ...] = ()
    tabs: tuple[parts.Tab, ...] = ()
    filter: parts.Command = NO_COMMAND
    buttons: tuple[parts.Command, ...] = ()
    detail: Detail | None = None
    filters: Filters | None = None
    form: Form | None = None
    notice: Notice | None = None
    opened: bool = False
    earlier: bool = False
    has_end: bool = False
