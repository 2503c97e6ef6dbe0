"""Office, Parcels and Printing: what was sealed last with reprint, and what waits for a printer."""

from __future__ import annotations

from uuid import uuid4

from app.domain.outcomes import Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import PackageState, PrintJobState
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import OfficeDesk, kept_choice, not_permitted
from app.presenters.pack_doubt import document_words, reason_words
from app.presenters.state import office, parts
from app.presenters.state.parts import Family
from app.presenters.times import day_or_clock
from app.queries.office_lists import (
    NEWEST,
    PAGE,
    QueuedJob,
    SealedParcel,
    print_queue,
    sealed_parcels,
    troubled_parcels,
)
from app.queries.order_queue import stamp
from app.services import print_doubts, print_jobs, spoiled_labels
from app.services.permissions import forbidden

REPRINT, RETRY, CANCEL, FRESH, CAME_OUT = "parcel-reprint", "job-retry", "job-cancel", "job-fresh", "job-came-out"
LOST = "label-lost"
_PARCELS = {
    PackageState.SEALED: (Family.WARN, "hourglass"),
    PackageState.LABELLED: (Family.COMPLETE, "circle-wavy-check"),
    PackageState.HANDED_OVER: (Family.OK, "truck"),
}
_JOBS = {
    PrintJobState.QUEUED: (Family.TODO, "hourglass"),
    PrintJobState.SENDING: (Family.ACCENT, "printer"),
    PrintJobState.PRINTED: (Family.OK, "check"),
    PrintJobState.FAILED: (Family.WRONG, "x-circle"),
    PrintJobState.CANCELLED: (Family.TODO, "prohibit"),
}


