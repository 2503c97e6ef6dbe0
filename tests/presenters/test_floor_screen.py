"""The lead's floor on real gestures: what it shows, and what its decisions do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change, Choice, Outcome, Place, Result
from app.domain.states import HoldKind, Role
from app.models.database import Database
from app.presenters.floor_screen import FloorPresenter
from app.presenters.floor_screen_deeds import Deed, DeedKind, FloorLooks
from app.presenters.floor_screen_needs import Item, slots
from app.presenters.runner import AtOnce
from app.presenters.state import floor
from app.presenters.state.parts import Family, Stage
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.services.cancel import cancel_order
from app.services.holds import place_hold
from app.services.release import release
from tests.databases import assert_sound
from tests.presenters.desk import Shown
from tests.services import pack_builders as packing
from tests.services import site_builders as sites
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench, promise_all
from tests.services.machine_floor import whole_bench


@dataclass
class Scene:
    """A floor with a bench of Anna and the desk of its lead."""

    database: Database
    site: build.Site
    anna: Bench
    shown: Shown[floor.Floor] = field(default_factory=Shown)
    went: list[str] = field(default_factory=list)
    runner: AtOnce = field(default_factory=AtOnce)

    def order(self, *lines: tuple[str, int]) -> str:
        return packing.order_on_shelf(self.database, self.site, *lines)

    def ship(self, *lines: tuple[str, int]) -> str:
        """Packs an order whole; its label is bought and printed, and so it leaves."""
        number = self.order(*lines)
        units = [sku for sku, count in lines for _ in range(count)]
        packing.carry_out(self.database, self.site, self.anna.scans(number, *units))
        return number

    def lead(self, role: Role = Role.LEAD) -> FloorPresenter:
        went = self.went
        looks = FloorLooks(
            lambda number: went.append(f"order {number}"),
            lambda section: went.append(f"office {section}"),
            lambda sku: went.append(f"stock {sku}"),
        )
        actor = self.site.actor
        station = StationInfo(
            actor.station_id or 0, "Lead desk", self.site.warehouse_id, "Hall", "Europe/London", actor.operator_id,
            "Ines Falk", role,
        )  # fmt: skip
        presenter = FloorPresenter(
            self.database, self.runner, station, lambda: self.anna.now, self.shown.states.append,
            self.shown.sent.append, looks, self.shown.rung.append,
        )  # fmt: skip
        presenter.enter(station, None)
        return presenter

    def later(self, **span: float) -> None:
        self.anna.now += timedelta(**span)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.database.read(lambda s: [tuple(row) for row in s.execute(text(sql))])

    def write(self, work: Callable[[Session], object]) -> None:
        self.database.write(work)

    @property
    def now(self) -> floor.Floor:
        return self.shown.now

    @property
    def titles(self) -> list[str]:
        return [need.title for need in self.now.needs]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The words of the open decision's answers, with why one may not be given."""
        return [(one.words, one.reason) for one in self.now.decision.choices] if self.now.decision else []

    @property
    def said(self) -> str:
        return self.now.notice.words if self.now.notice else ""


@pytest.fixture
def scene(database: Database) -> Scene:
    site = database.write(build.build_site)
    return Scene(database, site, whole_bench(database, site, "Anna", Place.PACK))


def figures(scene: Scene) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.words, one.value, one.lines) for one in scene.now.figures]


def test_an_empty_floor_says_so(scene: Scene) -> None:
    scene.lead()
    assert figures(scene) == [
        ("To do", "0", ("0 to pick", "0 ready to pack")),
        ("In work", "0", ("0 picking", "0 packing")),
        ("Packed", "0", ()),
        ("Shipped", "0", ("0 % of today", "0 last hour")),
    ]
    assert (scene.now.trucks, scene.now.people, scene.now.needs) == ((), (), ())
    assert (scene.now.no_trucks, scene.now.no_needs) == ("No truck leaves any more today", "Nothing needs you")
    assert scene.now.hours_head.right == "last hour 0"


