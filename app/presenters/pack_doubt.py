"""Pack, when nobody knows whether a document came out: the packer is asked, and only the answer prints it again."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.words import say
from app.domain.work import PackWork
from app.presenters import pack_parts as made
from app.presenters.pack_around import Surroundings
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family, Kind, Stage
from app.presenters.times import clock_words
from app.queries.print_doubts import PrintDoubt
from app.services.print_jobs import INTERRUPTED


def question(work: PackWork, doubt: PrintDoubt, around: Surroundings) -> pack.Pack:
    """The whole screen: what to look for, and where the job stands."""
    at = clock_words(doubt.since, around.zone, seconds=True)
    steps = tuple(
        made.step(number, say(f"pack.doubt.{name}"), say(f"pack.doubt.{name}.detail"), stage, Family.WARN)
        for number, (name, stage) in enumerate(
            (("look", Stage.NOW), ("here", Stage.LATER), ("not_here", Stage.LATER)), start=1
        )
    )
    job = (
        parts.JobStep(say("pack.doubt.sent"), at),
        parts.JobStep(say("pack.doubt.unsaid"), at, Family.WARN, "warning"),
        parts.JobStep(say("pack.doubt.asked"), say("pack.job.not_yet"), Family.TODO, "circle-dashed"),
    )
    title = say("pack.job.title", number=doubt.job_id)
    body = pack.Waiting(
        parts.CardHead(say("pack.doubt.title"), "list-numbers", doubt.printer or around.printer),
        steps,
        parts.CardHead(title, "file-text", chip=parts.Chip(say("pack.doubt.chip"), Family.WARN, "question")),
        job,
        f"{reason_words(doubt.reason).rstrip('.')}. {say('pack.doubt.once')}",
    )
    return pack.Pack(
        banner(doubt, made.progress(work), blocking=True),
        body,
        made.header(work, around.now, around.zone),
        commands=parts.CommandBar(answers()),
    )


def banner(doubt: PrintDoubt, progress: parts.Progress | None = None, *, blocking: bool = False) -> parts.Banner:
    """The question, and of which parcel."""
    key = f"pack.doubt.banner.{doubt.document}"
    words = say(key)
    if words == key:
        words = say("pack.doubt.banner", document=document_words(doubt.document))
    detail = say("pack.doubt.detail")
    if doubt.order_number:
        detail = say("pack.doubt.detail.parcel", number=doubt.order_number, parcel=doubt.parcel)
    return parts.Banner(words, detail, Family.WARN, "printer", blocking=blocking, progress=progress)


def answers() -> tuple[parts.Command, ...]:
    """Yes and no, each by key and by scan."""
    return (
        made.command(Command.OK, "pack.doubt.yes", "Enter", kind=Kind.COMPLETE),
        made.command(Command.RETRY, "pack.doubt.no", "T"),
    )


def document_words(document: str) -> str:
    """The kind of a document."""
    return say(f"document.{document}")


def reason_words(reason: str) -> str:
    """Why a job is not known to be printed."""
    return say("pack.doubt.interrupted") if reason == INTERRUPTED else reason or say("pack.print.unknown")
