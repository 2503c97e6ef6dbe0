"""The states of what people press and type into: commands, choices, fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.presenters.state.basics import Kind


@dataclass(frozen=True, slots=True)
class Command:
    """One command: a code that can be scanned off the screen, words, a key. With a `reason` it may not be used.

    `right` puts it at the right end of the bar, behind the gap.
    """

    code: str
    words: str
    key: str = ""
    hint: str = ""
    kind: Kind = Kind.PLAIN
    reason: str = ""
    icon: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: plate, words, key. With a `reason` it may not be chosen."""

    code: str
    words: str
    detail: str = ""
    key: str = ""
    icon: str = ""
    picture: str = ""
    chosen: bool = False
    reason: str = ""
    detail_is_code: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A text field: its name for gestures, label, text, and what is wrong with it."""

    name: str
    label: str
    text: str = ""
    hint: str = ""
    wrong: str = ""
    secret: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class CommandBar:
    """The commands of a screen, at most five."""

    commands: tuple[Command, ...] = field(default=())
    more_words: str = ""
