"""A bench with its printer on one floor, for what other systems got wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.bootstrap.document_printer import PrintingPress
from app.domain import outcomes
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.database import Database
from app.printing.simulated_printer import SimulatedPrinter
from app.runtime.background import Background
from app.services.actor import Actor
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench


@dataclass
class Clock:
    """Time that a test moves."""

    now: datetime = build.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Floor:
    """A bench with what happens behind it: the real carrier, press and a simulated printer."""

    database: Database
    site: build.Site
    bench: Bench
    clock: Clock
    press: PrintingPress
    background: Background
    faults: list[Exception] = field(default_factory=list)

    @property
    def printer(self) -> SimulatedPrinter:
        printer = self.press.printer("sim:")
        assert isinstance(printer, SimulatedPrinter)
        return printer

    def after(self, outcome: outcomes.Outcome) -> outcomes.Outcome:
        """Carries out what an answer asks for."""
        self.background.carry_out(outcome.effects)
        self.background.run_once()
        return outcome

    def later(self, seconds: float) -> None:
        """Some time passes, and what waits is tried again."""
        self.clock.now += timedelta(seconds=seconds)
        self.background.run_once()

    def column(self, sql: str) -> list[object]:
        return self.database.read(lambda session: list(session.execute(text(sql)).scalars()))


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def floor(database: Database, site: build.Site) -> Iterator[Floor]:
    clock, faults = Clock(), list[Exception]()
    press = PrintingPress(
        "sim:", {"packing-slip": "sim:slips"}, lambda _uri, _status: None, monotonic=lambda: clock.now.timestamp()
    )
    own = OwnDelivery()

    def actor(now: datetime) -> Actor:
        return Actor(now, "effects:1", site.warehouse_id, station_id=site.actor.station_id)

    def nobody(_: object) -> None: ...

    behind = Background(database, actor, {own.key: own}, press, clock, nobody, nobody, faults.append)
    yield Floor(database, site, packing.pack_bench(database, site), clock, press, behind, faults)
    behind.stop()
    assert faults == []
