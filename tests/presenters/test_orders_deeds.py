from __future__ import annotations

from collections.abc import Callable

from app.domain.states import HoldKind, Role
from app.presenters.orders import OrdersPresenter
from app.presenters.orders_parts import hold_words
from app.presenters.runner import AtOnce, Failed, T
from app.presenters.state import orders
from app.services.capture.orders import capture_orders
from tests.builders import NOW, World, captured, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of
from tests.presenters.orders_desk import chips, make, numbers, stocked, two_orders


def test_mending_the_address_lifts_its_hold(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.choose("orders", shown.now.table.rows[1].key, False)
    presenter.command("order-address")
    form = shown.now.form
    assert form is not None
    wrong = {field.name: field.wrong for field in form.fields if field.wrong}
    assert wrong == {"postcode": "The postcode “NOPE” is not one of this country"}
    presenter.typed("postcode", "LS1 1AA", False)
    assert all(not field.wrong for field in shown.now.form.fields) if shown.now.form else False
    presenter.typed("postcode", "LS1 1AA", True)
    assert shown.now.form is None
    assert shown.now.notice is not None
    assert shown.now.notice.words == "The address of #2 is good"
    assert chips(shown)[1] == "To pick"
    titles = [event.title for event in shown.now.detail.events] if shown.now.detail else []
    assert "Address mended" in titles
    assert "Hold lifted: address" in titles


def test_hold_needs_a_reason_and_is_lifted_with_one(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-STOP")
    presenter.command("form-save")
    assert shown.now.form is not None
    assert presenter.model.wrong == {"reason": "Say why."}
    presenter.typed("reason", "customer called", False)
    presenter.command("form-save")
    assert shown.now.notice is not None
    assert shown.now.notice.words == "#1 is on hold (office)"
    assert chips(shown)[0] == "On hold: office"
    presenter.command("PW-LIFT")
    presenter.typed("reason", "called back", True)
    assert shown.now.notice.words == "#1 may go on (office)"
    assert chips(shown)[0] == "To pick"


class Slow(AtOnce):
    """Reads only once it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Callable[[], None]] = []

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Keeps it for `go_on`."""
        self.held.append(lambda: self.command(work, then, failed))

    def go_on(self) -> None:
        """Reads all that is asked for, and what that asks for."""
        while self.held:
            self.held.pop(0)()


def test_a_stop_right_after_choosing_stops_the_chosen_order_and_not_the_one_still_shown(world: World) -> None:
    two_orders(world)
    shown: Shown[orders.Orders] = Shown()
    runner = Slow()
    presenter = OrdersPresenter(
        world.database, runner, station_of(world, Role.LEAD), clock, shown.states.append, shown.sent.append
    )
    presenter.show()
    runner.go_on()
    assert presenter.model.detail is not None and presenter.model.detail.row.number == "#1"
    other = next(row for row in presenter.list.rows if row.number == "#2")
    presenter.choose("orders", str(other.id), False)
    presenter.command("PW-STOP")
    assert shown.now.form is None
    runner.go_on()
    assert shown.now.form is not None
    presenter.typed("reason", "is the address right?", True)
    runner.go_on()
    assert shown.now.notice is not None
    assert shown.now.notice.words == "#2 is on hold (office)"


def test_a_packer_may_not_hold(world: World) -> None:
    two_orders(world)
    _, shown = make(world, Role.PACKER)
    assert shown.now.detail is not None
    hold = next(command for command in shown.now.detail.commands if command.code == "PW-STOP")
    assert hold.reason == "Not your role"
    assert [button.reason for button in shown.now.buttons] == ["Not your role"]


def test_cancelling_takes_it_out_of_the_open_queue(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-CANCEL")
    assert shown.now.form is not None
    assert shown.now.form.detail == "Nothing was picked. What was promised to it is free again."
    presenter.typed("reason", "changed mind", True)
    presenter.command("form-save")
    assert numbers(shown) == ["#2"]
    presenter.choose("tabs", "cancelled", True)
    assert numbers(shown) == ["#1"]
    assert chips(shown) == ["Cancelled"]
    assert shown.now.tabs[-1].words == "Cancelled"


def test_priority_goes_first_and_back(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-PRIO")
    assert shown.now.notice is not None
    assert shown.now.notice.words == "#1 has priority 1"
    assert shown.now.detail is not None
    assert next(one.words for one in shown.now.detail.commands if one.code == "PW-PRIO") == "Normal"


def test_release_says_how_many(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-REL")
    assert shown.now.form is not None
    assert shown.now.form.title == "Release work?"
    assert shown.now.notice is None
    presenter.command("form-save")
    assert shown.now.form is None
    assert shown.now.notice is not None
    assert shown.now.notice.words == "1 order released, pick lists: 1"
    assert presenter.local("PW-REL")
    assert shown.now.notice.words == "Nothing is ready to be released"
    presenter.choose("tabs", "to_pick", True)
    assert numbers(shown) == ["#1"]


def test_kinds_of_holds_have_words() -> None:
    assert [hold_words(kind) for kind in HoldKind] == [
        "payment", "address", "product", "stock", "duplicate", "fraud", "office",
    ]  # fmt: skip


def test_a_scanned_command_acts_on_the_chosen_order_or_says_why_not(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    assert not presenter.local("F-0001")
    assert not presenter.local("PW-PACK")
    assert presenter.local("pw-stop")
    assert shown.now.form is not None
    presenter.key("Esc")
    assert presenter.local("PW-TAKE")
    assert shown.now.notice is not None
    assert shown.now.notice.words == "Nobody has it"
    assert presenter.local("PW-LIFT")
    assert shown.now.notice.words == "That means nothing for this order now"
    assert shown.sent == []


def test_what_is_chosen_stays_in_sight_when_it_leaves_the_list(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-CANCEL")
    presenter.typed("reason", "changed mind", True)
    presenter.command("form-save")
    assert numbers(shown) == ["#2"]
    assert shown.now.detail is not None
    assert (shown.now.detail.number, shown.now.detail.chip.words) == ("#1", "Cancelled")


def test_a_suspected_duplicate_says_of_which_order(world: World) -> None:
    stocked(world)
    twice = [captured(number, line("HEART", 1), created=NOW) for number in ("#7", "#8")]
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", twice))
    presenter, shown = make(world)
    presenter.typed("search", "#8", True)
    assert shown.now.detail is not None
    assert [(note.subject, note.words) for note in shown.now.detail.holds] == [
        ("Duplicate", "looks like #7 sent twice")
    ]
    presenter.command("PW-LIFT")
    assert shown.now.form is not None
    assert shown.now.form.detail == "Looks like #7 sent twice"


def test_cancelling_asks_a_second_time(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-CANCEL")
    presenter.typed("reason", "AVIER", True)
    asked = shown.now.form
    assert asked is not None
    assert (asked.title, asked.detail, asked.fields) == (
        "Cancel #1", "It can't be taken back. Reason: AVIER", ()
    )  # fmt: skip
    presenter.key("Esc")
    assert shown.now.form is not None
    assert [(field.name, field.text) for field in shown.now.form.fields] == [("reason", "AVIER")]
    presenter.key("Esc")
    assert shown.now.form is None
    assert numbers(shown) == ["#1", "#2"]


def test_a_good_address_is_changed_once_it_was_seen_as_a_whole(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("order-address")
    presenter.typed("name", "NNA", True)
    asked = shown.now.form
    assert asked is not None
    assert asked.fields == ()
    assert asked.detail.startswith("It goes to: NNA, 1 Fictional Lane, Leeds")
    assert shown.now.detail is not None
    assert shown.now.detail.recipient == "Ada Example"
    presenter.command("form-save")
    assert shown.now.form is None
    assert shown.now.detail.recipient == "NNA"


def test_a_release_that_is_not_wanted_sends_nothing(world: World) -> None:
    two_orders(world)
    presenter, shown = make(world)
    presenter.command("PW-REL")
    presenter.key("Esc")
    assert shown.now.form is None
    presenter.choose("tabs", "to_pick", True)
    assert numbers(shown) == []