def test_a_day_is_shown_as_it_stands(scene: Scene) -> None:
    scene.ship(("CUP", 2))
    scene.order(("CUP", 1))
    third = scene.order(("LAMP", 3))
    scene.anna.scans(third, "LAMP")
    scene.later(minutes=4)
    scene.lead()
    assert figures(scene) == [
        ("To do", "1", ("1 to pick", "0 ready to pack")),
        ("In work", "1", ("0 picking", "1 packing")),
        ("Packed", "0", ()),
        ("Shipped", "1", ("33 % of today", "1 last hour")),
    ]
    truck = scene.now.trucks[0]
    assert (truck.name, truck.time, truck.words) == ("No service named", "19:00", "1 of 3 out")
    assert (truck.out, truck.done) == (1 / 3, 1 / 3)
    assert truck.right == "9 h 55 min"
    assert scene.now.hours_head.right == "need 1, last hour 1, best today 1 at 9"
    now = [one for one in scene.now.hours if one.stage is Stage.NOW]
    assert [(one.label, one.parcels) for one in now] == [("now", 1)]
    assert [one.label for one in scene.now.hours][1:4] == ["10", "11", "12"]
    person = scene.now.people[0]
    assert (person.name, person.place, person.doing, person.held) == (
        "Anna", "Bench of Anna", f"{third}, 1 of 3", "Packing, 4 min",
    )  # fmt: skip
    assert (person.rate, person.rate_unit, person.chip.words) == ("1", "parcels", "Working")
    assert scene.now.people_head.right == "1 signed in"


def test_the_line_tells_what_is_due_and_what_is_behind(scene: Scene) -> None:
    scene.ship(("CUP", 1))
    for _ in range(3):
        scene.order(("CUP", 1))
    scene.later(hours=8)
    scene.lead()
    truck = scene.now.trucks[0]
    assert truck.due == pytest.approx(0.8, abs=0.01)
    assert (truck.words, truck.right, truck.family) == ("1 of 4 out", "2 behind", Family.WRONG)
    scene.later(hours=3)
    presenter = scene.lead()
    assert [(one.right, one.due) for one in scene.now.trucks] == [("3 late", 1.0)]
    scene.later(hours=8)
    presenter.minute()
    earlier = scene.now.trucks[0]
    assert (earlier.name, earlier.right, earlier.words) == ("Earlier days", "3 late", "should have left since 02 Mar")


def test_orders_with_times_of_their_own_share_trucks(scene: Scene) -> None:
    def add(session: Session) -> None:
        build.stock(session, scene.site, "CUP", "A-01-1", 40)
        for minutes in range(300, 340, 2):
            order = build.add_order(session, scene.site, [("CUP", 1)], leaves_minutes=minutes)
            promise_all(session, scene.site, order.id)

    scene.write(add)
    scene.lead()
    assert [(one.time, one.words) for one in scene.now.trucks] == [
        ("14:00", "0 of 8 out"), ("14:15", "0 of 7 out"), ("14:30", "0 of 5 out"),
    ]  # fmt: skip


def test_who_touches_nothing_is_idle_and_gone_the_next_day(scene: Scene) -> None:
    scene.anna.scan("PW-PACK")
    scene.later(minutes=9)
    presenter = scene.lead()
    person = scene.now.people[0]
    assert (person.doing, person.chip.words, scene.now.people_head.right) == (
        "Idle for 9 min", "Idle", "1 signed in, 1 idle",
    )  # fmt: skip
    scene.later(days=1)
    presenter.minute()
    assert scene.now.people == ()


def held_order(scene: Scene) -> str:
    number = scene.order(("CUP", 1))
    actor = scene.site.at(0)
    order = scene.rows("SELECT id FROM orders")[0][0]
    assert isinstance(order, int)
    scene.write(lambda s: place_hold(s, actor, order, "Is it a gift?"))
    return number


