"""The pack screen while it stands still for a change by the office: what to do now, one scan after the other."""

from __future__ import annotations

from datetime import datetime

from app.domain.changed_work import BenchToDo, ChangedWork, ToDo
from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.domain.words import say, say_count
from app.domain.work import PackWork
from app.presenters import pack_parts as made
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family, Stage
from app.presenters.state.words import key
from app.presenters.times import clock_words

CHANGED, CANCELLED = "pack.changed", "pack.cancelled"
_SHOWN = frozenset({CHANGED, CANCELLED, "pack.changed_where"})
_ICONS = {
    ToDo.TAKE_OUT: "arrow-u-up-left",
    ToDo.LABEL: "tag",
    ToDo.LEAVE: "tray",
    ToDo.LESS: "minus-circle",
    ToDo.MORE: "plus-circle",
    ToDo.ADDRESS: "map-pin",
    ToDo.SERVICE: "truck",
    ToDo.MERGED: "link",
}


def is_change(block: Outcome) -> bool:
    """Whether that is what blocks."""
    return block.code in _SHOWN


def stopped(model: PackModel, work: PackWork, changes: ChangedWork, around: Surroundings) -> pack.Pack:
    """The whole screen."""
    if model.block is not None and model.block.code == CANCELLED:
        return _cancelled(work, changes, around)
    asked = [one for one in changes.to_do if one.kind in (ToDo.TAKE_OUT, ToDo.LABEL)]
    done, wanted = sum(one.done for one in asked), sum(one.quantity for one in asked)
    head = parts.CardHead(
        say("edits.bench.title"),
        "pencil-simple",
        say("edits.bench.count", done=done, quantity=wanted) if wanted else "",
    )
    rows = tuple(_row(number, one, work) for number, one in enumerate(changes.to_do, start=1))
    body = pack.Stopped(
        head,
        parts.LineList(rows, ("", "", "", ""), single=True),
        parts.CardHead(say("edits.bench.steps"), "list-numbers"),
        _steps(changes, work),
    )
    header = made.header(work, around.now, around.zone)
    banner = _banner(model, work, changes, around)
    if changes.next is None and not changes.in_hand:
        ack = parts.AckBar(
            say("pack.changed.do.seen"), say("pack.ack.how", enter=key("Enter")), say("pack.changed.locked_seen")
        )
        return pack.Pack(banner, body, header, ack=ack)
    aside = made.command(Command.ASIDE, "pack.command.aside", "A", hint=say("pack.changed.aside.hint"), right=True)
    return pack.Pack(banner, body, header, commands=parts.CommandBar((aside,)))


def _cancelled(work: PackWork, changes: ChangedWork, around: Surroundings) -> pack.Pack:
    """The order is over: what comes out of the parcel, what stays in the tote, and where it is put back."""
    out = sum(one.quantity - one.done for one in changes.to_do if one.kind is ToDo.TAKE_OUT)
    left = [one for one in changes.to_do if one.kind is ToDo.LEAVE]
    steps: list[tuple[str, str]] = []
    if out:
        steps.append((say_count("edits.bench.take_out", out), say("pack.cancelled.out", number=work.head.number)))
    if left:
        steps.append((say("pack.cancelled.leave", place=left[0].place), say("pack.cancelled.leave.detail")))
    if any(one.asks and one.kind is ToDo.LABEL for one in changes.to_do):
        steps.append((say("edits.bench.label"), say("pack.cancelled.label")))
    if not steps:
        steps.append((say("pack.cancelled.nothing"), say("pack.cancelled.detail")))
    cards = tuple(
        made.step(at, *words, Stage.NOW if at == 1 else Stage.LATER, Family.WRONG if at == 1 else Family.COMPLETE)
        for at, words in enumerate(steps, start=1)
    )
    rows = tuple(_row(number, one, work) for number, one in enumerate(changes.to_do, start=1))
    body = pack.Stopped(
        parts.CardHead(say("pack.cancelled.title"), "arrow-u-up-left", say_count("pack.cancelled.count", out)),
        parts.LineList(rows, ("", "", "", ""), single=True),
        parts.CardHead(say("edits.bench.steps"), "list-numbers"),
        cards,
    )
    banner = parts.Banner(
        say(CANCELLED, number=work.head.number), _who(changes, around), Family.WRONG, "hand-palm", blocking=True
    )
    ack = parts.AckBar(say("pack.cancelled.do"), say("pack.ack.how", enter=key("Enter")), say("pack.cancelled.detail"))
    return pack.Pack(banner, body, made.header(work, around.now, around.zone), ack=ack)


