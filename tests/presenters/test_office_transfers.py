"""The office's Transfers: planned by keys, their paper printed, what differs seen and decided."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import LocationKind, Role, TransferState
from app.models.shipping import PrintJob
from app.models.stock import Location, Warehouse
from app.models.supply import Transfer
from app.presenters.state import office
from app.services import transfers as service
from app.services import transfers_goods as goods
from tests.builders import World
from tests.builders import world as world
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office


@pytest.fixture
def leeds(world: World) -> int:
    """A second warehouse with a shelf."""

    def add(session: Session) -> int:
        made = Warehouse(code="W2", name="Leeds")
        session.add(made)
        session.flush()
        session.add(Location(warehouse_id=made.id, code="L-1", kind=LocationKind.SHELF))
        return made.id

    return world.write(add)


def rows(shown: Shown[office.Office]) -> list[tuple[str, ...]]:
    table = shown.now.section.table
    return [tuple(cell.words or (cell.chip.words if cell.chip else "") for cell in row.cells) for row in table.rows]


def words(shown: Shown[office.Office]) -> str:
    assert shown.now.notice is not None
    return shown.now.notice.words


def test_a_transfer_is_planned_filled_and_printed_by_keys(world: World, leeds: int) -> None:
    cup = world.product("CUP", "5012345678900", name="Red cup")
    world.stock(cup, "A-1", 9)
    presenter, shown, _ = make_office(world)
    presenter.key("9")
    assert [tab.words for tab in shown.now.tabs if tab.chosen] == ["Transfers"]
    assert shown.now.section.table.empty == "No transfer is under way"
    presenter.command("transfer-add")
    form = shown.now.section.form
    assert form is not None
    assert [(field.name, field.text) for field in form.fields] == [("from_site", "W1"), ("to_site", ""), ("note", "")]
    assert [tab.key for tab in form.tabs] == ["W2"]
    presenter.typed("to_site", "W9", entered=True)
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[1].wrong == "There is no warehouse with this code"
    presenter.choose("form", "W2", True)
    presenter.typed("note", "Spring window", entered=True)
    code = f"TR-{world.read(lambda s: s.scalars(select(Transfer.id)).one()):04d}"
    assert words(shown) == f"{code} is planned"
    assert shown.now.section.table.empty == "Say what shall go: product and quantity"
    presenter.typed("product", "5012345678900", entered=False)
    presenter.typed("quantity", "3", entered=True)
    assert words(shown) == f"3 × CUP in {code}"
    assert rows(shown) == [("Red cup", "3", "0", "0", "0", "")]
    presenter.typed("product", "NONE", entered=False)
    presenter.typed("quantity", "1", entered=True)
    assert words(shown) == "Nobody knows the product NONE"
    presenter.command("transfer-paper")
    job = world.read(lambda s: s.scalars(select(PrintJob)).one())
    assert (job.document, job.content["code"], job.content["source"], job.content["target"], job.content["note"]) == (
        "transfer", code, "Test warehouse", "Leeds", "Spring window",
    )  # fmt: skip
    assert job.content["lines"] == [{"sku": "CUP", "name": "Red cup", "quantity": 3}]
    presenter.key("Esc")
    assert rows(shown) == [(code, "Test warehouse", "Leeds", "To pick", "09:00")]


def test_what_never_came_is_decided_with_a_reason(world: World, leeds: int) -> None:
    cup = world.product("CUP", name="Red cup")
    world.stock(cup, "A-1", 9)
    number = _sent(world, leeds, cup, 3)
    presenter, shown, _ = make_office(world)
    presenter.key("9")
    assert rows(shown)[0][3] == "On its way"
    presenter.choose("transfers", str(number), True)
    assert [(fact.label, fact.value) for fact in shown.now.section.facts] == [
        ("Units wanted", "3"), ("Picked", "3"), ("Sent", "09:00"), ("On their way", "3"),
    ]  # fmt: skip
    reasons = {one.code: one.reason for one in shown.now.section.commands}
    assert reasons == {"transfer-paper": "", "transfer-end": "", "transfer-more": "Done at Leeds"}
    presenter.command("transfer-end")
    presenter.command("form-save")
    assert words(shown) == f"Say why the numbers of TR-{number:04d} differ"
    presenter.choose("form", "broken", True)
    presenter.command("form-save")
    assert words(shown) == f"TR-{number:04d} is finished, 3 units are written off"
    assert rows(shown) == [("Red cup", "3", "3", "3", "0", "3 missing")]
    assert shown.now.section.table.rows[0].cells[5].second == "Broken on the way"
    presenter.key("Esc")
    assert rows(shown) == []
    presenter.command("transfer-all")
    assert rows(shown)[0][3] == "Finished"


def test_who_may_not_plan_sees_why(world: World, leeds: int) -> None:
    presenter, shown, _ = make_office(world, Role.PACKER)
    presenter.key("9")
    assert {one.code: bool(one.reason) for one in shown.now.section.commands} == {
        "transfer-add": True, "transfer-paper": True, "transfer-all": False,
    }  # fmt: skip


def _sent(world: World, to_id: int, product_id: int, quantity: int) -> int:
    """A transfer of so many units that left; its id."""
    actor = world.actor()
    place = world.places["A-1"]
    world.write(lambda s: service.plan_transfer(s, actor, world.warehouse_id, to_id))
    number = world.read(lambda s: s.scalars(select(Transfer)).one().id)
    world.write(lambda s: service.set_line(s, actor, number, product_id, quantity))
    world.write(lambda s: goods.pick_into(s, actor, number, product_id, place, quantity))
    assert world.write(lambda s: service.send_transfer(s, actor, number)).code == "transfer.sent"
    return number


def test_a_key_acts_on_the_transfer_that_was_read_though_another_was_planned_since(world: World, leeds: int) -> None:
    presenter, shown, _ = make_office(world)
    world.write(lambda s: service.plan_transfer(s, world.actor(), world.warehouse_id, leeds))
    presenter.key("9")
    assert [row[0] for row in rows(shown)] == ["TR-0001"]
    world.write(lambda s: service.plan_transfer(s, world.actor(), world.warehouse_id, leeds))
    presenter.section.enter()
    assert [row[0] for row in rows(shown)] == ["TR-0002", "TR-0001"]
    presenter.command("transfer-cancel")
    states = world.read(lambda s: s.scalars(select(Transfer.state).order_by(Transfer.id)).all())
    assert states == [TransferState.CANCELLED, TransferState.DRAFT]
