"""A lock that is given in the order in which it was asked for, in a process, and that other processes honour too."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock_file(file: IO[bytes]) -> None:
        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                return
            except OSError:
                time.sleep(0.001)

    def _unlock_file(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock_file(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)

    def _unlock_file(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


class FairLock:
    """First come, first served among threads; between processes two file locks, the first of which is a turnstile.

    SQLite's own busy time-out lets a scan beside an import wait for seconds; behind this it waits for one transaction:
    who waits for the file holds the turnstile, so that an import which asks again at once comes after it.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` is the lock file, made when absent, with the turnstile `.turn` beside it; None locks among the
        threads of this process only.
        """
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False
        self._file: IO[bytes] | None = path.open("ab") if path is not None else None
        self._turn: IO[bytes] | None = path.with_suffix(".turn").open("ab") if path is not None else None

    def __enter__(self) -> None:
        turn = None
        with self._guard:
            if self._held or self._waiting:
                turn = threading.Event()
                self._waiting.append(turn)
            else:
                self._held = True
        if turn is not None:
            turn.wait()
        if self._file is not None and self._turn is not None:
            _lock_file(self._turn)
            try:
                _lock_file(self._file)
            finally:
                _unlock_file(self._turn)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            _unlock_file(self._file)
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()  # the lock passes straight on: nobody can slip in between
            else:
                self._held = False

    def close(self) -> None:
        """Lets go of the files."""
        for file in (self._file, self._turn):
            if file is not None:
                file.close()
        self._file = self._turn = None
