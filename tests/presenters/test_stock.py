from __future__ import annotations

import pytest

from app.domain.outcomes import Change, Outcome, Result, Sound, blocked
from app.domain.states import Condition, LocationKind, Role
from app.domain.work import ItemRef, StockLine, StockWork
from app.models.shipping import PrintJob
from app.models.sourcing import SafetyStock
from app.presenters.runner import AtOnce
from app.presenters.state import stock
from app.presenters.stock import StockPresenter
from app.services.adjust import adjust
from app.services.allocate import allocate_ready
from app.services.receive import receive
from tests.builders import World, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of


def make(world: World, role: Role = Role.LEAD) -> tuple[StockPresenter, Shown[stock.Stock]]:
    shown: Shown[stock.Stock] = Shown()
    presenter = StockPresenter(
        world.database, AtOnce(), station_of(world, role), clock, shown.states.append, shown.sent.append,
        lambda text: shown.sent.append(f"text {text}"), shown.rung.append,
    )  # fmt: skip
    presenter.show()
    return presenter, shown


def cakes(world: World) -> int:
    product = world.product("22423", "05012345678900", name="REGENCY CAKESTAND 3 TIER")
    world.stock(product, "A-01-04-1", 14)
    world.location("Q-02", LocationKind.QUARANTINE)
    world.stock(product, "Q-02", 3, Condition.OPENED)
    return product


def cells(shown: Shown[stock.Stock]) -> list[list[str]]:
    return [
        [cell.words or (cell.chip.words if cell.chip else "") for cell in row.cells] for row in shown.now.table.rows
    ]


def test_begins_with_what_to_do(world: World) -> None:
    _, shown = make(world)
    assert shown.now.banner.order == "Scan a product or a shelf"
    assert shown.now.table.empty == "Nothing looked up yet"
    assert [one.reason for one in shown.now.commands.commands] == [
        "", "", "Look up a place first", "", "Look up a place first",
    ]  # fmt: skip


def test_a_name_finds_the_product_and_what_is_free(world: World) -> None:
    cakes(world)
    presenter, shown = make(world)
    presenter.typed("search", "cakestand", True)
    subject = shown.now.subject
    assert subject is not None
    assert (subject.title, subject.second) == ("REGENCY CAKESTAND 3 TIER", "22423")
    assert [(one.words, one.value) for one in subject.sums] == [
        ("On hand, 3 not sellable", "17"), ("Promised to orders", "0"), ("Free to sell", "14"),
    ]  # fmt: skip
    assert cells(shown) == [
        ["A-01-04-1", "Pick face", "", "New", "14", "0", "14"], ["Q-02", "Quarantine", "", "Opened", "3", "0", "0"],
    ]  # fmt: skip
    assert [(one.title, one.change) for one in shown.now.movements] == [("Received", "+3"), ("Received", "+14")]


def test_a_scanned_place_shows_what_lies_there(world: World) -> None:
    cakes(world)
    presenter, shown = make(world)
    presenter.typed("search", "A-01-04-1", True)
    assert shown.now.subject is not None
    assert shown.now.subject.title == "A-01-04-1"
    assert cells(shown) == [["REGENCY CAKESTAND 3 TIER", "", "New", "14", "0", "14"]]
    presenter.choose("stock", shown.now.table.chosen, True)
    assert shown.now.subject is not None
    assert shown.now.subject.second == "22423"


def test_an_answer_of_the_station_shows_the_product(world: World) -> None:
    product = cakes(world)
    presenter, shown = make(world)
    values = {"product_id": product, "sku": "22423"}
    presenter.enter(station_of(world), Outcome(Result.NAVIGATE, "opening.product", values=values))
    assert shown.now.subject is not None
    assert shown.now.subject.second == "22423"


def test_prints_the_label_of_the_chosen_shelf(world: World) -> None:
    cakes(world)
    presenter, shown = make(world)
    presenter.typed("search", "22423", True)
    presenter.command("PW-SHELFLBL")
    assert shown.now.notice is not None
    assert shown.now.notice.words == "The label of A-01-04-1 prints"
    job = world.read(lambda session: session.query(PrintJob).one())
    assert (job.document, job.content) == ("location", {"code": "A-01-04-1", "caption": "Pick face"})


def test_corrects_with_a_reason(world: World) -> None:
    cakes(world)
    presenter, shown = make(world)
    presenter.typed("search", "22423", True)
    presenter.command("PW-ADJ")
    assert shown.now.form is not None
    assert shown.now.form.title == "Correct 22423 at A-01-04-1"
    presenter.typed("delta", "two", True)
    assert shown.now.form.fields[0].wrong == "A whole number with its sign, such as -1."
    presenter.typed("delta", "-2", False)
    presenter.typed("reason", "broken", True)
    assert shown.now.form is None
    assert shown.now.notice is not None
    assert shown.now.notice.words == "22423 at A-01-04-1: -2, now 12"
    assert cells(shown)[0][4] == "12"


@pytest.mark.parametrize("typed", ["+-1", "--1", "-", ""])
def test_what_is_no_number_is_said_beside_its_field(world: World, typed: str) -> None:
    cakes(world)
    presenter, shown = make(world)
    presenter.typed("search", "22423", True)
    presenter.command("PW-ADJ")
    presenter.typed("delta", typed, True)
    assert shown.now.form is not None
    assert shown.now.form.fields[0].wrong == "A whole number with its sign, such as -1."


