"""Recognises a known code in what a scanner and a keyboard layout made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, unique

from app.domain.keyboard_layouts import Layout, as_seen, other_shift, undo

_GS = "\x1d"
_HEAD_MOST = 12
_BETWEEN_MOST = 8
_LEAST_SHARE = 0.6
"""So much of a code must have arrived for it to be known again."""


@unique
class Fold(StrEnum):
    """What became of the letters."""

    KEEP = "keep"
    SWAP = "swap"  # Caps Lock
    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Typing:
    """One way in which a scan reaches us changed."""

    layout: Layout = Layout.US
    fold: Fold = Fold.KEEP

    def seen(self, text: str) -> str:
        """What arrives of this text."""
        match self.fold:
            case Fold.KEEP:
                return as_seen(self.layout, text)
            case Fold.SWAP:
                return as_seen(self.layout, _locked(self.layout, text))
            case Fold.UPPER:
                return as_seen(self.layout, text.upper())
            case Fold.LOWER:
                return as_seen(self.layout, text.lower())

    def meant(self, text: str) -> str:
        """The text that was sent, as far as it can be known."""
        plain = undo(self.layout, text)
        return _locked(self.layout, plain) if self.fold is Fold.SWAP else plain


def _locked(layout: Layout, text: str) -> str:
    """The same keys with Caps Lock on: on French keyboards it shifts all of them."""
    if layout in (Layout.FR, Layout.FR_BE):
        return "".join(map(other_shift, text))
    return text.swapcase()


@dataclass(frozen=True, slots=True)
class Match:
    """A known code found in a scan: what stood before it, what between its pieces, how many characters are missing.

    `head` and `between` are as they were sent, not as they were shown.
    """

    typing: Typing
    head: str = ""
    between: str = ""
    lost: int = 0


def match(pieces: tuple[str, ...], body: str, typing: Typing, heads: tuple[str, ...] = ()) -> Match | None:
    """The code of these pieces in a scan that was typed like this; None where it is not.

    `heads` are what stood before other codes, as sent: a scan with missing characters may begin with them too.
    """
    shown = [typing.seen(piece) for piece in pieces]
    between = f"(.{{0,{_BETWEEN_MOST}}}?)"
    found = re.fullmatch(f"(.{{0,{_HEAD_MOST}}}?)" + between.join(map(re.escape, shown)), body, re.DOTALL)
    if found is not None:
        head, *gaps = found.groups()
        return Match(typing, typing.meant(head), typing.meant(gaps[0]) if gaps else "")
    whole = "".join(shown)
    for head in ("", *heads):
        rest = body.removeprefix(typing.seen(head)).replace(_GS, "")
        if len(rest) >= _LEAST_SHARE * len(whole) and _inside(rest, whole):
            return Match(typing, head, "", len(whole) - len(rest))
    return None


def _inside(part: str, whole: str) -> bool:
    """Whether all characters of the part stand in the whole, in this order."""
    rest = iter(whole)
    return all(sign in rest for sign in part)
