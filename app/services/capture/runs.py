"""Import runs: one file that is read, chunk by chunk, and the rows of it that could not be taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain import capture
from app.domain.capture import Captured, CapturedLocation, CapturedOrder, CapturedProduct, CapturedStock
from app.domain.capture_settings import Mapping as Columns
from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.storable import storable
from app.models.demand import Order
from app.models.imports import ImportRun, RefusedRow, SavedMapping
from app.queries.imports import ASIDE, OPEN, TAKEN, refused_row
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.interrupted import RUNNING, mark_interrupted
from app.services.capture.orders import capture_orders
from app.services.capture.places import capture_locations
from app.services.capture.products import adopt_products, capture_products
from app.services.capture.stock import capture_stock
from app.services.changes import note_changes
from app.services.permissions import forbidden

DONE, CANCELLED, FAILED = "done", "cancelled", "failed"
MOST_CORRECTED = 2000
"""So many rows that wait are looked at for orders that came after all."""


class RowReader(Protocol):
    """Maps a refused row again, mended or as it is: the part of a format's reader that a retry needs."""

    def retry(self, refused: capture.RefusedRow, mended: str | None = None) -> Iterator[Captured]:
        """What the row and its companions hold."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The file of a run; `digest` is that of its bytes, `mapping` the columns that were chosen by hand."""

    format: str
    name: str
    digest: str = ""
    mapping: Columns | None = None


def begin_import(session: Session, actor: Actor, file: ImportedFile) -> int:
    """Begins a run; gives its id. Runs that a crash ended are marked as interrupted."""
    mark_interrupted(session, actor)
    run = ImportRun(
        format=file.format,
        file_name=storable(file.name, 400),
        file_digest=file.digest,
        mapping={"json": file.mapping.to_json()} if file.mapping else None,
        state=RUNNING,
        counts={},
        started_at=actor.now,
        seen_at=actor.now,
        operator_id=actor.operator_id,
    )
    session.add(run)
    session.flush()
    note_changes(session, actor, [Change("import_run", run.id)])
    return run.id


def note_progress(session: Session, actor: Actor, run_id: int, counts: Mapping[str, int]) -> None:
    """Keeps how far a run is, and that it still runs, in the transaction of a chunk."""
    values = {"counts": dict(counts), "seen_at": actor.now, "state": RUNNING}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**values))


def finish_import(session: Session, actor: Actor, run_id: int, counts: Mapping[str, int], state: str = DONE) -> None:
    """Ends a run: done, cancelled (what is done is kept) or failed."""
    values = {"counts": dict(counts), "state": state, "finished_at": actor.now}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**values))
    _settle_corrected(session, actor, run_id)
    record(session, actor, "import.finish", "import_run", run_id, {"state": state, **counts})
    note_changes(session, actor, [Change("import_run", run_id)])


def _settle_corrected(session: Session, actor: Actor, run_id: int) -> None:
    """Takes rows off the list whose orders came with this run: their file was corrected and imported again."""
    format_name = select(ImportRun.format).where(ImportRun.id == run_id).scalar_subquery()
    kept = session.execute(
        select(RefusedRow.id, RefusedRow.detail)
        .join(ImportRun, ImportRun.id == RefusedRow.import_run_id)
        .where(RefusedRow.state == OPEN, RefusedRow.import_run_id < run_id, ImportRun.format == format_name)
        .order_by(RefusedRow.id)
        .limit(MOST_CORRECTED)
    )
    waiting = [(row_id, str(detail.get("order_number", ""))) for row_id, detail in kept]
    numbers = sorted({number for _, number in waiting if number})
    if not numbers:
        return
    came = select(Order.number).where(Order.number.in_(numbers), Order.import_run_id == run_id)
    taken = set(session.execute(came).scalars())
    for row_id, number in waiting:
        if number in taken:
            _settle(session, actor, row_id, TAKEN)


def note_allocated(session: Session, actor: Actor, run_id: int, counts: Mapping[str, int]) -> None:
    """Keeps what a run that has ended came to once its orders were promised their stock."""
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(counts=dict(counts)))
    note_changes(session, actor, [Change("import_run", run_id)])


def keep_refused_rows(session: Session, actor: Actor, run_id: int, rows: Sequence[capture.RefusedRow]) -> int:
    """Keeps rows that could not be taken; gives how many were not kept before, by the same content at the same line."""
    told = {_digest(row): row for row in rows}
    if not told:
        return 0
    known = set(session.execute(select(RefusedRow.digest).where(RefusedRow.digest.in_(sorted(told)))).scalars())
    new = [row for digest, row in told.items() if digest not in known]
    session.add_all(_kept(run_id, row) for row in new)
    session.flush()
    if new:
        note_changes(session, actor, [Change("import_run", run_id)])
    return len(new)


