"""The parts of the pick screen, each made from what is known."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Result
from app.domain.words import say
from app.domain.work import PickSlot, PickStop, PickWork
from app.presenters.buttons import Commands
from app.presenters.pick_map import plan_of
from app.presenters.pick_model import PickModel, current_stop, stop_number, stops_left, stops_to_come
from app.presenters.state import parts, pick
from app.presenters.state.parts import Family, Stage

NEXT_SHOWN = 40
COUNT_KEYS = 10
command = Commands("pick_screen.command.")


def where(stop: PickStop) -> pick.Where:
    """The place with its parts by name; a code that is not made of its parts stands as it is."""
    named = (
        ("zone", stop.zone),
        ("aisle", stop.aisle),
        ("bay", stop.bay),
        ("level", stop.level),
        ("position", stop.position),
    )
    there = [(name, value) for name, value in named if value]
    if len(there) < 2 or "-".join(value for _, value in there) != stop.location:
        part = pick.WherePart(say("pick_screen.where.place"), stop.location)
        return pick.Where((part,), said=stop.location)
    last = len(there) - 1
    made = tuple(
        pick.WherePart(say(f"pick_screen.where.{name}"), value, i == last) for i, (name, value) in enumerate(there)
    )
    return pick.Where(made, said=stop.location)


def take(model: PickModel, work: PickWork, stop: PickStop) -> pick.Take:
    """What to take here, and how much of it was taken already."""
    wanted, left = stop.quantity - stop.short, stop.quantity - stop.picked - stop.short
    head = parts.CardHead(
        say("pick_screen.take"),
        "hand",
        say("pick_screen.on_shelf", count=stop.on_shelf),
        chip=parts.Chip(say("pick_screen.counted"), Family.OK, "check-circle") if model.counted else None,
    )
    count, of, family = str(wanted), units_word(wanted), None
    if work.step == "tote":
        count, of, family = str(work.in_hand), say("pick_screen.in_hand"), Family.OK
    elif stop.picked:
        count, of = str(stop.picked), say("pick_screen.of", count=wanted)
        family = Family.OK if model.counted or not left else None
    if model.storing:
        head = parts.CardHead(head.title, head.icon, chip=parts.Chip(say("pick_screen.storing"), icon="hourglass"))
    return pick.Take(
        head,
        stop.item.picture,
        stop.item.name,
        stop.item.sku,
        count,
        of,
        stop.picked,
        wanted if stop.picked or work.step in ("item", "tote") else 0,
        family,
        stop.item.note,
    )


def units_word(count: int) -> str:
    """`unit` or `units`."""
    return say("pick_screen.unit" if count == 1 else "pick_screen.units")


def slot_of(work: PickWork, stop: PickStop) -> PickSlot | None:
    """The slot that a stop's units go into."""
    return next((slot for slot in work.slots if slot.slot == stop.slot), None)


