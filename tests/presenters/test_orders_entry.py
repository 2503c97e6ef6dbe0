"""Typing an order in, keyboard first: found customer or typed address, lines by scan, kept as typed, taken once."""

from __future__ import annotations

import pytest

from app.domain.errors import EnvironmentFailure
from app.domain.states import Role
from app.presenters.office_desk import SAVE, OfficeDesk
from app.presenters.orders_edit import DROP, LESS, MORE
from app.presenters.orders_entry import PAYMENT, THROW_AWAY, EntrySheet
from app.presenters.runner import AtOnce
from app.presenters.state import orders_sheet
from app.presenters.state.sound import Sound
from app.services import manual
from tests.builders import World, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of
from tests.services.test_bench_changes import rows

HOME = {
    "name": "Ada Example", "address1": "1 Fictional Lane", "city": "Leeds", "postcode": "ls1 1aa", "country": "gb",
    "email": "ada@example.com",
}  # fmt: skip


def goods(world: World) -> None:
    world.stock(world.product("HEART", "5012345678900", name="WHITE HEART", price=295), "A-01", 10)
    world.stock(world.product("BOX", "4006381333931", name="RED BOX", price=150), "A-01", 3)


def make(world: World, role: Role = Role.OFFICE) -> tuple[EntrySheet, Shown[orders_sheet.Sheet]]:
    shown: Shown[orders_sheet.Sheet] = Shown()
    desk = OfficeDesk(
        world.database, AtOnce(), station_of(world, role), clock, lambda: None, shown.rung.append, shown.sent.append
    )
    sheet = EntrySheet(desk, shown.sent.append)
    desk.publish = lambda: shown.states.append(sheet.state())
    sheet.show()
    return sheet, shown


def type_home(sheet: EntrySheet) -> None:
    for name, text in HOME.items():
        sheet.typed(name, text, False)


def facts(sheet: EntrySheet) -> list[str]:
    return [fact.value for fact in sheet.state().facts]


def wrong(sheet: EntrySheet) -> dict[str, str]:
    form = sheet.state().form
    return {field.name: field.wrong for field in form.fields if field.wrong} if form is not None else {}


def test_an_order_is_typed_scanned_and_taken(world: World) -> None:
    goods(world)
    sheet, shown = make(world)
    type_home(sheet)
    assert sheet.scanned("5012345678900")
    assert (sheet.tab, shown.rung[-1]) == ("lines", Sound.ACCEPTED)
    sheet.command(MORE)
    sheet.typed("add", "box", True)
    sheet.typed("price", "1,20", False)
    assert facts(sheet) == ["Ada Example", "3 units in 2 lines", "7.10 GBP", "7.10 GBP"]
    sheet.turn(3)
    for name, text in (("shipping", "3.50"), ("tax", "2.12"), ("discount", "1"), ("service", "Express")):
        sheet.typed(name, text, False)
    sheet.typed("ship_on", "2026-03-09", False)
    sheet.typed("priority", "2", False)
    assert facts(sheet)[-1] == "11.72 GBP"
    for _way in ("pending", "invoice", "paid"):
        sheet.command(PAYMENT)
        assert sheet.model.get("payment") == _way
    sheet.command(SAVE)
    assert sheet.desk.notice is not None
    assert sheet.desk.notice.words == "M1001 is taken"
    assert shown.sent == ["M1001"]
    sql = "SELECT number, total, tax, shipping, discount, service, priority, state FROM orders"
    assert rows(world.database, sql) == [("M1001", 1172, 212, 350, 100, "Express", 2, "allocated")]
    assert rows(world.database, "SELECT postcode, country FROM addresses") == [("LS1 1AA", "GB")]
    assert rows(world.database, "SELECT sku, quantity, unit_price FROM order_lines ORDER BY line_no") == [
        ("HEART", 2, 295),
        ("BOX", 1, 120),
    ]
    assert not sheet.model.anything


