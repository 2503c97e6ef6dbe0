"""The file of an embedded database, looked at before anything opens it: opening makes its folder and its locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def missing_file(url: str) -> Path | None:
    """The file that an address names and that is not there; None for a server, and for what only opening can judge."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            return None
        path = Path(parsed.database)
        return None if path.exists() else path
    except (ArgumentError, ValueError, OSError):
        return None


@contextmanager
def nothing_left_without_it(url: str) -> Iterator[None]:
    """What opening made for a file that nobody wrote in the end goes again: locks, and folders that were not there."""
    missing = missing_file(url)
    folders = [] if missing is None else [folder for folder in missing.parents if not folder.exists()]
    try:
        yield
    finally:
        if missing is not None and not missing.exists():
            for ending in (".lock", ".turn"):
                with suppress(OSError):
                    missing.with_name(missing.name + ending).unlink()
            for folder in folders:
                with suppress(OSError):
                    folder.rmdir()
