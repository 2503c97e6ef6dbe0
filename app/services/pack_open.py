"""How an order comes to a bench, and what can still be done with the parcel that was packed there last."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.barcodes import read_code
from app.domain.commands import Command
from app.domain.outcomes import Change, Outcome, Place, Result, Sound, Value, blocked, refused
from app.domain.roles import Permission, may
from app.domain.states import FulfillmentState, LabelState, PackageState, Role
from app.models.demand import Order
from app.models.fulfillment import Fulfillment, PickList, PickListSlot, ToteUse
from app.models.shipping import Label, Package
from app.queries.pack_work import ask_work
from app.services import (
    claims,
    label_decisions,
    label_voids,
    labels,
    notes,
    pack_changed,
    pack_rows,
    print_doubts,
    print_jobs,
    spoiled_labels,
)
from app.services import take_over as taking
from app.services.bench_order import BenchOrder, OrderPart, bench_order, order_parts
from app.services.desk import FULFILLMENT, Desk
from app.services.identify import Named, NamedKind
from app.services.pack_close import ASIDE_REASONS
from app.services.station import ask

_WITH_THE_LAST = frozenset(
    {Command.REPRINT, Command.SLIP, Command.REDO, Command.VOID, Command.ANOTHER_SHIPMENT, Command.RETRY}
)
_LEADS = (Role.LEAD, Role.ADMIN)
_READY = (
    FulfillmentState.ALLOCATED,
    FulfillmentState.RELEASED,
    FulfillmentState.PICKED,
    FulfillmentState.PACKING,
    FulfillmentState.EXCEPTION,
)
_BEGUN = (FulfillmentState.PACKING, FulfillmentState.EXCEPTION)


class PackOpening:
    """Opens fulfillments at a bench; `carrier` is the key of the carrier that labels are bought from."""

    def __init__(self, carrier: str) -> None:
        self.carrier = carrier

    def open_fulfillment(self, desk: Desk, fulfillment_id: int, *, by_force: bool = False) -> Outcome:
        """Opens a fulfillment here, or says why not: held, on hold, not picked yet, already packed."""
        return self.open_bench_order(desk, bench_order(desk, fulfillment_id), by_force=by_force)

    def open_bench_order(self, desk: Desk, order: BenchOrder, *, by_force: bool = False) -> Outcome:
        """The same, of one that was read in this gesture."""
        why_not = self._why_not(desk, order)
        if why_not is not None:
            return why_not
        minutes = desk.settings.claim_minutes
        taken = claims.ask_for(desk.session, desk.actor, FULFILLMENT, order.id, minutes, by_force=by_force)
        asked = ask_work(desk.session, order.id)  # whoever held it till now is done with it: the claim comes first
        holder = claims.other(desk.session, desk.actor, FULFILLMENT, order.id, taken)
        if holder is not None:
            desk.memory["held"] = [FULFILLMENT, order.id]
            return refused("pack.held_by", Sound.ATTENTION, number=order.number, **holder.words(desk.actor.now))
        if order.state is FulfillmentState.EXCEPTION:
            before = FulfillmentState(order.before or FulfillmentState.PICKED)
            pack_rows.set_state(desk.session, order.id, before)
            desk.changed("order", order.order_id)
        desk.open_work(FULFILLMENT, order.id, Place.PACK)
        desk.package_id = asked.open_package_id
        desk.changed("fulfillment", order.id)
        work = asked.read(desk.package_id)
        values: dict[str, Value] = {"number": order.number, "packed": work.packed, "required": work.required}
        code = "pack.resumed" if work.packed else "pack.opened"
        opened = Outcome(Result.NAVIGATE, code, Sound.ACCEPTED, values, place=Place.PACK, work=work)
        if order.changed:
            return pack_changed.at_opening(desk, order.number, opened)
        return notes.to_read(desk, opened, work)

    def take_over(self, desk: Desk, fulfillment_id: int, reason: str = "") -> Outcome:
        """Takes an order from whoever holds it, if the operator may; without a reason it asks for one."""
        if not may(desk.actor.role, Permission.TAKE_OVER):
            return refused("pack.only_lead_takes_over")
        holder = claims.holder(desk.session, FULFILLMENT, fulfillment_id, desk.actor.now)
        if holder is not None and not reason:
            return taking.ask_why(desk, FULFILLMENT, fulfillment_id, holder)
        taking.write_down(desk, FULFILLMENT, fulfillment_id, reason)
        return self.open_fulfillment(desk, fulfillment_id, by_force=True)

    def _why_not(self, desk: Desk, order: BenchOrder) -> Outcome | None:
        number = order.number
        cancelled = order.state is FulfillmentState.CANCELLED
        if order.kept and (not cancelled or may(desk.actor.role, Permission.SETTLE_EXCEPTION)):
            kept = label_decisions.to_decide(desk, order.id)
            if kept is not None:
                return kept
        if cancelled:
            return blocked("pack.cancelled", number=number)
        if order.state is FulfillmentState.SHIPPED:
            return refused("pack.already_shipped", number=number)
        if order.state is FulfillmentState.PACKED:
            desk.memory["last_package"] = self._last_package(desk, order.id)
            return refused("pack.already_packed", number=number)
        if order.hold:
            return refused("pack.on_hold", number=number, kind=order.hold)
        if order.warehouse_id != desk.actor.warehouse_id:
            return refused("pack.other_warehouse", number=number)
        if order.state not in _READY or order.stops:
            return refused("pack.still_picking", number=number, stops=order.stops)
        if order.collected and order.state not in _BEGUN:
            return refused("pack.collected", Sound.ATTENTION, number=number)
        if (
            order.state is FulfillmentState.EXCEPTION
            and order.reason not in ASIDE_REASONS
            and desk.actor.role not in _LEADS
        ):
            return refused("pack.needs_lead", number=number, reason=order.reason)
        return None

    def _last_package(self, desk: Desk, fulfillment_id: int) -> int | None:
        return (
            desk.session.execute(
                select(Package.id).where(Package.fulfillment_id == fulfillment_id).order_by(Package.id.desc())
            )
            .scalars()
            .first()
        )

    def open_order(self, desk: Desk, order_id: int) -> Outcome:
        """Opens the fulfillment of an order that can be packed now; the first one that can't says why."""
        return self.open_parts(desk, order_id, order_parts(desk.session, order_id))

    def open_parts(self, desk: Desk, order_id: int, parts: Sequence[OrderPart]) -> Outcome:
        """The same, of an order whose parts were read in this gesture."""
        alive = [part for part in parts if part.state is not FulfillmentState.CANCELLED]
        here = [part for part in alive if part.warehouse_id == desk.actor.warehouse_id] or alive
        ready = [part.id for part in here if part.state in _READY]
        if ready or here:
            return self.open_fulfillment(desk, (ready or [here[-1].id])[0])
        into = desk.session.execute(select(Order.merged_into_id).where(Order.id == order_id)).scalar_one()
        if into is not None:
            return self.open_order(desk, into)
        return self.open_fulfillment(desk, parts[0].id) if parts else refused("pack.not_allocated")

    def open_tote(self, desk: Desk, tote_id: int) -> Outcome:
        """Opens what lies in a tote."""
        fulfillment_id = in_tote(desk, tote_id)
        return refused("pack.tote_empty") if fulfillment_id is None else self.open_fulfillment(desk, fulfillment_id)

    def open_pick_list(self, desk: Desk, pick_list_id: int) -> Outcome:
        """Opens the one fulfillment of a walk that is ready; asks when several are."""
        rows = desk.session.execute(
            select(Fulfillment.id, PickListSlot.slot)
            .join(PickListSlot, PickListSlot.fulfillment_id == Fulfillment.id)
            .join(PickList, PickList.id == PickListSlot.pick_list_id)
            .where(PickList.id == pick_list_id, Fulfillment.state.in_(_READY))
            .order_by(PickListSlot.slot)
        ).all()
        if not rows:
            return refused("pack.list_done")
        if len(rows) == 1:
            return self.open_fulfillment(desk, rows[0].id)
        from_number = {row.id: pack_rows.fulfillment(desk.session, row.id).number for row in rows}
        code = read_code(desk.gesture.raw)
        named = tuple(Named(NamedKind.FULFILLMENT, row.id, from_number[row.id]) for row in rows)
        return ask(desk, code, named, {row.id: f"{row.slot}" for row in rows})

    def open_package(self, desk: Desk, package_id: int) -> Outcome:
        """Opens the fulfillment of a parcel."""
        return self.open_fulfillment(desk, pack_rows.package(desk.session, package_id).fulfillment_id)

    def apply_label(self, desk: Desk, label_id: int, package_id: int) -> Outcome | None:
        """A label scanned on its box after the bench was left; None where nothing waits for that."""
        label = desk.session.get_one(Label, label_id)
        parcel = pack_rows.package(desk.session, package_id)
        if parcel.state is not PackageState.LABELLED or label.state not in (LabelState.BOUGHT, LabelState.PRINTED):
            return None
        labels.applied(desk.session, desk.actor, label_id)
        desk.changed("package", package_id)
        desk.memory |= {"last_package": package_id, "last_fulfillment": parcel.fulfillment_id}
        values: dict[str, Value] = {"tracking": label.tracking_number, "whole": True}
        return Outcome(Result.DONE, "pack.label_applied", Sound.COMPLETE, values)

    # -- nothing is open --------------------------------------------------------------------------------------------

    def on_idle_command(self, desk: Desk, command: Command) -> Outcome | None:
        """What still can be done with the parcel that was packed last here."""
        decided = label_decisions.answered(desk, command)
        if decided is not None:
            return decided
        answer = print_doubts.answered if desk.place is Place.PACK else print_doubts.asked_elsewhere
        seen = answer(desk, command)
        if seen is not None:
            return seen
        package_id = desk.number("last_package")
        if command not in _WITH_THE_LAST:
            return None
        if package_id is None:
            return refused("pack.nothing_to_reprint")
        if command is Command.REPRINT:
            return reprint(desk, package_id)
        if command is Command.SLIP:
            return slip_again(desk, package_id)
        if command is Command.RETRY:
            return retry_print(desk, package_id)
        if command in (Command.REDO, Command.VOID):
            return take_label_back(desk, package_id, redo=command is Command.REDO)
        row = pack_rows.package(desk.session, package_id)
        order_id = pack_rows.fulfillment(desk.session, row.fulfillment_id).order_id
        left = (
            desk.session.execute(
                select(Fulfillment.id).where(Fulfillment.order_id == order_id, Fulfillment.state.in_(_READY))
            )
            .scalars()
            .first()
        )
        return refused("pack.nothing_left_to_ship") if left is None else self.open_fulfillment(desk, left)


