"""The statements of handing over: what leaves, what is marked, who is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import BindParameter, Row, bindparam, insert, text
from sqlalchemy.orm import Session

from app.models.outbox import OutboxMessage
from app.models.shipping import Manifest
from app.services.actor import Actor

PackageColumns: TypeAlias = tuple[int, int, int, str, int, int, int, str, bool, bool, bool]

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PACKAGES = text(
    "SELECT p.id, p.fulfillment_id, p.location_id, p.state, p.number AS parcel, f.order_id, f.warehouse_id, o.number, "
    "EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind <> 'stock') AS held, "
    "EXISTS (SELECT 1 FROM labels l WHERE l.package_id = p.id AND l.state IN ('bought', 'printed', 'applied')) "
    "AS labelled, EXISTS (SELECT 1 FROM labels l WHERE l.package_id = p.id AND l.spoiled_at IS NOT NULL "
    "AND l.collected_at IS NULL) AS old_label FROM packages p JOIN fulfillments f ON f.id = p.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id "
    "WHERE p.id IN :ids ORDER BY p.id"
).bindparams(_IDS)
_PROMISES = text(
    "SELECT a.id FROM stock_balances b JOIN allocations a ON a.balance_id = b.id AND a.state = 'open' "
    "WHERE b.location_id = :place ORDER BY b.id, a.id"
)
_PACKAGES_LEFT = text("UPDATE packages SET state = 'handed_over', handed_over_at = :now WHERE id IN :ids").bindparams(
    _IDS
)
_LABELS_LEFT = text(
    "UPDATE labels SET state = 'handed_over' WHERE package_id IN :ids AND state IN ('bought', 'printed', 'applied')"
).bindparams(_IDS)
_SHIPMENTS_LEFT = text(
    "UPDATE shipments SET handed_over_at = :now WHERE handed_over_at IS NULL "
    "AND id IN (SELECT shipment_id FROM labels WHERE package_id IN :ids AND state = 'handed_over')"
).bindparams(_IDS)
_END = text(
    "UPDATE fulfillments SET state = 'shipped', shipped_at = :now WHERE id IN :ids AND state <> 'shipped' "
    "AND NOT EXISTS (SELECT 1 FROM allocations a WHERE a.fulfillment_id = fulfillments.id AND a.state = 'open') "
    "RETURNING id"
).bindparams(_IDS)
_TOTES = text("UPDATE tote_uses SET closed_at = :now WHERE fulfillment_id IN :ids AND closed_at IS NULL").bindparams(
    _IDS
)
_CLAIMS = text("DELETE FROM claims WHERE kind = 'fulfillment' AND ref_id IN :ids").bindparams(_IDS)
_ORDERS = text(
    "UPDATE orders SET shipped_at = :now WHERE id IN :ids AND state IN ('shipped', 'closed') AND shipped_at IS NULL"
).bindparams(_IDS)
_TOLD = text(
    "SELECT f.id AS fulfillment_id, o.id AS order_id, o.channel_id, o.channel_ref, o.number "
    "FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.id IN :ids ORDER BY f.id"
).bindparams(_IDS)
_PARCELS = text(
    "SELECT l.carrier, l.service, l.tracking_number FROM packages p JOIN labels l ON l.package_id = p.id "
    "WHERE p.fulfillment_id = :fulfillment AND p.state = 'handed_over' AND l.state = 'handed_over' ORDER BY p.number"
)
# By the order that they were ordered with: what was merged into another is told to its own channel.
_LINES = text(
    "SELECT n.order_id, n.line_no, n.channel_line_ref, n.sku, SUM(m.quantity) AS quantity FROM stock_movements m "
    "JOIN order_lines x ON x.id = m.order_line_id JOIN order_lines n ON n.id = coalesce(x.merged_from_id, x.id) "
    "WHERE m.fulfillment_id = :fulfillment AND m.reason = 'ship' "
    "GROUP BY n.id, n.order_id, n.line_no, n.channel_line_ref, n.sku ORDER BY n.order_id, n.line_no"
)
_MERGED = text("SELECT channel_id, channel_ref, number FROM orders WHERE id = :order")
_CARRIERS = text(
    "SELECT DISTINCT s.carrier, s.id FROM labels l JOIN shipments s ON s.id = l.shipment_id "
    "WHERE l.package_id IN :ids AND l.state = 'handed_over' ORDER BY s.carrier, s.id"
).bindparams(_IDS)
_LISTED = text("UPDATE shipments SET manifest_id = :manifest WHERE id IN :ids").bindparams(_IDS)


def _stamp(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def packages(session: Session, package_ids: Collection[int]) -> Sequence[Row[PackageColumns]]:
    """Parcels with the order they belong to, whether it is on hold, whether a carrier's label is on them, and whether
    the paper of one that was taken back is still looked for: it may be on the parcel."""
    return session.connection().execute(_PACKAGES, {"ids": sorted(set(package_ids))}).all()


def promises_at(session: Session, location_id: int) -> list[int]:
    """The open allocations at a place."""
    return list(session.connection().execute(_PROMISES, {"place": location_id}).scalars())


def mark_left(session: Session, actor: Actor, package_ids: Sequence[int]) -> None:
    """Parcels, their labels and shipments are handed over."""
    connection = session.connection()
    given = {"ids": list(package_ids), "now": _stamp(actor.now)}
    connection.execute(_PACKAGES_LEFT, given)
    connection.execute(_LABELS_LEFT, {"ids": given["ids"]})
    connection.execute(_SHIPMENTS_LEFT, given)


def end_fulfillments(session: Session, actor: Actor, fulfillment_ids: Collection[int]) -> list[int]:
    """Those of which nothing is promised any more are shipped, and their totes are free; gives their ids."""
    connection = session.connection()
    given = {"ids": sorted(fulfillment_ids), "now": _stamp(actor.now)}
    shipped = sorted(connection.execute(_END, given).scalars())
    if shipped:
        connection.execute(_TOTES, {"ids": shipped, "now": given["now"]})
        connection.execute(_CLAIMS, {"ids": shipped})
    return shipped


def mark_orders(session: Session, actor: Actor, order_ids: Collection[int]) -> None:
    """Orders of which all has left remember when."""
    session.connection().execute(_ORDERS, {"ids": sorted(order_ids), "now": _stamp(actor.now)})


def tell_channels(session: Session, actor: Actor, fulfillment_ids: Sequence[int]) -> None:
    """One message for each shipped fulfillment and order in it, to be sent after the commit; its key makes the effect
    happen once."""
    connection = session.connection()
    for row in connection.execute(_TOLD, {"ids": list(fulfillment_ids)}).mappings().all() if fulfillment_ids else ():
        fulfillment = {"fulfillment": row["fulfillment_id"]}
        parcels = [dict(parcel) for parcel in connection.execute(_PARCELS, fulfillment).mappings()]
        lines: dict[int, list[dict[str, object]]] = {int(row["order_id"]): []}
        for line in connection.execute(_LINES, fulfillment).mappings():
            told = {name: line[name] for name in ("line_no", "channel_line_ref", "sku")}
            lines.setdefault(int(line["order_id"]), []).append({**told, "quantity": int(line["quantity"])})
        for order_id, shipped in lines.items():
            own = order_id == row["order_id"]
            if not shipped and len(lines) > 1:
                continue  # nothing of its own left in this one
            whose = {} if own else dict(connection.execute(_MERGED, {"order": order_id}).mappings().one())
            payload = {
                **row,
                "order_id": order_id,
                **whose,
                "shipped_at": actor.now.isoformat(),
                "parcels": parcels,
                "lines": shipped,
            }
            key = f"channel.shipped:{row['fulfillment_id']}" + ("" if own else f":{order_id}")
            message = {"key": key, "topic": "channel.shipped", "payload": payload, "created_at": actor.now}
            connection.execute(insert(OutboxMessage), message)


def write_manifests(session: Session, actor: Actor, warehouse_id: int, package_ids: Sequence[int]) -> list[int]:
    """A list for each carrier of the shipments that these parcels belong to; gives the ids of the lists."""
    connection = session.connection()
    shipments: dict[str, list[int]] = {}
    for carrier, shipment_id in connection.execute(_CARRIERS, {"ids": list(package_ids)}):
        shipments.setdefault(carrier, []).append(shipment_id)
    made: list[int] = []
    for carrier, ids in shipments.items():
        values: Mapping[str, object] = {
            "warehouse_id": warehouse_id,
            "carrier": carrier,
            "at": actor.now,
            "operator_id": actor.operator_id,
        }
        manifest = connection.execute(insert(Manifest).returning(Manifest.id), values).scalar_one()
        connection.execute(_LISTED, {"manifest": manifest, "ids": ids})
        made.append(manifest)
    return made
