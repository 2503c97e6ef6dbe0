"""The floor plan of the sample warehouse: four zones of racks, a walk that winds through them, and the other places.

Lengths are millimetres from the corner beside the packing benches; x runs along the front, y into the hall. An aisle
is a corridor with a rack on each side: bays with odd numbers on its left, with even numbers on its right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BAY_WIDTH = 1200
RACK_DEPTH = 800
CORRIDOR = 1600
AISLE_PITCH = 2 * RACK_DEPTH + CORRIDOR
FRONT = 9000


@dataclass(frozen=True, slots=True)
class Zone:
    """One block of aisles that are alike. Its top level is reserve where `reserve` says so."""

    name: str
    aisles: int
    bays: int
    levels: int
    x: int
    y: int
    reserve: bool


ZONES = (
    Zone("A", 6, 12, 3, 2000, FRONT, reserve=False),
    Zone("B", 7, 8, 4, 2000 + 6 * AISLE_PITCH + 3000, FRONT, reserve=True),
    Zone("D", 4, 5, 4, 2000 + 6 * AISLE_PITCH + 3000, FRONT + 10500, reserve=True),
    Zone("C", 5, 8, 3, 2000, FRONT + 10500, reserve=False),
)
TOTES = range(101, 221)
CAGES = range(1, 7)
BENCHES = range(1, 7)


@dataclass(frozen=True, slots=True)
class Place:
    """One location of the warehouse."""

    code: str
    kind: str
    zone: str = ""
    aisle: str = ""
    bay: str = ""
    level: str = ""
    sequence: int = 0
    x: int | None = None
    y: int | None = None


def racks() -> Iterator[Place]:
    """All rack locations in the order of the walk: up one aisle, down the next."""
    sequence = 0
    for zone in ZONES:
        for aisle in range(1, zone.aisles + 1):
            corridor = zone.x + (aisle - 1) * AISLE_PITCH + RACK_DEPTH + CORRIDOR // 2
            rows = list(range(1, zone.bays + 1, 2))
            for first in rows if aisle % 2 else reversed(rows):
                for bay in (first, first + 1):
                    if bay > zone.bays:
                        continue
                    for level in range(1, zone.levels + 1):
                        sequence += 10
                        yield Place(
                            code=f"{zone.name}-{aisle:02d}-{bay:02d}-{level}",
                            kind="bulk" if zone.reserve and level == zone.levels else "shelf",
                            zone=zone.name,
                            aisle=f"{aisle:02d}",
                            bay=f"{bay:02d}",
                            level=str(level),
                            sequence=sequence,
                            x=corridor + (-1 if bay % 2 else 1) * (CORRIDOR + RACK_DEPTH) // 2,
                            y=zone.y + (first - 1) // 2 * BAY_WIDTH + BAY_WIDTH // 2,
                        )


def other_places() -> Iterator[Place]:
    """Where goods come in, wait, are packed and leave; totes have no place of their own."""
    yield Place("RECV-01", "receiving", x=46000, y=2000)
    yield Place("RECV-02", "receiving", x=48500, y=2000)
    yield Place("R-01", "receiving", x=30000, y=2000)
    yield Place("RET-01", "returns", x=34000, y=2000)
    yield Place("RET-02", "returns", x=36000, y=2000)
    yield Place("Q-01", "quarantine", x=39000, y=2000)
    yield Place("Q-02", "quarantine", x=40500, y=2000)
    yield Place("W-01", "refurbish", x=43000, y=2000)
    yield Place("BIN-3", "scrap", x=44500, y=2000)
    for number in BENCHES:
        yield Place(f"BENCH-{number}", "bench", x=2000 + (number - 1) * 3000, y=4500)
    for number in CAGES:
        yield Place(f"CAGE-{number}", "cage", x=2000 + (number - 1) * 2500, y=1000)
    for number in TOTES:
        yield Place(f"T-{number:04d}", "tote")


def floor_map() -> dict[str, object]:
    """What a map draws behind the locations: the hall, the racks, the areas at the front, and where a walk begins."""
    blocks = []
    for zone in ZONES:
        depth = (zone.bays + 1) // 2 * BAY_WIDTH
        for aisle in range(1, zone.aisles + 1):
            left = zone.x + (aisle - 1) * AISLE_PITCH
            for side, x in (("left", left), ("right", left + RACK_DEPTH + CORRIDOR)):
                blocks.append(
                    {"zone": zone.name, "aisle": f"{aisle:02d}", "side": side, "x": x, "y": zone.y,
                     "width": RACK_DEPTH, "depth": depth}
                )  # fmt: skip
    areas = [
        {"name": "Packing", "x": 1000, "y": 3500, "width": 19000, "depth": 2500},
        {"name": "Cages", "x": 1000, "y": 300, "width": 15500, "depth": 1600},
        {"name": "Returns", "x": 29000, "y": 1000, "width": 16500, "depth": 2500},
        {"name": "Goods in", "x": 45500, "y": 1000, "width": 5000, "depth": 2500},
    ]
    return {
        "unit": "mm",
        "width": 52000,
        "depth": max(zone.y + (zone.bays + 1) // 2 * BAY_WIDTH for zone in ZONES) + 2000,
        "start": {"x": 22000, "y": 7000},
        "racks": blocks,
        "areas": areas,
    }