def take_label_back(desk: Desk, package_id: int, *, redo: bool) -> Outcome:
    """Means to void the label, and then to buy another where `redo` says so; not once the parcel was handed over."""
    if not redo and not may(desk.actor.role, Permission.SETTLE_EXCEPTION):
        return refused("pack.only_lead_voids")
    label = desk.session.execute(
        select(Label.id, Label.state).where(
            Label.package_id == package_id, Label.state.not_in((LabelState.REFUSED, LabelState.VOIDED))
        )
    ).first()
    if label is None:
        return refused("pack.nothing_to_reprint")
    if label.state is LabelState.VOID_REFUSED:
        kept = label_decisions.to_decide(desk, pack_rows.package(desk.session, package_id).fulfillment_id)
        return kept or refused("pack.too_late_to_redo")
    if label.state not in labels.LIVE:
        return refused("pack.too_late_to_redo")
    if not redo:
        spoiled_labels.spoil(desk.session, desk.actor, label.id)
    label_voids.ask_for(desk.session, desk.actor, label.id, redo=redo)
    desk.effects.append(Change("outbox", label.id))
    desk.changed("label", label.id)
    return Outcome(Result.DONE, "pack.redone" if redo else "pack.voided", Sound.ACCEPTED, {"package_id": package_id})


