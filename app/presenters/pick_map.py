"""The walk as a line on the plan of the floor: along aisles, and from one to the next by their ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.domain.work import PickStop, PickWork
from app.presenters.pick_model import current_stop, stop_number, stops_to_come
from app.presenters.state import parts
from app.presenters.state.parts import Stage
from app.queries.pick_floor import FloorPlan, PlanRack

WIDTH, HEIGHT = 440.0, 400.0
# Room in the plan's units: sides, above the racks for the names of aisles, below them for the way and the benches.
SIDE, TOP, BOTTOM = 14.0, 44.0, 348.0
DEPOT_Y, DEPOT_EDGE = 386.0, 373.0
HERE_Y = 357.0
"""Who stands at the benches is marked above their sign, which has its name to show."""
TURN = 10.0
RACK_HALF_MM = 400
FEWEST_AISLES = 6
NARROW = 36.0
# A picker with a cart walks a little under a metre a second, and handles a stop in about half a minute.
MM_A_SECOND = 900.0
SECONDS_A_STOP = 30.0


@dataclass(frozen=True, slots=True)
class Aisle:
    """Where one walks between two racks, in the plan's units; y grows downwards."""

    name: str
    short: str
    x: float
    top: float
    bottom: float


Spot = tuple[float, float, Aisle | None]


class Drawing:
    """The part of a floor that a walk needs, brought into the plan's units."""

    def __init__(self, plan: FloorPlan, stops: tuple[PickStop, ...]) -> None:
        """Chooses the aisles of these stops and their neighbours; each stop must have coordinates."""
        aisles: dict[tuple[str, str], list[PlanRack]] = {}
        for rack in plan.racks:
            aisles.setdefault((rack.zone, rack.aisle), []).append(rack)
        used = [aisles[key] for key in dict.fromkeys((s.zone, s.aisle) for s in stops) if key in aisles]
        self._choose_window(aisles, [rack for racks in used for rack in racks], stops)
        shown = {key: racks for key, racks in aisles.items() if any(self._shows(rack) for rack in racks)}
        self.racks = tuple(self._rack(rack) for racks in shown.values() for rack in racks if self._shows(rack))
        self.aisles = {key: self._aisle(key, racks) for key, racks in shown.items()}

    def _choose_window(
        self, aisles: dict[tuple[str, str], list[PlanRack]], used: list[PlanRack], stops: tuple[PickStop, ...]
    ) -> None:
        ys = [value for rack in used for value in (rack.low_mm, rack.high_mm)] or [s.y_mm or 0 for s in stops]
        self._low, self._high = min(ys), max(ys)
        near = [racks for racks in aisles.values() if any(self._beside(rack) for rack in racks)]
        centres = sorted({_middle(racks) for racks in near})
        xs = [rack.x_mm for rack in used] or [s.x_mm or 0 for s in stops]
        inside = _at_least(centres, min(xs), max(xs))
        if inside:
            span = [r.x_mm for racks in near if inside[0] <= _middle(racks) <= inside[-1] for r in racks]
            xs = [*xs, *span]
        self._left, self._right = min(xs) - RACK_HALF_MM, max(xs) + RACK_HALF_MM
        shown = [rack for racks in near for rack in racks if self._left <= rack.x_mm <= self._right] or used
        self._low = round(min((rack.low_mm - _pitch(rack) / 2 for rack in shown), default=self._low - 600))
        self._high = round(max((rack.high_mm + _pitch(rack) / 2 for rack in shown), default=self._high + 600))
        self.sx = (WIDTH - 2 * SIDE) / max(1, self._right - self._left)
        self.sy = (BOTTOM - TOP) / max(1, self._high - self._low)

    def _beside(self, rack: PlanRack) -> bool:
        return rack.high_mm >= self._low and rack.low_mm <= self._high

    def _shows(self, rack: PlanRack) -> bool:
        return self._beside(rack) and self._left <= rack.x_mm <= self._right

    def x(self, mm: float) -> float:
        """Millimetres from the left, in units."""
        return SIDE + (mm - self._left) * self.sx

    def y(self, mm: float) -> float:
        """Millimetres from the front, in units: the front is below."""
        return TOP + (self._high - mm) * self.sy

    def _rack(self, rack: PlanRack) -> parts.MapRack:
        half = _pitch(rack) / 2
        width = 2 * RACK_HALF_MM * self.sx
        top = self.y(rack.high_mm + half)
        return parts.MapRack(
            self.x(rack.x_mm) - width / 2, top, width, self.y(rack.low_mm - half) - top, max(1, rack.bays)
        )

    def _aisle(self, key: tuple[str, str], racks: list[PlanRack]) -> Aisle:
        middle = _middle(racks) + (3 * RACK_HALF_MM if len(racks) == 1 else 0)
        low = min(rack.low_mm - _pitch(rack) / 2 for rack in racks)
        high = max(rack.high_mm + _pitch(rack) / 2 for rack in racks)
        return Aisle("-".join(filter(None, key)), key[1], self.x(middle), self.y(high), self.y(low))

    def spot(self, stop: PickStop) -> Spot:
        """Where one stands at a stop: in the middle of its aisle, beside the bin."""
        aisle = self.aisles.get((stop.zone, stop.aisle))
        return (aisle.x if aisle else self.x(stop.x_mm or 0)), self.y(stop.y_mm or 0), aisle

    def way(self, start: Spot, end: Spot) -> parts.Points:
        """The shorter of the ways from one spot to another, around the racks between them."""
        (x1, y1, from_aisle), (x2, y2, to_aisle) = start, end
        if from_aisle == to_aisle and from_aisle is not None:
            return (x1, y1), (x2, y2)
        out = _ends(from_aisle, y1)
        into = _ends(to_aisle, y2)
        leave, enter = min(
            ((a, b) for a in out for b in into), key=lambda ab: abs(y1 - ab[0]) + abs(ab[0] - ab[1]) + abs(ab[1] - y2)
        )
        # Between the ends of two aisles one goes along the cross aisle first, then up or down the aisle to go to.
        return _without_repeats(((x1, y1), (x1, leave), (x2, leave), (x2, enter), (x2, y2)))

    def metres(self, points: parts.Points) -> float:
        """The length of a way, in metres of the floor."""
        pairs = pairwise(points)
        return sum(abs(a[0] - b[0]) / self.sx + abs(a[1] - b[1]) / self.sy for a, b in pairs) / 1000


