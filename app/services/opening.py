"""Where a scan leads while nothing is open: to the work that it names, at the place where that work belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import bindparam, text

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound, Value, refused
from app.domain.roles import Permission, may
from app.domain.states import LocationKind, PackageState, PickListState, Role
from app.models.prepared import Prepared
from app.services import hand_over, label_decisions, print_elsewhere, sign_in, spoiled_labels
from app.services import take_over as taking
from app.services.bench_order import BenchOrder, OrderPart, bench_order, order_parts
from app.services.desk import COUNT, FULFILLMENT, PICK_LIST, PUT_BACK, RECEIVE, RETURN, STOCK_MOVE, Desk
from app.services.identify import Named, NamedKind
from app.services.pick.desk import PickDesk
from app.services.pick_up_desk import PickUpDesk
from app.services.returning.desk import ReturnDesk
from app.services.settings_store import AT_TRUCK
from app.services.station import ask
from app.services.stock_desk import StockDesk
from app.services.transfers_desk import TransferDesk

_ORDERS = text(
    "SELECT o.id, c.name, a.name, a.city FROM orders o JOIN channels c ON c.id = o.channel_id "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_WALK_OF_TOTE = text(
    "SELECT l.id FROM pick_list_slots s JOIN pick_lists l ON l.id = s.pick_list_id JOIN tote_uses u "
    "ON u.tote_id = s.tote_id AND u.fulfillment_id = s.fulfillment_id AND u.closed_at IS NULL "
    "WHERE s.tote_id = :tote AND l.state = 'picking' AND EXISTS (SELECT 1 FROM pick_tasks t "
    "WHERE t.pick_list_id = l.id AND t.state = 'open') ORDER BY l.id DESC LIMIT 1"
)
_PICKED_ON_CART = text(
    "SELECT l.id FROM pick_lists l WHERE l.cart_id = :cart AND l.state = 'done' AND EXISTS "
    "(SELECT 1 FROM pick_list_slots s JOIN fulfillments f ON f.id = s.fulfillment_id WHERE s.pick_list_id = l.id "
    "AND f.state = 'picked') AND NOT EXISTS (SELECT 1 FROM pick_lists x WHERE x.cart_id = :cart "
    "AND x.state IN ('open', 'picking')) ORDER BY l.id DESC LIMIT 1"
)
_STOPS = text("SELECT count(*) FROM pick_tasks WHERE pick_list_id = :list AND state = 'open'")
_PACKAGE = text(
    "SELECT k.state, o.number, k.number AS parcel FROM packages k JOIN fulfillments f ON f.id = k.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id WHERE k.id = :package"
)
_IN_CAGE = text("SELECT count(*) FROM packages WHERE cage_id = :cage AND state = 'labelled'")
_PUT_BACK = (
    "SELECT t.location_id FROM put_back_tasks t JOIN locations l ON l.id = t.location_id AND l.kind = 'package' "
    "JOIN fulfillments f ON f.id = t.fulfillment_id WHERE t.quantity > t.done AND f.warehouse_id = :warehouse AND "
)
_TO_PUT_BACK = {
    NamedKind.ORDER: Prepared(text(_PUT_BACK + "f.order_id = :ref ORDER BY t.id LIMIT 1")),
    NamedKind.FULFILLMENT: Prepared(text(_PUT_BACK + "f.id = :ref ORDER BY t.id LIMIT 1")),
    NamedKind.PACKAGE: Prepared(
        text(_PUT_BACK + "l.id = (SELECT location_id FROM packages WHERE id = :ref) ORDER BY t.id LIMIT 1")
    ),
}
_MINE = text(
    "SELECT kind, ref_id FROM claims WHERE station_id = :station AND kind IN ('fulfillment', 'pick_list', 'return') "
    "ORDER BY since DESC, id DESC LIMIT 1"
)

_GO: Mapping[Command, Place] = {
    Command.GO_ORDERS: Place.ORDERS,
    Command.GO_PICK: Place.PICK,
    Command.GO_PACK: Place.PACK,
    Command.GO_RETURNS: Place.RETURNS,
    Command.GO_STOCK: Place.STOCK,
    Command.GO_FLOOR: Place.FLOOR,
    Command.GO_DEVICES: Place.DEVICES,
    Command.GO_OFFICE: Place.OFFICE,
    Command.GO_HELP: Place.HELP,
}
_STOCK_WORK = {Command.MOVE: STOCK_MOVE, Command.RECEIVE: RECEIVE, Command.COUNT: COUNT}
_WANTED_AT: Mapping[Place, Permission] = {
    Place.PICK: Permission.PICK,
    Place.PACK: Permission.PACK,
    Place.RETURNS: Permission.RETURN,
    Place.FLOOR: Permission.SEE_FLOOR,
}


def may_enter(role: Role | None, place: Place) -> bool:
    """Whether somebody in this role may go to a place; in Office and Stock each deed is judged by itself."""
    wanted = _WANTED_AT.get(place)
    return wanted is None or may(role, wanted)


class TakesOver(Protocol):
    """How a kind of work is taken over; without a reason it is asked for."""

    def __call__(self, desk: Desk, ref_id: int, /, reason: str = "") -> Outcome:
        """Takes it, or asks why."""


class PackOpenings(Protocol):
    """How the bench opens what it packs (`pack_open.PackOpening`)."""

    def open_fulfillment(self, desk: Desk, fulfillment_id: int) -> Outcome:
        """Opens a fulfillment, or says why not."""

    def open_bench_order(self, desk: Desk, order: BenchOrder) -> Outcome:
        """The same, of one that was read in this gesture."""

    def take_over(self, desk: Desk, fulfillment_id: int, reason: str = "") -> Outcome:
        """Takes an order from whoever holds it; without a reason it asks for one."""

    def open_parts(self, desk: Desk, order_id: int, parts: Sequence[OrderPart]) -> Outcome:
        """Opens the one of an order's fulfillments that can be packed now."""

    def open_tote(self, desk: Desk, tote_id: int) -> Outcome:
        """Opens what lies in a tote."""

    def open_pick_list(self, desk: Desk, pick_list_id: int) -> Outcome:
        """Opens what a finished walk brought."""

    def open_package(self, desk: Desk, package_id: int) -> Outcome:
        """Opens the fulfillment of a parcel."""

    def apply_label(self, desk: Desk, label_id: int, package_id: int) -> Outcome | None:
        """A label scanned on its box; None where nothing waits for that."""

    def on_idle_command(self, desk: Desk, command: Command) -> Outcome | None:
        """What still can be done with the parcel that was packed last."""


