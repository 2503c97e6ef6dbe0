"""Two scanners send without a pause, and the station is killed at random points: no scan is lost, none counts twice."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from app.devices.journal import read_journal
from app.devices.simulated.lines import SocketLine
from app.devices.simulated.scanner import SimSerialScanner
from tests.devices.waiting import until
from tests.e2e.bench import sample_settings

ROOT = Path(__file__).resolve().parents[2]
EACH = 600
"""Codes of each scanner: twenty a second for half a minute, without the pauses between them."""
KILLS = 4


class Gun:
    """Sends its codes one after the other while a station listens, and goes on where it was."""

    def __init__(self, name: str) -> None:
        self.line = SocketLine()
        self.scanner = SimSerialScanner(self.line)
        self.codes = [f"{name}-{number:04d}" for number in range(EACH)]
        self.next = 0

    def send_until(self, stop: threading.Event, most: int) -> None:
        """Sends up to so many more codes."""
        end = min(self.next + most, EACH)
        until(lambda: self.line.connected or stop.is_set())
        while self.next < end and not stop.is_set():
            self.scanner.scan(self.codes[self.next])
            self.next += 1


class Station:
    """The process that is killed, and what it said."""

    def __init__(self, database: str, folder: Path, guns: list[Gun]) -> None:
        scanners = " ".join(gun.scanner.uri for gun in guns)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.killed_station", database, str(folder), scanners],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        self.lines: list[list[str]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.lines.append(line.split())

    def told(self, what: str) -> list[list[str]]:
        """The lines that begin with a word."""
        return [line[1:] for line in list(self.lines) if line[0] == what]

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self._over()

    def end(self) -> None:
        """Closes it as a person does."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._over()
        assert self.process.returncode == 0

    def _over(self) -> None:
        self.process.wait(60)
        self._reader.join(60)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def test_none_lost_none_twice(tmp_path: Path) -> None:
    settings, chance = sample_settings(tmp_path), random.Random(3)
    guns = [Gun("LEFT"), Gun("RIGHT")]
    durable: dict[str, str] = {}
    pending = 0
    for _ in range(KILLS):
        station = Station(settings.database, tmp_path, guns)
        wanted = chance.randint(1, 150)
        _work(station, guns, EACH // (KILLS + 1), lambda s=station, w=wanted: len(s.told("D")) >= w)  # type: ignore[misc]
        station.kill()
        _heed(station, durable, pending)
        pending = len(read_journal(_journal(tmp_path)).pending)
    station = Station(settings.database, tmp_path, guns)
    last = {gun.codes[-1] for gun in guns}
    _work(station, guns, EACH, lambda: last <= {code for (code,) in station.told("A")})
    station.end()
    _heed(station, durable, pending)

    kept = read_journal(_journal(tmp_path))
    assert (kept.pending, {scan.gesture_id for scan in kept.scans} >= set(durable)) == ((), True)
    with sqlite3.connect(tmp_path / "pickwick.sqlite3") as connection:
        stored = dict(connection.execute("SELECT id, raw FROM gestures WHERE kind = 'scan'"))
    connection.close()
    assert stored == {scan.gesture_id: scan.raw for scan in kept.scans}
    assert {gesture: stored[gesture] for gesture in durable} == durable
    assert Counter(stored.values()).most_common(1)[0][1] == 1
    for gun in guns:
        came = [scan.raw for scan in kept.scans if scan.raw in gun.codes]
        assert came == sorted(came)
        gun.line.close()


def _work(station: Station, guns: list[Gun], most: int, enough: object) -> None:
    """Both guns send until something is so."""
    assert callable(enough)
    stop = threading.Event()
    hands = [threading.Thread(target=gun.send_until, args=(stop, most)) for gun in guns]
    until(lambda: bool(station.told("S")), "started")
    for hand in hands:
        hand.start()
    until(enough, "sent")
    stop.set()
    for hand in hands:
        hand.join()


def _heed(station: Station, durable: dict[str, str], pending: int) -> None:
    """What it said while it lived: no fault, as many replayed as were pending, and what was on disk."""
    assert station.told("E") == []
    assert station.told("R") == [[str(pending)]]
    for gesture, code in station.told("D"):
        assert gesture not in durable
        durable[gesture] = code


def _journal(folder: Path) -> Path:
    return next((folder / "journals").rglob("*.journal"))
