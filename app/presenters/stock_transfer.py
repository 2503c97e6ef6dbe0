"""The parts of the Stock screen while a transfer is open: its lines, and what can be done with it."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.words import say
from app.domain.work import StockWork
from app.presenters.state import parts
from app.presenters.state.parts import Family, Kind
from app.presenters.times import number

FINISHED = frozenset(
    {"transfer.sent", "transfer.all_arrived", "transfer.closed", "transfer.closed_short", "transfer.received"}
)
"""The answers after which a transfer is no longer open here."""


def progress(work: StockWork) -> str:
    """How much of a transfer is done."""
    done, of = sum(line.promised for line in work.lines), sum(line.on_hand for line in work.lines)
    return say(f"stock_screen.done.{work.kind}", done=number(done), of=number(of))


def table(work: StockWork, name: str) -> parts.Table:
    """The lines of a transfer: how many are wanted or were sent, how many are in or here, what is left."""
    receives = work.kind == "transfer_receive"
    sends = work.kind == "transfer_send"
    place = (parts.Column(say("stock_screen.column.location"), 170),) if sends else ()
    columns = (
        *place,
        parts.Column(say("stock_screen.column.product")),
        parts.Column(say("stock_screen.column.sent" if receives else "stock_screen.column.wanted"), 100, numbers=True),
        parts.Column(
            say("stock_screen.column.arrived" if receives else "stock_screen.column.picked"), 100, numbers=True
        ),
        parts.Column(say("stock_screen.column.to_do"), 100, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(line.item.product_id),
            (
                *((parts.Cell(line.place or "–", code=True, strong=bool(line.to_do)),) if sends else ()),
                parts.Cell(line.item.name, line.item.sku, picture=line.item.picture, strong=bool(line.to_do)),
                parts.Cell(number(line.on_hand)),
                parts.Cell(number(line.promised)),
                parts.Cell(number(line.to_do), strong=True)
                if line.to_do
                else parts.Cell(chip=parts.Chip(say("stock_screen.line_done"), Family.OK, "check-circle")),
            ),
            Family.OK if not line.to_do else Family.WARN if line.promised else None,
        )
        for line in sorted(work.lines, key=lambda line: not line.to_do)
    )
    chosen = str(work.item.product_id) if work.item else ""
    return parts.Table(name, columns, rows, chosen, empty=say(f"stock_screen.work.{work.kind}"))


def commands(work: StockWork) -> parts.CommandBar:
    """It leaves, no more is there, take out again; what can't be used yet says why."""
    inside = any(line.promised for line in work.lines)
    needs = "" if inside else say("stock_screen.needs.picked")
    in_hand = say("stock_screen.needs.put_away") if work.item is not None else ""
    found = [
        parts.Command(
            Command.TRUCK.code, say("stock_screen.transfer.send"), "T", kind=Kind.PRIMARY, reason=needs or in_hand
        ),
        parts.Command(Command.UNDO.code, say("stock_screen.transfer.out"), "U", reason=needs or in_hand),
        parts.Command(Command.MISSING.code, say("stock_screen.transfer.no_more"), "M", reason=needs or in_hand),
    ]
    if work.kind == "transfer_receive":
        found = [parts.Command(Command.MISSING.code, say("stock_screen.transfer.missing"), "M", reason=in_hand)]
    elif work.kind == "transfer_out":
        found = []
    more = parts.Command(Command.QUANTITY.code, say("command.quantity.name"), "Q")
    back = parts.Command(Command.BACK.code, say("command.back.name"), "Esc")
    end = parts.Command(Command.CLOSE.code, say("stock_screen.end"), "E", right=True)
    return parts.CommandBar((*found, more, end) if len(found) > 2 else (*found, more, back, end))
