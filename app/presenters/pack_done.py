"""The pack screen once a parcel is sealed: its label on the way, out, or waiting for the printer."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.states import PrintJobState
from app.domain.words import say, say_count
from app.domain.work import PackWork, Parcel
from app.presenters import pack_doubt, pack_trouble
from app.presenters import pack_parts as made
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family, Kind, Stage
from app.presenters.times import clock_words, grams_words, left_words


def _parcel(work: PackWork) -> Parcel | None:
    return work.parcels[-1] if work.parcels else None


def complete(model: PackModel, work: PackWork, around: Surroundings) -> pack.Pack:
    """The parcel is sealed: the label, what hands have to do, and what comes next."""
    parcel = _parcel(work)
    printed = model.printing.state is PrintJobState.PRINTED
    grams = grams_words(parcel.weight_g) if parcel is not None and parcel.weight_g else ""
    number = parcel.number if parcel is not None else 1
    detail = ", ".join(
        part
        for part in (
            work.head.number,
            say("pack.done.parcel", number=number, count=len(work.parcels)),
            say_count("pack.done.units", work.packed),
            grams,
        )
        if part
    )
    banner = parts.Banner(
        say("pack.done.label_out" if printed else "pack.done.label_coming"),
        _said(model) or detail,
        Family.COMPLETE,
        "seal-check",
        tall=True,
        progress=made.progress(work),
    )
    if not printed:
        banner = pack_trouble.banner(work, made.progress(work)) or banner
    body = pack.Complete(
        parts.CardHead(say("pack.done.label"), "printer", chip=_print_chip(model)),
        _preview(work, parcel),
        parts.CardHead(say("pack.done.finish", number=number), "list-numbers"),
        _steps(work, around, printed),
        _next(model, around),
    )
    notes = pack_doubt.older(work, model.doubts)
    return pack.Pack(banner, body, notes=notes, commands=done_commands(model, around))


def _said(model: PackModel) -> str:
    """What has to be known of the label's printing; empty for nothing."""
    if model.reprinted:
        return say("pack.reprinted")
    return pack_doubt.fetch_words(model.elsewhere)


def _print_chip(model: PackModel) -> parts.Chip:
    if model.printing.instead and model.printing.state is PrintJobState.PRINTED:
        return parts.Chip(say("pack.printed_at", station=model.printing.instead), Family.WARN, "map-pin")
    return {
        None: parts.Chip(say("pack.print.coming"), Family.TODO, "hourglass"),
        PrintJobState.QUEUED: parts.Chip(say("pack.print.waiting"), Family.WARN, "pause-circle"),
        PrintJobState.SENDING: parts.Chip(say("pack.print.sending"), Family.TODO, "hourglass"),
        PrintJobState.PRINTED: parts.Chip(say("pack.print.printed"), Family.OK, "check"),
        PrintJobState.FAILED: parts.Chip(say("pack.print.failed"), Family.WRONG, "x-circle"),
        PrintJobState.CANCELLED: parts.Chip(say("pack.print.cancelled"), Family.TODO, "prohibit"),
    }[model.printing.state]


def _preview(work: PackWork, parcel: Parcel | None) -> parts.LabelPreview:
    number = parcel.tracking_number if parcel is not None else ""
    foot = [work.head.number]
    if parcel is not None:
        foot.append(say("pack.done.of", number=parcel.number, count=max(len(work.parcels), parcel.number)))
        if parcel.weight_g:
            foot.append(grams_words(parcel.weight_g))
    carrier = say(f"carrier.{parcel.carrier}") if parcel is not None and parcel.carrier else ""
    return parts.LabelPreview(
        carrier.upper(), work.head.service, work.head.ship_to_lines[:5], number, number, tuple(foot)
    )


def _steps(work: PackWork, around: Surroundings, printed: bool) -> tuple[parts.StepCard, ...]:
    carton = say("pack.step.close", code=work.carton_code) if work.carton_code else say("pack.step.close_any")
    slip = say("pack.step.gift_slip" if work.head.gift else "pack.step.slip")
    stick = say("pack.step.stick.scan" if around.scan_back else "pack.step.stick.detail")
    last = say("pack.step.cage" if around.at_truck else "pack.step.belt")
    return (
        made.step(1, carton, slip, Stage.DONE if printed else Stage.NOW),
        made.step(2, say("pack.step.stick"), stick, Stage.NOW if printed else Stage.LATER),
        made.step(3, last, work.head.service, Stage.LATER),
    )


def _next(model: PackModel, around: Surroundings) -> pack.NextTote:
    head = parts.CardHead(
        say("pack.next.title"), "arrow-right", say_count("pack.next.count", len(model.totes)) if model.totes else ""
    )
    stats = [(say("pack.stats.today"), str(model.day.parcels))]
    if model.started_at is not None and model.finished_at is not None:
        seconds = max(int((model.finished_at - model.started_at).total_seconds()), 0)
        stats.insert(0, (say("pack.stats.this"), f"{seconds // 60}:{seconds % 60:02d}"))
    if not model.totes:
        return pack.NextTote(head, title=say("pack.next.none"), stats=tuple(stats))
    tote = model.totes[0]
    words = f"{clock_words(tote.leaves_at, around.zone)}, {left_words(tote.leaves_at, around.now)}"
    units = say_count("pack.done.units", tote.units)
    return pack.NextTote(
        head,
        tote.tote,
        parts.Chip(words, Family.WARN, "clock"),
        f"{tote.order_number}, {tote.recipient}, {tote.town}",
        tote.pictures,
        say_count("pack.next.detail", tote.lines, units=units, service=tote.service).rstrip(", "),
        tuple(stats),
    )


def done_commands(model: PackModel, around: Surroundings) -> parts.CommandBar:
    """What can still be done with the parcel that is sealed."""
    printed = model.printing.state is PrintJobState.PRINTED
    left = printed and not around.at_truck and not around.scan_back
    commands = [
        made.command(Command.REPRINT, "pack.command.reprint", "P", hint=say("pack.command.reprint.hint")),
        made.command(
            Command.REDO,
            "pack.command.redo",
            "R",
            hint=say("pack.command.redo.hint"),
            reason=say("pack.reason.has_left") if left else "",
        ),
        made.command(
            Command.ANOTHER_SHIPMENT,
            "pack.command.another",
            "S",
            hint=say("pack.command.another.hint"),
            reason="" if model.rest else say("pack.nothing_left_to_ship"),
        ),
    ]
    if model.totes:
        tote = model.totes[0].tote
        words = say("pack.command.open", tote=tote)
        hint = say("pack.command.open.hint")
        commands.append(parts.Command(tote, words, "Enter", hint, Kind.COMPLETE, right=True))
    return parts.CommandBar(tuple(commands))
