"""What happens after the commit goes on after a fault, a silent carrier, or a database that was away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Place
from app.domain.ports import BoughtLabel, CarrierUnknownError, LabelRequest
from app.domain.print_ports import PrinterState, PrinterStatus
from app.models.database import Database
from app.queries.label_troubles import label_troubles
from app.queries.office_lists import troubled_parcels
from app.runtime.background import Background
from app.runtime.print_worker import PrintAnswer
from app.services import label_voids
from app.services.actor import Actor
from app.services.cancel import cancel_order
from app.services.print_jobs import JobToPrint
from app.services.settings_store import AT_TRUCK, put_setting
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench


@dataclass
class MoodyCarrier:
    """A carrier that answers as it is told to, one answer a call; then it sells."""

    key: str = "own"
    name: str = "Moody"
    moods: list[Exception] = field(default_factory=list)
    sold: dict[str, BoughtLabel] = field(default_factory=dict)
    taken_back: bool = True

    def buy(self, request: LabelRequest) -> BoughtLabel:
        self.sold[request.reference] = BoughtLabel(f"MOODY{request.label_id}", request.service)
        if self.moods:
            raise self.moods.pop(0)
        return self.sold[request.reference]

    def find(self, reference: str, label_id: int) -> BoughtLabel | None:
        return self.sold.get(reference)

    def void(self, tracking_number: str, account: str) -> bool:
        if self.moods:
            raise self.moods.pop(0)
        return self.taken_back


@dataclass
class Paper:
    """A printer that keeps what came out."""

    out: list[str] = field(default_factory=list)
    in_hand: Callable[[], None] = lambda: None

    def print(self, job: JobToPrint) -> PrintAnswer:
        self.out.append(job.document)
        self.in_hand()
        return PrintAnswer(True, False, "", "paper")

    def standing(self, document: str, printer: str = "") -> PrinterStatus:
        return PrinterStatus(PrinterState.READY)

    def ask(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = build.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Behind:
    """The effects of a station, carried out when the test says so."""

    database: Database
    site: build.Site
    carrier: MoodyCarrier
    paper: Paper
    background: Background
    faults: list[Exception]
    clock: Clock

    def column(self, sql: str) -> list[object]:
        return self.database.read(lambda s: list(s.execute(text(sql)).scalars()))


@pytest.fixture
def behind(database: Database) -> Behind:
    site = database.write(build.build_site)
    carrier, paper, faults = MoodyCarrier(), Paper(), list[Exception]()

    def actor(now: datetime) -> Actor:
        return Actor(now, "effects:1", site.warehouse_id, station_id=site.actor.station_id)

    def nobody(_: object) -> None: ...

    clock = Clock()
    background = Background(database, actor, {"own": carrier}, paper, clock, nobody, nobody, faults.append)
    return Behind(database, site, carrier, paper, background, faults, clock)


def packed(behind: Behind) -> None:
    """One order packed at the site's own bench, its label still to be bought."""
    number = packing.order_on_shelf(behind.database, behind.site, ("CUP", 1))
    bench = whole_bench(behind.database, behind.site, "", Place.PACK)
    behind.background.carry_out(bench.scans(number, "CUP").effects)


def test_a_silent_carrier_is_asked_by_reference_until_it_is_known_and_sells_once(behind: Behind) -> None:
    behind.carrier.moods = [CarrierUnknownError("time-out")]
    packed(behind)
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["unknown"]
    assert behind.paper.out == []
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["handed_over"]
    assert behind.column("SELECT tracking_number FROM labels") == ["MOODY1"]
    assert list(behind.carrier.sold) == ["P1-1"]
    assert behind.paper.out == ["shipping-label", "packing-slip"]


