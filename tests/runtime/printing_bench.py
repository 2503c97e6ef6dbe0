"""A whole bench over a printer that speaks bytes: the real floor, press and effects, the printer's twin on a port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from app.bootstrap.document_printer import PrintingPress
from app.domain.outcomes import Change, Outcome, Place
from app.domain.ports import Carrier
from app.domain.print_ports import PrinterStatus
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.printing.line_printer import Patience
from app.printing.printers import open_printer
from app.queries.print_doubts import PrintDoubt, print_doubts
from app.runtime.background import Background
from app.services.actor import Actor
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

PATIENCE = Patience(blind=0.0, answer=8.0, print=0.2, count=0.2, least_answer=8.0, busy=0.2, second_look=0.05)
"""Short where the printer is told to be silent about a job, long where a busy machine may be slow."""


@dataclass
class Clock:
    """Time that a test moves."""

    now: datetime = build.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Monotonic:
    """Seconds that a test lets pass."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class PrintingBench:
    """One station; what it does after a commit is carried out when the test says so."""

    database: Database
    site: build.Site
    bench: Bench
    background: Background
    clock: Clock
    monotonic: Monotonic
    uri: str
    events: list[JobEvent] = field(default_factory=list)
    said: list[tuple[str, PrinterStatus]] = field(default_factory=list)
    labels: list[Change] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def packs(self) -> Outcome:
        """One order of one cup, sealed; its label is still to be bought. Gives the answer."""
        return self.bench.scans(packing.order_on_shelf(self.database, self.site, ("CUP", 1)), "CUP")

    def after(self, outcome: Outcome) -> Outcome:
        """Carries out what an answer asks for."""
        self.background.carry_out(outcome.effects)
        self.background.run_once()
        return outcome

    def later(self, seconds: float) -> None:
        """Some time passes, and what waits is tried again."""
        self.clock.now += timedelta(seconds=seconds)
        self.monotonic.now += seconds
        self.background.run_once()

    def column(self, sql: str) -> list[object]:
        return self.database.read(lambda s: list(s.execute(text(sql)).scalars()))

    @property
    def doubts(self) -> tuple[PrintDoubt, ...]:
        """What is asked here."""
        return self.database.read(lambda s: print_doubts(s, self.bench.floor.station_id))

    @property
    def label_jobs(self) -> list[object]:
        """The states of the jobs of labels."""
        return self.column("SELECT state FROM print_jobs WHERE document = 'shipping-label' ORDER BY id")


def printing_bench(
    database: Database,
    uri: str,
    others: Mapping[str, str] | None = None,
    *,
    carrier: Carrier | None = None,
    site: build.Site | None = None,
    bench: Bench | None = None,
    patience: Patience = PATIENCE,
) -> PrintingBench:
    """The site's own bench with its printer; slips go to a simulated one where `others` says nothing else."""
    place = site or database.write(build.build_site)
    clock, monotonic, own = Clock(), Monotonic(), carrier or OwnDelivery()
    station = place.actor.station_id or 0
    at = bench or whole_bench(database, place, "", Place.PACK)
    made = PrintingBench(database, place, at, None, clock, monotonic, uri)  # type: ignore[arg-type]

    def actor(now: datetime) -> Actor:
        return Actor(now, f"effects:{station}", place.warehouse_id, station_id=station)

    press = PrintingPress(
        uri,
        {"packing-slip": "sim:slips"} | dict(others or {}),
        lambda said, status: made.said.append((said, status)),
        lambda each: open_printer(each, patience),
        monotonic,
    )
    made.background = Background(
        database, actor, {own.key: own}, press, clock, made.labels.append, made.events.append, made.faults.append
    )
    return made
