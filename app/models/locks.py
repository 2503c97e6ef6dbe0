"""Every row lock, taken in one order.

Session, channel, order, fulfillment, pick list, package, return, transfer, place, then balances by id.

SQLite has one writer at a time, so there the statements only read.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.demand import Channel, Order
from app.models.fulfillment import Fulfillment, PickList
from app.models.people import StationSession
from app.models.returns import ReturnAuthorization
from app.models.shipping import Package
from app.models.stock import Location, StockBalance
from app.models.supply import Transfer

_CHANNEL = select(Channel.id).where(Channel.id == bindparam("channel")).with_for_update()


def lock_session(session: Session, station_id: int) -> None:
    """The session row of a station: gestures of one station are applied one after the other."""
    session.execute(select(StationSession.station_id).where(StationSession.station_id == station_id).with_for_update())


def lock_channel(session: Session, channel_id: int) -> None:
    """A channel: what it reports is captured by one importer at a time."""
    session.connection().execute(_CHANNEL, {"channel": channel_id})


def lock_orders(session: Session, order_ids: Iterable[int]) -> None:
    """Orders, by id."""
    ids = sorted(set(order_ids))
    session.execute(select(Order.id).where(Order.id.in_(ids)).order_by(Order.id).with_for_update())


def lock_fulfillments(session: Session, fulfillment_ids: Iterable[int]) -> None:
    """Fulfillments, by id."""
    ids = sorted(set(fulfillment_ids))
    session.execute(select(Fulfillment.id).where(Fulfillment.id.in_(ids)).order_by(Fulfillment.id).with_for_update())


def lock_pick_list(session: Session, pick_list_id: int) -> None:
    """One pick list."""
    session.execute(select(PickList.id).where(PickList.id == pick_list_id).with_for_update())


def lock_package(session: Session, package_id: int) -> None:
    """One package."""
    session.execute(select(Package.id).where(Package.id == package_id).with_for_update())


def lock_return(session: Session, return_id: int) -> None:
    """One return."""
    session.execute(select(ReturnAuthorization.id).where(ReturnAuthorization.id == return_id).with_for_update())


def lock_transfer(session: Session, transfer_id: int) -> None:
    """One transfer between warehouses."""
    session.execute(select(Transfer.id).where(Transfer.id == transfer_id).with_for_update())


def lock_places(session: Session, place_ids: Iterable[int]) -> None:
    """Places, by id: for who says how much lies there in all. What has no balance yet has no row of its own to lock.

    Who only brings or takes goods does not wait.
    """
    ids = sorted(set(place_ids))
    chosen = select(Location.id).where(Location.id.in_(ids)).order_by(Location.id)
    session.execute(chosen.with_for_update(key_share=True))


def lock_balances(session: Session, balance_ids: Iterable[int]) -> None:
    """Balances, by id."""
    ids = sorted(set(balance_ids))
    session.execute(select(StockBalance.id).where(StockBalance.id.in_(ids)).order_by(StockBalance.id).with_for_update())
