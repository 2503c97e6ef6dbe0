"""A scan's way to the database when the journal's disk is full for a while."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from sqlalchemy import text

from app.bootstrap.floor import make_floor
from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.models.database import Database
from app.runtime import worker
from app.runtime.background import Background
from app.runtime.station_client import StationClient
from app.runtime.worker import CommandWorker
from tests.runtime.test_effects import MoodyCarrier, Paper
from tests.services import stock_builders as build


class FullDisk:
    """A journal whose disk takes nothing at first."""

    def __init__(self, refusals: int) -> None:
        self.refusals, self.kept, self.acknowledged = refusals, list[str](), list[str]()

    def append(self, scan: Scan) -> Future[Scan]:
        done: Future[Scan] = Future()
        if self.refusals:
            self.refusals -= 1
            done.set_exception(EnvironmentFailure("journal.cannot_write", path="journal", reason="no space"))
        else:
            self.kept.append(scan.gesture_id)
            done.set_result(scan)
        return done

    def acknowledge(self, gesture_id: str) -> None:
        self.acknowledged.append(gesture_id)

    def pending(self) -> list[Scan]:
        return []


def test_a_scan_that_the_journal_could_not_take_is_stored_once_there_is_room_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.001)
    site = database.write(build.build_site)
    journal, gone, answers = FullDisk(2), list[str](), list[Outcome]()
    floor = make_floor(site.actor.station_id or 0, site.warehouse_id, "own")
    background = Background(
        database, lambda now: site.actor, {"own": MoodyCarrier()}, Paper(), lambda: build.NOW,
        lambda _: None, lambda _: None, lambda _: None,
    )  # fmt: skip
    commands = CommandWorker(lambda failure, _: gone.append(failure.code), lambda *_: None)
    client = StationClient(database, floor, journal, commands, background, lambda: build.NOW, lambda call: call())
    commands.start()
    client.send(
        Gesture("g-1", GestureKind.SCAN, "CUP", build.NOW), answers.append, lambda error: gone.append(repr(error))
    )
    commands.drain()
    commands.stop()
    assert gone == ["journal.cannot_write", "journal.cannot_write"]
    assert [answer.code for answer in answers] == ["station.sign_in_first"]
    assert (journal.kept, journal.acknowledged) == (["g-1"], ["g-1"])
    assert database.read(lambda s: list(s.execute(text("SELECT id FROM gestures")).scalars())) == ["g-1"]
