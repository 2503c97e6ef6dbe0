"""A station in a test: real gestures through the real floor, and walks made by hand over the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Place
from app.domain.states import AllocationState, FulfillmentState, Role
from app.domain.words import say
from app.models.database import Database
from app.models.fulfillment import Batch, Fulfillment, PickList, PickListSlot, PickTask, Wave
from app.models.people import Operator, Station, StationSession
from app.models.stock import Allocation, Location, StockBalance
from app.services import bench_order, ledger, pack_early
from app.services import take_over as taking
from app.services.desk import FULFILLMENT, Desk
from app.services.identify import Named, NamedKind
from app.services.order_states import refresh_orders
from app.services.pick.desk import PickDesk
from app.services.settings_store import FloorSettings
from app.services.station import Floor, Opening, WorkDesk
from tests.services import stock_builders as build


class PickOnly:
    """Opens walks by their codes and carts, nothing else."""

    def __init__(self, pick: PickDesk) -> None:
        self.pick = pick

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        one = named[0]
        return (
            self.pick.open_list(desk, one.ref)
            if one.kind is NamedKind.PICK_LIST
            else self.pick.open_cart(desk, one.ref)
        )

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        if command is Command.START_WALK:
            return self.pick.start_next(desk)
        held = desk.memory.get("held")
        if command is Command.TAKE_OVER and isinstance(held, list):
            return self.pick.take_over(desk, held[1])
        why = taking.answered(desk, command)
        return self.pick.take_over(desk, why[1], why[2]) if isinstance(why, tuple) else why


@dataclass(slots=True)
class Bench:
    """One station with its operator; `scan`, `key` and `type` are what the person there does."""

    database: Database
    floor: Floor
    settings: FloorSettings = field(default_factory=FloorSettings)
    now: datetime = build.NOW
    done: int = 0
    weight_g: int | None = None

    def do(self, kind: GestureKind, raw: str, gesture_id: str = "") -> Outcome:
        self.done += 1
        self.now += timedelta(seconds=1)
        gesture = Gesture(gesture_id or f"s{self.floor.station_id}-{self.done:05}", kind, raw, self.now, self.weight_g)
        outcome = self.database.write(lambda s: self.floor.handle(s, gesture, self.settings, self.now))
        said = say(outcome.code, **outcome.values)  # every answer has its sentence, with all that it tells filled in
        assert said != outcome.code, outcome.code
        assert "{" not in said, said
        return outcome

    def scan(self, raw: str, gesture_id: str = "") -> Outcome:
        return self.do(GestureKind.SCAN, raw, gesture_id)

    def scans(self, *codes: str) -> Outcome:
        """Several scans; the answer to the last one."""
        return [self.scan(code) for code in codes][-1]

    def type(self, text: str) -> Outcome:
        return self.do(GestureKind.TEXT, text)

    @property
    def step(self) -> str:
        return self.database.read(lambda s: s.get_one(StationSession, self.floor.station_id).step)

    @property
    def work_kind(self) -> str:
        return self.database.read(lambda s: s.get_one(StationSession, self.floor.station_id).work_kind)


def add_bench(
    database: Database,
    site: build.Site,
    desks: Mapping[str, WorkDesk],
    opening: Opening,
    *,
    name: str = "",
    role: Role = Role.LEAD,
    place: Place = Place.PICK,
) -> Bench:
    """A station whose operator is signed in; without a name it is the site's own."""

    def make(session: Session) -> int:
        station_id, operator_id = site.actor.station_id or 0, site.actor.operator_id
        if name:
            operator = Operator(name=name, role=role, created_at=build.NOW)
            station = Station(name=f"Bench of {name}", warehouse_id=site.warehouse_id, created_at=build.NOW)
            session.add_all([operator, station])
            session.flush()
            station_id, operator_id = station.id, operator.id
        session.add(StationSession(station_id=station_id, operator_id=operator_id, place=place, memory={}))
        return station_id

    early = {"": bench_order.read_early, FULFILLMENT: pack_early.read_early}
    return Bench(database, Floor(database.write(make), site.warehouse_id, desks, opening, early=early))


def pick_bench(database: Database, site: build.Site, name: str = "", role: Role = Role.LEAD) -> Bench:
    """A station that can walk."""
    pick = PickDesk()
    return add_bench(database, site, {"pick_list": pick}, PickOnly(pick), name=name, role=role)


def promise_all(session: Session, site: build.Site, order_id: int) -> int:
    """Promises all lines of an order from the shelves in walk order; gives the fulfillment's id."""
    order = session.get_one(build.Order, order_id)
    fulfillment = Fulfillment(
        order_id=order_id,
        warehouse_id=site.warehouse_id,
        priority=order.priority,
        leaves_at=order.leaves_at,
        created_at=build.NOW,
    )
    session.add(fulfillment)
    session.flush()
    for line in build.lines_of(session, order_id):
        left = line.quantity
        rows = session.execute(
            select(StockBalance.id, StockBalance.on_hand - StockBalance.allocated)
            .join(Location, Location.id == StockBalance.location_id)
            .where(StockBalance.product_id == line.product_id, Location.kind.in_(("shelf", "bulk")))
            .where(StockBalance.condition == "new", StockBalance.on_hand > StockBalance.allocated)
            .order_by(Location.pick_sequence)
        ).all()
        for balance_id, free in rows:
            quantity = min(free, left)
            if quantity:
                ledger.promise(session, balance_id, line.id, fulfillment.id, quantity)
                left -= quantity
    refresh_orders(session, [order_id])
    return fulfillment.id


def release(session: Session, site: build.Site, fulfillment_ids: Sequence[int]) -> int:
    """One walk for these fulfillments, slot after slot, stops by pick sequence; gives the pick list's id."""
    wave = Wave(warehouse_id=site.warehouse_id, released_at=build.NOW)
    session.add(wave)
    session.flush()
    batch = Batch(wave_id=wave.id)
    session.add(batch)
    session.flush()
    walk = PickList(warehouse_id=site.warehouse_id, batch_id=batch.id, created_at=build.NOW)
    session.add(walk)
    session.flush()
    stops = []
    for slot, fulfillment_id in enumerate(fulfillment_ids, start=1):
        session.add(PickListSlot(pick_list_id=walk.id, slot=slot, fulfillment_id=fulfillment_id))
        session.get_one(Fulfillment, fulfillment_id).state = FulfillmentState.RELEASED
        rows = session.execute(
            select(Allocation, StockBalance, Location)
            .join(StockBalance, StockBalance.id == Allocation.balance_id)
            .join(Location, Location.id == StockBalance.location_id)
            .where(Allocation.fulfillment_id == fulfillment_id, Allocation.state == AllocationState.OPEN)
        )
        stops += [(place.pick_sequence, slot, allocation, balance) for allocation, balance, place in rows]
    stops.sort(key=lambda stop: (stop[0], stop[1], stop[2].id))
    for number, (_, slot, allocation, balance) in enumerate(stops, start=1):
        session.add(
            PickTask(
                pick_list_id=walk.id,
                fulfillment_id=allocation.fulfillment_id,
                order_line_id=allocation.order_line_id,
                allocation_id=allocation.id,
                product_id=balance.product_id,
                location_id=balance.location_id,
                slot=slot,
                sequence=number,
                quantity=allocation.quantity,
            )
        )
    session.flush()
    refresh_orders(session, [session.get_one(Fulfillment, one).order_id for one in fulfillment_ids])
    return walk.id
