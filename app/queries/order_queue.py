"""The order queue: pages by key, never a count or a load of all, whatever filter is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.models.prepared import Row
from app.queries.found import Found, FoundBy, found_by, orders_of_goods
from app.queries.queue_rows import QueueRow, queue_rows, rows_of
from app.queries.queue_search import code_of, number_of
from app.queries.reading import Step, prepared, read, read_together
from app.queries.search import searching

PAGE = 60
WALK = 3000
"""How many index entries one reading looks through at most when a filter has no index of its own."""
BLOCK = 1000
"""So many held orders are sorted by leaving time at once; more come block by block, the oldest first."""
OPEN = "o.state NOT IN ('shipped', 'closed', 'cancelled')"


class QueueView(StrEnum):
    """Which orders are listed; the order of the list goes with it."""

    OPEN = "open"
    TODAY = "today"
    LATE = "late"
    READY = "ready"
    HOLD = "hold"
    SHORT = "short"
    MINE = "mine"
    NEW = "new"
    TO_PICK = "to_pick"
    BACKORDERED = "backordered"
    CHANGED = "changed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What is listed: a view, narrowed to a channel and a service, or all that a text finds."""

    view: QueueView = QueueView.OPEN
    channel_id: int | None = None
    service: str = ""
    text: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether rows of the view are left out."""
        return self.channel_id is not None or bool(self.service)

    def to_json(self) -> dict[str, object]:
        """What is kept of it in a saved filter."""
        return {"view": self.view.value, "channel_id": self.channel_id, "service": self.service, "text": self.text}

    @staticmethod
    def from_json(kept: dict[str, object]) -> QueueFilter:
        """Reads what `to_json` kept; what is not understood is left open."""
        channel, view = kept.get("channel_id"), str(kept.get("view", ""))
        return QueueFilter(
            QueueView(view) if view in set(QueueView) else QueueView.OPEN,
            channel if isinstance(channel, int) else None,
            str(kept.get("service", "")),
            str(kept.get("text", "")),
        )


@dataclass(frozen=True, slots=True)
class QueueMoment:
    """Where and when the queue is looked at. `late_until`: what leaves before and is not packed is at risk."""

    now: datetime
    day_ends: datetime
    late_until: datetime
    warehouse_id: int
    operator_id: int | None = None


Cursor = tuple[int, int, int]
START: Cursor = (-1, -1, -1)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some rows, and where the next page begins; None after the last. A page may hold fewer rows than were asked."""

    rows: tuple[QueueRow, ...]
    after: Cursor | None


_BY_LEAVING = (
    "SELECT o.id, 0 AS k0, o.leaves_at AS k1, o.id AS k2, o.channel_id, o.service FROM orders o WHERE {where} "
    "AND (o.leaves_at, o.id) > (:k1, :k2) ORDER BY o.leaves_at, o.id LIMIT :most"
)
_BY_SHIPPING = (
    "SELECT o.id, 0 AS k0, o.shipped_at AS k1, o.id AS k2, o.channel_id, o.service FROM orders o "
    "WHERE o.shipped_at <= :k1 AND (o.shipped_at < :k1 OR o.id < :k2) "
    "ORDER BY o.shipped_at DESC, o.id DESC LIMIT :most"
)
_BY_FULFILLMENT = (
    "SELECT f.order_id, f.priority AS k0, f.leaves_at AS k1, f.id AS k2, o.channel_id, o.service "
    "FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.warehouse_id = :warehouse AND f.state = '{state}' "
    "AND f.state NOT IN ('shipped', 'cancelled') AND (f.priority, f.leaves_at, f.id) > (:k0, :k1, :k2) "
    "ORDER BY f.priority, f.leaves_at, f.id LIMIT :most"
)
_HELD = (
    "SELECT order_id FROM holds WHERE released_at IS NULL AND kind <> 'stock' AND order_id > :k0 {more} "
    "GROUP BY order_id ORDER BY order_id LIMIT :block"
)
_CHANGED = "AND kind = 'office' AND detail = 'changed_at_channel'"
_BY_HOLD = (
    "SELECT o.id, CAST(:k0 AS BIGINT) AS k0, o.leaves_at AS k1, o.id AS k2, o.channel_id, o.service FROM ({held}) h "
    "JOIN orders o ON o.id = h.order_id WHERE (o.leaves_at, o.id) > (:k1, :k2) ORDER BY o.leaves_at, o.id LIMIT :most"
)
_BLOCK_ENDS = "SELECT MAX(order_id), COUNT(*) FROM ({held}) h"
_MINE = (
    "SELECT o.id, 0 AS k0, o.leaves_at AS k1, o.id AS k2, o.channel_id, o.service FROM "
    "(SELECT f.order_id FROM claims c JOIN fulfillments f ON f.id = c.ref_id WHERE c.kind = 'fulfillment' "
    "AND c.operator_id = :operator AND c.expires_at >= :now UNION SELECT f.order_id FROM claims c "
    "JOIN pick_list_slots s ON s.pick_list_id = c.ref_id JOIN fulfillments f ON f.id = s.fulfillment_id "
    "WHERE c.kind = 'pick_list' AND c.operator_id = :operator AND c.expires_at >= :now) m "
    "JOIN orders o ON o.id = m.order_id WHERE (o.leaves_at, o.id) > (:k1, :k2) "
    "ORDER BY o.leaves_at, o.id LIMIT :most"
)
_STATES = {
    QueueView.NEW: "captured",
    QueueView.BACKORDERED: "backordered",
    QueueView.CANCELLED: "cancelled",
}
_PARTS = {QueueView.READY: "picked", QueueView.SHORT: "exception", QueueView.TO_PICK: "released"}
_FAR = 2**53


