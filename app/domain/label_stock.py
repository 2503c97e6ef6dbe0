"""What is in a printer: labels of a size, and how it knows where one ends; told in the printer's address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from app.domain.documents import LABEL_4X6

NARROWEST, WIDEST, LONGEST = 10.0, 230.0, 990.0
"""Of labels, in millimetres: what label printers take."""
WIDEST_GAP = 30.0
ALIKE_MM = 3.0
"""Labels of 4 inches are sold as 100, 101.6 and 102 mm: so much apart they are the same to a document."""
_SIZE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)x(\d{1,3}(?:\.\d{1,2})?)").fullmatch
_LENGTH = re.compile(r"\d{1,2}(?:\.\d{1,2})?").fullmatch


class Media(StrEnum):
    """How a printer knows where a label ends."""

    GAP = "gap"
    MARK = "mark"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Stock:
    """Labels of so many millimetres. Without `media` the printer's own setting counts, where its language has one.

    `gap` is between two labels, or the height of the black mark.
    """

    width: float = LABEL_4X6.width
    height: float = LABEL_4X6.height
    media: Media | None = None
    gap: float = 3.0

    @property
    def words(self) -> str:
        """The size for people."""
        return f"{self.width:g} × {self.height:g} mm"

    def takes_what_is_made_for(self, other: Stock) -> bool:
        """Whether a document for the other labels fits these; on a roll without ends the width alone decides."""
        endless = self.media is Media.CONTINUOUS
        return abs(self.width - other.width) <= ALIKE_MM and (endless or abs(self.height - other.height) <= ALIKE_MM)


STANDARD = Stock()


def size_of(text: str) -> tuple[float, float] | None:
    """Width and height of `102x152`; None for what is no size of labels."""
    found = _SIZE(text)
    if found is None:
        return None
    width, height = float(found[1]), float(found[2])
    fits = NARROWEST <= width <= WIDEST and NARROWEST <= height <= LONGEST
    return (width, height) if fits else None


def gap_of(text: str) -> float | None:
    """Millimetres of a gap; None for what is none."""
    return float(text) if _LENGTH(text) and float(text) <= WIDEST_GAP else None


def media_of(text: str) -> Media | None:
    """The kind of media of this name; None where there is none."""
    return next((one for one in Media if one.value == text), None)


def stock_of(uri: str) -> Stock:
    """What a printer's address says of its labels; what it does not say, or says wrongly, is as usual."""
    told = parse_qs(uri.partition("?")[2])
    size = size_of(told.get("size", [""])[-1]) or (STANDARD.width, STANDARD.height)
    gap = gap_of(told.get("gap", [""])[-1])
    return Stock(*size, media_of(told.get("media", [""])[-1]), STANDARD.gap if gap is None else gap)


def dots_of(uri: str) -> int:
    """The dots an inch that a printer's address says."""
    told = parse_qs(uri.partition("?")[2]).get("dpi", ["203"])[-1]
    return int(told) if told.isascii() and told.isdigit() else 203