class StationOpening:
    """Decides where the station goes (`station.Opening`)."""

    def __init__(
        self,
        pick: PickDesk,
        pack: PackOpenings,
        returns: ReturnDesk,
        stock: StockDesk,
        transfers: TransferDesk | None = None,
        pick_ups: PickUpDesk | None = None,
    ) -> None:
        self.pick = pick
        self.pack = pack
        self.returns = returns
        self.stock = stock
        self.transfers = transfers or TransferDesk()
        self.pick_ups = pick_ups or PickUpDesk()
        self._takers: Mapping[str, TakesOver] = {
            PICK_LIST: pick.take_over,
            RETURN: returns.take_over,
            FULFILLMENT: pack.take_over,
            PUT_BACK: stock.take_over,
        }

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """Opens what the code names; asks when it names several things."""
        desk.memory.pop("held", None)
        taking.forget(desk)
        label_decisions.forget(desk)
        print_elsewhere.forget(desk)
        meant = _distinct(named)
        if len(meant) > 1:
            return ask(desk, code, meant, _details(desk, meant))
        one = meant[0]
        collected = spoiled_labels.collect(desk, meant)
        if collected is not None:
            return collected
        if one.kind in (NamedKind.PRODUCT, NamedKind.SERIAL):
            values: dict[str, Value] = {"product_id": one.ref, "sku": one.title}
            return _navigate(desk, Place.STOCK, "opening.product", **values)
        if one.kind is NamedKind.LOCATION:
            return self._location(desk, one)
        if one.kind is NamedKind.PICK_LIST:
            return self._pick_list(desk, one.ref, one.sub)
        if one.kind is NamedKind.CART:
            picked = desk.session.connection().execute(_PICKED_ON_CART, {"cart": one.ref}).scalar()
            return self.pick.open_cart(desk, one.ref) if picked is None else self.pack.open_pick_list(desk, picked)
        if one.kind is NamedKind.RETURN:
            return self.returns.open_return(desk, one.ref)
        if one.kind is NamedKind.TRANSFER:
            return self.transfers.open(desk, one.ref)
        return self._demand(desk, one)

    def _demand(self, desk: Desk, one: Named) -> Outcome:
        """An order, fulfillment, parcel or tracking number: to be put back, packed, taken back, or looked at."""
        returning = desk.place is Place.RETURNS
        elsewhere = returning or desk.place is Place.ORDERS
        if one.kind is NamedKind.FULFILLMENT and not elsewhere:
            return self._fulfillment(desk, one)
        if one.kind is NamedKind.ORDER and not elsewhere:
            return self._order(desk, one)
        back = None if elsewhere else self._put_back(desk, one) or self.pick_ups.open(desk, one.kind, one.ref)
        if back is not None:
            return back
        if one.kind is NamedKind.ORDER:
            if desk.place is Place.ORDERS:
                return _navigate(desk, Place.ORDERS, "opening.order", order_id=one.ref, number=one.title)
            return self.returns.open_order(desk, one.ref)
        if one.kind is NamedKind.FULFILLMENT:
            opens = self.returns.open_fulfillment if returning else self.pack.open_fulfillment
            return opens(desk, one.ref)
        package_id = int(one.sub) if one.kind is NamedKind.LABEL else one.ref
        if returning:
            return self.returns.open_package(desk, package_id)
        if desk.settings.label_scan_back and one.kind is NamedKind.LABEL:
            applied = self.pack.apply_label(desk, one.ref, package_id)
            if applied is not None:
                return applied
        if desk.settings.handover == AT_TRUCK:
            loading = _to_load(desk, package_id)
            if loading is not None:
                return loading
        return self.pack.open_package(desk, package_id)

    def _fulfillment(self, desk: Desk, one: Named) -> Outcome:
        """What its row says decides what is asked further: most have nothing to put back and are not collected."""
        order = bench_order(desk, one.ref)
        back = self._put_back(desk, one) if order.to_put_back else None
        if back is None and order.collected:
            back = self.pick_ups.open(desk, one.kind, one.ref)
        return back or self.pack.open_bench_order(desk, order)

    def _order(self, desk: Desk, one: Named) -> Outcome:
        parts = order_parts(desk.session, one.ref)
        back = self._put_back(desk, one) if any(part.to_put_back for part in parts) else None
        if back is None and any(part.collected for part in parts):
            back = self.pick_ups.open(desk, one.kind, one.ref)
        return back or self.pack.open_parts(desk, one.ref, parts)

    def _put_back(self, desk: Desk, one: Named) -> Outcome | None:
        """What was cancelled out of a parcel goes back to its shelf before anything else is done with it."""
        kind, ref = (NamedKind.PACKAGE, int(one.sub)) if one.kind is NamedKind.LABEL else (one.kind, one.ref)
        values = {"ref": ref, "warehouse": desk.actor.warehouse_id}
        found = _TO_PUT_BACK[kind].first(desk.session, values)
        return None if found is None else self.stock.open_put_back(desk, int(found[0]))

    def _location(self, desk: Desk, one: Named) -> Outcome:
        if one.sub == LocationKind.TOTE.value:
            return self._tote(desk, one)
        if one.sub == LocationKind.CAGE.value:
            return _cage(desk, one)
        return _navigate(desk, Place.STOCK, "opening.location", location_id=one.ref, location=one.title)

    def _tote(self, desk: Desk, one: Named) -> Outcome:
        """What must be put back comes first, then the walk that it is on, then the bench."""
        back = self.stock.open_put_back(desk, one.ref)
        if back is not None:
            return back
        walk = desk.session.connection().execute(_WALK_OF_TOTE, {"tote": one.ref}).scalar()
        if walk is not None and desk.place is not Place.PACK:
            return self.pick.open_list(desk, walk)
        collected = self.pick_ups.open(desk, one.kind, one.ref)
        if collected is not None:
            return collected
        if desk.place is Place.STOCK:
            return _navigate(desk, Place.STOCK, "opening.location", location_id=one.ref, location=one.title)
        return self.pack.open_tote(desk, one.ref)

    def _pick_list(self, desk: Desk, list_id: int, state: str) -> Outcome:
        if state == PickListState.DONE.value:
            return self.pack.open_pick_list(desk, list_id)
        stops = desk.session.connection().execute(_STOPS, {"list": list_id}).scalar_one()
        if state == PickListState.OPEN.value and not stops:
            return self.pack.open_pick_list(desk, list_id)
        return self.pick.open_list(desk, list_id)

    # -- commands ---------------------------------------------------------------------------------------------------

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """Where to go, what to begin, and what can still be done with the last parcel; None for all else."""
        if command in _GO or command is Command.GO_HOME:
            return _go(desk, command)
        if command is Command.START_WALK:
            return self.pick.start_next(desk)
        if command is Command.RESUME:
            return self._resume(desk)
        if command in _STOCK_WORK:
            return self.stock.begin(desk, _STOCK_WORK[command])
        if command is Command.TRUCK:
            return _truck(desk)
        elsewhere = print_elsewhere.on_command(desk, command) if may(desk.actor.role, Permission.PACK) else None
        return elsewhere or self._take_over(desk, command) or self.pack.on_idle_command(desk, command)

    def _take_over(self, desk: Desk, command: Command) -> Outcome | None:
        """Work that somebody else holds: asked why first, then taken; None where it is not about that."""
        held = desk.memory.get("held")
        if command is Command.TAKE_OVER and isinstance(held, list):
            return self._takers[str(held[0])](desk, int(held[1]))
        why = taking.answered(desk, command)
        if why is None or isinstance(why, Outcome):
            return why
        kind, ref_id, reason = why
        return self._takers[kind](desk, ref_id, reason)

    def _resume(self, desk: Desk) -> Outcome:
        """The work that this station left last and still holds."""
        row = desk.session.connection().execute(_MINE, {"station": desk.actor.station_id}).first()
        if row is None:
            return refused("opening.nothing_to_resume")
        opens = {PICK_LIST: self.pick.open_list, RETURN: self.returns.open_return}
        return opens.get(row.kind, self.pack.open_fulfillment)(desk, row.ref_id)


