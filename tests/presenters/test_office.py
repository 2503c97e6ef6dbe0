from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, text

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change, refused
from app.domain.states import HoldKind, Role
from app.domain.words import say
from app.models.shipping import PrintJob
from app.models.stock import Warehouse
from app.models.system import Setting
from app.presenters.office import OfficePresenter
from app.presenters.runner import AtOnce, Failed
from app.presenters.state import office
from app.presenters.state.parts import Family
from app.queries import office_lists
from app.services import print_jobs
from app.services.capture.orders import capture_orders
from app.services.holds import release_hold
from tests.builders import World, address, captured, line
from tests.builders import world as world
from tests.databases import assert_sound
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office

T = TypeVar("T")
ORDERS = (
    "order,sku,quantity,name,address1,city,postcode,country,date\n"
    "A1,HEART,2,Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB,2026-03-01\n"
    "A2,HEART,two,Ben Example,2 Fictional Lane,Leeds,LS1 1AA,GB,2026-03-01\n"
)


class Away(AtOnce):
    """A runner whose database does not answer."""

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Nothing is read."""
        failed(EnvironmentFailure("database.lost", reason="gone"))


def cells(shown: Shown[office.Office]) -> list[list[str]]:
    return [
        [cell.words or (cell.chip.words if cell.chip else "") for cell in row.cells]
        for row in shown.now.section.table.rows
    ]


def notice(shown: Shown[office.Office]) -> str:
    return shown.now.notice.words if shown.now.notice else ""


def fill(presenter: OfficePresenter, **texts: str) -> None:
    for name, value in texts.items():
        presenter.typed(name, value, False)


def test_tabs_have_keys_and_need_no_rights_to_look(world: World) -> None:
    presenter, shown, _ = make_office(world, Role.PACKER)
    assert [tab.words for tab in shown.now.tabs] == [
        "Import", "Receiving", "Release", "Holds", "People", "Settings", "Parcels", "Printing",
        "Transfers", "Sourcing",
    ]  # fmt: skip
    presenter.key("5")
    assert [tab.words for tab in shown.now.tabs if tab.chosen] == ["People"]
    assert [one.reason for one in shown.now.section.commands][:1] == ["Not your role"]


def test_imports_a_file_and_mends_what_was_refused(world: World, tmp_path: Path) -> None:
    world.stock(world.product("HEART"), "A-01", 10)
    presenter, shown, asked = make_office(world)
    asked.file = str(tmp_path / "orders.csv")
    Path(asked.file).write_text(ORDERS, encoding="utf-8")
    presenter.command("import-choose")
    presenter.typed("path", asked.file, True)
    assert notice(shown) == "orders.csv is imported"
    assert shown.now.notice is not None
    assert (shown.now.notice.family, shown.now.notice.detail) == (
        Family.WARN, "1 new, 1 refused, 1 line, 1 allocated",
    )  # fmt: skip
    assert {fact.label: fact.value for fact in shown.now.section.facts}["New"] == "1"
    row = cells(shown)[0]
    assert row[:3] == ["orders.csv", "3", "quantity: 'two' is not a whole number."]
    presenter.command("import-mend")
    assert shown.now.section.form is not None
    raw = shown.now.section.form.fields[0].text
    assert raw.startswith("A2,HEART,two,")
    presenter.typed("raw", raw.replace("two", "2"), True)
    assert notice(shown) == "Line 3 is taken"
    assert cells(shown) == []
    states = world.read(lambda s: s.connection().execute(text("SELECT number, state FROM orders ORDER BY id")).all())
    assert [tuple(row) for row in states] == [("A1", "allocated"), ("A2", "allocated")]
    presenter.command("import-history")
    assert cells(shown)[0][1:] == ["orders.csv", "Imported", "0"]


def test_a_file_that_is_not_there_is_said_beside_the_field(world: World) -> None:
    presenter, shown, _ = make_office(world)
    presenter.typed("path", "/nowhere/orders.csv", True)
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "There is no such file."


@pytest.mark.parametrize("path", ["/" + "x" * 400 + ".csv", "~nobody-of-that-name/orders.csv", "/", "a\0b/c"])
def test_a_path_that_no_file_can_have_is_said_beside_the_field(world: World, path: str) -> None:
    presenter, shown, _ = make_office(world)
    presenter.typed("path", path, True)
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "There is no such file."
    assert not presenter.local(path)


def test_after_an_import_the_field_is_empty_for_the_next_file(world: World, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    presenter, shown, _ = make_office(world)
    presenter.typed("path", str(path), True)
    assert notice(shown) == "orders.csv is imported"
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].text == ""


def test_a_path_that_comes_as_fast_as_a_scan_is_imported_while_import_is_shown(world: World, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    presenter, shown, _ = make_office(world)
    assert not presenter.local("HEART")
    assert not presenter.local(str(tmp_path / "other.csv"))
    presenter.key("2")
    assert not presenter.local(str(path))
    presenter.key("1")
    assert presenter.local(str(path))
    assert notice(shown) == "orders.csv is imported"


def test_a_file_of_no_known_format_is_refused_whole(world: World, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("just\nsome\nnotes\n", encoding="utf-8")
    presenter, shown, _ = make_office(world)
    presenter.typed("path", str(path), True)
    assert shown.now.notice is not None
    assert shown.now.notice.family is Family.WRONG
    assert "notes.txt" in shown.now.notice.words
    assert shown.now.notice.detail == "What was taken before stays."


ODD = (
    "Export of our shop,,,,,,,\n"
    "Vorgang;x\n"
    "Ref A,Ware,Wieviel,Wohin,Weg,Stadt Y,PLZ Z,Staat\n"
    "B7,HEART,3,Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB\n"
)
THEIRS = {
    "order": "Ref A", "sku": "Ware", "quantity": "Wieviel", "name": "Wohin", "address1": "Weg", "city": "Stadt Y",
    "postcode": "PLZ Z", "country": "Staat",
}  # fmt: skip


def match(presenter: OfficePresenter, shown: Shown[office.Office], theirs: dict[str, str]) -> None:
    """Turns each of our fields until it stands at its column."""
    for field, heading in theirs.items():
        presenter.choose("columns", field, False)
        for _ in range(20):
            row = next(row for row in shown.now.section.table.rows if row.key == field)
            if row.cells[1].words == heading:
                break
            presenter.command("column-next")


def test_columns_that_nobody_knows_are_matched_once_and_kept_by_name(world: World, tmp_path: Path) -> None:
    world.stock(world.product("HEART"), "A-01", 10)
    path = tmp_path / "odd.csv"
    path.write_text(ODD, encoding="utf-8")
    presenter, shown, _ = make_office(world)
    presenter.typed("path", str(path), True)
    assert notice(shown) == "Nobody knows the columns of odd.csv yet"
    form = shown.now.section.form
    assert form is not None
    assert (form.title, [tab.words for tab in form.tabs if tab.chosen]) == ("The columns of odd.csv", ["Orders"])
    assert [row.cells[0].words for row in shown.now.section.table.rows][:3] == ["Order number", "SKU", "Barcode"]
    assert form.fields[0].text == "odd"
    presenter.command("form-save")
    form = shown.now.section.form
    assert form is not None
    assert form.wrong == "Still without a column: Order number, SKU, Quantity"
    match(presenter, shown, THEIRS)
    assert cells(shown)[0] == ["Order number", "Ref A", "B7"]
    presenter.typed("mapping_name", "Our shop", False)
    presenter.command("form-save")
    assert notice(shown) == "odd.csv is imported"
    assert shown.now.notice.detail.startswith("1 new")
    state = world.read(lambda s: s.connection().execute(text("SELECT number, state FROM orders")).one())
    assert tuple(state) == ("B7", "allocated")
    assert [one.words for one in shown.now.section.commands[:2]] == ["CSV orders", "Our shop"]

    again, seen, _ = make_office(world)
    second = tmp_path / "later.csv"
    second.write_text(ODD.replace("B7", "B8"), encoding="utf-8")
    again.typed("path", str(second), True)
    form = seen.now.section.form
    assert form is not None
    assert form.fields[0].text == "Our shop"  # what was kept fits, so nothing is to be said again
    again.command("form-save")
    assert notice(seen) == "later.csv is imported"


def test_matching_columns_is_left_by_esc_and_turns_to_what_the_file_holds(world: World, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(ODD, encoding="utf-8")
    presenter, shown, _ = make_office(world)
    presenter.typed("path", str(path), True)
    presenter.choose("form", "csv-stock", True)
    assert [row.cells[0].words for row in shown.now.section.table.rows][:3] == ["Place", "SKU", "Quantity"]
    presenter.choose("columns", "sku", True)
    assert cells(shown)[1] == ["SKU", "Ref A", "B7"]
    presenter.command("column-none")
    assert cells(shown)[1] == ["SKU", "no column", ""]
    presenter.key("Esc")
    assert shown.now.section.form is not None
    assert shown.now.section.form.name == "import"


def test_takes_goods_in_by_code_and_place(world: World) -> None:
    world.product("HEART", "05012345678900")
    world.location("A-01")
    presenter, shown, _ = make_office(world)
    presenter.key("2")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert [one.wrong for one in shown.now.section.form.fields][:3] == ["This is needed."] * 3
    fill(presenter, product="nobody", quantity="12", place="A-01", reference="PO-1")
    presenter.command("form-save")
    assert notice(shown) == "Nobody knows the product nobody"
    fill(presenter, product="heart")
    presenter.command("form-save")
    assert notice(shown) == "12 × HEART taken in at A-01"
    assert cells(shown)[0][1] == "PO-1"


def test_releases_what_is_ready(world: World) -> None:
    world.stock(world.product("HEART"), "A-01", 10)
    world.order("#1", line("HEART", 2))
    presenter, shown, _ = make_office(world)
    presenter.key("3")
    fill(presenter, slots="13")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "A number from 1 to 12."
    fill(presenter, slots="4")
    presenter.command("form-save")
    assert notice(shown) == "1 order released, pick lists: 1"
    assert cells(shown) == [["PL-1", "16:30", "1", "0 of 1", "Nobody"]]


def test_lifts_a_hold_with_a_reason(world: World) -> None:
    bad = captured("#2", line("X"), ship_to=replace(address("Petra Hollin"), postcode="NOPE"))
    world.product("X")
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [bad]))
    presenter, shown, asked = make_office(world)
    presenter.key("4")
    assert cells(shown)[0][:3] == ["#2", "Address", "a postcode that its country does not have"]
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "This is needed."
    presenter.command("hold-order")
    assert asked.orders == ["#2"]
    presenter.typed("reason", "the customer confirmed it", True)
    assert notice(shown) == "#2 may go on (address)"
    assert [row[:3] for row in cells(shown)] == [["#2", "Stock", "1 × X"]]  # it went on, and nothing of it is in stock


def test_adds_a_person_whose_badge_prints(world: World) -> None:
    presenter, shown, _ = make_office(world)
    presenter.key("5")
    presenter.command("person-add")
    presenter.choose("form", "picker", True)
    presenter.typed("name", "Ines Falk", True)
    assert notice(shown) == "Ines Falk is here; the badge prints now"
    assert cells(shown) == [["Ada", "Administrator", "No badge"], ["Ines Falk", "Picker", "Has a badge"]]
    content = world.read(lambda s: s.execute(select(PrintJob.content).where(PrintJob.document == "badge")).scalar_one())
    assert (content["name"], content["role"], str(content["code"])[:3]) == ("Ines Falk", "Picker", "OP-")
    presenter.choose("people", shown.now.section.table.rows[1].key, False)
    presenter.command("person-off")
    assert notice(shown) == "Ines Falk can no longer sign in"
    assert cells(shown)[1] == ["Ines Falk", "Picker", "Can't sign in"]


def test_settings_turn_or_are_typed(world: World) -> None:
    presenter, shown, asked = make_office(world)
    presenter.key("6")
    assert cells(shown)[1][:2] == ["Handed over", "When its label prints"]
    presenter.choose("settings", "handover", True)
    assert notice(shown) == "Handed over: By scan of cage and truck"
    presenter.choose("settings", "cut_off", True)
    presenter.typed("value", "late", True)
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "A time such as 16:30."
    presenter.typed("value", "17:00", True)
    assert notice(shown) == "Cut-off: 17:00"
    presenter.choose("settings", "theme", True)
    assert asked.applied == {"theme": "dark"}
    stored = world.read(lambda s: dict(s.execute(select(Setting.key, Setting.value)).tuples().all()))
    assert (stored["handover"], stored["cut_off"]) == ("at_truck", "17:00")


def test_the_warehouse_gets_another_name_zone_and_sender(world: World) -> None:
    presenter, shown, asked = make_office(world)
    presenter.key("6")
    assert cells(shown)[0][:2] == ["Warehouse", "Test warehouse, Europe/London"]
    presenter.choose("settings", "site", True)
    form = shown.now.section.form
    assert form is not None
    assert [field.text for field in form.fields][:2] == ["Test warehouse", "Europe/London"]
    fill(presenter, site_name="Ghent", site_zone="Europe/Gent", sender="", site_country="Belgium")
    fill(presenter, street="Dok Noord 4", town="Gent", site_postcode="9000")
    presenter.command("form-save")
    form = shown.now.section.form
    assert form is not None
    assert {field.name: field.wrong for field in form.fields if field.wrong} == {
        "site_zone": "A time zone such as Europe/London.",
        "sender": "This is needed.",
        "site_country": "Two letters, such as GB.",
    }
    fill(presenter, site_zone="Europe/Brussels", sender="Northway BV", site_country="be")
    presenter.command("form-save")
    assert notice(shown) == "Ghent is changed"
    assert shown.now.section.form is None
    assert cells(shown)[0][1] == "Ghent, Europe/Brussels"
    assert asked.applied == {"site": "Ghent"}
    row = world.read(lambda s: s.get_one(Warehouse, world.warehouse_id))
    assert (row.name, row.zone, row.sender["company"], row.sender["country"]) == (
        "Ghent", "Europe/Brussels", "Northway BV", "BE",
    )  # fmt: skip
    assert_sound(world.database)


def test_a_picker_may_not_change_settings(world: World) -> None:
    presenter, shown, _ = make_office(world, Role.PICKER)
    presenter.key("6")
    presenter.choose("settings", "handover", True)
    assert notice(shown) == "You may not do this: ask somebody who may (change settings)"
    assert cells(shown)[1][1] == "When its label prints"


def test_the_print_queue_is_tried_again_and_cancelled(world: World) -> None:
    job = world.write(lambda s: print_jobs.queue(s, world.actor(), "k", "location", {"code": "A-01"}))
    presenter, shown, _ = make_office(world)
    presenter.key("8")
    assert cells(shown)[0][1:3] == ["Shelf label", "Waits"]
    assert [one.reason for one in shown.now.section.commands][1] == "It did not fail"
    world.write(lambda s: print_jobs.take_next(s, world.actor()))
    world.write(lambda s: print_jobs.not_printed(s, world.actor(), job, "out of paper", nothing_was_sent=False))
    presenter.command("job-fresh")
    assert cells(shown)[0][2:4] == ["Did it come out?", "out of paper"]
    presenter.command("job-retry")
    assert notice(shown) == "Shelf label: tried again"
    presenter.command("job-cancel")
    assert notice(shown) == "Shelf label: cancelled"


def test_a_key_acts_on_the_job_that_was_read_though_others_came_in_above_it(world: World) -> None:
    world.write(lambda s: print_jobs.queue(s, world.actor(), "k", "location", {"code": "A-01"}))
    presenter, shown, _ = make_office(world)
    presenter.key("8")
    assert shown.now.section.table.chosen == shown.now.section.table.rows[0].key
    world.write(lambda s: print_jobs.queue(s, world.actor(), "k2", "tote", {"code": "T-1"}))
    presenter.command("job-fresh")
    assert {row[1] for row in cells(shown)} == {"Shelf label", "Tote label"}
    presenter.command("job-cancel")
    assert notice(shown) == "Shelf label: cancelled"


def test_after_an_outage_both_lists_of_imports_are_read_again(world: World, tmp_path: Path) -> None:
    presenter, shown, _ = make_office(world)
    other, _, _ = make_office(world)
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    other.typed("path", str(file), True)
    runner = presenter.desk.runner
    presenter.desk.runner = Away()
    presenter.key("1")
    assert (cells(shown), notice(shown)) == ([], say("database.lost", reason="gone"))
    presenter.desk.runner = runner
    presenter.command("retry")
    assert [row[0] for row in cells(shown)] == ["orders.csv"]
    presenter.command("import-history")
    assert [row[1] for row in cells(shown)] == ["orders.csv"]


def test_parcels_begin_empty(world: World) -> None:
    presenter, shown, _ = make_office(world)
    presenter.key("7")
    assert shown.now.section.table.empty == "No parcel was sealed yet"


@pytest.mark.parametrize("name", ["_HOLDS", "_RECEIPTS", "_PARCELS", "_JOBS", "_LAST_JOBS"])
def test_lists_go_along_indexes(world: World, name: str) -> None:
    statement = getattr(office_lists, name)
    given = {"after": 0, "kind": "", "most": 60, "warehouse": 1, "below": 10, "until": 10}
    values = {key: value for key, value in given.items() if f":{key}" in statement.text}
    with world.database.connection() as connection:
        compiled = statement.bindparams(**values).compile(connection, compile_kwargs={"literal_binds": True})
        if world.database.is_sqlite:
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
            scans = [one for one in plan if one.startswith("SCAN") and "INDEX" not in one]
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {compiled}")]
            scans = [one for one in plan if "Seq Scan on" in one]
    assert not [one for one in scans if any(word in one for word in ("holds", "orders", "packages", "labels"))], plan


def test_what_others_changed_is_read_again_in_a_while(world: World) -> None:
    presenter, shown, _ = make_office(world)
    presenter.key("8")
    assert cells(shown) == []
    job = world.write(lambda s: print_jobs.queue(s, world.actor(), "k", "badge", {}))
    presenter.changed([Change("print_job", job)])
    presenter.changed([Change("print_job", job)])
    runner = presenter.desk.runner
    assert isinstance(runner, AtOnce)
    assert len(runner.timers) == 1
    runner.run_timers()
    assert cells(shown)[0][1] == "Badge"


def test_what_others_changed_waits_while_somebody_types(world: World) -> None:
    bad = [captured(n, line("X"), ship_to=replace(address("Petra Hollin"), postcode="NOPE")) for n in ("#2", "#3")]
    world.product("X")
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", bad))
    presenter, shown, _ = make_office(world)
    runner = presenter.desk.runner
    assert isinstance(runner, AtOnce)
    presenter.key("4")
    presenter.typed("reason", "the custom", False)
    held = world.read(office_lists.open_holds)[0]
    world.write(lambda s: release_hold(s, world.actor(), held.order_id, held.kind, "asked"))
    presenter.changed([Change("order", held.order_id)])
    runner.run_timers()
    assert shown.now.section.form is not None
    assert (shown.now.section.form.title, shown.now.section.form.fields[0].text) == ("Lift a hold of #2", "the custom")
    presenter.typed("reason", "the customer confirmed it", True)
    assert notice(shown) == "#2 has no such hold (address)"  # nor was that of #3 lifted in its place
    assert [row[0] for row in cells(shown)] == ["#3"]
    presenter.typed("reason", shown.now.section.form.fields[0].text, True)  # Enter once more
    assert [(one.number, one.kind) for one in world.read(office_lists.open_holds)] == [("#3", HoldKind.ADDRESS)]
    assert shown.now.section.form.fields[0].wrong == "This is needed."


def test_a_refusal_of_the_station_is_said(world: World) -> None:
    presenter, shown, _ = make_office(world)
    presenter.answered(refused("station.unknown_code", code="X"))
    assert notice(shown) == "Nobody knows X"


def test_a_row_whose_file_was_corrected_and_imported_again_is_off_the_list(world: World, tmp_path: Path) -> None:
    world.product("HEART")
    presenter, shown, _ = make_office(world)
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS + ORDERS.splitlines()[2].replace("A2", "A3") + "\n", encoding="utf-8")
    presenter.typed("path", str(file), True)
    assert [row[1] for row in cells(shown)] == ["3", "4"]
    file.write_text(ORDERS.replace("two", "2"), encoding="utf-8")
    presenter.typed("path", str(file), True)
    assert [(row[1], row[3][:2]) for row in cells(shown)] == [("4", "A3")]
