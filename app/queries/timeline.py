"""Everything that happened to an order, the newest first, page by page: one statement over all that tells of it."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.prepared import Prepared
from app.queries.queue_rows import moment
from app.queries.timeline_sources import REFUSALS, SOURCES, part

PAGE = 60
FAR = 2**60
SLACK = 600_000
"""Milliseconds: so long before it was applied a gesture may have been made, and still belongs where it was applied."""
REFUSED = "refused"
TOLD_OTHERWISE = frozenset(
    {
        "hold.place", "hold.release", "note.written", "note.withdrawn", "orders.allocated", "parcels.shipped",
        "label.bought", "label.refused", "label.voided", "label.collected", "pack.counted", "pack.undone",
        "pack.note_to_confirm", "pack.complete", "pack.parcel_closed", "pack.quantity", "pack.quantity_wanted",
        "pack.weight_wanted", "pack.weight_digits", "pack.carton_wanted", "pack.aside_why", "pack.back",
        "pack.this_is_open", "pack.carton_chosen", "pack.label_applied", "pack.label_again", "pack.slip_again",
    }
)  # fmt: skip
"""Actions of the audit that other rows tell of, or that are only keys on the way to something."""

_REFUSALS_RANK = len(SOURCES)
_QUIET = "', '".join(sorted(TOLD_OTHERWISE))


def _statement() -> str:
    """The union; entries of the audit that are told otherwise are left out before they are counted."""
    parts = []
    for rank, source in enumerate(SOURCES):
        sql = part(rank, source)
        if source.kind == "audit":
            sql = sql.replace(" WHERE ", f" WHERE e.action NOT IN ('{_QUIET}') AND ", 1)
        parts.append(f"SELECT * FROM ({sql}) x{rank}")
    return " UNION ALL ".join(parts)


_ALL = text(_statement())
_REFUSALS = text(REFUSALS.format(rank=_REFUSALS_RANK))
_UNION, _REFUSED = Prepared(_ALL), Prepared(_REFUSALS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the moment, the kind and the row of its last happening."""

    at: int
    rank: int
    key: int
    gesture: str


START = Place(FAR, _REFUSALS_RANK, FAR, "~")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; what `a`, `b`, `c` and `n` are goes with the kind (`timeline_sources`)."""

    kind: str
    at: datetime
    who: str
    station: str
    a: str
    b: str
    c: str
    n: int
    place: Place

    def details(self) -> dict[str, object]:
        """What an entry of the audit or an answer tells beside its code."""
        try:
            found = json.loads(self.b)
        except ValueError:
            return {}
        if not isinstance(found, dict):
            return {}
        inside = found.get("values")
        return dict(inside) if isinstance(inside, dict) else found


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some happenings, the newest first, and where the next page begins; None after the oldest."""

    rows: tuple[Happening, ...]
    after: Place | None


def timeline(session: Session, order_id: int, after: Place | None = None, size: int = PAGE) -> TimelinePage:
    """One page of what happened to an order."""
    at = after or START
    given = {"order": order_id, "at": at.at, "rank": at.rank, "most": size + 1}
    told = sorted((_told(row) for row in _UNION.rows(session, {**given, "key": at.key})), key=_order_of, reverse=True)
    refusals = _REFUSED.rows(session, {**given, "gesture": at.gesture, "far": FAR, "slack": SLACK})
    both = heapq.merge(told, (_refusal(row) for row in refusals), key=_order_of, reverse=True)
    rows = _first(both, size + 1)
    return TimelinePage(rows[:size], rows[size - 1].place if len(rows) > size else None)


def whole_timeline(session: Session, order_id: int, most: int = 10_000) -> tuple[Happening, ...]:
    """All of it at once, at most so many: for a text to keep."""
    return timeline(session, order_id, size=most).rows


def _first(found: Iterator[Happening], most: int) -> tuple[Happening, ...]:
    return tuple(one for one, _ in zip(found, range(most), strict=False))


def _order_of(one: Happening) -> tuple[int, int, int, str]:
    return one.place.at, one.place.rank, one.place.key, one.place.gesture


def _told(row: tuple[object, ...]) -> Happening:
    at, rank, key, kind, who, station, a, b, c, n = row
    place = Place(_int(at), _int(rank), _int(key), "")
    return Happening(str(kind), moment(place.at), str(who), str(station), str(a), str(b), str(c), _int(n), place)


def _refusal(row: tuple[object, ...]) -> Happening:
    at, key, a, b, c, who, station = row
    place = Place(_int(at), _REFUSALS_RANK, 0, str(key))
    return Happening(REFUSED, moment(place.at), str(who), str(station), str(a), str(b), str(c), 0, place)


def _int(value: object) -> int:
    return int(str(value))
