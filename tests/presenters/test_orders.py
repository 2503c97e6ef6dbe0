from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.presenters.orders import OrdersPresenter
from app.presenters.runner import AtOnce
from app.presenters.state import orders
from app.presenters.state.parts import Family
from app.presenters.state.sound import Sound
from app.queries.order_queue import QueueFilter, QueueMoment, QueueView, queue_page
from app.queries.order_queue_end import has_end, queue_end
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from app.services.holds import place_hold
from app.services.release import release
from tests.builders import NOW, World, captured, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of
from tests.presenters.orders_desk import bad_address, chips, make, numbers, stocked, two_orders


def test_an_empty_queue_says_so(world: World) -> None:
    _, shown = make(world)
    assert shown.now.table.rows == ()
    assert shown.now.table.empty == "No order is open. A file of orders comes in by the Office, F9"
    assert shown.now.detail is None
    assert [figure.value for figure in shown.now.figures] == ["0", "0", "0", "0", "0"]


def test_rows_say_stage_units_and_who_leaves_when(world: World) -> None:
    two_orders(world)
    _, shown = make(world)
    assert numbers(shown) == ["#1", "#2"]
    assert chips(shown) == ["To pick", "On hold: address"]
    row = shown.now.table.rows[0]
    assert [cell.words for cell in row.cells[4:6]] == ["1", "2"]
    assert row.cells[0].words == "16:30"
    assert row.cells[0].second == "7 h 30 min"
    assert row.cells[7].words == "Nobody"
    assert [(figure.value, figure.detail) for figure in shown.now.figures] == [
        ("2", "of 2 open"), ("0", "first truck 16:30"), ("1", "1 address"), ("0", "0 at a bench"), ("0", "0 last hour"),
    ]  # fmt: skip
    assert [(tab.words, tab.count, tab.chosen) for tab in shown.now.tabs][:2] == [
        ("All open", "2", True), ("Leaves today", "2", False),
    ]  # fmt: skip


