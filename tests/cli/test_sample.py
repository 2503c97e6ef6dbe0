"""The sample warehouse, and a refused row that is mended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from app.domain.capture_settings import ReadSettings
from app.domain.states import LocationKind, OrderState, Role
from app.integrations.channels.formats import detect, readers
from app.models.catalogue import Carton, Product
from app.models.database import Database
from app.models.demand import Order
from app.models.fulfillment import Cart
from app.models.people import Operator, Station
from app.models.stock import Location, Warehouse
from app.queries.imports import open_refused_count, refused_rows
from app.runtime.importing import FileFormats, FileImport, retry_row
from app.runtime.neighbours import Neighbours
from app.runtime.sample import SAMPLE, SampleReport, load_sample
from app.services.actor import Actor
from app.services.settings_store import put_setting
from app.services.setup import NewWarehouse, first_run
from tests.builders import World, world
from tests.cli.running import Cli

__all__ = ["world"]

NOW = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
FORMATS = FileFormats(readers(), detect)


def test_the_sample_is_a_warehouse_at_work_today(database: Database) -> None:
    seen: list[int] = []
    made = load_sample(database, FORMATS, NOW, lambda done, of: seen.append(done * 100 // of))
    assert made == SampleReport(1, orders=332, allocated=303, refused=0)
    assert (seen[-1], seen) == (100, sorted(seen))

    def look(session):
        states = dict(session.execute(select(Order.state, func.count()).group_by(Order.state)).tuples().all())
        shown = session.execute(select(Order).where(Order.number == "#1042")).scalar_one()
        counts = [session.execute(select(func.count()).select_from(t)).scalar_one() for t in (Operator, Cart, Carton)]
        scrap = session.execute(select(Location.code).where(Location.kind == LocationKind.SCRAP)).scalars().all()
        pictures = session.execute(select(func.count()).where(Product.picture != "")).scalar_one()
        return states, shown.leaves_at, counts, list(scrap), pictures

    states, leaves_at, counts, scrap, pictures = database.read(look)
    assert states == {
        OrderState.ALLOCATED: 303, OrderState.BACKORDERED: 2, OrderState.CAPTURED: 25, OrderState.CLOSED: 2
    }  # fmt: skip
    assert leaves_at == datetime(2026, 7, 1, 15, 30, tzinfo=UTC)
    assert (counts, scrap, pictures) == ([8, 4, 8], ["BIN-3"], 14)
    assert database.read(open_refused_count) == 0
    stations = database.read(lambda s: list(s.execute(select(Station.name).order_by(Station.id)).scalars()))
    assert stations == ["Bench 4", "Bench 5", "Cart C-03", "Returns 1", "Lead desk"]


def test_the_sample_twice_on_another_day_is_the_same(database: Database) -> None:
    load_sample(database, FORMATS, NOW)
    assert load_sample(database, FORMATS, NOW.replace(day=9)) == SampleReport(1)
    assert database.read(lambda s: s.execute(select(func.count()).select_from(Order)).scalar_one()) == 332


def test_a_mended_row_is_taken_and_its_order_allocated(world: World, tmp_path: Path) -> None:
    world.stock(world.product("A1"), "S-01", 5)
    path = tmp_path / "orders.csv"
    head = "order,sku,quantity,name,address1,city,postcode,country"
    path.write_text(f"{head}\n#1,A1,two,Ada,1 Fictional Lane,Leeds,LS1 1AA,GB\n", encoding="utf-8")

    def actor(now: datetime) -> Actor:
        return Actor(now, "import", world.warehouse_id, world.operator_id, Role.LEAD)

    report = FileImport(world.database, actor, lambda: NOW).run(FORMATS, "csv-orders", path, ReadSettings())
    assert (report.counts.new, report.counts.refused) == (0, 1)
    (row,) = world.read(refused_rows)
    wrong = retry_row(world.database, FORMATS, actor, lambda: NOW, row.row_id, row.refused.raw.replace("two", "zwei"))
    assert (wrong.refused, wrong.code) == (True, "capture.refused.bad_quantity")
    (row,) = world.read(refused_rows)
    taken = retry_row(world.database, FORMATS, actor, lambda: NOW, row.row_id, row.refused.raw.replace("zwei", "2"))
    assert (taken.refused, taken.code) == (False, "import.row_taken")
    assert world.read(refused_rows) == []
    assert world.read(lambda s: s.execute(select(Order.state)).scalar_one()) is OrderState.ALLOCATED
    gone = retry_row(world.database, FORMATS, actor, lambda: NOW, 12345)
    assert gone.code == "import.row_settled"


def test_an_import_takes_less_at_once_while_others_write(world: World) -> None:
    neighbours = Neighbours(world.database)
    other = Database.open(world.database.engine.url.render_as_string(hide_password=False))
    try:
        for _ in range(3):
            world.write(neighbours.look)
        assert not neighbours.write_too
        other.write(lambda session: put_setting(session, "cut_off", "17:00"))
        world.write(neighbours.look)
        assert neighbours.write_too is world.database.is_sqlite
    finally:
        other.close()


def test_the_first_run_takes_over_the_site_that_an_import_made(cli: Cli) -> None:
    cli("import", "csv-orders", SAMPLE / "orders.csv")
    database = Database.open(cli.url)
    try:
        told = NewWarehouse("LEEDS", "Leeds", "Europe/Paris")
        made = database.write(lambda s: first_run(s, NOW, told, "Ada", "Bench 1"))
        sites = database.read(lambda s: s.execute(select(Warehouse.id, Warehouse.code, Warehouse.zone)).all())
    finally:
        database.close()
    assert sites == [(made.warehouse_id, "LEEDS", "Europe/Paris")]
    assert cli("check").status == 0
