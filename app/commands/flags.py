"""Numbers on the command line: what is no number, or too great a one, is told in a sentence with its bounds."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable

from app.domain.words import say

DAY_SECONDS = 86_400


def number_of(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number from `least` to `most`. What it gives raises ArgumentTypeError for any other text."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(say("cli.no_number", text=text, least=least, most=most))
        return number

    return read


def seconds(text: str) -> float:
    """Reads a time of at most a day. Raises ArgumentTypeError for any other text."""
    try:
        read = float(text)
    except ValueError:
        read = math.nan
    if not 0 <= read <= DAY_SECONDS:
        raise ArgumentTypeError(say("cli.no_seconds", text=text, most=DAY_SECONDS))
    return read
