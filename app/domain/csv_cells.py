"""Text from outside in a cell of a table that somebody opens with a spreadsheet: it stays text."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-]?[\d ()./\-]*")


def cell(words: str) -> str:
    """The words as they are; with an apostrophe before what a spreadsheet would run as a formula.

    Phone numbers and the like begin as a formula does, but hold nothing that could do anything.
    """
    return f"'{words}" if _COMMAND.match(words) and not _NUMBER.fullmatch(words) else words
