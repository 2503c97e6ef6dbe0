"""The office, in another process, changes an order that is open in a window: on a file and on a server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap.ready import formats
from app.domain.clock import utc_now
from app.domain.outcomes import Outcome, Sound
from app.models.database import Database
from app.presenters.state import pack
from app.runtime.sample import load_sample
from app.services.settings_store import put_setting
from app.settings import Settings
from tests.databases import Databases, assert_sound
from tests.e2e.bench import ANNA, PATIENCE_MS, TypedStation, barcodes, typed_station

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 120
Office = Callable[..., str]


@pytest.fixture
def house(databases: Databases) -> Databases:
    """The sample warehouse."""
    load_sample(databases.fresh(), formats(), utc_now())
    return databases


@pytest.fixture
def office(house: Databases) -> Office:
    """What another process does; the code of its answer."""

    def do(*words: str) -> str:
        command = [sys.executable, "-m", "tests.e2e.office_process", house.url, *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT_S, check=True)
        return done.stdout.strip()

    return do


@contextmanager
def open_station(house: Databases, folder: Path, qtbot: QtBot) -> Iterator[TypedStation]:
    settings = Settings(
        database=house.url, station="Bench 4", scanner="keyboard:", printer="sim:", data_folder=folder,
        config_file=folder / "settings.toml",
    )  # fmt: skip
    with typed_station(settings, qtbot) as made:
        yield made
        assert_sound(made.database)


@pytest.fixture
def station(house: Databases, tmp_path: Path, qtbot: QtBot) -> Iterator[TypedStation]:
    with open_station(house, tmp_path, qtbot) as made:
        yield made


def scan(station: TypedStation, qtbot: QtBot, code: str) -> Outcome:
    """A scan as it leaves a device; typed keys would be told from a person's by their speed."""
    assert station.ui.presenter is not None
    known = len(station.answers)
    station.ui.presenter.scan(code)
    qtbot.waitUntil(lambda: len(station.answers) > known, timeout=4 * PATIENCE_MS)
    return station.answers[-1]


def heard(station: TypedStation, qtbot: QtBot, code: str) -> Outcome:
    """What the bench was told, though nobody there did anything."""
    qtbot.waitUntil(lambda: station.answers[-1].code == code, timeout=4 * PATIENCE_MS)
    return station.answers[-1]


def test_goods_are_swapped_under_the_hands_of_the_packer(station: TypedStation, office: Office, qtbot: QtBot) -> None:
    scan(station, qtbot, ANNA)
    scan(station, qtbot, "#1042")
    (first, quantity), (second, _), *_rest = barcodes(station, "#1042")
    for _unit in range(quantity):
        assert scan(station, qtbot, first).code == "pack.counted"
    ((out,),) = station.rows(
        "SELECT sku FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = '#1042' "
        "ORDER BY l.line_no LIMIT 1"
    )
    ((wanted, code),) = station.rows(
        "SELECT p.sku, min(i.code) FROM products p JOIN identifiers i ON i.product_id = p.id AND i.quantity = 1 "
        "JOIN stock_balances b ON b.product_id = p.id JOIN locations l ON l.id = b.location_id AND l.kind = 'shelf' "
        "WHERE b.on_hand - b.allocated > 5 AND p.id NOT IN (SELECT l.product_id FROM order_lines l JOIN orders o "
        "ON o.id = l.order_id WHERE o.number = '#1042') GROUP BY p.sku ORDER BY p.sku LIMIT 1"
    )
    assert office("swap", "#1042", str(out), str(wanted)) == "edit.lines_floor"
    told = heard(station, qtbot, "pack.changed")
    assert (told.sound, told.values["reason"]) == (Sound.ATTENTION, "Another colour, please")
    assert station.pack.banner.order == "Stop. #1042 was changed."
    assert isinstance(station.pack.body, pack.Stopped)
    assert [row.remaining for row in station.pack.body.lines.rows] == [f"0 of {quantity}", "1"]
    assert scan(station, qtbot, second).code == "pack.changed_wrong.take_out"
    assert station.pack.banner.order.startswith("Not ")
    ((shelf,),) = station.rows("SELECT min(code) FROM locations WHERE kind = 'shelf'")
    for _unit in range(quantity):
        assert scan(station, qtbot, first).code == "pack.changed_where"
        answer = scan(station, qtbot, str(shelf))
    assert answer.code == "pack.changed_done"
    assert isinstance(station.pack.body, pack.Packing)
    assert scan(station, qtbot, str(code).removeprefix("0")).code == "pack.counted"


def test_a_label_with_the_old_address_is_scanned_and_another_comes_by_itself(
    house: Databases, office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    before = Database.open(house.url)
    before.write(lambda session: put_setting(session, "label_scan_back", True))
    before.close()
    with open_station(house, tmp_path, qtbot) as station:
        scan(station, qtbot, ANNA)
        scan(station, qtbot, "#1042")
        for code, quantity in barcodes(station, "#1042"):
            for _unit in range(quantity):
                scan(station, qtbot, code)
        assert station.answers[-1].code == "pack.complete"
        old = labels(station, qtbot, 1)[0]
        assert office("readdress", "#1042") == "order.address_mended_label"
        heard(station, qtbot, "pack.changed")
        assert isinstance(station.pack.body, pack.Stopped)
        assert scan(station, qtbot, barcodes(station, "#1042")[0][0]).code == "pack.changed_wrong.label"
        assert scan(station, qtbot, old).code == "pack.changed_done"
        old_again, new = labels(station, qtbot, 2)
        assert old_again == old
        assert scan(station, qtbot, new).code == "pack.label_applied"
        ((content,),) = station.rows("SELECT content FROM labels ORDER BY id DESC LIMIT 1")
        assert "7 Harbour Walk" in str(content)
        assert station.rows("SELECT state FROM orders WHERE number = '#1042'") == [("shipped",)]


def labels(station: TypedStation, qtbot: QtBot, count: int) -> list[str]:
    """Tracking numbers of so many labels, once the newest is printed."""
    sql = "SELECT tracking_number, state FROM labels ORDER BY id"
    qtbot.waitUntil(
        lambda: len(station.rows(sql)) == count and station.rows(sql)[-1][1] == "printed", timeout=4 * PATIENCE_MS
    )
    return [str(tracking) for tracking, _state in station.rows(sql)]