def test_a_hold_in_the_way_of_a_truck_is_lifted_with_a_reason(scene: Scene) -> None:
    number = held_order(scene)
    presenter = scene.lead()
    assert scene.titles == [f"{number} leaves in 10 h 0 min"]
    assert scene.now.needs[0].detail == "Hold: office, Is it a gift?, since 09:00"
    assert (scene.now.needs[0].command.words, scene.now.needs[0].command.key) == ("Decide", "1")
    presenter.key("1")
    assert scene.answers == [
        ("Lift: checked, it is right", ""), ("Lift: the customer said so", ""), ("Lift: my decision", ""),
        ("Look at the order", ""),
    ]  # fmt: skip
    assert presenter.local("PW-2")
    assert (scene.said, scene.now.decision, scene.titles) == (f"{number} may go on (office)", None, [])
    reason = scene.rows("SELECT release_reason FROM holds")
    assert reason == [("The customer said so",)]
    assert_sound(scene.database)


def test_who_may_not_lift_sees_why(scene: Scene) -> None:
    held_order(scene)
    presenter = scene.lead(Role.PACKER)
    presenter.command("PW-1")
    assert scene.answers[0] == ("Lift: checked, it is right", "Not your role")
    assert scene.answers[3] == ("Look at the order", "")
    presenter.key("1")
    assert (scene.said, scene.shown.rung[-1]) == ("Not your role", Sound.WRONG)
    assert scene.rows("SELECT released_at FROM holds") == [(None,)]


def test_holds_about_money_are_counted_and_the_office_decides(scene: Scene) -> None:
    def add(session: Session) -> None:
        build.add_order(session, scene.site, [("CUP", 1)], hold=HoldKind.PAYMENT)
        build.add_order(session, scene.site, [("CUP", 1)], hold=HoldKind.PAYMENT)

    scene.write(add)
    presenter = scene.lead()
    assert [(one.title, one.detail, one.command.words) for one in scene.now.needs] == [
        ("2 payment holds", "Oldest since 09:00", "Look"),
    ]
    presenter.key("1")
    assert scene.went == ["office holds"]


def test_an_order_put_aside_goes_on_where_it_was(scene: Scene) -> None:
    number = scene.order(("CUP", 2))
    scene.anna.scans(number, "CUP", "PW-ASIDE", "PW-3")
    assert scene.rows("SELECT state FROM fulfillments") == [("exception",)]
    presenter = scene.lead()
    assert (scene.titles, scene.now.needs[0].detail) == ([f"{number} is put aside"], "A question")
    presenter.key("1")
    presenter.key("1")
    assert (scene.said, scene.titles) == (f"{number} goes on", [])
    assert scene.rows("SELECT state, exception_reason FROM fulfillments") == [("packing", "")]
    detail = scene.rows("SELECT detail FROM audit_entries WHERE action = 'fulfillment.resumed'")[0][0]
    assert json.loads(str(detail)) == {"reason": "question", "state": "packing"}
    assert scene.anna.scan(number).code == "pack.resumed"
    assert_sound(scene.database)


def short_order(scene: Scene) -> str:
    """An order of two cups, of which a picker found one."""
    number = scene.order(("CUP", 2))
    scene.write(lambda s: release(s, scene.site.actor))
    scene.anna.scans("PW-PICK", "PL-1", "T-1", "A-01-1", "CUP", "PW-SHORT", "PW-1", "PW-EMPTY", "PW-END")
    return number


def test_a_short_pick_is_picked_again_once_there_is_stock(scene: Scene) -> None:
    number = short_order(scene)
    assert scene.rows("SELECT state, state_before_exception FROM fulfillments") == [("exception", "picked")]
    presenter = scene.lead()
    assert scene.titles == ["Anna: 1 short of CUP"]
    assert scene.now.people[0].chip.words == "Asks for you"
    presenter.key("1")
    assert [words for words, _ in scene.answers] == [
        "Pick the rest again", "Pack what was found", "Cancel the order", "Look at the stock",
    ]  # fmt: skip
    presenter.key("1")
    assert (scene.said, scene.shown.rung[-1]) == (f"Nothing is free for {number}", Sound.WRONG)
    assert scene.now.decision is not None
    scene.write(lambda s: build.stock(s, scene.site, "CUP", "B-01-1", 5))
    presenter.key("1")
    assert (scene.said, scene.titles) == (f"The rest of {number} is picked again", [])
    states = scene.rows("SELECT state FROM fulfillments ORDER BY id")
    assert states == [("picked",), ("allocated",)]
    assert scene.rows("SELECT quantity FROM allocations WHERE state = 'open' ORDER BY id") == [(1,), (1,)]
    assert_sound(scene.database)


