"""The bench runs from end to end on a small database; how long anything takes here is not asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.models.database import Database
from tests.builders import NOW
from tests.databases import Databases, PostgresDatabases, assert_sound
from tools.bench import floor, floor_allocate, floor_crew
from tools.bench.context import Context
from tools.bench.results import Result, quantile, rate, table, times
from tools.make_big import fill

ROOT = Path(__file__).resolve().parents[2]


def test_a_big_database_breaks_no_invariant(databases: Databases) -> None:
    database: Database = databases.fresh()
    fill(database, 1000, NOW)
    assert_sound(database)


@pytest.mark.timeout(280)
def test_every_measurement_gives_its_results(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.bench", "--out", str(tmp_path), "--size", "1000", "--postgres-size"]
    command += ["--share", "0.01", "--only", "labels", "foreign", "ports", "scans", "long", "bulk", "queue", "feed"]
    command += ["memory"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    names = {row["name"] for row in told["results"]}
    assert {
        "label as ZPL", "label as PDF", "PDF label to ZPL", "shipping label as TSPL at 300 dpi",
        "scan, all of a flow", "scan of an item", "bare transaction", "bare repaint",
        "scan in an order of 200 lines", "scan in a line of 1,000 units", "import", "allocation of one batch",
        "release of 20 orders", "queue: first page", "queue: next page", "queue: search by number endings",
        "change seen at 50 stations", "feed of 50 idle stations", "memory above the empty database",
        "bytes at a port to painted answer", "what the journal adds", "50 codes in 100 ms from each of two scanners",
    } <= names  # fmt: skip
    failed = [row["note"] for row in told["results"] if row["n"] == 0]
    assert not failed
    assert all(row["verdict"] in ("", "held", "MISSED") for row in told["results"])
    assert "scan, all of a flow" in done.stdout


def test_a_floor_is_measured_beside_the_same_rows_by_hand(
    postgresql_databases: PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgresql_databases.fresh()
    fill(database, 1000, NOW)
    for module in (floor_crew, floor_allocate):
        monkeypatch.setattr(module, "PROCESSES", 2)
    for timed in (floor, floor_allocate):
        monkeypatch.setattr(timed, "TURNS", 1)
    monkeypatch.setattr(floor, "CONNECTIONS", (1, 8))
    context = Context(postgresql_databases.url, 1000, tmp_path, 0.05)
    told = [*floor.measure(context), *floor_allocate.measure(context)]
    assert [result.name for result in told] == [
        "pack scans flat out, 1 connections", "pack scans flat out, 8 connections",
        "8 stations, a scan a second: server time", "8 stations, a scan a second: hand-written SQL",
        "8 stations, a scan a second: scan to painted answer",
        "pick scans flat out, 1 connections", "pick scans flat out, 8 connections",
        "allocation by 2 processes, one order a transaction", "allocation by 2 processes, 500 orders a transaction",
        "allocation on 4 hot products", "allocation on products apart", "hot products: units and winners",
    ]  # fmt: skip
    assert all(result.n for result in told[:-1])
    assert told[-1].ok
    postgresql_databases.close()


def test_a_quantile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (quantile(values, 0.5), quantile(values, 0.99), quantile([7.0], 0.99)) == (50.0, 99.0, 7.0)


def test_a_verdict_follows_from_what_was_measured() -> None:
    slow = times("x", 1, "SQLite", [1.0, 1.0, 30.0], median=3, p99=10)
    assert (slow.ok, slow.verdict, slow.budget) == (False, "MISSED", "median 3, p99 10")
    assert times("x", 1, "SQLite", [1.0, 2.0], median=3, p99=10).verdict == "held"
    assert times("x", 1, "SQLite", [1.0]).verdict == ""
    assert rate("x", 1, "SQLite", "lines/s", 100, 0.05, 1999).verdict == "held"
    assert rate("x", 1, "SQLite", "lines/s", 100, 0.05, 2001).verdict == "MISSED"


def test_the_table_has_a_line_for_each_result() -> None:
    made = [
        Result("a", 10, "SQLite", "ms", 3, 1.0, 2.5, "median 3", True),
        rate("b", 0, "", "lines/s", 9, 3, 1),
    ]
    assert [line.split()[0] for line in table(made).splitlines()[2:]] == ["a", "b"]
