"""A scan's way to the database when the journal's disk is full for a while."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.bootstrap.floor import make_floor
from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.keeping import Keeping
from app.domain.outcomes import Outcome, Place, Result
from app.models.database import Database
from app.runtime import worker
from app.runtime.background import Background
from app.runtime.station_client import StationClient
from app.runtime.worker import CommandWorker
from app.services.move_stock import move_stock
from tests.runtime.test_effects import MoodyCarrier, Paper
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench


class FullDisk:
    """A journal whose disk takes nothing at first."""

    def __init__(self, refusals: int) -> None:
        self.refusals, self.kept, self.acknowledged = refusals, list[str](), list[str]()

    def append(self, scan: Scan) -> Keeping:
        keeping = Keeping(scan)
        if self.refusals:
            self.refusals -= 1
            keeping.settle(EnvironmentFailure("journal.cannot_write", path="journal", reason="no space"))
        else:
            self.kept.append(scan.gesture_id)
            keeping.settle()
        return keeping

    def acknowledge(self, gesture_id: str) -> None:
        self.acknowledged.append(gesture_id)

    def pending(self) -> list[Scan]:
        return []


def client_of(
    database: Database, site: build.Site, journal: FullDisk, gone: list[str]
) -> tuple[StationClient, CommandWorker]:
    """The site's own station on this journal, its worker running."""
    floor = make_floor(site.actor.station_id or 0, site.warehouse_id, "own")
    background = Background(
        database, lambda now: site.actor, {"own": MoodyCarrier()}, Paper(), lambda: build.NOW,
        lambda _: None, lambda _: None, lambda _: None,
    )  # fmt: skip
    commands = CommandWorker(lambda failure, _: gone.append(failure.code), lambda *_: None)
    commands.start()
    return StationClient(
        database, floor, journal, commands, background, lambda: build.NOW, lambda call: call()
    ), commands


def test_a_scan_that_the_journal_could_not_take_is_stored_once_there_is_room_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.001)
    site = database.write(build.build_site)
    journal, gone, answers = FullDisk(2), list[str](), list[Outcome]()
    client, commands = client_of(database, site, journal, gone)
    gesture = Gesture("g-1", GestureKind.SCAN, "CUP", build.NOW)
    client.send(gesture, answers.append, lambda error: gone.append(repr(error)))
    commands.drain()
    commands.stop()
    assert gone == ["journal.cannot_write", "journal.cannot_write"]
    assert [answer.code for answer in answers] == ["station.sign_in_first"]
    assert (journal.kept, journal.acknowledged) == (["g-1"], ["g-1"])
    assert database.read(lambda s: list(s.execute(text("SELECT id FROM gestures")).scalars())) == ["g-1"]


def test_goods_that_somebody_took_away_are_a_refusal_that_is_stored(database: Database) -> None:
    site = database.write(build.build_site)
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    bench = whole_bench(database, site, "", Place.PACK)
    packing.carry_out(database, site, bench.scans(number, "CUP"))
    bench.scans("PW-RTN", number, "CUP", "PW-GR-A", "PW-MIND")
    place = database.read(lambda s: s.execute(text("SELECT id FROM locations WHERE kind = 'returns'")).scalar_one())
    shelf = site.places["A-01-1"]
    database.write(lambda s: move_stock(s, site.actor, site.products["CUP"], place, shelf, 1))
    journal = FullDisk(0)
    client, commands = client_of(database, site, journal, [])
    gesture = Gesture("g-1", GestureKind.SCAN, "PW-RESTOCK", build.NOW)
    first, again = client.apply(gesture), client.apply(gesture)
    commands.stop()
    assert (first.result, first.code, again.code) == (Result.REFUSED, "station.goods_gone", "station.goods_gone")
    assert journal.acknowledged == ["g-1", "g-1"]
    assert (
        database.read(lambda s: s.execute(text("SELECT code FROM gestures WHERE id = 'g-1'")).scalar_one())
        == first.code
    )