def test_the_rest_of_a_short_pick_is_sent_from_another_site(scene: Scene) -> None:
    number = short_order(scene)
    london = scene.database.write(lambda s: sites.add_site(s, scene.site, "LON", "E16 2AA"))
    presenter = scene.lead()
    presenter.key("1")
    assert [words for words, _ in scene.answers][4:] == ["Send the rest from another site"]
    presenter.key("5")
    assert scene.said == f"Nobody else has what {number} lacks: CUP 1"
    scene.write(lambda s: build.stock(s, london, "CUP", "A-01-1", 1))
    presenter.key("5")
    assert (scene.said, scene.titles) == (f"Hall LON sends 1 of {number} now", [])
    parts = scene.rows("SELECT warehouse_id, state FROM fulfillments ORDER BY id")
    assert parts == [(scene.site.warehouse_id, "picked"), (london.warehouse_id, "allocated")]
    assert_sound(scene.database)


def test_a_short_pick_is_packed_as_found_or_cancelled(scene: Scene) -> None:
    number = short_order(scene)
    presenter = scene.lead()
    assert presenter.local("PW-RESUM")
    presenter.key("2")
    assert (scene.said, scene.rows("SELECT state FROM fulfillments")) == (f"{number} goes on", [("picked",)])
    scene.write(lambda s: s.execute(text("UPDATE fulfillments SET state = 'exception'")))
    presenter.changed([Change("fulfillment", 1)])
    scene.runner.run_timers()
    presenter.key("1")
    presenter.key("3")
    assert scene.rows("SELECT state FROM orders") == [("cancelled",)]
    assert scene.titles == []


def test_work_of_a_station_that_crashed_is_freed(scene: Scene) -> None:
    number = scene.order(("CUP", 2))
    scene.anna.scans(number, "CUP")
    scene.later(minutes=11)
    presenter = scene.lead()
    assert f"{number}, 1 of 2 was left" in scene.titles
    assert scene.now.needs[0].detail == "Anna, Bench of Anna, for 1 min"
    presenter.key("1")
    assert [words for words, _ in scene.answers] == ["Free it for anybody", "Take it over here", "Look at the order"]
    presenter.key("1")
    assert (scene.said, scene.titles) == ("It is free for anybody now", [])
    assert scene.rows("SELECT COUNT(*) FROM claims") == [(0,)]
    detail = scene.rows("SELECT detail FROM audit_entries WHERE action = 'claim.freed'")[0][0]
    assert json.loads(str(detail))["reason"] == "station_down"


@pytest.mark.parametrize("by_another", [False, True])
def test_who_comes_back_to_work_that_was_freed_goes_on_unless_another_has_it(scene: Scene, by_another: bool) -> None:
    number = scene.order(("CUP", 2))
    scene.anna.scans(number, "CUP")
    scene.later(minutes=11)
    presenter = scene.lead()
    presenter.key("1")
    presenter.key("1")
    if by_another:
        bert = whole_bench(scene.database, scene.site, "Bert", Place.PACK)
        bert.now = scene.anna.now
        assert bert.scan(number).code == "pack.resumed"
    assert scene.anna.scan("CUP").code == ("pack.taken_over" if by_another else "pack.complete")
    assert_sound(scene.database)


def test_work_is_taken_over_by_the_codes_of_the_station(scene: Scene) -> None:
    number = scene.order(("CUP", 2))
    scene.anna.scans(number, "CUP")
    fulfillment = scene.rows("SELECT id FROM fulfillments")[0][0]
    scene.later(minutes=11)
    presenter = scene.lead()
    assert presenter.local("PW-TAKE")
    presenter.key("2")
    assert scene.shown.sent == ["PW-PACK", f"F-{fulfillment:04}"]
    scene.write(lambda s: s.execute(text("UPDATE claims SET expires_at = expires_at + 3600000")))
    scene.later(minutes=6)
    presenter.minute()
    assert scene.titles == [f"Anna holds {number}, 1 of 2"]
    presenter.key("1")
    presenter.key("2")
    assert scene.shown.sent[2:] == ["PW-PACK", f"F-{fulfillment:04}", "PW-TAKE"]


