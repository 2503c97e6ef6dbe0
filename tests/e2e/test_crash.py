"""A station dies in the middle of an order, with a scan on its way: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.devices.journal import read_journal
from app.domain.outcomes import Place
from app.presenters.state import pack
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, PATIENCE_MS, TypedStation, sample_settings, typed_station

ROOT = Path(__file__).resolve().parents[2]

BADGE = "OP-…"  # what is kept of one


class Victim:
    """The process that is killed."""

    def __init__(self, database: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.crashing_station", database, str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip

    def scan(self, code: str) -> dict[str, str]:
        """What it says to a code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(code + "\n")
        self._process.stdin.flush()
        told: dict[str, str] = json.loads(self._process.stdout.readline())
        return told

    def kill(self) -> None:
        """As `kill -9` does: nothing of it runs any more."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path


def test_a_killed_station_goes_on_where_it_was(folder: Path, qtbot: QtBot) -> None:
    settings = replace(sample_settings(folder), scanner="keyboard:")
    file = folder / "pickwick.sqlite3"
    heart = _barcode(file, "85123A")
    victim = Victim(settings.database, folder)
    assert [victim.scan(code) for code in (ANNA, "#1042", heart)] == [
        {"answer": "sign_in.welcome"},
        {"answer": "pack.opened"},
        {"answer": "pack.counted"},
    ]
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # the database is busy elsewhere, so the scan is on disk and not in it
        assert victim.scan(f"!{heart}") == {"journalled": heart}
        victim.kill()
        other.execute("ROLLBACK")

    journal = next((folder / "journals").rglob("*.journal"))
    kept = read_journal(journal)
    assert [scan.raw for scan in kept.pending] == [heart]
    assert _gestures(file) == [BADGE, "#1042", heart]

    with typed_station(settings, qtbot) as station:
        qtbot.waitUntil(lambda: station.answers[-1].code == "pack.counted", timeout=PATIENCE_MS)
        assert station.answers[-1].values["packed"] == 2
        assert station.page == Place.PACK.value
        assert isinstance(station.pack.body, pack.Packing)
        assert station.pack.banner.order == (
            "Scans on their way when the station stopped: 1. They are counted now; look before you go on."
        )
        assert _packed(station) == [("85123A", 2)]
        assert station.ui.presenter is not None
        assert station.ui.presenter.info.operator == "Anna Lindqvist"
    assert _gestures(file) == [BADGE, "#1042", heart, heart]
    assert read_journal(journal).pending == ()

    with typed_station(settings, qtbot) as station:  # and nothing is applied again at the next start
        assert station.wedge(heart).values["packed"] == 3
        assert_sound(station.database)
    assert _gestures(file) == [BADGE, "#1042", heart, heart, heart]


def test_what_was_answered_before_the_answer_was_noted_is_not_applied_twice(folder: Path, qtbot: QtBot) -> None:
    """Killed between the commit and its acknowledgement: the journal sends the scan again, under its own id."""
    settings = sample_settings(folder)
    file = folder / "pickwick.sqlite3"
    heart = _barcode(file, "85123A")
    victim = Victim(settings.database, folder)
    for code in (ANNA, "#1042", heart):
        victim.scan(code)
    victim.kill()
    journal = next((folder / "journals").rglob("*.journal"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"k":"a"' not in line))
    assert len(read_journal(journal).pending) == 3

    with typed_station(settings, qtbot) as station:
        core = station.ui.core
        assert core is not None
        qtbot.waitUntil(lambda: not core.journal.pending() and bool(station.answers), timeout=PATIENCE_MS)
        assert [(answer.code, answer.repeated) for answer in station.answers] == [("station.here", False)]
        assert station.page == Place.PACK.value
        assert _packed(station) == [("85123A", 1)]
        assert_sound(station.database)
    assert _gestures(file) == [BADGE, "#1042", heart]
    assert read_journal(journal).pending == ()


def _packed(station: TypedStation) -> list[tuple[object, ...]]:
    return station.rows(
        "SELECT p.sku, sum(b.on_hand) FROM stock_balances b JOIN products p ON p.id = b.product_id "
        "JOIN locations l ON l.id = b.location_id WHERE l.kind = 'package' AND b.on_hand > 0 GROUP BY p.sku"
    )


def _barcode(file: Path, sku: str) -> str:
    with sqlite3.connect(file) as connection:
        row = connection.execute(
            "SELECT i.code FROM identifiers i JOIN products p ON p.id = i.product_id "
            "WHERE p.sku = ? AND i.quantity = 1",
            (sku,),
        ).fetchone()
    return str(row[0]).removeprefix("0")


def _gestures(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        return [row[0] for row in connection.execute("SELECT raw FROM gestures ORDER BY at, id")]
