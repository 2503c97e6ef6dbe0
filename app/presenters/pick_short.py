"""Too few at the shelf, as it is drawn: how many were found, why the others are missing, what becomes of them."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.words import say, say_count
from app.domain.work import PickStop, PickWork
from app.presenters import pick_parts as made
from app.presenters.pick_model import PickModel
from app.presenters.state import parts, pick
from app.presenters.state.parts import Family
from app.presenters.state.words import code, strong

REASONS = (
    (Command.EMPTY, "empty"),
    (Command.DAMAGED, "damaged"),
    (Command.OTHER_GOODS, "other"),
    (Command.OUT_OF_REACH, "reach"),
)
MOST_KEYS = 9


def short_state(model: PickModel, work: PickWork, stop: PickStop) -> pick.Pick:
    """The screen while a shortage is counted and explained. Nothing is written down before the reason."""
    wanted = stop.quantity - stop.short
    found = stop.picked if work.found is None else work.found
    missing = max(0, wanted - found)
    counting = work.step == "count"
    banner = _banner(model, work, stop, found, wanted, missing)
    chip = parts.Chip(say("pick_screen.short.chip", count=missing), Family.WARN, "circle-half")
    body = pick.Short(
        parts.CardHead(stop.location, "map-pin", chip=None if counting else chip),
        stop.item.picture,
        stop.item.name,
        stop.item.sku,
        str(found),
        say("pick_screen.short.of", count=wanted),
        found,
        wanted,
        _note(work, stop, found, counting),
        parts.CardHead(say("pick_screen.short.count_head" if counting else "pick_screen.short.reason"), "list-numbers"),
        _counts(stop, wanted) if counting else _reasons(stop),
        2 if counting else 1,
        parts.CardHead(say("pick_screen.short.missing_head", count=missing), "path"),
        () if counting else _remedies(work, stop, missing),
        None if counting else _remedy(work, stop),
    )
    return pick.Pick(banner, body, _commands(counting))


def _banner(model: PickModel, work: PickWork, stop: PickStop, found: int, wanted: int, missing: int) -> parts.Banner:
    steps = made.short_steps(work)
    if model.said is not None:
        return made.said_banner(model.said, steps)
    if work.step == "count":
        order, detail = "pick_screen.short.how_many", "pick_screen.short.how_many.detail"
        return parts.Banner(
            say(order), say(detail, location=stop.location, count=wanted), icon="warning-circle", steps=steps
        )
    return parts.Banner(
        say_count("pick_screen.short.why", missing),
        say("pick_screen.short.why.detail", found=found, count=wanted, location=stop.location),
        icon="warning-circle",
        steps=steps,
    )


def _note(work: PickWork, stop: PickStop, found: int, counting: bool) -> str:
    if counting:
        return say("pick_screen.short.note_count", picked=strong(stop.picked))
    slot = made.slot_of(work, stop)
    tote = code(slot.tote) if slot is not None and slot.tote else ""
    if not found:
        return say("pick_screen.short.note_none")
    return say("pick_screen.short.note", count=found, slot=stop.slot, tote=tote)


def _counts(stop: PickStop, wanted: int) -> tuple[parts.Choice, ...]:
    """A code for each count that is possible; above nine the digits are typed and OK ends them."""
    if wanted > MOST_KEYS:
        return (
            parts.Choice(Command.OK.code, say("pick_screen.short.ok"), say("pick_screen.short.ok.detail"), "Enter"),
        )
    choices = [
        parts.Choice(f"PW-{count}", str(count), say("pick_screen.short.none") if not count else "", str(count))
        for count in range(stop.picked, wanted)
    ]
    return tuple(choices)


def _reasons(stop: PickStop) -> tuple[parts.Choice, ...]:
    return tuple(
        made.choice(command, word, say(f"pick_screen.choice.{word}.detail", location=stop.location), str(number))
        for number, (command, word) in enumerate(REASONS, start=1)
    )


def _fetches(work: PickWork) -> bool:
    return work.reason != "later" and work.elsewhere_free > 0


def _remedies(work: PickWork, stop: PickStop, missing: int) -> tuple[parts.Choice, ...]:
    fetch = _fetches(work)
    free = say("pick_screen.choice.elsewhere.detail", count=work.elsewhere_free, location=code(work.elsewhere))
    none = "" if work.elsewhere_free else say("pick_screen.choice.elsewhere.none")
    words = "elsewhere_one" if missing == 1 else "elsewhere"
    return (
        made.choice(Command.ELSEWHERE, words, free, "E", chosen=fetch, reason=none),
        made.choice(
            Command.LATER,
            "later",
            say("pick_screen.choice.later.detail", order=stop.order_number),
            "L",
            chosen=not fetch,
        ),
    )


def _remedy(work: PickWork, stop: PickStop) -> pick.Remedy:
    if not _fetches(work):
        return pick.Remedy(say("pick_screen.short.chosen"), stop.order_number, say("pick_screen.short.will_leave"))
    label = say("pick_screen.short.unless") if not work.reason else say("pick_screen.short.chosen")
    return pick.Remedy(label, work.elsewhere, say("pick_screen.short.will_fetch", slot=stop.slot))


def _commands(counting: bool) -> parts.CommandBar:
    return parts.CommandBar(
        (
            made.command(Command.FOUND, "found", "F"),
            made.command(Command.BACK, "nothing_changes" if counting else "count_again", "Esc"),
            made.command(
                Command.CANCEL_ORDER, "without", "", reason=say("pick_screen.reason.lead_decides"), right=True
            ),
        )
    )