def test_the_first_order_is_chosen_and_opens_at_the_bench(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    detail = shown.now.detail
    assert detail is not None
    assert (detail.number, detail.recipient, detail.count) == ("#1", "Ada Example", "1 line, 2 units")
    assert detail.address == ("1 Fictional Lane", "Leeds LS1 1AA")
    assert [event.title for event in detail.events] == ["Allocated", "Captured"] or [
        event.title for event in detail.events
    ] == ["Captured", "Allocated"]
    assert detail.open.reason == ""
    presenter.choose("orders", shown.now.table.chosen, True)
    assert shown.sent == ["F-0001"]


def test_an_order_on_hold_does_not_open_and_says_why(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.choose("orders", shown.now.table.rows[1].key, False)
    assert shown.now.detail is not None
    assert shown.now.detail.open.reason == "It is on hold"
    assert [note.words for note in shown.now.detail.holds] == ["a postcode that its country does not have"]
    presenter.command("PW-OPEN")
    assert shown.sent == []
    assert shown.now.notice is not None
    assert (shown.now.notice.words, shown.now.notice.family) == ("It is on hold", Family.WRONG)
    do = "L lifts the hold once its cause is settled. A mends an address, which lifts its own."
    assert shown.now.notice.detail == do
    assert shown.rung == [Sound.WRONG]


@pytest.mark.parametrize("asked", ["#2", "petra", "LS1", "hollin petra"])
def test_search_finds_by_what_is_on_the_paper(world: World, asked: str) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.typed("search", asked, True)
    assert "#2" in numbers(shown) or asked == "LS1"
    assert shown.now.tabs[-1].words == f"Found: {asked}"


def test_search_finds_by_the_code_of_a_paper(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.typed("search", "F-0001", True)
    assert numbers(shown) == ["#1"]
    presenter.typed("search", "nobody-knows", True)
    assert shown.now.table.empty == "Nothing found for “nobody-knows”"
    presenter.key("Esc")
    assert numbers(shown) == ["#1", "#2"]


def test_filters_are_kept_by_name(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.choose("tabs", "hold", True)
    assert numbers(shown) == ["#2"]
    presenter.command("filter")
    presenter.command("filter-keep")
    presenter.typed("name", "Mine to mend", True)
    assert shown.now.notice is not None
    assert shown.now.notice.words == "Mine to mend is kept"
    presenter.choose("tabs", "open", True)
    presenter.command("filter")
    assert shown.now.filters is not None
    kept = shown.now.filters.table.rows[0]
    assert (kept.cells[0].words, kept.cells[0].second) == ("Mine to mend", "Kept by you")
    presenter.choose("filters", kept.key, True)
    assert numbers(shown) == ["#2"]
    assert shown.now.tabs[-1].words == "Mine to mend"
    assert shown.now.filters is None


def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    stocked(world)
    many = [captured(f"N{at}", line("HEART")) for at in range(150)]
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", many))
    presenter, shown = make(world)
    assert len(shown.now.table.rows) == 60
    assert shown.now.table.more
    presenter.more("orders")
    presenter.more("orders")
    assert len(set(numbers(shown))) == 150
    assert not shown.now.table.more


def test_the_end_is_as_near_as_the_beginning(world: World) -> None:
    stocked(world)
    many = [captured(f"N{at}", line("HEART")) for at in range(150)]
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", many))
    presenter, shown = make(world)
    assert shown.now.has_end
    forwards = numbers(shown)
    presenter.more("orders")
    presenter.more("orders")
    whole = numbers(shown)
    presenter.choose("tabs", "open", True)
    presenter.key("End")
    assert numbers(shown) == whole[-60:]
    assert shown.now.table.chosen == shown.now.table.rows[-1].key
    assert shown.now.earlier
    presenter.more("orders-earlier")
    presenter.more("orders-earlier")
    assert numbers(shown) == whole
    assert not shown.now.earlier
    presenter.key("Home")
    assert numbers(shown) == forwards
    assert shown.now.table.chosen == shown.now.table.rows[0].key


@pytest.mark.parametrize("view", list(QueueView))
def test_every_view_pages_the_same_as_at_once(world: World, view: QueueView) -> None:
    stocked(world)
    many = [captured(f"N{at}", line("HEART"), ship_to=bad_address() if at % 3 else None) for at in range(20)]
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", many))
    world.write(lambda s: allocate_ready(s, world.actor(), 100))
    world.write(lambda s: release(s, world.actor()))
    moment = QueueMoment(NOW, NOW + timedelta(hours=15), NOW + timedelta(hours=15), world.warehouse_id, 1)
    whole = [row.id for row in world.read(lambda s: queue_page(s, QueueFilter(view), moment, None, 100)).rows]
    found: list[int] = []
    after = None
    for _ in range(30):
        page = world.read(lambda s, after=after: queue_page(s, QueueFilter(view), moment, after, 3))
        found += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert found == whole
    if has_end(QueueFilter(view)):
        backwards: list[int] = []
        before = None
        for _ in range(30):
            page = world.read(lambda s, before=before: queue_end(s, QueueFilter(view), moment, before, 3))
            backwards = [row.id for row in page.rows] + backwards
            before = page.after
            if before is None:
                break
        assert backwards == whole
    # Thirteen have a bad postcode, and five of the others look like duplicates of the first.
    expected = {QueueView.HOLD: 18, QueueView.OPEN: 20, QueueView.TODAY: 20, QueueView.TO_PICK: 2}
    if view in expected:
        assert len(found) == expected[view]


def test_narrowed_to_a_channel(world: World) -> None:
    two_orders(world)
    world.order("#9", line("HEART"), channel="ebay")
    presenter, shown = make(world)
    presenter.command("filter")
    assert shown.now.filters is not None
    key = next(row.key for row in shown.now.filters.table.rows if row.cells[0].words.lower().startswith("ebay"))
    presenter.choose("filters", key, True)
    assert numbers(shown) == ["#9"]


def test_a_failing_database_is_said_with_a_way_to_try_again(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    real = presenter.database.read

    def broken(work):
        raise EnvironmentFailure("database.lost", reason="gone")

    presenter.database.read = broken
    presenter.choose("tabs", "hold", True)
    assert shown.now.notice is not None
    assert shown.now.notice.words == "The connection to the database was lost: gone. Check the network, then try again"
    assert [one.words for one in shown.now.notice.commands] == ["Try again"]
    presenter.database.read = real
    presenter.command("retry")
    assert shown.now.notice is None
    assert numbers(shown) == ["#2"]


def test_what_others_changed_is_read_once_in_a_while(world: World) -> None:
    two_orders(world)
    runner = AtOnce()
    shown: Shown[orders.Orders] = Shown()
    presenter = OrdersPresenter(
        world.database, runner, station_of(world), clock, shown.states.append, shown.sent.append
    )
    presenter.show()
    order_id = int(shown.now.table.rows[0].key)
    world.write(lambda s: place_hold(s, world.actor(), order_id, "waits"))
    presenter.changed([Change("order", order_id)])
    presenter.changed([Change("order", order_id), Change("fulfillment", 1)])
    assert chips(shown)[0] == "To pick"
    assert len(runner.timers) == 1
    runner.run_timers()
    assert chips(shown)[0] == "On hold: office"


def test_an_order_is_shown_by_its_number_and_changed_ones_without(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.show_order("#2")
    assert numbers(shown) == ["#2"]
    presenter.show_order("")
    assert numbers(shown) == []
    assert shown.now.tabs[-1].words == "Changed at the channel"


def test_the_order_of_a_number_comes_before_what_only_ends_or_begins_with_it(world: World) -> None:
    stocked(world)
    for number in ("#1054", "#71054", "#10547"):
        world.order(number, line("HEART", 1))
    presenter, shown = make(world)
    for asked in ("#1054", "1054"):
        presenter.typed("search", asked, True)
        assert numbers(shown)[0] == "#1054"
        assert sorted(numbers(shown)) == ["#1054", "#10547", "#71054"]
        assert shown.now.detail is not None
        assert shown.now.detail.number == "#1054"