def _distinct(named: tuple[Named, ...]) -> tuple[Named, ...]:
    """A serial number names its product: both are one thing."""
    known = {one.ref for one in named if one.kind is NamedKind.PRODUCT}
    return tuple(one for one in named if one.kind is not NamedKind.SERIAL or one.ref not in known)


def _details(desk: Desk, named: tuple[Named, ...]) -> dict[int, str]:
    """What tells orders of the same number apart: channel, recipient, town."""
    ids = [one.ref for one in named if one.kind is NamedKind.ORDER]
    rows = desk.session.connection().execute(_ORDERS, {"ids": ids}) if ids else ()
    return {row[0]: ", ".join(part for part in row[1:] if part) for row in rows}


def _navigate(desk: Desk, place: Place, code: str, **values: Value) -> Outcome:
    desk.place = place
    return Outcome(Result.NAVIGATE, code, Sound.ACCEPTED, values, place=place)


def _go(desk: Desk, command: Command) -> Outcome:
    """To a place of the rail. Open work stays open; home with open work is where that work is."""
    if command is Command.GO_HOME:
        place = desk.work_place or sign_in.home(desk.actor.role)
    else:
        place = _GO[command]
    if not may_enter(desk.actor.role, place):
        return refused("opening.not_your_place", place=place.value)
    return _navigate(desk, place, "opening.place")


