"""Tables are read as they are wanted: each file of them knows what its own refer to, and the start reads only a few."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.project_files import ROOT

FILES = sorted(
    path.stem for path in (ROOT / "app" / "models").glob("*.py") if "__tablename__" in path.read_text("utf-8")
)
_REFERENCES = """
import importlib, sys
importlib.import_module("app.models." + sys.argv[1])
from app.models.base import Base
for table in Base.metadata.tables.values():
    for key in table.foreign_keys:
        key.column
"""
_BADGE = """
import sys
import app.services.station
print(" ".join(sorted(name for name in sys.modules if name.startswith("app.models."))))
"""


def python(code: str, *arguments: str) -> str:
    """What a Python of its own prints."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_tables_knows_what_its_tables_refer_to(name: str) -> None:
    python(_REFERENCES, name)


def test_all_tables_are_known_to_whoever_walks_them() -> None:
    told = python("from app.models.tables import Base; print(len(Base.metadata.tables))")
    modules = " ".join(f"app.models.{name}" for name in FILES)
    every = python(
        "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1].split()]; "
        "from app.models.base import Base; print(len(Base.metadata.tables))",
        modules,
    )
    assert told == every


def test_a_scanned_badge_waits_for_few_tables() -> None:
    read = set(python(_BADGE).split())
    assert not read & {f"app.models.{name}" for name in ("stock", "demand", "fulfillment", "catalogue", "shipping")}
