"""What is loaded when: no Qt for those who show nothing, and nothing heavy before the window stands."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.bootstrap.read_ahead import LATER, SOON
from tests.architecture.project_files import ROOT, python_files

KIT = ("command", "command_bar", "field", "frame", "ink", "kept", "look", "motion", "part", "text")
STATES = ("basics", "control_parts", "guests", "intents", "shell", "sign_in", "words")
MODELS = (
    "base", "database", "database_file", "engines", "fairlock", "notifying", "people", "pipeline", "prepared",
    "schema_state", "server_address", "system", "warehouses",
)  # fmt: skip
HEAVY = ("PySide6", "sqlalchemy", "psycopg", "reportlab", "numpy", "PIL")


def modules_with(modules: list[str]) -> set[str]:
    """All modules that a new Python has after importing some."""
    script = (
        "import importlib, json, sys; [importlib.import_module(name) for name in json.loads(sys.argv[1])];"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", script, json.dumps(modules)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def loaded_with(modules: list[str]) -> set[str]:
    """The first parts of their names."""
    return {name.partition(".")[0] for name in modules_with(modules)}


# What commands without a screen are put together from; the rest of bootstrap opens the window.
HEADLESS_BOOTSTRAP = {(name,) for name in ("__init__", "core", "floor", "ready", "document_printer")}


def test_nothing_but_views_needs_qt() -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path in python_files("app")]
    headless = [
        ".".join(path.parts).removesuffix(".__init__")
        for path in files
        if path.parts[1] != "views"
        and path.parts[1:] != ("runtime", "qt")
        and "migrations" not in path.parts
        and (path.parts[1] != "bootstrap" or path.parts[2:] in HEADLESS_BOOTSTRAP)
    ]
    assert len(headless) > 50
    assert loaded_with(headless) & {"PySide6", "shiboken6", "qtpy", "qtawesome"} == set()


@pytest.mark.skipif(not (ROOT / "app" / "cli.py").exists(), reason="there is no command line yet")
def test_the_command_line_loads_nothing_heavy_by_itself() -> None:
    assert loaded_with(["app.cli"]) & set(HEAVY) == set()


def test_the_first_window_reads_nothing_that_it_does_not_show() -> None:
    assert loaded_with(["app.bootstrap.frame"]) & {"sqlalchemy", "psycopg", "reportlab", "numpy", "PIL"} == set()


def test_the_station_takes_scans_before_it_reads_what_only_its_pages_show() -> None:
    read = modules_with(["app.bootstrap.station_ui"])
    assert {name for name in read if name.startswith("app.views.kit.")} == {f"app.views.kit.{name}" for name in KIT}
    assert {name for name in read if name.startswith("app.presenters.state.")} == {
        f"app.presenters.state.{name}" for name in STATES
    }
    assert {name for name in read if name.startswith("app.models.")} == {f"app.models.{name}" for name in MODELS}
    assert {name for name in read if name.startswith("app.queries.")} == {"app.queries.feed"}
    assert read & {"app.domain.work", "app.domain.cartons", "app.domain.documents", "app.domain.sourcing"} == set()
    assert {name.partition(".")[0] for name in read} & {"alembic", "psycopg", "reportlab", "numpy", "PIL"} == set()


def test_what_is_read_ahead_is_there() -> None:
    assert "sqlalchemy" in loaded_with([*SOON, *LATER])
