"""Transfers between warehouses: planned, picked, sent, received; the goods lie in places of the transfer meanwhile.

Picked units go from their shelf to the transfer's place at the warehouse that sends, sent ones to its place at the one
that receives, and from there to a shelf. What never came is written off with its reason: the ledger stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, own_code
from app.domain.outcomes import Change, Outcome, Sound, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import LocationKind, MovementReason, TransferState
from app.domain.storable import LINE, storable
from app.models.locks import lock_transfer
from app.models.stock import Location, StockBalance, Warehouse
from app.models.supply import Transfer, TransferLine
from app.queries.transfers import TransferHead, TransferredLine, transfer, transfer_lines
from app.services import audit, ledger
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.permissions import forbidden
from app.services.places import counterparty
from app.services.stock_rows import item

MOST = 1_000_000
_PICKING = (TransferState.DRAFT, TransferState.PICKED)


@dataclass(frozen=True, slots=True)
class Opened:
    """A transfer that is locked for this transaction."""

    row: Transfer
    head: TransferHead

    @property
    def values(self) -> dict[str, Value]:
        """The values that name it in a sentence."""
        return {"transfer": self.head.code, "source": self.head.source, "target": self.head.target}


def plan_transfer(session: Session, actor: Actor, from_id: int, to_id: int, note: str = "") -> Outcome:
    """Begins a transfer without lines; the outcome tells its id and code."""
    session.flush()
    refusal = forbidden(session, actor, Permission.TRANSFER)
    if refusal is not None:
        return refusal
    if from_id == to_id:
        return refused("transfer.same_warehouse")
    if any(session.get(Warehouse, one) is None for one in (from_id, to_id)):
        return refused("transfer.no_warehouse")
    made = Transfer(
        from_warehouse_id=from_id, to_warehouse_id=to_id, note=storable(note.strip(), LINE), created_at=actor.now,
        created_by_id=actor.operator_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    code = own_code(CodeKind.TRANSFER, made.id)
    places = {}
    for warehouse_id in (from_id, to_id):
        place = Location(warehouse_id=warehouse_id, code=code, kind=LocationKind.TRANSIT)
        session.add(place)
        places[warehouse_id] = place
    session.flush()
    made.from_place_id, made.to_place_id = places[from_id].id, places[to_id].id
    session.flush()
    tell_transfer(session, actor, "transfer.planned", made.id, {"from": from_id, "to": to_id})
    return done("transfer.planned", id=made.id, transfer=code)


def set_line(session: Session, actor: Actor, transfer_id: int, product_id: int, quantity: int) -> Outcome:
    """Says how many units of a product are wanted; 0 takes the line out. Only until it is sent."""
    found = opened_for(session, actor, Permission.TRANSFER, transfer_id, _PICKING)
    if isinstance(found, Outcome):
        return found
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    if not 0 <= quantity <= MOST:
        return refused("stock.bad_quantity", quantity=quantity)
    picked = sum(line.picked for line in transfer_lines(session, found.head) if line.product_id == product_id)
    if quantity < picked:
        return refused("transfer.picked_already", sku=product.sku, picked=picked, **found.values)
    row = session.scalars(
        select(TransferLine).where(TransferLine.transfer_id == transfer_id, TransferLine.product_id == product_id)
    ).first()
    if row is not None and quantity == 0:
        session.delete(row)
    elif row is not None:
        row.quantity = quantity
    elif quantity:
        session.add(TransferLine(transfer_id=transfer_id, product_id=product_id, quantity=quantity))
    session.flush()
    judge_picked(session, found)
    tell_transfer(session, actor, "transfer.line", transfer_id, {"product": product_id, "quantity": quantity})
    return done("transfer.line", sku=product.sku, quantity=quantity, **found.values)


def cancel_transfer(session: Session, actor: Actor, transfer_id: int) -> Outcome:
    """Drops a transfer that was not sent; what was picked for it must be back on its shelf first."""
    found = opened_for(session, actor, Permission.TRANSFER, transfer_id, _PICKING)
    if isinstance(found, Outcome):
        return found
    inside = sum(line.picked for line in transfer_lines(session, found.head))
    if inside:
        return refused("transfer.put_back_first", units=inside, **found.values)
    found.row.state, found.row.closed_at = TransferState.CANCELLED, actor.now
    session.flush()
    tell_transfer(session, actor, "transfer.cancelled", transfer_id)
    return done("transfer.cancelled", **found.values)


def picked(session: Session, actor: Actor, transfer_id: int) -> Outcome:
    """All that there is was picked, though it may be less than was wanted."""
    found = opened_for(session, actor, Permission.MOVE_STOCK, transfer_id, _PICKING)
    if isinstance(found, Outcome):
        return found
    if not any(line.picked for line in transfer_lines(session, found.head)):
        return refused("transfer.nothing_picked", **found.values)
    found.row.state = TransferState.PICKED
    session.flush()
    tell_transfer(session, actor, "transfer.picked", transfer_id)
    return done("transfer.picked", **found.values)


def send_transfer(session: Session, actor: Actor, transfer_id: int) -> Outcome:
    """What was picked leaves: from now on it is on its way to the other warehouse."""
    found = opened_for(session, actor, Permission.MOVE_STOCK, transfer_id, _PICKING)
    if isinstance(found, Outcome):
        return found
    if found.head.from_id != actor.warehouse_id:
        return refused("transfer.sent_elsewhere", **found.values)
    from_place, to_place = found.head.from_place_id, found.head.to_place_id
    goods = goods_inside(session, from_place)
    if not goods or from_place is None or to_place is None:
        return refused("transfer.nothing_picked", **found.values)
    for one in goods:
        ledger.move(session, actor, MovementReason.TRANSFER, one, from_place, to_place, note=found.head.code)
    found.row.state, found.row.sent_at = TransferState.SENT, actor.now
    session.flush()
    units = sum(one.quantity for one in goods)
    tell_transfer(session, actor, "transfer.sent", transfer_id, {"units": units}, goods)
    return done("transfer.sent", Sound.COMPLETE, units=units, **found.values)


def close_transfer(session: Session, actor: Actor, transfer_id: int, reason: str) -> Outcome:
    """Ends a transfer: what never came is written off with its reason. Without a difference no reason is needed."""
    found = opened_for(
        session, actor, Permission.ADJUST_STOCK, transfer_id, (TransferState.SENT, TransferState.RECEIVED)
    )
    if isinstance(found, Outcome):
        return found
    lost = goods_inside(session, found.head.to_place_id)
    said = storable(reason.strip(), LINE)
    if lost and not said:
        return refused("transfer.reason_wanted", **found.values)
    for one in lost:
        _write_off(session, actor, found.head, one, said)
    if lost:
        keep_reason(session, transfer_id, {one.product_id for one in lost}, said)
    found.row.state, found.row.closed_at = TransferState.CLOSED, actor.now
    found.row.received_at = found.row.received_at or actor.now
    session.flush()
    units = sum(one.quantity for one in lost)
    tell_transfer(session, actor, "transfer.closed", transfer_id, {"missing": units, "reason": said}, lost)
    return done("transfer.closed_short" if lost else "transfer.closed", missing=units, **found.values)


def _write_off(session: Session, actor: Actor, head: TransferHead, goods: ledger.Goods, reason: str) -> None:
    outside = counterparty(session, head.to_id, LocationKind.ADJUSTMENT)
    place = head.to_place_id or 0
    note = storable(f"{head.code}: {reason}", LINE)
    ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, place, outside, note=note)


# -- what the scanner's and the office's doors share ----------------------------------------------------------------


def opened_for(
    session: Session, actor: Actor, permission: Permission, transfer_id: int, states: tuple[TransferState, ...]
) -> Opened | Outcome:
    """The same for somebody who may do this; or why not."""
    session.flush()
    return forbidden(session, actor, permission) or opened(session, transfer_id, states)


def opened(session: Session, transfer_id: int, states: tuple[TransferState, ...]) -> Opened | Outcome:
    """A transfer in one of these states, locked; or why nothing may be done with it."""
    lock_transfer(session, transfer_id)
    row = session.get(Transfer, transfer_id, populate_existing=True)
    head = transfer(session, transfer_id) if row is not None else None
    if row is None or head is None:
        return refused("transfer.unknown")
    if head.state not in states:
        return refused(f"transfer.is.{head.state.value}", transfer=head.code)
    return Opened(row, head)


def line_of(session: Session, head: TransferHead, product_id: int) -> TransferredLine | None:
    """One line of a transfer with its figures; None for a product that is not in it."""
    return next((line for line in transfer_lines(session, head) if line.product_id == product_id), None)


def judge_picked(session: Session, found: Opened) -> bool:
    """Whether all that is wanted was picked now; the state says so."""
    lines = transfer_lines(session, found.head)
    complete = bool(lines) and all(line.picked >= line.quantity for line in lines)
    found.row.state = TransferState.PICKED if complete else TransferState.DRAFT
    session.flush()
    return complete


def keep_reason(session: Session, transfer_id: int, product_ids: set[int], reason: str) -> None:
    """Remembers at the lines why another number came."""
    rows = session.scalars(
        select(TransferLine).where(TransferLine.transfer_id == transfer_id, TransferLine.product_id.in_(product_ids))
    )
    for row in rows:
        row.reason = reason
    session.flush()


def goods_inside(session: Session, place_id: int | None) -> list[ledger.Goods]:
    """What lies at a place of a transfer, lot by lot."""
    rows = session.execute(
        select(StockBalance.product_id, StockBalance.on_hand, StockBalance.lot_id, StockBalance.condition)
        .where(StockBalance.location_id == place_id, StockBalance.on_hand > 0)
        .order_by(StockBalance.product_id, StockBalance.lot_id, StockBalance.condition)
    )
    return [ledger.Goods(*row) for row in rows]


def tell_transfer(
    session: Session,
    actor: Actor,
    action: str,
    transfer_id: int,
    detail: Mapping[str, object] | None = None,
    goods: list[ledger.Goods] | None = None,
) -> None:
    """Writes the audit entry of a deed, and what changed for other screens."""
    audit.record(session, actor, action, "transfer", transfer_id, detail)
    products = [Change("product", one.product_id) for one in goods or ()]
    note_changes(session, actor, [Change("transfer", transfer_id), *products])
