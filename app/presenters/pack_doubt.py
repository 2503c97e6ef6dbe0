"""Pack, when nobody knows whether a document came out: the packer is asked, and only the answer prints it again."""

from __future__ import annotations

from collections.abc import Sequence

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


def asked(work: PackWork, doubts: Sequence[PrintDoubt]) -> PrintDoubt | None:
    """The question about this order's own documents, its labels first; None where only older ones are in doubt."""
    parcels = {parcel.package_id for parcel in work.parcels}
    own = [doubt for doubt in doubts if doubt.package_id in parcels]
    return min(own, key=lambda doubt: doubt.document != "shipping-label", default=None)


def older(work: PackWork, doubts: Sequence[PrintDoubt]) -> tuple[parts.Note, ...]:
    """The line about the first document of other work that is in doubt, and how many more there are."""
    parcels = {parcel.package_id for parcel in work.parcels}
    others = [doubt for doubt in doubts if doubt.package_id not in parcels]
    if not others:
        return ()
    words = f"{_order(others[0])} {say('pack.doubt.older')}"
    if len(others) > 1:
        words = f"{words} {say('pack.doubt.older.more', count=len(others) - 1)}"
    return (parts.Note(words, others[0].order_number, "printer"),)


def question(
    work: PackWork, doubt: PrintDoubt, around: Surroundings, elsewhere: Sequence[tuple[str, str]] = ()
) -> pack.Pack:
    """The whole screen: what to look for, where the job stands, and what of the order came out elsewhere."""
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
        f"{_sentence(reason_words(doubt.reason))} {say('pack.doubt.once')}",
    )
    return pack.Pack(
        banner(doubt, made.progress(work), blocking=True),
        body,
        made.header(work, around.now, around.zone),
        tuple(parts.Note(words, icon="map-pin") for words in [fetch_words(elsewhere)] if words),
        commands=parts.CommandBar(answers()),
    )


def banner(doubt: PrintDoubt, progress: parts.Progress | None = None, *, blocking: bool = False) -> parts.Banner:
    """The question, and of which parcel."""
    first = doubt.reason and reason_words(doubt.reason).partition(". ")[0]  # what to do about it stands in the note
    why = _sentence(first) if first else say("pack.doubt.silent")
    detail = say("pack.doubt.detail", reason=why)
    if doubt.order_number:
        detail = say("pack.doubt.detail.parcel", number=doubt.order_number, parcel=doubt.parcel, reason=why)
    return parts.Banner(_order(doubt), detail, Family.WARN, "printer", blocking=blocking, progress=progress)


def fetch_words(elsewhere: Sequence[tuple[str, str]]) -> str:
    """What came out at a neighbour's printer, each a pair of document and neighbour; empty for nothing."""
    return " ".join(
        say("pack.printed_at.banner", document=document_words(document), station=station)
        for document, station in elsewhere
    )


def _order(doubt: PrintDoubt) -> str:
    key = f"pack.doubt.banner.{doubt.document}"
    words = say(key)
    return say("pack.doubt.banner", document=document_words(doubt.document)) if words == key else words


def _sentence(words: str) -> str:
    return f"{words.rstrip('.')}."


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
    return say("pack.doubt.interrupted") if reason == INTERRUPTED else reason or say("pack.doubt.silent")