def _at_least(centres: list[float], left: float, right: float) -> list[float]:
    """The aisles from left to right, with neighbours until there are enough for a plan that one recognizes."""
    inside = [i for i, x in enumerate(centres) if left <= x <= right]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    while last - first + 1 < min(FEWEST_AISLES, len(centres)):
        first, last = max(0, first - 1), min(len(centres) - 1, last + 1)
    return centres[first : last + 1]


def _ends(aisle: Aisle | None, y: float) -> tuple[float, ...]:
    return (BOTTOM + TURN,) if aisle is None else (aisle.top - TURN, aisle.bottom + TURN)


def _middle(racks: list[PlanRack]) -> float:
    return (min(rack.x_mm for rack in racks) + max(rack.x_mm for rack in racks)) / 2


def _pitch(rack: PlanRack) -> float:
    return (rack.high_mm - rack.low_mm) / (rack.bays - 1) if rack.bays > 1 else 1200.0


def _without_repeats(points: parts.Points) -> parts.Points:
    return tuple(point for i, point in enumerate(points) if i == 0 or point != points[i - 1])


@dataclass(frozen=True, slots=True)
class Plan:
    """A walk on the plan, and how long what is left of it may take."""

    map: parts.FloorMap
    minutes: int


def plan_of(work: PickWork, plan: FloorPlan | None, *, depot: str, said: str) -> Plan | None:
    """The plan with the walk on it; None where a place of it has no coordinates."""
    if plan is None or not work.stops or any(stop.x_mm is None or stop.y_mm is None for stop in work.stops):
        return None
    drawing = Drawing(plan, work.stops)
    now = current_stop(work)
    home: Spot | None = None
    if plan.depot is not None:
        home = (min(max(drawing.x(plan.depot[0]), 44.0), WIDTH - 44.0), DEPOT_EDGE, None)
    done = [drawing.spot(stop) for stop in work.stops if stop.done and stop.picked]
    there = now is not None and work.step not in ("shelf", "totes")
    goal = drawing.spot(now) if now is not None and not now.done else None
    walked = ([home] if home else []) + done + ([goal] if there and goal else [])
    here = walked[-1] if walked else None
    leg = drawing.way(here, goal) if here and goal and here != goal else ()
    rest = [goal or here] + [drawing.spot(stop) for stop in stops_to_come(work)] + ([home] if home else [])
    ahead = _line(drawing, [spot for spot in rest if spot is not None])
    seconds = (drawing.metres(leg) + drawing.metres(ahead)) * 1000 / MM_A_SECOND
    seconds += SECONDS_A_STOP * sum(not stop.done for stop in work.stops)
    made = parts.FloorMap(
        WIDTH,
        HEIGHT,
        drawing.racks,
        _words(drawing, now, home, depot),
        _line(drawing, walked),
        leg,
        ahead,
        _stops(drawing, work, now),
        None if there or here is None or here == goal else _mark(here, home),
        said,
    )
    return Plan(made, max(1, round(seconds / 60)))


