"""What stops a walk, as it is drawn: what was scanned beside what is wanted, and what to do about it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.outcomes import Outcome
from app.domain.similar import compare
from app.domain.words import catalogue, say
from app.domain.work import PickStop
from app.presenters import pick_parts as made
from app.presenters.pick_model import PickModel, current_stop, wrong_item
from app.presenters.state import parts, pick
from app.presenters.state.parts import Family
from app.presenters.state.words import key, strong
from app.presenters.times import clock_words

_WAITS = frozenset({"pick.on_hold", "pick.order_cancelled", "pick.stop_dropped"})


def blocked_state(model: PickModel, block: Outcome, now: datetime, zone: ZoneInfo) -> pick.Pick:
    """The screen until the OK card or Enter: the banner with its tape, two cards, the bar of the answer."""
    family, icon = _look_of(block)
    name = block.code.rpartition(".")[2]
    sentence = say(block.code, **block.values)
    order = _own(f"pick_screen.blocked.{name}", block) or sentence
    banner = parts.Banner(
        order,
        sentence if order != sentence else say("pick_screen.blocked.nothing"),
        family,
        icon,
        blocking=True,
        progress=made.progress(model.work) if model.work is not None else None,
    )
    refused = say("pack.ack.refused", count=model.refused_since) if model.refused_since else ""
    ack = parts.AckBar(
        _own(f"pick_screen.act.{name}", block) or say("pick_screen.act"),
        say("pack.ack.how", enter=key("Enter")),
        " ".join(part for part in (say("pack.ack.locked"), refused) if part),
    )
    at = clock_words(now, zone, seconds=True)
    stop = current_stop(model.work) if model.work is not None else None
    body = pick.Compare(_hand(block, family, icon, at), _wanted(model, block, stop))
    return pick.Pick(banner, body, ack=ack)


def _own(name: str, block: Outcome) -> str:
    """This screen's own sentence for an answer, where there is one."""
    return say(name, **block.values) if name in catalogue() else ""


def _look_of(block: Outcome) -> tuple[Family, str]:
    if block.code == "pick.too_many":
        return Family.OVER, "stack"
    if block.code == "pick.on_hold":
        return Family.WARN, "pause-circle"
    if block.code in _WAITS:
        return Family.WRONG, "hand-palm"
    return Family.WRONG, "x-circle"


def _value(block: Outcome, *names: str) -> str:
    """The first of these values that the answer carries."""
    return next((str(block.values[name]) for name in names if block.values.get(name)), "")


def _hand(block: Outcome, family: Family, icon: str, at: str) -> parts.FacingCard:
    item = wrong_item(block)
    if item is not None and item.item is not None and block.code == "pick.too_many":
        picked, over = int(block.values.get("picked") or 0), int(block.values.get("over") or 1)
        return parts.FacingCard(
            say("pick_screen.card.too_many"),
            family,
            icon,
            at,
            item.item.picture,
            item.item.name,
            item.item.sku,
            count=str(picked),
            of=say("pick_screen.card.of_taken", count=item.required),
            have=picked,
            need=item.required,
            extra=min(over, 3),
        )
    if item is not None and item.item is not None:
        why = [say("pick_screen.card.not_here")]
        if item.wanted_by:
            why.append(say("pick_screen.card.wanted_at", location=strong(item.wanted_by)))
        return parts.FacingCard(
            say("pick_screen.card.in_hand"),
            family,
            icon,
            at,
            item.item.picture,
            item.item.name,
            item.item.sku,
            item.scanned_marks,
            tuple(why),
        )
    scanned = _value(block, "scan", "tote", "sku", "order", "code")
    likeness = compare(scanned, _value(block, "wanted")) if block.values.get("wanted") else None
    marks = likeness.scanned_marks if likeness is not None else ()
    said = (say(block.code, **block.values),)
    return parts.FacingCard(say("pick_screen.card.scanned"), family, icon, at, "", "", scanned[:24], marks, said)


def _wanted(model: PickModel, block: Outcome, stop: PickStop | None) -> parts.FacingCard:
    """Where the walk goes on once it was acknowledged."""
    if stop is None or model.work is None:
        then = (say("pick_screen.idle"),)
        return parts.FacingCard(say("pick_screen.card.next"), Family.ACCENT, "arrow-right", why=then)
    slot = made.slot_of(model.work, stop)
    if block.code == "pick.wrong_shelf":
        likeness = compare(_value(block, "scan"), stop.location)
        marks = likeness.wanted_marks if likeness is not None else ()
        return parts.FacingCard(
            say("pick_screen.card.go_to"), Family.ACCENT, "map-pin", "", stop.item.picture, "", stop.location, marks
        )
    if block.code in ("pick.wrong_tote", "pick.tote_first") and slot is not None:
        likeness = compare(_value(block, "tote"), slot.tote) if block.code == "pick.wrong_tote" else None
        marks = likeness.wanted_marks if likeness is not None else ()
        words = say("pick_screen.card.slot", slot=strong(stop.slot), order=strong(stop.order_number))
        return parts.FacingCard(
            say("pick_screen.card.right_tote"),
            Family.ACCENT,
            "tray",
            "",
            stop.item.picture,
            stop.item.name,
            slot.tote,
            marks,
            (words,),
        )
    item = wrong_item(block)
    marks = item.wanted_marks if item is not None else ()
    wanted = stop.quantity - stop.short
    why = (say("pick_screen.card.taken", picked=strong(stop.picked), count=strong(wanted)),)
    return parts.FacingCard(
        say("pick_screen.card.wanted", location=stop.location),
        Family.ACCENT,
        "barcode",
        "",
        stop.item.picture,
        stop.item.name,
        stop.item.sku,
        marks,
        why,
    )
