"""The station is killed while a label is on its way to the printer: it is asked about, and never sent twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services.print_jobs import INTERRUPTED
from tests.databases import SqliteDatabases, assert_sound
from tests.runtime.printing_bench import printing_bench

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("answer", ["PW-OK", "PW-RETRY"])
def test_a_killed_station_asks_about_the_label_that_it_sent(sqlite_databases: SqliteDatabases, answer: str) -> None:
    database, twin = sqlite_databases.fresh(), PrinterTwin()
    twin.hushes_with_job = True  # the station waits for its answer when it is killed
    with TcpDoor(twin) as door:
        here = printing_bench(database, door.uri)
        here.packs()
        arguments = (sqlite_databases.url, door.uri, here.bench.floor.station_id, here.site.warehouse_id)
        victim = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.printing_victim", *map(str, arguments)], cwd=ROOT
        )
        assert twin.wait_for(lambda seen: len(seen.printed) == 1, 60)
        victim.kill()
        victim.wait()
        assert here.label_jobs == ["sending"]

        twin.hushes_with_job = False
        twin.answers = type(twin.answers).AT_ONCE
        here.background.settle_leftovers()
        here.later(3600)
        assert (len(twin.printed), [one.reason for one in here.doubts]) == (1, [INTERRUPTED])
        here.after(here.bench.scan(answer))
        assert (here.doubts, here.label_jobs) == ((), ["printed"])
        assert len(twin.printed) == (1 if answer == "PW-OK" else 2)
        assert here.column("SELECT count(*) FROM labels") == [1]
        here.background.stop()
    assert here.faults == []
    assert_sound(database)
