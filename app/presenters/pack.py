"""The pack screen as it is drawn, from what is known: one function for each of its states."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.domain.states import PrintJobState
from app.domain.words import say, say_count
from app.domain.work import PackWork, WrongItem
from app.presenters import pack_ahead, pack_changed, pack_doubt, pack_note, pack_shelf, pack_trouble, take_over
from app.presenters import pack_parts as made
from app.presenters.pack_around import Surroundings
from app.presenters.pack_done import complete
from app.presenters.pack_model import PackModel, wrong_item
from app.presenters.pack_waiting import held, waiting, waits_by_itself
from app.presenters.state import pack, parts
from app.presenters.state.parts import Family
from app.presenters.state.words import key, strong
from app.presenters.times import clock_words, grams_words, left_words

DIFFERS = "pack.weight_differs"


def pack_state(model: PackModel, around: Surroundings) -> pack.Pack:
    """The whole screen."""
    if model.block is not None:
        changes = model.work.changed if model.work is not None else None
        if changes is not None and model.work is not None and pack_changed.is_change(model.block):
            return pack_changed.stopped(model, model.work, changes, around)
        return _blocked(model, model.block, around)
    if model.asked is not None and (model.work is None or model.finished or _waits_for_label(model)):
        return _asking(model, around)
    if model.work is None:
        return _idle(model, around)
    doubt = pack_doubt.asked(model.work, model.doubts) if model.finished or _waits_for_label(model) else None
    if doubt is not None:
        return pack_doubt.question(model.work, doubt, around, model.elsewhere)
    if model.finished and (model.printing.state is PrintJobState.FAILED or waits_by_itself(model.printing)):
        return _telling(model, waiting(model, model.work, around))
    held_here = pack_trouble.held_parcel(model.work)
    if held_here is not None and (model.finished or _waits_for_label(model)):
        return _telling(model, held(model, model.work, held_here, around))
    if model.finished or _waits_for_label(model):
        return complete(model, model.work, around)
    return _packing(model, model.work, around)


def _waits_for_label(model: PackModel) -> bool:
    work = model.work
    return work is not None and work.open_package_id is None and work.packed == work.required and work.packed > 0


# -- nothing open ---------------------------------------------------------------------------------------------------


def _idle(model: PackModel, around: Surroundings) -> pack.Pack:
    columns = (
        parts.Column(say("pack.totes.leaves"), 130),
        parts.Column(say("pack.totes.tote"), 110),
        parts.Column(say("pack.totes.order"), 120),
        parts.Column(say("pack.totes.recipient")),
        parts.Column(say("pack.totes.units"), 70, numbers=True),
    )
    rows = tuple(
        parts.TableRow(
            tote.tote,
            (
                parts.Cell(
                    clock_words(tote.leaves_at, around.zone), left_words(tote.leaves_at, around.now), strong=True
                ),
                parts.Cell(tote.tote, code=True, strong=True),
                parts.Cell(tote.order_number, code=True),
                parts.Cell(tote.recipient, tote.town, strong=True),
                parts.Cell(str(tote.units)),
            ),
        )
        for tote in model.totes
    )
    table = parts.Table("totes", columns, rows, rows[0].key if rows else "", empty=say("pack.totes.none"))
    commands = parts.CommandBar(
        (
            *(pack_doubt.answers() if model.doubts else ()),
            *((pack_shelf.off_shelf(),) if pack_shelf.ready(model) else ()),
            made.command(
                Command.REPRINT,
                "pack.command.reprint",
                "P",
                hint=say("pack.command.reprint.hint"),
                reason="" if model.day.parcels else say("pack.nothing_to_reprint"),
            ),
            made.command(Command.GO_ORDERS, "pack.command.orders", "O"),
        )
    )
    head = parts.CardHead(
        say("pack.next.title"), "arrow-right", say_count("pack.next.count", len(model.totes)) if model.totes else ""
    )
    panel = parts.ScanPanel(
        say("pack.panel.storing" if model.storing else "pack.panel.nothing"),
        advice=pack_trouble.advice(model.troubles)
        or (say_count("pack.idle.advice", model.day.parcels) if model.day.parcels else ""),
    )
    taking = take_over.commands(model.said, "pack.held_by")
    if taking:
        commands = parts.CommandBar(taking)
    return pack.Pack(_idle_banner(model), pack.Idle(panel, head, table), commands=commands)


def _idle_banner(model: PackModel) -> parts.Banner:
    if model.said is not None:
        return _said(model.said)
    if model.doubts:
        return pack_doubt.banner(model.doubts[0])
    ready = pack_shelf.ready(model)
    if ready is not None:
        return pack_shelf.banner(ready)
    return parts.Banner(say("pack.banner.idle"), say("pack.banner.idle.detail"), icon="tray")


def _said(outcome: Outcome, progress: parts.Progress | None = None) -> parts.Banner:
    """A refusal that does not block, or what the scale did: it stays until the next scan says something else."""
    if pack_ahead.is_ahead(outcome):
        return pack_ahead.banner(outcome, progress)
    family = Family.WRONG if outcome.sound.value == "wrong" else Family.WARN
    icon = "prohibit"
    if not outcome.refused:
        family, icon = Family.OK, "scales" if outcome.code.startswith("scale.") else "check-circle"
    detail = say(f"{outcome.code}.do", **outcome.values)
    detail = "" if detail.startswith(outcome.code) else detail
    return parts.Banner(say(outcome.code, **outcome.values), detail, family, icon, progress=progress)


def _asking(model: PackModel, around: Surroundings) -> pack.Pack:
    """Which of several things is meant, while nothing is packed."""
    idle = _idle(replace(model, asked=None, said=None), around)
    assert isinstance(idle.body, pack.Idle)
    banner = parts.Banner(say("station.which.order"), say("station.which.how"), icon="question")
    back = made.command(Command.BACK, "pack.command.back", "Esc", right=True)
    panel = made.scan_panel(model, around.zone)
    return pack.Pack(banner, replace(idle.body, panel=panel), commands=parts.CommandBar((back,)))


def _telling(model: PackModel, drawn: pack.Pack) -> pack.Pack:
    """A parcel that waits for its label, with what the last gesture was answered where it was answered something."""
    if model.said is None:
        return drawn
    said = replace(_said(model.said, drawn.banner.progress), blocking=drawn.banner.blocking)
    return replace(drawn, banner=said)


# -- packing --------------------------------------------------------------------------------------------------------


def _packing(model: PackModel, work: PackWork, around: Surroundings) -> pack.Pack:
    body = pack.Packing(
        made.scan_panel(model, around.zone),
        made.lines_head(work),
        made.line_list(model),
        made.cartons(model),
        made.weight(model, around.reading, around.monotonic, around.trouble),
    )
    return pack.Pack(
        _packing_banner(model, work),
        body,
        made.header(work, around.now, around.zone),
        (*made.notes(work), *pack_shelf.notes(model)),
        _commands(model),
    )


def _packing_banner(model: PackModel, work: PackWork) -> parts.Banner:
    progress = made.progress(work)
    if model.said is not None:
        return _said(model.said, progress)
    if model.asked is not None:
        return parts.Banner(say("station.which.order"), say("station.which.how"), icon="question", progress=progress)
    mode = {
        "quantity": "pack.banner.quantity",
        "weigh": "pack.banner.weigh",
        "aside": "pack.banner.aside",
        "carton": "pack.banner.carton",
    }.get(model.mode)
    if mode is not None:
        icon = "question" if model.mode == "aside" else "barcode"
        return parts.Banner(say(mode), say(f"{mode}.detail"), icon=icon, progress=progress)
    trouble = pack_trouble.banner(work, progress)
    if trouble is not None:
        return trouble
    recent = next((line for line in work.lines if line.line_id == model.recent_line and line.remaining > 0), None)
    if recent is not None:
        words = say("pack.banner.more_of", count=recent.remaining, name=made.item_words(recent.item)[:48])
    elif work.packed:
        words = say("pack.banner.any_line")
    else:
        words = say("pack.banner.first_item")
    return parts.Banner(say("pack.banner.next_item"), words, progress=progress)


def _commands(model: PackModel) -> parts.CommandBar:
    work = model.work
    left = work.required - work.packed if work is not None else 0
    if model.mode == "aside":
        reasons = tuple(
            parts.Command(f"PW-{number}", say(f"pack.aside.{reason}"), str(number))
            for number, reason in enumerate(("missing", "damaged", "question", "other"), start=1)
        )
        return parts.CommandBar((*reasons, made.command(Command.BACK, "pack.command.back", "Esc", right=True)))
    inside = work is not None and work.open_package_id is not None
    return _packing_commands(left, inside, inside or model.counted is not None)


@lru_cache(256)
def _packing_commands(left: int, inside: bool, undoable: bool) -> parts.CommandBar:
    """So many units are left; something lies in the open parcel; something can be taken out again."""
    empty = "" if inside else say("pack.reason.nothing_in_parcel")
    undo = "" if undoable else say("pack.reason.nothing_to_undo")
    return parts.CommandBar(
        (
            made.command(
                Command.CLOSE, "pack.command.close", "L", reason=say_count("pack.units_left", left) if left else ""
            ),
            made.command(Command.NEW_PARCEL, "pack.command.parcel", "N", reason=empty),
            made.command(Command.UNDO, "pack.command.undo", "U", reason=undo),
            made.command(Command.MISSING, "pack.command.missing", "M", right=True),
            made.command(Command.ASIDE, "pack.command.aside", "A", right=True),
        )
    )


# -- blocked --------------------------------------------------------------------------------------------------------


def _blocked(model: PackModel, block: Outcome, around: Surroundings) -> pack.Pack:
    work, item = model.work, wrong_item(model)
    at = clock_words(around.now, around.zone, seconds=True)
    family, icon = _look_of(block)
    banner = parts.Banner(
        say(block.code, **block.values),
        _detail(model, block),
        family,
        icon,
        blocking=True,
        progress=made.progress(work) if work is not None else None,
    )
    refused = say("pack.ack.refused", count=model.refused_since) if model.refused_since else ""
    ack = parts.AckBar(
        say(
            f"{block.code}.do",
            **{**block.values, "tote": _tote(work), "name": made.item_words(item.item if item else None)},
        ),
        say("pack.ack.how", enter=key("Enter")),
        " ".join(part for part in (say("pack.ack.locked"), refused) if part),
    )
    head = made.header(work, around.now, around.zone) if work is not None else None
    return pack.Pack(banner, _blocked_body(model, block, item, at, family, icon), head, ack=ack)


def _detail(model: PackModel, block: Outcome) -> str:
    if block.code != DIFFERS:
        return say(f"{block.code}.detail", **{**block.values, "number": _number(model, block)})
    grams, difference = (int(str(block.values.get(name, 0))) for name in ("grams", "difference"))
    which = "light" if difference < 0 else "heavy"
    return say(f"{DIFFERS}.{which}", grams=grams_words(grams), difference=grams_words(abs(difference)))


def _look_of(block: Outcome) -> tuple[Family, str]:
    if block.code == "pack.too_many":
        return Family.OVER, "stack"
    if block.code in ("pack.note_to_confirm", pack_note.CODE):
        return Family.WARN, "note"
    if block.code == DIFFERS:
        return Family.WARN, "scales"
    return Family.WRONG, "x-circle"


def _number(model: PackModel, block: Outcome) -> str:
    return model.work.head.number if model.work is not None else str(block.values.get("number", ""))


def _tote(work: PackWork | None) -> str:
    return work.head.totes[0] if work is not None and work.head.totes else say("pack.the_tote")


def _blocked_body(
    model: PackModel, block: Outcome, item: WrongItem | None, at: str, family: Family, icon: str
) -> pack.Body:
    head = (
        made.lines_head(model.work)
        if model.work is not None
        else parts.CardHead(say("pack.lines.title"), "list-dashes")
    )
    if item is not None and item.item is not None and block.code == "pack.wrong_item":
        return _compare(model, item, at)
    if item is not None and item.item is not None:
        card = parts.FacingCard(
            say("pack.card.too_many"),
            family,
            icon,
            at,
            item.item.picture,
            item.item.name,
            item.item.sku,
            count=str(item.required),
            of=say("pack.card.packed_before", required=item.required),
            have=item.required,
            need=item.required,
            extra=1,
        )
        return pack.Focus(card, head, made.line_list(model, marked=Family.OVER))
    counted = model.counted.item if model.counted is not None else None
    if block.code == "pack.note_to_confirm" and counted is not None:
        card = parts.FacingCard(
            say("pack.card.note"), family, icon, at, counted.picture, counted.name, counted.sku, note=counted.note
        )
        return pack.Focus(card, head, made.line_list(model))
    if block.code == pack_note.CODE and model.work is not None:
        return pack_note.body(model.work, made.line_list(model), head, at)
    what = str(block.values.get("scan", ""))
    card = parts.FacingCard(
        say("pack.card.scanned"), family, icon, at, sku=what[:24], why=(say(f"{block.code}.why", **block.values),)
    )
    return pack.Focus(card, head, made.line_list(model))


def _compare(model: PackModel, item: WrongItem, at: str) -> pack.Compare:
    hand = item.item
    line = next((row for row in model.work.lines if row.line_id == item.closest_line_id), None) if model.work else None
    why = [say("pack.card.not_in_order")]
    if item.wanted_by:
        why.append(say("pack.card.wanted_by", number=strong(item.wanted_by)))
    in_hand = parts.FacingCard(
        say("pack.card.in_hand"),
        Family.WRONG,
        "x-circle",
        at,
        hand.picture if hand else "",
        hand.name if hand else "",
        hand.sku if hand else "",
        item.scanned_marks,
        tuple(why),
    )
    if line is not None:
        packed = say("pack.card.packed_of", packed=strong(f"{line.packed}"), required=strong(f"{line.required}"))
        wanted = parts.FacingCard(
            say("pack.card.closest"),
            Family.ACCENT,
            "barcode",
            "",
            line.item.picture,
            line.item.name,
            line.item.sku,
            item.wanted_marks,
            (packed,),
        )
        return pack.Compare(in_hand, wanted)
    rows = made.line_list(model).rows
    open_rows = tuple(row for row in rows if not row.done)
    return pack.Compare(in_hand, parts.FacingCard(say("pack.card.still"), Family.ACCENT, "barcode", rows=open_rows))
