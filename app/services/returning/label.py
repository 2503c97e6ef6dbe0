"""The return label: the built-in carrier gives its number at once, and it goes to the printer for return labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.capture import PostalAddress
from app.domain.documents import DocumentKind
from app.domain.outcomes import Change, Outcome, Result, Sound, Value, refused
from app.domain.ports import BoughtLabel
from app.domain.states import PrintJobState
from app.domain.words import say
from app.models.demand import Address, Order
from app.models.shipping import PrintJob
from app.models.stock import Warehouse
from app.services import print_jobs
from app.services.audit import record
from app.services.desk import RETURN, Desk
from app.services.label_papers import sender
from app.services.returning import steps
from app.services.returning.rows import ReturnRow


class GivesReturns(Protocol):
    """A carrier that gives a return label at once and on this machine (`own_delivery.OwnDelivery`)."""

    name: str

    def return_label(self, return_id: int) -> BoughtLabel:
        """The label of a return: asked twice, it is the same one."""


def printed(desk: Desk, row: ReturnRow, carrier: GivesReturns | None) -> Outcome:
    """Puts the return's label into the print queue; once more, free, when it came out before."""
    if carrier is None:
        return refused("returns.no_return_label")
    session, key = desk.session, f"return-{row.id}"
    before = _printed_before(session, key)
    if before and before[0].state in (PrintJobState.QUEUED, PrintJobState.SENDING):
        return refused("returns.label_waits_already", Sound.ATTENTION, code=row.code)
    if before and before[0].state is PrintJobState.FAILED:
        print_jobs.cancel(session, desk.actor, before[0].id)  # nobody needs to look for it any more: this is the answer
    sold = carrier.return_label(row.id)
    job = print_jobs.queue(
        session,
        desk.actor,
        f"{key}-{len(before) + 1}",
        DocumentKind.RETURN_LABEL.value,
        _content(session, row, sold, carrier.name),
        reprint_of=before[-1].id if before else None,
    )
    record(session, desk.actor, "return.label", RETURN, row.id, {"number": sold.tracking_number, "job": job})
    desk.effects.append(Change("print_job", job))
    desk.changed(RETURN, row.id)
    values: dict[str, Value] = {"code": row.code, "tracking": sold.tracking_number}
    code = "returns.label_again" if before else "returns.label_printing"
    return Outcome(Result.DONE, code, Sound.ACCEPTED, values, work=steps.snapshot(desk))


def _printed_before(session: Session, key: str) -> list[PrintJob]:
    """Its jobs, the newest first; each by its whole key, for the beginning of one is no way into a million jobs."""
    found: list[PrintJob] = []
    while (
        job := session.scalars(select(PrintJob).where(PrintJob.key == f"{key}-{len(found) + 1}")).first()
    ) is not None:
        found.append(job)
    return found[::-1]


def _content(session: Session, row: ReturnRow, sold: BoughtLabel, carrier: str) -> Mapping[str, object]:
    order = session.get_one(Order, row.order_id)
    buyer = session.get_one(Address, order.ship_to_id)
    values = {field.name: getattr(buyer, field.name, "") or "" for field in fields(PostalAddress)}
    return {
        "order": order.number,
        "code": row.code,
        "ship_from": values,
        "ship_to": asdict(sender(session.get_one(Warehouse, row.warehouse_id))),
        "tracking_number": sold.tracking_number,
        "carrier": carrier,
        "note": say("document.return.note"),
    }