def test_who_ordered_before_is_found_with_the_address(world: World) -> None:
    goods(world)
    world.order("#1", line("HEART", 1))
    sheet, _shown = make(world)
    sheet.typed("find", "ada@example.com", True)
    table = sheet.state().table
    assert [row.cells[0].words for row in table.rows] == ["Ada Example"]
    sheet.typed("find", "ada@example.com", True)  # once more takes who is marked
    assert (sheet.model.get("address1"), sheet.model.get("postcode")) == ("1 Fictional Lane", "LS1 1AA")
    sheet.scanned("4006381333931")
    sheet.command(SAVE)
    assert rows(world.database, "SELECT count(DISTINCT customer_id) FROM orders") == [(1,)]


def test_a_stranger_is_said_to_be_one(world: World) -> None:
    sheet, shown = make(world)
    sheet.typed("find", "nobody@nowhere.example", True)
    assert wrong(sheet) == {"find": "Nobody like nobody@nowhere.example: type the address"}
    assert shown.rung == [Sound.WRONG]


def test_what_is_wrong_stands_beside_its_field_on_its_tab(world: World) -> None:
    goods(world)
    sheet, shown = make(world)
    type_home(sheet)
    sheet.typed("postcode", "NOPE", False)
    sheet.scanned("5012345678900")
    sheet.command(SAVE)
    assert sheet.tab == "customer"
    assert list(wrong(sheet)) == ["postcode"]
    sheet.command(SAVE)  # once more: it is taken back and said anew, so that the cursor goes there again
    form = shown.states[-1].form
    assert form is not None and [field.wrong for field in form.fields if field.wrong] == []
    assert list(wrong(sheet)) == ["postcode"]
    sheet.typed("postcode", "LS1 1AA", False)
    assert wrong(sheet) == {}
    sheet.turn(2)
    sheet.command(DROP)
    sheet.command(SAVE)
    assert (sheet.tab, wrong(sheet)) == ("lines", {"add": "Nothing is ordered yet"})
    sheet.scanned("5012345678900")
    sheet.turn(3)
    for name, text in (("tax", "a lot"), ("priority", "0"), ("ship_on", "soon"), ("currency", "pound")):
        sheet.typed(name, text, False)
    sheet.command(SAVE)
    assert list(wrong(sheet)) == ["ship_on", "priority", "tax", "currency"]
    assert rows(world.database, "SELECT count(*) FROM orders") == [(0,)]


def test_what_was_typed_is_there_again_after_a_crash_and_gone_when_thrown_away(world: World) -> None:
    goods(world)
    sheet, _shown = make(world)
    type_home(sheet)
    sheet.scanned("5012345678900")
    sheet.command(MORE)
    sheet.command(LESS)
    assert isinstance(sheet.desk.runner, AtOnce)
    assert len(sheet.desk.runner.timers) == 1  # not each letter is kept
    sheet.desk.runner.run_timers()
    chip = sheet.state().chip
    assert chip is not None
    assert chip.words == "Kept 09:00:00"
    after, _shown = make(world)  # another process, later
    assert after.state().line == "Kept from what you typed until 09:00"
    assert (after.model.get("city"), [row.sku for row in after.model.basket.rows]) == ("Leeds", ["HEART"])
    assert rows(world.database, "SELECT count(*) FROM order_drafts") == [(1,)]
    after.command(THROW_AWAY)
    assert rows(world.database, "SELECT count(*) FROM order_drafts") == [(0,)]
    again, _shown = make(world)
    assert not again.model.anything


def test_who_may_not_is_told_so(world: World) -> None:
    sheet, _shown = make(world, Role.PACKER)
    form = sheet.state().form
    assert form is not None
    assert form.commands[0].reason == "Not your role"


@pytest.mark.parametrize("broken", ["enter_order", "save_draft"])
def test_what_could_not_be_stored_is_kept_on_and_may_be_taken(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    goods(world)
    sheet, shown = make(world)
    type_home(sheet)
    sheet.scanned("5012345678900")

    def away(*_: object) -> None:
        raise EnvironmentFailure("database.lost", reason="the cable")

    with monkeypatch.context() as patch:
        patch.setattr(manual, broken, away)
        sheet.command(SAVE)
    assert (shown.sent, shown.rung[-1]) == ([], Sound.ATTENTION)
    sheet.typed("name", "Ada Stone", False)
    sheet.command(SAVE)
    assert shown.sent == ["M1001"]
    assert rows(world.database, "SELECT name FROM addresses ORDER BY id DESC LIMIT 1") == [("Ada Stone",)]
