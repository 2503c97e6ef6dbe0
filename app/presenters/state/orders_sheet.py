"""What a full page of Orders shows: an order with all that happened to it, a customer with all orders."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts
from app.presenters.state.form import Form, Notice


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title with a chip and a line below it, facts, tabs with a list each, a form beside it, and commands.

    `back` is where Esc leads; `name` tells one page from the next, so that each begins at its top.
    """

    name: str
    title: str
    back: parts.Command
    table: parts.Table
    chip: parts.Chip | None = None
    line: str = ""
    facts: tuple[parts.Fact, ...] = ()
    tabs: tuple[parts.Tab, ...] = ()
    form: Form | None = None
    commands: tuple[parts.Command, ...] = ()
    notice: Notice | None = None
