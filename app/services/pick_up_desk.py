"""What a customer collects, by scan: to the place where it waits, and out of the store once the name was checked."""

from __future__ import annotations

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound, Value, blocked, refused
from app.domain.roles import Permission, may
from app.domain.states import FulfillmentState, LocationKind
from app.domain.work import StockWork
from app.queries.pick_ups import Collected, collected, collected_by_order, collected_by_part, collected_in_tote, goods
from app.services import pick_up
from app.services.desk import HAND_OUT, SET_ASIDE, Desk
from app.services.identify import Named, NamedKind
from app.services.pick.quantity import only_acknowledges, to_acknowledge

TARGET, NAME = "target", "name"


class PickUpDesk:
    """What setting aside and handing out do with gestures (`station.WorkDesk`)."""

    def open(self, desk: Desk, kind: NamedKind, ref: int) -> Outcome | None:
        """Opens what is collected here: to be set aside once it is picked, to be handed out once it waits.

        None for all that is not collected here, or not picked yet: that is other work. A tote is only ever set aside.
        """
        find = {
            NamedKind.ORDER: collected_by_order, NamedKind.FULFILLMENT: collected_by_part,
            NamedKind.LOCATION: collected_in_tote,
        }.get(kind)  # fmt: skip
        found = find(desk.session, ref, desk.actor.warehouse_id) if find is not None else None
        if found is None or not (found.ready or found.state is FulfillmentState.PICKED):
            return None
        if not may(desk.actor.role, Permission.PACK):
            return refused("pick_up.not_permitted")
        work = HAND_OUT if found.ready else SET_ASIDE
        desk.open_work(work, found.fulfillment_id, Place.STOCK, NAME if found.ready else TARGET)
        values: dict[str, Value] = {"number": found.number, "name": found.who, "place": found.place}
        return Outcome(
            Result.NAVIGATE, f"pick_up.{work}", Sound.ACCEPTED, values, place=Place.STOCK, work=self.snapshot(desk)
        )

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """The place where it waits; all else waits until this is done."""
        return to_acknowledge(desk, self._named(desk, code, named))

    def _named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        if not named:
            return blocked("stock_desk.unknown_code", scan=code.text[:60])
        place = next((one for one in named if one.kind is NamedKind.LOCATION), None)
        if desk.work_kind == SET_ASIDE and place is not None:
            if place.sub in (LocationKind.TOTE.value, LocationKind.CAGE.value):
                return refused("stock.not_a_shelf", location=place.title)
            return self._done(desk, pick_up.set_aside(desk.session, desk.actor, desk.work_id or 0, place.ref))
        found = self._found(desk)
        own = {NamedKind.FULFILLMENT: desk.work_id, NamedKind.ORDER: found.order_id if found else None}
        if any(one.kind in own and one.ref == own[one.kind] for one in named):
            return Outcome(Result.DONE, "pick_up.open", Sound.ACCEPTED, self._values(desk), work=self.snapshot(desk))
        return blocked("stock_desk.still_open", kind=desk.work_kind, scan=named[0].title)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """OK once the name was checked, and the way out."""
        if command is Command.OK and only_acknowledges(desk):
            return None
        if command is Command.OK and desk.work_kind == HAND_OUT:
            return self._give(desk, "")
        if command in (Command.BACK, Command.PREVIOUS, Command.CLOSE, Command.ASIDE):
            values = self._values(desk)
            desk.close_work()
            return Outcome(Result.NAVIGATE, "stock_desk.ended", Sound.ACCEPTED, values, place=Place.STOCK)
        return None

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """The name of somebody else who fetches it."""
        return self._give(desk, text) if desk.work_kind == HAND_OUT and text else None

    def takes_items(self, desk: Desk) -> bool:
        """What is collected is told by its order or its place on the shelf."""
        return False

    def stopped(self, desk: Desk) -> Outcome | None:
        """Ends when the order was cancelled, or handed out elsewhere."""
        found = self._found(desk)
        if found is not None and (found.ready or found.state is FulfillmentState.PICKED):
            return None
        desk.close_work()
        return refused("pick_up.gone", Sound.ATTENTION, number=found.number if found else "")

    def snapshot(self, desk: Desk) -> StockWork:
        """What is collected, as the Stock screen draws it."""
        found = self._found(desk)
        if found is None:
            return StockWork(desk.work_kind, desk.step, "", None, None)
        about = f"{found.number} · {found.who}"
        lines = goods(desk.session, found)
        return StockWork(desk.work_kind, desk.step, found.place, None, None, lines=lines, about=about)

    def _found(self, desk: Desk) -> Collected | None:
        return collected(desk.session, desk.work_id or 0)

    def _give(self, desk: Desk, name: str) -> Outcome:
        return self._done(desk, pick_up.hand_out(desk.session, desk.actor, desk.work_id or 0, name))

    def _done(self, desk: Desk, answer: Outcome) -> Outcome:
        if not answer.refused:
            desk.changed("fulfillment", desk.work_id or 0)
            desk.close_work()
        return answer

    def _values(self, desk: Desk) -> dict[str, Value]:
        found = self._found(desk)
        return {"number": found.number if found else "", "name": found.who if found else "", "kind": desk.work_kind}
