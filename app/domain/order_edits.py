"""What somebody wants of an order's lines, against what they are: how many more, how many fewer, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_UNITS = 100_000
"""More of one line is taken for a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line as it stands: units that are due (ordered, less cancelled and done elsewhere), and shipped ones."""

    line_id: int
    sku: str
    product_id: int | None
    due: int
    shipped: int = 0


@dataclass(frozen=True, slots=True)
class LineWish:
    """How many units of a line shall be due, the shipped ones among them."""

    line_id: int
    due: int


@dataclass(frozen=True, slots=True)
class NewLine:
    """A product that shall be added: units, and the price of one in minor units."""

    product_id: int
    quantity: int
    unit_price: int = 0


@dataclass(frozen=True, slots=True)
class LineEdit:
    """So many units more (or, below 0, fewer) of a line."""

    line: LineNow
    difference: int


@dataclass(frozen=True, slots=True)
class EditFault:
    """Why wishes can't be: a code with the SKU that it is about and a number."""

    code: str
    sku: str = ""
    number: int = 0


def line_edits(
    now: Sequence[LineNow], wishes: Sequence[LineWish], new: Sequence[NewLine]
) -> list[LineEdit] | EditFault:
    """The lines that change; what is refused instead: an unknown line, fewer than have left, too many, no change."""
    known = {line.line_id: line for line in now}
    edits: list[LineEdit] = []
    for wish in wishes:
        line = known.pop(wish.line_id, None)
        if line is None:
            return EditFault("edit.unknown_line")
        if wish.due < line.shipped:
            return EditFault("edit.left_already", line.sku, line.shipped)
        if wish.due > MOST_UNITS:
            return EditFault("edit.too_many", line.sku, wish.due)
        if wish.due > line.due and line.product_id is None:
            return EditFault("edit.unknown_product", line.sku)
        if wish.due != line.due:
            edits.append(LineEdit(line, wish.due - line.due))
    for one in new:
        if not 0 < one.quantity <= MOST_UNITS:
            return EditFault("edit.too_many", "", one.quantity)
    if not edits and not new:
        return EditFault("edit.nothing_changed")
    return edits


def same_place(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether two addresses, part by part, are the same but for capitals, blanks and marks."""
    return [_plain(part) for part in one] == [_plain(part) for part in two]


def _plain(part: str) -> str:
    return "".join(letter for letter in part.casefold() if letter.isalnum())
