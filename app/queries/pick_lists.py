"""The walks that wait for a picker, the most urgent first, and who has those that are under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, own_code
from app.domain.states import PickListState, PickTaskState
from app.models.fulfillment import Cart, Fulfillment, PickList, PickListSlot, PickTask
from app.models.people import Claim, Operator, Station


@dataclass(frozen=True, slots=True)
class OpenPickList:
    """One walk. `orders`, `stops` and `units` count what is still to do; `held_by` and `held_at` who has it now."""

    pick_list_id: int
    code: str
    started: bool
    cart: str
    orders: int
    stops: int
    units: int
    leaves_at: datetime
    held_by: str = ""
    held_at: str = ""


_ORDERS = (
    select(
        PickListSlot.pick_list_id.label("list_id"),
        func.count().label("orders"),
        func.min(Fulfillment.leaves_at).label("leaves_at"),
        func.min(Fulfillment.priority).label("priority"),
    )
    .join(Fulfillment, Fulfillment.id == PickListSlot.fulfillment_id)
    .join(PickList, PickList.id == PickListSlot.pick_list_id)
    .where(
        PickList.warehouse_id == bindparam("warehouse"),
        PickList.state.in_((PickListState.OPEN, PickListState.PICKING)),
    )
    .group_by(PickListSlot.pick_list_id)
    .subquery()
)
_LEFT = (
    select(
        PickTask.pick_list_id.label("list_id"),
        func.count().label("stops"),
        func.sum(PickTask.quantity - PickTask.picked - PickTask.short).label("units"),
    )
    .where(PickTask.state == PickTaskState.OPEN)
    .group_by(PickTask.pick_list_id)
    .subquery()
)
_OPEN = (
    select(
        PickList.id,
        PickList.state,
        Cart.code.label("cart"),
        _ORDERS.c.orders,
        _ORDERS.c.leaves_at,
        _LEFT.c.stops,
        _LEFT.c.units,
        Operator.name.label("held_by"),
        Station.name.label("held_at"),
    )
    .join(_ORDERS, _ORDERS.c.list_id == PickList.id)
    .join(_LEFT, _LEFT.c.list_id == PickList.id)
    .outerjoin(Cart, Cart.id == PickList.cart_id)
    .outerjoin(
        Claim, and_(Claim.kind == "pick_list", Claim.ref_id == PickList.id, Claim.expires_at >= bindparam("now"))
    )
    .outerjoin(Operator, Operator.id == Claim.operator_id)
    .outerjoin(Station, Station.id == Claim.station_id)
    .where(
        PickList.warehouse_id == bindparam("warehouse"),
        PickList.state.in_((PickListState.OPEN, PickListState.PICKING)),
    )
    .order_by(_ORDERS.c.priority, _ORDERS.c.leaves_at, PickList.id)
    .limit(bindparam("most"))
)


def open_pick_lists(session: Session, warehouse_id: int, now: datetime, most: int = 60) -> tuple[OpenPickList, ...]:
    """What can be picked in this warehouse, by priority and then by when it leaves; walks with nothing left are not."""
    rows = session.execute(_OPEN, {"warehouse": warehouse_id, "now": now, "most": most})
    return tuple(
        OpenPickList(
            pick_list_id=row.id,
            code=own_code(CodeKind.PICK_LIST, row.id),
            started=row.state is PickListState.PICKING,
            cart=row.cart or "",
            orders=row.orders,
            stops=row.stops,
            units=int(row.units),
            leaves_at=row.leaves_at,
            held_by=row.held_by or "",
            held_at=row.held_at or "",
        )
        for row in rows
    )
