"""The parts of the office's Transfers: lists, facts, forms, commands, and what stands on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.roles import Permission
from app.domain.states import TransferState
from app.domain.words import say
from app.presenters.office_desk import SAVE, Fields, form, not_permitted
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.presenters.station_info import StationInfo
from app.presenters.times import day_or_clock, number
from app.queries.transfers import Site, TransferHead, TransferredLine

ADD, LINE, END, MORE, PAPER, SEND, CANCEL, ALL = (
    "transfer-add", "transfer-line", "transfer-end", "transfer-more", "transfer-paper", "transfer-send",
    "transfer-cancel", "transfer-all",
)  # fmt: skip
_CHIPS = {
    TransferState.DRAFT: (Family.TODO, "circle-dashed"),
    TransferState.PICKED: (Family.OK, "check-circle"),
    TransferState.SENT: (Family.ACCENT, "truck"),
    TransferState.RECEIVED: (Family.WARN, "circle-half"),
    TransferState.CLOSED: (Family.COMPLETE, "circle-wavy-check"),
    TransferState.CANCELLED: (Family.TODO, "prohibit"),
}
_PICKING = (TransferState.DRAFT, TransferState.PICKED)
_COMING = (TransferState.SENT, TransferState.RECEIVED)
REASONS = ("never_came", "broken", "sent_too_few")


def title(head: TransferHead) -> str:
    """The open transfer: its code, from where, to where."""
    return say("office_transfers.title", transfer=head.code, source=head.source, target=head.target)


def chip(state: TransferState) -> parts.Chip:
    """How far it is."""
    family, icon = _CHIPS[state]
    return parts.Chip(say(f"office_transfers.state.{state.value}"), family, icon)


def list_table(
    rows: Sequence[TransferHead], chosen: TransferHead | None, more: bool, now: datetime, zone: ZoneInfo
) -> parts.Table:
    """Transfers, the newest first."""
    columns = (
        parts.Column(say("office_transfers.column.transfer"), 120),
        parts.Column(say("office_transfers.column.from")),
        parts.Column(say("office_transfers.column.to")),
        parts.Column(say("office_transfers.column.state"), 200),
        parts.Column(say("office_screen.column.when"), 120),
    )
    shown = tuple(
        parts.TableRow(
            str(row.id),
            (
                parts.Cell(row.code, code=True, strong=True),
                parts.Cell(row.source, row.note),
                parts.Cell(row.target),
                parts.Cell(chip=chip(row.state)),
                parts.Cell(day_or_clock(row.closed_at or row.sent_at or row.created_at, now, zone)),
            ),
        )
        for row in rows
    )
    key = str(chosen.id) if chosen else ""
    return parts.Table("transfers", columns, shown, key, more, empty=say("office_transfers.none"))


def lines_table(lines: Sequence[TransferredLine], chosen: str) -> parts.Table:
    """What is in it, and how far each product is."""
    columns = (
        parts.Column(say("stock_screen.column.product")),
        parts.Column(say("stock_screen.column.wanted"), 90, numbers=True),
        parts.Column(say("stock_screen.column.picked"), 90, numbers=True),
        parts.Column(say("stock_screen.column.sent"), 90, numbers=True),
        parts.Column(say("office_transfers.column.received"), 100, numbers=True),
        parts.Column(say("office_transfers.column.differs"), 200, wide=True),
    )
    rows = tuple(
        parts.TableRow(
            str(line.product_id),
            (
                parts.Cell(line.name, line.sku, picture=line.picture, strong=True),
                parts.Cell(number(line.quantity)),
                parts.Cell(number(line.picked)),
                parts.Cell(number(line.sent)),
                parts.Cell(number(line.received), strong=True),
                parts.Cell(_difference(line), _reason(line.reason)),
            ),
            Family.WARN if line.missing or line.surplus else None,
        )
        for line in lines
    )
    known = {row.key for row in rows}
    key = chosen if chosen in known else rows[0].key if rows else ""
    return parts.Table("transfer_lines", columns, rows, key, empty=say("office_transfers.no_lines"))


def _difference(line: TransferredLine) -> str:
    told = []
    if line.missing:
        told.append(say("office_transfers.missing", count=number(line.missing)))
    if line.surplus:
        told.append(say("office_transfers.surplus", count=number(line.surplus)))
    if line.sent and line.sent < line.quantity:
        told.append(say("office_transfers.sent_short", count=number(line.quantity - line.sent)))
    return ", ".join(told)


def _reason(reason: str) -> str:
    key = f"transfer.reason.{reason}"
    words = say(key) if reason else ""
    return reason if words == key else words


def facts(
    head: TransferHead, lines: Sequence[TransferredLine], now: datetime, zone: ZoneInfo
) -> tuple[parts.Fact, ...]:
    """How many units are where."""
    sent = "–" if head.sent_at is None else day_or_clock(head.sent_at, now, zone)
    waiting = sum(line.to_receive for line in lines)
    return (
        parts.Fact(say("office_transfers.fact.wanted"), number(sum(line.quantity for line in lines))),
        parts.Fact(say("office_transfers.fact.picked"), number(sum(line.picked for line in lines))),
        parts.Fact(say("office_transfers.fact.sent"), sent),
        parts.Fact(
            say("office_transfers.fact.on_way"), number(waiting), family=Family.ACCENT if waiting else None,
            icon="truck" if waiting else "",
        ),
    )  # fmt: skip


# -- commands ---------------------------------------------------------------------------------------------------------


def list_commands(head: TransferHead | None, every: bool, station: StationInfo) -> tuple[parts.Command, ...]:
    """Plan one, print its paper, show the finished ones."""
    why = not_permitted(station.may(Permission.TRANSFER))
    nothing = "" if head else say("office_transfers.choose_one")
    words = say("office_transfers.show_open" if every else "office_transfers.show_all")
    return (
        parts.Command(ADD, say("office_transfers.add"), "N", icon="plus", reason=why),
        parts.Command(PAPER, say("office_transfers.paper"), "P", icon="printer", reason=nothing),
        parts.Command(ALL, words, "V"),
    )


def open_commands(
    head: TransferHead, lines: Sequence[TransferredLine], station: StationInfo
) -> tuple[parts.Command, ...]:
    """Print, send, what never came, what came beyond, cancel; what may not be used says why."""
    paper = parts.Command(PAPER, say("office_transfers.paper"), "P", icon="printer")
    plans = not_permitted(station.may(Permission.TRANSFER))
    corrects = not_permitted(station.may(Permission.ADJUST_STOCK))
    if head.state in _PICKING:
        picked = "" if any(line.picked for line in lines) else say("stock_screen.needs.picked")
        away = "" if head.from_id == station.warehouse_id else say("office_transfers.at", site=head.source)
        return (
            paper,
            parts.Command(SEND, say("office_transfers.send"), "S", icon="truck", reason=away or picked),
            parts.Command(CANCEL, say("office_transfers.cancel"), "X", kind=Kind.DANGER, reason=plans),
        )
    if head.state in _COMING:
        away = "" if head.to_id == station.warehouse_id else say("office_transfers.at", site=head.target)
        return (
            paper,
            parts.Command(END, say("office_transfers.end"), "E", icon="check", reason=corrects),
            parts.Command(MORE, say("office_transfers.more"), "M", icon="plus", reason=corrects or away),
        )
    return (paper,)


# -- forms ------------------------------------------------------------------------------------------------------------


def plan_form(fields: Fields, known: Sequence[Site]) -> Form:
    """From which warehouse to which; a tab is a quick way to say where to."""
    source, target = fields.get("from_site").casefold(), fields.get("to_site").casefold()
    others = [site for site in known if site.code.casefold() != source]
    tabs = tuple(parts.Tab(site.code, site.name, chosen=site.code.casefold() == target) for site in others[:9])
    shown = (fields.field("from_site", code=True), fields.field("to_site", code=True), fields.field("note"))
    detail = say("office_transfers.add.detail", sites=", ".join(f"{site.code} {site.name}" for site in known[:9]))
    return form(
        ADD, say("office_transfers.add"), shown, "office_transfers.add.save", detail=detail, tabs=tabs,
        beside=("to_site",),
    )  # fmt: skip


def line_form(fields: Fields, name: str, may: bool) -> Form:
    """A product and how many of it; stands beside the lines."""
    shown = (fields.field("product", code=True), fields.field("quantity"))
    made = form(
        name, say("office_transfers.line"), shown, "office_transfers.line.save",
        detail=say("office_transfers.line.detail"), beside=("quantity",), asks=False,
    )  # fmt: skip
    save = parts.Command(SAVE, say("office_transfers.line.save"), "Enter", kind=Kind.PRIMARY, reason=not_permitted(may))
    return replace(made, commands=(save,))


def end_form(fields: Fields, head: TransferHead) -> Form:
    """Why less came than was sent."""
    tabs = tuple(
        parts.Tab(
            reason, say(f"transfer.reason.{reason}"), chosen=fields.get("reason") == say(f"transfer.reason.{reason}")
        )
        for reason in REASONS
    )
    return form(
        END, say("office_transfers.end.title", transfer=head.code), (fields.field("reason"),),
        "office_transfers.end.save", detail=say("office_transfers.end.detail"), tabs=tabs,
    )  # fmt: skip


def more_form(fields: Fields, head: TransferHead) -> Form:
    """What came beyond what was sent, where it lies now, and why."""
    shown = tuple(fields.field(name, code=name in ("product", "place")) for name in ("product", "quantity", "place"))
    return form(
        MORE, say("office_transfers.more.title", transfer=head.code), (*shown, fields.field("reason")),
        "office_transfers.more.save", detail=say("office_transfers.more.detail"), beside=("quantity",),
    )  # fmt: skip


def paper(head: TransferHead, lines: Sequence[TransferredLine], date: str) -> dict[str, object]:
    """The content of the transfer's paper."""
    told = [
        {"sku": line.sku, "name": line.name, "quantity": line.sent or line.quantity}
        for line in lines
        if line.quantity or line.sent
    ]
    return {
        "code": head.code, "source": head.source, "target": head.target, "lines": told, "date": date, "note": head.note,
    }  # fmt: skip
