"""The office's Sourcing: rules ordered by keys and tried on an order, sites, and what is kept back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sourcing_rules import RuleKind
from app.domain.states import LocationKind, MovementReason, Role, WarehouseKind
from app.models.fulfillment import Fulfillment
from app.models.sourcing import ChannelWarehouse, SourcingRule
from app.models.stock import Location, Warehouse
from app.presenters.office import OfficePresenter
from app.presenters.orders_parts import event
from app.presenters.orders_why import why_words
from app.presenters.state import office
from app.queries.kept_back import channel_sources, kept_rows
from app.queries.order_detail import order_detail
from app.services import sourcing, warehouses
from app.services.allocate import allocate_ready
from app.services.ledger import Goods, move
from app.services.places import counterparty
from tests.builders import NOW, World, line
from tests.builders import world as world
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office


@pytest.fixture
def leeds(world: World) -> int:
    """A second warehouse with a shelf."""

    def add(session: Session) -> int:
        made = Warehouse(code="W2", name="Leeds", sender={"postcode": "LS1 4PR", "country": "GB"})
        session.add(made)
        session.flush()
        session.add(Location(warehouse_id=made.id, code="L-1", kind=LocationKind.SHELF))
        return made.id

    return world.write(add)


def stock_at(world: World, warehouse_id: int, product_id: int, quantity: int) -> None:
    def add(session: Session) -> None:
        place = session.scalars(select(Location.id).where(Location.code == "L-1")).one()
        supplier = counterparty(session, warehouse_id, LocationKind.SUPPLIER)
        move(session, world.actor(), MovementReason.RECEIPT, Goods(product_id, quantity), supplier, place)

    world.write(add)


def cells(shown: Shown[office.Office]) -> list[list[str]]:
    return [
        [cell.words or (cell.chip.words if cell.chip else "") for cell in row.cells]
        for row in shown.now.section.table.rows
    ]


def words(shown: Shown[office.Office]) -> str:
    return shown.now.notice.words if shown.now.notice else ""


def sourcing_room(world: World, role: Role = Role.ADMIN) -> tuple[OfficePresenter, Shown[office.Office]]:
    presenter, shown, _ = make_office(world, role)
    presenter.key("0")
    return presenter, shown


def fill(presenter: OfficePresenter, **texts: str) -> None:
    for name, value in texts.items():
        presenter.typed(name, value, False)


def test_the_usual_rules_are_shown_moved_switched_and_given_back(world: World) -> None:
    presenter, shown = sourcing_room(world)
    assert [(tab.words, tab.press, tab.chosen) for tab in shown.now.section.inner][:3] == [
        ("Rules", "R", True), ("Sites", "W", False), ("Kept back", "K", False),
    ]  # fmt: skip
    assert cells(shown) == [
        ["1", "Our own stock first", "Every order", "As delivered"],
        ["2", "Fewest parcels", "Every order", "As delivered"],
        ["3", "Nearest", "Every order", "As delivered"],
    ]
    presenter.choose("rules", "2", False)
    presenter.command("rule-up")
    assert [row[1] for row in cells(shown)] == ["Our own stock first", "Nearest", "Fewest parcels"]
    assert shown.now.section.table.chosen == "1"
    presenter.command("rule-switch")
    assert [row[3] for row in cells(shown)] == ["Counts", "Off", "Counts"]
    presenter.command("rule-remove")
    assert [row[1] for row in cells(shown)] == ["Our own stock first", "Fewest parcels"]
    stored = select(SourcingRule.kind).order_by(SourcingRule.position)
    assert world.read(lambda s: s.scalars(stored).all()) == [RuleKind.OWN_FIRST, RuleKind.FEWEST_PARCELS]


def test_a_usual_rule_is_changed_where_it_stands(world: World) -> None:
    presenter, shown = sourcing_room(world)
    presenter.choose("rules", "1", True)
    form = shown.now.section.form
    assert form is not None
    assert (form.title, [field.name for field in form.fields]) == (
        "Rule: Fewest parcels",
        ["rule_most", "when_channels", "when_countries", "when_services", "when_groups", "rule_name"],
    )
    fill(presenter, rule_most="many")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "A whole number, 0 or more."
    fill(presenter, rule_most="2", when_countries="GB, IE", rule_name="At home")
    presenter.command("form-save")
    assert words(shown) == "The rule is saved."
    assert cells(shown)[1] == ["2", "At home (Fewest parcels)", "to GB, IE", "Counts"]
    assert shown.now.section.table.rows[1].cells[1].second == "never more than 2 parcels"


def test_a_new_rule_names_its_sites_and_when_it_counts(world: World, leeds: int) -> None:
    presenter, shown = sourcing_room(world)
    presenter.command("rule-add")
    assert shown.now.section.form is not None
    assert len(shown.now.section.form.tabs) == 9
    presenter.choose("form", "channel_preference", True)
    fill(presenter, rule_warehouses="w9", when_channels="shopify")
    presenter.command("form-save")
    assert words(shown) == "There is no warehouse W9. Use the code of one that is there."
    fill(presenter, rule_warehouses="w2, W1")
    presenter.command("form-save")
    assert cells(shown)[3] == ["4", "Preferred by channel", "channel shopify", "Counts"]
    told = world.read(sourcing.rules)[3]
    assert (told.warehouses, dict(told.conditions)) == (("W2", "W1"), {"channels": ("shopify",)})


def test_the_rules_are_tried_on_an_order_and_nothing_is_changed(world: World, leeds: int) -> None:
    cup, lamp = world.product("CUP"), world.product("LAMP")
    world.stock(cup, "A-1", 2)
    stock_at(world, leeds, cup, 9)
    stock_at(world, leeds, lamp, 1)
    world.order("#1001", line("CUP", 2), line("LAMP", 3))
    presenter, shown = sourcing_room(world)
    presenter.command("rule-try")
    fill(presenter, order_number="77")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong == "There is no order 77."
    fill(presenter, order_number="1001")
    presenter.command("form-save")
    assert shown.now.section.head.title == "What the rules say of #1001"
    assert [(fact.label, fact.value) for fact in shown.now.section.facts][:2] == [
        ("Channel", "Shopify"), ("Goes to", "Leeds, LS1 1AA, GB"),
    ]  # fmt: skip
    assert cells(shown)[-1] == ["Nobody has it", "2 × LAMP", ""]
    assert world.read(lambda s: s.scalars(select(Fulfillment)).all()) == []
    presenter.key("Esc")
    assert len(cells(shown)) == 3


def test_trying_says_why_each_site_was_chosen(world: World, leeds: int) -> None:
    cup = world.product("CUP")
    world.stock(cup, "A-1", 2)
    stock_at(world, leeds, cup, 9)
    world.order("#1001", line("CUP", 5))
    presenter, shown = sourcing_room(world)
    presenter.command("rule-try")
    presenter.typed("order_number", "#1001", True)
    (row,) = cells(shown)
    assert row[:2] == ["Leeds", "5 × CUP"]
    assert row[2] == "Fewest parcels"
    assert shown.now.section.table.rows[0].cells[2].second == "Leeds had 5 of 5 and sends 5."


def test_a_site_is_added_and_told_what_it_can_give(world: World) -> None:
    presenter, shown = sourcing_room(world)
    presenter.command("part:sites")
    assert cells(shown) == [["Test warehouse", "Warehouse", "–", "–", "–", "0.00 + 0.00"]]
    presenter.command("site-add")
    presenter.choose("form", "store", True)
    fill(presenter, code="york", name="York shop", postcode="YO1 7HH")
    presenter.command("form-save")
    assert words(shown) == "York shop is there"
    assert cells(shown)[1] == ["York shop", "Store", "GB YO1 7HH", "–", "–", "0.00 + 0.00"]
    presenter.choose("sites", shown.now.section.table.rows[1].key, True)
    fill(presenter, cut_off="25:00", parcel_cost="3,2", latitude="north")
    presenter.command("form-save")
    form = shown.now.section.form
    assert form is not None
    assert {field.name: field.wrong for field in form.fields if field.wrong} == {
        "cut_off": "A time of day, such as 16:30.", "latitude": "Degrees, such as 53.7997.",
    }  # fmt: skip
    fill(presenter, cut_off="16:30", capacity="120", unit_cost="0.15", latitude="53.96", longitude="-1.08")
    presenter.command("form-save")
    assert cells(shown)[1] == ["York shop", "Store", "GB YO1 7HH", "16:30", "120", "3.20 + 0.15"]
    york = world.read(lambda s: s.scalars(select(Warehouse.id).where(Warehouse.code == "YORK")).one())
    told = world.read(lambda s: warehouses.supply(s, york))
    assert told == warehouses.Supply(WarehouseKind.STORE, True, 990, 120, 53_960_000, -1_080_000, 320, 15)
    presenter.command("site-switch")
    assert cells(shown)[1][1] == "Not in use"
    assert world.read(lambda s: warehouses.supply(s, york)).active is False


def test_what_is_kept_back_is_said_changed_and_removed(world: World, leeds: int) -> None:
    world.product("CUP", "5012345678900", name="Red cup")
    world.order("#1", line("CUP"))
    presenter, shown = sourcing_room(world, Role.OFFICE)
    presenter.command("part:kept")
    assert cells(shown) == [["Served from", "Shopify", "", "All sites", ""]]
    presenter.command("kept-safety")
    fill(presenter, kept_product="5012345678900", kept_site="w2", kept_units="4")
    presenter.command("form-save")
    assert words(shown) == "The safety stock is kept"
    presenter.command("kept-buffer")
    fill(presenter, kept_units="0", kept_percent="110")
    presenter.command("form-save")
    assert words(shown) == "110 percent is not possible. Use 0 to 100."
    fill(presenter, kept_percent="10")
    presenter.command("form-save")
    assert cells(shown)[:2] == [
        ["Safety stock", "Everybody", "Red cup", "Leeds", "4"],
        ["Buffer", "Shopify", "Every product", "Every site", "10 %"],
    ]  # fmt: skip
    presenter.choose("kept", shown.now.section.table.rows[0].key, True)
    fill(presenter, kept_units="6")
    presenter.command("form-save")
    assert [(row.kind, row.quantity, row.percent) for row in world.read(kept_rows)] == [
        ("safety", 6, 0),
        ("buffer", 0, 10),
    ]
    presenter.command("kept-remove")
    assert [row.kind for row in world.read(kept_rows)] == ["buffer"]


def test_a_channel_is_served_from_the_sites_that_are_named(world: World, leeds: int) -> None:
    world.product("CUP")
    world.order("#1", line("CUP"))
    presenter, shown = sourcing_room(world, Role.OFFICE)
    presenter.command("part:kept")
    presenter.choose("kept", shown.now.section.table.rows[0].key, True)
    fill(presenter, sources="W2, X7")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[1].wrong == "There is no site X7."
    fill(presenter, sources="w2")
    presenter.command("form-save")
    assert [one.sources for one in world.read(channel_sources)] == [("W2",)]
    assert world.read(lambda s: s.scalars(select(ChannelWarehouse.warehouse_id)).all()) == [leeds]
    assert cells(shown) == [["Served from", "Shopify", "", "W2", ""]]


def test_who_may_not_change_sourcing_sees_why(world: World) -> None:
    presenter, shown = sourcing_room(world, Role.PACKER)
    reasons = {one.code: one.reason for one in shown.now.section.commands}
    assert reasons.pop("rule-try") == ""
    assert set(reasons.values()) == {"Not your role"}
    presenter.command("part:sites")
    assert {one.reason for one in shown.now.section.commands} == {"Not your role"}


def test_the_detail_of_an_order_says_why_it_comes_from_there(world: World, leeds: int) -> None:
    cup = world.product("CUP")
    world.stock(cup, "A-1", 2)
    stock_at(world, leeds, cup, 9)
    order = world.order("#1001", line("CUP", 5))
    world.write(lambda s: allocate_ready(s, world.actor(), 10))
    known = world.read(lambda s: order_detail(s, order, NOW))
    assert known is not None
    shown = [event(one, known, NOW, ZoneInfo("Europe/London")).detail for one in known.events]
    assert shown == ["Shopify", "5 from Leeds, Fewest parcels"]
    assert why_words("", "", "Leeds") == ""