class ParcelsSection:
    """Parcels, the newest first."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.rows: tuple[SealedParcel, ...] = ()
        self.full = False
        self.chosen = ""

    def enter(self) -> None:
        """The newest."""
        self._page(NEWEST, NEWEST)

    def _page(self, until: int, below: int) -> None:
        def put(found: tuple[tuple[SealedParcel, ...], bool]) -> None:
            rows, self.full = found
            self.rows = rows if until == NEWEST else (*self.rows, *rows)
            self.chosen = kept_choice(self.chosen, [str(row.package_id) for row in self.rows])

        def read(session: Session) -> tuple[tuple[SealedParcel, ...], bool]:
            first = troubled_parcels(session) if until == NEWEST else ()
            known = {row.package_id for row in first}
            page = sealed_parcels(session, until, below)
            return (*first, *(row for row in page if row.package_id not in known)), len(page) == PAGE

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """Earlier ones."""
        if self.full:
            self._page(stamp(self.rows[-1].sealed_at), self.rows[-1].package_id)

    def _parcel(self) -> SealedParcel | None:
        found = next((row for row in self.rows if str(row.package_id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def command(self, code: str) -> bool:
        """Reprint."""
        parcel = self._parcel()
        if code == LOST and parcel is not None:
            return self._lost(parcel)
        if code != REPRINT or parcel is None:
            return False
        actor, package_id, number = self._desk.actor(), parcel.package_id, parcel.order

        def work() -> Outcome:
            not_allowed = self._desk.database.read(lambda s: forbidden(s, actor, Permission.REPRINT))
            if not_allowed is not None:
                return not_allowed
            key = f"reprint:{uuid4().hex}"
            job = self._desk.database.write(lambda s: print_jobs.reprint(s, actor, package_id, key))
            if job is None:
                return refused("orders.reprint_none", number=number)
            return done("orders.reprinted", number=number)

        self._desk.do(work, lambda _outcome: None)
        return True

    def _lost(self, parcel: SealedParcel) -> bool:
        """The paper of a label that was taken back is not found."""
        actor, package_id = self._desk.actor(), parcel.package_id
        self._desk.do(
            lambda: self._desk.database.write(lambda s: spoiled_labels.not_found(s, actor, package_id)),
            lambda _outcome: self.enter(),
        )
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """There is no form."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A parcel; Enter reprints nothing by itself."""
        self.chosen = key

    def back(self) -> bool:
        """Nothing to step back from."""
        return False

    def state(self) -> office.Section:
        """The list with its command."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.sealed"), 100),
            parts.Column(say("office_screen.column.order"), 190),
            parts.Column(say("office_screen.column.tracking"), 210),
            parts.Column(say("office_screen.column.service"), 140, wide=True),
            parts.Column(say("office_screen.column.state"), 170),
            parts.Column(say("office_screen.column.who")),
        )
        rows = tuple(
            parts.TableRow(
                str(row.package_id),
                (
                    parts.Cell(day_or_clock(row.sealed_at, now, zone), strong=True),
                    parts.Cell(row.order, row.recipient, code=True, strong=True),
                    parts.Cell(row.tracking_number, code=True),
                    parts.Cell(row.service, quiet=True),
                    parts.Cell(chip=_parcel_chip(row)),
                    parts.Cell(row.operator, row.station),
                ),
            )
            for row in self.rows
        )
        parcel = self._parcel()
        table = parts.Table(
            "parcels", columns, rows, str(parcel.package_id) if parcel else "", self.full,
            empty=say("office_screen.parcels.none"),
        )  # fmt: skip
        why = not_permitted(self._desk.station.may(Permission.REPRINT))
        command = parts.Command(REPRINT, say("orders.command.reprint"), "T", icon="printer", reason=why)
        head = parts.CardHead(say("office_screen.tab.parcels"), "package")
        commands: tuple[parts.Command, ...] = (command,) if parcel else ()
        if parcel is not None and parcel.trouble == "to_collect":
            needed = not_permitted(self._desk.station.may(Permission.SETTLE_EXCEPTION))
            commands += (parts.Command(LOST, say("office_screen.label.lost"), "L", reason=needed),)
        return office.Section(head, table, commands=commands)


class PrintSection:
    """What waits for a printer at any station."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.rows: tuple[QueuedJob, ...] = ()
        self.chosen = ""

    def enter(self) -> None:
        """The queue."""

        def put(found: tuple[QueuedJob, ...]) -> None:
            self.rows = found
            self.chosen = kept_choice(self.chosen, [str(row.job_id) for row in found])

        self._desk.read(lambda: self._desk.database.read(print_queue), put)

    def more(self) -> None:
        """One page is shown."""

    def _job(self) -> QueuedJob | None:
        found = next((row for row in self.rows if str(row.job_id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def command(self, code: str) -> bool:
        """Try again, cancel, read anew."""
        job = self._job()
        if code == FRESH:
            self.enter()
            return True
        if code == CAME_OUT and job is not None:
            return self._came_out(job)
        if code not in (RETRY, CANCEL) or job is None:
            return False
        actor, key, document = self._desk.actor(), job.job_id, say(f"office_screen.document.{job.document}")
        again = code == RETRY

        def work() -> Outcome:
            deed = print_jobs.retry if again else print_jobs.cancel
            taken = self._desk.database.write(lambda s: deed(s, actor, key))
            if not taken:
                return refused("office_screen.print.too_late", document=document)
            return done("office_screen.print.again" if again else "office_screen.print.cancelled", document=document)

        self._desk.do(work, lambda _outcome: self.enter())
        return True

    def _came_out(self, job: QueuedJob) -> bool:
        """Somebody looked, and it is there."""
        actor, document = self._desk.actor(), document_words(job.document)

        def work() -> Outcome:
            seen = self._desk.database.write(lambda s: print_doubts.came_out(s, actor, job.job_id, job.label_id))
            code = "office_screen.print.came_out" if seen else "office_screen.print.too_late"
            return done(code, document=document) if seen else refused(code, document=document)

        self._desk.do(work, lambda _outcome: self.enter())
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """There is no form."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A job."""
        self.chosen = key

    def back(self) -> bool:
        """Nothing to step back from."""
        return False

    def state(self) -> office.Section:
        """The queue with its commands."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.asked"), 100),
            parts.Column(say("office_screen.column.document"), 200),
            parts.Column(say("office_screen.column.state"), 150),
            parts.Column(say("office_screen.column.reason")),
            parts.Column(say("office_screen.column.station"), 150, wide=True),
        )
        rows = tuple(
            parts.TableRow(
                str(row.job_id),
                (
                    parts.Cell(day_or_clock(row.created_at, now, zone)),
                    parts.Cell(say(f"office_screen.document.{row.document}"), _job_words(row), strong=True),
                    parts.Cell(chip=_job_chip(row)),
                    parts.Cell(reason_words(row.reason), row.printer)
                    if row.reason
                    else parts.Cell(row.printer, quiet=True),
                    parts.Cell(row.station, quiet=True),
                ),
                (Family.WARN if row.doubtful else Family.WRONG) if row.state is PrintJobState.FAILED else None,
            )
            for row in self.rows
        )
        job = self._job()
        table = parts.Table(
            "jobs", columns, rows, str(job.job_id) if job else "", empty=say("office_screen.print.none")
        )
        found = [parts.Command(FRESH, say("office_screen.print.fresh"), "U", icon="arrow-clockwise")]
        if job is not None:
            failed = job.state is PrintJobState.FAILED
            waits = job.state in (PrintJobState.FAILED, PrintJobState.QUEUED)
            retry = "" if failed else say("office_screen.print.not_failed")
            cancel = "" if waits else say("office_screen.print.not_waiting")
            if job.doubtful:
                found.append(parts.Command(CAME_OUT, say("office_screen.print.yes"), "O", icon="check"))
            again = "pack.doubt.no" if job.doubtful else "orders.retry"
            found.append(parts.Command(RETRY, say(again), "T", reason=retry))
            found.append(parts.Command(CANCEL, say("orders.command.cancel"), "X", reason=cancel))
        head = parts.CardHead(say("office_screen.tab.printing"), "printer")
        return office.Section(head, table, commands=tuple(found))


def _parcel_chip(row: SealedParcel) -> parts.Chip:
    if row.trouble:
        return parts.Chip(say(f"office_screen.label.{row.trouble}"), Family.WRONG, "warning")
    family, icon = _PARCELS.get(row.state, (Family.TODO, "package"))
    return parts.Chip(say(f"office_screen.parcel.{row.state.value}"), family, icon)


def _job_words(row: QueuedJob) -> str:
    return say("office_screen.print.job", number=row.job_id)


def _job_chip(row: QueuedJob) -> parts.Chip:
    if row.doubtful:
        return parts.Chip(say("office_screen.job.doubtful"), Family.WARN, "question")
    family, icon = _JOBS[row.state]
    return parts.Chip(say(f"office_screen.job.{row.state.value}"), family, icon)
