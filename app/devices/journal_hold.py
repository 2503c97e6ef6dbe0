"""Who has a scan journal: one program at a time, until it ends or is killed."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return True
        return False
else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        with contextlib.suppress(OSError):  # a file system that knows no locks refuses nobody
            try:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


class HeldElsewhereError(Exception):
    """Another program has the journal."""


class JournalHold:
    """Holds a journal for this program: two that wrote into one would acknowledge each other's scans."""

    def __init__(self, journal: Path) -> None:
        """Takes it by a file beside it, which stays.

        Raises HeldElsewhereError when another program has it, OSError when the file cannot be made.
        """
        self._file = journal.with_name(f"{journal.name}.held").open("ab")
        if _taken(self._file):
            self._file.close()
            raise HeldElsewhereError(str(journal))

    def close(self) -> None:
        """Lets go; the system does that for a program that was killed. May be called twice."""
        self._file.close()
