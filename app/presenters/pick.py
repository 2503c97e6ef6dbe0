"""The pick screen as it is drawn, from what is known: one function for each of its states."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.commands import Command
from app.domain.words import say
from app.domain.work import PickStop, PickWork
from app.presenters import pick_parts as made
from app.presenters import take_over
from app.presenters.pick_blocked import blocked_state
from app.presenters.pick_model import PickModel, current_stop, stops_left
from app.presenters.pick_short import short_state
from app.presenters.state import parts, pick
from app.presenters.state.parts import Family, Kind, Stage
from app.presenters.times import day_or_clock, left_words, urgency


def pick_state(model: PickModel, now: datetime, zone: ZoneInfo) -> pick.Pick:
    """The whole screen."""
    if model.block is not None:
        return blocked_state(model, model.block, now, zone)
    work = model.work
    if work is None:
        return _idle(model, now, zone)
    if work.step == "done" or not stops_left(work):
        return _done(model, work)
    stop = current_stop(work)
    if work.step == "totes" or stop is None:
        return _assign(model, work, stop)
    if model.asked is not None:
        return _asking(model, work)
    if work.step in ("count", "reason"):
        return short_state(model, work, stop)
    return _stop(model, work, stop)


# -- nothing open ---------------------------------------------------------------------------------------------------


def _idle(model: PickModel, now: datetime, zone: ZoneInfo) -> pick.Pick:
    if model.said is not None:
        banner = made.said_banner(model.said)
    elif model.asked is not None:
        banner = _which()
    else:
        banner = parts.Banner(say("pick_screen.idle"), say("pick_screen.idle.detail"), icon="shopping-cart")
    head = parts.CardHead(
        say("pick_screen.lists"),
        "list-numbers",
        say("pick_screen.lists.count", count=len(model.lists)) if model.lists else "",
    )
    body = pick.Idle(_panel(model), head, _lists(model, now, zone))
    return pick.Pick(banner, body, _idle_commands(model))


def _which() -> parts.Banner:
    return parts.Banner(say("station.which.order"), say("station.which.how"), icon="question")


def _panel(model: PickModel) -> parts.ScanPanel:
    if model.asked is not None:
        choices = tuple(parts.Choice(f"PW-{one.key}", one.title, one.detail, one.key) for one in model.asked.choices)
        advice = say("station.which.advice", code=model.asked.values.get("code", ""))
        return parts.ScanPanel(say("station.which"), "question", Family.ACCENT, advice=advice, choices=choices)
    if model.storing:
        return parts.ScanPanel(say("pick_screen.storing"), "hourglass", Family.ACCENT)
    return parts.ScanPanel(say("pick_screen.nothing"), advice=say("pick_screen.idle.advice"))


def _lists(model: PickModel, now: datetime, zone: ZoneInfo) -> parts.Table:
    columns = (
        parts.Column(say("pick_screen.lists.leaves"), 184),
        parts.Column(say("pick_screen.lists.code"), 120),
        parts.Column(say("pick_screen.lists.who")),
        parts.Column(say("pick_screen.lists.orders"), 76, numbers=True),
        parts.Column(say("pick_screen.lists.stops"), 76, numbers=True),
        parts.Column(say("pick_screen.lists.units"), 76, numbers=True, wide=True),
    )
    rows = []
    for one in model.lists:
        late = urgency(one.leaves_at, now)
        who = parts.Cell(say("pick_screen.lists.free"), one.cart, quiet=True)
        if one.held_by:
            who = parts.Cell(one.held_by, one.held_at, strong=True)
        elif one.started:
            who = parts.Cell(say("pick_screen.lists.begun"), one.cart, quiet=True)
        icon = "warning-octagon" if late is Family.WRONG else "clock"
        leaves = parts.Cell(
            day_or_clock(one.leaves_at, now, zone), left_words(one.leaves_at, now), None, icon, late, strong=True
        )
        rows.append(
            parts.TableRow(
                one.code,
                (
                    leaves,
                    parts.Cell(one.code, code=True, strong=True),
                    who,
                    parts.Cell(str(one.orders)),
                    parts.Cell(str(one.stops)),
                    parts.Cell(str(one.units)),
                ),
            )
        )
    chosen = model.chosen if any(row.key == model.chosen for row in rows) else rows[0].key if rows else ""
    return parts.Table("pick_lists", columns, tuple(rows), chosen, empty=say("pick_screen.lists.none"))


def _idle_commands(model: PickModel) -> parts.CommandBar:
    free = any(not one.held_by for one in model.lists)
    commands = [
        made.command(
            Command.START_WALK,
            "start",
            "N",
            reason="" if free or not model.lists else say("pick_screen.reason.all_held"),
            hint=say("pick_screen.command.start.hint"),
            kind=Kind.PRIMARY,
        )
    ]
    if model.said is not None and model.said.code == "pick.held":
        commands.append(made.command(Command.TAKE_OVER, "take_over", "T", hint=say("pick_screen.command.lead")))
    if model.said is not None and model.said.code == take_over.WHY:
        commands = list(take_over.commands(model.said, "pick.held"))
    return parts.CommandBar(tuple(commands))


# -- totes into slots -----------------------------------------------------------------------------------------------


def _assign(model: PickModel, work: PickWork, stop: PickStop | None) -> pick.Pick:
    waiting = [slot for slot in work.slots if not slot.tote]
    now = made.slot_of(work, stop) if stop is not None else waiting[0] if waiting else None
    number = now.slot if now is not None else 1
    done = len(work.slots) - len(waiting)
    progress = parts.Progress(done, len(work.slots), say("pick_screen.totes.progress", count=len(work.slots)))
    banner = parts.Banner(
        say("pick_screen.totes.order", slot=number),
        say("pick_screen.totes.detail", code=work.code, order=now.order_number if now else ""),
        icon="tray",
        progress=progress,
    )
    if model.said is not None:
        said = made.said_banner(model.said)
        banner = parts.Banner(said.order, said.detail, said.family, said.icon, progress=progress)
    place = pick.Where(
        (
            pick.WherePart(say("pick_screen.where.slot"), str(number), hot=True),
            pick.WherePart(say("pick_screen.where.order"), now.order_number if now else ""),
        ),
        sign="",
        said=say("pick_screen.totes.order", slot=number),
    )
    head = parts.CardHead(say("pick_screen.cart"), "shopping-cart", work.cart, right_is_code=True)
    body = pick.Assign(
        place,
        head,
        made.cart(work, number),
        parts.CardHead(say("pick_screen.slots"), "tray", made.totes_word(work)),
        _slots(work, number),
    )
    return pick.Pick(banner, body, _walk_commands(work, stop))


def _slots(work: PickWork, active: int | None, *, ended: bool = False) -> parts.Table:
    columns = (
        parts.Column(say("pick_screen.slots.slot"), 64),
        parts.Column(say("pick_screen.slots.tote"), 118),
        parts.Column(say("pick_screen.slots.order")),
        parts.Column(say("pick_screen.slots.units"), 90, numbers=True, wide=not ended),
        parts.Column("", 180 if ended else 150),
    )
    rows = []
    for slot in work.slots:
        stops = [stop for stop in work.stops if stop.slot == slot.slot]
        picked, asked = sum(stop.picked for stop in stops), sum(stop.quantity for stop in stops)
        short = sum(stop.short for stop in stops)
        chip = parts.Chip(say("pick_screen.slots.no_tote"), Family.TODO, "circle-dashed")
        if ended:
            chip = parts.Chip(say("pick_screen.slots.complete"), Family.OK, "check-circle")
            if short:
                chip = parts.Chip(say("pick_screen.slots.short", count=short), Family.WARN, "circle-half")
        elif slot.tote:
            chip = parts.Chip(say("pick_screen.slots.in_place"), Family.OK, "check")
        units = say("pick_screen.slots.picked", picked=picked, count=asked) if ended else str(asked)
        cells = (
            parts.Cell(str(slot.slot), strong=True),
            parts.Cell(slot.tote, code=True, strong=True),
            parts.Cell(slot.order_number, code=True),
            parts.Cell(units),
            parts.Cell(chip=chip),
        )
        rows.append(parts.TableRow(str(slot.slot), cells))
    return parts.Table("slots", columns, tuple(rows), "" if active is None else str(active), two_lines=False)


# -- a stop ---------------------------------------------------------------------------------------------------------


def _stop(model: PickModel, work: PickWork, stop: PickStop) -> pick.Pick:
    slot = made.slot_of(work, stop)
    body = pick.Stop(
        made.where(stop),
        made.take(model, work, stop),
        made.cart_head(work, stop),
        made.cart(work, stop.slot),
        made.walk(model, work),
        parts.Command(Command.MAP.code, say("pick_screen.command.map"), "M", icon="map-trifold"),
        model.map_open,
    )
    if model.said is not None:
        banner = made.said_banner(model.said, made.steps(work))
    elif model.quantity is not None:
        banner = _quantity_banner(model.quantity, work)
    else:
        left = stop.quantity - stop.picked - stop.short
        tote = slot.tote if slot is not None else ""
        key = f"pick_screen.order.{work.step}"
        if work.step == "item" and left == 1:
            key = "pick_screen.order.item_one"
        banner = parts.Banner(
            say(key, count=left, slot=stop.slot, tote=tote),
            made.place_words(work),
            icon={"shelf": "map-pin", "item": "hand", "tote": "tray"}.get(work.step, "map-pin"),
            steps=made.steps(work),
        )
    return pick.Pick(banner, body, _walk_commands(work, stop))


def _quantity_banner(quantity: int, work: PickWork) -> parts.Banner:
    words = say("quantity.is", quantity=quantity) if quantity else say("quantity.wanted")
    return parts.Banner(words, say("pick_screen.quantity.detail"), icon="hash", steps=made.steps(work))


def _walk_commands(work: PickWork, stop: PickStop | None) -> parts.CommandBar:
    left, step = stops_left(work), work.step
    only = "" if left > 1 else say("pick_screen.reason.last_stop")
    unless_totes = say("pick_screen.reason.totes_first") if step == "totes" else ""
    into_tote = say("pick_screen.reason.tote_first") if step == "tote" else ""
    done_here = say("pick_screen.reason.all_taken") if stop is not None and stop.done else ""
    first = say("pick_screen.reason.first_stop") if stop is not None and _is_first(work, stop) else ""
    return parts.CommandBar(
        (
            made.command(Command.TOO_FEW, "short", "S", reason=unless_totes or into_tote or done_here),
            made.command(Command.SKIP, "skip", "K", reason=unless_totes or into_tote or done_here or only),
            made.command(
                Command.BACK,
                "back_step" if step in ("item", "tote") else "back",
                "Esc",
                reason=unless_totes or (first if step == "shelf" else ""),
            ),
            made.command(Command.END_WALK, "end", "E", reason=made.stops_word(left) if left else "", right=True),
            made.command(Command.ASIDE, "leave", "A", hint=say("pick_screen.command.leave.hint")),
        )
    )


def _is_first(work: PickWork, stop: PickStop) -> bool:
    return bool(work.stops) and work.stops[0].task_id == stop.task_id


def _asking(model: PickModel, work: PickWork) -> pick.Pick:
    which = _which()
    banner = parts.Banner(which.order, which.detail, icon=which.icon, steps=made.steps(work))
    commands = parts.CommandBar((made.command(Command.BACK, "drop_choice", "Esc"),))
    return pick.Pick(banner, pick.Asking(_panel(model), made.walk(model, work)), commands)


# -- the end --------------------------------------------------------------------------------------------------------


def _done(model: PickModel, work: PickWork) -> pick.Pick:
    units, short = sum(stop.picked for stop in work.stops), sum(stop.short for stop in work.stops)
    took = ""
    if model.started_at is not None and model.finished_at is not None:
        seconds = max(0, int((model.finished_at - model.started_at).total_seconds()))
        took = say("pick_screen.done.took", minutes=seconds // 60, seconds=f"{seconds % 60:02d}")
    words = [work.code, say("pick_screen.done.units", count=units), made.totes_word(work)]
    words += [say("pick_screen.done.short", count=short)] if short else []
    words += [took] if took else []
    banner = parts.Banner(
        say("pick_screen.done.short_order" if short else "pick_screen.done.order"),
        ", ".join(words),
        Family.COMPLETE,
        "seal-check",
        tall=True,
        progress=made.progress(work),
    )
    many = len(work.slots) > 1
    steps = (
        parts.StepCard("1", say("pick_screen.done.cart" if many else "pick_screen.done.tote"), "", Stage.NOW),
        parts.StepCard("2", say("pick_screen.done.hand_over"), say("pick_screen.done.hand_over.detail")),
        parts.StepCard("3", say("pick_screen.done.next"), say("pick_screen.done.next.detail")),
    )
    body = pick.Done(
        parts.CardHead(say("pick_screen.slots"), "tray", made.totes_word(work)),
        _slots(work, None, ended=True),
        parts.CardHead(say("pick_screen.done.what"), "list-numbers"),
        steps,
    )
    next_walk = made.command(
        Command.START_WALK, "next", "N", hint=say("pick_screen.command.start.hint"), kind=Kind.COMPLETE, right=True
    )
    commands = parts.CommandBar((made.command(Command.GO_PACK, "pack", "P"), next_walk))
    return pick.Pick(banner, body, commands)
