"""What simulated people need: stations, badges, totes; made once, and found again by the next simulation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.bootstrap.simulate_plan import Group, Plan, Seat, Work
from app.domain.errors import StateError
from app.domain.outcomes import Outcome
from app.domain.states import LocationKind, Role
from app.models.database import Database
from app.models.people import Operator
from app.models.stock import Location
from app.services.actor import Actor
from app.services.people import add_operator, renew_badge
from app.services.settings_store import get_setting, put_setting
from app.services.setup import ensure_station

TOTES_EACH = 16
WRITER = "simulation"
MARK = "simulation"
"""The setting that says that a database is made for this: its orders are packed and shipped."""
_HAS_STOCK = text("SELECT 1 FROM stock_balances WHERE on_hand > allocated LIMIT 1")
_HAS_ORDERS = text("SELECT 1 FROM orders LIMIT 1")


def has_goods_and_orders(database: Database) -> bool:
    """Whether there is something to simulate with."""
    return database.read(lambda s: all(s.execute(query).first() is not None for query in (_HAS_STOCK, _HAS_ORDERS)))


def is_made_for_it(database: Database) -> bool:
    """Whether somebody said of this database that simulated people may work in it."""
    return bool(database.read(lambda session: get_setting(session, MARK)))


def mark(database: Database) -> None:
    """Says so, for ever."""
    database.write(lambda session: put_setting(session, MARK, True))


def furnish(
    database: Database, warehouse_id: int, plan: Plan, journals: Path, now: Callable[[], datetime]
) -> list[Group]:
    """Stations with their people, in as many groups as there are processes, and totes for the pickers."""

    def actor() -> Actor:
        return Actor(now(), WRITER, warehouse_id, role=Role.ADMIN)

    # One person in three walks: a walk serves many orders.
    works = [Work.PICK if number % 3 == 2 else Work.PACK for number in range(1, plan.stations + 1)]
    if plan.stations == 1:
        works = [Work.PACK]
    database.write(lambda session: _totes(session, warehouse_id, TOTES_EACH * max(2, works.count(Work.PICK))))
    seats = [
        database.write(lambda session, n=n, work=work: _seat(session, actor(), n, work, journals))  # type: ignore[misc]
        for n, work in enumerate(works, start=1)
    ]
    return [Group(warehouse_id, plan.pace, tuple(seats[start :: plan.groups])) for start in range(plan.groups)]


def _seat(session: Session, actor: Actor, number: int, work: Work, journals: Path) -> Seat:
    name = f"Simulated {number}"
    station_id = ensure_station(session, actor.now, name, actor.warehouse_id)
    person = select(Operator.id).where(Operator.name == name, Operator.active.is_(True))
    known = session.execute(person).scalars().first()
    role = Role.PACKER if work is Work.PACK else Role.PICKER
    badge = add_operator(session, actor, name, role) if known is None else renew_badge(session, actor, known)
    if badge.outcome.refused:
        raise StateError(badge.outcome.code, **_plain(badge.outcome))
    return Seat(station_id, name, badge.code, work, str(journals / f"station-{station_id}.journal"))


def _totes(session: Session, warehouse_id: int, count: int) -> None:
    wanted = [f"SIM-{number:04}" for number in range(1, count + 1)]
    there = select(Location.code).where(Location.warehouse_id == warehouse_id, Location.code.in_(wanted))
    known = set(session.execute(there).scalars())
    session.add_all(
        Location(warehouse_id=warehouse_id, code=code, kind=LocationKind.TOTE) for code in wanted if code not in known
    )


def _plain(outcome: Outcome) -> dict[str, object]:
    return dict(outcome.values)