# -- leaving with the truck -------------------------------------------------------------------------------------------


def _to_load(desk: Desk, package_id: int) -> Outcome | None:
    """A labelled parcel in the hand, to go into a cage or on the truck; None for one in another state."""
    row = desk.session.connection().execute(_PACKAGE, {"package": package_id}).one()
    if row.state != PackageState.LABELLED.value:
        return None
    desk.memory["parcel"] = package_id
    desk.memory.pop("cage", None)
    return Outcome(Result.DONE, "opening.parcel", Sound.ACCEPTED, {"number": row.number, "parcel": row.parcel})


def _cage(desk: Desk, one: Named) -> Outcome:
    """The cage for the parcel in the hand; without one, the cage that the truck takes next."""
    parcel = desk.number("parcel")
    if parcel is not None:
        loaded = hand_over.load_cage(desk.session, desk.actor, parcel, one.ref)
        if not loaded.refused:
            desk.memory.pop("parcel", None)
        return loaded
    desk.memory["cage"] = one.ref
    parcels = int(desk.session.connection().execute(_IN_CAGE, {"cage": one.ref}).scalar_one())
    return Outcome(Result.DONE, "opening.cage", Sound.ACCEPTED, {"cage": one.title, "parcels": parcels})


def _truck(desk: Desk) -> Outcome:
    cage, parcel = desk.number("cage"), desk.number("parcel")
    if cage is not None:
        answer = hand_over.hand_over_truck(desk.session, desk.actor, cage)
    elif parcel is not None:
        answer = hand_over.hand_over_parcel(desk.session, desk.actor, parcel)
    else:
        return refused("opening.cage_first")
    if not answer.refused:
        desk.memory.pop("cage", None)
        desk.memory.pop("parcel", None)
    return answer
