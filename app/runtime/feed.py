"""The change feed: tells this station which rows changed anywhere, from the log that each use case writes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.models.database import Session
from app.queries.feed import LogPoint, changes_after, newest_change
from app.runtime.notify import WakeUp

LOG = logging.getLogger(__name__)
T = TypeVar("T")
LOOK_SECONDS = 0.7
"""Between two looks while nothing wakes the feed."""
SAFETY_SECONDS = 5.0
"""Between two looks while something does: for what nobody could tell."""
RARE_SECONDS = 60.0
"""The same where nothing is ever missed."""
AT_MOST_EVERY_SECONDS = 0.15
"""Between two looks on a busy floor; whatever is told in between is read with one of them."""
LONGEST_PAUSE_SECONDS = 10.0
"""Between two attempts to hear again."""
FIRST_PAUSE_SECONDS = 0.2


class Reader(Protocol):
    """What the log is read with: a database, or the one connection that hears of it."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs a reading on one snapshot. Raises EnvironmentFailure."""


class ChangeFeed:
    """Reads the log past what it has seen, on its own thread, when something wakes it; the log alone is the truth.

    While it hears nothing (the listening connection broke, and does not come back) it looks at the log now and then.
    """

    def __init__(
        self,
        reader: Reader,
        wake_up: WakeUp,
        on_changes: Callable[[Sequence[Change]], None],
        on_gone: Callable[[EnvironmentFailure], None] = lambda _failure: None,
        on_back: Callable[[float], None] = lambda _milliseconds: None,
    ) -> None:
        """All are called on the feed's thread: `on_changes` with what others and this station changed, `on_gone` when
        the database stops to answer, even where nobody works, and `on_back` with the milliseconds of its first answer.
        """
        self._reader, self._on_changes = reader, on_changes
        self._on_gone, self._on_back = on_gone, on_back
        self._wake_up = wake_up
        self._hearing = _Hearing(self._wake_up)
        self._stopping = threading.Event()
        self._seen: LogPoint | None = None
        self._away = False
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._stopping.set()
        self._wake_up.interrupt()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def hears(self) -> bool:
        """Whether something wakes it; else it looks by itself."""
        return self._hearing.open

    def look(self) -> bool:
        """One look, on the caller's thread: whether there was anything new. Raises EnvironmentFailure."""
        if self._seen is None:
            self._seen = self._reader.read(newest_change)
            return False
        found_any, more = False, True
        while more and not self._stopping.is_set():
            seen = self._seen
            found = self._reader.read(lambda session, seen=seen: changes_after(session, seen))  # type: ignore[misc]
            self._seen, more = found.newest, found.more
            if found.changes:
                found_any = True
                self._on_changes(found.changes)
        return found_any

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
            except Exception:
                LOG.exception("a fault of the feed")
                self._stopping.wait(LOOK_SECONDS)
        self._hearing.end()

    def _round(self) -> None:
        """Hear if possible, look, and wait for what comes next."""
        self._hearing.begin()
        looked = time.monotonic()
        try:
            new = self.look()
        except EnvironmentFailure as failure:
            self._gone(failure)
            self._stopping.wait(LOOK_SECONDS)
            return
        if self._away:
            self._away = False
            self._on_back((time.monotonic() - looked) * 1000)
        try:
            self._hearing.wait(new, self._stopping)
        except EnvironmentFailure as failure:
            LOG.info("the feed hears no more: %s", failure)
            if failure.values.get("silent"):
                self._gone(failure)
        self._stopping.wait(max(0.0, AT_MOST_EVERY_SECONDS - (time.monotonic() - looked)))

    def _gone(self, failure: EnvironmentFailure) -> None:
        if not self._away:
            LOG.info("the feed waits: %s", failure)
            self._away = True
            self._on_gone(failure)


class _Hearing:
    """Opens what wakes the feed, again and again with longer pauses, and knows how long to trust it."""

    def __init__(self, wake_up: WakeUp) -> None:
        self._wake_up = wake_up
        self.open = False
        self._woken, self._deaf = True, False
        self._pause = FIRST_PAUSE_SECONDS
        self._next = 0.0

    def begin(self) -> None:
        """Opens it, unless it is open or was tried a moment ago."""
        if self.open or time.monotonic() < self._next:
            return
        try:
            self._wake_up.open()
        except EnvironmentFailure as failure:
            LOG.info("the feed can't hear: %s", failure)
            self._next = time.monotonic() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            return
        self.open, self._woken, self._deaf, self._pause = True, True, False, FIRST_PAUSE_SECONDS

    def wait(self, found: bool, stopping: threading.Event) -> None:
        """Until something wakes us, or it is time to look without. `found` says what the look before came to: when it
        found what nothing had told, we look often, until something tells again. Raises EnvironmentFailure."""
        if not self.open:
            stopping.wait(LOOK_SECONDS)
            return
        self._deaf = not self._woken and (self._deaf or found)
        try:
            safety = RARE_SECONDS if self._wake_up.sure else SAFETY_SECONDS
            self._woken = self._wake_up.wait(LOOK_SECONDS if self._deaf else safety)
        except EnvironmentFailure:
            self.open = False
            raise

    def end(self) -> None:
        """Hears no more."""
        self._wake_up.close()
        self.open = False
