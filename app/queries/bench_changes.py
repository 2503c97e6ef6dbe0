"""What the office changed of a fulfillment and its bench has not answered yet."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.changed_work import BenchToDo, ChangedWork, ToDo
from app.domain.work import ItemRef

_NOTED = text(
    "SELECT c.kind, c.quantity, c.reason, c.at, coalesce(o.name, '') AS who, coalesce(l.code, '') AS place, "
    "p.id AS product, p.sku, p.name, p.picture, p.note, p.weight_g FROM bench_changes c "
    "LEFT JOIN operators o ON o.id = c.operator_id LEFT JOIN locations l ON l.id = c.place_id "
    "LEFT JOIN products p ON p.id = c.product_id "
    "WHERE c.fulfillment_id = :fulfillment AND c.seen_at IS NULL ORDER BY c.id"
)
# Also what was done of it since, so that it is seen to be done.
_BACK = text(
    "SELECT l.kind AS place_kind, l.code AS place, p.id AS product, p.sku, p.name, p.picture, p.note, p.weight_g, "
    "sum(t.quantity) AS quantity, sum(t.done) AS done FROM put_back_tasks t "
    "JOIN locations l ON l.id = t.location_id AND l.kind IN ('package', 'tote') JOIN products p ON p.id = t.product_id "
    "WHERE t.fulfillment_id = :fulfillment AND (t.quantity > t.done OR l.kind = 'package' AND t.created_at >= :since) "
    "GROUP BY l.kind, l.code, p.id, p.sku, p.name, p.picture, p.note, p.weight_g ORDER BY l.kind, p.sku"
)
_PAPERS = text(
    "SELECT l.tracking_number, CASE WHEN l.collected_at IS NULL THEN 0 ELSE 1 END AS done FROM packages k "
    "JOIN labels l ON l.package_id = k.id WHERE k.fulfillment_id = :fulfillment AND l.spoiled_at IS NOT NULL "
    "AND (l.collected_at IS NULL OR l.spoiled_at >= :since) ORDER BY l.id"
)
_TOTE = text(
    "SELECT l.code FROM tote_uses u JOIN locations l ON l.id = u.tote_id "
    "WHERE u.fulfillment_id = :fulfillment AND u.closed_at IS NULL ORDER BY u.id LIMIT 1"
)
_CANCELLED = text(
    "SELECT e.at, e.detail, coalesce(o.name, '') AS who FROM audit_entries e "
    "LEFT JOIN operators o ON o.id = e.operator_id WHERE e.subject_kind = 'order' AND e.action = 'order.cancelled' "
    "AND e.subject_id = (SELECT order_id FROM fulfillments WHERE id = :fulfillment) ORDER BY e.id DESC LIMIT 1"
)
_FAR = 1 << 60


def changed_work(session: Session, fulfillment_id: int, *, cancelled: bool = False) -> ChangedWork:
    """All of it: what must be scanned first, then what only has to be known. Of one that was `cancelled`, all that lies
    in its parcels and totes, and who cancelled it."""
    connection = session.connection()
    given = {"fulfillment": fulfillment_id}
    noted = connection.execute(_NOTED, given).all()
    since = {**given, "since": noted[0].at if noted else _FAR}
    fewer = {(row.product, row.place) for row in noted if row.kind == ToDo.LESS}
    back = [
        row
        for row in connection.execute(_BACK, since)
        # else it is what came out of a parcel just now
        if cancelled or row.place_kind == "package" or (row.product, row.place) in fewer
    ]
    to_do = [_back(row) for row in back]
    to_do += [
        BenchToDo(ToDo.LABEL, quantity=1, done=int(done), place=tracking)
        for tracking, done in connection.execute(_PAPERS, since)
    ]
    moving = {(row.product, row.place) for row in back}
    to_do += [
        BenchToDo(ToDo(row.kind), _item(row), int(row.quantity), 0, row.place)
        for row in noted
        if row.kind != ToDo.LESS or (row.product, row.place) not in moving
    ]
    rank = {ToDo.TAKE_OUT: 0, ToDo.LABEL: 1}
    to_do.sort(key=lambda one: rank.get(one.kind, 2))
    last = noted[-1] if noted else None
    tote = connection.execute(_TOTE, given).scalar()
    at = datetime.fromtimestamp(last.at / 1000, UTC) if last is not None else None
    who, why = (last.who, last.reason) if last is not None else ("", "")
    if cancelled and (row := connection.execute(_CANCELLED, given).first()) is not None:
        reason = json.loads(row.detail).get("reason")
        at, who, why = datetime.fromtimestamp(row.at / 1000, UTC), row.who, reason if isinstance(reason, str) else ""
    return ChangedWork(who, at, why, tuple(to_do), tote or "")


def _back(row: Row[tuple[object, ...]]) -> BenchToDo:
    if row.place_kind == "tote":
        return BenchToDo(ToDo.LEAVE, _item(row), int(row.quantity) - int(row.done), 0, row.place)
    return BenchToDo(ToDo.TAKE_OUT, _item(row), int(row.quantity), int(row.done), row.place)


def _item(row: Row[tuple[object, ...]]) -> ItemRef | None:
    if row.product is None:
        return None
    return ItemRef(row.product, row.sku, row.name, row.picture, row.note, row.weight_g)
