"""The chosen order beside the queue: what it is, what may be done with it, and the forms for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.commands import Command
from app.domain.roles import Permission, to_release
from app.domain.states import HoldKind
from app.domain.words import say
from app.domain.work import WorkNote
from app.presenters import orders_parts as made
from app.presenters.orders_model import OrdersModel
from app.presenters.pack_note import subject
from app.presenters.state import orders, parts
from app.presenters.state.parts import Family, Kind
from app.presenters.state.words import plain
from app.presenters.station_info import StationInfo
from app.queries.order_detail import OrderDetail
from app.queries.queue_rows import Stage

SAVE, CLOSE = "form-save", "form-close"
PAGE, CUSTOMER, EDIT = "order-page", "order-customer", "order-edit"
ADDRESS, KEEP_FILTER, DROP_FILTER = "order-address", "filter-keep", "filter-drop"
ADDRESS_FIELDS = ("name", "company", "address1", "address2", "city", "region", "postcode", "country")
_OPENED = (Stage.TO_PICK, Stage.READY_TO_PACK, Stage.PACKING, Stage.SHORT, Stage.ASIDE, Stage.PARTLY_SHIPPED)
_GOES_ON = (Stage.ON_HOLD, Stage.NEW, Stage.BACKORDERED, Stage.PICKING, Stage.PACKED)
ENDED = (Stage.SHIPPED, Stage.CLOSED, Stage.CANCELLED)


def detail(model: OrdersModel, known: OrderDetail, station: StationInfo, now: datetime) -> orders.Detail:
    """The detail with its commands."""
    row = known.row
    chip = replace(made.chip(row, progress=False), large=False)
    if row.changed:
        chip = parts.Chip(say("orders.stage.changed"), Family.WARN, "arrows-clockwise")
    pictures = tuple(line.picture for line in known.lines if line.picture)[:5]
    return orders.Detail(
        known.number,
        chip,
        known.address.name or known.address.company,
        made.address(known),
        made.facts(known),
        pictures,
        made.count(known),
        known.note.strip(),
        (*goes_with(known), *made.holds(known), *(note(one) for one in known.notes)),
        tuple(made.event(one, known, now, station.clock_zone) for one in known.events),
        open_command(known, station, now),
        commands(known, station),
        links(known),
    )


def note(one: WorkNote) -> parts.Note:
    """What somebody wrote, in one line."""
    return parts.Note(plain(" ".join(one.words.split())), subject(one))


def goes_with(known: OrderDetail) -> tuple[parts.Note, ...]:
    """The order in whose parcel its goods leave."""
    return (parts.Note(say("edits.goes_with", number=known.goes_with)),) if known.goes_with else ()


def open_command(known: OrderDetail, station: StationInfo, now: datetime) -> parts.Command:
    """Open at this bench; with the reason when it may not be."""
    reason = why_not_open(known, station, now)
    resumes = known.row.stage in (Stage.ASIDE, Stage.SHORT)
    words = say("orders.command.resume" if resumes and not reason else "orders.command.open")
    return parts.Command(Command.OPEN.code, words, "Enter", kind=Kind.PRIMARY, reason=reason)


def release_command(station: StationInfo) -> parts.Command:
    """Sends what is ready to the pickers."""
    why = "" if station.may(Permission.RELEASE_WORK) else say("orders.not.permitted")
    return parts.Command(Command.RELEASE.code, say("orders.release"), "R", reason=why)


def why_not_open(known: OrderDetail, station: StationInfo, now: datetime) -> str:
    """Why an order may not be opened here; empty when it may."""
    row = known.row
    held = row.held_by
    if not station.may(Permission.PACK):
        return say("orders.not_open.role")
    if held is not None and held.operator_id != station.operator_id:
        seconds = max(0, int((now - held.since).total_seconds()))
        since = f"{seconds // 60}:{seconds % 60:02d}"
        return say(
            "orders.not_open.held", who=held.operator.split(" ")[0], where=held.cart or held.station, since=since
        )
    if row.stage in ENDED:
        return say(f"orders.not_open.{row.stage.value}")
    if row.stage in _OPENED:
        return ""
    return say(f"orders.not_open.{row.stage.value}")


def what_then(known: OrderDetail, station: StationInfo) -> str:
    """What may be done about an order that does not open; empty where there is nothing to do."""
    row, held = known.row, known.row.held_by
    if not station.may(Permission.PACK):
        return ""
    if held is not None and held.operator_id != station.operator_id:
        return say("orders.not_open.held.do")
    return say(f"orders.not_open.{row.stage.value}.do") if row.stage in _GOES_ON else ""


def commands(known: OrderDetail, station: StationInfo) -> tuple[parts.Command, ...]:
    """What can be done with the order, each in its place; what may not be used says why."""
    row, ended = known.row, known.row.stage in ENDED
    found = [
        _command(Command.STOP_ORDER, "orders.command.hold", "H", "pause-circle", Permission.HOLD, station, ended),
        _command(
            Command.TAKE_OVER, "orders.command.take_over", "K", "hand", Permission.TAKE_OVER, station, ended,
            "" if row.held_by else "orders.not.nobody_has_it",
        ),
    ]  # fmt: skip
    if known.holds:
        found.append(
            _command(
                Command.LIFT_HOLD,
                "orders.command.lift",
                "L",
                "play-circle",
                to_release(known.holds[0].kind),
                station,
                ended,
            )
        )
    if any(hold.kind is HoldKind.ADDRESS for hold in known.holds):
        found.append(_own(ADDRESS, "orders.command.address", "A", "", station, ended, Kind.PRIMARY))
    elif not ended:
        found.append(_own(ADDRESS, "orders.command.address", "A", "", station, ended))
    words = "orders.command.normal" if row.priority < 5 else "orders.command.first"
    found.append(_command(Command.PRIORITY, words, "P", "", Permission.PRIORITY, station, ended))
    if not ended:
        found.append(_own(EDIT, "edits.command", "E", "", station, ended))
    if any(parcel.tracking_number for parcel in known.parcels):
        found.append(_command(Command.REPRINT, "orders.command.reprint", "T", "", Permission.REPRINT, station, False))
    if not ended:
        cancel = _command(
            Command.CANCEL_ORDER, "orders.command.cancel", "X", "prohibit", Permission.CANCEL_ORDER, station, ended
        )
        found.append(replace(cancel, kind=Kind.DANGER))
    return tuple(found)


def links(known: OrderDetail) -> tuple[parts.Command, ...]:
    """To who ordered it, and to all that is known of the order."""
    nobody = say("customers.of_nobody") if known.customer_id is None else ""
    return (
        parts.Command(CUSTOMER, say("customers.command"), "C", reason=nobody),
        parts.Command(PAGE, say("sheet.command"), "V"),
    )


def _command(
    command: Command,
    words: str,
    key: str,
    icon: str,
    permission: Permission,
    station: StationInfo,
    ended: bool,
    reason: str = "",
) -> parts.Command:
    why = say(reason) if reason else ""
    if not station.may(permission):
        why = say("orders.not.permitted")
    elif ended:
        why = say("orders.not.ended")
    return parts.Command(command.code, say(words), key, icon=icon, reason=why)


def _own(
    code: str, words: str, key: str, icon: str, station: StationInfo, ended: bool, kind: Kind = Kind.PLAIN
) -> parts.Command:
    why = "" if station.may(Permission.MEND_ORDER) else say("orders.not.permitted")
    return parts.Command(code, say(words), key, icon=icon, reason=say("orders.not.ended") if ended else why, kind=kind)
