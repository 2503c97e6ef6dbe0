"""The parts of the Stock screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Sound
from app.domain.roles import Permission
from app.domain.states import Condition, LocationKind, MovementReason
from app.domain.words import say
from app.domain.work import StockLine, StockWork
from app.presenters import stock_collected, stock_transfer
from app.presenters.state import parts, stock
from app.presenters.state.parts import Family, Kind
from app.presenters.station_info import StationInfo
from app.presenters.stock_model import StockModel
from app.presenters.times import day_or_clock, number
from app.queries.stock import FoundProduct, Holding, Moved, PlaceStock, ProductStock

TABLE = "stock"
FINISHED = stock_transfer.FINISHED | stock_collected.FINISHED
_ICONS = {
    MovementReason.RECEIPT: "truck",
    MovementReason.TRANSFER: "arrows-left-right",
    MovementReason.ADJUSTMENT: "pencil-simple",
    MovementReason.COUNT: "list-numbers",
    MovementReason.RETURN: "arrow-u-up-left",
    MovementReason.FOREIGN_RETURN: "arrow-u-up-left",
    MovementReason.DISPOSITION: "arrow-u-up-left",
}
_GRADES = {
    Condition.NEW: (Family.OK, "check"),
    Condition.OPENED: (Family.WARN, "warning"),
    Condition.DAMAGED: (Family.WARN, "warning"),
    Condition.BROKEN: (Family.WRONG, "x-circle"),
}


def signed(value: int) -> str:
    """A change with its sign; a true minus, as wide as the plus."""
    return "0" if value == 0 else f"+{number(value)}" if value > 0 else f"−{number(-value)}"


# -- what was looked up ---------------------------------------------------------------------------------------------


def product_subject(product: ProductStock) -> stock.Subject:
    """Picture, name, SKU, its codes and note, and free = on hand - not sellable - promised."""
    chips = [
        parts.Chip(say("stock_screen.case", count=code.quantity), icon="package")
        if code.quantity > 1
        else parts.Chip(f"{code.kind.upper()} {code.code}", icon="barcode")
        for code in product.codes[:3]
    ]
    if product.note:
        chips.append(parts.Chip(" ".join(product.note.split()), Family.WARN, "note"))
    on_hand = "stock_screen.on_hand_of_which" if product.not_sellable else "stock_screen.on_hand"
    return stock.Subject(
        product.name,
        product.sku,
        product.picture,
        "package",
        tuple(chips),
        (
            stock.Sum(say(on_hand, count=product.not_sellable), number(product.on_hand)),
            stock.Sum(say("stock_screen.promised"), number(product.promised)),
            stock.Sum(say("stock_screen.free"), number(product.free), Family.OK if product.free else Family.WARN),
        ),
    )


def place_subject(place: PlaceStock) -> stock.Subject:
    """The place with its kind, whom it serves, and how much lies there."""
    chips = []
    if place.order:
        chips.append(parts.Chip(say("stock_screen.serves", number=place.order), Family.ACCENT, "package"))
    if place.to_count:
        chips.append(parts.Chip(say("stock_screen.to_count"), Family.WARN, "list-numbers"))
    return stock.Subject(
        place.code,
        kind_words(place.kind),
        icon="map-pin",
        chips=tuple(chips),
        sums=(
            stock.Sum(say("stock_screen.units"), number(sum(one.on_hand for one in place.goods))),
            stock.Sum(say("stock_screen.products"), number(len({one.product_id for one in place.goods}))),
            stock.Sum(say("stock_screen.free"), number(sum(one.free for one in place.goods)), Family.OK),
        ),
        code=True,
    )


def kind_words(kind: LocationKind) -> str:
    """The kind of a place."""
    return say(f"stock_screen.kind.{kind.value}")


def product_table(product: ProductStock, chosen: str) -> parts.Table:
    """Where it lies: place, kind, lot, condition, on hand, promised, free."""
    columns = (
        parts.Column(say("stock_screen.column.location"), 165),
        parts.Column(say("stock_screen.column.kind"), 130, wide=True),
        parts.Column(say("stock_screen.column.lot"), 80, wide=True),
        parts.Column(say("stock_screen.column.condition")),
        parts.Column(say("stock_screen.column.on_hand"), 90, numbers=True),
        parts.Column(say("stock_screen.column.promised"), 100, numbers=True),
        parts.Column(say("stock_screen.column.free"), 76, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            one.key,
            (
                parts.Cell(one.location, code=True, strong=True),
                parts.Cell(kind_words(one.kind)),
                parts.Cell(one.lot, code=True, quiet=True),
                parts.Cell(chip=condition_chip(one)),
                parts.Cell(number(one.on_hand), strong=True),
                parts.Cell(number(one.promised)),
                parts.Cell(number(one.free), strong=True),
            ),
        )
        for one in product.places
    )
    keys = {row.key for row in rows}
    shown = chosen if chosen in keys else rows[0].key if rows else ""
    return parts.Table(TABLE, columns, rows, shown, two_lines=False, empty=say("stock_screen.nowhere"))


def condition_chip(one: Holding) -> parts.Chip:
    """How goods are; what lies in a tote or parcel is being packed."""
    if one.being_packed:
        return parts.Chip(say("stock_screen.being_packed"), Family.ACCENT, "package")
    if one.kind is LocationKind.TRANSIT:
        return parts.Chip(say("stock_screen.on_its_way"), Family.ACCENT, "truck")
    family, icon = _GRADES[one.condition]
    return parts.Chip(say(f"stock_screen.condition.{one.condition.value}"), family, icon)


def place_table(place: PlaceStock, chosen: str) -> parts.Table:
    """What lies at a place."""
    columns = (
        parts.Column(say("stock_screen.column.product")),
        parts.Column(say("stock_screen.column.lot"), 80, wide=True),
        parts.Column(say("stock_screen.column.condition"), 150),
        parts.Column(say("stock_screen.column.on_hand"), 90, numbers=True),
        parts.Column(say("stock_screen.column.promised"), 100, numbers=True),
        parts.Column(say("stock_screen.column.free"), 76, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            one.key,
            (
                parts.Cell(one.name, one.sku, strong=True),
                parts.Cell(one.lot, code=True, quiet=True),
                parts.Cell(chip=condition_chip(one)),
                parts.Cell(number(one.on_hand), strong=True),
                parts.Cell(number(one.promised)),
                parts.Cell(number(one.free), strong=True),
            ),
        )
        for one in place.goods
    )
    keys = {row.key for row in rows}
    shown = chosen if chosen in keys else rows[0].key if rows else ""
    return parts.Table(TABLE, columns, rows, shown, empty=say("stock_screen.empty_place"))


def found_table(found: tuple[FoundProduct, ...], asked: str, chosen: str) -> parts.Table:
    """Products that fit what was typed."""
    columns = (
        parts.Column(say("stock_screen.column.product")),
        parts.Column(say("stock_screen.column.on_hand"), 120, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(one.product_id), (parts.Cell(one.name, one.sku, strong=True), parts.Cell(number(one.on_hand)))
        )
        for one in found
    )
    empty = say("stock_screen.not_found", text=asked) if asked else say("stock_screen.nothing_yet")
    return parts.Table(TABLE, columns, rows, chosen or (rows[0].key if rows else ""), empty=empty)


def movement(one: Moved, now: datetime, zone: ZoneInfo) -> stock.Movement:
    """One movement of the product in words."""
    key = f"stock_screen.moved.{one.reason.value}"
    title = say(key, tote=one.target)
    where = one.source if one.change < 0 or one.reason in (MovementReason.PICK, MovementReason.PACK) else one.target
    if one.reason in (
        MovementReason.MOVE,
        MovementReason.PUT_BACK,
        MovementReason.UNPICK,
        MovementReason.UNPACK,
        MovementReason.TRANSFER,
    ):
        where = f"{one.source} → {one.target}"
    detail = ", ".join(x for x in (one.order, where, one.operator, one.note) if x)
    change = signed(one.change) if one.change else number(one.quantity)
    return stock.Movement(_ICONS.get(one.reason, "arrow-right"), title, detail, change, day_or_clock(one.at, now, zone))


# -- stock in hand --------------------------------------------------------------------------------------------------


def work_subject(work: StockWork) -> stock.Subject | None:
    """What is in hand, or the place that was scanned, or the transfer that is open."""
    if work.kind in stock_collected.KINDS:
        return stock_collected.subject(work)
    if work.item is None:
        if work.place:
            return stock.Subject(work.place, say(f"stock_screen.at.{work.kind}"), icon="map-pin", code=True)
        return stock.Subject(work.about, stock_transfer.progress(work), icon="truck", code=True) if work.about else None
    sums = [
        stock.Sum(say(f"stock_screen.quantity.{work.kind}"), "–" if work.quantity is None else number(work.quantity))
    ]
    chips = []
    if work.about:
        chips.append(parts.Chip(work.about, Family.ACCENT, "truck"))
    if work.place:
        chips.append(parts.Chip(work.place, Family.ACCENT, "map-pin"))
    if work.lot:
        chips.append(parts.Chip(say("stock_screen.lot", lot=work.lot), icon="barcode"))
    if work.item.note:
        chips.append(parts.Chip(" ".join(work.item.note.split()), Family.WARN, "note"))
    return stock.Subject(work.item.name, work.item.sku, work.item.picture, "package", tuple(chips), tuple(sums))


def work_table(work: StockWork) -> parts.Table:
    """What lies at the place in hand, or is to be put back, or the lines of a transfer; the first nine have a key."""
    if work.kind in stock_collected.KINDS:
        return stock_collected.table(work, TABLE)
    if work.about:
        return stock_transfer.table(work, TABLE)
    wanted = work.kind in ("put_back", "count")
    columns = (
        parts.Column(say("stock_screen.column.key"), 50),
        parts.Column(say("stock_screen.column.product")),
        parts.Column("" if work.kind == "count" else say("stock_screen.column.on_hand"), 90, numbers=True),
        parts.Column(say("stock_screen.column.promised"), 100, numbers=True),
        parts.Column(say("stock_screen.column.to_do" if wanted else "stock_screen.column.free"), 100, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            str(line.item.product_id),
            (
                parts.Cell(str(at) if at < 10 and work.kind == "count" else "", quiet=True),
                parts.Cell(line.item.name, line.item.sku, picture=line.item.picture, strong=True),
                parts.Cell("" if work.kind == "count" else number(line.on_hand)),
                parts.Cell(number(line.promised)),
                parts.Cell(_left(work.kind, line), strong=True),
            ),
            Family.WARN if line.to_do and work.kind == "count" else None,
        )
        for at, line in enumerate(work.lines, start=1)
    )
    chosen = str(work.item.product_id) if work.item else ""
    return parts.Table(TABLE, columns, rows, chosen, empty=say(f"stock_screen.work.{work.kind}"))


def banner(model: StockModel) -> parts.Banner:
    """What to do next; a refusal stands there until the next scan."""
    if model.blocked is not None:
        words, detail = said_words(model.blocked)
        return parts.Banner(words, detail, Family.WRONG, "x-circle", blocking=True)
    work = model.work
    search = parts.Search(model.asked, say("stock_screen.search.work" if work else "stock_screen.search"))
    if work is None and model.said is not None and model.said.code in FINISHED:
        family = Family.WARN if model.said.sound is Sound.ATTENTION else Family.COMPLETE
        icon = "warning" if family is Family.WARN else "circle-wavy-check"
        return parts.Banner(said_words(model.said)[0], say("stock_screen.do"), family, icon, search=search)
    if model.said is not None and model.said.refused:
        words, detail = said_words(model.said)
        return parts.Banner(words, detail, Family.WRONG, "prohibit", search=search)
    if work is not None:
        detail = said_words(model.said)[0] if model.said is not None else ""
        return parts.Banner(
            say(f"stock_screen.do.{work.kind}.{next_step(work)}"), detail, Family.ACCENT, "barcode", search=search
        )
    return parts.Banner(say("stock_screen.do"), say("stock_screen.do.detail"), icon="magnifying-glass", search=search)


def _left(kind: str, line: StockLine) -> str:
    if kind == "count" and not line.to_do:
        return ""  # nobody asked for this count: nothing of it is left to do
    return number(line.to_do if kind in ("put_back", "count") else line.on_hand - line.promised)


def next_step(work: StockWork) -> str:
    """What is to be scanned next; a transfer that has all of its units only has to leave."""
    ready = work.kind == "transfer_send" and work.item is None and any(line.promised for line in work.lines)
    return "all" if ready and not any(line.to_do for line in work.lines) else work.step


def said_words(outcome: Outcome) -> tuple[str, str]:
    """An answer in words, and what to do about it."""
    detail = say(f"{outcome.code}.do", **outcome.values)
    return say(outcome.code, **outcome.values), "" if detail.startswith(outcome.code) else detail


def commands(model: StockModel, station: StationInfo) -> parts.CommandBar:
    """Move, count, label, receive; at the right what corrects the stock."""
    if model.work is not None:
        return _work_commands(model.work)
    has_place = bool(model.place or (model.product and model.product.places))
    may_move, needs = station.may(Permission.MOVE_STOCK), say("stock_screen.needs.move")
    adjust = ""
    if not station.may(Permission.ADJUST_STOCK):
        adjust = say("stock_screen.needs.adjust")
    elif not has_place:
        adjust = say("stock_screen.needs.place")
    label = "" if has_place else say("stock_screen.needs.place")
    receive = "" if station.may(Permission.RECEIVE) else say("stock_screen.needs.receive")
    return parts.CommandBar(
        (
            parts.Command(Command.MOVE.code, say("command.move.name"), "M", reason="" if may_move else needs),
            parts.Command(Command.COUNT.code, say("command.count.name"), "C", reason="" if may_move else needs),
            parts.Command(Command.SHELF_LABEL.code, say("command.shelf_label.name"), "P", reason=label),
            parts.Command(Command.RECEIVE.code, say("command.receive.name"), "R", reason=receive),
            parts.Command(Command.ADJUST.code, say("command.adjust.name"), "A", reason=adjust, right=True),
        )
    )


def _work_commands(work: StockWork) -> parts.CommandBar:
    if work.kind in stock_collected.KINDS:
        return stock_collected.commands(work)
    if work.about:
        return stock_transfer.commands(work)
    found = []
    if work.kind == "count" and work.step == "count":
        reason = "" if work.quantity is not None else say("stock_screen.needs.number")
        found.append(
            parts.Command(Command.OK.code, say("stock_screen.book"), "Enter", kind=Kind.PRIMARY, reason=reason)
        )
    found.append(parts.Command(Command.QUANTITY.code, say("command.quantity.name"), "Q"))
    found.append(parts.Command(Command.BACK.code, say("command.back.name"), "Esc"))
    found.append(parts.Command(Command.CLOSE.code, say("stock_screen.end"), "E", right=True))
    return parts.CommandBar(tuple(found))
