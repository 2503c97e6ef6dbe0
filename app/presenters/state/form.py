"""A small form beside what it is about: fields with what is wrong beside them, and its two buttons."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.state import parts


@dataclass(frozen=True, slots=True)
class Form:
    """A question with fields. `name` makes the same form keep its cursor; `tabs` choose what it is about.

    `wrong` says what is wrong with the whole of it; what is wrong with one field stands in that field. `beside` names
    fields that share a row with the one before. One that always stands beside its list does not ask: the cursor goes
    to its fields by `/` or Tab only, so that the letters and digits of the screen go on working.
    """

    name: str
    title: str
    detail: str = ""
    fields: tuple[parts.Field, ...] = ()
    tabs: tuple[parts.Tab, ...] = ()
    commands: tuple[parts.Command, ...] = ()
    wrong: str = ""
    beside: tuple[str, ...] = ()
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """What was done, refused or failed. It stays until acknowledged or followed by another."""

    words: str
    family: parts.Family
    icon: str
    detail: str = ""
    commands: tuple[parts.Command, ...] = ()
