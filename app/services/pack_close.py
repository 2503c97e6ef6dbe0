"""How a parcel ends: weighed, sealed with a label to come; and how an order leaves the bench unfinished."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select, update

from app.domain.outcomes import Change, Outcome, Result, Sound, Value, refused
from app.domain.states import FulfillmentState, LabelState, PackageState
from app.domain.weights import WeightState, expected_weight, judge_grams
from app.domain.work import PackWork, Parcel
from app.models.catalogue import Carton
from app.models.prepared import Answer, Prepared
from app.models.shipping import Package
from app.queries.pack_work import WorkAsked, ask_work, best_carton, carton_types, pack_work, with_parcel, with_parcels
from app.services import claims, labels, order_states, pack_rows
from app.services.cancel_rows import free_totes
from app.services.desk import FULFILLMENT, Desk

CONFIRM_WEIGHT = "confirm_weight"
APPLY = "apply"
ASIDE_REASONS = ("missing", "damaged", "question", "other")

_SEAL = Prepared(
    update(Package)
    .where(Package.id == bindparam("package"))
    .values(
        state=PackageState.SEALED,
        carton_id=select(Carton.id).where(Carton.code == bindparam("new_carton")).scalar_subquery(),
        weight_g=bindparam("new_weight"),
        weight_source=bindparam("new_source"),
        sealed_at=bindparam("now"),
        station_id=bindparam("new_station"),
        operator_id=bindparam("new_operator"),
    )
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What must be known before the open parcel is closed, asked for and perhaps not answered yet."""

    work: WorkAsked
    contents: Answer
    intent: labels.Intent


def ask_closing(desk: Desk, carrier: str) -> Closing:
    """Asks for what `seal` needs of the open parcel, together with what is asked beside it."""
    session, package_id = desk.session, desk.package_id or 0
    work, contents = ask_work(session, desk.work_id or 0), pack_rows.ask_contents(session, package_id)
    return Closing(work, contents, labels.ask_intent(session, package_id, carrier))


def seal(desk: Desk, carrier: str, *, whole: bool, confirmed: bool = False, closing: Closing | None = None) -> Outcome:
    """Seals the open parcel and means to buy its label. `whole`: it was the last of the order.

    A weight that differs from what is expected must be confirmed first; without a scale the expected weight counts.
    `closing` is what `ask_closing` asked for, where that was done already.
    """
    if desk.package_id is None or desk.work_id is None:
        return refused("pack.nothing_in_parcel")
    session, package_id, fulfillment_id = desk.session, desk.package_id, desk.work_id
    closing = closing or ask_closing(desk, carrier)
    work = closing.work.read(package_id, str(desk.memory.get("carton", "")))
    parcel = next((parcel for parcel in work.parcels if parcel.package_id == package_id), None)
    inside, to_take_out = (int(units) for units in closing.contents.rows[0])
    if parcel is None or parcel.state is not PackageState.OPEN or not inside:
        return refused("pack.nothing_in_parcel")
    if to_take_out:  # not a refusal: the scan that filled the parcel was counted
        told: dict[str, Value] = {"number": work.head.number, "units": to_take_out}
        return Outcome(Result.DONE, "pack.take_out", Sound.ATTENTION, told, work=work)
    weight, source, differs = _weight(desk, parcel, work)
    if differs and desk.settings.confirm_weight and not confirmed:
        desk.step = CONFIRM_WEIGHT
        desk.memory["whole"] = whole
        values: dict[str, Value] = {"grams": weight, "difference": differs}
        return Outcome(Result.DONE, "pack.weight_differs", Sound.ATTENTION, values, work=work, waits=True)
    carton = str(desk.memory.get("carton", "")) or work.carton_code or best_carton(work.cartons)
    _SEAL.later(
        session,
        {
            "package": package_id,
            "new_carton": carton,
            "new_weight": weight,
            "new_source": source,
            "now": desk.actor.now,
            "new_station": desk.actor.station_id,
            "new_operator": desk.actor.operator_id,
        },
    )
    label = labels.write_down(session, desk.actor, closing.intent, desk.gesture.label_id)
    desk.effects.append(Change("label", label.label_id))
    for entity, entity_id in (("package", package_id), ("label", label.label_id), ("fulfillment", fulfillment_id)):
        desk.changed(entity, entity_id)
    desk.changed("order", work.head.order_id)
    closed = _with_label(replace(parcel, carton_code=carton, weight_g=weight), label, carrier)
    after = with_parcel(work, closed) if label.fresh else with_parcels(session, work)
    return _sealed(desk, after, package_id, whole)


def _with_label(parcel: Parcel, label: labels.Intended, carrier: str) -> Parcel:
    """The parcel as it is stored now: sealed, its label meant to be bought."""
    return replace(
        parcel,
        state=PackageState.SEALED,
        label_id=label.label_id,
        label_state=LabelState.INTENDED,
        carrier=carrier,
        service=label.service,
        tracking_number="",
        refusal="",
        held="",
    )


