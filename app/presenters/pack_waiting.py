"""The pack screen while a label waits for its printer: not bought yet, waiting by itself, or to be printed again."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.states import PrintJobState
from app.domain.words import say
from app.domain.work import PackWork, Parcel
from app.presenters import pack_doubt, pack_shelf, pack_trouble
from app.presenters import pack_parts as made
from app.presenters.pack_around import Surroundings
from app.presenters.pack_done import done_commands
from app.presenters.pack_model import PackModel, Printing
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family, Stage
from app.presenters.times import clock_words


def waits_by_itself(printing: Printing) -> bool:
    """Whether the printer can't print now and the label goes out by itself once it can."""
    return printing.state is PrintJobState.QUEUED and bool(printing.reason)


def held(model: PackModel, work: PackWork, parcel: Parcel, around: Surroundings) -> pack.Pack:
    """The parcel is closed, and its printer can't print: nothing is bought until it can."""
    why = pack_trouble.held_words(parcel.held)
    steps = (
        made.step(1, why, say(f"pack.held.{parcel.held}"), Stage.NOW, Family.WARN),
        made.step(2, say("pack.held.then"), say("pack.held.then.detail"), Stage.LATER, Family.WARN),
    )
    at = clock_words(around.now, around.zone)
    job = (
        parts.JobStep(say("pack.held.closed", number=parcel.number), ""),
        parts.JobStep(why, at, Family.WARN, "warning"),
        parts.JobStep(say("pack.job.bought"), say("pack.job.not_yet"), Family.TODO, "circle-dashed"),
        parts.JobStep(say("pack.job.printed"), say("pack.job.not_yet"), Family.TODO, "circle-dashed"),
    )
    banner = parts.Banner(
        why, say("pack.held.detail", number=work.head.number), Family.WARN, "printer", blocking=True,
        progress=made.progress(work),
    )  # fmt: skip
    body = pack.Waiting(
        parts.CardHead(say("pack.wait.title"), "list-numbers", around.printer),
        steps,
        parts.CardHead(say("pack.done.label"), "file-text", chip=_waiting_chip()),
        job,
        model.unfit or say("pack.held.once"),
    )
    following = tuple(one for one in done_commands(model, around).commands if one.right)  # nobody has to wait for it
    following = (*pack_shelf.ways_out(model), *following)
    head, notes = made.header(work, around.now, around.zone), pack_doubt.older(work, model.doubts)
    return pack.Pack(banner, body, head, notes, parts.CommandBar(following))


def waiting(model: PackModel, work: PackWork, around: Surroundings) -> pack.Pack:
    """The label is bought, but the printer did not take it."""
    by_itself = waits_by_itself(model.printing)
    said = model.printing.reason
    reason = pack_doubt.reason_words(said) if said else say("pack.print.unknown")
    at = clock_words(model.printing.at or around.now, around.zone, seconds=True)
    again = "pack.wait.by_itself" if by_itself else "pack.wait.again"
    steps = (
        made.step(1, say("pack.wait.look"), reason, Stage.NOW, Family.WARN),
        made.step(2, say("pack.wait.mend"), say("pack.wait.mend.detail"), Stage.LATER, Family.WARN),
        made.step(3, say(again), say(f"{again}.detail"), Stage.LATER, Family.WARN),
    )
    job = (
        parts.JobStep(say("pack.job.bought"), at),
        parts.JobStep(say("pack.job.kept"), at),
        parts.JobStep(say("pack.print.unknown"), at, Family.WARN, "warning"),
        parts.JobStep(say("pack.job.printed"), say("pack.job.not_yet"), Family.TODO, "circle-dashed"),
    )
    banner = parts.Banner(
        say("pack.wait.banner.by_itself" if by_itself else "pack.wait.banner"),
        say("pack.wait.detail", number=work.head.number),
        Family.WARN,
        "printer",
        blocking=True,
        progress=made.progress(work),
    )
    number = say("pack.job.title", number=model.printing.job_id or "")
    body = pack.Waiting(
        parts.CardHead(say("pack.wait.title"), "list-numbers", model.printing.printer or around.printer),
        steps,
        parts.CardHead(number, "file-text", chip=_waiting_chip()),
        job,
        say("pack.job.once"),
    )
    retry = made.command(Command.RETRY, "pack.wait.now" if by_itself else "pack.command.retry", "T")
    ways = pack_shelf.ways_out(model) if by_itself else pack_shelf.ways_out(model)[1:]
    done = done_commands(model, around).commands
    others = [one for one in done if not one.right and one.code == Command.REDO.code]
    commands = parts.CommandBar((retry, *ways, *others, *[one for one in done if one.right]))
    head, notes = made.header(work, around.now, around.zone), pack_doubt.older(work, model.doubts)
    return pack.Pack(banner, body, head, notes, commands)


def _waiting_chip() -> parts.Chip:
    return parts.Chip(say("pack.print.waiting"), Family.WARN, "pause-circle")
