"""What a bench can do whose printer can't print: another bench's printer, the hold shelf, and who is asked which."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.words import say
from app.presenters.pack_model import PackModel
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.queries.hold_shelf import OnShelf


def ways_out(model: PackModel) -> tuple[parts.Command, ...]:
    """Print elsewhere, and the hold shelf: so that nobody stands there waiting for a roll."""
    words = say("pack.command.print_at")
    if len(model.benches) == 1:
        words = say("pack.command.print_at_one", station=model.benches[0])
    reason = "" if model.benches else say("pack.command.print_at.none")
    hint = say("pack.command.hold.hint")
    return (
        parts.Command(Command.PRINT_AT.code, words, "B", reason=reason),
        parts.Command(Command.HOLD_SHELF.code, say("pack.command.hold"), "H", hint),
    )


def ready(model: PackModel) -> OnShelf | None:
    """The parcel on the hold shelf whose label came out first."""
    return next((one for one in model.shelf if one.out), None)


def banner(one: OnShelf) -> parts.Banner:
    """Says where the parcel of a label lies that came out by itself."""
    values = {"number": one.number, "parcel": one.parcel}
    return parts.Banner(say("pack.shelf.out", **values), say("pack.shelf.out.detail", **values), Family.WARN, "printer")


def off_shelf() -> parts.Command:
    """The answer to that."""
    return parts.Command(Command.HOLD_SHELF.code, say("pack.command.off_shelf"), "H")


def notes(model: PackModel) -> tuple[parts.Note, ...]:
    """The same beside other work: one line."""
    one = ready(model)
    if one is None:
        return ()
    words = say("pack.shelf.note", number=one.number, parcel=one.parcel)
    return (parts.Note(words, say("pack.shelf.subject"), "printer"),)


def asking(model: PackModel) -> parts.ScanPanel | None:
    """The question at which bench; None where none is asked."""
    if model.asked is None or model.asked.code != "pack.print_at":
        return None
    choices = tuple(parts.Choice(f"PW-{one.key}", one.title, one.detail, one.key) for one in model.asked.choices)
    return parts.ScanPanel(
        say("pack.print_at"), "question", Family.ACCENT, advice=say("pack.print_at.advice"), choices=choices
    )
