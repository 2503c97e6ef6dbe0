"""A transfer by scan: its paper opens it, items go in from their shelf, PW-TRUCK sends it; there they go to shelves."""

from __future__ import annotations

from dataclasses import replace

from app.domain.barcodes import CodeKind, ScannedCode, own_code
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound, Value, blocked, refused
from app.domain.roles import Permission, may
from app.domain.states import LocationKind, TransferState
from app.domain.work import ItemRef, StockLine, StockWork
from app.queries.stock_work import item_of, place_code
from app.queries.transfers import TransferHead, TransferredLine, pick_places, transfer, transfer_lines
from app.services import transfers, transfers_goods
from app.services.desk import TRANSFER_RECEIVE, TRANSFER_SEND, Desk
from app.services.identify import Named, NamedKind
from app.services.pick.quantity import MOST, on_quantity, only_acknowledges, to_acknowledge
from app.services.stock_named import place_or_product

PLACE, ITEM, TARGET = "place", "item", "target"
REASONS = ("never_came", "broken", "sent_too_few", "other")
"""Why less came than was sent, with the digits 1 to 4."""
FAR = 2**62
_OUT, _SURE, _WHY = "out", "sure", "why"
_NEEDED = {TRANSFER_SEND: Permission.MOVE_STOCK, TRANSFER_RECEIVE: Permission.RECEIVE}


