"""How a presenter has work done on other threads and hears of it on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Runner(Protocol):
    """Runs work off the GUI thread; `then` and `failed` are called on the presenter's thread, in order."""

    def command(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """On the one worker that keeps the order of scans: everything that changes rows."""

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """On the pool for reading; answers may come in another order."""

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """Calls `then` on the presenter's thread after a while; gives what cancels it."""


class AtOnce:
    """A runner that does everything at once, on the caller's thread: for tests and for the command line."""

    def __init__(self) -> None:
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def command(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Runs it now."""
        try:
            answer = work()
        except Exception as error:  # noqa: BLE001 - handed on to who asked, as a thread would
            failed(error)
            return
        then(answer)

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Runs it now."""
        self.command(work, then, failed)

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """Keeps it for `run_timers`, because nothing here waits."""
        entry = (seconds, then)
        self.timers.append(entry)
        return lambda: self.timers.remove(entry) if entry in self.timers else None

    def run_timers(self) -> None:
        """Calls what was put off, as if its time had come."""
        due, self.timers = self.timers, []
        for _, then in due:
            then()
