"""The printers of a station for the Devices screen: their jobs as rows say, and orders to them between two jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.domain.clock import Clock
from app.domain.outcomes import Change, Outcome
from app.domain.states import PrintJobState
from app.domain.words import say
from app.models.database import Database, Session
from app.presenters import notices
from app.presenters.device_watch import Level, Levels, PrinterOrder, SeenJob
from app.presenters.runner import Runner
from app.presenters.station_info import StationInfo
from app.queries.station_jobs import StationJob, newest_jobs
from app.services import printer_jobs
from app.services.print_jobs import INTERRUPTED
from app.services.workplaces import put_station_settings, station_settings

JOBS_READ = 60
SLOW, SPARE = timedelta(seconds=1), timedelta(seconds=10)
"""A printer that is long in answering, or not reached, is left alone for a while: labels wait for the same thread."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LEVELS = "printer_levels"
"""The setting of a station: what each printer was told last from here."""
_DARKNESS = (PrinterOrder.DARKER, PrinterOrder.LIGHTER)
_SPEED = (PrinterOrder.FASTER, PrinterOrder.SLOWER)


class Steps(Protocol):
    """The whole numbers that a setting takes."""

    @property
    def least(self) -> int: ...  # noqa: D102

    @property
    def most(self) -> int: ...  # noqa: D102


class Press(Protocol):
    """The printers themselves; `look` and `tell` are called on the thread that owns them."""

    @property
    def uris(self) -> tuple[str, ...]: ...  # noqa: D102

    def describe(self, uri: str) -> tuple[str, int]: ...  # noqa: D102

    def levels(self, uri: str) -> tuple[Steps, Steps] | None: ...  # noqa: D102

    def address_of(self, document: str, printer: str) -> str: ...  # noqa: D102

    def documents_of(self, uri: str) -> tuple[str, ...]: ...  # noqa: D102

    def look(self, uri: str) -> None: ...  # noqa: D102

    def tell(self, uri: str, order: PrinterOrder, level: int) -> str: ...  # noqa: D102


class Worker(Protocol):
    """The thread that owns the printers."""

    def between_jobs(self, deed: Callable[[], None]) -> None: ...  # noqa: D102

    def carry_out(self, effects: tuple[Change, ...]) -> None: ...  # noqa: D102


