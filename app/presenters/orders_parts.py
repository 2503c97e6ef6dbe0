"""The parts of the Orders screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.money import money_text
from app.domain.states import HoldKind, OrderState
from app.domain.words import say
from app.presenters.orders_model import LATE, OrdersModel
from app.presenters.orders_why import why_words
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.times import NBSP, clock_words, day_or_clock, span_words
from app.queries.figures import LIMIT, QueueFigures
from app.queries.found import FoundBy
from app.queries.order_detail import Event, EventKind, OrderDetail
from app.queries.order_queue import QueueView
from app.queries.queue_rows import HeldBy, QueueRow, Stage

STAGES: dict[Stage, tuple[Family, str]] = {
    Stage.NEW: (Family.TODO, "tray"),
    Stage.ON_HOLD: (Family.WARN, "pause-circle"),
    Stage.BACKORDERED: (Family.TODO, "hourglass"),
    Stage.TO_PICK: (Family.TODO, "circle-dashed"),
    Stage.PICKING: (Family.ACCENT, "shopping-cart"),
    Stage.SHORT: (Family.WARN, "circle-half"),
    Stage.ASIDE: (Family.WARN, "pause-circle"),
    Stage.READY_TO_PACK: (Family.OK, "tray"),
    Stage.PACKING: (Family.ACCENT, "package"),
    Stage.PACKED: (Family.COMPLETE, "circle-wavy-check"),
    Stage.PARTLY_SHIPPED: (Family.OK, "truck"),
    Stage.SHIPPED: (Family.OK, "truck"),
    Stage.CLOSED: (Family.OK, "check-circle"),
    Stage.CANCELLED: (Family.WRONG, "prohibit"),
}
TABS = (QueueView.OPEN, QueueView.TODAY, QueueView.READY, QueueView.HOLD, QueueView.SHORT, QueueView.MINE)
BESIDE_FOUND = 2
"""So many usual filters stand beside what a search found: its own words need the room."""
NUMBER = 9
FOUND_TEXT = 16
"""So many letters of what was found stand in a row: its end, by which a long one is told apart."""
_SHOWN_ANYWAY = (FoundBy.NUMBER, FoundBy.NAME, FoundBy.TOWN)
_GONE = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
_EVENTS: dict[EventKind, tuple[Family, str]] = {
    EventKind.CAPTURED: (Family.OK, "check"),
    EventKind.CHANGED: (Family.WARN, "arrows-clockwise"),
    EventKind.HELD: (Family.WARN, "pause-circle"),
    EventKind.LIFTED: (Family.WARN, "pause-circle"),
    EventKind.ALLOCATED: (Family.OK, "check"),
    EventKind.RELEASED: (Family.OK, "check"),
    EventKind.PICKED: (Family.OK, "check"),
    EventKind.PACKING: (Family.ACCENT, "package"),
    EventKind.SEALED: (Family.OK, "check"),
    EventKind.SHIPPED: (Family.OK, "truck"),
    EventKind.CANCELLED: (Family.WRONG, "prohibit"),
    EventKind.MENDED: (Family.OK, "pencil-simple"),
    EventKind.EDITED: (Family.OK, "pencil-simple"),
    EventKind.MERGED: (Family.OK, "link"),
    EventKind.ENTERED: (Family.OK, "keyboard"),
    EventKind.PRIORITY: (Family.TODO, "flag"),
    EventKind.ASIDE: (Family.WARN, "pause-circle"),
    EventKind.RETURNED: (Family.TODO, "arrow-u-up-left"),
}


def columns() -> tuple[parts.Column, ...]:
    """The columns of the queue."""
    return (
        parts.Column(say("orders.column.leaves"), 128),
        parts.Column(say("orders.column.order"), 82),
        parts.Column(say("orders.column.recipient")),
        parts.Column(say("orders.column.status"), 190),
        parts.Column(say("orders.column.lines"), 52, numbers=True, spare=True),
        parts.Column(say("orders.column.units"), 52, numbers=True),
        parts.Column(say("orders.column.service"), 142, wide=True),
        parts.Column(say("orders.column.held_by"), 88),
    )


def row(one: QueueRow, now: datetime, zone: ZoneInfo) -> parts.TableRow:
    """One order of the queue."""
    return parts.TableRow(
        str(one.id),
        (
            _leaves(one, now, zone),
            parts.Cell(short_number(one.number), code=True, strong=True),
            parts.Cell(one.recipient, found_words(one) or _town(one), strong=True),
            parts.Cell(chip=chip(one)),
            parts.Cell(str(one.lines)),
            parts.Cell(str(one.units)),
            parts.Cell(one.service, quiet=True),
            _held_by(one),
        ),
    )


def short_number(number: str) -> str:
    """An order's number where there is little room: of a long one its end, by which it is found and told apart."""
    return number if len(number) <= NUMBER else "…" + number[1 - NUMBER :]


def found_words(one: QueueRow) -> str:
    """What a search found it by, where the row does not show that anyway: `tracking …4711`."""
    hidden = next((hit for hit in one.found if hit.by not in _SHOWN_ANYWAY and hit.text != one.recipient), None)
    return say(f"orders.found_by.{hidden.by.value}", text=_end_of(hidden.text)) if hidden is not None else ""


