"""What was imported, what could not be taken, and the column mappings that somebody keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import capture
from app.domain.capture_settings import Mapping as Columns
from app.domain.capture_settings import ReadSettings
from app.models.imports import ImportRun, RefusedRow, SavedMapping

OPEN, TAKEN, ASIDE = "open", "taken", "aside"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as the office sees it; `open_rows` of its rows still wait to be mended."""

    import_id: int
    format: str
    file_name: str
    state: str
    counts: Mapping[str, int]
    started_at: datetime
    finished_at: datetime | None
    open_rows: int


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """A kept row: where it stood, why it was refused (`capture.refused.<code>`), and all that mending needs."""

    row_id: int
    import_id: int
    state: str
    refused: capture.RefusedRow


def recent_imports(session: Session, limit: int = 20, before: int | None = None) -> list[ImportRow]:
    """The newest imports first; `before` an id goes on after a page."""
    waiting = (
        select(func.count()).where(RefusedRow.import_run_id == ImportRun.id, RefusedRow.state == OPEN).scalar_subquery()
    )
    chosen = select(ImportRun, waiting).order_by(ImportRun.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(ImportRun.id < before)
    return [
        ImportRow(
            run.id, run.format, run.file_name, run.state, _numbers(run.counts), run.started_at, run.finished_at, count
        )
        for run, count in session.execute(chosen)
    ]


def refused_rows(session: Session, limit: int = 50, after: int = 0, import_id: int | None = None) -> list[RefusedEntry]:
    """Rows that wait to be mended, the oldest first; `after` an id goes on after a page."""
    chosen = select(RefusedRow).where(RefusedRow.state == OPEN, RefusedRow.id > after).order_by(RefusedRow.id)
    if import_id is not None:
        chosen = chosen.where(RefusedRow.import_run_id == import_id)
    return [_entry(row) for row in session.execute(chosen.limit(limit)).scalars()]


def refused_row(session: Session, row_id: int) -> RefusedEntry | None:
    """One kept row, whatever became of it."""
    row = session.execute(select(RefusedRow).where(RefusedRow.id == row_id)).scalar_one_or_none()
    return None if row is None else _entry(row)


def open_refused_count(session: Session, most: int = 9999) -> int:
    """How many rows wait to be mended; counting ends above `most`."""
    some = select(RefusedRow.id).where(RefusedRow.state == OPEN).limit(most + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def saved_mappings(session: Session, format_name: str) -> dict[str, Columns]:
    """The column mappings of a format, by their names."""
    chosen = select(SavedMapping).where(SavedMapping.format == format_name).order_by(SavedMapping.name)
    return {row.name: Columns.from_json(str(row.mapping["json"])) for row in session.execute(chosen).scalars()}


def _entry(row: RefusedRow) -> RefusedEntry:
    detail = row.detail
    kept = capture.RefusedRow(
        file=str(detail["file"]),
        format=str(detail["format"]),
        line_number=row.line_number,
        code=row.code,
        values=tuple((str(name), str(value)) for name, value in _pairs(detail["values"])),
        raw=row.raw,
        header=row.header,
        settings=ReadSettings.from_json(str(detail["settings"])),
        order_number=str(detail["order_number"]),
        companions=tuple(capture.RawRow(int(str(n)), str(text)) for n, text in _pairs(detail["companions"])),
    )
    return RefusedEntry(row.id, row.import_run_id, row.state, kept)


def _pairs(value: object) -> list[tuple[object, object]]:
    return [(pair[0], pair[1]) for pair in value] if isinstance(value, list) else []


def _numbers(counts: Mapping[str, object]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if isinstance(count, int)}
