"""GS1 element strings: the pieces that a warehouse acts on, read without ever raising."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.gs1_identifiers import check_digit, has_check_digit, identifier_at, identifier_of, parse_date

__all__ = ["GS", "Elements", "check_digit", "has_check_digit", "parse_bracketed", "parse_date", "parse_elements"]

GS = "\x1d"
# Grams in one unit of a net weight, by the first three digits of its identifier: kilograms, pounds, troy ounces.
_GRAMS = {"310": 1000.0, "320": 453.59237, "356": 31.1034768}
_ESCAPED = "\0"


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
        data = self.first("17", "7003", "16", "15")
        return None if data is None else parse_date(data[:6])

    @property
    def quantity(self) -> int | None:
        """How many units: of a variable count item, or of the trade items inside."""
        data = self.first("37", "30")
        return int(data) if data else None

    @property
    def weight_grams(self) -> int | None:
        """The net weight, rounded to grams."""
        for identifier, data in self.pairs:
            unit = _GRAMS.get(identifier[:3]) if len(identifier) == 4 else None
            if unit is not None:
                return round(int(data) * unit / float(10 ** int(identifier[3])))
        return None


def parse_elements(data: str, *, loose: bool = False) -> Elements | None:
    """The element string after its symbology identifier, with GS between; None when it is not well-formed.

    `loose` also takes signs that GS1 does not allow in a lot, a serial and other free text: makers print them.
    """
    pairs: list[tuple[str, str]] = []
    text = data.removeprefix(GS)
    position, end = 0, len(text)
    while position < end:
        identifier = identifier_at(text, position)
        if identifier is None:
            return None
        start = position + len(identifier.code)
        if identifier.fixed is not None:
            stop = start + identifier.fixed
        else:
            stop = text.find(GS, start)
            stop = end if stop < 0 else stop
        value = text[start:stop]
        if not identifier.accepts(value, loose):
            return None
        pairs.append((identifier.code, value))
        position = stop + 1 if text[stop : stop + 1] == GS else stop
    return Elements(tuple(pairs)) if pairs else None


def parse_bracketed(text: str, *, loose: bool = False) -> Elements | None:
    r"""The form for people, `(01)09506000134352(10)ABC`, a bracket in the data as `\(`; None when not well-formed."""
    if not text.startswith("("):
        return None
    pairs: list[tuple[str, str]] = []
    for piece in text[1:].replace("\\(", _ESCAPED).split("("):
        code, closed, value = piece.replace(_ESCAPED, "(").partition(")")
        identifier = identifier_of(code) if closed else None
        if identifier is None or not identifier.accepts(value, loose):
            return None
        pairs.append((code, value))
    return Elements(tuple(pairs))
