"""The page on which the office changes an order: its lines by scan and key, its service, who goes along."""

from __future__ import annotations

from app.domain.states import Role
from app.presenters.office_desk import SAVE, OfficeDesk
from app.presenters.orders_edit import DROP, LESS, MORE, EditSheet
from app.presenters.runner import AtOnce
from app.presenters.state import orders_sheet
from app.presenters.state.parts import Family
from app.presenters.state.sound import Sound
from app.services.allocate import allocate_ready
from app.services.orders import set_service
from tests.builders import World, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of


def make(world: World, role: Role = Role.OFFICE) -> tuple[EditSheet, Shown[orders_sheet.Sheet]]:
    """#1 of 2 HEART, allocated; BOX and a HEART STAND are known too."""
    shown: Shown[orders_sheet.Sheet] = Shown()
    world.stock(world.product("HEART", "5012345678900", name="WHITE HEART", price=295), "A-01", 10)
    world.stock(world.product("BOX", "4006381333931", name="RED BOX", price=150), "A-01", 3)
    world.product("STAND", name="HEART STAND", price=900)
    order_id = world.order("#1", line("HEART", 2))
    world.write(lambda s: allocate_ready(s, world.actor(), 9))
    desk = OfficeDesk(
        world.database, AtOnce(), station_of(world, role), clock, lambda: None, shown.rung.append, shown.sent.append
    )
    sheet = EditSheet(desk, order_id)
    desk.publish = lambda: shown.states.append(sheet.state())
    sheet.show()
    return sheet, shown


def cells(state: orders_sheet.Sheet) -> list[tuple[str, ...]]:
    return [tuple(cell.words for cell in row.cells) for row in state.table.rows]


def test_lines_are_added_by_scan_and_by_name_and_saved_whole(world: World) -> None:
    sheet, shown = make(world)
    assert (shown.now.title, shown.now.line) == ("Change #1", "Ada Example, Leeds, GB")
    assert cells(shown.now) == [("Product HEART", "8", "0.00 GBP", "2", "2")]
    assert sheet.scanned("4006381333931")
    assert sheet.scanned("4006381333931")
    sheet.typed("add", "hear", True)
    assert [row.cells[0].words for row in sheet.state().table.rows] == ["HEART STAND", "WHITE HEART"]
    sheet.choose("found", sheet.state().table.rows[1].key, True)
    state = sheet.state()
    assert cells(state) == [("Product HEART", "8", "0.00 GBP", "2", "3"), ("RED BOX", "3", "1.50 GBP", "", "2")]
    assert [row.cells[4].second for row in state.table.rows] == ["+1", "+2"]
    assert state.form is not None
    assert state.form.detail == "3 more. Benches and pickers hear of it at once."
    sheet.command(SAVE)
    assert sheet.fields.wrong["reason"] == "This is needed."
    sheet.typed("reason", "rang", True)
    assert sheet.desk.notice is not None
    assert (sheet.desk.notice.words, sheet.desk.notice.family) == ("#1 is changed", Family.OK)
    assert cells(sheet.state()) == [
        ("Product HEART", "7", "0.00 GBP", "3", "3"),
        ("RED BOX", "1", "1.50 GBP", "2", "2"),
    ]
    assert not sheet.basket.dirty


def test_a_line_is_made_longer_and_shorter_by_key_and_by_number(world: World) -> None:
    sheet, _shown = make(world)
    for code in (MORE, MORE, LESS):
        assert sheet.command(code)
    assert sheet.basket.rows[0].wanted == 3
    sheet.typed("quantity", "5", False)
    assert sheet.basket.rows[0].wanted == 5
    sheet.command(DROP)
    assert (sheet.basket.rows[0].wanted, sheet.state().table.rows[0].cells[4].family) == (0, Family.WARN)
    assert sheet.back()
    assert not sheet.basket.dirty
    assert not sheet.back()


def test_what_nobody_knows_is_said_beside_the_field(world: World) -> None:
    sheet, shown = make(world)
    sheet.typed("add", "nothing like it", True)
    form = sheet.state().form
    assert form is not None
    assert form.fields[0].wrong == "Nobody knows nothing like it"
    assert shown.rung[-1] is Sound.WRONG


def test_who_comes_second_is_told_who_was_first_and_sees_it_as_it_is_now(world: World) -> None:
    sheet, _shown = make(world)
    sheet.command(MORE)
    world.write(lambda s: set_service(s, world.actor(), sheet.order_id, "Express"))
    sheet.typed("reason", "rang", True)
    assert sheet.desk.notice is not None
    assert sheet.desk.notice.words.endswith("changed #1 meanwhile. Look at it as it is now, then do it again.")
    assert sheet.desk.notice.family is Family.WRONG
    assert cells(sheet.state())[0][3:] == ("2", "2")
    sheet.command(MORE)
    sheet.typed("reason", "rang", True)
    assert cells(sheet.state())[0][3:] == ("3", "3")


def test_the_service_is_chosen_from_those_in_use_or_typed(world: World) -> None:
    sheet, _shown = make(world)
    sheet.turn(2)
    sheet.typed("service", "Express", False)
    sheet.typed("reason", "urgent", True)
    assert sheet.desk.notice is not None
    assert sheet.desk.notice.words == "#1 goes with Express now"
    assert cells(sheet.state()) == [("Express",)]


def test_another_order_of_the_customer_goes_along(world: World) -> None:
    sheet, _shown = make(world)
    sheet.turn(3)
    state = sheet.state()
    assert state.form is not None
    assert state.form.commands[0].reason == "This customer has no other open order"
    world.order("#2", line("BOX", 1))
    sheet.show()
    assert cells(sheet.state()) == [("#2", "Ada Example, 1 Fictional Lane, LS1 1AA", "1", "")]
    assert sheet.state().table.rows[0].cells[0].second == "New"
    chip = sheet.state().chip
    assert chip is not None
    assert chip.words == "To pick"
    sheet.typed("reason", "one parcel", True)
    assert sheet.desk.notice is not None
    assert sheet.desk.notice.words == "#2 leaves with #1 now: 1 unit goes along"
    sheet.turn(1)
    assert [row[0] for row in cells(sheet.state())] == ["Product HEART", "Product BOX"]


def test_a_packer_may_look_and_not_save(world: World) -> None:
    sheet, _shown = make(world, Role.PACKER)
    form = sheet.state().form
    assert form is not None
    assert form.commands[0].reason == "Not your role"
