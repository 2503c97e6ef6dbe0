"""The parts of the Stock screen while something is collected: set aside at its place, or handed out by name."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.words import say
from app.domain.work import StockWork
from app.presenters.state import parts, stock
from app.presenters.state.parts import Family, Kind
from app.presenters.times import number

KINDS = ("set_aside", "hand_out")
FINISHED = frozenset({"pick_up.ready", "pick_up.fetched"})
"""The answers after which nothing is collected here any more."""


def subject(work: StockWork) -> stock.Subject:
    """Whose it is, and where it waits."""
    chips = (parts.Chip(work.place, Family.ACCENT, "map-pin"),) if work.place else ()
    units = sum(line.on_hand for line in work.lines)
    second = say(f"stock_screen.collected.{work.kind}", units=number(units))
    return stock.Subject(work.about, second, icon="handbag", chips=chips, code=True)


def table(work: StockWork, name: str) -> parts.Table:
    """What the customer gets."""
    columns = (
        parts.Column(say("stock_screen.column.product")),
        parts.Column(say("stock_screen.column.units"), 110, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(line.item.product_id),
            (
                parts.Cell(line.item.name, line.item.sku, picture=line.item.picture, strong=True),
                parts.Cell(number(line.on_hand), strong=True),
            ),
        )
        for line in work.lines
    )
    return parts.Table(name, columns, rows)


def commands(work: StockWork) -> parts.CommandBar:
    """The name was checked, or it is left for later."""
    given = parts.Command(Command.OK.code, say("stock_screen.collected.given"), "Enter", kind=Kind.COMPLETE)
    back = parts.Command(Command.BACK.code, say("command.back.name"), "Esc", right=True)
    return parts.CommandBar((given, back) if work.kind == "hand_out" else (back,))
