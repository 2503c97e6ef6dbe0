"""A bench in a test: orders that are promised stock, packed by real gestures."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place
from app.domain.ports import BoughtLabel
from app.domain.states import PrintJobState, Role
from app.integrations.carriers.own_delivery import tracking_number
from app.models.database import Database
from app.models.shipping import PrintJob
from app.models.stock import StockMovement
from app.services import label_voids, labels, print_jobs
from app.services import take_over as taking
from app.services.desk import FULFILLMENT, Desk
from app.services.identify import Named, NamedKind
from app.services.pack import PackDesk
from app.services.pack_open import PackOpening
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench


class PackOnly:
    """Opens orders and totes at the bench, nothing else."""

    def __init__(self) -> None:
        self.opening = PackOpening("own")

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        one = named[0]
        if one.kind is NamedKind.ORDER:
            return self.opening.open_order(desk, one.ref)
        return self.opening.open_tote(desk, one.ref)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        held = desk.memory.get("held")
        if command is Command.TAKE_OVER and isinstance(held, list):
            return self.opening.take_over(desk, held[1])
        why = taking.answered(desk, command)
        if why is None:
            return self.opening.on_idle_command(desk, command)
        return self.opening.take_over(desk, why[1], why[2]) if isinstance(why, tuple) else why


def pack_bench(database: Database, site: build.Site, name: str = "", role: Role = Role.LEAD) -> Bench:
    """A bench with its operator signed in."""
    desks = {FULFILLMENT: PackDesk("own")}
    return floor.add_bench(database, site, desks, PackOnly(), name=name, role=role, place=Place.PACK)


def order_on_shelf(database: Database, site: build.Site, *lines: tuple[str, int]) -> str:
    """An order whose goods lie on the first shelf, promised to it; gives its number."""

    def make(session: Session) -> str:
        for sku, quantity in lines:
            build.stock(session, site, sku, "A-01-1", quantity)
        order = build.add_order(session, site, lines)
        floor.promise_all(session, site, order.id)
        return order.number

    return database.write(make)


def carry_out(database: Database, site: build.Site, outcome: Outcome) -> None:
    """Buys the labels that an answer asks for, and prints all that waits, as the station does after the commit."""
    for effect in outcome.effects:
        if effect.entity == "label":
            sold = BoughtLabel(tracking_number(effect.entity_id), "")
            database.write(lambda s, id=effect.entity_id, sold=sold: labels.bought(s, site.actor, id, sold, "Own"))
    for request in database.read(label_voids.waiting):
        again = database.write(lambda s, request=request: label_voids.settled(s, site.actor, request, True))
        if again is not None:
            sold = BoughtLabel(tracking_number(again), "")
            database.write(lambda s, id=again, sold=sold: labels.bought(s, site.actor, id, sold, "Own"))
    while True:
        job = database.write(lambda s: print_jobs.take_next(s, site.actor))
        if job is None:
            return

        def settle(session: Session, job: print_jobs.JobToPrint = job) -> None:
            label = print_jobs.printed(session, site.actor, job.id)
            if label is not None:
                labels.came_out(session, site.actor, label)

        database.write(settle)


def jobs(database: Database) -> list[tuple[str, PrintJobState]]:
    """All print jobs, oldest first."""
    return database.read(
        lambda s: [(j.document, j.state) for j in s.execute(select(PrintJob).order_by(PrintJob.id)).scalars()]
    )


def movements(database: Database) -> list[tuple[str, int]]:
    """Reason and quantity of all movements but receipts, oldest first."""
    return database.read(
        lambda s: [
            (m.reason.value, m.quantity)
            for m in s.execute(select(StockMovement).order_by(StockMovement.id)).scalars()
            if m.reason.value != "receipt"
        ]
    )
