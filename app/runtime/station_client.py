"""A station's way to the database: journal first, then the ordered worker, one transaction, then its effects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from app.domain.clock import Clock
from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Change, Outcome
from app.models.database import Database, Session
from app.runtime.journals import Journal
from app.runtime.worker import CommandWorker, Task
from app.services.shortage import NotEnoughError
from app.services.station import Floor

LOG = logging.getLogger(__name__)
Then = Callable[[Outcome], None]
Failed = Callable[[Exception], None]


class Behind(Protocol):
    """What is done after a commit (`runtime.background.Background`)."""

    def carry_out(self, effects: Iterable[Change]) -> None:
        """Takes effects of a committed use case; returns at once."""


class _KeptScan:
    """A scan on its way to the journal's disk."""

    def __init__(self, journal: Journal, scan: Scan) -> None:
        self._journal, self._scan = journal, scan
        self._done = journal.append(scan)

    def wait(self) -> None:
        """Until it is durable. Raises EnvironmentFailure when the disk did not take it; then it is on its way again."""
        try:
            self._done.result()
        except EnvironmentFailure:
            self._done = self._journal.append(self._scan)
            raise


class StationClient:
    """Implements `presenters.gateway.Gateway`. `post` carries answers to the presenter's thread."""

    def __init__(
        self,
        database: Database,
        floor: Floor,
        journal: Journal,
        worker: CommandWorker,
        behind: Behind,
        clock: Clock,
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        self._database, self._floor, self._journal = database, floor, journal
        self._worker, self._behind, self._clock, self._post = worker, behind, clock, post

    def send(self, gesture: Gesture, then: Then, failed: Failed) -> None:
        """Applies a gesture. A scan is in the journal on disk before the database stores it.

        The journal's disk is waited for inside the transaction, just before the commit: both run at the same time.
        """
        kept: _KeptScan | None = None
        if gesture.kind is GestureKind.SCAN:
            kept = _KeptScan(self._journal, Scan(gesture.id, gesture.raw, gesture.device, gesture.at))
        self._worker.submit(Task(lambda: self.apply(gesture, kept), self._to(then), self._to_failed(failed), keep=True))

    def look(self, then: Then, failed: Failed) -> None:
        """Where this station stands now."""
        gesture = Gesture("", GestureKind.KEY, "", self._clock())

        def work() -> Outcome:
            return self._database.write(lambda session: self._floor.look(session, gesture, None, self._clock()))

        self._worker.submit(Task(work, self._to(then), self._to_failed(failed), keep=True))

    def interrupted(self, then: Then, failed: Failed) -> None:
        """Whether somebody else stopped the open work; `then` is called only when it is so."""
        gesture = Gesture("", GestureKind.KEY, "", self._clock())

        def work() -> Outcome | None:
            return self._database.write(lambda session: self._floor.interrupted(session, gesture, None, self._clock()))

        def told(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._to(then)(outcome)

        self._worker.submit(Task(work, told, self._to_failed(failed)))

    def apply(self, gesture: Gesture, kept: _KeptScan | None = None) -> Outcome:
        """One gesture, one transaction, on the caller's thread; its effects are handed on after the commit.

        `kept` is done once the journal has the scan; nothing is committed before. A fault of ours is raised once the
        gesture is stored as refused (`station.fault`).
        """

        def work(session: Session) -> Outcome:
            answer = self._floor.handle(session, gesture, None, self._clock())
            if kept is not None:
                kept.wait()
            return answer

        def refuse(session: Session) -> Outcome:
            now = self._clock()
            return self._floor.refuse(session, gesture, None, now, "station.goods_gone")

        fault: Exception | None = None
        try:
            try:
                outcome = self._database.write(work, once_by_itself=True, own=True)
            except NotEnoughError:  # somebody moved them between two of our statements, or before: nothing was done
                outcome = self._database.write(refuse, once_by_itself=True)
        except EnvironmentFailure:
            raise
        except Exception as error:  # rolled back; it must not come back at each start, and is raised below
            LOG.error("gesture %s failed and was refused: nothing of it was done", gesture.id, exc_info=error)
            fault = error
            outcome = self._database.write(
                lambda session: self._floor.fault(session, gesture, self._clock()), once_by_itself=True
            )
        if gesture.kind is GestureKind.SCAN:
            self._journal.acknowledge(gesture.id)
        if fault is not None:
            raise fault
        if outcome.effects:
            self._behind.carry_out(outcome.effects)
        return outcome

    def replay(self, then: Then, failed: Failed) -> int:
        """Applies what a crash left in the journal, exactly once; says how many scans that are."""
        pending = self._journal.pending()
        for scan in pending:
            gesture = Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device)
            self._worker.submit(
                Task(lambda gesture=gesture: self.apply(gesture), self._to(then), self._to_failed(failed), keep=True)  # type: ignore[misc]
            )
        return len(pending)

    def _to(self, then: Then) -> Then:
        return lambda outcome: self._post(partial(then, outcome))

    def _to_failed(self, failed: Failed) -> Failed:
        return lambda error: self._post(partial(failed, error))
