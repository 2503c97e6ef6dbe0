"""The office's Suppliers: asked, printed, answered by keys; and the files that are written for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import OrderState, Role, WarehouseKind
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.shipping import PrintJob
from app.models.system import AuditEntry
from app.models.warehouses import Warehouse
from app.presenters.office import OfficePresenter
from app.presenters.state import office
from app.queries.supplier_requests import request_lines, supplier_requests, untold_requests
from app.services import drop_ship
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_order
from app.services.check import violations
from app.services.supplier_papers import as_csv, papers_sent, unsent_papers
from tests.builders import World, line
from tests.builders import world as world
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office
from tests.presenters.test_office_sourcing import cells, fill, words


@pytest.fixture
def supplier(world: World) -> int:
    def add(session: Session) -> int:
        made = Warehouse(code="SUP", name="Potter", kind=WarehouseKind.SUPPLIER)
        session.add(made)
        session.flush()
        return made.id

    return world.write(add)


def room(
    world: World, role: Role = Role.OFFICE, outbox: Path = Path("nowhere")
) -> tuple[OfficePresenter, Shown[office.Office], list[str]]:
    presenter, shown, asked = make_office(world, role, outbox=outbox)
    presenter.key("0")
    presenter.command("part:suppliers")
    return presenter, shown, asked.orders


def head_of(shown: Shown[office.Office]) -> tuple[str, str]:
    head = shown.now.section.head
    return head.title, head.right


def reason_of(shown: Shown[office.Office]) -> str:
    """Why nothing can be sent to suppliers now."""
    return next(one.reason for one in shown.now.section.commands if one.code == "supplier-send")


def asked_for(world: World, presenter: OfficePresenter) -> str:
    """Potter has nine cups, and an order of two of them is asked for; the code of the request."""
    world.product("CUP", "5012345678900", name="Red cup")
    presenter.command("supplier-stock")
    fill(presenter, product="5012345678900", quantity="9")
    presenter.command("form-save")
    world.order("#1001", line("CUP", 2))
    world.write(lambda s: allocate_ready(s, world.actor(), 10))
    presenter.key("Esc")
    presenter.command("part:suppliers")
    presenter.command("supplier-ask")
    return f"F-{world.read(lambda s: s.scalars(select(Fulfillment.id)).one()):04d}"


def test_a_supplier_is_told_asked_printed_and_ships(world: World, supplier: int) -> None:
    presenter, shown, orders = room(world)
    assert shown.now.section.table.empty == "Nothing is asked of a supplier"
    code = asked_for(world, presenter)
    assert words(shown) == "Asked of suppliers: 1"
    assert cells(shown) == [[code, "Potter", "2 × CUP", "To be sent", "09:00"]]
    presenter.command("supplier-paper")
    assert cells(shown)[0][3] == "Asked"
    job = world.read(lambda s: s.scalars(select(PrintJob)).one())
    assert (job.document, job.content["code"], job.content["order"], job.content["supplier"]) == (
        "supplier-request", code, "#1001", "Potter",
    )  # fmt: skip
    assert job.content["lines"] == [{"sku": "CUP", "name": "Product CUP", "quantity": 2}]
    presenter.command("supplier-confirm")
    assert cells(shown)[0][3] == "Confirmed"
    presenter.command("supplier-shipped")
    presenter.command("form-save")
    assert shown.now.section.form is not None
    assert shown.now.section.form.fields[0].wrong != ""
    fill(presenter, tracking="PT-1", carrier="Van")
    presenter.command("form-save")
    assert words(shown) == "#1001 is on its way from Potter: PT-1"
    assert cells(shown) == []
    presenter.command("supplier-all")
    assert cells(shown) == [[code, "Potter", "2 × CUP", "Shipped", "09:00"]]
    assert world.read(lambda s: s.scalars(select(Order.state)).one()) is OrderState.SHIPPED
    presenter.command("supplier-order")
    assert orders == ["#1001"]


def test_a_refusal_wants_its_reason(world: World, supplier: int) -> None:
    presenter, shown, _ = room(world)
    asked_for(world, presenter)
    presenter.command("supplier-refused")
    presenter.command("form-save")
    assert words(shown) == "Asked of suppliers: 1"
    fill(presenter, reason="Sold out")
    presenter.command("form-save")
    assert words(shown) == "Potter has it not. #1001 waits for stock"
    assert cells(shown) == []


def test_the_rows_of_the_file_are_complete(world: World, supplier: int) -> None:
    presenter, _, _ = room(world)
    code = asked_for(world, presenter)

    def rows(session: Session) -> str:
        return as_csv([(one, request_lines(session, one)) for one in supplier_requests(session)])

    assert world.read(rows) == (
        "request,order,sku,name,quantity,to_name,to_company,to_address1,to_address2,to_city,to_region,to_postcode,"
        "to_country,to_phone,service\n"
        f"{code},#1001,CUP,Product CUP,2,Ada Example,,1 Fictional Lane,,Leeds,,LS1 1AA,GB,+44 113 496 0001,\n"
    )


def test_who_may_not_sees_why(world: World, supplier: int) -> None:
    _, shown, _ = room(world, Role.PACKER)
    reasons = {one.code: one.reason for one in shown.now.section.commands}
    assert reasons["supplier-ask"] == reasons["supplier-stock"] == "Not your role"


def test_what_is_to_be_sent_is_written_once_by_one_key(world: World, supplier: int, tmp_path: Path) -> None:
    presenter, shown, _ = room(world, outbox=tmp_path)
    assert reason_of(shown) == "Everything was sent"
    code = asked_for(world, presenter)
    assert head_of(shown) == ("Asked of suppliers", "1 to be sent")
    assert (cells(shown)[0][3], reason_of(shown)) == ("To be sent", "")
    presenter.command("supplier-send")
    (folder,) = tmp_path.iterdir()
    assert words(shown) == f"The files are in {folder}"
    assert folder.name == "2026-03-02 09-00-00"
    assert sorted(path.name for path in folder.iterdir()) == [f"SUP-{code}.pdf", "SUP.csv"]
    assert (folder / f"SUP-{code}.pdf").read_bytes().startswith(b"%PDF-")
    assert (folder / "SUP.csv").read_text(encoding="utf-8").splitlines()[1].startswith(f"{code},#1001,CUP,")
    assert (cells(shown)[0][3], head_of(shown), reason_of(shown)) == (
        "Asked", ("Asked of suppliers", ""), "Everything was sent",
    )  # fmt: skip

    order = world.read(lambda s: s.scalars(select(Order.id)).one())
    world.write(lambda s: cancel_order(s, world.actor(), order, "changed their mind"))
    world.write(lambda s: drop_ship.ask_suppliers(s, world.actor()))  # which tells of what was cancelled
    presenter.command("part:suppliers")
    assert head_of(shown) == ("Asked of suppliers", "1 to be sent")
    presenter.command("supplier-send")
    (again,) = (path for path in tmp_path.rglob("*cancelled.csv"))
    assert again.name == "SUP-cancelled.csv"
    assert again.read_text(encoding="utf-8").splitlines()[1].startswith(f"{code},#1001,")
    assert reason_of(shown) == "Everything was sent"
    assert world.read(violations) == []


def test_what_another_sent_meanwhile_is_not_noted_twice(world: World, supplier: int) -> None:
    presenter, _, _ = room(world)
    asked_for(world, presenter)
    papers = world.read(lambda s: unsent_papers(s, str))
    first = world.write(lambda s: papers_sent(s, world.actor(), papers))
    again = world.write(lambda s: papers_sent(s, world.actor(), papers))
    assert (first.code, again.code) == ("supplier.sent", "supplier.sent_meanwhile")
    assert again.refused
    sent = select(func.count()).where(AuditEntry.action == "supplier.sent")
    assert world.read(lambda s: s.scalar(sent)) == 1


def test_what_he_was_never_asked_need_not_be_cancelled(world: World, supplier: int, tmp_path: Path) -> None:
    presenter, shown, _ = room(world, outbox=tmp_path)
    asked_for(world, presenter)
    order = world.read(lambda s: s.scalars(select(Order.id)).one())
    world.write(lambda s: cancel_order(s, world.actor(), order, "changed their mind"))
    world.write(lambda s: drop_ship.ask_suppliers(s, world.actor()))
    presenter.command("part:suppliers")
    assert (head_of(shown), reason_of(shown)) == (("Asked of suppliers", ""), "Everything was sent")


def test_a_folder_that_takes_nothing_is_said_and_nothing_counts_as_sent(
    world: World, supplier: int, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    presenter, shown, _ = room(world, outbox=blocked)
    asked_for(world, presenter)
    presenter.command("supplier-send")
    assert words(shown).startswith(f"{blocked / '2026-03-02 09-00-00'} can't be written: ")
    assert (cells(shown)[0][3], head_of(shown)[1]) == ("To be sent", "1 to be sent")


def test_who_may_not_sends_nothing(world: World, supplier: int, tmp_path: Path) -> None:
    presenter, _, _ = room(world, outbox=tmp_path)
    asked_for(world, presenter)
    packer, shown, _ = room(world, Role.PACKER, tmp_path)
    assert reason_of(shown) == "Not your role"
    packer.command("supplier-send")
    assert shown.now.notice is not None
    assert world.read(lambda s: len(untold_requests(s, 9))) == 1
