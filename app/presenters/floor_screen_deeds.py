"""What a lead can do from the floor screen: each deed is plain values, done by the services or by another screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clock import Clock
from app.domain.outcomes import Outcome
from app.domain.states import HoldKind
from app.models.database import Database
from app.presenters.station_info import StationInfo
from app.services import cancel, floor_decisions, holds
from app.services.go_on import unless_refused
from app.services.reroute import reroute


class DeedKind(StrEnum):
    """What is done."""

    LIFT = "lift"
    RESUME = "resume"
    PICK_AGAIN = "pick_again"
    REROUTE = "reroute"
    CANCEL = "cancel"
    FREE = "free"
    TAKE = "take"
    LOOK_ORDER = "look_order"
    LOOK_OFFICE = "look_office"
    LOOK_STOCK = "look_stock"


LOOKS = (DeedKind.LOOK_ORDER, DeedKind.LOOK_OFFICE, DeedKind.LOOK_STOCK)


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision. `what` is the order number, SKU, office section or code that it is about, `ref` the row's id."""

    kind: DeedKind
    ref: int = 0
    what: str = ""
    hold: HoldKind | None = None
    work: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FloorLooks:
    """The ways to other screens: an order by its number, a section of the office, a product's stock by its SKU."""

    order: Callable[[str], None]
    office: Callable[[str], None]
    stock: Callable[[str], None]


class FloorDeeds:
    """Each is one transaction, called on the thread that changes rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`clock` says when it is done."""
        self._database, self._clock = database, clock

    def do(self, station: StationInfo, deed: Deed) -> Outcome:
        """Does it. Raises ValueError for one that only another screen can do."""
        actor = station.actor(self._clock())
        write = self._database.write
        hold = deed.hold
        if deed.kind is DeedKind.LIFT and hold is not None:
            return write(
                lambda session: unless_refused(
                    session, actor, deed.ref, holds.release_hold(session, actor, deed.ref, hold, deed.reason)
                )
            )
        if deed.kind is DeedKind.RESUME:
            return write(lambda session: floor_decisions.resume(session, actor, deed.ref))
        if deed.kind is DeedKind.PICK_AGAIN:
            return write(lambda session: floor_decisions.pick_again(session, actor, deed.ref))
        if deed.kind is DeedKind.REROUTE:
            return write(lambda session: reroute(session, actor, deed.ref, deed.reason))
        if deed.kind is DeedKind.CANCEL:
            return write(lambda session: cancel.cancel_order(session, actor, deed.ref, deed.reason))
        if deed.kind is DeedKind.FREE:
            return write(lambda session: floor_decisions.free_claim(session, actor, deed.work, deed.ref, deed.reason))
        raise ValueError(f"{deed.kind} is not done here")
