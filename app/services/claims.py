"""Leases of work: one station and operator hold a piece of work until they let go, or until the lease runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Value
from app.models.people import Claim, Operator, Station
from app.models.prepared import Answer, Prepared
from app.services.actor import Actor


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a piece of work, where, and since when."""

    operator: str
    station: str
    station_id: int
    operator_id: int
    since: datetime

    def words(self, now: datetime) -> dict[str, Value]:
        """The values that say it: operator, station, since when, and for how long (`h:mm`)."""
        minutes = max(0, int((now - self.since).total_seconds()) // 60)
        return {
            "operator": self.operator,
            "station": self.station,
            "since": self.since.isoformat(),
            "held": f"{minutes // 60}:{minutes % 60:02d}",
        }


_HOLDER = (
    select(Operator.name, Station.name, Claim.station_id, Claim.operator_id, Claim.since, Claim.expires_at)
    .join(Operator, Operator.id == Claim.operator_id)
    .join(Station, Station.id == Claim.station_id)
    .where(Claim.kind == bindparam("kind"), Claim.ref_id == bindparam("ref"))
)
_TAKE = Prepared(
    text(
        "INSERT INTO claims (kind, ref_id, station_id, operator_id, since, expires_at) "
        "VALUES (:kind, :ref, :station, :operator, :now, :until) "
        "ON CONFLICT (kind, ref_id) DO UPDATE SET since = CASE WHEN claims.station_id = excluded.station_id "
        "AND claims.operator_id = excluded.operator_id AND claims.expires_at >= :now THEN claims.since "
        "ELSE excluded.since END, station_id = excluded.station_id, operator_id = excluded.operator_id, "
        "expires_at = excluded.expires_at "
        "WHERE claims.station_id = excluded.station_id OR claims.expires_at < :now OR :by_force "
        "RETURNING station_id"
    )
)
# What is open on a station's screen, by the person who opened it there; not what was left or signed out of.
_OPEN_HERE = (
    "station_id = :station AND expires_at < :soon AND EXISTS (SELECT 1 FROM station_sessions s "
    "WHERE s.station_id = claims.station_id AND s.work_kind = claims.kind AND s.work_id = claims.ref_id "
    "AND s.operator_id = claims.operator_id)"
)
_DUE = text(f"SELECT count(*) FROM claims WHERE {_OPEN_HERE}")
_RENEW = text(f"UPDATE claims SET expires_at = :until WHERE {_OPEN_HERE}")
_DROP = Prepared(text("DELETE FROM claims WHERE kind = :kind AND ref_id = :ref AND station_id = :station"))
_DROP_ANY = Prepared(text("DELETE FROM claims WHERE kind = :kind AND ref_id = :ref"))


def holder(session: Session, kind: str, ref_id: int, now: datetime) -> Holder | None:
    """Who holds this piece of work now; a lease that ran out holds nothing."""
    row = session.connection().execute(_HOLDER, {"kind": kind, "ref": ref_id}).first()
    if row is None or row.expires_at < now:
        return None
    return Holder(row[0], row[1], row.station_id, row.operator_id, row.since)


def take(
    session: Session, actor: Actor, kind: str, ref_id: int, minutes: int, *, by_force: bool = False
) -> Holder | None:
    """Takes or renews the lease for this station; None when it has it now, else who holds it.

    `by_force` takes it from whoever holds it: the caller checks that the operator may, and writes why.
    """
    return other(session, actor, kind, ref_id, ask_for(session, actor, kind, ref_id, minutes, by_force=by_force))


def ask_for(session: Session, actor: Actor, kind: str, ref_id: int, minutes: int, *, by_force: bool = False) -> Answer:
    """As `take`, asked together with what is asked next; `other` says how it went."""
    now = round(actor.now.timestamp() * 1000)
    return _TAKE.soon(
        session,
        {
            "kind": kind,
            "ref": ref_id,
            "station": actor.station_id,
            "operator": actor.operator_id,
            "now": now,
            "until": now + round(timedelta(minutes=minutes).total_seconds() * 1000),
            "by_force": by_force,
        },
    )


def other(session: Session, actor: Actor, kind: str, ref_id: int, taken: Answer) -> Holder | None:
    """None when this station has what was asked for by `ask_for`, else who holds it."""
    return None if taken.rows else holder(session, kind, ref_id, actor.now)


def due(session: Session, station_id: int, now: datetime, minutes: int) -> bool:
    """Whether the lease of what is open at a station has less than half of its time left; makes no writer wait."""
    return bool(session.connection().execute(_DUE, _times(station_id, now, minutes)).scalar_one())


def renew(session: Session, station_id: int, now: datetime, minutes: int) -> int:
    """Renews the lease of what is open at a station while its process runs; gives how many were renewed.

    One that ran out meanwhile and that nobody took is this station's again.
    """
    return session.connection().execute(_RENEW, _times(station_id, now, minutes)).rowcount


def _times(station_id: int, now: datetime, minutes: int) -> dict[str, int]:
    moment, lease = round(now.timestamp() * 1000), minutes * 60_000
    return {"station": station_id, "soon": moment + lease // 2, "until": moment + lease}


def let_go(session: Session, actor: Actor, kind: str, ref_id: int) -> None:
    """Ends this station's lease."""
    _DROP.later(session, {"kind": kind, "ref": ref_id, "station": actor.station_id})


def end(session: Session, kind: str, ref_id: int) -> None:
    """Ends anybody's lease: the work itself has ended."""
    _DROP_ANY.later(session, {"kind": kind, "ref": ref_id})
