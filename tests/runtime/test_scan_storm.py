"""20 scans a second from two serial scanners, with the station killed at random points: none lost, none twice."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.runtime.scan_storm import storm

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


def test_a_storm_of_scans_with_kills(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    account = storm(sqlite_databases, tmp_path, seconds=3, kills=3, seed=7)
    assert (account.sent, account.kills, len(account.lives)) == (60, 3, 4)
    assert account.kept + account.in_the_air == 60


@pytest.mark.skipif(
    not os.environ.get("PICKWICK_LONG_TESTS"), reason="takes over a minute: set PICKWICK_LONG_TESTS=1 to run it"
)
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_whole_minute_of_it(sqlite_databases: SqliteDatabases, tmp_path: Path, seed: int) -> None:
    account = storm(sqlite_databases, tmp_path, seconds=60, kills=20, seed=seed)
    assert (account.sent, account.kills) == (1200, 20)