def _banner(model: PackModel, work: PackWork, changes: ChangedWork, around: Surroundings) -> parts.Banner:
    """What to scan now; what was wrong with the scan before stands there until the right one."""
    number = work.head.number
    if changes.in_hand and model.said is None:
        words, detail = _now(changes), _who(changes, around)
    elif model.said is not None:
        words, detail = say(model.said.code, **model.said.values), _now(changes)
    else:
        words, detail = say(CHANGED, number=number), _who(changes, around)
    return parts.Banner(words, detail, Family.WRONG, "hand-palm", blocking=True, progress=made.progress(work))


def _who(changes: ChangedWork, around: Surroundings) -> str:
    at = clock_words(changes.at, around.zone) if isinstance(changes.at, datetime) else ""
    if not changes.who:
        return say("pack.changed.why")
    words = "pack.changed.detail" if changes.reason else "pack.changed.detail.no_reason"
    return say(words, who=changes.who, at=at, reason=changes.reason)


def _now(changes: ChangedWork) -> str:
    wanted = changes.next
    if changes.in_hand:
        return say("pack.changed.do.where")
    if wanted is None:
        return say("pack.changed.do.seen")
    return say(f"pack.changed.do.{wanted.kind.value}", sku=wanted.item.sku if wanted.item else "", place=wanted.place)


def _row(number: int, one: BenchToDo, work: PackWork) -> parts.LineRow:
    asks = one.kind in (ToDo.TAKE_OUT, ToDo.LABEL)
    over = asks and not one.asks
    family = Family.OK if over else Family.WRONG if asks else Family.WARN
    told = {ToDo.ADDRESS: work.head.ship_to_short, ToDo.SERVICE: work.head.service}
    sku = one.item.sku if one.item is not None else one.place or told.get(one.kind, "")
    name = say(f"edits.bench.row.{one.kind.value}", name=one.item.name if one.item is not None else "")
    count = say("edits.bench.of", done=one.done, quantity=one.quantity) if asks else str(one.quantity or "")
    return parts.LineRow(
        f"{number}:{one.kind.value}",
        name,
        sku,
        "",
        "",
        count,
        family,
        "check-circle" if over else _ICONS[one.kind],
        one.item.picture if one.item is not None else "",
        done=over,
    )


def _steps(changes: ChangedWork, work: PackWork) -> tuple[parts.StepCard, ...]:
    """What hands do, the first that is open now; where all of it is done, what is only to be known."""
    found: list[tuple[str, str, bool]] = []
    out = [one for one in changes.to_do if one.kind is ToDo.TAKE_OUT]
    if out:
        left = sum(one.quantity - one.done for one in out)
        detail = "edits.bench.take_out.detail.tote" if changes.tote else "edits.bench.take_out.detail"
        found.append((say_count("edits.bench.take_out", left), say(detail, tote=changes.tote), bool(left)))
    for one in changes.to_do:
        if one.kind is not ToDo.TAKE_OUT:
            found.append((*_words(one, work), one.asks or one.kind is not ToDo.LABEL))
    first = next((place for place, (_title, _detail, open_) in enumerate(found) if open_), -1)
    return tuple(
        made.step(
            number,
            title,
            detail,
            Stage.NOW if number == first + 1 else Stage.LATER if open_ else Stage.DONE,
            Family.WRONG if number == first + 1 else Family.COMPLETE,
        )
        for number, (title, detail, open_) in enumerate(found[:4], start=1)
    )


def _words(one: BenchToDo, work: PackWork) -> tuple[str, str]:
    values = {
        "sku": one.item.sku if one.item is not None else "",
        "place": one.place,
        "address": work.head.ship_to_short,
        "service": work.head.service or say("edits.bench.no_service"),
    }
    base = f"edits.bench.{one.kind.value}"
    picked = ".picked" if one.kind is ToDo.MORE and not one.place else ""
    return say_count(base, one.quantity, **values), say(f"{base}.detail{picked}", **values)