def cart(work: PickWork, active: int | None) -> parts.Cart:
    """The real layout: as many columns as the cart has, rows filled up with the slots that this walk does not use."""
    columns = max(1, work.columns)
    last = max((slot.slot for slot in work.slots), default=1)
    shown = -(-last // columns) * columns if len(work.slots) > 1 else last
    by_number = {slot.slot: slot for slot in work.slots}
    open_slots = {stop.slot for stop in work.stops if not stop.done}
    slots = []
    for number in range(1, shown + 1):
        slot = by_number.get(number)
        full = slot is not None and bool(slot.tote) and number not in open_slots
        slots.append(parts.CartSlot(str(number), slot.tote if slot else "", number == active, full))
    return parts.Cart(tuple(slots), columns if len(slots) > 1 else 1)


def cart_head(work: PickWork, stop: PickStop) -> parts.CardHead:
    """Which slot, and which tote stands in it."""
    slot = slot_of(work, stop)
    tote = slot.tote if slot is not None else ""
    if len(work.slots) == 1:
        return parts.CardHead(say("pick_screen.into_tote"), "tray", tote, right_is_code=True)
    return parts.CardHead(say("pick_screen.into_slot", slot=stop.slot), "tray", tote, right_is_code=True)


def walk(model: PickModel, work: PickWork) -> pick.Walk:
    """The plan of the floor and the next stops; without coordinates the stops take its place."""
    left, to_come = stops_left(work), stops_to_come(work)
    listed = ", ".join(stop.location for stop in to_come[:5])
    plan = plan_of(work, model.plan, depot=say("pick_screen.depot"), said=say("pick_screen.map_said", stops=listed))
    right = stops_word(left)
    if plan is not None:
        right = say("pick_screen.walk_left", stops=right, minutes=plan.minutes)
    rows = tuple(
        pick.NextStop(
            str(stop_number(work, stop)),
            stop.location,
            stop.item.name,
            str(stop.quantity - stop.picked - stop.short),
        )
        for stop in to_come[:NEXT_SHOWN]
    )
    now = current_stop(work)
    title = say("pick_screen.walk_to", location=now.location) if model.map_open and now else say("pick_screen.walk")
    head = parts.CardHead(title, "map-trifold", right)
    return pick.Walk(head, plan.map if plan else None, rows, "" if rows else say("pick_screen.walk_end"))


def stops_word(count: int) -> str:
    """`1 stop left`, `8 stops left`."""
    return say("pick_screen.stop_left" if count == 1 else "pick_screen.stops_left", count=count)


def steps(work: PickWork) -> tuple[parts.BannerStep, ...]:
    """Shelf, item, tote; a walk with one tote has no third step."""
    names = ["shelf", "item", "tote"] if len(work.slots) > 1 else ["shelf", "item"]
    at = names.index(work.step) if work.step in names else 0
    stages = (Stage.DONE, Stage.NOW, Stage.LATER)
    return tuple(
        parts.BannerStep(say(f"pick_screen.step.{name}"), stages[(i >= at) + (i > at)]) for i, name in enumerate(names)
    )


def short_steps(work: PickWork) -> tuple[parts.BannerStep, ...]:
    """Count, then reason."""
    counting = work.step == "count"
    return (
        parts.BannerStep(say("pick_screen.step.count"), Stage.NOW if counting else Stage.DONE),
        parts.BannerStep(say("pick_screen.step.reason"), Stage.LATER if counting else Stage.NOW),
    )


def place_words(work: PickWork) -> str:
    """`PL-0007, stop 4 of 11, 6 totes`."""
    now = current_stop(work)
    number = stop_number(work, now) if now is not None else len(work.stops)
    return say("pick_screen.place", code=work.code, number=number, count=len(work.stops), totes=totes_word(work))


def totes_word(work: PickWork) -> str:
    """`1 tote`, `6 totes`."""
    count = len(work.slots)
    return say("pick_screen.tote" if count == 1 else "pick_screen.totes", count=count)


def progress(work: PickWork) -> parts.Progress:
    """Stops done of all, kept in view while something blocks."""
    done = sum(stop.done for stop in work.stops)
    return parts.Progress(done, len(work.stops), say("pick_screen.progress", count=len(work.stops)))


def choice(code: Command, words: str, detail: str, key: str, *, chosen: bool = False, reason: str = "") -> parts.Choice:
    """An answer with its words from this screen's catalogue."""
    return parts.Choice(code.code, say(f"pick_screen.choice.{words}"), detail, key, chosen=chosen, reason=reason)


def said_banner(outcome: Outcome, steps: tuple[parts.BannerStep, ...] = ()) -> parts.Banner:
    """A refusal that does not block, or a piece of news: it stays until the next scan says something else."""
    family = Family.WRONG if outcome.sound.value == "wrong" else Family.WARN if outcome.refused else Family.ACCENT
    detail = say(f"pick_screen.do.{outcome.code.rpartition('.')[2]}")
    return parts.Banner(
        say(outcome.code, **outcome.values),
        "" if detail.startswith("pick_screen.") else detail,
        family,
        "question" if outcome.result is Result.ASK else "prohibit" if outcome.refused else "check-circle",
        steps=steps,
    )
