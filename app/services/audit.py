"""One row for each use case, chained by digest to the row before it of the same writer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app.models.prepared import Prepared
from app.models.system import AuditEntry, AuditHead, Setting
from app.services.actor import Actor

FIRST = "0" * 64
_LINKED = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode
_DETAIL = json.JSONEncoder(separators=(",", ":"), sort_keys=True, default=str).encode
_WRITTEN = "pickwick_audit_written"
"""What a session's `info` keeps the writers as whose chains its own transaction made longer."""

_HEAD = Prepared(
    select(AuditHead.seq, AuditHead.digest).where(AuditHead.writer == bindparam("writer_key")).with_for_update()
)
_NEW_HEAD = text(
    "INSERT INTO audit_heads (writer, seq, digest) VALUES (:writer, 0, :digest) ON CONFLICT (writer) DO NOTHING"
)
_MOVE_HEAD = Prepared(
    update(AuditHead)
    .where(AuditHead.writer == bindparam("writer_key"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_ENTRY = Prepared(insert(AuditEntry))


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a writer's chain."""

    seq: int
    digest: str


def link(previous: str, fields: tuple[object, ...]) -> str:
    """The digest that chains an entry's fields to the digest before it."""
    body = _LINKED(fields)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    detail: Mapping[str, object] | None = None,
    head: Head | None = None,
) -> None:
    """Adds the entry of this use case to its writer's chain. `detail` must hold no personal data: see `veil`.

    `head` is the newest link where it was read already, without a lock: where it is not the newest any more the entry's
    number is there twice, and the transaction fails, to be done again.
    """
    written: set[str] = session.info.setdefault(_WRITTEN, set())
    before = head if head is not None and actor.writer not in written else _newest(session, actor.writer)
    newest, row = _entry(actor, action, subject_kind, subject_id, detail or {}, before)
    # The head first: its lock lets the chain's writers go one after the other.
    _MOVE_HEAD.later(session, {"writer_key": actor.writer, "new_seq": newest.seq, "new_digest": newest.digest})
    _ENTRY.later(session, row)
    written.add(actor.writer)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down of one of many subjects of the same deed."""

    subject_id: int
    detail: Mapping[str, object]


def record_all(session: Session, actor: Actor, action: str, subject_kind: str, entries: Sequence[Entry]) -> None:
    """As `record` for each of many subjects, in as many statements as for one."""
    if not entries:
        return
    before, rows = _newest(session, actor.writer), []
    for entry in entries:
        before, row = _entry(actor, action, subject_kind, entry.subject_id, entry.detail, before)
        rows.append(row)
    _MOVE_HEAD.later(session, {"writer_key": actor.writer, "new_seq": before.seq, "new_digest": before.digest})
    session.connection().execute(insert(AuditEntry), rows)
    written: set[str] = session.info.setdefault(_WRITTEN, set())
    written.add(actor.writer)


def _entry(
    actor: Actor, action: str, subject_kind: str, subject_id: int | None, detail: Mapping[str, object], before: Head
) -> tuple[Head, dict[str, object]]:
    """The row of one entry, and the link that it becomes."""
    body, seq, stamp = _DETAIL(detail), before.seq + 1, round(actor.now.timestamp() * 1000)
    fields = (actor.writer, seq, stamp, actor.operator_id, action, subject_kind, subject_id, body)
    newest = Head(seq, link(before.digest, fields))
    row = {
        "writer": actor.writer,
        "seq": seq,
        "at": actor.now,
        "operator_id": actor.operator_id,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "detail": body,
        "previous": before.digest,
        "digest": newest.digest,
    }
    return newest, row


def _newest(session: Session, writer: str) -> Head:
    """The newest link, locked; the beginning of a chain for a writer that has none yet."""
    row = _HEAD.first(session, {"writer_key": writer})
    if row is None:
        session.connection().execute(_NEW_HEAD, {"writer": writer, "digest": FIRST})
        row = _HEAD.one(session, {"writer_key": writer})
    return Head(row[0], row[1])


def veil(session: Session, personal: str) -> str:
    """A salted digest that stands for personal data, so that they can be erased and the chain still verifies."""
    salt = session.execute(select(Setting.value).where(Setting.key == "audit_salt")).scalar_one_or_none()
    return hmac.new(str(salt or "").encode(), personal.encode(), hashlib.sha256).hexdigest()[:32]
