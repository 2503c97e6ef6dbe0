"""Office, Sourcing, Suppliers: what they must still be sent is written into a folder by one key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.models.database import Session
from app.presenters import notices
from app.presenters.office_desk import OfficeDesk
from app.presenters.times import day_or_clock
from app.services.permissions import forbidden
from app.services.supplier_papers import Paper, papers_sent, unsent_papers

WritePapers = Callable[[Path, Sequence[Paper]], Sequence[Path]]


@dataclass(frozen=True, slots=True)
class SupplierOutbox:
    """Where files for suppliers go: each sending into a folder of its own below `folder`, so that none is lost."""

    folder: Path
    write: WritePapers


def send_files(desk: OfficeDesk, outbox: SupplierOutbox, then: Callable[[Outcome], None]) -> None:
    """Writes all that suppliers must still be sent, and notes that it was once it is on the disk.

    A station that dies in between writes it again: better twice than never.
    """
    now, zone = desk.clock(), desk.station.clock_zone
    into = outbox.folder / f"{now.astimezone(zone):%Y-%m-%d %H-%M-%S}"

    actor = desk.actor()

    def read(session: Session) -> Sequence[Paper] | Outcome:
        """Papers hold addresses: nobody gets them who may not send them."""
        refusal = forbidden(session, actor, Permission.TRANSFER)
        return refusal or unsent_papers(session, lambda at: day_or_clock(at, now, zone))

    def work() -> tuple[Sequence[Paper], str] | Outcome:
        papers = desk.database.read(read)
        if isinstance(papers, Outcome):
            return papers
        try:
            if papers:
                outbox.write(into, papers)
        except OSError as error:
            return papers, error.strerror or str(error)
        return papers, ""

    def put(made: tuple[Sequence[Paper], str] | Outcome) -> None:
        if isinstance(made, Outcome):
            refusal = made
            desk.do(lambda: refusal, then)
            return
        papers, fault = made
        if fault:
            desk.notice = notices.refused("office_suppliers.not_written", path=into, reason=fault)
        elif not papers:
            desk.notice = notices.refused("office_suppliers.nothing_to_send")
        else:
            _note(papers)

    def _note(papers: Sequence[Paper]) -> None:
        def told(outcome: Outcome) -> None:
            if not outcome.refused:
                desk.notice = notices.done("office_suppliers.sent", path=into)
            then(outcome)

        desk.do(lambda: desk.database.write(lambda s: papers_sent(s, actor, papers)), told)

    desk.read(work, put)
