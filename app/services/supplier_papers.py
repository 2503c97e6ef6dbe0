"""The request to a supplier as its paper's content and as rows of a CSV file, and what was sent to him."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.domain.addresses import country_code
from app.domain.csv_cells import cell
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import SupplierRequestState
from app.models.base import Json
from app.queries.supplier_requests import AskedRequest, RequestLine, request_lines, untold_requests
from app.queries.warehouses import sender_of
from app.services import audit
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.permissions import forbidden

HEADINGS = (
    "request", "order", "sku", "name", "quantity", "to_name", "to_company", "to_address1", "to_address2", "to_city",
    "to_region", "to_postcode", "to_country", "to_phone", "service",
)  # fmt: skip
_FIRST = text("SELECT id FROM warehouses WHERE kind <> 'supplier' ORDER BY id LIMIT 1")


_SENT = text("UPDATE outbox SET done_at = :now WHERE key IN :keys AND done_at IS NULL").bindparams(
    bindparam("keys", expanding=True)
)
_UNSENT_SQL = "SELECT key FROM outbox WHERE key IN :keys AND done_at IS NULL ORDER BY key"
_TOLD = text("SELECT payload FROM outbox WHERE key = :key").columns(payload=Json)
AT_ONCE = 500
"""Requests that are sent in one go; the rest goes with the next."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is sent of one request: its rows, and what stands on its sheet."""

    asked: AskedRequest
    lines: tuple[RequestLine, ...]
    content: Mapping[str, object]

    @property
    def cancelled(self) -> bool:
        """Whether it tells him not to ship."""
        return self.asked.state is SupplierRequestState.CANCELLED


def paper_of(session: Session, asked: AskedRequest, date: str) -> Paper:
    """All that is sent of a request; `date` is when he was asked, in words. Of one that was cancelled nothing is
    promised any more: it names what he had been told.
    """
    is_over = asked.state is SupplierRequestState.CANCELLED
    lines = _told_lines(session, asked.id) if is_over else request_lines(session, asked)
    return Paper(asked, lines, paper_content(session, asked, date))


def _told_lines(session: Session, request_id: int) -> tuple[RequestLine, ...]:
    payload = session.connection().execute(_TOLD, {"key": f"supplier.request:{request_id}"}).scalar()
    lines = payload.get("lines") if isinstance(payload, dict) else None
    return tuple(RequestLine(str(one["sku"]), str(one["name"]), int(one["quantity"])) for one in lines or ())


def unsent_papers(session: Session, date_of: Callable[[datetime], str]) -> tuple[Paper, ...]:
    """What suppliers must still be sent."""
    return tuple(paper_of(session, one, date_of(one.asked_at)) for one in untold_requests(session, AT_ONCE))


def papers_sent(session: Session, actor: Actor, papers: Sequence[Paper]) -> Outcome:
    """Somebody in the office sent these papers to their suppliers: they wait no longer.

    Refused, and nothing is noted, where somebody else sent some of them meanwhile.
    """
    session.flush()
    refusal = forbidden(session, actor, Permission.TRANSFER)
    if refusal is not None:
        return refusal
    keys = _keys(papers)
    lock = "" if session.get_bind().dialect.name == "sqlite" else " FOR UPDATE"
    unsent = text(_UNSENT_SQL + lock).bindparams(bindparam("keys", expanding=True))
    if keys and len(session.connection().execute(unsent, {"keys": keys}).all()) < len(keys):
        return refused("supplier.sent_meanwhile")
    mark_sent(session, actor, papers)
    return done("supplier.sent", count=len(papers))


def mark_sent(session: Session, actor: Actor, papers: Sequence[Paper]) -> None:
    """These papers went to their suppliers, as files or however."""
    keys = _keys(papers)
    if keys:
        session.connection().execute(_SENT, {"keys": keys, "now": round(actor.now.timestamp() * 1000)})
    entries = [audit.Entry(one.asked.id, {"cancelled": one.cancelled}) for one in papers]
    audit.record_all(session, actor, "supplier.sent", "supplier_request", entries)
    note_changes(session, actor, [Change("supplier_request", one.asked.id) for one in papers])


def _keys(papers: Sequence[Paper]) -> list[str]:
    return [f"supplier.{'cancelled' if one.cancelled else 'request'}:{one.asked.id}" for one in papers]


def paper_content(session: Session, asked: AskedRequest, date: str) -> dict[str, object]:
    """What stands on the paper; the buyer is the sender of our first site."""
    own = session.connection().execute(_FIRST).scalar()
    buyer = {key: value for key, value in sender_of(session, own or 0).items() if key in _ADDRESS}
    return {
        "code": asked.code,
        "order": asked.number,
        "supplier": asked.supplier,
        "buyer": buyer,
        "ship_to": {key: value for key, value in asked.ship_to.items() if key in _ADDRESS},
        "lines": [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity} for line in request_lines(session, asked)
        ],
        "date": date,
    }


_ADDRESS = ("name", "company", "address1", "address2", "city", "region", "postcode", "country")


def as_csv(requests: list[tuple[AskedRequest, tuple[RequestLine, ...]]]) -> str:
    """One row a line of each request."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for asked, lines in requests:
        to = asked.ship_to
        for line in lines:
            writer.writerow(
                (
                    asked.code, cell(asked.number), line.sku, cell(line.name), line.quantity, cell(to["name"]),
                    cell(to["company"]), cell(to["address1"]), cell(to["address2"]), cell(to["city"]),
                    cell(to["region"]), cell(to["postcode"]), country_code(to["country"]) or cell(to["country"]),
                    cell(to["phone"]), cell(asked.service),
                )
            )  # fmt: skip
    return out.getvalue()
