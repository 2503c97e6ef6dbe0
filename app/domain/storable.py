"""Texts from outside in a form that both databases keep: no NUL, no half characters, no longer than their column."""

from __future__ import annotations

CUT = "…"
SHORT, LINE = 120, 400
"""How long the columns for names and for lines of text are."""


def storable(text: str, longest: int = 0) -> str:
    """The text as it can be kept; one that is longer than `longest` (0: no bound) ends in a visible cut."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if longest and len(text) > longest:
        return text[: longest - 1] + CUT
    return text


def sku_key(sku: str) -> str:
    """The form in which SKUs are matched: capitals without outer blanks."""
    return storable(sku.strip().upper(), SHORT)
