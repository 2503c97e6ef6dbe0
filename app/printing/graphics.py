"""A page as black rectangles and pictures at places in dots: all that a printer without fonts of our measure needs.

Nothing of a document's text is left in them but its picture, so that no text can be a command in any language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.documents import Barcode, Document, Element, Fixed, Frame, Rule, Text
from app.printing.codes import BarsPlan, plan_code
from app.printing.dots import dots_per_mm
from app.printing.graphics_text import lines_of, trim
from app.printing.pictures import Picture


@dataclass(frozen=True, slots=True)
class Black:
    """A filled black rectangle, in dots."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A picture with its left and top edge, in dots."""

    x: int
    y: int
    picture: Picture


Mark = Black | Stamp


@dataclass(frozen=True, slots=True)
class Sheet:
    """One label: its size in dots, its size in millimetres as printers are told, and what is on it."""

    width: int
    height: int
    width_mm: float
    height_mm: float
    marks: tuple[Mark, ...]


def sheets_of(document: Document, dpi: int) -> Iterator[Sheet]:
    """Each page of a document. Raises ValueError for a density that no printer has."""
    scale = dots_per_mm(dpi)
    size = document.size
    for page in document.pages:
        yield Sheet(int(size.width * scale), int(size.height * scale), size.width, size.height, _marks(page, dpi))


def _marks(elements: tuple[Element, ...], dpi: int) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for element in elements:
        if isinstance(element, Text):
            marks.extend(Stamp(left, top, picture) for left, top, picture in lines_of(element, dpi))
        elif isinstance(element, Fixed):
            marks.extend(_fixed(element, dpi))
        elif isinstance(element, Barcode):
            marks.extend(_barcode(element, dpi))
        else:
            marks.extend(_shape(element, dpi))
    return tuple(marks)


@lru_cache(maxsize=256)
def _fixed(artwork: Fixed, dpi: int) -> tuple[Mark, ...]:
    return _marks(artwork.elements, dpi)


def _barcode(element: Barcode, dpi: int) -> list[Mark]:
    """Bars as rectangles of whole modules, which no firmware can encode differently; squares as their picture."""
    scale = dots_per_mm(dpi)
    box = element.box
    plan = plan_code(element, scale)
    if plan is None:
        return []
    x, y = round(box.x * scale) + plan.left, round(box.y * scale) + plan.top
    if isinstance(plan, BarsPlan):
        unit, tall = plan.module, int(box.height * scale)
        return [Black(x + place * unit, y, wide * unit, tall) for place, wide in plan.code.bars()]
    trimmed = trim(plan.picture())
    return [] if trimmed is None else [Stamp(x + trimmed[0], y + trimmed[1], trimmed[2])]


def _shape(element: Rule | Frame, dpi: int) -> list[Mark]:
    scale = dots_per_mm(dpi)
    x, y = round(element.x * scale), round(element.y * scale)
    width, height = max(1, round(element.width * scale)), max(1, round(element.height * scale))
    if isinstance(element, Rule):
        return [Black(x, y, width, height)]
    thick = min(max(1, round(element.thickness * scale)), width, height)
    return [
        Black(x, y, width, thick),
        Black(x, y + height - thick, width, thick),
        Black(x, y, thick, height),
        Black(x + width - thick, y, thick, height),
    ]
