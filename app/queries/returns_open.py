"""The returns that are expected or under way, for the bench where nothing is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from app.domain.states import ReturnState
from app.models.demand import Address, Order
from app.models.returns import ReturnAuthorization, ReturnUnit


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """One return. `units` came back so far, `undecided` of them wait for a decision."""

    code: str
    order_number: str
    recipient: str
    town: str
    state: ReturnState
    created_at: datetime
    units: int = 0
    undecided: int = 0


_OPEN = (
    select(
        ReturnAuthorization.code,
        Order.number,
        Address.name,
        Address.city,
        ReturnAuthorization.state,
        ReturnAuthorization.created_at,
        func.count(ReturnUnit.id),
        func.coalesce(func.sum(case((ReturnUnit.decided_at.is_(None) & ReturnUnit.id.is_not(None), 1), else_=0)), 0),
    )
    .join(Order, Order.id == ReturnAuthorization.order_id)
    .join(Address, Address.id == Order.ship_to_id)
    .outerjoin(ReturnUnit, ReturnUnit.return_id == ReturnAuthorization.id)
    .where(
        ReturnAuthorization.warehouse_id == bindparam("warehouse"),
        ReturnAuthorization.state.not_in((ReturnState.CLOSED, ReturnState.REJECTED)),
    )
    .group_by(ReturnAuthorization.id, Order.number, Address.name, Address.city)
    .order_by(ReturnAuthorization.id.desc())
    .limit(bindparam("most"))
)


def open_returns(session: Session, warehouse_id: int, most: int = 60) -> tuple[OpenReturn, ...]:
    """What may come back to this warehouse or is being inspected there, the newest first."""
    rows = session.execute(_OPEN, {"warehouse": warehouse_id, "most": most})
    return tuple(OpenReturn(*row) for row in rows)
