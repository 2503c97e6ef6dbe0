"""A scan on its way to a disk, and how long to wait for it."""

from __future__ import annotations

from threading import Lock

from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure


class Keeping:
    """Waited for until the scan is durable. A lock and nothing else: a future, which each scan would make, is ten
    times as much to set up and to wait for.
    """

    __slots__ = ("_failure", "_latch", "scan")

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self._failure: EnvironmentFailure | None = None
        self._latch = Lock()
        self._latch.acquire()

    def settle(self, failure: EnvironmentFailure | None = None) -> None:
        """It is durable, or the disk did not take it. Once, from any thread."""
        self._failure = failure
        self._latch.release()

    def result(self, timeout: float = -1) -> Scan:
        """The scan, once it is durable; waits at most so many seconds, or for ever. Raises EnvironmentFailure when the
        disk did not take it, and TimeoutError.
        """
        if not self._latch.acquire(timeout=timeout):
            raise TimeoutError
        self._latch.release()
        if self._failure is not None:
            raise self._failure
        return self.scan
