"""Which open line is closest to a wrong item, and which characters of the two codes differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FARTHEST = 2


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two codes side by side: how many edits apart, and the places in each that are not in the other."""

    scanned: str
    wanted: str
    distance: int
    scanned_marks: tuple[int, ...]
    wanted_marks: tuple[int, ...]


def compare(scanned: str, wanted: str, farthest: int = FARTHEST) -> Likeness | None:
    """How alike two codes are; None when more than `farthest` insertions, deletions or replacements apart.

    Upper and lower case count as the same: a clerk does not see the difference on a shelf.
    """
    left, right = scanned.casefold(), wanted.casefold()
    if len(left) != len(scanned) or len(right) != len(wanted):
        left, right = scanned, wanted
    if abs(len(left) - len(right)) > farthest:
        return None
    table = _distances(left, right)
    distance = table[len(left)][len(right)]
    if distance > farthest:
        return None
    return Likeness(scanned, wanted, distance, *_marks(left, right, table))


def closest(scanned: str, wanted: Iterable[str], farthest: int = FARTHEST) -> Likeness | None:
    """The most alike of the wanted codes, the first of equals; None when none is near enough."""
    best: Likeness | None = None
    for code in wanted:
        found = compare(scanned, code, farthest if best is None else best.distance - 1)
        if found is not None:
            best = found
            if found.distance <= 0:
                break
    return best


def _distances(left: str, right: str) -> list[list[int]]:
    """Edit distances of all beginnings."""
    table = [
        [row + column if 0 in (row, column) else 0 for column in range(len(right) + 1)] for row in range(len(left) + 1)
    ]
    for row in range(1, len(left) + 1):
        for column in range(1, len(right) + 1):
            change = 0 if left[row - 1] == right[column - 1] else 1
            table[row][column] = min(
                table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + change
            )
    return table


def _marks(left: str, right: str, table: list[list[int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Walks the table back, taking a replacement before an insertion so that marks stand below each other."""
    left_marks: list[int] = []
    right_marks: list[int] = []
    row, column = len(left), len(right)
    while row or column:
        here = table[row][column]
        same = bool(row and column) and left[row - 1] == right[column - 1]
        if row and column and table[row - 1][column - 1] == here - (0 if same else 1):
            row, column = row - 1, column - 1
            if not same:
                left_marks.append(row)
                right_marks.append(column)
        elif row and table[row - 1][column] == here - 1:
            row -= 1
            left_marks.append(row)
        else:
            column -= 1
            right_marks.append(column)
    return tuple(reversed(left_marks)), tuple(reversed(right_marks))
