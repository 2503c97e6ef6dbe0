"""Commands on an empty database of either kind, in folders of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Cli
from tests.databases import Databases


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data and settings of this test alone."""
    monkeypatch.setenv("PICKWICK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PICKWICK_CONFIG", str(tmp_path / "config" / "settings.toml"))
    monkeypatch.delenv("PICKWICK_DATABASE", raising=False)
    return tmp_path / "data"


@pytest.fixture
def cli(databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on a migrated, empty database of either kind."""
    databases.fresh()
    return Cli(databases.url, tmp_path, capsys)