class TransferDesk:
    """What sending and receiving a transfer do with gestures (`station.WorkDesk`)."""

    def open(self, desk: Desk, transfer_id: int) -> Outcome:
        """Opens a transfer by its paper: to be picked where it comes from, to be received where it goes."""
        head = transfer(desk.session, transfer_id)
        if head is None:
            return refused("transfer.unknown")
        if head.state in (TransferState.CLOSED, TransferState.CANCELLED):
            return refused(f"transfer.is.{head.state.value}", transfer=head.code)
        picking = head.state in (TransferState.DRAFT, TransferState.PICKED)
        if desk.actor.warehouse_id != (head.from_id if picking else head.to_id):
            code = "transfer.sent_elsewhere" if picking else "transfer.received_elsewhere"
            return refused(code, transfer=head.code, source=head.source, target=head.target)
        kind = TRANSFER_SEND if picking else TRANSFER_RECEIVE
        if not may(desk.actor.role, _NEEDED[kind]):
            return refused("stock_desk.not_permitted")
        desk.open_work(kind, transfer_id, Place.STOCK, PLACE if picking else ITEM)
        work = self.snapshot(desk)
        values: dict[str, Value] = {"transfer": head.code, "source": head.source, "target": head.target}
        values["units"] = sum(line.to_do for line in work.lines)
        return Outcome(Result.NAVIGATE, f"transfer.{kind}", Sound.ACCEPTED, values, place=Place.STOCK, work=work)

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """A place or a product; all else waits until this is done."""
        desk.memory.pop(_SURE, None)
        desk.memory.pop(_WHY, None)
        return to_acknowledge(desk, self._named(desk, code, named))

    def _named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        kinds = {one.kind for one in named}
        itself = any(one.kind is NamedKind.TRANSFER and one.ref == desk.work_id for one in named)
        if itself and not kinds & {NamedKind.LOCATION, NamedKind.PRODUCT, NamedKind.SERIAL}:
            return self._shown(desk, "transfer.open")
        meant = place_or_product(desk, code, named, place_wanted=desk.step == PLACE)
        if isinstance(meant, Outcome):
            return meant
        if meant.kind is NamedKind.LOCATION:
            return self._place(desk, meant)
        return self._item(desk, code, meant)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """Quantities, sending, what never came, taking out again, one step back, and the end; None for all else."""
        if command is Command.OK and only_acknowledges(desk):
            return None
        if desk.memory.pop(_WHY, False) is True:
            return self._why(desk, command)
        quantity = on_quantity(desk, command)
        if quantity is not None:
            return quantity
        sure = desk.memory.pop(_SURE, False) is True
        if command is Command.TRUCK and desk.work_kind == TRANSFER_SEND:
            return self._send(desk, sure)
        if command is Command.UNDO and desk.work_kind == TRANSFER_SEND:
            return self._out(desk)
        if command is Command.MISSING:
            return self._missing(desk)
        if command in (Command.BACK, Command.PREVIOUS):
            return self._back(desk)
        if command in (Command.CLOSE, Command.ASIDE):
            return self._end(desk)
        return None

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """A typed number is how many are in the hand, or how many the next scan stands for."""
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text)):
            return refused("stock_desk.number_wanted")
        if desk.number("product") is not None:
            desk.memory["quantity"] = min(int(text), MOST)
            return self._shown(desk, "stock_desk.quantity")
        desk.pending_quantity = min(int(text), MOST)
        return Outcome(Result.DONE, "quantity.is", Sound.ACCEPTED, {"quantity": desk.pending_quantity})

    def takes_items(self, desk: Desk) -> bool:
        """A transfer, a place and a product all mean something here."""
        return False

    def stopped(self, desk: Desk) -> Outcome | None:
        """Ends what others ended: a transfer that was sent, closed or cancelled from elsewhere."""
        head = transfer(desk.session, desk.work_id or 0)
        picking = (TransferState.DRAFT, TransferState.PICKED)
        fine = picking if desk.work_kind == TRANSFER_SEND else (TransferState.SENT, TransferState.RECEIVED)
        if head is not None and head.state in fine:
            return None
        state = TransferState.CANCELLED if head is None else head.state
        code = own_code(CodeKind.TRANSFER, desk.work_id or 0)
        desk.close_work()
        return refused(f"transfer.is.{state.value}", Sound.ATTENTION, transfer=code)

    def snapshot(self, desk: Desk) -> StockWork:
        """The transfer as the Stock screen draws it."""
        head = transfer(desk.session, desk.work_id or 0)
        lines = () if head is None else transfer_lines(desk.session, head)
        product_id, place_id = desk.number("product"), desk.number("place")
        out = desk.memory.get(_OUT) is True
        lot = desk.memory.get("lot")
        return StockWork(
            "transfer_out" if out else desk.work_kind,
            desk.step,
            place_code(desk.session, place_id) if place_id is not None else "",
            item_of(desk.session, product_id) if product_id is not None else None,
            desk.number("quantity"),
            lot if isinstance(lot, str) else "",
            _shown_lines(desk, lines),
            about_of(head, desk.work_kind) if head is not None else "",
        )

    # -- scans ------------------------------------------------------------------------------------------------------

    def _item(self, desk: Desk, code: ScannedCode, one: Named) -> Outcome:
        pending, desk.pending_quantity = desk.pending_quantity, None
        quantity = min(one.quantity * (code.quantity or 1) * (pending or 1), MOST)
        if desk.work_kind == TRANSFER_SEND and desk.memory.get(_OUT) is not True:
            return self._into(desk, one, quantity, code.lot or "")
        known = desk.number("product")
        if known is not None and known != one.ref:
            return blocked("stock_desk.other_product", sku=one.title, wanted=item_of(desk.session, known).sku)
        if code.lot and desk.memory.get("lot") not in (None, code.lot):
            return blocked("stock_desk.other_lot", lot=code.lot, wanted=str(desk.memory.get("lot")))
        held, there = desk.number("quantity") or 0, self._there(desk, one.ref)
        if held + quantity > there:
            values: dict[str, Value] = {"sku": one.title, "left": there}
            return blocked("transfer.not_that_many" if there else "transfer.not_in_it", Sound.TOO_MANY, **values)
        desk.memory["product"], desk.memory["quantity"] = one.ref, held + quantity
        if code.lot:
            desk.memory["lot"] = code.lot
        desk.step = TARGET
        return self._shown(desk, "stock_desk.item")

    def _there(self, desk: Desk, product_id: int) -> int:
        """How many units may still come out of the transfer here."""
        head = transfer(desk.session, desk.work_id or 0)
        line = transfers.line_of(desk.session, head, product_id) if head is not None else None
        if line is None:
            return 0
        return line.to_receive if desk.work_kind == TRANSFER_RECEIVE else line.picked - line.sent

    def _into(self, desk: Desk, one: Named, quantity: int, lot: str) -> Outcome:
        place_id = desk.number("place")
        if place_id is None:
            return refused("stock_desk.place_first")
        answer = transfers_goods.pick_into(
            desk.session, desk.actor, desk.work_id or 0, one.ref, place_id, quantity, lot
        )
        return self._told(desk, answer)

    def _place(self, desk: Desk, place: Named) -> Outcome:
        if desk.step == TARGET:
            return self._to(desk, place)
        if desk.work_kind == TRANSFER_RECEIVE or desk.memory.get(_OUT) is True:
            return refused("stock_desk.item_first", place=place.title)
        if place.sub in (LocationKind.TOTE.value, LocationKind.CAGE.value):
            return refused("stock.not_a_shelf", location=place.title)
        desk.memory = {"place": place.ref}
        desk.step = ITEM
        return self._shown(desk, "stock_desk.at_place")

    def _to(self, desk: Desk, place: Named) -> Outcome:
        product_id, quantity = desk.number("product") or 0, desk.number("quantity") or 0
        session, actor, transfer_id = desk.session, desk.actor, desk.work_id or 0
        if desk.work_kind == TRANSFER_SEND:
            answer = transfers_goods.take_out(session, actor, transfer_id, product_id, place.ref, quantity)
        else:
            lot = str(desk.memory.get("lot") or "")
            answer = transfers_goods.receive_into(session, actor, transfer_id, product_id, place.ref, quantity, lot)
        if answer.refused:
            return replace(answer, work=self.snapshot(desk))
        out = desk.memory.get(_OUT) is True
        desk.memory, desk.step = ({_OUT: True} if out else {}), ITEM
        desk.changed("location", place.ref)
        return self._told(desk, answer)

    def _told(self, desk: Desk, answer: Outcome) -> Outcome:
        """The answer with what is open now; the last unit that arrives ends the work."""
        work = self.snapshot(desk)
        if not answer.refused:
            desk.changed("transfer", desk.work_id or 0)
        if answer.code == "transfer.all_arrived":
            desk.close_work()
            return answer
        return replace(answer, work=work)

    # -- commands ---------------------------------------------------------------------------------------------------

    def _send(self, desk: Desk, sure: bool) -> Outcome:
        """Sends it; with less than was wanted only when it is said twice."""
        work = self.snapshot(desk)
        left, inside = sum(line.to_do for line in work.lines), sum(line.promised for line in work.lines)
        if left and inside and not sure:
            desk.memory[_SURE] = True
            return refused("transfer.send_short", Sound.ATTENTION, left=left)
        answer = transfers.send_transfer(desk.session, desk.actor, desk.work_id or 0)
        if not answer.refused:
            desk.changed("transfer", desk.work_id or 0)
            desk.close_work()
            return replace(answer, work=None)
        return replace(answer, work=work)

    def _out(self, desk: Desk) -> Outcome:
        if not any(line.promised for line in self.snapshot(desk).lines):
            return refused("transfer.nothing_picked")
        desk.memory, desk.step = {_OUT: True}, ITEM
        return self._shown(desk, "transfer.take_out")

    def _missing(self, desk: Desk) -> Outcome:
        """No more is there to pick, or no more came: then the reason is asked for."""
        if desk.number("product") is not None:
            return refused("stock_desk.not_put_away", units=desk.number("quantity") or 0)
        if desk.work_kind == TRANSFER_SEND:
            answer = transfers.picked(desk.session, desk.actor, desk.work_id or 0)
            return self._told(desk, answer)
        desk.memory[_WHY] = True
        left = sum(line.to_do for line in self.snapshot(desk).lines)
        return refused("transfer.why", Sound.ATTENTION, left=left)

    def _why(self, desk: Desk, command: Command) -> Outcome:
        if command is Command.BACK:
            return Outcome(Result.DONE, "station.choice_dropped", work=self.snapshot(desk))
        number = command.number
        if number is None or not 1 <= number <= len(REASONS):
            desk.memory[_WHY] = True
            return refused("station.no_such_choice", count=len(REASONS))
        transfer_id = desk.work_id or 0
        answer = transfers_goods.end_receiving(desk.session, desk.actor, transfer_id, REASONS[number - 1])
        if answer.refused:
            return replace(answer, work=self.snapshot(desk))
        desk.changed("transfer", transfer_id)
        desk.close_work()
        return replace(answer, work=None)

    def _back(self, desk: Desk) -> Outcome:
        out = desk.memory.get(_OUT) is True
        if desk.number("product") is not None:
            desk.memory, desk.step = ({_OUT: True} if out else {}), ITEM
        elif out or desk.number("place") is not None:
            desk.memory, desk.step = {}, PLACE
        else:
            return self._end(desk)
        return self._shown(desk, "stock_desk.back")

    def _end(self, desk: Desk) -> Outcome:
        if desk.number("product") is not None:
            return refused("stock_desk.not_put_away", units=desk.number("quantity") or 0)
        values: dict[str, Value] = {"kind": desk.work_kind, "transfer": own_code(CodeKind.TRANSFER, desk.work_id or 0)}
        desk.close_work()
        return Outcome(Result.NAVIGATE, "stock_desk.ended", Sound.ACCEPTED, values, place=Place.STOCK)

    def _shown(self, desk: Desk, code: str) -> Outcome:
        work = self.snapshot(desk)
        sku = work.item.sku if work.item is not None else ""
        values: dict[str, Value] = {"place": work.place, "sku": sku, "quantity": work.quantity, "transfer": work.about}
        return Outcome(Result.DONE, code, Sound.ACCEPTED, values, work=work)


def about_of(head: TransferHead, kind: str) -> str:
    """The transfer's code and the warehouse at its other end."""
    return f"{head.code} → {head.target}" if kind == TRANSFER_SEND else f"{head.code} ← {head.source}"


def _shown_lines(desk: Desk, lines: tuple[TransferredLine, ...]) -> tuple[StockLine, ...]:
    """The lines for the screen: what is to be picked in the order of the walk, with its place."""
    if desk.work_kind != TRANSFER_SEND:
        return tuple(StockLine(_item(line), line.sent + line.surplus, line.received, line.to_receive) for line in lines)
    places = pick_places(desk.session, desk.actor.warehouse_id, [line.product_id for line in lines if line.to_pick])
    walk = sorted(lines, key=lambda line: places[line.product_id].sequence if line.product_id in places else FAR)
    return tuple(
        StockLine(
            _item(line), line.quantity, line.picked, line.to_pick,
            places[line.product_id].code if line.product_id in places else "",
        )
        for line in walk
    )  # fmt: skip


def _item(line: TransferredLine) -> ItemRef:
    return ItemRef(line.product_id, line.sku, line.name, line.picture, line.note, line.weight_g)