def _sealed(desk: Desk, work: PackWork, package_id: int, whole: bool) -> Outcome:
    """What the bench shows next: the finished order, or the rest of it with the next parcel."""
    fulfillment_id = work.fulfillment_id
    code = "pack.complete" if whole else "pack.parcel_closed"
    sound = Sound.COMPLETE if whole else Sound.ACCEPTED
    values: dict[str, Value] = {"number": work.head.number, "units": work.packed, "package_id": package_id}
    desk.package_id = None
    if whole:
        free_totes(desk.session, desk.actor, fulfillment_id)
    if whole and not desk.settings.label_scan_back:
        place = desk.place
        claims.end(desk.session, FULFILLMENT, fulfillment_id)
        desk.close_work()
        desk.place = place
        desk.memory = {"last_package": package_id, "last_fulfillment": fulfillment_id}
    elif whole or desk.settings.label_scan_back:
        desk.step = APPLY
        desk.memory = {"last_package": package_id, "last_fulfillment": fulfillment_id, "whole": whole}
    return Outcome(Result.DONE, code, sound, values, work=work)


def _weight(desk: Desk, parcel: Parcel, work: PackWork) -> tuple[int | None, str, int]:
    """The parcel's weight, where it comes from, and by how much it differs when that matters (0: it does not)."""
    measured = parcel.weight_g if parcel.weight_g is not None else desk.gesture.weight_g
    expected = work.expected
    if expected is None:
        contents = [(line.item.weight_g, line.packed) for line in work.lines]
        expected = expected_weight(0, contents)
        comparable = len(work.parcels) <= 1
    else:
        comparable = True
    if measured is None:
        return expected.grams or None, "expected", 0
    source = "typed" if parcel.weight_g is not None else "scale"
    verdict = judge_grams(expected, measured)
    differs = verdict.state is WeightState.DIFFERS and comparable
    return measured, source, (verdict.difference or 0) if differs else 0


def choose_carton(desk: Desk, number: int) -> Outcome:
    """The carton with this key; one that is too small may be chosen all the same: the packer sees the goods."""
    cartons = carton_types(desk.session)
    if not 1 <= number <= len(cartons):
        return refused("pack.no_such_carton", number=number)
    return _chosen(desk, cartons[number - 1].code)


def carton_by_code(desk: Desk, text: str) -> Outcome | None:
    """The carton whose code was scanned or typed; None where none has it."""
    wanted = text.strip().upper()
    code = next((carton.code for carton in carton_types(desk.session) if carton.code.upper() == wanted), None)
    return None if code is None else _chosen(desk, code)


def _chosen(desk: Desk, code: str) -> Outcome:
    desk.memory["carton"], desk.step = code, ""
    work = pack_work(desk.session, desk.work_id or 0, desk.package_id, code)
    return Outcome(Result.DONE, "pack.carton_chosen", Sound.ACCEPTED, {"carton": code}, work=work)


def type_weight(desk: Desk, text: str) -> Outcome:
    """A weight in grams that was typed, for the parcel that is open."""
    digits = text.lower().removesuffix("g").strip()
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < 1_000_000):
        return refused("pack.not_a_weight", text=text[:20])
    if desk.package_id is None:
        return refused("pack.nothing_in_parcel")
    grams = int(digits)
    desk.session.execute(update(Package).where(Package.id == desk.package_id).values(weight_g=grams))
    desk.step = ""
    work = pack_work(desk.session, desk.work_id or 0, desk.package_id, str(desk.memory.get("carton", "")))
    return Outcome(Result.DONE, "pack.weight_typed", Sound.ACCEPTED, {"grams": grams}, work=work)


def put_aside(desk: Desk, reason: str) -> Outcome:
    """Parks the order with a reason; scanning it again goes on where it was."""
    fulfillment_id = desk.work_id or 0
    row = pack_rows.fulfillment(desk.session, fulfillment_id)
    pack_rows.set_state(desk.session, fulfillment_id, FulfillmentState.EXCEPTION, row.state.value, reason)
    order_states.refresh_orders(desk.session, [row.order_id])
    desk.changed("fulfillment", fulfillment_id)
    desk.changed("order", row.order_id)
    return leave(desk, "pack.put_aside", number=row.number, reason=reason)


def let_go(desk: Desk) -> None:
    """Nothing is open at this bench any more; it stays at its screen."""
    place = desk.place
    desk.close_work()
    desk.place = place


def leave(desk: Desk, code: str, **values: str | int) -> Outcome:
    """Closes the work at this bench and lets others have it."""
    if desk.work_id is not None:
        claims.let_go(desk.session, desk.actor, FULFILLMENT, desk.work_id)
    let_go(desk)
    return Outcome(Result.NAVIGATE, code, Sound.ACCEPTED, {**values}, place=desk.place)
