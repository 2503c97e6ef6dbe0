"""Work in hand is held while its station runs, honoured by every door, and taken over with a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.domain.outcomes import Place, Result
from app.domain.states import Role
from app.models.database import Database
from app.runtime.heartbeat import Heartbeat
from app.services import people
from app.services.cancel import cancel_order
from app.services.release import release
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

_ROWS = text("SELECT kind, ref_id, station_id, since, expires_at FROM claims ORDER BY id")


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = build.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Floor:
    """Two benches, the first with a clock and a heartbeat of its own."""

    database: Database
    site: build.Site
    anna: Bench
    bert: Bench
    clock: Clock
    heart: Heartbeat

    def later(self, minutes: float) -> None:
        self.clock.now += timedelta(minutes=minutes)
        self.anna.now = self.bert.now = self.clock.now

    def rows(self) -> list[tuple[object, ...]]:
        return self.database.read(lambda s: [tuple(row) for row in s.execute(_ROWS)])

    def audit(self) -> list[tuple[str, dict[str, object]]]:
        found = text("SELECT action, detail FROM audit_entries WHERE action = 'claim.taken_over' ORDER BY id")
        return self.database.read(lambda s: [(row[0], json.loads(row[1])) for row in s.execute(found)])


@pytest.fixture
def floor(database: Database) -> Floor:
    site = database.write(build.build_site)
    anna = whole_bench(database, site, "Anna", Place.PACK)
    bert = whole_bench(database, site, "Bert", Place.PACK)
    clock = Clock()
    return Floor(database, site, anna, bert, clock, Heartbeat(database, anna.floor.station_id, clock))


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def test_an_idle_bench_keeps_its_work_and_its_row_is_touched_only_in_the_second_half(floor: Floor) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 2))
    floor.anna.scan(number)
    taken = floor.rows()
    floor.later(4)
    assert floor.heart.beat() == 0
    assert floor.rows() == taken
    floor.later(2)
    assert floor.heart.beat() == 1
    assert floor.heart.beat() == 0
    since, until = floor.rows()[0][3:]
    assert (since, until) == (taken[0][3], milliseconds(floor.clock.now + timedelta(minutes=10)))
    for _ in range(6):
        floor.later(6)
        floor.heart.beat()
    held = floor.bert.scan(number)
    assert (held.code, held.values["operator"], held.values["station"]) == ("pack.held_by", "Anna", "Bench of Anna")
    assert held.values["held"] == "0:42"


def test_a_crashed_station_loses_its_work_when_the_lease_is_over(floor: Floor) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 2))
    floor.anna.scan(number)
    floor.later(9)
    assert floor.bert.scan(number).code == "pack.held_by"
    floor.later(2)
    assert floor.bert.scan(number).code == "pack.opened"
    assert floor.heart.beat() == 0  # the one that was thought dead takes nothing back
    assert floor.rows()[0][2] == floor.bert.floor.station_id
    assert floor.anna.scan("CUP").code == "pack.taken_over"


@pytest.mark.parametrize("leaves", ["PW-OUT", "badge"])
def test_what_was_signed_out_of_runs_out(floor: Floor, leaves: str) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 2))
    floor.anna.scan(number)
    if leaves == "badge":
        boss = replace(floor.site.actor, role=Role.ADMIN)
        leaves = floor.database.write(lambda s: people.add_operator(s, boss, "Cleo", Role.PACKER)).code
    assert floor.anna.scan(leaves).code in ("sign_in.signed_out", "sign_in.welcome")
    floor.later(6)
    assert floor.heart.beat() == 0


def opened(floor: Floor, kind: str) -> str:
    """Something of this kind, open at Anna's bench; gives the code that opens it."""
    if kind == "return":
        number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1))
        packing.carry_out(floor.database, floor.site, floor.bert.scans(number, "CUP"))
        floor.bert.scan("PW-RTN")
        assert floor.anna.scans("PW-RTN", number).code == "returns.opened"
        return number
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 2))
    if kind == "order":
        assert floor.anna.scan(number).code == "pack.opened"
        return number
    floor.database.write(lambda s: release(s, floor.site.actor))
    assert floor.anna.scans("PL-1", "T-1").result is not Result.REFUSED
    if kind == "walk":
        return "PL-1"
    floor.anna.scans("A-01-1", "CUP", "CUP")
    if kind == "tote":
        assert floor.anna.scans("PW-PACK", "T-1").code == "pack.opened"
        return "T-1"
    order = floor.database.read(lambda s: s.execute(text("SELECT id FROM orders")).scalar_one())
    floor.database.write(lambda s: cancel_order(s, floor.site.actor, order, "changed their mind"))
    assert floor.anna.scan("T-1").code == "stock_desk.put_back"
    return "T-1"


