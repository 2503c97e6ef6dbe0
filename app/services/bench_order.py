"""What decides whether an order may be opened at a bench, in one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.states import FulfillmentState
from app.models.prepared import Prepared
from app.services.desk import Desk
from app.services.identify import NamedKind, numbered

_TO_PUT_BACK = (
    "(SELECT count(*) FROM put_back_tasks t JOIN locations l ON l.id = t.location_id "
    "WHERE t.fulfillment_id = f.id AND t.quantity > t.done AND l.kind = 'package') AS to_put_back "
)
_COLLECTED = "CASE WHEN o.pick_up_at_id = f.warehouse_id THEN 1 ELSE 0 END AS collected, "
_PARTS = Prepared(
    text(
        f"SELECT f.id, f.state, f.warehouse_id, {_COLLECTED}{_TO_PUT_BACK}"
        "FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.order_id = :order ORDER BY f.id"
    )
)
_STANDS = Prepared(
    text(
        "SELECT f.id, f.order_id, f.state, f.state_before_exception, f.exception_reason, f.warehouse_id, o.number, "
        f"f.changed, {_COLLECTED}"
        "(SELECT h.kind FROM holds h WHERE h.order_id = f.order_id AND h.released_at IS NULL AND h.kind <> 'stock' "
        "ORDER BY h.id LIMIT 1) AS hold, "
        "(SELECT count(*) FROM pick_tasks t JOIN pick_lists l ON l.id = t.pick_list_id WHERE t.fulfillment_id = f.id "
        "AND t.state = 'open' AND l.state = 'picking') AS stops, "
        "(SELECT count(*) FROM packages p JOIN labels l ON l.package_id = p.id WHERE p.fulfillment_id = f.id "
        f"AND l.state = 'void_refused') AS kept, {_TO_PUT_BACK}"
        "FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.id = :fulfillment"
    )
)


@dataclass(frozen=True, slots=True)
class BenchOrder:
    """A fulfillment that is to be opened, with its order's number, what it was before an exception, and why.

    `collected`: its customer collects it here. `hold`: the kind of a hold that stands in the way. `stops` are open
    stops of a walk that was begun, `kept` labels that their carriers keep, `to_put_back` things that lie in its parcels
    and were cancelled.
    """

    id: int
    order_id: int
    state: FulfillmentState
    before: str
    reason: str
    warehouse_id: int
    number: str
    changed: bool
    collected: bool
    hold: str
    stops: int
    kept: int
    to_put_back: int


@dataclass(frozen=True, slots=True)
class OrderPart:
    """A fulfillment of an order that was scanned. `collected`, `to_put_back`: as of a `BenchOrder`."""

    id: int
    state: FulfillmentState
    warehouse_id: int
    collected: bool
    to_put_back: int


def order_parts(session: Session, order_id: int) -> list[OrderPart]:
    """All fulfillments of an order, those that were cancelled too, in the order in which they were made."""
    return [
        OrderPart(ident, FulfillmentState(state), warehouse, bool(collected), int(back))
        for ident, state, warehouse, collected, back in _PARTS.rows(session, {"order": order_id})
    ]


def bench_order(desk: Desk, fulfillment_id: int) -> BenchOrder:
    """How a fulfillment stands before it is opened here. Raises LookupError where there is none."""
    values = {"fulfillment": fulfillment_id}
    rows = desk.known(_STANDS, values)
    if rows is None:
        rows = _STANDS.rows(desk.session, values)
    if not rows:
        raise LookupError(f"no fulfillment {fulfillment_id}")
    ident, order, state, before, reason, warehouse, number, changed, collected, hold, stops, kept, back = rows[0]
    return BenchOrder(
        ident, order, FulfillmentState(state), before, reason, warehouse, number, bool(changed), bool(collected),
        hold or "", int(stops), int(kept), int(back),
    )  # fmt: skip


def read_early(
    _station_id: int, code: ScannedCode, /, *, parcel: bool
) -> tuple[tuple[Prepared, Mapping[str, object]], ...]:
    """The order whose paper is scanned, where none seems to be open (`station.ReadsEarly`)."""
    row = numbered(code)
    return ((_STANDS, {"fulfillment": row[2]}),) if row is not None and row[0] is NamedKind.FULFILLMENT else ()