def test_a_correction_stays_with_the_place_it_was_begun_for(world: World) -> None:
    product = cakes(world)
    world.stock(product, "B-01", 5)
    presenter, shown = make(world)
    presenter.typed("search", "22423", True)
    assert [row[0] for row in cells(shown)] == ["A-01-04-1", "B-01", "Q-02"]
    presenter.choose("stock", shown.now.table.rows[1].key, False)
    presenter.command("PW-ADJ")
    presenter.typed("delta", "-2", False)
    shelf = world.places["A-01-04-1"]
    world.write(lambda s: adjust(s, world.actor(), product, shelf, -14, "all broken"))
    presenter.changed([Change("product", product)])
    assert [row[0] for row in cells(shown)] == ["B-01", "Q-02"]
    assert shown.now.form is not None
    assert (shown.now.form.title, shown.now.form.fields[0].text) == ("Correct 22423 at B-01", "-2")
    presenter.typed("reason", "broken", True)
    assert cells(shown)[0][4] == "3"
    assert cells(shown)[1][4] == "3"  # nothing left the quarantine


def test_one_lot_of_two_is_corrected(world: World) -> None:
    product = world.product("MILK")
    shelf = world.location("A-01")
    world.write(lambda s: receive(s, world.actor(), product, 6, shelf, lot="L1"))
    world.write(lambda s: receive(s, world.actor(), product, 6, shelf, lot="L2"))
    presenter, shown = make(world)
    presenter.typed("search", "MILK", True)
    assert [(row[2], row[4]) for row in cells(shown)] == [("L1", "6"), ("L2", "6")]
    presenter.choose("stock", shown.now.table.rows[1].key, False)
    presenter.command("PW-ADJ")
    presenter.typed("delta", "-1", False)
    presenter.typed("reason", "leaks", True)
    assert [(row[2], row[4]) for row in cells(shown)] == [("L1", "6"), ("L2", "5")]


def test_commands_go_to_the_station_and_a_packer_may_not_adjust(world: World) -> None:
    cakes(world)
    presenter, shown = make(world, Role.PACKER)
    presenter.typed("search", "22423", True)
    presenter.command("PW-MOVE")
    presenter.command("PW-COUNT")
    presenter.command("PW-RECV")
    assert shown.sent == ["PW-MOVE", "PW-COUNT", "PW-RECV"]
    assert shown.now.commands.commands[-1].reason == "Needs the right “adjust stock”"


def test_work_in_hand_takes_numbers_and_blocks_until_acknowledged(world: World) -> None:
    presenter, shown = make(world)
    work = StockWork("count", "count", "A-01", ItemRef(1, "22423", "CAKESTAND"), None)
    presenter.answered(
        Outcome(Result.DONE, "stock_desk.quantity", Sound.ACCEPTED, {"sku": "22423", "quantity": 0}, work=work)
    )
    assert shown.now.banner.order == "Type how many lie here"
    presenter.key("1")
    presenter.typed("search", "12", True)
    assert shown.sent == ["PW-1", "text 12"]
    presenter.answered(blocked("stock_desk.unknown_code", scan="X"))
    assert shown.now.banner.order == "Nobody knows the code X"
    assert shown.now.ack is not None
    presenter.key("Enter")
    assert shown.sent[-1] == "PW-OK"
    presenter.answered(Outcome(Result.DONE, "station.acknowledged", work=work))
    assert shown.now.ack is None
    presenter.answered(Outcome(Result.NAVIGATE, "stock_desk.ended", values={"kind": "count"}))
    assert shown.now.banner.order == "Scan a product or a shelf"


def test_a_transfer_that_has_all_its_units_only_has_to_leave(world: World) -> None:
    presenter, shown = make(world)
    cup = ItemRef(1, "CUP", "RED CUP")
    for to_do, order in ((1, "Scan what you take"), (0, "All is in. Send it off.")):
        held = StockLine(cup, 3, 3 - to_do, to_do=to_do)
        work = StockWork("transfer_send", "item", "A-01", None, None, lines=(held,), about="TR-0001")
        presenter.answered(Outcome(Result.DONE, "transfer.counted", Sound.ACCEPTED, work=work))
        assert shown.now.banner.order == order


def test_what_channels_may_promise_is_the_second_tab(world: World) -> None:
    cakes(world)
    world.order("1001", line("22423", 2))
    world.write(lambda s: s.add(SafetyStock(quantity=3)))
    world.write(lambda s: allocate_ready(s, world.actor(), 10))
    presenter, shown = make(world)
    presenter.typed("search", "cakestand", True)
    assert [(tab.words, tab.press, tab.chosen) for tab in shown.now.tabs] == [
        ("Where it lies", "1", True), ("What channels may promise", "2", False),
    ]  # fmt: skip
    presenter.key("2")
    assert cells(shown) == [["Shopify", "Test warehouse", "12", "−3", "0", "9"]]
    presenter.choose("stock", shown.now.table.chosen, True)
    assert cells(shown) == [["Shopify", "Test warehouse", "12", "−3", "0", "9"]]
    presenter.choose("tabs", "places", True)
    assert cells(shown)[0][0] == "A-01-04-1"