def in_tote(desk: Desk, tote_id: int) -> int | None:
    """The fulfillment that lies in a tote now."""
    return desk.session.execute(
        select(ToteUse.fulfillment_id).where(ToteUse.tote_id == tote_id, ToteUse.closed_at.is_(None))
    ).scalar_one_or_none()


def retry_print(desk: Desk, package_id: int) -> Outcome:
    """Sends what the printer did not take once more: only a person knows that no label came out."""
    waiting = print_jobs.waiting_of(desk.session, package_id)
    if not waiting:
        return refused("pack.nothing_waits_to_print")
    for job_id in waiting:
        print_jobs.retry(desk.session, desk.actor, job_id)
        desk.effects.append(Change("print_job", job_id))
    desk.changed("package", package_id)
    return Outcome(Result.DONE, "pack.printing_again", Sound.ACCEPTED, {"package_id": package_id})


def reprint(desk: Desk, package_id: int) -> Outcome:
    """The same label again, free and written down."""
    job = print_jobs.reprint(desk.session, desk.actor, package_id, f"reprint-{desk.gesture.id}")
    if job is None:
        return refused("pack.nothing_to_reprint")
    desk.effects.append(Change("print_job", job))
    desk.changed("package", package_id)
    return Outcome(Result.DONE, "pack.reprinted", Sound.ACCEPTED, {"package_id": package_id})


def slip_again(desk: Desk, package_id: int) -> Outcome:
    """The packing slip of a parcel once more, as its contents are now."""
    job = print_jobs.queue(
        desk.session,
        desk.actor,
        f"slip-again-{desk.gesture.id}",
        "packing-slip",
        labels.slip_of(desk.session, package_id),
        package_id=package_id,
    )
    desk.effects.append(Change("print_job", job))
    desk.changed("package", package_id)
    return Outcome(Result.DONE, "pack.slip_again", Sound.ACCEPTED, {"package_id": package_id})
