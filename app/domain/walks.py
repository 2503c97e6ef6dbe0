"""Which fulfillments are picked in one walk, and in which sequence its stops are visited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Stop:
    """Units of one promise, to be fetched from one place."""

    allocation_id: int
    line_id: int
    product_id: int
    location_id: int
    zone: str
    pick_sequence: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfillment with its stops; `leaves_at` in milliseconds."""

    fulfillment_id: int
    priority: int
    leaves_at: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop of a walk: into which slot, and as the how manyth (from 1)."""

    slot: int
    sequence: int
    fulfillment_id: int
    stop: Stop


@dataclass(frozen=True, slots=True)
class Walk:
    """One pick list: the fulfillment of each slot (slot 1 first) and the visits in walking order."""

    fulfillment_ids: tuple[int, ...]
    visits: tuple[Visit, ...]


def _way(stop: Stop) -> tuple[int, str, int, int]:
    return stop.pick_sequence, stop.zone, stop.location_id, stop.allocation_id


def _turn(part: Part) -> tuple[int, int, str, int, int, int]:
    """Urgent ones first, then by the hour in which they leave, then those whose walks begin in the same zone."""
    first = min(part.stops, key=_way)
    hour = part.leaves_at // HOUR
    return part.priority, hour, first.zone, first.pick_sequence, part.leaves_at, part.fulfillment_id


def plan_walks(parts: Iterable[Part], slots: int) -> tuple[Walk, ...]:
    """Puts fulfillments with stops into walks of at most so many slots; deterministic, and nothing is left out."""
    ordered = sorted((part for part in parts if part.stops), key=_turn)
    return tuple(_walk(ordered[start : start + slots]) for start in range(0, len(ordered), slots))


def _walk(parts: Sequence[Part]) -> Walk:
    found = [(stop, slot, part.fulfillment_id) for slot, part in enumerate(parts, start=1) for stop in part.stops]
    found.sort(key=lambda item: (*_way(item[0])[:3], item[1], item[0].allocation_id))
    visits = tuple(Visit(slot, number, owner, stop) for number, (stop, slot, owner) in enumerate(found, start=1))
    return Walk(tuple(part.fulfillment_id for part in parts), visits)
