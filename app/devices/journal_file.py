"""The file of a scan journal: what is appended to it for good is on the disk once the call comes back."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

_DURABLE: int = getattr(os, "O_DSYNC", 0)
"""A write that comes back once it is on the disk: one wait of a thread instead of two. 0 where the system has none."""


@dataclass(slots=True)
class JournalFile:
    """The open file, by two handles: what is written by one of them is on the disk at once.

    That which was written by the other before may not be, and a power cut leaves zeros there: so each line that must
    last begins on a new line then.
    """

    handle: int
    durable: int
    size: int
    loose: bool = False

    def write(self, data: bytes, *, durable: bool) -> None:
        """Appends. Raises OSError, when part of it may be there."""
        if durable and self.loose:
            data = b"\n" + data
        _write_fully(self.durable if durable else self.handle, data)
        self.size += len(data)
        self.loose = not durable
        if durable and not _DURABLE:
            os.fsync(self.durable)

    def close(self) -> None:
        """Gives both handles back."""
        os.close(self.durable)
        os.close(self.handle)


def open_to_append(path: Path) -> JournalFile:
    """Opens for appending; a torn last line of a crash is ended, so that it spoils no other. Raises OSError."""
    how = os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with contextlib.ExitStack() as opened:
        file = os.open(path, how, 0o600)
        opened.callback(os.close, file)
        size = os.fstat(file).st_size
        if size:
            os.lseek(file, size - 1, os.SEEK_SET)
            if os.read(file, 1) != b"\n":
                _write_fully(file, b"\n")
                size += 1
        _sync_folder(path.parent)
        durable = os.open(path, how | _DURABLE, 0o600)
        opened.pop_all()
    return JournalFile(file, durable, size, loose=bool(size))  # the last of a killed process may not be on the disk


def _sync_folder(folder: Path) -> None:
    """Makes the name of a new file durable, where the system knows that (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_fully(file: int, data: bytes) -> None:
    written = os.write(file, data)
    while written < len(data):
        data = data[written:]
        written = os.write(file, data)
