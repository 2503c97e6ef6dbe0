"""The returns screen: what it says in each state, and that the refund is what was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.outcomes import Outcome, Result, Sound, refused
from app.domain.states import Condition
from app.presenters.returns import returns_state
from app.presenters.returns_model import after
from app.presenters.state import returns
from app.presenters.state.parts import Command, Family, Stage
from tests.presenters import returns_builders as build
from tests.presenters.returns_builders import MODELS, NOW, ZONE


def shown(name: str) -> returns.Returns:
    return returns_state(MODELS[name], NOW, ZONE)


def inspecting(name: str) -> returns.Inspect:
    body = shown(name).body
    assert isinstance(body, returns.Inspect)
    return body


def commands(state: returns.Returns) -> dict[str, Command]:
    return {command.code: command for command in state.commands.commands}


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("returns-idle", "Scan an order, a label or an RMA"),
        ("returns-held", "Anna Lindqvist has RMA-0389 at Returns 2, 0:12"),
        ("returns-first", "Scan the first unit"),
        ("returns-grade", "Unit 2 of 3: how does it look?"),
        ("returns-reason", "Unit 2 of 3: why is it back?"),
        ("11-returns", "Unit 2 of 3: scan where it goes"),
        ("returns-decided", "All decided. Scan more, or propose."),
        ("returns-asking", "Which one do you mean?"),
        ("returns-not-sold", "Not from this order. Put it aside."),
        ("returns-over", "More came back than was sent"),
        ("returns-done", "Return done. Refund proposed."),
    ],
)
def test_the_banner_says_what_to_do(name: str, order: str) -> None:
    assert shown(name).banner.order == order


def test_the_sold_lines_say_how_many_are_back_and_mark_the_one_in_hand() -> None:
    sold = inspecting("11-returns").sold
    assert (sold.head.title, sold.head.right) == ("Sold on #0987", "1 of 3 decided")
    assert [(line.sku, line.back, line.of, line.chosen, line.done) for line in sold.lines] == [
        ("22423", "1", "of 1 back", False, True),
        ("22727", "2", "of 2 back", True, True),
        ("85099B", "0", "of 5 back", False, False),
        ("84029E", "0", "of 1 back", False, False),
    ]
    assert sold.note == "“One of the clocks rings by itself. The cake stand is a second present.”"


def test_the_unit_in_hand_says_when_and_for_how_much_it_was_sold() -> None:
    hand = inspecting("11-returns").hand
    assert (hand.name, hand.sku) == ("ALARM CLOCK BAKELIKE RED", "22727")
    assert hand.words == "Sold 12 Nov 2026 for 8.95 GBP, shipped by NW 2043 9912 4"
    assert hand.head.right == "scanned 14:26:11"


def test_three_decisions_stand_one_below_another_and_only_the_present_one_has_keys() -> None:
    grade, reason, where = inspecting("11-returns").questions
    assert [q.stage for q in (grade, reason, where)] == [Stage.DONE, Stage.DONE, Stage.NOW]
    assert [c.code for c in grade.choices] == ["PW-GR-A", "PW-GR-B", "PW-GR-C", "PW-GR-D"]
    assert [c.code for c in reason.choices] == ["PW-FAULT", "PW-WRONG", "PW-MIND", "PW-TRANS"]
    assert [c.code for c in where.choices] == ["PW-RESTOCK", "PW-QUAR", "PW-FIX", "PW-SCRAP"]
    assert [c.words for c in grade.choices if c.chosen] == ["B"]
    assert [c.words for c in reason.choices if c.chosen] == ["Faulty"]
    assert [c.key for c in where.choices] == ["1", "2", "3", "4"]
    assert {c.key for c in (*grade.choices, *reason.choices)} == {""}
    assert [c.detail for c in where.choices] == ["A-03-12-2", "Q-02", "W-01", "SCRAP"]


def test_what_is_faulty_or_not_as_new_is_never_restocked_and_says_so() -> None:
    where = inspecting("11-returns").questions[2]
    assert [c.reason for c in where.choices] == ["Is faulty", "", "", ""]
    opened = build.answered(replace(build.WORK, units=build.unit(2, reason="unwanted")), "returns.reason_noted")
    body = returns_state(opened, NOW, ZONE).body
    assert isinstance(body, returns.Inspect)
    assert body.questions[2].choices[0].reason == "Only as new"
    new = replace(build.WORK, units=build.unit(2, reason="unwanted", grade=Condition.NEW))
    body = returns_state(build.answered(new, "returns.reason_noted"), NOW, ZONE).body
    assert isinstance(body, returns.Inspect)
    assert body.questions[2].choices[0].reason == ""
    nowhere = replace(new, places=build.PLACES[1:])
    body = returns_state(build.answered(nowhere, "returns.reason_noted"), NOW, ZONE).body
    assert isinstance(body, returns.Inspect)
    assert body.questions[2].choices[0].reason == "Scan its shelf"


def test_where_it_goes_waits_for_grade_and_reason() -> None:
    assert {c.reason for c in inspecting("returns-grade").questions[2].choices} == {"Grade first"}
    assert {c.reason for c in inspecting("returns-reason").questions[2].choices} == {"Reason first"}
    assert {c.reason for q in inspecting("returns-first").questions for c in q.choices} == {"Scan a unit"}


def test_the_refund_grows_with_each_decision() -> None:
    refund = inspecting("11-returns").refund
    assert [(line.words, line.amount, line.quiet) for line in refund.lines] == [
        ("1. 22423, unwanted, A", "12.75", False),
        ("2. 22727, not decided yet", "0.00", True),
        ("3. 22727, not decided yet", "0.00", True),
    ]
    assert (refund.amount, refund.currency) == ("12.75", "GBP")
    assert [(unit.title, unit.words, unit.stage) for unit in refund.units] == [
        ("Unit 1", "A, restock", Stage.DONE),
        ("Unit 2", "B, faulty", Stage.NOW),
        ("Unit 3", "to do", Stage.LATER),
    ]
    done = inspecting("returns-decided").refund
    assert [(line.words, line.amount) for line in done.lines][-2:] == [
        ("3. 22727, faulty, D", "8.95"),
        ("Outward post, fault is ours", "2.10"),
    ]
    assert done.amount == "32.75"
    capped = replace(build.ALL, proposed=2000)
    body = returns_state(build.answered(capped, "returns.all_decided"), NOW, ZONE).body
    assert isinstance(body, returns.Inspect)
    assert (body.refund.lines[-1].words, body.refund.lines[-1].amount) == ("No more was captured", "\u221210.65")


def test_commands_that_may_not_be_used_say_why() -> None:
    at_where = commands(shown("11-returns"))
    assert list(at_where) == ["PW-BACK", "PW-FOREIGN", "PW-VENDOR", "PW-REFUND", "PW-ASIDE"]
    assert (at_where["PW-REFUND"].words, at_where["PW-REFUND"].reason) == (
        "Propose 12.75 GBP",
        "2 units still to decide",
    )
    assert commands(shown("returns-grade"))["PW-BACK"].reason == "The first step"
    assert commands(shown("returns-grade"))["PW-VENDOR"].reason == "Grade first"
    decided = commands(shown("returns-decided"))
    assert (decided["PW-REFUND"].words, decided["PW-REFUND"].reason) == ("Propose 32.75 GBP", "")
    first = commands(shown("returns-first"))
    assert (first["PW-REFUND"].words, first["PW-REFUND"].reason) == ("Propose the refund", "No unit is back yet")
    nothing = build.answered(replace(build.ALL, proposed=0), "returns.all_decided")
    assert commands(returns_state(nothing, NOW, ZONE))["PW-REFUND"].words == "Close, nothing to refund"


def test_a_unit_of_another_order_blocks_beside_what_was_sold() -> None:
    state = shown("returns-not-sold")
    assert state.frame is Family.WRONG
    assert isinstance(state.body, returns.Compare)
    assert state.body.hand.sku == "22726"
    assert [(row.packed, row.remaining) for row in state.body.wanted.rows] == [
        ("1", "of 1"), ("2", "of 2"), ("0", "of 5"), ("0", "of 1"),
    ]  # fmt: skip
    assert state.ack is not None
    assert state.ack.order == "Put it aside. “Not from this order” takes it in."
    assert state.banner.progress is not None
    assert (state.banner.progress.have, state.banner.progress.need) == (1, 3)
    assert shown("returns-over").frame is Family.OVER
    again = after(MODELS["returns-over"], Outcome(Result.BLOCKED, "station.blocked", Sound.WRONG, {"count": 1}), NOW)
    blocked = returns_state(again, NOW, ZONE)
    assert blocked.ack is not None
    assert blocked.ack.locked.endswith("1 refused since.")
    free = after(again, Outcome(Result.DONE, "station.acknowledged", work=build.WORK), NOW)
    assert returns_state(free, NOW, ZONE).frame is None


def test_a_refusal_keeps_the_steps_in_view() -> None:
    state = shown("returns-refused")
    assert state.banner.family is Family.WRONG
    assert [(s.words, s.stage) for s in state.banner.steps] == [
        ("Grade", Stage.DONE), ("Reason", Stage.DONE), ("Where to", Stage.NOW),
    ]  # fmt: skip
    assert state.frame is None


def test_a_return_that_was_left_is_closed_though_its_work_came_along() -> None:
    left = Outcome(Result.DONE, "returns.left", Sound.ACCEPTED, {"code": "RMA-0388", "count": 2}, work=build.WORK)
    model = after(MODELS["11-returns"], left, NOW)
    assert model.work is None
    state = returns_state(model, NOW, ZONE)
    assert state.banner.order == "RMA-0388 was left, 2 units are still to decide"
    taken = refused("returns.taken_over", Sound.ATTENTION, operator="Anna", code="RMA-0388", station="Bench 4")
    assert after(MODELS["11-returns"], taken, NOW).work is None


def test_the_idle_screen_lists_the_returns_that_wait() -> None:
    state = shown("returns-held")
    assert isinstance(state.body, returns.Idle)
    rows = state.body.returns.rows
    assert [(row.key, row.cells[5].chip.words if row.cells[5].chip else "") for row in rows] == [
        ("RMA-0391", "Expected"),
        ("RMA-0390", "On its way"),
        ("RMA-0389", "2 to decide"),
        ("RMA-0388", "Refund to decide"),
    ]
    assert list(commands(state)) == ["PW-TAKE"]


def test_the_end_says_where_each_unit_went_and_what_goes_back() -> None:
    state = shown("returns-done")
    assert isinstance(state.body, returns.Finished)
    assert (state.banner.family, state.banner.tall) == (Family.COMPLETE, True)
    assert state.banner.detail == "RMA-0388 is inspected. A lead decides about the refund"
    assert [(row.cells[3].words, row.cells[3].second, row.cells[4].words) for row in state.body.units.rows] == [
        ("Restock", "B-02-01-1", "12.75"),
        ("Quarantine", "Q-02", "8.95"),
        ("Scrap", "SCRAP", "8.95"),
    ]
    assert list(commands(state)) == ["PW-RTN"]
    closed = after(MODELS["returns-done"], Outcome(Result.NAVIGATE, "station.here"), NOW)
    assert returns_state(closed, NOW, ZONE).banner.order == "Scan an order, a label or an RMA"


def test_each_sentence_of_the_screen_is_in_the_catalogue() -> None:
    for name in MODELS:
        assert "returns_screen." not in repr(shown(name)), name
