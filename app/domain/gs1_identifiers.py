"""The GS1 application identifiers: how long their data are, of which signs, and what must hold of them."""

from __future__ import annotations

import calendar
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache

from app.domain.gs1_table import TABLE

_LETTERS = string.ascii_uppercase
_82 = frozenset(string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_")


class Signs(Enum):
    """Which characters a part may hold."""

    DIGITS = "N"
    CSET82 = "X"
    CSET39 = "Y"
    BASE64 = "Z"


_ALLOWED: dict[Signs, frozenset[str]] = {
    Signs.DIGITS: frozenset(string.digits),
    Signs.CSET82: _82,
    Signs.CSET39: frozenset(_LETTERS + string.digits + "#-/"),
    Signs.BASE64: frozenset(string.ascii_letters + string.digits + "-_="),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an identifier's data: `shortest` to `longest` characters, all of `signs`, passing the `checks`."""

    signs: Signs
    shortest: int
    longest: int
    optional: bool
    checks: tuple[Callable[[str], bool], ...]

    def holds(self, text: str, loose: bool) -> bool:
        """Whether the text fits. `loose` takes any visible character where letters may stand."""
        if not self.shortest <= len(text) <= self.longest:
            return False
        if loose and self.signs is not Signs.DIGITS:
            return text.isprintable()
        return _ALLOWED[self.signs].issuperset(text) and all(check(text) for check in self.checks)


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier.

    `fixed` is the length of data that need no separator, None where one must follow. `qualifiers` are the rows that
    may follow a key in a Digital Link, None for what is no key.
    """

    code: str
    parts: tuple[Part, ...]
    fixed: int | None
    attribute: bool
    qualifiers: tuple[tuple[str, ...], ...] | None

    def accepts(self, value: str, loose: bool = False) -> bool:
        """Whether these data may stand behind this identifier."""
        position, end = 0, len(value)
        for part in self.parts:
            if position == end:
                if part.optional:
                    break
                return False
            piece = value[position : position + part.longest]
            if not part.holds(piece, loose):
                return False
            position += len(piece)
        return position == end


def check_digit(digits: str) -> str:
    """The check digit that belongs behind these digits, for every key of GS1 (GTIN, SSCC, GLN)."""
    total = 0
    weight = 3
    for digit in reversed(digits):
        total += weight * (ord(digit) - 48)
        weight = 4 - weight
    return chr(48 + -total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the text is ASCII digits only and ends with its right check digit."""
    return digits.isascii() and digits.isdigit() and len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def parse_date(text: str) -> date | None:
    """A date YYMMDD; day 00 is the last of the month. None when there is no such day.

    A two-digit year up to 76 is of this century: goods of a warehouse are younger than that.
    """
    if len(text) != 6 or not text.isascii() or not text.isdigit():
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += 2000 if year <= 76 else 1900
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day > last:
        return None
    return date(year, month, day or last)


def _whole_date(text: str) -> bool:
    return text[4:] != "00" and parse_date(text) is not None


def _long_date(text: str) -> bool:
    month, day = int(text[4:6]), int(text[6:])
    return text[:4] != "0000" and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(int(text[:4]), month)[1]


_CHECKS: dict[str, Callable[[str], bool]] = {
    "csum": has_check_digit,
    "zero": lambda text: text == "0" * len(text),
    "yymmd0": lambda text: parse_date(text) is not None,
    "yymmdd": _whole_date,
    "yyyymmdd": _long_date,
    "hhmi": lambda text: text[:2] < "24" and text[2:] < "60",
    "hh": lambda text: text < "24",
    "mi": lambda text: text < "60",
    "ss": lambda text: text < "60",
}


def _part(text: str) -> Part:
    optional = text.startswith("[")
    kind, *checks = text.replace("[", "").replace("]", "").split(",")
    longest = int(kind[1:].lstrip("."))
    shortest = 1 if ".." in kind else longest
    return Part(Signs(kind[0]), shortest, longest, optional, tuple(_CHECKS[check] for check in checks))


def _specifications() -> Iterator[tuple[str, str]]:
    for line in TABLE.splitlines():
        codes, _, rest = line.partition(" ")
        first, _, last = codes.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{number:0{len(first)}d}", rest


_SPECIFICATIONS: dict[str, str] = dict(_specifications())
CODES: tuple[str, ...] = tuple(_SPECIFICATIONS)
"""All identifiers, in their order."""
# The length of an identifier follows from its first two digits.
_LENGTHS: dict[str, int] = {code[:2]: len(code) for code in CODES}


def identifier_of(code: str) -> Identifier | None:
    """The identifier of this code; None when there is none."""
    return _identifier(code) if code in _SPECIFICATIONS else None


def identifier_at(text: str, position: int) -> Identifier | None:
    """The identifier that begins at this place of an element string; None where none does."""
    length = _LENGTHS.get(text[position : position + 2])
    return None if length is None else identifier_of(text[position : position + length])


@cache
def _identifier(code: str) -> Identifier:
    """Taken apart when it is met first: most of the five hundred never are."""
    flags, *words = _SPECIFICATIONS[code].split()
    key = next((word[4:] for word in words if word.startswith("key=")), None)
    rows = None if key is None else tuple(tuple(row.split(",")) for row in key.split("|"))
    parts = tuple(_part(word) for word in words if not word.startswith("key="))
    fixed = sum(part.longest for part in parts) if "*" in flags else None
    return Identifier(code, parts, fixed, "?" in flags, rows)