def test_a_label_is_bought_after_the_database_was_away(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(behind)

    def away(work: Callable[..., object]) -> object:
        raise EnvironmentFailure("database.lost", reason="gone")

    with monkeypatch.context() as patch:
        patch.setattr(behind.database, "read", away)
        with pytest.raises(EnvironmentFailure):
            behind.background.run_once()
    behind.background.run_once()
    assert behind.column("SELECT state FROM orders") == ["shipped"]


def test_what_came_out_while_the_database_was_away_is_not_printed_twice(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(behind)
    write = behind.database.write

    def away_after_printing(work: Callable[[Session], object], **how: bool) -> object:
        if behind.paper.out:
            raise EnvironmentFailure("database.lost", reason="gone")
        return write(work, **how)

    with monkeypatch.context() as patch:
        patch.setattr(behind.database, "write", away_after_printing)
        with pytest.raises(EnvironmentFailure):
            behind.background.run_once()
    assert behind.column("SELECT state FROM print_jobs WHERE document = 'shipping-label'") == ["sending"]
    behind.background.settle_leftovers()
    behind.background.run_once()
    assert behind.column("SELECT state FROM print_jobs ORDER BY id") == ["printed", "printed"]
    assert behind.paper.out == ["shipping-label", "packing-slip"]


def test_a_station_that_stops_ends_what_is_in_hand_and_begins_nothing(behind: Behind) -> None:
    """A window that closes must not wait for each job, nor leave one half sent that nobody needed yet."""
    packed(behind)
    behind.paper.in_hand = behind.background.stop
    behind.background.run_once()
    assert behind.paper.out == ["shipping-label"]
    assert behind.column("SELECT state FROM print_jobs ORDER BY id") == ["printed", "queued"]
    behind.background.run_once()
    assert behind.paper.out == ["shipping-label"]


def test_a_fault_of_one_label_is_told_and_the_others_are_printed(behind: Behind) -> None:
    behind.carrier.moods = [ZeroDivisionError("a fault of ours")]
    packed(behind)
    behind.background.carry_out(
        whole_bench(behind.database, behind.site, "Bob", Place.PACK)
        .scans(packing.order_on_shelf(behind.database, behind.site, ("LAMP", 1)), "LAMP")
        .effects
    )
    behind.background.run_once()
    assert [type(fault) for fault in behind.faults] == [ZeroDivisionError]
    assert behind.column("SELECT state FROM labels ORDER BY id") == ["intended", "handed_over"]


@pytest.mark.parametrize("agreed", [True, False])
def test_the_label_of_a_cancelled_order_does_not_come_out_of_the_printer(behind: Behind, agreed: bool) -> None:
    behind.database.write(lambda s: put_setting(s, "handover", AT_TRUCK))
    behind.carrier.taken_back = agreed
    packed(behind)
    behind.background._prints.next = lambda: False  # type: ignore[method-assign]  # nobody has put paper in yet
    behind.background.run_once()
    assert behind.column("SELECT state FROM print_jobs") == ["queued", "queued"]
    del behind.background._prints.next
    order = behind.column("SELECT id FROM orders")[0]
    assert isinstance(order, int)
    behind.database.write(lambda s: cancel_order(s, behind.site.actor, order, "changed their mind"))
    behind.carrier.moods = [CarrierUnknownError("time-out")]  # the carrier does not answer at first
    behind.background.run_once()
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["voiding"]
    behind.clock.now += timedelta(seconds=5)
    behind.background.run_once()
    assert behind.paper.out == []
    assert behind.column("SELECT state FROM print_jobs") == ["cancelled", "cancelled"]
    assert behind.column("SELECT state FROM labels") == ["voided" if agreed else "void_refused"]
    assert behind.column("SELECT state FROM packages") == ["void"]


@pytest.mark.parametrize("rule", [True, False])
def test_what_has_its_stock_is_released_by_itself_where_that_is_the_rule(behind: Behind, rule: bool) -> None:
    behind.database.write(lambda s: put_setting(s, "release_by_itself", rule))
    packing.order_on_shelf(behind.database, behind.site, ("CUP", 1))
    behind.background._release_by_itself()
    assert behind.column("SELECT state FROM fulfillments") == ["released" if rule else "allocated"]
    assert len(behind.column("SELECT id FROM pick_lists")) == (1 if rule else 0)


def test_a_carrier_that_does_not_answer_is_asked_later_and_later_for_good(behind: Behind) -> None:
    behind.database.write(lambda s: put_setting(s, "handover", AT_TRUCK))
    packed(behind)
    behind.background.run_once()
    order = behind.column("SELECT id FROM orders")[0]
    assert isinstance(order, int)
    behind.database.write(lambda s: cancel_order(s, behind.site.actor, order, "changed their mind"))
    behind.carrier.moods = [CarrierUnknownError("time-out")] * 12
    waits = []
    for asked in range(1, 13):
        behind.background.run_once()
        behind.background.run_once()  # too early: nobody is asked
        assert behind.column("SELECT attempts FROM outbox WHERE topic = 'label.void'") == [asked]
        assert len(behind.carrier.moods) == 12 - asked
        following = behind.column("SELECT next_try_at FROM outbox WHERE topic = 'label.void'")[0]
        assert isinstance(following, int)
        then = datetime.fromtimestamp(following / 1000, build.NOW.tzinfo)
        waits.append(int((then - behind.clock.now).total_seconds()))
        behind.clock.now = then
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    found = behind.database.read(lambda s: label_troubles(s, build.NOW))
    assert [(one.kind, one.tracking_number) for one in found] == [("to_collect", "MOODY1"), ("voiding", "MOODY1")]
    assert [one.trouble for one in behind.database.read(troubled_parcels)] == ["to_collect"]
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["voided"]
    assert behind.column("SELECT attempts FROM outbox WHERE topic = 'label.void'") == [13]


def test_one_station_alone_asks_at_a_time(behind: Behind) -> None:
    behind.database.write(lambda s: put_setting(s, "handover", AT_TRUCK))
    packed(behind)
    behind.background.run_once()
    order = behind.column("SELECT id FROM orders")[0]
    assert isinstance(order, int)
    behind.database.write(lambda s: cancel_order(s, behind.site.actor, order, "changed their mind"))
    request = behind.database.read(label_voids.waiting)[0]
    actor = replace(behind.site.actor, now=behind.clock.now)
    assert behind.database.write(lambda s: label_voids.take(s, actor, request))
    assert not behind.database.write(lambda s: label_voids.take(s, actor, request))
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["voiding"]
    behind.clock.now += timedelta(minutes=1)  # that station is gone
    behind.background.run_once()
    assert behind.column("SELECT state FROM labels") == ["voided"]
