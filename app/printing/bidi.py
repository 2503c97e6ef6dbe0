"""In which order the pieces of a line are seen when some run from right to left (a plain form of Unicode's rules)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

Piece = TypeVar("Piece")


def levels(pieces: Sequence[str]) -> list[int]:
    """The embedding level of each piece of a line: even ones run left to right, odd ones right to left."""
    kinds = [_kind(piece) for piece in pieces]
    base = next((kind for kind in kinds if kind in "LR"), "L")
    floor = 1 if base == "R" else 0
    strong = base
    for place, kind in enumerate(kinds):
        if kind in "LR":
            strong = kind
        elif kind == "1" and strong == "L":
            kinds[place] = "L"
    directions = _resolve_neutral(kinds, base)
    return [_level(direction, floor) for direction in directions]


def visual_order(pieces: Sequence[Piece], piece_levels: Sequence[int]) -> list[Piece]:
    """The pieces from left to right as they are seen."""
    order = list(range(len(pieces)))
    for level in range(max(piece_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and piece_levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return [pieces[place] for place in order]


def _kind(piece: str) -> str:
    direction = unicodedata.bidirectional(piece[0])
    if direction in ("R", "AL"):
        return "R"
    if direction in ("EN", "AN"):
        return "1"
    return "L" if direction == "L" else "-"


def _resolve_neutral(kinds: list[str], base: str) -> list[str]:
    """Blanks and signs go with their neighbours when those agree, else with the line."""
    places = [-1, *(place for place, kind in enumerate(kinds) if kind != "-"), len(kinds)]
    resolved = list(kinds)
    for before, after in pairwise(places):
        left = base if before < 0 else kinds[before].replace("1", "R")
        right = base if after == len(kinds) else kinds[after].replace("1", "R")
        for place in range(before + 1, after):
            resolved[place] = left if left == right else base
    return resolved


def _level(direction: str, floor: int) -> int:
    if direction == "R":
        return 1
    if direction == "1":
        return 2
    return 2 * floor
