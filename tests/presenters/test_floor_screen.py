"""The lead's floor on real gestures: what it shows, and what its decisions do."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change, Choice, Outcome, Result
from app.presenters.floor_screen_deeds import Deed, DeedKind
from app.presenters.floor_screen_needs import Item, slots
from app.presenters.state.parts import Family, Stage
from tests.presenters.floor_scene import Scene, held_order
from tests.presenters.floor_scene import scene as scene
from tests.services import stock_builders as build
from tests.services.floor_builders import promise_all


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
