"""The story of the demonstration: a working day of five stations on one database."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, text

from app.bootstrap.demo_album import Album
from app.bootstrap.demo_desk import Clerk, Lead, put_back
from app.bootstrap.demo_goods import read_goods
from app.bootstrap.demo_packing import Packed, Packer, Trouble
from app.bootstrap.demo_picking import Mishap, Picker
from app.bootstrap.demo_station import DemoStation, Tally, at_station
from app.domain.errors import StateError
from app.domain.outcomes import Place
from app.domain.states import HoldKind, LocationKind
from app.models.database import Session
from app.models.stock import Location
from app.presenters.office import TABS as OFFICE
from app.runtime.sample import SAMPLE
from app.settings import Settings
from app.views.kit import Look

CART, BENCHES, RETURNS, DESK = "Cart C-03", ("Bench 4", "Bench 5"), "Returns 1", "Lead desk"
PEOPLE = {
    CART: "OP-JONAS",
    "Bench 4": "OP-ANNA",
    "Bench 5": "OP-TOMASZ",
    RETURNS: "OP-PRIYA",
    DESK: "OP-GRETA",
}
SHOWN_ORDER = "#1042"
MENDED, DUPLICATE, STAYS_HELD = "#1023", "#1054", "#1030"
_CAGES = text("SELECT DISTINCT l.code FROM packages p JOIN locations l ON l.id = p.cage_id WHERE p.state = 'labelled'")


@dataclass(slots=True)
class Floor:
    """The stations of the day by their names."""

    cart: DemoStation
    benches: tuple[DemoStation, ...]
    returns: DemoStation
    desk: DemoStation

    def all(self) -> tuple[DemoStation, ...]:
        """Each of them."""
        return (self.cart, *self.benches, self.returns, self.desk)


def open_floor(settings: Settings, look: Look, tally: Tally) -> Floor:
    """Opens every station of the day."""

    def at(name: str) -> DemoStation:
        return DemoStation(at_station(settings, name), look, tally)

    return Floor(at(CART), tuple(at(name) for name in BENCHES), at(RETURNS), at(DESK))


class Day:
    """Plays the day; what happened is kept for the report."""

    def __init__(self, floor: Floor, album: Album, ship: int, tell: Callable[..., None]) -> None:
        """`ship` is how many orders must have left at the end; `tell` says how far it is."""
        self._floor, self._album, self._ship, self._tell = floor, album, ship, tell
        warehouse = json.loads((SAMPLE / "warehouse.json").read_text(encoding="utf-8"))
        cages = {service["name"]: service["cage"] for service in warehouse["services"]}
        self._goods = read_goods(floor.desk.database)
        self._shelves: dict[int, str] = {}
        self.lead = Lead(floor.desk, self._camera(floor.desk))
        totes = deque(floor.desk.database.read(_totes))
        self.picker = Picker(floor.cart, self._goods, totes, self._camera(floor.cart), list(Mishap))
        self.packers = tuple(
            Packer(bench, self._goods, cages, self._camera(bench), list(troubles))
            for bench, troubles in zip(floor.benches, (_AT_FIRST, _AT_SECOND), strict=True)
        )
        self.clerk = Clerk(floor.returns, self._goods, self._camera(floor.returns))
        self.packers[0].codes.append("#1100")
        self.put_back_units = 0
        self.cancelled = ""
        self.returns: list[str] = []

    @property
    def packed(self) -> list[Packed]:
        """All orders that were packed."""
        return [one for packer in self.packers for one in packer.packed]

    def play(self) -> None:
        """From the first badge to the last truck and what came back."""
        self._sign_in()
        self._morning()
        walks = 0
        while len(self.packed) < self._ship:
            totes = self._walk(first=walks == 0)
            if walks == 1:
                self._noon()
            self._pack(totes, first=walks == 0)
            walks += 1
            self._tell("demo.packed", walks=walks, orders=len(self.packed))
        self._trucks()
        self._take_back()

    # -- chapters ---------------------------------------------------------------------------------------------------

    def _sign_in(self) -> None:
        self._album.keep("sign_in", self._floor.benches[0].screen)
        for station in self._floor.all():
            station.scan(PEOPLE[station.name], "sign_in.welcome")
            station.settle()
        self._tell("demo.signed_in", people=len(PEOPLE))

    def _morning(self) -> None:
        """The lead mends an address, lets one held order go on and leaves another, and makes the walks."""
        self.lead.mend(MENDED, {"address1": "14 Fictional Row"})
        self.lead.lift(DUPLICATE, HoldKind.DUPLICATE, "Two orders, the customer says so")
        self.lead.first(SHOWN_ORDER)
        self.lead.release()
        self._floor.desk.go(Place.DEVICES)
        self._tell("demo.released")

    def _noon(self) -> None:
        """The lead looks at what must leave, at a product's stock, at the floor, and at the devices of the desk."""
        station = self._floor.desk
        self.lead.overview()
        self._album.keep("orders", station.screen, large=True)
        station.scan(self._goods.units[next(iter(self._goods.in_several_places))], "opening.product")
        station.settle()
        self._album.keep("stock", station.screen)
        station.go(Place.FLOOR)
        self._album.keep("floor", station.screen, large=True)
        station.desks.floor.key("1")
        station.settle()
        self._album.keep("floor-decision", station.screen)
        station.desks.floor.key("Esc")
        station.go(Place.HELP)
        self._album.keep("help", station.screen)
        station.go(Place.OFFICE)
        for number, section in enumerate(OFFICE, start=1):
            station.desks.office.key(str(number))
            station.settle()
            self._album.keep(f"office-{section}", station.screen)
        bench = self._floor.benches[0]
        bench.go(Place.DEVICES)
        self._album.keep("devices", bench.screen)
        bench.go(Place.PACK)
        self._album.keep("pack-idle", bench.screen, large=True)
        station.go(Place.DEVICES)

    def _walk(self, *, first: bool) -> list[str]:
        """One walk with the cart; the totes that it filled."""
        work = self.picker.begin("C-03")
        work = self.picker.fill_slots(work)
        if first:
            self._album.keep("pick", self._floor.cart.screen, large=True)
        while work.step != "done":
            self._shelves |= {stop.item.product_id: stop.location for stop in work.stops}
            work = self.picker.stop(work)
        if first:
            self._album.keep("pick-done", self._floor.cart.screen)
        return [slot.tote for slot in work.slots if slot.tote]

    def _pack(self, totes: Sequence[str], *, first: bool) -> None:
        """Both benches take turns; on the first walk an order is stopped, and one cancelled, while they lie there."""
        waiting = list(totes)
        if first:
            self._cancel_one(waiting)
            self._stop_one(waiting)
        for number, tote in enumerate(waiting):
            packer = self.packers[number % len(self.packers)]
            if packer.pack(tote) is not None:
                self.picker.totes.append(tote)

    def _cancel_one(self, waiting: list[str]) -> None:
        """The office cancels an order that stands picked on the floor: the bench that scans it puts it back."""
        tote, number = self._plain(waiting)
        self.lead.cancel(number, "The customer changed their mind")
        station = self.packers[-1].station
        self.put_back_units = put_back(station, self._goods, tote, self._shelves)
        self.cancelled = number
        station.go(Place.PACK)
        waiting.remove(tote)
        self.picker.totes.append(tote)

    def _stop_one(self, waiting: list[str]) -> None:
        """The lead stops an order; the bench refuses it until the hold is released with a reason."""
        tote, number = self._plain(waiting)
        self.lead.hold(number, "Is the address right?")
        if self.packers[0].pack(tote) is not None:
            raise StateError("demo.packed_in_spite", order=number)
        self.lead.lift(number, HoldKind.OFFICE, "Asked by telephone: it is")
        self._floor.desk.go(Place.DEVICES)

    def _plain(self, waiting: list[str]) -> tuple[str, str]:
        """A tote with an order of which nothing special is told elsewhere, and the order's number."""
        numbers = self._floor.desk.database.read(partial(_numbers, totes=waiting))
        special = {SHOWN_ORDER, *self.picker.short}
        return next((tote, numbers[tote]) for tote in reversed(waiting) if numbers[tote] not in special)

    def _trucks(self) -> None:
        """Every cage that holds a parcel leaves with its truck, and a manifest."""
        station = self.packers[0].station
        for cage in sorted(station.database.read(lambda session: list(session.execute(_CAGES).scalars()))):
            station.scan(cage, "opening.cage")
            station.scan("PW-TRUCK", "hand_over.truck")
        self._tell("demo.trucks")

    def _take_back(self) -> None:
        """Two returns: one unit is sold again, one is scrapped; the lead settles both refunds."""
        first, second = self.packed[0], self.packed[-1]
        self.returns.append(self.clerk.take_back(first.number, ("PW-GR-A", "PW-MIND", "PW-RESTOCK")))
        self.returns.append(self.clerk.take_back(second.parcels[-1], ("PW-GR-D", "PW-FAULT", "PW-SCRAP")))
        station = self._floor.returns
        station.scan(PEOPLE[DESK], "sign_in.welcome")
        for code in self.returns:
            station.go(Place.RETURNS)
            station.scan(code, "returns.resumed")
            station.scan("PW-REFUND", "returns.refunded")
        self._tell("demo.returned", returns=len(self.returns))

    def _camera(self, station: DemoStation) -> Callable[[str], None]:
        return lambda name: self._album.keep(name, station.screen, large=name in _LARGE)


_LARGE = frozenset({"packing", "pack-complete"})
_AT_FIRST = (
    Trouble.WRONG_ITEM, Trouble.TOO_MANY, Trouble.UNKNOWN_CODE, Trouble.OTHER_ORDER, Trouble.TAKEN_OUT,
    Trouble.WRONG_LABEL,
)  # fmt: skip
_AT_SECOND = (Trouble.SECOND_PARCEL, Trouble.ASIDE, Trouble.REPRINT, Trouble.WEIGHT)

_NUMBERS = text(
    "SELECT l.code, o.number FROM locations l JOIN tote_uses u ON u.tote_id = l.id AND u.closed_at IS NULL "
    "JOIN fulfillments f ON f.id = u.fulfillment_id JOIN orders o ON o.id = f.order_id"
)


def _totes(session: Session) -> list[str]:
    chosen = select(Location.code).where(Location.kind == LocationKind.TOTE).order_by(Location.code)
    return list(session.execute(chosen).scalars())


def _numbers(session: Session, totes: list[str]) -> dict[str, str]:
    return {code: number for code, number in session.execute(_NUMBERS) if code in totes}
