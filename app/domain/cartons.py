"""Which carton the goods go into: the smallest that holds them, and why the others do not.

Boxes are cut into free spaces as goods are laid in (guillotine cuts), so an arrangement that is found can be packed
as it stands: 'fits' is never said of goods that do not go in. The reverse may happen: a clever packer may fill a
carton that is called too small, and may choose it. All lengths are inner millimetres, weights grams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, unique

# Up to so many units the goods are laid in one by one; above, their volume decides with room for air.
MOST_UNITS = 30
FILL_OF_VOLUME = 0.8

Size = tuple[int, int, int]
_Rule = Callable[[Size, Size], int]


@dataclass(frozen=True, slots=True)
class CartonType:
    """A box of the carton list. `grams` is its own weight; `most_grams` what it carries, None for no limit."""

    code: str
    length: int
    width: int
    height: int
    grams: int = 0
    most_grams: int | None = None

    @property
    def volume(self) -> int:
        """Inner volume in cubic millimetres."""
        return self.length * self.width * self.height


@dataclass(frozen=True, slots=True)
class PackUnits:
    """So many units of one product; a size or weight that nobody entered is None."""

    quantity: int
    length: int | None = None
    width: int | None = None
    height: int | None = None
    grams: int | None = None

    @property
    def size(self) -> Size | None:
        """The three sides, or None when one of them is not known."""
        if not self.length or not self.width or not self.height:
            return None
        return self.length, self.width, self.height


@unique
class FitReason(Enum):
    """Why a carton is or is not offered."""

    BEST = "best"
    FITS = "fits"
    TOO_SMALL = "too_small"
    ITEM_TOO_LONG = "item_too_long"
    TOO_HEAVY = "too_heavy"
    SIZE_UNKNOWN = "size_unknown"

    @property
    def key(self) -> str:
        """Key of its words in the translation catalogue."""
        return f"carton.reason.{self.value}"


@dataclass(frozen=True, slots=True)
class CartonFit:
    """The verdict on one carton. `number` is its place in the carton list, from 1: its key never changes.

    `fill_percent` is None when sizes are not known. `estimated` says that only volumes were compared.
    """

    carton: CartonType
    number: int
    reason: FitReason
    fill_percent: int | None = None
    estimated: bool = False

    @property
    def fits(self) -> bool:
        """Whether the goods go in."""
        return self.reason in (FitReason.BEST, FitReason.FITS)


def choose_carton(goods: Sequence[PackUnits], cartons: Sequence[CartonType]) -> tuple[CartonFit, ...]:
    """The verdicts on all cartons: the best first, then others that hold the goods from small to large, then the rest.

    Without the sizes of all goods nothing is recommended: each carton is then `SIZE_UNKNOWN`, or too heavy.
    """
    packed = [units for units in goods if units.quantity > 0]
    weight = sum((units.grams or 0) * units.quantity for units in packed)
    numbered = list(enumerate(cartons, start=1))
    if not packed or any(units.size is None for units in packed):
        return tuple(_without_sizes(carton, number, weight) for number, carton in numbered)
    sizes = [units.size for units in packed for _ in range(min(units.quantity, MOST_UNITS + 1)) if units.size]
    volume = sum(a * b * c * units.quantity for units in packed if units.size for a, b, c in (units.size,))
    judged = _judge_all(sizes, volume, weight, sum(units.quantity for units in packed), numbered)
    judged.sort(key=lambda fit: (not fit.fits, fit.carton.volume if fit.fits else fit.number, fit.number))
    if judged and judged[0].fits:
        first = judged[0]
        judged[0] = CartonFit(first.carton, first.number, FitReason.BEST, first.fill_percent, first.estimated)
    return tuple(judged)


def holds(sizes: Sequence[Size], box: Size) -> bool:
    """Whether an arrangement was found in which all of these boxes lie inside, sides parallel."""
    return any(
        _lay_in(order, box, layers, rule)
        for order in _orders(sizes)
        for rule in (_least_waste, _tightest)
        for layers in (False, True)
    )


def _judge_all(
    sizes: list[Size], volume: int, weight: int, units: int, cartons: list[tuple[int, CartonType]]
) -> list[CartonFit]:
    estimated = units > MOST_UNITS
    longest = sorted({_sorted(size) for size in sizes})
    fitting: list[Size] = []
    judged = []
    for number, carton in sorted(cartons, key=lambda pair: pair[1].volume):
        box = _sorted((carton.length, carton.width, carton.height))
        if carton.most_grams is not None and weight > carton.most_grams:
            reason = FitReason.TOO_HEAVY
        elif not all(_inside(size, box) for size in longest):
            reason = FitReason.ITEM_TOO_LONG
        elif _goes_in(sizes, volume, box, estimated, fitting):
            reason = FitReason.FITS
            fitting.append(box)
        else:
            reason = FitReason.TOO_SMALL
        fill = round(100 * volume / carton.volume) if carton.volume else None
        judged.append(CartonFit(carton, number, reason, fill, estimated))
    return judged


def _goes_in(sizes: list[Size], volume: int, box: Size, estimated: bool, fitting: list[Size]) -> bool:
    room = box[0] * box[1] * box[2]
    if any(_inside(smaller, box) for smaller in fitting):
        return True
    if estimated:
        return volume <= room * FILL_OF_VOLUME
    return volume <= room and holds(sizes, box)


def _without_sizes(carton: CartonType, number: int, weight: int) -> CartonFit:
    heavy = carton.most_grams is not None and weight > carton.most_grams
    return CartonFit(carton, number, FitReason.TOO_HEAVY if heavy else FitReason.SIZE_UNKNOWN)


def _sorted(size: Size) -> Size:
    low, middle, high = sorted(size)
    return low, middle, high


def _inside(size: Size, box: Size) -> bool:
    """Both sorted: whether one box goes into the other."""
    return size[0] <= box[0] and size[1] <= box[1] and size[2] <= box[2]


def _orders(sizes: Sequence[Size]) -> list[list[Size]]:
    """The orders of laying in that are tried: by volume, then by the longest side."""
    by_volume = sorted(sizes, key=lambda size: size[0] * size[1] * size[2], reverse=True)
    by_side = sorted(sizes, key=lambda size: _sorted(size)[::-1], reverse=True)
    return [by_volume] if by_volume == by_side else [by_volume, by_side]


def _lay_in(sizes: Sequence[Size], box: Size, layers: bool, rule: _Rule) -> bool:
    """Lays boxes into free spaces, each into the smallest that takes it; False as soon as one finds no place."""
    spaces: list[Size] = [box]
    turned: dict[Size, list[Size]] = {}
    for size in sizes:
        ways = turned.get(size)
        if ways is None:
            ways = turned[size] = _ways(size)
        found = _place_for(ways, spaces, rule)
        if found is None:
            return False
        at, way = found
        spaces[at : at + 1] = _rest(spaces[at], way, layers)
        spaces.sort(key=lambda space: space[0] * space[1] * space[2])
    return True


def _ways(size: Size) -> list[Size]:
    """The up to six ways to turn a box, sides parallel."""
    a, b, c = size
    return sorted({(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)})


def _place_for(ways: Sequence[Size], spaces: list[Size], rule: _Rule) -> tuple[int, Size] | None:
    """The smallest space that takes it, turned as the rule likes best."""
    for at, space in enumerate(spaces):
        length, width, height = space
        best: Size | None = None
        least = 0
        for way in ways:
            if way[0] <= length and way[1] <= width and way[2] <= height:
                score = rule(way, space)
                if best is None or score < least:
                    best, least = way, score
        if best is not None:
            return at, best
    return None


def _tightest(way: Size, space: Size) -> int:
    """Prefers the turn whose closest side leaves the least."""
    return min(space[0] - way[0], space[1] - way[1], space[2] - way[2])


def _least_waste(way: Size, space: Size) -> int:
    """Prefers the turn of which most would go in side by side."""
    return -(space[0] // way[0]) * (space[1] // way[1]) * (space[2] // way[2])


def _rest(space: Size, way: Size, layers: bool) -> list[Size]:
    """The free spaces beside, before and above what was laid into a corner; cut so that the largest stays largest."""
    length, width, height = space
    a, b, c = way
    floor = c if layers else height
    top = (length, width, height - c) if layers else (a, b, height - c)
    if (length - a) * width >= length * (width - b):
        pieces = [(length - a, width, floor), (a, width - b, floor), top]
    else:
        pieces = [(length - a, b, floor), (length, width - b, floor), top]
    return [piece for piece in pieces if piece[0] > 0 and piece[1] > 0 and piece[2] > 0]
