"""One row for each use case, chained by digest to the row before it of the same writer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app.models.prepared import Prepared
from app.models.system import AuditEntry, AuditHead, Setting
from app.services.actor import Actor

FIRST = "0" * 64

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


def link(previous: str, fields: tuple[object, ...]) -> str:
    """The digest that chains an entry's fields to the digest before it."""
    body = json.dumps(fields, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Adds the entry of this use case to its writer's chain. `detail` must hold no personal data: see `veil`."""
    head = _HEAD.first(session, {"writer_key": actor.writer})
    if head is None:
        session.connection().execute(_NEW_HEAD, {"writer": actor.writer, "digest": FIRST})
        head = _HEAD.one(session, {"writer_key": actor.writer})
    seq, previous = head[0] + 1, head[1]
    body = json.dumps(detail or {}, separators=(",", ":"), sort_keys=True, default=str)
    stamp = round(actor.now.timestamp() * 1000)
    digest = link(previous, (actor.writer, seq, stamp, actor.operator_id, action, subject_kind, subject_id, body))
    _ENTRY.run(
        session,
        {
            "writer": actor.writer,
            "seq": seq,
            "at": actor.now,
            "operator_id": actor.operator_id,
            "action": action,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "detail": body,
            "previous": previous,
            "digest": digest,
        },
    )
    _MOVE_HEAD.run(session, {"writer_key": actor.writer, "new_seq": seq, "new_digest": digest})


def veil(session: Session, personal: str) -> str:
    """A salted digest that stands for personal data, so that they can be erased and the chain still verifies."""
    salt = session.execute(select(Setting.value).where(Setting.key == "audit_salt")).scalar_one_or_none()
    return hmac.new(str(salt or "").encode(), personal.encode(), hashlib.sha256).hexdigest()[:32]
