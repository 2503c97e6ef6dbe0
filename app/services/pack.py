"""The bench: what scans, commands and typed text mean while an order is packed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Change, Outcome, Result, Sound, Value, blocked, refused
from app.domain.states import FulfillmentState, LabelState, PackageState
from app.models.shipping import Label, Package
from app.queries.pack_work import pack_work
from app.services import (
    claims,
    labels,
    notes,
    pack_changed,
    pack_close,
    pack_early,
    pack_rows,
    pack_scan,
    print_doubts,
    print_elsewhere,
    spoiled_labels,
)
from app.services.desk import FULFILLMENT, Desk
from app.services.identify import Named, NamedKind, products
from app.services.pack_close import APPLY, ASIDE_REASONS, CONFIRM_WEIGHT
from app.services.pack_open import in_tote, reprint, retry_print, slip_again
from app.services.pack_rows import Standing
from app.services.pack_scan import Counted
from app.services.settings_store import AT_TRUCK
from app.services.station import ask

WEIGH, ASIDE, LOST, CARTON = "weigh", "aside", "missing", "carton"
_OVER = (FulfillmentState.PACKED, FulfillmentState.SHIPPED, FulfillmentState.EXCEPTION)  # for who still has it open


class PackDesk:
    """Packing as a kind of work; `carrier` is the key of the carrier that labels are bought from."""

    def __init__(self, carrier: str) -> None:
        self.carrier = carrier

    # -- the work is open -------------------------------------------------------------------------------------------

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """An item of this order is counted; all else but its own codes is refused and must be acknowledged."""
        now = pack_early.standing(desk)
        lost = self._lost(desk, now)
        if lost is not None:
            return lost
        if desk.step == APPLY:
            return self._on_label(desk, code, named)
        if desk.step == CARTON:
            chosen = pack_close.carton_by_code(desk, code.text)
            if chosen is not None:
                return chosen
        if desk.step in (WEIGH, ASIDE, LOST, CARTON):
            desk.step = ""
        print_elsewhere.forget(desk)
        items = pack_early.wanted_items(desk, products(named))
        open_items = [(one, goods) for one, goods in items if any(not source.in_package for source in goods.sources)]
        if len(open_items) > 1:
            return ask(desk, code, tuple(one for one, _ in open_items))
        if items:
            one, goods = (open_items or items)[0]
            counted = pack_scan.count(desk, code, one, goods, now)
            return counted if isinstance(counted, Outcome) else self._after_item(desk, counted)
        if products(named):
            return pack_scan.wrong_item(desk, products(named)[0])
        return self._other_code(desk, code, named)

    def _lost(self, desk: Desk, now: Standing | None = None, *, held_too: bool = True) -> Outcome | None:
        """Why this bench may not go on: the order ended, somebody else has it, or the office cancelled or held it."""
        fulfillment_id = desk.work_id or 0
        now = now or pack_early.standing(desk)
        state, number = now.state, now.number
        if state is FulfillmentState.CANCELLED:
            return pack_changed.cancelled(desk, number)
        if now.changed:
            return self._frozen(desk, number)
        if state in _OVER and not (state is FulfillmentState.PACKED and desk.step == APPLY):
            pack_close.let_go(desk)
            return blocked("pack.finished_elsewhere", Sound.ATTENTION, number=number)
        holder = None
        if not now.held:
            holder = claims.take(desk.session, desk.actor, FULFILLMENT, fulfillment_id, desk.settings.claim_minutes)
        if holder is not None:
            return self._taken_over(desk, number, holder)
        if now.hold and held_too:
            return blocked("pack.stopped", Sound.ATTENTION, number=number, kind=now.hold)
        return None

    def _frozen(self, desk: Desk, number: str) -> Outcome:
        """The office changed it: this bench stands still until it has answered, unless another bench has it now."""
        holder = claims.holder(desk.session, FULFILLMENT, desk.work_id or 0, desk.actor.now)
        if holder is not None and holder.station_id != desk.actor.station_id:
            return self._taken_over(desk, number, holder)
        return replace(pack_changed.freeze(desk, number), work=self.snapshot(desk))

    def _taken_over(self, desk: Desk, number: str, holder: claims.Holder) -> Outcome:
        pack_close.let_go(desk)
        return blocked(
            "pack.taken_over", Sound.ATTENTION, number=number, operator=holder.operator, station=holder.station
        )

    def _after_item(self, desk: Desk, counted: Counted) -> Outcome:
        """The last item seals the parcel by itself; a note to confirm first waits for its confirmation."""
        if not counted.last:
            return counted.settle(desk)
        closing = pack_close.ask_closing(desk, self.carrier)
        counted.settle(desk)
        return pack_close.seal(desk, self.carrier, whole=True, closing=closing)

    def _other_code(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        if not named:
            return blocked("pack.unknown_code", scan=code.text[:60])
        row = pack_rows.fulfillment(desk.session, desk.work_id or 0)
        if any(self._is_spoiled_here(desk, one) for one in named):
            return spoiled_labels.collect(desk, named) or blocked("pack.unknown_code", scan=code.text[:60])
        if any(self._is_this(desk, one, row) for one in named):
            return Outcome(Result.DONE, "pack.this_is_open", Sound.ACCEPTED, {"number": row.number})
        return blocked("pack.still_open", number=row.number, scan=named[0].title)

    def _is_spoiled_here(self, desk: Desk, one: Named) -> bool:
        """The paper of a label of this order that was taken back."""
        if one.kind is not NamedKind.SPOILED:
            return False
        return pack_rows.package(desk.session, int(one.sub)).fulfillment_id == desk.work_id

    def _is_this(self, desk: Desk, one: Named, row: pack_rows.FulfillmentRow) -> bool:
        if one.kind is NamedKind.ORDER:
            return one.ref == row.order_id
        if one.kind is NamedKind.FULFILLMENT:
            return one.ref == row.id
        if one.kind is NamedKind.LOCATION:
            return in_tote(desk, one.ref) == row.id
        return one.kind is NamedKind.PACKAGE and one.ref == desk.package_id

    def _on_label(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """The label must be scanned on its box; another parcel's label is the wrong one."""
        package_id = desk.number("last_package")
        label = next((one for one in named if one.kind is NamedKind.LABEL), None)
        if label is None:
            return blocked("pack.scan_the_label", scan=code.text[:60])
        if int(label.sub) != package_id:
            return blocked("pack.wrong_label", scan=label.title)
        if desk.session.get_one(Label, label.ref).state not in labels.LIVE:
            return blocked("pack.wrong_label", scan=label.title)
        fulfillment_id, whole = desk.work_id or 0, bool(desk.memory.get("whole"))
        labels.applied(desk.session, desk.actor, label.ref)
        desk.changed("package", package_id or 0)
        work = pack_work(desk.session, fulfillment_id, package_id)
        desk.step = ""
        if whole:
            claims.end(desk.session, FULFILLMENT, fulfillment_id)
            place = desk.place
            desk.close_work()
            desk.place, desk.memory = place, {"last_package": package_id, "last_fulfillment": fulfillment_id}
            if desk.settings.handover == AT_TRUCK:
                desk.memory["parcel"] = package_id  # it is in the hand: the next scan is its cage
        values: dict[str, Value] = {"tracking": label.title, "whole": whole}
        return Outcome(
            Result.DONE, "pack.label_applied", Sound.COMPLETE if whole else Sound.ACCEPTED, values, work=work
        )

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """The commands of the bench; None for those that mean nothing here."""
        parking = command is Command.ASIDE or (command.number is not None and desk.step == ASIDE)
        quiet = command is Command.BACK or (command is Command.OK and desk.step == "")
        lost = None if quiet else self._lost(desk, held_too=not parking)
        if lost is not None:
            return lost
        elsewhere = print_elsewhere.on_command(desk, command) if command is not Command.HOLD_SHELF else None
        if elsewhere is not None:
            return elsewhere
        if command.number is not None:
            return self._digit(desk, command.number)
        if command is not Command.OK:
            desk.memory.pop("digits", None)
        action = {
            Command.OK: self._ok,
            Command.UNDO: self._undo,
            Command.NEW_PARCEL: self._new_parcel,
            Command.CLOSE: self._close,
            Command.ASIDE: self._aside,
            Command.MISSING: self._missing,
            Command.QUANTITY: self._quantity,
            Command.WEIGH: self._weigh,
            Command.CARTON: self._carton,
            Command.BACK: self._back,
            Command.REPRINT: self._reprint,
            Command.SLIP: self._slip,
            Command.RETRY: self._retry,
        }.get(command)
        return action(desk) if action is not None else None

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """A typed weight, or the reason for putting the order aside."""
        if desk.step not in (WEIGH, ASIDE, LOST, CARTON):
            return None
        lost = self._lost(desk, held_too=desk.step in (WEIGH, CARTON))
        if lost is not None:
            return lost
        if desk.step == CARTON:
            return pack_close.carton_by_code(desk, text) or refused("pack.no_carton_has_code", code=text[:20])
        if desk.step == WEIGH:
            return pack_close.type_weight(desk, text)
        return pack_close.put_aside(desk, text[:200]) if text else refused("pack.reason_wanted")

    def takes_items(self, desk: Desk) -> bool:
        """Until the label is waited for."""
        return desk.step != APPLY

    def stopped(self, desk: Desk) -> Outcome | None:
        """The office cancelled or stopped it, another bench has it now, or there is a note to read."""
        return self._lost(desk) or self._news(desk)

    def snapshot(self, desk: Desk) -> object:
        """The whole of the open order."""
        package_id = desk.package_id or desk.number("last_package")
        work = pack_work(desk.session, desk.work_id or 0, package_id, str(desk.memory.get("carton", "")))
        return pack_changed.shown(desk, work)

    # -- commands ---------------------------------------------------------------------------------------------------

    def _digit(self, desk: Desk, digit: int) -> Outcome:
        if desk.step == ASIDE and 1 <= digit <= len(ASIDE_REASONS):
            return pack_close.put_aside(desk, ASIDE_REASONS[digit - 1])
        if desk.pending_quantity is not None:
            desk.pending_quantity = min(desk.pending_quantity * 10 + digit, 99_999)
            return Outcome(Result.DONE, "pack.quantity", Sound.ACCEPTED, {"quantity": desk.pending_quantity})
        if desk.step == WEIGH:
            known = desk.memory.get("digits")
            desk.memory["digits"] = f"{known or ''}{digit}"[:6]
            return Outcome(Result.DONE, "pack.weight_digits", Sound.ACCEPTED, {"grams": str(desk.memory["digits"])})
        return pack_close.choose_carton(desk, digit)

    def _ok(self, desk: Desk) -> Outcome | None:
        if notes.acknowledged(desk):
            return None
        if desk.step == CONFIRM_WEIGHT:
            desk.step = ""
            return pack_close.seal(desk, self.carrier, whole=bool(desk.memory.pop("whole", False)), confirmed=True)
        if desk.step == WEIGH and desk.memory.get("digits"):
            return pack_close.type_weight(desk, str(desk.memory.pop("digits")))
        if desk.package_id is not None and desk.step == "":
            required, packed, _ = pack_rows.totals(desk.session, desk.work_id or 0, None)
            if required == packed:
                return self._lost(desk) or pack_close.seal(desk, self.carrier, whole=True)
        return self._came_out(desk, Command.OK) or self._news(desk)

    def _news(self, desk: Desk) -> Outcome | None:
        """A note that must be read, written since the order was opened here."""
        unread = notes.news(desk)
        return replace(unread, work=self.snapshot(desk)) if unread is not None else None

    def _came_out(self, desk: Desk, command: Command) -> Outcome | None:
        """The question about a document's fate, which is asked once all is packed."""
        required, packed, _ = pack_rows.totals(desk.session, desk.work_id or 0, None)
        outcome = print_doubts.answered(desk, command) if required == packed and desk.package_id is None else None
        return replace(outcome, work=self.snapshot(desk)) if outcome is not None else None

    def _undo(self, desk: Desk) -> Outcome:
        outcome = pack_scan.undo_last(desk)
        if outcome.result is not Result.DONE:
            return outcome
        desk.changed("fulfillment", desk.work_id or 0)
        return Outcome(outcome.result, outcome.code, outcome.sound, outcome.values, work=self.snapshot(desk))

    def _new_parcel(self, desk: Desk) -> Outcome:
        if desk.package_id is None:
            return refused("pack.nothing_in_parcel")
        _, _, inside = pack_rows.totals(
            desk.session, desk.work_id or 0, pack_rows.package(desk.session, desk.package_id).location_id
        )
        return pack_close.seal(desk, self.carrier, whole=False) if inside else refused("pack.nothing_in_parcel")

    def _close(self, desk: Desk) -> Outcome:
        required, packed, _ = pack_rows.totals(desk.session, desk.work_id or 0, None)
        if packed < required:
            return refused("pack.units_left", count=required - packed)
        sealed = self._sealed_without_label(desk)
        if sealed is not None:
            label_id = labels.intend(desk.session, desk.actor, sealed, self.carrier)
            desk.effects.append(Change("label", label_id))
            return Outcome(Result.DONE, "pack.label_again", Sound.ACCEPTED, {"package_id": sealed})
        return pack_close.seal(desk, self.carrier, whole=True)

    def _sealed_without_label(self, desk: Desk) -> int | None:
        """A parcel whose label the carrier refused, or whose label was voided: it can be asked for again."""
        dead = (LabelState.REFUSED, LabelState.VOIDED)
        return (
            desk.session.execute(
                select(Package.id)
                .outerjoin(Label, (Label.package_id == Package.id) & Label.state.not_in(dead))
                .where(Package.fulfillment_id == desk.work_id, Package.state == PackageState.SEALED, Label.id.is_(None))
                .order_by(Package.number)
            )
            .scalars()
            .first()
        )

    def _aside(self, desk: Desk) -> Outcome:
        if desk.step == APPLY:  # nothing is left to pack: its label can be scanned at any time
            return self._back(desk)
        desk.step = ASIDE
        return Outcome(Result.DONE, "pack.aside_why", Sound.ACCEPTED, {"reasons": len(ASIDE_REASONS)})

    def _missing(self, desk: Desk) -> Outcome:
        required, packed, _ = pack_rows.totals(desk.session, desk.work_id or 0, None)
        if required == packed:
            return refused("pack.nothing_missing")
        return pack_close.put_aside(desk, ASIDE_REASONS[0])

    def _quantity(self, desk: Desk) -> Outcome:
        desk.pending_quantity = 0
        return Outcome(Result.DONE, "pack.quantity_wanted", Sound.ACCEPTED)

    def _weigh(self, desk: Desk) -> Outcome:
        if desk.package_id is None:
            return refused("pack.nothing_in_parcel")
        if desk.gesture.weight_g is not None:
            return pack_close.type_weight(desk, str(desk.gesture.weight_g))
        desk.step = WEIGH
        return Outcome(Result.DONE, "pack.weight_wanted", Sound.ACCEPTED)

    def _carton(self, desk: Desk) -> Outcome:
        desk.step = CARTON
        return Outcome(Result.DONE, "pack.carton_wanted", Sound.ACCEPTED, work=self.snapshot(desk))

    def _back(self, desk: Desk) -> Outcome:
        if desk.pending_quantity is not None or desk.step in (WEIGH, ASIDE, LOST, CARTON):
            desk.pending_quantity, desk.step = None, ""
            desk.memory.pop("digits", None)
            return Outcome(Result.DONE, "pack.back", Sound.ACCEPTED, work=self.snapshot(desk))
        row = pack_rows.fulfillment(desk.session, desk.work_id or 0)
        return pack_close.leave(desk, "pack.left", number=row.number)

    def _reprint(self, desk: Desk) -> Outcome:
        package_id = desk.number("last_package")
        if package_id is None:
            return refused("pack.nothing_to_reprint")
        return reprint(desk, package_id)

    def _slip(self, desk: Desk) -> Outcome:
        package_id = desk.number("last_package")
        return refused("pack.nothing_to_reprint") if package_id is None else slip_again(desk, package_id)

    def _retry(self, desk: Desk) -> Outcome:
        package_id = desk.number("last_package")
        if package_id is None:
            return self._came_out(desk, Command.RETRY) or refused("pack.nothing_waits_to_print")
        return self._came_out(desk, Command.RETRY) or retry_print(desk, package_id)