class PrinterDesk:
    """Implements `runtime.watch.Printers`. Called on the presenter's thread."""

    def __init__(
        self,
        press: Press,
        worker: Callable[[], Worker],
        database: Database,
        runner: Runner,
        station_id: int,
        clock: Clock,
        new_id: Callable[[], str],
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        """`worker` gives the owner of the printers; `post` runs something on the presenter's thread."""
        self._press, self._worker, self._database, self._runner = press, worker, database, runner
        self._station_id, self._clock, self._new_id, self._post = station_id, clock, new_id, post
        self._jobs: dict[str, tuple[SeenJob, ...]] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._known: dict[str, tuple[tuple[str, int], tuple[Steps, Steps] | None]] = {}
        self._asked: set[str] = set()
        self._not_before: dict[str, datetime] = {}
        self._reading = False

    @property
    def uris(self) -> tuple[str, ...]:
        """The label printer first."""
        return self._press.uris

    def name(self, uri: str) -> str:
        """By what goes there."""
        if uri not in self.uris:
            return say("bench.printer")
        if uri == self._press.address_of("shipping-label", ""):
            return say("devices_screen.use.printer")
        documents = self._press.documents_of(uri)
        if len(documents) == 1:
            return say("devices_screen.printer.for", document=say(f"document.{documents[0]}"))
        return say("devices_screen.use.paper_printer")

    def describe(self, uri: str) -> tuple[str, int]:
        """Language and dots an inch, opened once."""
        return self._facts(uri)[0]

    def jobs(self, uri: str) -> tuple[SeenJob, ...]:
        """As they were read last."""
        return self._jobs.get(uri, ())

    def levels(self, uri: str) -> Levels:
        """What it was told from here."""
        steps, told = self._facts(uri)[1], self._told.get(uri, {})
        if steps is None:
            return Levels()
        dark, fast = steps
        return Levels(
            Level(dark.least, dark.most, told.get("darkness")), Level(fast.least, fast.most, told.get("speed"))
        )

    def look(self, then: Callable[[], None]) -> None:
        """Asks each printer, one question at a time; reads the rows, one reading at a time."""
        for uri in self.uris:
            if uri not in self._asked and self._clock() >= self._not_before.get(uri, LONG_AGO):
                self._asked.add(uri)
                self._worker().between_jobs(lambda uri=uri: self._look_at(uri))  # type: ignore[misc]
        if self._reading:
            return
        self._reading = True

        def read(session: Session) -> tuple[tuple[StationJob, ...], dict[str, object]]:
            return newest_jobs(session, self._station_id, JOBS_READ), station_settings(session, self._station_id)

        def put(found: tuple[tuple[StationJob, ...], dict[str, object]]) -> None:
            self._reading = False
            self._take(*found)
            then()

        def failed(_error: Exception) -> None:
            self._reading = False

        self._runner.read(lambda: self._database.read(read), put, failed)

    def order(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        """A test, a reprint and a cleared queue are rows; all else goes to the printer itself."""
        actor, jobs = station.actor(self._clock()), self.jobs(uri)
        if order is PrinterOrder.TEST:
            key = f"test-{self._new_id()}"
            self._write(lambda session: printer_jobs.print_test(session, actor, key, uri), then)
        elif order is PrinterOrder.REPRINT and jobs:
            key, last = f"again-{self._new_id()}", jobs[0].job_id
            self._write(lambda session: printer_jobs.print_again(session, actor, last, key, uri), then)
        elif order is PrinterOrder.CLEAR:
            waiting = tuple(job.job_id for job in jobs if job.state is PrintJobState.QUEUED)
            self._write(lambda session: printer_jobs.clear_waiting(session, actor, waiting), then)
        else:
            self._tell(uri, order, station, then)

    def _look_at(self, uri: str) -> None:
        began = self._clock()
        try:
            self._press.look(uri)
        finally:
            now = self._clock()
            self._post(lambda: self._looked_at(uri, now + SPARE if now - began > SLOW else now))

    def _looked_at(self, uri: str, again: datetime) -> None:
        self._asked.discard(uri)
        self._not_before[uri] = again

    def _take(self, jobs: tuple[StationJob, ...], settings: Mapping[str, object]) -> None:
        by_printer: dict[str, list[SeenJob]] = {}
        for job in jobs:
            uri = self._press.address_of(job.document, job.printer)
            by_printer.setdefault(uri, []).append(_seen(job))
        self._jobs = {uri: tuple(seen) for uri, seen in by_printer.items()}
        kept = settings.get(LEVELS)
        if isinstance(kept, dict):
            self._told = {str(uri): dict(levels) for uri, levels in kept.items() if isinstance(levels, dict)}

    def _facts(self, uri: str) -> tuple[tuple[str, int], tuple[Steps, Steps] | None]:
        if uri not in self._known:
            self._known[uri] = self._press.describe(uri), self._press.levels(uri)
        return self._known[uri]

    def _write(self, work: Callable[[Session], Outcome], then: Callable[[str], None]) -> None:
        def done(outcome: Outcome) -> None:
            self._worker().carry_out(())
            then(notices.notice_of(outcome).words)

        self._runner.command(lambda: self._database.write(work), done, lambda error: then(notices.failure(error).words))

    def _tell(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        levels = self.levels(uri)
        level = levels.darkness if order in _DARKNESS else levels.speed if order in _SPEED else None
        goal = level.stepped(order.step) if level is not None else 0

        def deed() -> None:
            wrong = self._press.tell(uri, order, goal)
            self._post(lambda: told(wrong))

        def told(wrong: str) -> None:
            if wrong:
                then(wrong)
            elif level is None:
                then(say(f"devices_screen.done.{order.value}"))
            else:
                self._keep(uri, "darkness" if order in _DARKNESS else "speed", goal, station)
                then(say(f"devices_screen.done.{order.value}", level=goal, most=level.most))

        self._worker().between_jobs(deed)

    def _keep(self, uri: str, name: str, goal: int, station: StationInfo) -> None:
        self._told[uri] = {**self._told.get(uri, {}), name: goal}
        actor, told = station.actor(self._clock()), dict(self._told)
        self._runner.command(
            lambda: self._database.write(
                lambda session: put_station_settings(session, actor, self._station_id, {LEVELS: told})
            ),
            lambda _: None,
            lambda _: None,
        )


def _seen(job: StationJob) -> SeenJob:
    title = say(f"document.{job.document}")
    if job.order and job.parcel:
        title = say("devices_screen.job.parcel", document=title, order=job.order, parcel=job.parcel)
    elif job.order:
        title = say("devices_screen.job.order", document=title, order=job.order)
    reason = say("pack.doubt.interrupted") if job.reason == INTERRUPTED else job.reason
    return SeenJob(job.job_id, title, job.state, job.at, reason, job.again, job.doubtful)