def test_what_was_settled_elsewhere_closes_its_question(scene: Scene) -> None:
    number = scene.order(("CUP", 2))
    scene.anna.scans(number, "CUP", "PW-ASIDE", "PW-3")
    presenter = scene.lead()
    presenter.key("1")
    scene.write(lambda s: cancel_order(s, scene.site.at(5), 1, "Changed their mind"))
    presenter.changed([Change("order", 1), Change("fulfillment", 1)])
    presenter.changed([Change("order", 1)])
    assert len(scene.runner.timers) == 1
    scene.runner.run_timers()
    assert (scene.now.decision, scene.said) == (None, f"{number} is put aside: settled meanwhile")


def test_nothing_is_drawn_or_read_once_it_was_left(scene: Scene) -> None:
    presenter = scene.lead()
    presenter.changed([Change("operator", 1), Change("package", 1)])
    presenter.changed([Change("location", 1)])
    drawn = len(scene.shown.states)
    presenter.leave()
    scene.runner.run_timers()
    assert len(scene.shown.states) == drawn


def test_numbers_that_stand_for_nothing_are_refused_in_words(scene: Scene) -> None:
    presenter = scene.lead()
    presenter.key("7")
    assert scene.said == "Nothing here has that number"
    presenter.key("Esc")
    assert scene.now.notice is None
    held_order(scene)
    presenter.minute()
    presenter.key("1")
    assert presenter.local("PW-9")
    assert scene.said == "Choose 1 to 4, or go back"
    assert presenter.local("PW-BACK")
    assert scene.now.decision is None
    presenter.command("PW-ORDER")
    assert scene.shown.sent == ["PW-ORDER"]


def test_what_the_station_asks_is_answered_by_its_digits(scene: Scene) -> None:
    held_order(scene)
    presenter = scene.lead()
    presenter.key("1")
    choices = (Choice("1", "order", 1, "#1001", "Ada Stone"), Choice("2", "product", 2, "CUP"))
    asked = Outcome(Result.ASK, "station.which", values={"code": "1001"}, choices=choices)
    presenter.answered(asked)
    assert scene.now.decision is not None
    assert scene.answers == [("#1001", ""), ("CUP", "")]
    presenter.key("2")
    assert (scene.shown.sent, scene.now.decision) == (["PW-2"], None)
    presenter.answered(asked)
    presenter.key("Esc")
    assert (scene.shown.sent[-1], scene.now.decision) == ("PW-BACK", None)


def test_a_database_that_is_away_is_said_and_tried_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    presenter = scene.lead()

    def away(_work: object) -> object:
        raise EnvironmentFailure("database.gone")

    with monkeypatch.context() as patched:
        patched.setattr(scene.database, "read", away)
        presenter.minute()
        assert scene.now.notice is not None
        assert scene.now.notice.commands[0].key == "Enter"
    presenter.command("retry")
    assert scene.now.notice is None


def test_a_digit_keeps_its_need_while_others_come_and_go() -> None:
    def item(key: str) -> Item:
        return Item(key, (0, 0.0), key, "", "", Family.WARN, ())

    first = slots((item("a"), item("b"), item("c")), {})
    assert first == {"a": 1, "b": 2, "c": 3}
    assert slots((item("new"), item("b"), item("c")), first) == {"new": 1, "b": 2, "c": 3}
    many = tuple(item(f"n{number}") for number in range(12))
    assert sorted(slots(many, {}).values()) == list(range(1, 10))


def test_every_deed_that_only_another_screen_does_is_refused_here(scene: Scene) -> None:
    presenter = scene.lead()
    with pytest.raises(ValueError, match="take"):
        presenter._deeds.do(presenter.station, Deed(DeedKind.TAKE))