KINDS = {
    "order": ("pack.held_by", "pack.opened", "pack.taken_over", "CUP"),
    "tote": ("pack.held_by", "pack.opened", "pack.taken_over", "CUP"),
    "walk": ("pick.held", "pick.resumed", "pick.taken_over", "A-01-1"),
    "return": ("returns.held", "returns.opened", "returns.taken_over", "CUP"),
    "put_back": ("stock_desk.held", "stock_desk.put_back", "stock_desk.taken_over", "CUP"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_door_honours_it_and_a_lead_takes_it_over_with_a_reason(floor: Floor, kind: str) -> None:
    held, taken, lost, scan = KINDS[kind]
    code = opened(floor, kind)
    if kind == "tote":
        floor.bert.scan("PW-PACK")
    assert floor.bert.scan(code).code == held
    why = floor.bert.scan("PW-TAKE")
    assert (why.code, why.values["operator"], floor.audit()) == ("claims.why", "Anna", [])
    assert floor.bert.scan("PW-9").code == "station.no_such_choice"
    assert floor.bert.scans("PW-TAKE", "PW-BACK").code == "station.choice_dropped"
    assert floor.bert.scans(code, "PW-TAKE", "PW-3").code == taken
    action, detail = floor.audit()[0]
    assert (action, detail["reason"], len(floor.audit())) == ("claim.taken_over", "station_down", 1)
    assert detail["from_station"] == floor.anna.floor.station_id
    assert floor.anna.scan(scan).code == lost


def test_nobody_but_a_lead_takes_over(floor: Floor) -> None:
    packer = whole_bench(floor.database, floor.site, "Cleo", Place.PACK)
    floor.database.write(lambda s: s.execute(text("UPDATE operators SET role = 'packer' WHERE name = 'Cleo'")))
    code = opened(floor, "order")
    assert packer.scans(code, "PW-TAKE").code == "pack.only_lead_takes_over"
    assert floor.audit() == []


def names_of(floor: Floor, kind: str) -> list[str]:
    """Every code that names what is open at Anna's bench."""
    one = "SELECT {} FROM {} ORDER BY id LIMIT 1"

    def first(column: str, table: str) -> str:
        return str(floor.database.read(lambda s: s.execute(text(one.format(column, table))).scalar_one()))

    order, part = first("number", "orders"), f"F-{first('id', 'fulfillments')}"
    if kind == "order":
        floor.anna.scan("CUP")
        return [order, part, f"P-{first('id', 'packages')}"]
    if kind == "tote":
        floor.anna.scan("CUP")
        return [order, part, "T-1", "PL-1", f"P-{first('id', 'packages')}"]
    if kind == "walk":
        return ["PL-1", "T-1"]
    if kind == "return":
        return [order, first("code", "return_authorizations"), first("tracking_number", "labels")]
    return ["T-1"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_of_it_finds_it_held(floor: Floor, kind: str) -> None:
    held = KINDS[kind][0]
    opened(floor, kind)
    place = {"order": "PW-PACK", "tote": "PW-PACK", "walk": "PW-PICK", "return": "PW-RTN"}.get(kind, "PW-STOCK")
    for code in names_of(floor, kind):
        floor.bert.scan(place)
        assert (code, floor.bert.scan(code).code) == (code, held)
    assert floor.rows()[0][2] == floor.anna.floor.station_id


def test_what_a_bench_has_in_hand_is_not_sent_to_the_pickers(floor: Floor) -> None:
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 2))
    assert floor.anna.scan(number).code == "pack.opened"
    actor = replace(floor.site.actor, now=floor.clock.now)
    assert floor.database.write(lambda s: release(s, actor)).fulfillment_ids == ()
    floor.later(11)  # nobody renewed it
    actor = replace(actor, now=floor.clock.now)
    assert len(floor.database.write(lambda s: release(s, actor)).fulfillment_ids) == 1
