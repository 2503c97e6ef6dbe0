"""Marks inside a sentence: what is strong, what is a code, what is a key.

The marks are characters of the private use area; a value that goes through `strong`, `code`, `key` or `plain` loses
its own, so that nothing typed elsewhere can make or end one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

STRONG, CODE, KEY, END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = str.maketrans("", "", STRONG + CODE + KEY + END)
_PIECE = re.compile(f"([{STRONG}{CODE}{KEY}])([^{END}]*){END}")


class Mark(StrEnum):
    """How a run of a sentence looks."""

    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a sentence with one look."""

    words: str
    mark: Mark = Mark.PLAIN


_BY_SIGN = {STRONG: Mark.STRONG, CODE: Mark.CODE, KEY: Mark.KEY}


def strong(value: object) -> str:
    """A value that stands out in its sentence."""
    return f"{STRONG}{plain(str(value))}{END}"


def code(value: object) -> str:
    """A value that is compared character by character: it never breaks and is set in Mono."""
    return f"{CODE}{plain(str(value))}{END}"


def key(value: str) -> str:
    """The name of a key, drawn as a key."""
    return f"{KEY}{plain(value)}{END}"


def plain(sentence: str) -> str:
    """The sentence without marks, as a screen reader says it."""
    return sentence.translate(_MARKS)


def runs(sentence: str) -> tuple[Run, ...]:
    """The sentence cut at its marks."""
    found: list[Run] = []
    at = 0
    for piece in _PIECE.finditer(sentence):
        if piece.start() > at:
            found.append(Run(plain(sentence[at : piece.start()])))
        found.append(Run(piece.group(2), _BY_SIGN[piece.group(1)]))
        at = piece.end()
    if at < len(sentence):
        found.append(Run(plain(sentence[at:])))
    return tuple(found)
