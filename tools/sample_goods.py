"""Invented but plausible sizes, weights and barcodes for the products of the sample, by repeatable rules."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from app.domain.gs1 import check_digit

# Words of a name, and what such a thing weighs (grams) and measures (millimetres). The first that is found counts.
_RULES: tuple[tuple[str, int, tuple[int, int, int]], ...] = (
    ("CAKESTAND", 1150, (260, 260, 120)),
    ("CAKE STAND", 1100, (250, 250, 120)),
    ("LANTERN", 620, (220, 130, 130)),
    ("HOT WATER BOTTLE", 380, (300, 190, 50)),
    ("HOTTIE", 360, (290, 190, 50)),
    ("ALARM CLOCK", 290, (140, 110, 70)),
    ("WALL CLOCK", 700, (300, 300, 50)),
    ("CLOCK", 400, (180, 150, 70)),
    ("UMBRELLA", 420, (520, 55, 55)),
    ("DOORMAT", 1300, (540, 110, 110)),
    ("PICNIC", 900, (320, 250, 120)),
    ("CABINET", 2100, (380, 280, 140)),
    ("DRAWER KNOB", 90, (70, 60, 55)),
    ("DRAWER", 1400, (300, 220, 150)),
    ("TEAPOT", 650, (230, 150, 140)),
    ("TEA SET", 900, (280, 200, 150)),
    ("CUP AND SAUCER", 340, (130, 130, 70)),
    ("TEACUP", 320, (130, 130, 70)),
    ("MUG COSY", 70, (140, 100, 20)),
    ("MUG", 340, (130, 100, 100)),
    ("BOWL", 310, (150, 150, 70)),
    ("PLATE", 260, (200, 200, 25)),
    ("CAKE TIN", 780, (230, 230, 110)),
    ("TIN", 210, (150, 110, 70)),
    ("JAR", 420, (110, 90, 90)),
    ("JUMBO", 130, (340, 260, 15)),
    ("LUNCH BAG", 150, (260, 200, 30)),
    ("BAG", 110, (300, 240, 15)),
    ("BUNTING", 160, (220, 160, 30)),
    ("CUSHION", 420, (340, 340, 90)),
    ("APRON", 190, (260, 200, 20)),
    ("TEA TOWEL", 90, (240, 180, 12)),
    ("BLOCK WORD", 430, (240, 90, 45)),
    ("BUILDING BLOCK", 430, (240, 90, 45)),
    ("ORNAMENT", 60, (110, 60, 50)),
    ("T-LIGHT", 130, (120, 110, 50)),
    ("CANDLE", 240, (130, 80, 80)),
    ("FRAME", 360, (240, 190, 25)),
    ("MIRROR", 900, (320, 260, 30)),
    ("SIGN", 260, (260, 140, 15)),
    ("BASKET", 480, (300, 200, 140)),
    ("NOTEBOOK", 150, (210, 150, 15)),
    ("CARD", 30, (180, 130, 4)),
    ("WRAP", 90, (380, 50, 50)),
    ("RIBBON", 45, (90, 60, 60)),
    ("STICKER", 25, (180, 130, 3)),
    ("PEN", 25, (160, 40, 15)),
    ("NECKLACE", 60, (120, 90, 25)),
    ("BRACELET", 45, (100, 80, 25)),
    ("EARRINGS", 25, (80, 60, 20)),
    ("RING", 20, (60, 60, 25)),
    ("SET OF", 350, (180, 140, 70)),
    ("BOX", 240, (190, 140, 80)),
    ("SMALL", 80, (90, 70, 40)),
    ("LARGE", 420, (240, 180, 90)),
)
_USUAL = (160, (140, 100, 50))
_CASES = (6, 6, 12, 12, 24)


@dataclass(frozen=True, slots=True)
class Make:
    """What a product weighs (grams), measures (millimetres) and carries as codes; no case means no case code."""

    grams: int
    size: tuple[int, int, int]
    barcode: str
    case_barcode: str
    case_quantity: int


def invent_make(sku: str, name: str, place: int) -> Make:
    """The make of a product; `place` is its number in the list, and makes its barcode unique.

    Barcodes are EAN-13 of the range 20 to 29, which is kept for numbers that mean something inside one company only.
    """
    dice = random.Random(f"make {sku}")
    upper = name.upper()
    grams, size = next((rule[1:] for rule in _RULES if re.search(rf"\b{rule[0]}", upper)), _USUAL)
    scale = dice.uniform(0.92, 1.08)
    digits = f"20{dice.randrange(10**5):05d}{place:05d}"
    quantity = dice.choice(_CASES) if dice.random() < 0.35 else 0
    case = f"1{digits}" if quantity else ""
    return Make(
        grams=max(5, round(grams * scale)),
        size=tuple(max(3, round(side * scale)) for side in size),  # type: ignore[arg-type]
        barcode=digits + check_digit(digits),
        case_barcode=case + check_digit(case) if case else "",
        case_quantity=quantity,
    )
