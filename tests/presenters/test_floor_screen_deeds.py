"""The lead's floor: what stands in the way is settled there."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Place
from app.domain.states import HoldKind, Role
from app.presenters.state.sound import Sound
from app.services.cancel import cancel_order
from app.services.release import release
from tests.databases import assert_sound
from tests.presenters.floor_scene import Scene, held_order
from tests.presenters.floor_scene import scene as scene
from tests.services import site_builders as sites
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench


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
