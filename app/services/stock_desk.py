"""Stock by scan: moving it, taking it in, counting it, and putting back what a cancelled order left in a tote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound, Value, blocked, refused
from app.domain.roles import Permission, may
from app.domain.states import LocationKind
from app.domain.work import StockLine, StockWork
from app.queries.stock_work import item_of, lines_at, place_code, to_put_back
from app.services import adjust, claims, move_stock, receive, spoiled_labels
from app.services import take_over as taking
from app.services.desk import COUNT, PUT_BACK, RECEIVE, STOCK_MOVE, Desk
from app.services.identify import Named, NamedKind
from app.services.pick.quantity import MOST, on_quantity, only_acknowledges, to_acknowledge
from app.services.stock_named import place_or_product

PLACE, ITEM, NUMBER, TARGET = "place", "item", "count", "target"

_NEEDED = {
    STOCK_MOVE: Permission.MOVE_STOCK,
    RECEIVE: Permission.RECEIVE,
    COUNT: Permission.MOVE_STOCK,
    PUT_BACK: Permission.MOVE_STOCK,
}


class StockDesk:
    """What the four kinds of stock work do with gestures (`station.WorkDesk`); the kind is the desk's work kind."""

    def begin(self, desk: Desk, kind: str) -> Outcome:
        """Begins moving, receiving or counting."""
        return self._open(desk, kind, 0, ITEM if kind == RECEIVE else PLACE)

    def open_put_back(self, desk: Desk, container_id: int) -> Outcome | None:
        """Begins putting back what lies in a tote or parcel; None when nothing of it must go back."""
        if not to_put_back(desk.session, container_id):
            return None
        if not may(desk.actor.role, _NEEDED[PUT_BACK]):
            return refused("stock_desk.not_permitted")
        holder = claims.take(desk.session, desk.actor, PUT_BACK, container_id, desk.settings.claim_minutes)
        if holder is not None:
            desk.memory["held"] = [PUT_BACK, container_id]
            place = place_code(desk.session, container_id)
            return refused("stock_desk.held", Sound.ATTENTION, place=place, **holder.words(desk.actor.now))
        return self._open(desk, PUT_BACK, container_id, ITEM)

    def take_over(self, desk: Desk, container_id: int, reason: str = "") -> Outcome:
        """Takes the putting back from whoever does it, if the operator may; without a reason it asks for one."""
        if not may(desk.actor.role, Permission.TAKE_OVER):
            return refused("stock_desk.take_over_not_permitted")
        holder = claims.holder(desk.session, PUT_BACK, container_id, desk.actor.now)
        if holder is not None and not reason:
            return taking.ask_why(desk, PUT_BACK, container_id, holder)
        taking.write_down(desk, PUT_BACK, container_id, reason)
        claims.end(desk.session, PUT_BACK, container_id)
        return self.open_put_back(desk, container_id) or refused("stock_desk.nothing_to_put_back")

    def _lost(self, desk: Desk) -> Outcome | None:
        """Renews the lease of what is put back; says so where somebody else took it over."""
        if desk.work_kind != PUT_BACK:
            return None
        container_id = desk.work_id or 0
        holder = claims.take(desk.session, desk.actor, PUT_BACK, container_id, desk.settings.claim_minutes)
        if holder is None:
            return None
        desk.close_work()
        place = place_code(desk.session, container_id)
        return refused("stock_desk.taken_over", Sound.ATTENTION, place=place, **holder.words(desk.actor.now))

    def _open(self, desk: Desk, kind: str, container_id: int, step: str) -> Outcome:
        if not may(desk.actor.role, _NEEDED[kind]):
            return refused("stock_desk.not_permitted")
        desk.open_work(kind, container_id, Place.STOCK, step)
        if container_id:
            desk.memory["place"] = container_id
        work = self.snapshot(desk)
        values: dict[str, Value] = {"place": work.place, "units": sum(line.to_do for line in work.lines)}
        return Outcome(Result.NAVIGATE, f"stock_desk.{kind}", Sound.ACCEPTED, values, place=Place.STOCK, work=work)

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """A place or a product; all else waits until this is done."""
        return self._lost(desk) or to_acknowledge(desk, self._named(desk, code, named))

    def _named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        collected = spoiled_labels.collect(desk, named) if desk.work_kind == PUT_BACK else None
        if collected is not None:
            return replace(collected, work=self.snapshot(desk))
        meant = place_or_product(desk, code, named, place_wanted=desk.step == PLACE)
        if isinstance(meant, Outcome):
            return meant
        if meant.kind is NamedKind.LOCATION:
            return self._place(desk, meant)
        return self._item(desk, code, meant)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """Quantities, the number of a count, one step back, and the end; None for all else."""
        if command is Command.OK and only_acknowledges(desk):
            return None
        lost = self._lost(desk)
        if lost is not None:
            return lost
        if desk.work_kind == COUNT and command.number is not None and desk.pending_quantity is None:
            return self._digit(desk, command.number)
        quantity = on_quantity(desk, command)
        if quantity is not None:
            return quantity
        if command is Command.OK and desk.work_kind == COUNT and desk.step == NUMBER:
            return self._counted(desk)
        if command in (Command.BACK, Command.PREVIOUS):
            return self._back(desk)
        if command in (Command.CLOSE, Command.ASIDE):
            return self._end(desk)
        begins = {Command.MOVE: STOCK_MOVE, Command.RECEIVE: RECEIVE, Command.COUNT: COUNT}.get(command)
        return self.begin(desk, begins) if begins is not None and desk.number("product") is None else None

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """A typed number is the quantity; anything else is the lot of what is received."""
        if desk.number("product") is None:
            return None
        lost = self._lost(desk)
        if lost is not None:
            return lost
        if text.isascii() and text.isdigit() and len(text) <= 6:
            desk.memory["quantity"] = min(int(text), MOST)
            return self._counted(desk) if desk.work_kind == COUNT else self._shown(desk, "stock_desk.quantity")
        if desk.work_kind == RECEIVE and text:
            desk.memory["lot"] = text[:64]
            return self._shown(desk, "stock_desk.lot")
        return refused("stock_desk.number_wanted")

    def takes_items(self, desk: Desk) -> bool:
        """A place and a product are both looked up here: what a code names is asked whole."""
        return False

    def stopped(self, desk: Desk) -> Outcome | None:
        """Nothing that others do stops stock work."""
        return None

    def snapshot(self, desk: Desk) -> StockWork:
        """The stock work as its screen draws it."""
        place_id, product_id = desk.number("place"), desk.number("product")
        lot = desk.memory.get("lot")
        return StockWork(
            desk.work_kind,
            desk.step,
            place_code(desk.session, place_id) if place_id is not None else "",
            item_of(desk.session, product_id) if product_id is not None else None,
            desk.number("quantity"),
            lot if isinstance(lot, str) else "",
            self._lines(desk, place_id),
        )

    def _lines(self, desk: Desk, place_id: int | None) -> tuple[StockLine, ...]:
        if place_id is None:
            return ()
        return to_put_back(desk.session, place_id) if desk.work_kind == PUT_BACK else lines_at(desk.session, place_id)

    # -- scans ------------------------------------------------------------------------------------------------------

    def _item(self, desk: Desk, code: ScannedCode, one: Named) -> Outcome:
        if desk.step == PLACE:
            return refused("stock_desk.place_first")
        pending, desk.pending_quantity = desk.pending_quantity, None
        quantity = one.quantity * (code.quantity or 1) * (pending or 1)
        known = desk.number("product")
        if known is not None and known != one.ref:
            return blocked("stock_desk.other_product", sku=one.title, wanted=item_of(desk.session, known).sku)
        if code.lot and desk.memory.get("lot") not in (None, code.lot):
            return blocked("stock_desk.other_lot", lot=code.lot, wanted=str(desk.memory.get("lot")))
        if desk.work_kind == PUT_BACK and not self._still_to_put_back(desk, one.ref, quantity):
            return blocked("stock_desk.not_to_put_back", Sound.TOO_MANY, sku=one.title)
        desk.memory["product"] = one.ref
        desk.memory["quantity"] = min((desk.number("quantity") or 0) + quantity, MOST)
        if code.lot:
            desk.memory["lot"] = code.lot
        if code.expiry is not None:
            desk.memory["expiry"] = code.expiry.isoformat()
        desk.step = NUMBER if desk.work_kind == COUNT else TARGET
        return self._shown(desk, "stock_desk.counting" if desk.work_kind == COUNT else "stock_desk.item")

    def _still_to_put_back(self, desk: Desk, product_id: int, quantity: int) -> bool:
        left = sum(
            line.to_do for line in to_put_back(desk.session, desk.work_id or 0) if line.item.product_id == product_id
        )
        return (desk.number("quantity") or 0) + quantity <= left

    def _place(self, desk: Desk, place: Named) -> Outcome:
        if desk.step == TARGET:
            return self._to(desk, place)
        if desk.step == NUMBER:
            return refused("stock_desk.number_first")
        if desk.work_kind in (PUT_BACK, RECEIVE):
            return refused("stock_desk.item_first", place=place.title)
        if place.sub in (LocationKind.TOTE.value, LocationKind.CAGE.value):
            return refused("stock.not_a_shelf", location=place.title)
        desk.memory = {"place": place.ref}
        desk.step = ITEM
        return self._shown(desk, "stock_desk.at_place")

    def _to(self, desk: Desk, place: Named) -> Outcome:
        product_id, quantity = desk.number("product") or 0, desk.number("quantity") or 0
        from_id = desk.number("place") or 0
        if desk.work_kind == STOCK_MOVE:
            answer = move_stock.move_stock(desk.session, desk.actor, product_id, from_id, place.ref, quantity)
        elif desk.work_kind == PUT_BACK:
            answer = move_stock.put_back(desk.session, desk.actor, from_id, product_id, place.ref, quantity)
        else:
            answer = self._receive(desk, product_id, quantity, place.ref)
        if answer.refused:
            return replace(answer, work=self.snapshot(desk))
        desk.changed("location", place.ref)
        return self._next(desk, answer)

    def _receive(self, desk: Desk, product_id: int, quantity: int, place_id: int) -> Outcome:
        lot, expiry = desk.memory.get("lot"), desk.memory.get("expiry")
        until = None
        if isinstance(expiry, str):
            until = datetime.combine(datetime.fromisoformat(expiry).date(), time(23, 59, 59), UTC)
        lot_code = lot if isinstance(lot, str) else ""
        return receive.receive(desk.session, desk.actor, product_id, quantity, place_id, lot=lot_code, expires_on=until)

    def _next(self, desk: Desk, answer: Outcome) -> Outcome:
        """Ready for the next product; putting back ends when nothing is left."""
        place_id = desk.number("place")
        desk.memory = {} if place_id is None else {"place": place_id}
        desk.step = ITEM
        work = self.snapshot(desk)
        if desk.work_kind == PUT_BACK and not work.lines:
            claims.end(desk.session, PUT_BACK, desk.work_id or 0)
            desk.close_work()
            return replace(answer, code="stock_desk.all_put_back", sound=Sound.COMPLETE, work=work)
        return replace(answer, sound=Sound.ACCEPTED, work=work)

    # -- counting ---------------------------------------------------------------------------------------------------

    def _digit(self, desk: Desk, digit: int) -> Outcome:
        """While a product is wanted, the number of a line that lies here; then the digits of the count."""
        if desk.step == ITEM:
            lines = lines_at(desk.session, desk.number("place") or 0)
            if not 1 <= digit <= len(lines):
                return refused("stock_desk.no_such_line", count=min(len(lines), 9))
            desk.memory["product"] = lines[digit - 1].item.product_id
            desk.step = NUMBER
            return self._shown(desk, "stock_desk.how_many")
        if desk.step != NUMBER:
            return refused("stock_desk.place_first")
        typed = desk.number("typed")
        desk.memory["typed"] = min((typed or 0) * 10 + digit, MOST)
        desk.memory["quantity"] = desk.memory["typed"]
        return self._shown(desk, "stock_desk.quantity")

    def _counted(self, desk: Desk) -> Outcome:
        quantity = desk.number("quantity")
        if quantity is None:
            return refused("stock_desk.number_wanted")
        place_id, product_id = desk.number("place") or 0, desk.number("product") or 0
        answer = adjust.count(desk.session, desk.actor, place_id, product_id, quantity)
        if answer.refused:
            for key in ("typed", "quantity"):
                desk.memory.pop(key, None)
            return replace(answer, work=self.snapshot(desk))
        desk.changed("location", place_id)
        return self._next(desk, answer)

    # -- steps ------------------------------------------------------------------------------------------------------

    def _back(self, desk: Desk) -> Outcome:
        place_id = desk.number("place")
        if desk.number("product") is not None:
            desk.memory = {} if place_id is None else {"place": place_id}
            desk.step = ITEM
        elif place_id is not None and desk.work_kind != PUT_BACK:
            desk.memory, desk.step = {}, PLACE
        else:
            return self._end(desk)
        return self._shown(desk, "stock_desk.back")

    def _end(self, desk: Desk) -> Outcome:
        if desk.number("product") is not None:
            if desk.work_kind == COUNT:
                return refused("stock_desk.not_booked")
            return refused("stock_desk.not_put_away", units=desk.number("quantity") or 0)
        kind = desk.work_kind
        if kind == PUT_BACK:
            claims.let_go(desk.session, desk.actor, PUT_BACK, desk.work_id or 0)
        desk.close_work()
        return Outcome(Result.NAVIGATE, "stock_desk.ended", Sound.ACCEPTED, {"kind": kind}, place=Place.STOCK)

    def _shown(self, desk: Desk, code: str) -> Outcome:
        work = self.snapshot(desk)
        sku = work.item.sku if work.item is not None else ""
        values: dict[str, Value] = {"place": work.place, "sku": sku, "quantity": work.quantity, "lot": work.lot}
        return Outcome(Result.DONE, code, Sound.ACCEPTED, values, work=work)
