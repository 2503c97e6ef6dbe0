"""An item scanned at the bench: counted once, durably, or refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.outcomes import Outcome, Result, Sound, Value, blocked
from app.domain.similar import closest
from app.domain.states import AllocationState, FulfillmentState, MovementReason
from app.domain.work import ItemRef, LineCounted, WrongItem
from app.models.catalogue import Product
from app.models.demand import Order, OrderLine
from app.models.fulfillment import Fulfillment
from app.models.stock import Allocation, StockBalance
from app.services import gestures, ledger, order_states, pack_begin, pack_early, pack_rows
from app.services.desk import Desk
from app.services.identify import Named
from app.services.pack_rows import Standing
from app.services.pack_wanted import Source, Wanted

_OPEN_SKUS = (
    select(OrderLine.id, Product.sku)
    .join(Allocation, Allocation.order_line_id == OrderLine.id)
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Product, Product.id == StockBalance.product_id)
    .where(Allocation.fulfillment_id == bindparam("fulfillment"), Allocation.state == AllocationState.OPEN)
    .order_by(OrderLine.line_no)
)
_WANTED_BY = (
    select(Order.number)
    .join(Fulfillment, Fulfillment.order_id == Order.id)
    .join(Allocation, Allocation.fulfillment_id == Fulfillment.id)
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .where(
        StockBalance.product_id == bindparam("product"),
        Allocation.state == AllocationState.OPEN,
        Fulfillment.id != bindparam("fulfillment"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Counted:
    """An item that is counted once `settle` was called: a server may not have answered yet.

    `carried` are goods on their way, with their units, where they came from, and their line.
    """

    outcome: Outcome
    package_id: int
    carried: Sequence[tuple[ledger.Carried, int, int, int]]
    order: order_states.Refreshing | None

    def settle(self, desk: Desk) -> Outcome:
        """The answer, once the goods are in the parcel. Raises NotEnoughError when they are not."""
        moves = [(carried.allocation_id, *rest) for carried, *rest in self.carried]
        desk.undoes = {"kind": "pack", "package": self.package_id, "moves": moves}
        if self.order is not None:
            self.order.store()
        return self.outcome

    @property
    def last(self) -> bool:
        """Whether it is the last of the order, with nothing to confirm first."""
        values = self.outcome.values
        return values.get("packed") == values.get("required") and not self.outcome.waits


def count(desk: Desk, code: ScannedCode, one: Named, goods: Wanted, now: Standing) -> Counted | Outcome:
    """Counts units of a product into the open parcel, or says that it is too many. Nothing is counted in part."""
    rows = goods.sources
    quantity = one.quantity * (code.quantity or 1) * (1 if goods.by_unit else desk.pending_quantity or 1)
    left = [source for source in rows if not source.in_package]
    if code.lot is not None and any(source.lot_id for source in left):
        left = _of_lot(desk, left, code.lot, one.ref)
    required, remaining = sum(source.quantity for source in rows), sum(source.quantity for source in left)
    desk.pending_quantity = None
    if quantity > remaining:
        return _too_many(one, goods.item, required, remaining, quantity)
    package_id, place_id, order = _parcel(desk, goods.place_id, now)
    carried = _carry(desk, left, quantity, place_id)
    last_line = carried[-1][3]
    total, packed = goods.required, goods.packed + quantity
    line_rows = [source for source in rows if source.line_id == last_line]
    into_line = sum(amount for _, amount, _, line in carried if line == last_line)
    done_before = sum(source.quantity for source in line_rows if source.in_package)
    counted = LineCounted(
        last_line,
        goods.item,
        sum(source.quantity for source in line_rows),
        done_before + into_line,
        package_id,
        goods.inside + quantity,
        total,
        packed,
    )
    values: dict[str, Value] = {"sku": one.title, "quantity": quantity, "packed": packed, "required": total}
    outcome = Outcome(Result.DONE, "pack.counted", Sound.ACCEPTED, values, delta=counted)
    if goods.must_confirm and not _confirmed(desk, one.ref):
        outcome = replace(outcome, code="pack.note_to_confirm", sound=Sound.ATTENTION, waits=True)
    return Counted(outcome, package_id, carried, order)


def _confirmed(desk: Desk, product_id: int) -> bool:
    seen = desk.memory.get("noted")
    known = list(seen) if isinstance(seen, list) else []
    if product_id in known:
        return True
    desk.memory["noted"] = [*known, product_id]
    return False


def _of_lot(desk: Desk, left: list[Source], lot: str, product_id: int) -> list[Source]:
    """Only the units of the lot that was scanned, where the goods are kept by lot."""
    from_lot = pack_rows.lot_id(desk.session, product_id, lot)
    return [source for source in left if source.lot_id in (0, from_lot)]


def _parcel(desk: Desk, open_place: int | None, now: Standing) -> tuple[int, int, order_states.Refreshing | None]:
    """The open parcel and its place; begins packing and the parcel with the first item, and then gives what is needed
    for the state of the order."""
    if desk.package_id is not None and open_place is not None:
        return desk.package_id, open_place, None
    fulfillment_id, numbers = desk.work_id or 0, pack_early.next_parcel(desk)
    package_id, place_id = pack_begin.new_package(desk.session, desk.actor, fulfillment_id, numbers)
    desk.package_id = package_id
    desk.changed("package", package_id)
    order: order_states.Refreshing | None = None
    if now.state is not FulfillmentState.PACKING:
        pack_begin.drop_open_tasks(desk.session, desk.actor, fulfillment_id)
        pack_rows.set_state(desk.session, fulfillment_id, FulfillmentState.PACKING)
        order = order_states.refresh_soon(desk.session, now.order_id)
    desk.changed("fulfillment", fulfillment_id)
    desk.changed("order", now.order_id)
    return package_id, place_id, order


def _carry(desk: Desk, left: list[Source], quantity: int, place_id: int) -> list[tuple[ledger.Carried, int, int, int]]:
    """Moves units with their promise into the parcel: where each now is, units, from where, line."""
    moves: list[tuple[ledger.Carried, int, int, int]] = []
    still = quantity
    for source in left:
        amount = min(still, source.quantity)
        there = ledger.carry_soon(desk.session, desk.actor, MovementReason.PACK, source.allocation_id, amount, place_id)
        moves.append((there, amount, source.location_id, source.line_id))
        still -= amount
        if not still:
            break
    return moves


def _too_many(one: Named, item: ItemRef, required: int, remaining: int, quantity: int) -> Outcome:
    what = WrongItem("pack.too_many", item, required=required)
    outcome = blocked(
        "pack.too_many",
        Sound.TOO_MANY,
        sku=one.title,
        required=required,
        packed=required - remaining,
        quantity=quantity,
        over=quantity - remaining,
    )
    return replace(outcome, delta=what)


def wrong_item(desk: Desk, one: Named) -> Outcome:
    """A product that this order does not want: which line it looks like, and who else waits for it."""
    session, fulfillment_id = desk.session, desk.work_id or 0
    lines = session.connection().execute(_OPEN_SKUS, {"fulfillment": fulfillment_id}).fetchall()
    like = closest(one.title, (sku for _, sku in lines))
    other = _other_order(session, one.ref, fulfillment_id)
    what = WrongItem(
        "pack.wrong_item",
        pack_rows.item(session, one.ref),
        next((line for line, sku in lines if like is not None and sku == like.wanted), None),
        like.scanned_marks if like else (),
        like.wanted_marks if like else (),
        other,
    )
    outcome = blocked("pack.wrong_item", sku=one.title, name=what.item.name if what.item else "", wanted_by=other)
    return replace(outcome, delta=what)


def _other_order(session: Session, product_id: int, fulfillment_id: int) -> str:
    number = session.connection().execute(_WANTED_BY, {"product": product_id, "fulfillment": fulfillment_id})
    return number.scalars().first() or ""


def undo_last(desk: Desk) -> Outcome:
    """Takes the last counted scan of the open parcel out again: the units go back to where they came from."""
    found = gestures.last_undoable(desk.session, desk.actor.station_id)
    moves = found[1].get("moves") if found is not None and found[1].get("package") == desk.package_id else None
    if found is None or desk.package_id is None or not isinstance(moves, list):
        return Outcome(Result.REFUSED, "pack.nothing_to_undo", Sound.WRONG)
    taken = 0
    inside: dict[int, int] = {}
    for allocation_id, amount, _, _ in moves:
        inside[allocation_id] = inside.get(allocation_id, 0) + amount
    if not all(pack_rows.holds(desk.session, allocation_id, amount) for allocation_id, amount in inside.items()):
        return Outcome(Result.REFUSED, "pack.nothing_to_undo", Sound.WRONG)
    for allocation_id, amount, from_id, _ in reversed(moves):
        ledger.carry(desk.session, desk.actor, MovementReason.UNPACK, allocation_id, amount, from_id)
        taken += amount
    gestures.mark_undone(desk.session, found[0], desk.gesture.id)
    return Outcome(Result.DONE, "pack.undone", Sound.ACCEPTED, {"quantity": taken})