def statement(view: QueueView) -> str:
    """The SQL that walks a view by its keys; every one of them goes along an index."""
    if view in _PARTS:
        return _BY_FULFILLMENT.format(state=_PARTS[view])
    if view is QueueView.SHIPPED:
        return _BY_SHIPPING
    if view is QueueView.MINE:
        return _MINE
    if view in (QueueView.HOLD, QueueView.CHANGED):
        return _BY_HOLD.format(held=_HELD.format(more=_CHANGED if view is QueueView.CHANGED else ""))
    if view in _STATES:
        return _BY_LEAVING.format(where=f"o.state = '{_STATES[view]}'")
    until = "" if view is QueueView.OPEN else " AND o.leaves_at < :until"
    return _BY_LEAVING.format(where=OPEN + until)


def queue_page(
    session: Session, asked: QueueFilter, moment: QueueMoment, after: Cursor | None = None, size: int = PAGE
) -> QueuePage:
    """One page of the queue, from `after` on."""
    if asked.text.strip():
        return _found_page(session, asked, moment, after, size)
    start = after or (START if asked.view is not QueueView.SHIPPED else (_FAR, _FAR, _FAR))
    ids: list[int] = []
    while True:
        most = WALK if asked.narrowed else size - len(ids) + 1
        walked = _walk(session, asked.view, moment, start, most)
        start, full = _take(walked, asked, ids, size, start)
        ends = len(walked) < most
        following = _next_block(session, asked.view, start) if ends and not full else None
        if full or not ends or following is None:
            break
        start = following
        if asked.narrowed:
            break
    more = full or not ends or following is not None
    return QueuePage(queue_rows(session, ids, moment.now), start if more else None)


def _walk(session: Session, view: QueueView, moment: QueueMoment, after: Cursor, most: int) -> list[Row]:
    return prepared(statement(view)).rows(session, walk_values(view, moment, after, most))


def walk_values(view: QueueView, moment: QueueMoment, at: Cursor, most: int) -> dict[str, object]:
    """What fills the places of a view's statement."""
    values: dict[str, object] = {"k0": at[0], "k1": at[1], "k2": at[2], "most": most}
    if view in _PARTS:
        return values | {"warehouse": moment.warehouse_id}
    values.pop("k0")
    if view in (QueueView.HOLD, QueueView.CHANGED):
        values |= {"k0": at[0], "block": BLOCK}
    elif view is QueueView.MINE:
        values |= {"operator": moment.operator_id or 0, "now": stamp(moment.now)}
    elif view in (QueueView.TODAY, QueueView.LATE):
        values["until"] = stamp(moment.day_ends if view is QueueView.TODAY else moment.late_until)
    return values


def _take(walked: Sequence[Row], asked: QueueFilter, ids: list[int], size: int, start: Cursor) -> tuple[Cursor, bool]:
    """Adds the ids that the filter lets through; gives the keys of the last row looked at, and whether more wait."""
    at = start
    for row in walked:
        order_id, k0, k1, k2, channel_id, service = row
        if len(ids) == size:
            return at, True
        at = (k0, k1, k2)
        if asked.channel_id not in (None, channel_id) or (asked.service and asked.service != service):
            continue
        if order_id not in ids:
            ids.append(order_id)
    return at, False


def _next_block(session: Session, view: QueueView, at: Cursor) -> Cursor | None:
    """Where the next block of held orders begins; None in other views, and after the last one."""
    if view not in (QueueView.HOLD, QueueView.CHANGED):
        return None
    held = _HELD.format(more=_CHANGED if view is QueueView.CHANGED else "")
    given = {"k0": at[0], "block": BLOCK}
    last, count = prepared(_BLOCK_ENDS.format(held=held)).one(session, given)
    return (last, -1, -1) if count == BLOCK else None


def _found_page(
    session: Session, asked: QueueFilter, moment: QueueMoment, after: Cursor | None, size: int
) -> QueuePage:
    """What a text finds: what a whole code names; else the order of this very number, then words and goods, the newest
    first, each with what it was found by."""
    named = [] if after else read(session, code_of(asked.text, moment.warehouse_id))
    if named:
        by_code = (Found(FoundBy.CODE, asked.text.strip()),)
        rows = queue_rows(session, named[:size], moment.now)
        return QueuePage(tuple(replace(row, found=by_code) for row in rows), None)
    below = after[0] if after else None
    words, exact = Step(searching(session, asked.text, size + 1, below)), Step(number_of(asked.text))
    goods = Step(orders_of_goods(asked.text, below, size + 1))
    read_together(session, words, exact, goods)
    ids = sorted({*words.result, *goods.result}, reverse=True)
    shown = ids[:size]
    wanted = [order_id for order_id in shown if order_id not in exact.result]
    listed = [*exact.result, *wanted] if after is None else wanted
    listing, why = Step(rows_of(session, listed, moment.now)), Step(found_by(session, listed, asked.text))
    read_together(session, listing, why)
    by_goods = {order_id: (found,) for order_id, found in goods.result.items()}
    by_words = {order_id: found for order_id, found in why.result.items() if found}
    return QueuePage(listing.result(by_goods | by_words), (shown[-1], 0, 0) if len(ids) > size else None)


def stamp(moment: datetime) -> int:
    """Milliseconds since 1970, as moments are stored."""
    return round(moment.timestamp() * 1000)