def retry_refused(session: Session, actor: Actor, row_id: int, reader: RowReader, mended: str | None = None) -> Outcome:
    """Tries a kept row again with the mended text. What is still wrong is said, and the mended text is kept.

    The caller allocates afterwards, as after an import.
    """
    not_allowed = forbidden(session, actor, Permission.IMPORT)
    if not_allowed is not None:
        return not_allowed
    entry = refused_row(session, row_id)
    if entry is None or entry.state != OPEN:
        return refused("import.row_settled")
    items = list(reader.retry(entry.refused, mended))
    still = [item for item in items if isinstance(item, capture.RefusedRow)]
    still += _take(session, actor, entry.import_id, items, entry.refused.file) if not still else []
    if still:
        worst = next((row for row in still if row.line_number == entry.refused.line_number), still[0])
        _keep_again(session, row_id, worst)
        return refused(f"capture.refused.{worst.code}", **dict(worst.values))
    _settle(session, actor, row_id, TAKEN)
    record(session, actor, "import.retry", "import_run", entry.import_id, {"row": row_id})
    changes = note_changes(session, actor, [Change("import_run", entry.import_id)])
    told = done("import.row_taken", Sound.ACCEPTED, line=entry.refused.line_number)
    return Outcome(told.result, told.code, told.sound, told.values, changes=changes)


def put_aside(session: Session, actor: Actor, row_id: int, reason: str) -> Outcome:
    """Takes a kept row off the list without taking it, for a reason."""
    not_allowed = forbidden(session, actor, Permission.IMPORT)
    if not_allowed is not None:
        return not_allowed
    if not reason.strip():
        return refused("hold.reason_missing")
    entry = refused_row(session, row_id)
    if entry is None or entry.state != OPEN:
        return refused("import.row_settled")
    _settle(session, actor, row_id, ASIDE)
    record(session, actor, "import.put_aside", "import_run", entry.import_id, {"row": row_id, "reason": reason.strip()})
    changes = note_changes(session, actor, [Change("import_run", entry.import_id)])
    told = done("import.row_aside", line=entry.refused.line_number)
    return Outcome(told.result, told.code, told.sound, told.values, changes=changes)


def keep_mapping(session: Session, actor: Actor, format_name: str, name: str, mapping: Columns) -> Outcome:
    """Keeps a column mapping that a person made, by its name; the same name again replaces it."""
    not_allowed = forbidden(session, actor, Permission.IMPORT)
    if not_allowed is not None:
        return not_allowed
    save_mapping(session, actor, format_name, name, mapping)
    return done("import.mapping_kept", name=name)


def save_mapping(session: Session, actor: Actor, format_name: str, name: str, mapping: Columns) -> None:
    """Keeps a column mapping by its name; the same name again replaces it."""
    chosen = select(SavedMapping).where(SavedMapping.format == format_name, SavedMapping.name == name)
    row = session.execute(chosen).scalar_one_or_none()
    if row is None:
        session.add(SavedMapping(format=format_name, name=storable(name, 120), mapping={"json": mapping.to_json()}))
    else:
        row.mapping = {"json": mapping.to_json()}
    session.flush()
    record(session, actor, "import.save_mapping", "mapping", None, {"format": format_name, "name": name})


def _take(
    session: Session, actor: Actor, run_id: int, items: Sequence[Captured], file: str
) -> list[capture.RefusedRow]:
    """Takes what a row holds; gives the rows that the database still can't take."""
    for order in items:
        if isinstance(order, CapturedOrder):
            capture_orders(session, actor, order.channel, [order], run_id)
    products = [item for item in items if isinstance(item, CapturedProduct)]
    if products:
        capture_products(session, actor, products)
        after: int | None = 0
        while after is not None:
            after = adopt_products(session, actor, after).after
    places = capture_locations(session, actor, [i for i in items if isinstance(i, CapturedLocation)], file)
    stock = capture_stock(session, actor, [item for item in items if isinstance(item, CapturedStock)], file)
    return [*places.refused, *stock.refused]


def _digest(row: capture.RefusedRow) -> str:
    content = (row.format, row.line_number, row.header, row.raw, [(c.line_number, c.text) for c in row.companions])
    return hashlib.blake2b(repr(content).encode("utf-8", "replace"), digest_size=32).hexdigest()


def _kept(run_id: int, row: capture.RefusedRow) -> RefusedRow:
    return RefusedRow(
        import_run_id=run_id,
        line_number=row.line_number,
        code=storable(row.code, 120),
        detail=_detail(row),
        raw=storable(row.raw),
        header=storable(row.header),
        digest=_digest(row),
        state=OPEN,
    )


def _detail(row: capture.RefusedRow) -> dict[str, object]:
    return {
        "file": storable(row.file),
        "format": row.format,
        "values": [[storable(name), storable(value)] for name, value in row.values],
        "settings": row.settings.to_json(),
        "order_number": storable(row.order_number),
        "companions": [[other.line_number, storable(other.text)] for other in row.companions],
    }


def _keep_again(session: Session, row_id: int, row: capture.RefusedRow) -> None:
    """The digest stays that of the row as it came, so that its file does not bring it a second time."""
    values = {
        "code": storable(row.code, 120),
        "detail": _detail(row),
        "raw": storable(row.raw),
        "header": storable(row.header),
        "line_number": row.line_number,
    }
    session.execute(update(RefusedRow).where(RefusedRow.id == row_id).values(**values))


def _settle(session: Session, actor: Actor, row_id: int, state: str) -> None:
    session.execute(update(RefusedRow).where(RefusedRow.id == row_id).values(state=state, settled_at=actor.now))
