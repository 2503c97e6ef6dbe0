"""Who imports whom, where imports stand, and that what is imported is declared."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project_files import ROOT, python_files, tree_of

MAY_IMPORT_LATE = {
    "app/cli.py", "app/bootstrap/__init__.py", "app/bootstrap/core.py", "app/bootstrap/device_room.py",
    "app/bootstrap/document_printer.py",
    "app/bootstrap/feeding.py", "app/bootstrap/floor.py", "app/bootstrap/frame.py", "app/bootstrap/guests.py",
    "app/bootstrap/pages.py", "app/bootstrap/ready.py", "app/bootstrap/station_ui.py", "app/extras.py",
}  # fmt: skip
APP = python_files("app")


def test_the_contracts_of_the_layers_hold() -> None:
    linter = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def late_imports(path: Path) -> list[str]:
    """The imports of a file that stand inside a function."""
    return [
        f"line {late.lineno}"
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for late in ast.walk(function)
        if isinstance(late, ast.Import | ast.ImportFrom)
    ]


def test_imports_stand_at_the_top() -> None:
    names = {path.relative_to(ROOT).as_posix(): path for path in APP}
    late = {name: late_imports(path) for name, path in names.items() if name not in MAY_IMPORT_LATE}
    assert {name: lines for name, lines in late.items() if lines} == {}


def imported_packages(path: Path) -> set[str]:
    """The first parts of the names that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_what_the_station_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project.get("optional-dependencies", {}).values())]
    declared = {canonicalize_name(Requirement(text).name) for text in wanted}
    holders = packages_distributions()
    undeclared: dict[str, set[str]] = {}
    for path in [*APP, *(path for path in python_files("main.py"))]:
        for package in imported_packages(path) - set(sys.stdlib_module_names) - {"app"}:
            names = {canonicalize_name(name) for name in holders.get(package, [])}
            if not names & declared:
                undeclared.setdefault(package, set()).add(path.relative_to(ROOT).as_posix())
    assert undeclared == {}
