"""What the pack screen knows, and how an answer changes it. Pure: the state that is drawn follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.outcomes import Outcome, Result
from app.domain.states import PrintJobState
from app.domain.work import ItemRef, LineCounted, PackWork, WrongItem
from app.presenters import pack_ahead
from app.queries.bench import BenchDay, ReadyTote
from app.queries.hold_shelf import OnShelf
from app.queries.label_troubles import LabelTrouble
from app.queries.print_doubts import PrintDoubt


@dataclass(frozen=True, slots=True)
class Counted:
    """The scan that was counted last, for the feedback panel."""

    item: ItemRef
    required: int
    packed: int
    at: datetime
    last: bool = False


@dataclass(frozen=True, slots=True)
class Printing:
    """Where the label's print job stands; `reason` is what the printer said, `instead` the neighbour who printed it."""

    job_id: int | None = None
    state: PrintJobState | None = None
    reason: str = ""
    printer: str = ""
    at: datetime | None = None
    instead: str = ""


NO_PARCELS = BenchDay()


@dataclass(frozen=True, slots=True)
class PackModel:
    """Everything the screen follows from. `said` is a refusal that does not block; `block` one that does.

    `doubts` are documents of which nobody knows whether they came out, the oldest first; `elsewhere` are those of this
    order that came out at a neighbour's printer, each with the neighbour's name. `benches` have printers that could
    stand in, `unfit` says why the one that should can't, `shelf` are parcels that wait for their labels aside.
    """

    work: PackWork | None = None
    counted: Counted | None = None
    recent_line: int | None = None
    block: Outcome | None = None
    refused_since: int = 0
    asked: Outcome | None = None
    said: Outcome | None = None
    mode: str = ""
    typed: str = ""
    finished: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    storing: bool = False
    printing: Printing = Printing()
    totes: tuple[ReadyTote, ...] = ()
    day: BenchDay = NO_PARCELS
    rest: bool = False
    reprinted: bool = False
    troubles: tuple[LabelTrouble, ...] = ()
    doubts: tuple[PrintDoubt, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    benches: tuple[str, ...] = ()
    unfit: str = ""
    shelf: tuple[OnShelf, ...] = ()


# After these nothing is open at the bench any more.
_ENDING = frozenset({"pack.cancelled", "pack.taken_over", "pack.finished_elsewhere"})
_CHANGES = frozenset({"pack.changed", "pack.changed_where"})
_NOT_THAT = ("pack.changed_wrong", "pack.changed_no_place")  # while one of those stands
_SHELVED = frozenset({"pack.on_hold_shelf", "pack.off_hold_shelf"})
_MODES = {
    "pack.quantity_wanted": "quantity",
    "pack.quantity": "quantity",
    "pack.weight_wanted": "weigh",
    "pack.weight_digits": "weigh",
    "pack.aside_why": "aside",
    "pack.carton_wanted": "carton",
}


def after(model: PackModel, outcome: Outcome, now: datetime) -> PackModel:
    """The model after an answer. Nothing of it is guessed: counts change only when they are stored."""
    if pack_ahead.is_ahead(outcome):
        return pack_ahead.taken(model, outcome, now, _count)
    if outcome.code.startswith("scale."):
        return replace(model, said=outcome)  # the scale was zeroed or tared; nothing of the work changed
    model = _heard(model, reprinted=outcome.code == "pack.reprinted")
    if outcome.code.startswith(_NOT_THAT):
        count = outcome.values.get("count")
        return replace(model, said=outcome, refused_since=count if isinstance(count, int) else model.refused_since + 1)
    if model.block is not None and model.block.code in _CHANGES and not outcome.blocks and not outcome.refused:
        model = replace(model, block=None, refused_since=0)
    if outcome.code == "station.acknowledged":
        over = model.block is not None and model.block.code in _ENDING
        model = replace(model, block=None, refused_since=0)
        if over:
            return replace(model, work=None, counted=None, recent_line=None, finished=False)
        return replace(model, work=outcome.work if isinstance(outcome.work, PackWork) else model.work)
    if outcome.code == "station.blocked":
        count = outcome.values.get("count")
        return replace(model, refused_since=count if isinstance(count, int) else model.refused_since + 1)
    if outcome.result is Result.REFUSED:
        return replace(model, said=outcome)
    if outcome.result is Result.ASK:
        return replace(model, asked=outcome)
    if outcome.code in ("pack.came_out", "pack.did_not_come_out"):
        model = _doubt_answered(model, outcome)
    mode, typed = _MODES.get(outcome.code, ""), str(outcome.values.get("grams", ""))
    if mode != model.mode or typed != model.typed:
        model = replace(model, mode=mode, typed=typed)
    if isinstance(outcome.work, PackWork):
        model = _take_work(model, outcome, outcome.work, now)
    if isinstance(outcome.delta, LineCounted):
        model = _count(model, outcome.delta, now)
    if outcome.blocks:
        return replace(model, block=outcome, refused_since=0)
    if outcome.result is Result.NAVIGATE and outcome.work is None:
        said = outcome if outcome.code in _SHELVED else None
        return replace(model, work=None, counted=None, recent_line=None, finished=False, said=said)
    return replace(model, said=outcome) if outcome.code == "pack.print_at_done" else model


def _heard(model: PackModel, *, reprinted: bool) -> PackModel:
    """Nothing waits to be stored or was said; of most scans the same model, for making another one costs them."""
    if not model.storing and model.asked is None and model.said is None and model.reprinted == reprinted:
        return model
    return replace(model, storing=False, asked=None, said=None, reprinted=reprinted)


def _doubt_answered(model: PackModel, outcome: Outcome) -> PackModel:
    """The question is gone at once, before the next look."""
    job = outcome.values.get("job_id")
    printing = model.printing
    if printing.job_id == job:
        state = PrintJobState.PRINTED if outcome.code == "pack.came_out" else PrintJobState.QUEUED
        printing = replace(printing, state=state)
    return replace(model, doubts=tuple(one for one in model.doubts if one.job_id != job), printing=printing)


def _take_work(model: PackModel, outcome: Outcome, work: PackWork, now: datetime) -> PackModel:
    opened = outcome.result is Result.NAVIGATE
    fresh = replace(model, work=work, block=None if opened else model.block)
    known = model.work is not None and model.work.fulfillment_id == work.fulfillment_id and not model.finished
    if opened and known:
        return fresh  # back from another place: nothing was begun anew
    if opened:
        return replace(
            fresh,
            counted=None,
            recent_line=None,
            finished=False,
            started_at=now,
            printing=Printing(),
            refused_since=0,
            elsewhere=(),
        )
    if outcome.code in ("pack.complete", "pack.label_applied"):
        last = None
        if model.counted is not None:
            last = replace(model.counted, last=True)
        finished = outcome.code == "pack.complete" or bool(outcome.values.get("whole"))
        return replace(fresh, finished=finished, finished_at=now, counted=last, block=None)
    if outcome.code in ("pack.undone", "pack.changed_done"):
        return replace(fresh, counted=None, recent_line=None)  # what was counted last may be out again
    return fresh


def _count(model: PackModel, delta: LineCounted, now: datetime) -> PackModel:
    if model.work is None:
        return model
    lines = tuple(
        replace(line, packed=delta.packed, required=max(line.required, delta.packed))
        if line.line_id == delta.line_id and line.item.product_id == delta.item.product_id
        else line
        for line in model.work.lines
    )
    counted = Counted(delta.item, delta.required, delta.packed, now, delta.total_packed == delta.total_required)
    work = replace(model.work, lines=lines, open_package_id=delta.package_id)
    return replace(model, work=work, counted=counted, recent_line=delta.line_id)


def wrong_item(model: PackModel) -> WrongItem | None:
    """What is in the hand and may not go in, where that is what blocks."""
    if model.block is None or not isinstance(model.block.delta, WrongItem):
        return None
    return model.block.delta
