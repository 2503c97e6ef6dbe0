"""A station that starts again with scans in its journal: what was stored before is not drawn as if it were new."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.bootstrap.ready import formats
from app.devices.journal import ScanJournal
from app.domain.clock import utc_now
from app.domain.commands import Command
from app.domain.device_ports import Scan
from app.domain.outcomes import Place
from app.domain.states import Role
from app.models.people import Gesture
from app.runtime.sample import load_sample
from app.settings import Settings
from tests.databases import Databases
from tests.e2e.bench import PATIENCE_MS, TypedStation, typed_station

GRETA, ORDERS = "OP-GRETA", Command.GO_ORDERS.code


def test_a_scan_that_was_stored_before_leads_nowhere_again(databases: Databases, tmp_path: Path, qtbot: QtBot) -> None:
    database = databases.fresh()
    load_sample(database, formats(), utc_now())
    settings = Settings(
        database=databases.url, station="Bench 4", scanner="keyboard:", printer="sim:", data_folder=tmp_path,
        config_file=tmp_path / "settings.toml",
    )  # fmt: skip
    with typed_station(settings, qtbot) as station:
        _orders_then_stock(station, qtbot)
    stored = select(Gesture.id).where(Gesture.raw == ORDERS)
    scan = Scan(database.read(lambda s: s.scalars(stored).one()), ORDERS, "keyboard:", utc_now())
    path = next((tmp_path / "journals").rglob("*.journal"))
    path.unlink()  # with the acknowledgements, as if they had been lost
    journal = ScanJournal(path)
    journal.append(scan).result(PATIENCE_MS / 1000)
    journal.close()
    with typed_station(settings, qtbot) as again:
        core, drawn = again.ui.core, []
        assert core is not None
        qtbot.waitUntil(lambda: not core.journal.pending() and core.worker.quiet, timeout=4 * PATIENCE_MS)
        again.ui._gate.post(lambda: drawn.append("all that was answered"))
        qtbot.waitUntil(lambda: bool(drawn), timeout=PATIENCE_MS)
        assert again.page == "stock"


def _orders_then_stock(station: TypedStation, qtbot: QtBot) -> None:
    presenter = station.ui.presenter
    assert presenter is not None
    presenter.scan(GRETA)
    qtbot.waitUntil(lambda: presenter.info.role is Role.LEAD, timeout=4 * PATIENCE_MS)
    presenter.scan(ORDERS)
    qtbot.waitUntil(lambda: station.page == "orders", timeout=4 * PATIENCE_MS)
    presenter.go(Place.STOCK)
    qtbot.waitUntil(lambda: station.page == "stock", timeout=4 * PATIENCE_MS)