def _end_of(words: str) -> str:
    return words if len(words) <= FOUND_TEXT else "…" + words[1 - FOUND_TEXT :]


def _town(one: QueueRow) -> str:
    foreign = one.country and one.country not in ("GB",)
    return f"{one.town} {one.country}".strip() if foreign else one.town


def _leaves(one: QueueRow, now: datetime, zone: ZoneInfo) -> parts.Cell:
    if one.state in _GONE:
        at = one.shipped_at or one.leaves_at
        detail = say("orders.left" if one.shipped_at else "orders.due")
        return parts.Cell(day_or_clock(at, now, zone), detail, icon="calendar-blank", quiet=True)
    minutes = int((one.leaves_at - now).total_seconds() // 60)
    words = span_words(minutes) if minutes >= 0 else say("time.late", span=span_words(-minutes))
    first = day_or_clock(one.leaves_at, now, zone)
    if one.leaves_at < now + LATE and one.stage is not Stage.PACKED:
        return parts.Cell(first, words, icon="warning-octagon", family=Family.WRONG, strong=True)
    today = one.leaves_at.astimezone(zone).date() == now.astimezone(zone).date()
    if today and one.leaves_at < now + 2 * LATE:
        return parts.Cell(first, words, icon="clock", family=Family.WARN, strong=True)
    return parts.Cell(first, words, icon="calendar-blank", strong=True)


def _held_by(one: QueueRow) -> parts.Cell:
    held = one.held_by
    if held is None:
        return parts.Cell(say("orders.nobody"), one.tote, quiet=True)
    return parts.Cell(short_name(held.operator), _place(held), strong=True)


def _place(held: HeldBy) -> str:
    return say("orders.cart", cart=held.cart) if held.cart else held.station


def short_name(name: str) -> str:
    """`Anna L.` for Anna Lindqvist."""
    first, _, last = name.rpartition(" ")
    return f"{first} {last[0]}." if first and last else name


def chip(one: QueueRow, *, progress: bool = True) -> parts.Chip:
    """Where an order stands, in its fixed words, progress after a comma."""
    family, icon = STAGES[one.stage]
    words = say(f"orders.stage.{one.stage.value}")
    if one.stage is Stage.ON_HOLD:
        kinds = [kind for kind in one.holds if kind is not HoldKind.STOCK]
        words = say("orders.stage.on_hold_for", kind=hold_words(kinds[0])) if kinds else words
        if len(kinds) > 1:
            words = say("orders.stage.more_holds", words=words, more=len(kinds) - 1)
    elif progress and one.asked:
        words = say("orders.stage.progress", words=words, done=one.done, asked=one.asked)
    return parts.Chip(words, family, icon)


def hold_words(kind: HoldKind | str) -> str:
    """The one word of a hold's kind."""
    return say(f"orders.hold.{kind.value if isinstance(kind, HoldKind) else kind}")


def count_words(count: int) -> str:
    """A count, with a blank between thousands; `9,999+` at its end."""
    return "9,999+" if count >= LIMIT else f"{count:,}".replace(",", NBSP) if count > 9999 else str(count)


def figures(known: QueueFigures | None, view: QueueView, zone: ZoneInfo) -> tuple[parts.Figure, ...]:
    """The five figures, each a filter too."""
    found = known or QueueFigures()

    def figure(key: QueueView, count: int, detail: str, family: Family = Family.TODO, icon: str = "") -> parts.Figure:
        value = count_words(count) if known else "…"
        shown = family if count else Family.TODO
        words = say(f"orders.figure.{key.value}")
        return parts.Figure(key.value, value, words, detail, shown, icon, chosen=False)

    first = "" if found.first_leaves is None else say("orders.figure.first", at=clock_words(found.first_leaves, zone))
    held = ", ".join(say("orders.figure.held", count=n, kind=hold_words(kind)) for kind, n in found.holds[:2])
    return (
        figure(QueueView.TODAY, found.leave_today, say("orders.figure.of_open", count=count_words(found.open))),
        figure(QueueView.LATE, found.late, first, Family.WRONG, "warning-octagon"),
        figure(QueueView.HOLD, found.on_hold, held, Family.WARN, "pause-circle"),
        figure(QueueView.READY, found.ready, say("orders.figure.benches", count=found.at_bench)),
        figure(QueueView.SHIPPED, found.shipped, say("orders.figure.hour", count=count_words(found.shipped_last_hour))),
    )


def tabs(model: OrdersModel) -> tuple[parts.Tab, ...]:
    """The usual filters with their counts; one that is not among them stands behind them while it is on."""
    known = model.figures
    counts: dict[QueueView, int] = {}
    if known is not None:
        counts = {
            QueueView.OPEN: known.open,
            QueueView.TODAY: known.leave_today,
            QueueView.READY: known.ready,
            QueueView.HOLD: known.on_hold,
            QueueView.SHORT: known.short,
            QueueView.MINE: known.mine,
        }
    plain = not (model.asked.narrowed or model.asked.text or model.kept_name)
    usual = TABS[:BESIDE_FOUND] if model.asked.text else TABS
    shown = [
        parts.Tab(
            view.value,
            say(f"orders.view.{view.value}"),
            count_words(counts[view]) if view in counts else "",
            chosen=plain and model.asked.view is view,
        )
        for view in usual
    ]
    if not plain or model.asked.view not in TABS:
        shown.append(parts.Tab("other", filter_words(model), chosen=True))
    return tuple(shown)


def filter_words(model: OrdersModel) -> str:
    """The filter in words: its name, or its parts."""
    if model.kept_name:
        return model.kept_name
    asked = model.asked
    if asked.text:
        return say("orders.found", text=asked.text)
    channels = dict(model.choices.channels)
    found = [say(f"orders.view.{asked.view.value}")]
    if asked.channel_id is not None:
        found.append(channels.get(asked.channel_id, ""))
    if asked.service:
        found.append(asked.service)
    return ", ".join(found)


def facts(detail: OrderDetail) -> str:
    """Where it came from, what it costs, whether it is paid."""
    found = [detail.channel]
    if detail.currency:
        found.append(f"{money_text(detail.total, detail.currency)}{NBSP}{detail.currency}")
    paid = say(f"orders.financial.{detail.financial or 'not_reported'}")
    return ", ".join([*found, paid] if not paid.startswith("orders.") else found)


def address(detail: OrderDetail) -> tuple[str, ...]:
    """The lines below the recipient."""
    to = detail.address
    street = ", ".join(x for x in (to.company if to.name else "", to.address1, to.address2) if x)
    town = " ".join(x for x in (to.city, to.postcode) if x)
    rest = ", ".join(x for x in (town, to.region, to.country if to.country != "GB" else "") if x)
    return tuple(" ".join(x.split()) for x in (street, rest) if x)  # a channel's street may hold line breaks


def count(detail: OrderDetail) -> str:
    """`5 lines, 11 units`."""
    lines, units = detail.row.lines, detail.row.units
    return say(
        "orders.count",
        lines=say("orders.lines_one" if lines == 1 else "orders.lines", count=lines),
        units=say("orders.units_one" if units == 1 else "orders.units", count=units),
    )


def holds(detail: OrderDetail) -> tuple[parts.Note, ...]:
    """Each hold that stands, with its cause."""
    return tuple(
        parts.Note(cause_words(hold.kind, hold.detail), hold_words(hold.kind).capitalize(), "pause-circle")
        for hold in detail.holds
    )


def cause_words(kind: HoldKind, told: str) -> str:
    """The cause of a hold in words: codes have sentences, SKUs and reasons stand as they are."""
    if kind is HoldKind.DUPLICATE and told:
        return say("orders.cause.duplicate", number=told)
    found = []
    for part in told.split(", ") if kind is not HoldKind.OFFICE else (told,):
        for key in (f"orders.fault.{part}", f"hold.detail.{part}"):
            words = say(key)
            if words != key:
                break
        else:
            words = _lacking(part) if kind is HoldKind.STOCK else part
        found.append(words)
    return ", ".join(found)


def _lacking(part: str) -> str:
    """`2 × HEART` for `HEART 2`."""
    sku, _, count = part.rpartition(" ")
    return f"{count} × {sku}" if sku and count.isdecimal() else part


def first_large(words: str) -> str:
    """Words as the beginning of a sentence; SKUs in them keep their letters."""
    return words[:1].upper() + words[1:]


def event(one: Event, detail: OrderDetail, now: datetime, zone: ZoneInfo) -> parts.TimeEntry:
    """One entry of the time line."""
    family, icon = _EVENTS[one.kind]
    current = one.kind is EventKind.PACKING and detail.row.stage is Stage.PACKING
    if one.kind is EventKind.PACKING and not current:
        family, icon = Family.OK, "check"
    title = say(f"orders.event.{one.kind.value}", what=one.what, kind=hold_words(one.what) if one.what else "")
    if current:
        title = say("orders.stage.progress", words=say("orders.stage.packing"), done=one.units, asked=detail.row.asked)
    elif one.kind is EventKind.PICKED and not one.what:
        title = say("orders.stage.picking")
    return parts.TimeEntry(title, _event_detail(one), day_or_clock(one.at, now, zone), family, icon, now=current)


def _event_detail(one: Event) -> str:
    found = [one.who, one.where]
    if one.kind is EventKind.ALLOCATED:
        # None are left of a promise that another order took along.
        found = [say("orders.event.allocated_from", units=one.units, warehouse=one.where) if one.units else one.where]
        found.append(why_words(one.why, one.facts, one.where))
    elif one.kind is EventKind.SEALED:
        found = [one.who, one.where, one.what]
    elif one.kind is EventKind.RELEASED:
        found = [say("orders.event.wave", wave=one.what), one.who]
    elif one.kind is EventKind.PICKED and one.began is not None:
        found = [one.who, span_words(max(1, int((one.at - one.began).total_seconds() // 60)))]
    return ", ".join(part for part in found if part)
