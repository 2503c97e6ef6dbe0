"""The full pages of Orders: opened and closed by keys, read from the database, told of changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.notes import NoteKind
from app.domain.outcomes import Change, Outcome, Result, refused
from app.domain.states import Role
from app.models.demand import Order
from app.models.notes import Note
from app.presenters.orders import OrdersPresenter
from app.presenters.orders_room import OrdersRoom
from app.presenters.runner import AtOnce
from app.presenters.state import orders, orders_sheet
from app.presenters.state.sound import Sound
from app.services import notes
from app.services.capture.orders import capture_orders
from app.services.orders import set_priority
from tests.builders import NOW, World, address, captured, line, world
from tests.presenters.desk import Shown, clock, station_of

__all__ = ["world"]


@dataclass(slots=True)
class Room:
    """The room with all it showed."""

    room: OrdersRoom
    runner: AtOnce
    shown: Shown[orders.Orders | orders_sheet.Sheet]

    @property
    def sheet(self) -> orders_sheet.Sheet:
        """The full page that is shown now."""
        now = self.shown.now
        assert isinstance(now, orders_sheet.Sheet)
        return now

    @property
    def queue(self) -> orders.Orders:
        """The list that is shown now."""
        now = self.shown.now
        assert isinstance(now, orders.Orders)
        return now

    def rows(self) -> list[list[str]]:
        """The words of the list of the page."""
        return [
            [cell.words or (cell.chip.words if cell.chip else "") for cell in row.cells]
            for row in self.sheet.table.rows
        ]

    def tabs(self) -> str:
        """The chosen tab."""
        return next(tab.key for tab in self.sheet.tabs if tab.chosen)


def make(world: World, tmp_path: Path, role: Role = Role.OFFICE) -> Room:
    shown: Shown[orders.Orders | orders_sheet.Sheet] = Shown()
    runner, station = AtOnce(), station_of(world, role)
    room = OrdersRoom(
        lambda draw: OrdersPresenter(
            world.database, runner, station, clock, draw, shown.sent.append, shown.rung.append
        ),
        world.database, runner, station, clock, shown.states.append, shown.sent.append, tmp_path, shown.rung.append,
    )  # fmt: skip
    room.enter(station, None)
    return Room(room, runner, shown)


def ordered(world: World, *told: tuple[str, str], channel: str = "shopify", phone: str = "") -> None:
    """Orders by number and e-mail."""
    for at, (number, email) in enumerate(told):
        to = replace(address("Ada Example"), phone=phone)
        one = captured(number, line("HEART", 2), email=email, total=1250, ship_to=to, created=NOW - timedelta(days=at))
        world.write(lambda s, one=one: capture_orders(s, world.actor(), channel, [one]))


def id_of(world: World, number: str) -> int:
    return world.read(lambda s: s.execute(select(Order.id).where(Order.number == number)).scalar_one())


@pytest.fixture
def room(world: World, tmp_path: Path) -> Room:
    world.product("HEART", "5012345678900", name="WHITE HEART")
    ordered(world, ("#1", "ada@example.com"), ("#2", "ada@example.com"), ("#3", "bo@example.com"))
    return make(world, tmp_path)


def test_a_key_opens_all_that_happened_and_esc_leads_back(world: World, room: Room) -> None:
    detail = room.queue.detail
    assert detail is not None
    assert [(one.words, one.key) for one in detail.links] == [("Customer", "C"), ("Everything", "V")]
    world.write(lambda s: set_priority(s, world.actor(), id_of(world, detail.number), 1))
    room.room.command("order-page")
    assert (room.sheet.title, room.tabs()) == (detail.number, "timeline")
    assert [row[1] for row in room.rows()][:2] == ["Priority changed to 1", "Paid: 12.50\u00a0GBP"]
    assert room.rows()[0][2] == "Ada"
    assert [(fact.label, fact.value) for fact in room.sheet.facts][:2] == [
        ("Channel", "Shopify"), ("Total", "12.50\u00a0GBP, paid"),
    ]  # fmt: skip
    room.room.key("2")
    assert room.rows() == [["Product HEART", "HEART", "2", "", ""]]
    room.room.key("3")
    assert (room.rows(), room.sheet.table.empty) == ([], "Nothing of it is in a parcel")
    room.room.key("Esc")
    assert room.queue.detail == detail


def test_an_order_is_edited_from_its_page_too(world: World, room: Room) -> None:
    detail = room.queue.detail
    assert detail is not None
    room.room.command("order-page")
    assert ("Edit", "E") in [(one.words, one.key) for one in room.sheet.commands]
    room.room.command("order-edit")
    assert (room.sheet.title, room.tabs()) == (f"Change {detail.number}", "lines")
    room.room.key("Esc")
    assert (room.sheet.title, room.tabs()) == (detail.number, "timeline")


def test_enter_opens_the_page_for_who_does_not_pack(world: World, tmp_path: Path, room: Room) -> None:
    row = room.queue.table.rows[1]
    room.room.choose("orders", row.key, True)
    assert (room.sheet.title, room.tabs()) == (row.cells[1].words, "timeline")
    room.room.key("Esc")
    assert (room.queue.notice, room.queue.opened, room.queue.table.chosen) == (None, True, row.key)
    lead = make(world, tmp_path, Role.LEAD)
    lead.room.choose("orders", row.key, True)
    assert lead.room.top is None


def test_the_list_is_not_drawn_over_an_open_page(world: World, room: Room) -> None:
    room.room.command("order-page")
    number = room.sheet.title
    room.room.minute()
    room.room.changed([Change("order", id_of(world, number))])
    world.write(lambda s: set_priority(s, world.actor(), id_of(world, number), 1))
    room.runner.run_timers()
    assert room.sheet.title == number
    assert room.rows()[0][1] == "Priority changed to 1"


def test_a_note_is_written_and_taken_back(world: World, room: Room) -> None:
    room.room.command("order-page")
    room.room.command("note-write")
    form = room.sheet.form
    assert form is not None
    assert [(tab.words, tab.chosen) for tab in form.tabs] == [
        ("Packer, must read", True), ("Packer", False), ("Office", False),
    ]  # fmt: skip
    room.room.typed("words", "  ", True)
    form = room.sheet.form
    assert form is not None
    assert [field.wrong for field in form.fields] == ["Write what is to be known first"]
    room.room.choose("form", "packer", True)
    room.room.typed("words", "Wrap it twice", True)
    assert room.sheet.form is None
    assert room.sheet.notice is not None
    assert room.sheet.notice.words == f"The note stands on {room.sheet.title}"
    assert [row[:2] for row in room.rows()] == [["Packer", "Wrap it twice"]]
    row = world.read(lambda s: s.execute(select(Note)).scalar_one())
    assert (row.kind, row.must_read, row.station_id) == (NoteKind.PACKER, False, world.station_id)
    room.room.key("Esc")
    room.room.command("note-withdraw")
    assert world.read(lambda s: s.execute(select(Note.withdrawn_at)).scalar_one()) == NOW
    room.room.key("1")
    assert [row[1] for row in room.rows()][:2] == ["Note taken back", "Note, packer"]


def test_who_may_not_write_notes_hears_why(world: World, tmp_path: Path, room: Room) -> None:
    packer = make(world, tmp_path, Role.PACKER)
    packer.room.command("order-page")
    button = next(one for one in packer.sheet.commands if one.code == "note-write")
    assert button.reason == "Not your role"
    packer.room.refused(button.code, button.reason)
    assert packer.sheet.notice is not None
    assert packer.sheet.notice.words == "Not your role"
    assert packer.shown.rung[-1] is Sound.WRONG


def test_the_time_line_is_saved_as_a_text(world: World, tmp_path: Path, room: Room) -> None:
    room.room.command("order-page")
    room.room.command("timeline-export")
    path = next(tmp_path.iterdir())
    assert room.sheet.notice is not None
    assert room.sheet.notice.words == f"The time line is saved in {path}"
    text = path.read_text(encoding="utf-8").splitlines()
    assert text[0] == f"Order {room.sheet.title}, Shopify. Times of Europe/London, newest first."
    assert text[2].split("\t") == ["2026-03-02 09:00:00+00:00", "Paid: 12.50 GBP", "", "by itself", ""]
    assert text[3].split("\t")[1] == "Taken in from Shopify"


def test_a_folder_that_takes_no_text_is_said(world: World, tmp_path: Path, room: Room) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    other = make(world, blocked / "folder")
    other.room.command("order-page")
    other.room.command("timeline-export")
    assert other.sheet.notice is not None
    assert other.sheet.notice.words.startswith("The time line could not be saved in ")


def test_the_customer_has_all_orders_over_all_channels(world: World, room: Room) -> None:
    ordered(world, ("A-77", "ADA@Example.com "), channel="amazon")
    ordered(world, ("E-5", "someone@example.net"), channel="ebay", phone="0113 496 0001")
    room.room.show_order("#1")
    room.room.command("order-customer")
    sheet = room.sheet
    assert (sheet.title, sheet.chip.words if sheet.chip else "") == ("Ada Example", "Same e-mail at 2 channels")
    assert [(fact.label, fact.value) for fact in sheet.facts][:2] == [
        ("Orders", "3"),
        ("Ordered for", "37.50\u00a0GBP"),
    ]
    assert sorted(row[1] for row in room.rows()) == ["#1", "#2", "A-77"]
    room.room.key("2")
    assert [tuple(row[:3]) for row in room.rows()] == [
        ("Ada Example", "Same name and postcode", "Shopify"),
        ("Ada Example", "Same name and postcode", "eBay"),
    ]
    room.room.key("3")
    assert [(row[0], row[3]) for row in room.rows()] == [("Ada Example", "3")]
    room.room.key("1")
    room.room.choose("orders", str(id_of(world, "A-77")), True)
    assert room.sheet.title == "A-77"
    room.room.key("Esc")
    assert room.sheet.title == "Ada Example"
    room.room.key("Esc")
    assert room.queue.search.text == "#1"


def test_a_note_on_a_customer_reaches_their_orders(world: World, room: Room) -> None:
    room.room.show_order("#1")
    room.room.command("order-customer")
    room.room.command("note-write")
    room.room.typed("words", "Likes paper tape", False)
    room.room.command("form-save")
    assert [row[:2] for row in room.rows()] == [["Packer", "Likes paper tape"]]
    room.room.key("Esc")
    room.room.key("Esc")
    room.room.show_order("#2")
    shown = room.queue.detail
    assert shown is not None
    assert [(note.subject, note.words) for note in shown.holds] == [
        ("Duplicate", "looks like #1 sent twice"), ("About this customer", "Likes paper tape"),
    ]  # fmt: skip


def test_the_customers_behind_a_search(world: World, room: Room) -> None:
    room.room.typed("search", "example.com", True)
    button = room.queue.buttons[-1]
    assert (button.words, button.key) == ("Customers", "U")
    room.room.command(button.code)
    assert room.sheet.title == "Customers behind “example.com”"
    assert sorted((row[0], row[3]) for row in room.rows()) == [("Ada Example", "1"), ("Ada Example", "2")]
    room.room.choose("found", room.sheet.table.rows[0].key, True)
    assert room.tabs() == "orders"
    room.room.key("Esc")
    room.room.key("Esc")
    room.room.typed("search", "", True)
    assert [one.code for one in room.queue.buttons] == ["order-new", "PW-REL"]


def test_an_order_without_a_customer_says_so(world: World, tmp_path: Path) -> None:
    nobody = replace(captured("#9", line("HEART"), email=""), ship_to=replace(address(""), name=""))
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [nobody]))
    room = make(world, tmp_path)
    room.room.command("order-customer")
    notice = room.queue.notice
    assert notice is not None
    assert notice.words == "The channel did not say who ordered it"


def test_a_scanned_order_and_a_refusal_find_their_place(world: World, room: Room) -> None:
    room.room.command("order-page")
    room.room.answered(refused("station.unknown_code", code="X"))
    assert room.sheet.notice is not None
    room.room.answered(Outcome(Result.NAVIGATE, "orders.here", values={"order_id": id_of(world, "#2")}))
    assert room.queue.detail is not None
    assert room.queue.detail.number == "#2"


def test_a_scanned_back_closes_the_page_and_nothing_else(room: Room) -> None:
    assert not room.room.local("PW-BACK")
    room.room.command("order-page")
    assert not room.room.local("PW-OK")
    assert room.room.local("PW-BACK")
    assert isinstance(room.shown.now, orders.Orders)


def test_the_page_stays_while_one_looks_elsewhere(world: World, room: Room) -> None:
    room.room.command("order-page")
    title = room.sheet.title
    room.room.leave()
    world.write(lambda s: notes.write_on_order(s, world.actor(), id_of(world, title), "new", NoteKind.OFFICE))
    room.room.enter(station_of(world), None)
    assert room.sheet.title == title
    assert room.rows()[0][1] == "Note, office"


def test_what_was_scrolled_to_stays_when_something_changes(world: World, room: Room) -> None:
    number = "#1"
    for at in range(140):
        world.write(lambda s, at=at: set_priority(s, world.actor(), id_of(world, number), 1 + at % 9))
    page = room.room.open_order(id_of(world, number))
    assert (len(page.happened.rows), room.sheet.table.more) == (60, True)
    room.room.more("timeline")
    assert len(page.happened.rows) == 120
    chosen = room.sheet.table.rows[100].key
    room.room.choose("timeline", chosen, False)
    world.write(lambda s: set_priority(s, world.actor(), id_of(world, number), 5))
    room.room.changed([Change("order", id_of(world, number))])
    room.runner.run_timers()
    assert room.rows()[0][1] == "Priority changed to 5"
    assert (len(page.happened.rows), room.sheet.table.chosen) == (120, chosen)
    room.room.more("timeline")
    assert (len(page.happened.rows), room.sheet.table.more) == (143, False)


def test_what_the_channel_says_stands_above_the_notes_of_people(world: World, tmp_path: Path) -> None:
    one = replace(captured("#7", line("HEART")), note="Happy birthday,\nBob", gift=True)
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [one]))
    world.write(lambda s: notes.write_on_order(s, world.actor(), id_of(world, "#7"), "Red paper", NoteKind.PACKER))
    room = make(world, tmp_path)
    room.room.open_order(id_of(world, "#7"), "notes")
    assert [row[:2] for row in room.rows()] == [
        ["Channel", "It is a gift"], ["Channel", "Happy birthday, Bob"], ["Packer", "Red paper"],
    ]  # fmt: skip
    assert "note-withdraw" not in [one.code for one in room.sheet.commands]
    room.room.choose("notes", room.sheet.table.rows[2].key, False)
    assert "note-withdraw" in [one.code for one in room.sheet.commands]
