"""The picker of the demonstration: walks with a cart, and what goes wrong on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from app.bootstrap.demo_goods import Goods
from app.bootstrap.demo_station import DemoStation
from app.domain.errors import StateError
from app.domain.outcomes import Outcome
from app.domain.walk_step import WalkStep, walked
from app.domain.work import PickStop, PickWork

_TAKEN = ("pick.counted", "pick.put_into", "pick.stop_done", "pick.done")


class Mishap(Enum):
    """What can happen on a walk; each happens once."""

    WRONG_SHELF = auto()
    WRONG_ITEM = auto()
    TOO_MANY = auto()
    TAKEN_BACK = auto()
    SKIPPED = auto()
    SHORT_FETCHED = auto()
    SHORT_LEFT = auto()


@dataclass(slots=True)
class Picker:
    """Walks a cart; `totes` are the empty ones in the order in which they stand there. `short` holds the orders of
    which something was left short; `shoot` keeps a picture of what is shown.
    """

    station: DemoStation
    goods: Goods
    totes: deque[str]
    shoot: Callable[[str], None]
    mishaps: list[Mishap] = field(default_factory=list)
    happened: list[Mishap] = field(default_factory=list)
    short: list[str] = field(default_factory=list)

    def begin(self, cart: str) -> PickWork:
        """Takes the next walk for this cart."""
        return _work(self.station.scan(cart, "pick.opened", "pick.opened_totes"))

    def fill_slots(self, work: PickWork) -> PickWork:
        """Puts an empty tote into each slot."""
        while work.step == "totes":
            work = _work(self.station.scan(self.totes.popleft(), "pick.tote_in_slot", "pick.totes_ready"))
        return work

    def stop(self, work: PickWork) -> PickWork:
        """The next thing to do at the stop in hand."""
        stop = next(one for one in work.stops if one.task_id == work.current)
        if work.step == "shelf":
            self._at_wrong_shelf(work, stop)
            return _work(self.station.scan(stop.location, "pick.at_shelf"), work)
        if work.step == "item":
            return self._at_item(work, stop)
        if work.step == "tote":
            self._too_many(stop)
            tote = next(slot.tote for slot in work.slots if slot.slot == stop.slot)
            return _work(self.station.scan(tote, "pick.stop_done", "pick.tote_confirmed", "pick.done"), work)
        raise StateError("demo.step", station=self.station.name, step=work.step)

    def take(self, work: PickWork, stop: PickStop) -> PickWork:
        """Scans what is still wanted at a stop."""
        *before, last = self.goods.scans(stop.item.product_id, stop.quantity - stop.picked - stop.short)
        for code in before:
            self.station.scan(code, *_TAKEN, "quantity.wanted", "quantity.is")
        return _work(self.station.scan(last, *_TAKEN), work)

    # -- what goes wrong --------------------------------------------------------------------------------------------

    def _at_item(self, work: PickWork, stop: PickStop) -> PickWork:
        open_units = stop.quantity - stop.picked - stop.short
        if self._may(Mishap.SHORT_FETCHED, open_units > 1 and stop.item.product_id in self.goods.in_several_places):
            return self._too_few(stop, open_units - 1, "PW-ELSE")
        if self._may(Mishap.SHORT_LEFT, open_units > 1 and stop.item.product_id not in self.goods.in_several_places):
            self.short.append(stop.order_number)
            return self._too_few(stop, open_units - 1, "PW-LATER")
        if self._may(Mishap.WRONG_ITEM, True):
            wrong = self.goods.other_than(frozenset({stop.item.product_id}))
            self.station.scan(wrong, "pick.wrong_item")
            self.shoot("pick-wrong")
            self.station.scan("PW-OK", "station.acknowledged")
        if self._may(Mishap.TAKEN_BACK, 1 < open_units < 4):
            self.station.scan(self.goods.units[stop.item.product_id], "pick.counted")
            self.station.scan("PW-UNDO", "pick.undone")
        if self._may(Mishap.SKIPPED, stop.picked == 0 and sum(1 for one in work.stops if not one.done) > 2):
            return _work(self.station.scan("PW-SKIP", "pick.skipped"))
        return self.take(work, stop)

    def _at_wrong_shelf(self, work: PickWork, stop: PickStop) -> None:
        other = next((one.location for one in work.stops if one.location != stop.location), None)
        if other is not None and self._may(Mishap.WRONG_SHELF, True):
            self.station.scan(other, "pick.wrong_shelf")
            self.station.scan("PW-OK", "station.acknowledged")

    def _too_many(self, stop: PickStop) -> None:
        if stop.short == 0 and self._may(Mishap.TOO_MANY, True):
            self.station.scan(self.goods.units[stop.item.product_id], "pick.too_many")
            self.station.scan("PW-OK", "station.acknowledged")

    def _too_few(self, stop: PickStop, found: int, remedy: str) -> PickWork:
        """Says how many there are, what becomes of the others, and why they are missing."""
        self.station.scan("PW-SHORT", "pick.how_many")
        answer = self.station.scans(*(f"PW-{digit}" for digit in str(found + stop.picked)))
        if answer.code != "pick.why_missing":
            self.station.scan("PW-OK", "pick.why_missing")
        self.station.scan(remedy, "pick.will_fetch_elsewhere", "pick.will_leave_short")
        self.shoot("pick-short" if remedy == "PW-ELSE" else "pick-short-left")
        return _work(self.station.scan("PW-EMPTY", "pick.short_fetch", "pick.short_parked", "pick.short_later"))

    def _may(self, mishap: Mishap, here: bool) -> bool:
        if not here or mishap not in self.mishaps:
            return False
        self.mishaps.remove(mishap)
        self.happened.append(mishap)
        return True


def _work(outcome: Outcome, before: PickWork | None = None) -> PickWork:
    if before is not None and isinstance(outcome.delta, WalkStep):
        return walked(before, outcome.delta)
    if not isinstance(outcome.work, PickWork):
        raise StateError("demo.no_work", answer=outcome.code)
    return outcome.work
