"""Code 128 and GS1-128: what a text becomes, for printers that draw bars themselves and for pages where we do."""

from __future__ import annotations

import re
from dataclasses import dataclass

FNC1 = "\xf1"
QUIET_MODULES = 10

_START_B, _START_C, _FNC1, _STOP = 104, 105, 102, 106
_DIGIT_PAIRS = re.compile("\xf1?(?:[0-9]{2}\xf1?)+").fullmatch
_ENCODABLE = re.compile("[ -~\xf1]+").fullmatch

_ELEMENTS = re.compile(r"\(([0-9]{2,4})\)([^()]+)")
_FIXED_LENGTH = frozenset(f"{key:02}" for key in (*range(5), *range(11, 21), *range(31, 37), 41))

_PATTERNS = re.findall(
    "[0-9]+",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112",
)


@dataclass(frozen=True, slots=True)
class Code128:
    """An encoded text: `modules` wide without quiet zones; `field` is what a ZPL printer is told.

    Digits alone are packed in pairs (code set C), everything else stands in code set B throughout: what printers make
    of a change of sets within a code differs, and we must know how wide it gets.
    """

    data: str
    modules: int
    field: str

    @property
    def values(self) -> tuple[int, ...]:
        """The symbol values with start, check and stop."""
        if _DIGIT_PAIRS(self.data):
            pieces = re.findall("\xf1|..", self.data)
            values = [_START_C, *(_FNC1 if piece == FNC1 else int(piece) for piece in pieces)]
        else:
            values = [_START_B, *(_FNC1 if letter == FNC1 else ord(letter) - 32 for letter in self.data)]
        check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
        return (*values, check, _STOP)

    def bars(self) -> list[tuple[int, int]]:
        """Each black bar as (first module, modules wide)."""
        bars, place = [], 0
        for value in self.values:
            for index, digit in enumerate(_PATTERNS[value]):
                if index % 2 == 0:
                    bars.append((place, int(digit)))
                place += int(digit)
        return bars


def encode(data: str) -> Code128 | None:
    """The code for printable ASCII and FNC1; None for what it cannot hold."""
    if not _ENCODABLE(data):
        return None
    if _DIGIT_PAIRS(data):
        separators = data.count(FNC1)
        symbols = (len(data) - separators) // 2 + separators
        start = ">;"
    else:
        symbols, start = len(data), ">:"
    field = data.replace(">", ">0").replace(FNC1, ">8")
    return Code128(data, 11 * (symbols + 2) + 13, start + field)


def gs1_data(elements: str) -> str:
    """The data of a bracketed GS1 element string, with FNC1 in front and after each value of open length.

    Raises ValueError when it is not of the form (01)09501101530003(10)AB-123.
    """
    found = _ELEMENTS.findall(elements)
    if not found or "".join(f"({key}){value}" for key, value in found) != elements:
        raise ValueError(f"not a GS1 element string: {elements!r}")
    last = len(found) - 1
    return FNC1 + "".join(
        key + value + (FNC1 if place < last and key[:2] not in _FIXED_LENGTH else "")
        for place, (key, value) in enumerate(found)
    )