def _mark(here: Spot, home: Spot | None) -> tuple[float, float]:
    return (here[0], HERE_Y) if here == home else here[:2]


def _line(drawing: Drawing, spots: list[Spot]) -> parts.Points:
    points: list[tuple[float, float]] = []
    for start, end in pairwise(spots):
        way = drawing.way(start, end)
        points += way if not points else way[1:]
    return _without_repeats(tuple(points))


def _words(drawing: Drawing, now: PickStop | None, home: Spot | None, depot: str) -> tuple[parts.MapWords, ...]:
    xs = sorted({aisle.x for aisle in drawing.aisles.values()})
    narrow = any(b - a < NARROW for a, b in pairwise(xs))
    hot = (now.zone, now.aisle) if now is not None else None
    goal = drawing.aisles.get(hot) if hot is not None else None
    words = [
        parts.MapWords(
            aisle.short if narrow and key != hot else aisle.name, aisle.x, aisle.top - TURN - 16, hot=key == hot
        )
        for key, aisle in drawing.aisles.items()
        if not (narrow and goal is not None and key != hot and _touches(aisle, goal))
    ]
    if home is not None:
        words.append(parts.MapWords(depot, home[0], DEPOT_Y, boxed=True))
    return tuple(words)


def _touches(aisle: Aisle, other: Aisle) -> bool:
    """Whether the short name of an aisle would run into the long name of another."""
    return abs(aisle.x - other.x) < NARROW and abs(aisle.top - other.top) < 2 * TURN


def _stops(drawing: Drawing, work: PickWork, now: PickStop | None) -> tuple[parts.MapStop, ...]:
    """One mark a spot, the stop in hand drawn last, so that it lies on top."""
    marks: dict[tuple[float, float], parts.MapStop] = {}
    for stop in reversed(work.stops):
        x, y, aisle = drawing.spot(stop)
        stage = Stage.NOW if stop is now and not stop.done else Stage.DONE if stop.done else Stage.LATER
        place = (round(x), round(y / 12))
        known = marks.get(place)
        if known is not None and (known.stage is Stage.NOW or (known.stage is Stage.LATER and stage is Stage.DONE)):
            continue
        bin_left = aisle is None or drawing.x(stop.x_mm or 0) < aisle.x
        marks.pop(place, None)
        marks[place] = parts.MapStop(str(stop_number(work, stop)), x, y, stage, bin_left)
    order = {Stage.DONE: 0, Stage.LATER: 1, Stage.NOW: 2}
    return tuple(sorted(marks.values(), key=lambda mark: order[mark.stage]))
