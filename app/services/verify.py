"""Looks again whether orders may go on: opens the holds that are deserved and closes those whose cause is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.orm import Session

from app.domain.addresses import check_address
from app.domain.capture import Financial, PostalAddress
from app.domain.outcomes import Change
from app.domain.states import HoldKind
from app.domain.storable import LINE, storable
from app.domain.verification import VERIFIED_KINDS, WantedHold, verified_holds
from app.models.demand import Hold
from app.models.locks import lock_orders
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.order_states import refresh_orders

BY_ITSELF = "verified"
"""The reason of holds that were released because their cause is gone."""
AT_ONCE = 500

_ORDERS = text(
    "SELECT o.id, o.financial, a.name, a.company, a.address1, a.address2, a.city, a.postcode, a.region, a.country "
    "FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_LINES = text(
    "SELECT order_id, sku, title, product_id FROM order_lines WHERE order_id IN :ids AND requires_shipping "
    "AND quantity > cancelled + elsewhere ORDER BY order_id, line_no"
).bindparams(bindparam("ids", expanding=True))
_HOLDS = text(
    "SELECT id, order_id, kind, detail, released_at, released_by_id FROM holds WHERE order_id IN :ids"
).bindparams(bindparam("ids", expanding=True))


@dataclass(slots=True)
class _Standing:
    """The holds of one order: those that are open, and those that a person has released before."""

    open: dict[HoldKind, tuple[int, str]]
    decided: set[tuple[HoldKind, str]]


def verify_orders(session: Session, actor: Actor, order_ids: Iterable[int]) -> list[int]:
    """Verifies stored orders again and refreshes their state; gives the ids of those whose holds or state changed."""
    session.flush()
    ids = sorted(set(order_ids))
    touched: list[int] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        lock_orders(session, some)
        changed = settle_holds(session, actor, _wanted(session, some), VERIFIED_KINDS)
        changed |= set(refresh_orders(session, some))
        touched += sorted(changed)
    note_changes(session, actor, (Change("order", order_id) for order_id in touched))
    return touched


def settle_holds(
    session: Session, actor: Actor, wanted: Mapping[int, Sequence[WantedHold]], kinds: Sequence[HoldKind]
) -> set[int]:
    """Makes the open holds of these kinds what is wanted for each order; gives the orders that this changed.

    What a person released stays released while its cause is the same. States are not refreshed here.
    """
    standing = _standing(session, sorted(wanted))
    new: list[dict[str, object]] = []
    over: list[int] = []
    changed: set[int] = set()
    for order_id, holds in wanted.items():
        old = standing[order_id]
        asked = {hold.kind: storable(hold.detail, LINE) for hold in holds if hold.kind in kinds}
        for kind, (hold_id, detail) in old.open.items():
            if kind in kinds and asked.get(kind) != detail:
                over.append(hold_id)
                changed.add(order_id)
        for kind, detail in asked.items():
            is_open = kind in old.open and old.open[kind][1] == detail
            if not is_open and (kind, detail) not in old.decided:
                new.append({"order_id": order_id, "kind": kind, "detail": detail, "opened_at": actor.now})
                changed.add(order_id)
    _close(session, actor, over)
    if new:
        session.connection().execute(insert(Hold), new)
    return changed


def _close(session: Session, actor: Actor, hold_ids: Sequence[int]) -> None:
    if hold_ids:
        session.connection().execute(
            update(Hold).where(Hold.id.in_(hold_ids)).values(released_at=actor.now, release_reason=BY_ITSELF)
        )


def _standing(session: Session, ids: Sequence[int]) -> defaultdict[int, _Standing]:
    standing: defaultdict[int, _Standing] = defaultdict(lambda: _Standing({}, set()))
    for row in session.connection().execute(_HOLDS, {"ids": ids}) if ids else ():
        kind = HoldKind(row.kind)
        if row.released_at is None:
            standing[row.order_id].open[kind] = (row.id, row.detail)
        elif row.released_by_id is not None:
            standing[row.order_id].decided.add((kind, row.detail))
    return standing


def _wanted(session: Session, ids: Sequence[int]) -> dict[int, tuple[WantedHold, ...]]:
    connection = session.connection()
    due: set[int] = set()
    unknown: dict[int, list[str]] = defaultdict(list)
    for order_id, sku, title, product_id in connection.execute(_LINES, {"ids": ids}):
        due.add(order_id)
        if product_id is None:
            unknown[order_id].append(sku.strip() or title.strip())
    wanted: dict[int, tuple[WantedHold, ...]] = {}
    for row in connection.execute(_ORDERS, {"ids": ids}):
        address = PostalAddress(
            row.name, row.company, row.address1, row.address2, row.city, row.postcode, row.region, row.country
        )
        faults = [problem.code for problem in check_address(address)] if row.id in due else []
        financial = Financial(row.financial) if row.id in due else Financial.NOT_REPORTED
        wanted[row.id] = verified_holds(financial, faults, unknown.get(row.id, ()))
    return wanted
