"""A fault of ours while a gesture is handled: the gesture ends as one refused row, and never comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.bootstrap.floor import make_floor
from app.devices.journal import ScanJournal
from app.domain.barcodes import ScannedCode
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Place
from app.models.database import Database
from app.runtime.background import Background
from app.runtime.station_client import StationClient
from app.runtime.worker import CommandWorker
from app.services import pack_scan
from app.services.desk import Desk
from app.services.identify import Named
from app.services.ledger import NotEnoughError
from tests.runtime.test_effects import MoodyCarrier, Paper
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench


class Client:
    """The site's own station on a journal of its own."""

    def __init__(self, database: Database, site: build.Site, journal: Path) -> None:
        self.database, self.path = database, journal
        self.journal = ScanJournal(journal)
        self.answers: list[Outcome] = []
        self.faults: list[Exception] = []
        background = Background(
            database, lambda now: site.actor, {"own": MoodyCarrier()}, Paper(), lambda: build.NOW,
            lambda _: None, lambda _: None, lambda _: None,
        )  # fmt: skip
        self.worker = CommandWorker(lambda *_: None, lambda *_: None)
        self.worker.start()
        floor = make_floor(site.actor.station_id or 0, site.warehouse_id, "own")
        self.client = StationClient(
            database, floor, self.journal, self.worker, background, lambda: build.NOW, lambda call: call()
        )

    def scan(self, raw: str, gesture_id: str) -> None:
        gesture = Gesture(gesture_id, GestureKind.SCAN, raw, build.NOW)
        self.client.send(gesture, self.answers.append, self.faults.append)
        self.worker.drain()

    def close(self) -> None:
        self.worker.stop()
        self.journal.close()

    def rows(self) -> list[tuple[object, ...]]:
        found = "SELECT id, result, code FROM gestures ORDER BY id"
        return self.database.read(lambda s: [tuple(row) for row in s.execute(text(found))])


def test_a_scan_that_our_code_fails_at_ends_as_one_refused_row(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = database.write(build.build_site)
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    whole_bench(database, site, "", Place.PACK)
    client = Client(database, site, tmp_path / "station.journal")
    client.scan(number, "g-1")

    def stumbles(desk: Desk, code: ScannedCode, one: Named, goods: object, now: object) -> Outcome:
        desk.session.execute(text("UPDATE order_lines SET sku = 'half done'"))
        raise ZeroDivisionError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(pack_scan, "count", stumbles)
        client.scan("CUP", "g-2")
    assert [type(fault) for fault in client.faults] == [ZeroDivisionError]
    assert client.rows() == [("g-1", "navigate", "pack.opened"), ("g-2", "refused", "station.fault")]
    assert database.read(lambda s: s.execute(text("SELECT sku FROM order_lines")).scalar_one()) == "CUP"
    assert client.journal.pending() == []

    client.scan("CUP", "g-2")  # as if its acknowledgement had been lost
    client.scan("CUP", "g-3")
    assert [answer.code for answer in client.answers] == ["pack.opened", "station.fault", "pack.counted"]
    assert client.answers[1].repeated
    client.close()

    again = Client(database, site, tmp_path / "station.journal")
    assert again.client.replay(again.answers.append, again.faults.append) == 0
    again.close()
    assert [row[0] for row in client.rows()] == ["g-1", "g-2", "g-3"]


def test_what_is_open_may_be_what_our_code_fails_at(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = database.write(build.build_site)
    whole_bench(database, site, "", Place.PACK)
    client = Client(database, site, tmp_path / "station.journal")

    def unreadable(self: object, session: Session, *rest: object) -> Desk:
        raise KeyError("memory")

    with monkeypatch.context() as patch:
        patch.setattr("app.services.station.Floor._desk", unreadable)
        client.scan("OP-SECRET", "g-1")
    client.close()
    assert client.rows() == [("g-1", "refused", "station.fault")]
    kept = database.read(lambda s: s.execute(text("SELECT raw, answer FROM gestures")).one())
    assert kept[0] == "OP-…"
    assert "SECRET" not in str(kept[1])


def test_a_refusal_that_fails_too_is_one_row(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = database.write(build.build_site)
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    whole_bench(database, site, "", Place.PACK)
    client = Client(database, site, tmp_path / "station.journal")
    client.scan(number, "g-1")

    def gone(*_: object) -> Outcome:
        raise NotEnoughError(1, 1, 0)

    def unreadable(*_: object) -> object:
        raise KeyError("line")

    with monkeypatch.context() as patch:
        patch.setattr(pack_scan, "count", gone)
        patch.setattr("app.services.pack.PackDesk.snapshot", unreadable)
        client.scan("CUP", "g-2")
    client.close()
    assert client.rows() == [("g-1", "navigate", "pack.opened"), ("g-2", "refused", "station.fault")]
    assert client.journal.pending() == []
