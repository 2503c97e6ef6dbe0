"""The notes on an order or a customer, and those that a packer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.domain.notes import NoteKind
from app.domain.work import WorkNote
from app.models.prepared import Prepared, Row
from app.queries.queue_rows import moment

PAGE = 60
FOR_A_PACKER = 5
"""So many notes of people at most stand at the bench."""
_WHO = (
    "SELECT n.id, n.kind, n.must_read, n.words, n.at, n.withdrawn_at, n.customer_id, coalesce(p.name, '') AS who, "
    "coalesce(s.name, '') AS station, coalesce(w.name, '') AS withdrawn_by, "
    "(SELECT COUNT(*) FROM note_reads r WHERE r.note_id = n.id) AS reads FROM notes n "
    "LEFT JOIN operators p ON p.id = n.operator_id LEFT JOIN stations s ON s.id = n.station_id "
    "LEFT JOIN operators w ON w.id = n.withdrawn_by_id "
)
_OF_ORDER = text(_WHO + "WHERE n.order_id = :order AND n.id < :below ORDER BY n.id DESC LIMIT :most")
_OF_CUSTOMER = text(_WHO + "WHERE n.customer_id = :customer AND n.id < :below ORDER BY n.id DESC LIMIT :most")


def _for_packer(order: str) -> Prepared:
    return Prepared(
        text(
            f"SELECT n.id, n.words, n.must_read, n.customer_id FROM notes n WHERE n.order_id = {order} "
            "AND n.kind = 'packer' AND n.withdrawn_at IS NULL UNION ALL "
            "SELECT n.id, n.words, n.must_read, n.customer_id "
            f"FROM orders o JOIN notes n ON n.customer_id = o.customer_id WHERE o.id = {order} AND n.kind = 'packer' "
            "AND n.withdrawn_at IS NULL ORDER BY 1"
        )
    )


_FOR_PACKER = _for_packer(":order")
OF_FULFILLMENT = _for_packer("(SELECT order_id FROM fulfillments WHERE id = :fulfillment)")
"""The same with `fulfillment`, to be read together with what else a bench needs of it; see `work_notes`."""
_FAR = 2**62


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note: for whom, by whom, when; `reads` counts the benches that acknowledged it."""

    id: int
    kind: NoteKind
    must_read: bool
    words: str
    at: datetime
    who: str
    station: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    reads: int
    of_customer: bool


def notes_of_order(session: Session, order_id: int, below: int | None = None) -> tuple[tuple[NoteRow, ...], int | None]:
    """A page of notes, the newest first, and where the next one begins."""
    return _page(session, _OF_ORDER, {"order": order_id}, below)


def notes_of_customer(
    session: Session, customer_id: int, below: int | None = None
) -> tuple[tuple[NoteRow, ...], int | None]:
    """A page of the notes on a customer."""
    return _page(session, _OF_CUSTOMER, {"customer": customer_id}, below)


def packer_notes(session: Session, order_id: int) -> tuple[WorkNote, ...]:
    """What people wrote for the packer; what must be read first."""
    return work_notes(_FOR_PACKER.rows(session, {"order": order_id}))


def work_notes(rows: Sequence[Row]) -> tuple[WorkNote, ...]:
    """The notes of these rows, what must be read first."""
    loud = [row for row in rows if row[2]]
    chosen = [*loud, *(row for row in rows if not row[2])][:FOR_A_PACKER]
    return tuple(WorkNote(str(words), bool(must), customer is not None) for _id, words, must, customer in chosen)


def _page(
    session: Session, statement: object, given: dict[str, int], below: int | None
) -> tuple[tuple[NoteRow, ...], int | None]:
    values = {**given, "below": below or _FAR, "most": PAGE + 1}
    rows = session.connection().execute(statement, values).mappings().all()  # type: ignore[call-overload]
    found = tuple(_note(row) for row in rows[:PAGE])
    return found, found[-1].id if len(rows) > PAGE else None


def _note(row: RowMapping) -> NoteRow:
    gone = row["withdrawn_at"]
    return NoteRow(
        row["id"],
        NoteKind(row["kind"]),
        bool(row["must_read"]),
        row["words"],
        moment(row["at"]),
        row["who"],
        row["station"],
        None if gone is None else moment(gone),
        row["withdrawn_by"],
        int(row["reads"]),
        row["customer_id"] is not None,
    )
