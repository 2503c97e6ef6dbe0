"""GS1 element strings and Digital Links: the pieces that a warehouse acts on, read without ever raising."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

GS = "\x1d"
POUND_GRAMS = 453.59237

# Application identifiers whose data have a fixed length and need no separator, by their first two digits.
_FIXED: dict[str, int] = {
    **{"00": 18, "01": 14, "02": 14, "03": 14, "20": 2},
    **{f"1{n}": 6 for n in (1, 2, 3, 5, 6, 7)},
    **{f"3{n}": 6 for n in range(1, 7)},
    "41": 13,
}
# Length of the identifier itself, by its first two digits; those that are not here do not exist.
_AI_LENGTH: dict[str, int] = {
    **dict.fromkeys(("00", "01", "02", "03", "10", "11", "12", "13", "15", "16", "17"), 2),
    **dict.fromkeys(("20", "21", "22", "30", "37"), 2),
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4),
    **{f"9{n}": 2 for n in range(10)},
}
_LONGEST_SHORT = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8}
_LONGEST = 90
_CHECKED = frozenset({"00", "01", "02", "03"})
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_NUMERIC = frozenset({"20", "30", "37"}) | _CHECKED | _DATES


@dataclass(frozen=True, slots=True)
class Elements:
    """What an element string says: pairs of identifier and data in the order they stood."""

    pairs: tuple[tuple[str, str], ...]

    def first(self, *identifiers: str) -> str | None:
        """The data of the first of these identifiers that is there."""
        for wanted in identifiers:
            for identifier, data in self.pairs:
                if identifier == wanted:
                    return data
        return None

    @property
    def expiry(self) -> date | None:
        """The day after which it must not be sold: expiry, else sell by, else best before."""
        for identifier in ("17", "16", "15"):
            data = self.first(identifier)
            if data is not None:
                return parse_date(data)
        return None

    @property
    def quantity(self) -> int | None:
        """How many units: of a variable count item, or of the trade items inside."""
        data = self.first("37", "30")
        return int(data) if data else None

    @property
    def weight_grams(self) -> int | None:
        """The net weight, rounded to grams."""
        for identifier, data in self.pairs:
            if identifier.startswith(("310", "320")):
                unit = 1000.0 if identifier.startswith("310") else POUND_GRAMS
                return round(int(data) * unit / float(10 ** int(identifier[3])))
        return None


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


def parse_elements(data: str) -> Elements | None:
    """The element string after its symbology identifier, with GS between; None when it is not well-formed."""
    pairs: list[tuple[str, str]] = []
    text = data.removeprefix(GS)
    position, end = 0, len(text)
    while position < end:
        prefix = text[position : position + 2]
        length = _AI_LENGTH.get(prefix)
        if length is None:
            return None
        identifier = text[position : position + length]
        start = position + length
        fixed = _FIXED.get(prefix)
        if fixed is not None:
            stop = start + fixed
        else:
            stop = text.find(GS, start)
            stop = end if stop < 0 else stop
        value = text[start:stop]
        if not _sound(identifier, value, fixed):
            return None
        pairs.append((identifier, value))
        position = stop + 1 if text[stop : stop + 1] == GS else stop
    return Elements(tuple(pairs)) if pairs else None


def parse_bracketed(text: str) -> Elements | None:
    """The form for people, `(01)09506000134352(10)ABC`; None when it is not well-formed."""
    if not text.startswith("("):
        return None
    pairs: list[tuple[str, str]] = []
    for piece in text[1:].replace("\\(", "\0").split("("):
        identifier, closed, value = piece.replace("\0", "(").partition(")")
        if not closed or _AI_LENGTH.get(identifier[:2]) != len(identifier):
            return None
        if not _sound(identifier, value, _FIXED.get(identifier[:2])):
            return None
        pairs.append((identifier, value))
    return Elements(tuple(pairs))


def parse_link(url: str) -> Elements | None:
    """A GS1 Digital Link; None for any other address."""
    lowered = url[:8].lower()
    if not lowered.startswith(("http://", "https://")):
        return None
    path, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    pieces = path.split("/")[1:]
    pairs = list(_link_pairs(pieces))
    if not pairs:
        return None
    for term in query.replace(";", "&").split("&"):
        identifier, given, value = term.partition("=")
        if given and identifier.isdigit() and _AI_LENGTH.get(identifier[:2]) == len(identifier):
            pairs.append((identifier, unquote(value)))
    sound = tuple(pair for pair in pairs if _sound(pair[0], pair[1], _FIXED.get(pair[0][:2])))
    return Elements(sound) if sound and sound[0] == pairs[0] else None


def _link_pairs(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a path, from the last primary key on: `stem/01/<gtin>/10/<lot>`."""
    for start in range(len(pieces) - 2, -1, -1):
        if pieces[start] in ("00", "01") and pieces[start + 1].isdigit():
            rest = pieces[start:]
            for identifier, value in zip(rest[::2], rest[1::2], strict=False):
                if not identifier.isdigit() or _AI_LENGTH.get(identifier[:2]) != len(identifier):
                    return
                plain = unquote(value)
                yield identifier, plain.zfill(14) if identifier == "01" and len(plain) in (8, 12, 13) else plain
            return


def _sound(identifier: str, value: str, fixed: int | None) -> bool:
    """Whether identifier and data fit each other: lengths, digits, check digit, a day that exists."""
    if not (identifier.isascii() and identifier.isdigit()) or not value or not value.isprintable():
        return False
    if fixed is not None:
        if len(value) != fixed:
            return False
    elif len(value) > _LONGEST_SHORT.get(identifier, _LONGEST):
        return False
    if identifier in _NUMERIC or identifier[:2] in _FIXED:
        if not (value.isascii() and value.isdigit()):
            return False
        if identifier in _CHECKED:
            return has_check_digit(value)
        if identifier in _DATES:
            return parse_date(value) is not None
    return True
