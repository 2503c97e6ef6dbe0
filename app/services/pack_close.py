"""How a parcel ends: weighed, sealed with a label to come; and how an order leaves the bench unfinished."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from app.domain.outcomes import Change, Outcome, Result, Sound, Value, refused
from app.domain.states import FulfillmentState, PackageState
from app.domain.weights import WeightState, expected_weight, judge_grams
from app.domain.work import PackWork, Parcel
from app.models.catalogue import Carton
from app.models.prepared import Prepared
from app.models.shipping import Package
from app.queries.pack_work import best_carton, carton_types, pack_work, with_parcels
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
        carton_id=bindparam("new_carton"),
        weight_g=bindparam("new_weight"),
        weight_source=bindparam("new_source"),
        sealed_at=bindparam("now"),
        station_id=bindparam("new_station"),
        operator_id=bindparam("new_operator"),
    )
)
_CARTON = Prepared(select(Carton.id).where(Carton.code == bindparam("code")))


def seal(desk: Desk, carrier: str, *, whole: bool, confirmed: bool = False) -> Outcome:
    """Seals the open parcel and means to buy its label. `whole`: it was the last of the order.

    A weight that differs from what is expected must be confirmed first; without a scale the expected weight counts.
    """
    if desk.package_id is None or desk.work_id is None:
        return refused("pack.nothing_in_parcel")
    session, package_id, fulfillment_id = desk.session, desk.package_id, desk.work_id
    work = pack_work(session, fulfillment_id, package_id, str(desk.memory.get("carton", "")))
    parcel = next((parcel for parcel in work.parcels if parcel.package_id == package_id), None)
    inside, to_take_out = pack_rows.contents(session, package_id)
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
    _SEAL.later(
        session,
        {
            "package": package_id,
            "new_carton": _carton_id(desk, work),
            "new_weight": weight,
            "new_source": source,
            "now": desk.actor.now,
            "new_station": desk.actor.station_id,
            "new_operator": desk.actor.operator_id,
        },
    )
    label_id = labels.intend(session, desk.actor, package_id, carrier, desk.gesture.label_id)
    desk.effects.append(Change("label", label_id))
    for entity, entity_id in (("package", package_id), ("label", label_id), ("fulfillment", fulfillment_id)):
        desk.changed(entity, entity_id)
    desk.changed("order", work.head.order_id)
    return _sealed(desk, work, package_id, whole)


def _sealed(desk: Desk, work: PackWork, package_id: int, whole: bool) -> Outcome:
    """What the bench shows next: the finished order, or the rest of it with the next parcel."""
    fulfillment_id = work.fulfillment_id
    code = "pack.complete" if whole else "pack.parcel_closed"
    sound = Sound.COMPLETE if whole else Sound.ACCEPTED
    values: dict[str, Value] = {"number": work.head.number, "units": work.packed, "package_id": package_id}
    desk.package_id = None
    after = with_parcels(desk.session, work)
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
    return Outcome(Result.DONE, code, sound, values, work=after)


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


def _carton_id(desk: Desk, work: PackWork) -> int | None:
    code = str(desk.memory.get("carton", "")) or work.carton_code or best_carton(work.cartons)
    if not code:
        return None
    found = _CARTON.first(desk.session, {"code": code})
    return None if found is None else int(found[0])


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
