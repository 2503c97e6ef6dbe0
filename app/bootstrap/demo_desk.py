"""The lead at the desk and the clerk at the returns bench of the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.bootstrap.demo_goods import Goods
from app.bootstrap.demo_station import DemoStation
from app.domain.errors import StateError
from app.domain.outcomes import Outcome, Place
from app.domain.states import HoldKind
from app.domain.work import ReturnWork, StockWork
from app.presenters.orders_detail import ADDRESS, SAVE
from app.presenters.state.parts import Family


@dataclass(slots=True)
class Lead:
    """Works on the order queue with what its view offers: search, a row, a command, a reason."""

    station: DemoStation
    shoot: Callable[[str], None]

    def find(self, number: str) -> None:
        """Has an order in the detail."""
        orders = self.station.desks.orders
        self.station.go(Place.ORDERS)
        orders.typed("search", number, True)
        self.station.settle()
        row = next((row for row in orders.list.rows if row.number == number), None)
        if row is None:
            raise StateError("demo.not_found", station=self.station.name, order=number)
        orders.choose("orders", str(row.id), False)
        self.station.settle()

    def overview(self) -> None:
        """All open orders, with the first one in the detail."""
        orders = self.station.desks.orders
        self.station.go(Place.ORDERS)
        orders.typed("search", "", True)
        self.station.settle()
        orders.choose("orders", str(orders.list.rows[0].id), False)
        self.station.settle()

    def first(self, number: str) -> None:
        """Has an order picked before others."""
        self.find(number)
        self._deed("PW-PRIO")

    def lift(self, number: str, kind: HoldKind, reason: str) -> None:
        """Releases a hold, with a reason."""
        self.find(number)
        orders = self.station.desks.orders
        orders.command("PW-LIFT")
        orders.choose("form", kind.value, False)
        self.shoot("orders-hold")
        self._deed_in_form({"reason": reason})

    def hold(self, number: str, reason: str) -> None:
        """Stops an order."""
        self.find(number)
        self.station.desks.orders.command("PW-STOP")
        self._deed_in_form({"reason": reason})

    def cancel(self, number: str, reason: str) -> None:
        """Cancels all of an order that has not left."""
        self.find(number)
        orders = self.station.desks.orders
        orders.command("PW-CANCEL")
        orders.typed("reason", reason, True)
        self._deed(SAVE)

    def mend(self, number: str, fields: Mapping[str, str]) -> None:
        """Mends an address, which lifts its hold."""
        self.find(number)
        self.station.desks.orders.command(ADDRESS)
        self._deed_in_form(fields)

    def release(self) -> None:
        """Makes walks of all that is ready."""
        self.station.go(Place.ORDERS)
        self.station.desks.orders.command("PW-REL")
        self._deed(SAVE)

    def _deed_in_form(self, fields: Mapping[str, str]) -> None:
        orders = self.station.desks.orders
        *before, last = fields.items()
        for name, words in before:
            orders.typed(name, words, False)
        orders.typed(last[0], last[1], True)
        self._done()

    def _deed(self, command: str) -> None:
        self.station.desks.orders.command(command)
        self._done()

    def _done(self) -> None:
        """What was done must have been taken: the form is closed, and the notice is no refusal."""
        self.station.settle()
        orders = self.station.desks.orders
        notice = orders.model.notice
        if orders.model.panel or notice is None or notice.family is not Family.OK:
            words = notice.words if notice is not None else ", ".join(orders.model.wrong.values())
            raise StateError("demo.refused", station=self.station.name, words=words)


@dataclass(slots=True)
class Clerk:
    """Takes units back, one by one."""

    station: DemoStation
    goods: Goods
    shoot: Callable[[str], None]

    def take_back(self, code: str, decisions: tuple[str, str, str]) -> str:
        """Opens a return by order or label, takes one unit of its first line and decides it; gives the RMA's code."""
        opened = self.station.scan(code, "returns.opened", "returns.resumed")
        work = _return(opened)
        unit = self.goods.units[work.sold[0].item.product_id]
        self.station.scan(unit, "returns.received")
        grade, reason, where = decisions
        self.station.scan(grade, "returns.graded")
        self.station.scan(reason, "returns.reason_noted")
        self.shoot("returns")
        self.station.scan(where)
        self.station.scan("PW-REFUND", "returns.refund_proposed", "returns.refunded")
        return work.code


def put_back(station: DemoStation, goods: Goods, tote: str, shelves: Mapping[int, str]) -> int:
    """Carries what a cancelled order left in a tote back to its shelves; how many units that were."""
    work = _stock(station.scan(tote, "stock_desk.put_back"))
    units = 0
    while work.lines:
        line = work.lines[0]
        answer = station.scans(*goods.scans(line.item.product_id, line.to_do))
        if answer.code != "stock_desk.item":
            raise StateError("demo.unexpected", station=station.name, did=tote, expected="item", answer=answer.code)
        units += line.to_do
        shelf = shelves[line.item.product_id]
        work = _stock(station.scan(shelf, "stock.put_back", "stock_desk.all_put_back"))
    return units


def _return(outcome: Outcome) -> ReturnWork:
    if not isinstance(outcome.work, ReturnWork):
        raise StateError("demo.no_work", answer=outcome.code)
    return outcome.work


def _stock(outcome: Outcome) -> StockWork:
    if not isinstance(outcome.work, StockWork):
        raise StateError("demo.no_work", answer=outcome.code)
    return outcome.work
