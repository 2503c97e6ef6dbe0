"""What the order queue can be narrowed to, and the filters that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.demand import Channel
from app.models.system import SavedFilter
from app.queries.order_queue import QueueFilter

_SERVICES = text(
    "SELECT DISTINCT service FROM (SELECT service FROM orders WHERE state NOT IN ('shipped', 'closed', 'cancelled') "
    "ORDER BY leaves_at, id LIMIT 2000) soon WHERE service <> '' ORDER BY service"
)


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter kept by name."""

    id: int
    name: str
    filter: QueueFilter


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """Channels by id and name, the services of what leaves soon, and kept filters."""

    channels: tuple[tuple[int, str], ...] = ()
    services: tuple[str, ...] = ()
    kept: tuple[KeptFilter, ...] = ()


def filter_choices(session: Session, operator_id: int | None) -> FilterChoices:
    """All that the queue can be narrowed to, for one person."""
    channels = session.execute(select(Channel.id, Channel.name).order_by(Channel.name)).all()
    kept = session.execute(
        select(SavedFilter).where(SavedFilter.operator_id == operator_id).order_by(SavedFilter.name)
    ).scalars()
    return FilterChoices(
        tuple((channel_id, name) for channel_id, name in channels),
        tuple(session.connection().execute(_SERVICES).scalars()),
        tuple(KeptFilter(row.id, row.name, QueueFilter.from_json(row.filter)) for row in kept),
    )
