"""The project's own files, as git knows them: what is built, installed or ignored is not among them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".mjs", ".ini", ".yml", ".yaml", ".sh", ".qss", ".svg", ".mako", ""}
BUILT = {
    ".venv",
    ".git",
    ".hypothesis",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    "node_modules",
    "__pycache__",
    "demo-out",
    "bench-out",
    "build",
    "dist",
}


@cache
def project_files() -> tuple[Path, ...]:
    """All files that are in the repository or would be added to it; without git, all but what is built."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        found = (path for path in sorted(ROOT.rglob("*")) if not BUILT & set(path.relative_to(ROOT).parts))
        return tuple(path for path in found if path.is_file())
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return tuple(path for name in sorted(set(done.stdout.split("\0"))) if name and (path := ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """The project's Python files, or those under some folders of its top."""
    files = (path for path in project_files() if path.suffix == ".py")
    return [path for path in files if not folders or path.relative_to(ROOT).parts[0] in folders]


def text_files() -> Iterator[tuple[str, str]]:
    """Name and text of each file that a person may read."""
    for path in project_files():
        if path.suffix in TEXT:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
