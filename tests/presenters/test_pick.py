"""The pick screen: what it says in each state, and that nothing of it is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.outcomes import Outcome, Result, Sound, refused
from app.domain.words import catalogue
from app.presenters.pick import pick_state
from app.presenters.pick_map import plan_of
from app.presenters.pick_model import PickModel, after, toggle_map
from app.presenters.state import pick
from app.presenters.state.parts import Command, Family, Stage
from app.presenters.state.words import plain
from tests.presenters import pick_builders as build
from tests.presenters.pick_builders import MODELS, NOW, ZONE


def shown(name: str) -> pick.Pick:
    return pick_state(MODELS[name], NOW, ZONE)


def commands(state: pick.Pick) -> dict[str, Command]:
    return {command.code: command for command in state.commands.commands}


def test_a_stop_names_the_parts_of_its_place_and_the_last_is_hot() -> None:
    state = shown("09-pick")
    assert isinstance(state.body, pick.Stop)
    assert [(p.label, p.value, p.hot) for p in state.body.where.parts] == [
        ("Zone", "A", False), ("Aisle", "03", False), ("Bay", "12", False), ("Level", "2", True),
    ]  # fmt: skip
    assert (state.banner.order, state.banner.detail) == ("Walk to the shelf, scan it", "PL-0231, stop 4 of 11, 6 totes")
    assert [(s.words, s.stage) for s in state.banner.steps] == [
        ("Shelf", Stage.NOW), ("Item", Stage.LATER), ("Tote", Stage.LATER),
    ]  # fmt: skip
    assert (state.body.take.count, state.body.take.of) == ("3", "units")
    assert state.body.take.head.right == "8 on the shelf"
    assert (state.body.cart_head.title, state.body.cart_head.right) == ("Into slot 2", "T-0117")
    assert [s.number for s in state.body.cart.slots if s.active] == ["2"]
    assert state.frame is None


def test_a_place_that_is_no_sum_of_its_parts_stands_as_it_is() -> None:
    stops = tuple(replace(s, location="Mezzanine 4", zone="M") if s.task_id == 4 else s for s in build.WALK.stops)
    body = pick_state(build.opened(replace(build.WALK, stops=stops)), NOW, ZONE).body
    assert isinstance(body, pick.Stop)
    assert [(p.label, p.value, p.hot) for p in body.where.parts] == [("Place", "Mezzanine 4", False)]


def test_the_cart_has_its_real_layout_with_slots_that_nobody_uses() -> None:
    body = shown("pick-cart").body
    assert isinstance(body, pick.Stop)
    assert (body.cart.columns, len(body.cart.slots)) == (4, 12)
    assert [s.tote for s in body.cart.slots][6:9] == ["", "", "T-0155"]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("pick-item", "Take 3, scan each"),
        ("pick-counted", "Take 1, scan it"),
        ("pick-tote", "Put them into slot 2, scan T-0117"),
        ("pick-totes", "Scan a tote for slot 5"),
        ("pick-quantity", "The next scan counts 12"),
        ("pick-asking", "Which one do you mean?"),
        ("10-short", "Why is 1 missing? Scan a reason."),
        ("pick-count", "How many did you find?"),
        ("pick-idle", "Scan a pick list, or a cart"),
        ("pick-held", "Anna Lindqvist has PL-0232 at Bench 4, 0:42"),
        ("pick-done", "Walk done, but some are short."),
        ("pick-wrong-item", "Wrong item. Put it back."),
        ("pick-over", "Too many. Put 1 back."),
        ("pick-wrong-shelf", "Wrong shelf. Go to A-03-12-2."),
        ("pick-wrong-tote", "Wrong tote. Use slot 2."),
        ("pick-unknown", "Nobody knows this code"),
        ("pick-cancelled", "Stop. Order #1042 is cancelled."),
    ],
)
def test_the_banner_says_what_to_do(name: str, order: str) -> None:
    assert shown(name).banner.order == order


def test_a_count_is_shown_only_when_it_is_stored() -> None:
    before = shown("pick-item").body
    after_it = shown("pick-counted").body
    assert isinstance(before, pick.Stop)
    assert isinstance(after_it, pick.Stop)
    assert (before.take.count, before.take.have, before.take.head.chip) == ("3", 0, None)
    assert (after_it.take.count, after_it.take.of, after_it.take.have) == ("2", "of 3 taken", 2)
    assert after_it.take.head.chip is not None
    assert after_it.take.head.chip.words == "Right. Counted."
    storing = pick_state(replace(MODELS["pick-item"], storing=True), NOW, ZONE).body
    assert isinstance(storing, pick.Stop)
    assert (storing.take.count, storing.take.head.chip and storing.take.head.chip.words) == ("3", "Storing")


def test_commands_that_may_not_be_used_say_why() -> None:
    at_stop = commands(shown("09-pick"))
    assert list(at_stop) == ["PW-SHORT", "PW-SKIP", "PW-BACK", "PW-END", "PW-ASIDE"]
    assert [at_stop[c].key for c in at_stop] == ["S", "K", "Esc", "E", "A"]
    assert (at_stop["PW-END"].reason, at_stop["PW-END"].right) == ("8 stops left", True)
    assert at_stop["PW-SHORT"].reason == ""
    into_tote = commands(shown("pick-tote"))
    assert into_tote["PW-SHORT"].reason == into_tote["PW-SKIP"].reason == "Into the tote first"
    assert commands(shown("pick-totes"))["PW-SKIP"].reason == "Totes first"
    first = pick_state(build.opened(replace(build.WALK, stops=build.stops(0), current=1)), NOW, ZONE)
    assert commands(first)["PW-BACK"].reason == "The first stop"
    last = tuple(replace(s, done=s.task_id != 4) for s in build.WALK.stops)
    assert (
        commands(pick_state(build.opened(replace(build.WALK, stops=last)), NOW, ZONE))["PW-SKIP"].reason
        == "The last stop"
    )
    assert commands(shown("10-short"))["PW-CANCEL"].reason == "The lead decides, in Orders"


def test_a_short_pick_asks_for_a_reason_and_shows_what_becomes_of_the_missing_one() -> None:
    body = shown("10-short").body
    assert isinstance(body, pick.Short)
    assert (body.count, body.of, body.have, body.need) == ("2", "of 3 found", 2, 3)
    assert [(c.code, c.words, c.key) for c in body.asked] == [
        ("PW-EMPTY", "Shelf is empty", "1"), ("PW-DAMAGED", "Damaged", "2"),
        ("PW-OTHER", "Other goods lie there", "3"), ("PW-REACH", "Cannot reach it", "4"),
    ]  # fmt: skip
    assert [(c.code, c.chosen, c.reason) for c in body.remedies] == [("PW-ELSE", True, ""), ("PW-LATER", False, "")]
    assert plain(body.remedies[0].detail) == "14 free at A-05-02-1"
    assert body.remedy == pick.Remedy(
        "Chosen unless you scan the other code", "A-05-02-1", "A new stop of this walk, slot 2"
    )
    none = shown("pick-none-elsewhere").body
    assert isinstance(none, pick.Short)
    assert [(c.chosen, c.reason) for c in none.remedies] == [(False, "None is free anywhere else"), (True, "")]
    later = pick_state(build.answered(replace(build.REASON, reason="later"), "pick.will_leave_short"), NOW, ZONE).body
    assert isinstance(later, pick.Short)
    assert [c.chosen for c in later.remedies] == [False, True]


def test_the_count_offers_each_number_that_is_possible() -> None:
    body = shown("pick-count").body
    assert isinstance(body, pick.Short)
    assert [(c.code, c.words) for c in body.asked] == [("PW-1", "1"), ("PW-2", "2")]
    many = tuple(replace(s, quantity=24) if s.task_id == 4 else s for s in build.at("count").stops)
    large = pick_state(build.opened(replace(build.at("count"), stops=many)), NOW, ZONE).body
    assert isinstance(large, pick.Short)
    assert [(c.code, c.key) for c in large.asked] == [("PW-OK", "Enter")]


def test_a_wrong_item_stands_beside_the_wanted_one_and_the_progress_stays() -> None:
    state = shown("pick-wrong-item")
    assert isinstance(state.body, pick.Compare)
    assert (state.body.hand.sku, state.body.wanted.sku) == ("22726", "85123A")
    assert state.body.wanted.title == "Wanted at A-03-12-2"
    assert [plain(words) for words in state.body.hand.why] == [
        "Not wanted at this stop.",
        "This walk wants it at A-05-09-2.",
    ]
    assert state.banner.blocking
    assert state.frame is Family.WRONG
    assert state.banner.progress is not None
    assert (state.banner.progress.have, state.banner.progress.words) == (3, "of 11 stops")
    assert state.ack is not None
    assert (state.ack.order, state.ack.code) == ("Put it back where it was, then take 85123A", "PW-OK")


def test_too_many_is_its_own_family_with_a_hatched_one() -> None:
    state = shown("pick-over")
    assert state.frame is Family.OVER
    assert isinstance(state.body, pick.Compare)
    assert (state.body.hand.have, state.body.hand.need, state.body.hand.extra) == (3, 3, 1)


def test_the_characters_that_differ_are_marked_on_shelves_and_totes() -> None:
    shelf, tote = shown("pick-wrong-shelf").body, shown("pick-wrong-tote").body
    assert isinstance(shelf, pick.Compare)
    assert isinstance(tote, pick.Compare)
    assert (shelf.hand.sku, shelf.hand.marks) == ("A-03-11-2", (6,))
    assert (shelf.wanted.sku, shelf.wanted.marks) == ("A-03-12-2", (6,))
    assert (tote.hand.marks, tote.wanted.marks) == ((4, 5), (4, 5))


def test_scans_while_blocked_are_counted_until_the_ok_card() -> None:
    model = after(MODELS["pick-unknown"], Outcome(Result.BLOCKED, "station.blocked", Sound.WRONG, {"count": 2}), NOW)
    state = pick_state(model, NOW, ZONE)
    assert state.banner.order == "Nobody knows this code"
    assert state.ack is not None
    assert state.ack.locked.endswith("2 refused since.")
    model = after(model, Outcome(Result.DONE, "station.acknowledged", work=build.at("item")), NOW)
    state = pick_state(model, NOW, ZONE)
    assert (state.ack, state.frame, state.banner.order) == (None, None, "Take 3, scan each")


def test_a_block_that_was_there_before_the_start_is_shown_too() -> None:
    opened = after(PickModel(), Outcome(Result.NAVIGATE, "station.here", work=build.WALK), NOW)
    model = after(opened, Outcome(Result.BLOCKED, "station.blocked", Sound.WRONG, {"count": 1, "scan": "X"}), NOW)
    assert pick_state(model, NOW, ZONE).frame is Family.WRONG


def test_a_refusal_does_not_block_and_goes_with_the_next_scan() -> None:
    state = shown("pick-said")
    assert (state.banner.order, state.banner.detail) == ("Scan the shelf A-03-12-2 first", "Then the item.")
    assert (state.ack, state.frame) == (None, None)
    assert [s.words for s in state.banner.steps] == ["Shelf", "Item", "Tote"]
    model = after(MODELS["pick-said"], Outcome(Result.DONE, "pick.at_shelf", work=build.at("item")), NOW)
    assert pick_state(model, NOW, ZONE).banner.order == "Take 3, scan each"


def test_a_walk_that_was_left_or_taken_over_is_closed_here() -> None:
    left = after(
        build.opened(), Outcome(Result.DONE, "pick.left", Sound.ACCEPTED, {"code": "PL-0231", "count": 8}), NOW
    )
    assert left.work is None
    assert pick_state(left, NOW, ZONE).banner.order == "PL-0231 was left, 8 stops wait. Scan its code to go on"
    taken = refused("pick.taken_over", Sound.ATTENTION, operator="Anna", code="PL-0231", station="Bench 4", held="0:01")
    assert after(build.opened(), taken, NOW).work is None


def test_the_idle_screen_lists_the_walks_and_offers_to_take_over() -> None:
    state = shown("pick-held")
    assert isinstance(state.body, pick.Idle)
    rows = state.body.lists.rows
    assert [row.key for row in rows] == [f"PL-{n:04}" for n in range(231, 236)]
    assert [(row.cells[2].words, row.cells[2].second) for row in rows[:3]] == [
        ("Begun, put aside", "C-03"), ("Anna Lindqvist", "Bench 4"), ("Free", ""),
    ]  # fmt: skip
    assert list(commands(state)) == ["PW-START", "PW-TAKE"]
    assert list(commands(shown("pick-idle"))) == ["PW-START"]
    empty = shown("pick-nothing").body
    assert isinstance(empty, pick.Idle)
    assert empty.lists.empty == "Nothing waits to be picked. Orders come here once they are released."


def test_the_end_says_what_to_take_where() -> None:
    state = shown("pick-done")
    assert isinstance(state.body, pick.Done)
    assert (state.banner.family, state.banner.tall) == (Family.COMPLETE, True)
    assert state.banner.detail == "PL-0231, 22 units, 6 totes, 1 short, 0:00 min"
    chips = [row.cells[4].chip.words for row in state.body.totes.rows if row.cells[4].chip]
    assert chips == ["Complete", "1 short", "Complete", "Complete", "Complete", "Complete"]
    assert [step.title for step in state.body.steps] == [
        "Push the cart to packing", "Put each tote at a bench", "Take the next walk",
    ]  # fmt: skip
    assert list(commands(state)) == ["PW-PACK", "PW-START"]


def test_the_plan_leads_along_aisles_and_marks_the_bin_at_its_side() -> None:
    plan = plan_of(build.WALK, build.PLAN, depot="Packing", said="")
    assert plan is not None
    drawn = plan.map
    assert [(s.number, s.stage, s.bin_left) for s in drawn.stops if s.stage is Stage.NOW] == [("4", Stage.NOW, False)]
    assert [w.words for w in drawn.words if w.hot] == ["A-03"]
    assert [w.words for w in drawn.words if w.boxed] == ["Packing"]
    assert drawn.here is not None
    assert drawn.leg[0] == drawn.here
    current = next(s for s in drawn.stops if s.stage is Stage.NOW)
    assert drawn.leg[-1] == (current.x, current.y)
    for a, b in zip(drawn.leg, drawn.leg[1:], strict=False):
        assert a[0] == b[0] or a[1] == b[1]
    cross = [y for (x1, y), (x2, y2) in zip(drawn.leg, drawn.leg[1:], strict=False) if x1 != x2]
    racks = [(rack.y, rack.y + rack.height) for rack in drawn.racks]
    assert all(y < min(top for top, _ in racks) or y > max(bottom for _, bottom in racks) for y in cross)
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in (*drawn.walked, *drawn.leg, *drawn.rest))


def test_who_stands_at_the_benches_is_marked_above_their_sign() -> None:
    begun = replace(build.WALK, stops=build.stops(0), current=1)
    plan = plan_of(begun, build.PLAN, depot="Packing", said="")
    assert plan is not None
    sign = next(words for words in plan.map.words if words.boxed)
    mark, line, half_sign = 13, 1.5, 13
    assert plan.map.here == (sign.x, 357)
    assert plan.map.here[1] + mark + line <= sign.y - half_sign - 0.5
    assert sign.y + half_sign <= plan.map.height
    assert plan.map.leg[0] == (sign.x, sign.y - half_sign)


def test_taller_racks_beside_the_walk_stay_inside_the_plan() -> None:
    tall = replace(
        build.PLAN, racks=tuple(replace(r, high_mm=30000, bays=18) if r.x_mm > 20000 else r for r in build.PLAN.racks)
    )
    plan = plan_of(build.WALK, tall, depot="Packing", said="")
    assert plan is not None
    assert all(rack.y >= 40 and rack.y + rack.height <= 350 for rack in plan.map.racks)


def test_at_the_shelf_there_is_no_leg_left_to_walk() -> None:
    plan = plan_of(build.at("item"), build.PLAN, depot="Packing", said="")
    assert plan is not None
    assert (plan.map.leg, plan.map.here) == ((), None)


def test_without_coordinates_the_next_stops_take_the_place_of_the_plan() -> None:
    body = shown("pick-list").body
    assert isinstance(body, pick.Stop)
    assert body.walk.map is None
    assert [(s.number, s.location) for s in body.walk.stops][:2] == [("5", "A-03-07-1"), ("6", "A-04-15-3")]
    assert body.walk.head.right == "8 stops left"


def test_the_map_opens_over_the_narrow_screen_and_says_where_to_go() -> None:
    body = pick_state(toggle_map(MODELS["09-pick"]), NOW, ZONE).body
    assert isinstance(body, pick.Stop)
    assert (body.map_open, body.walk.head.title) == (True, "Walk to A-03-12-2")
    assert (body.map_button.code, body.map_button.key) == ("PW-MAP", "M")


def test_each_sentence_of_the_screen_is_in_the_catalogue_and_filled() -> None:
    known = catalogue()
    for name in MODELS:
        words = repr(shown(name))
        assert "pick_screen." not in words, name
        assert "{" not in words.replace("{}", ""), name
    assert sum(key.startswith("pick_screen.") for key in known) > 150
