"""The audit chains: sealed into one common chain every few minutes, and proved link by link."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Value
from app.models.system import AuditEntry, AuditHead, AuditSeal
from app.services.audit import FIRST, link

Finding = tuple[str, int, Mapping[str, Value]]
Sealed = dict[str, dict[int, str]]

_SEALS = select(AuditSeal.id, AuditSeal.at, AuditSeal.heads, AuditSeal.previous, AuditSeal.digest)
_NEWEST_SEAL = _SEALS.order_by(AuditSeal.id.desc()).limit(1)
_HEADS = select(AuditHead.writer, AuditHead.seq, AuditHead.digest).order_by(AuditHead.writer)
_ALONE = text("SELECT pg_advisory_xact_lock(7426002)")
_ENTRIES = select(
    AuditEntry.id,
    AuditEntry.writer,
    AuditEntry.seq,
    AuditEntry.at,
    AuditEntry.operator_id,
    AuditEntry.action,
    AuditEntry.subject_kind,
    AuditEntry.subject_id,
    AuditEntry.detail,
    AuditEntry.previous,
    AuditEntry.digest,
).order_by(AuditEntry.writer, AuditEntry.seq)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def seal_chains(session: Session, now: datetime) -> bool:
    """Seals the heads of all chains into the common chain; False when nothing was written since the last seal."""
    if session.connection().dialect.name != "sqlite":
        session.execute(_ALONE)  # a statement of its own: the next one sees what the last sealer did
    heads = {row.writer: [row.seq, row.digest] for row in session.execute(_HEADS)}
    body = json.dumps(heads, separators=(",", ":"), sort_keys=True)
    newest = session.execute(_NEWEST_SEAL).first()
    if not heads or (newest is not None and newest.heads == body):
        return False
    previous = newest.digest if newest is not None else FIRST
    digest = link(previous, (_milliseconds(now), body))
    session.execute(insert(AuditSeal), {"at": now, "heads": body, "previous": previous, "digest": digest})
    return True


def broken_seals(session: Session, sealed: Sealed) -> Iterator[Finding]:
    """The seals that do not fit the one before; fills `sealed` with what they say of each writer: seq -> digest."""
    previous = FIRST
    for row in session.execute(_SEALS.order_by(AuditSeal.id), execution_options={"yield_per": 2000}):
        if row.previous != previous or row.digest != link(row.previous, (_milliseconds(row.at), row.heads)):
            yield "check.seal_broken", row.id, {}
        previous = row.digest
        for writer, (seq, digest) in json.loads(row.heads).items():
            sealed.setdefault(writer, {})[seq] = digest


def broken_chains(session: Session, sealed: Sealed) -> Iterator[Finding]:
    """The entries that do not fit the one before, what is missing, and heads and seals that say something else."""
    heads = {row.writer: (row.seq, row.digest) for row in session.execute(_HEADS)}
    ends: dict[str, tuple[int, str]] = {}
    due = {writer: dict(marks) for writer, marks in sealed.items()}
    for row in session.execute(_ENTRIES, execution_options={"yield_per": 5000}):
        seq, previous = ends.get(row.writer, (0, FIRST))
        fields = (row.writer, row.seq, _milliseconds(row.at), row.operator_id, row.action, row.subject_kind)
        proved = link(row.previous, (*fields, row.subject_id, row.detail))
        if row.seq != seq + 1:
            yield "check.audit_missing", row.id, {"writer": row.writer, "seq": seq + 1}
        elif row.previous != previous or row.digest != proved:
            yield "check.audit_changed", row.id, {"writer": row.writer, "seq": row.seq}
        mark = due.get(row.writer, {}).pop(row.seq, None)
        if mark is not None and mark != row.digest:
            yield "check.audit_differs_from_seal", row.id, {"writer": row.writer, "seq": row.seq}
        ends[row.writer] = (row.seq, row.digest)
    for writer in sorted({*heads, *ends}):
        if heads.get(writer, (0, FIRST)) != ends.get(writer, (0, FIRST)) and (writer in ends or heads[writer][0] > 0):
            yield "check.audit_head_differs", 0, {"writer": writer, "seq": heads.get(writer, (0, FIRST))[0]}
    for writer, marks in sorted(due.items()):
        for seq in sorted(marks):
            yield "check.audit_sealed_but_missing", 0, {"writer": writer, "seq": seq}
