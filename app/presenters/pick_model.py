"""What the pick screen knows, and how an answer changes it. Pure: the state that is drawn follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.outcomes import Outcome, Result
from app.domain.walk_step import WalkStep, walked
from app.domain.work import PickStop, PickWork, WrongItem
from app.queries.pick_floor import FloorPlan
from app.queries.pick_lists import OpenPickList

# Answers after which nothing is open here any more, though they carry no work to show.
_CLOSED = frozenset({"pick.left", "pick.taken_over"})
_QUANTITY = frozenset({"quantity.wanted", "quantity.is"})
_TAKEN = frozenset({"pick.counted", "pick.put_into", "pick.stop_done", "pick.done"})


@dataclass(frozen=True, slots=True)
class PickModel:
    """Everything the screen follows from. `said` is a refusal that does not block, `block` one that does.

    `plan` is the floor, read once; `lists` the walks that wait, read while nothing is open.
    """

    work: PickWork | None = None
    block: Outcome | None = None
    refused_since: int = 0
    asked: Outcome | None = None
    said: Outcome | None = None
    quantity: int | None = None
    counted: bool = False
    storing: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    map_open: bool = False
    lists: tuple[OpenPickList, ...] = ()
    chosen: str = ""
    plan: FloorPlan | None = None


def after(model: PickModel, outcome: Outcome, now: datetime) -> PickModel:
    """The model after an answer. Nothing of it is guessed: counts change only when they are stored."""
    model = replace(model, storing=False, asked=None, said=None, quantity=None, counted=False)
    if outcome.code == "station.acknowledged":
        return _with_work(replace(model, block=None, refused_since=0), outcome, now)
    if outcome.code == "station.blocked":
        count = outcome.values.get("count")
        since = count if isinstance(count, int) else model.refused_since + 1
        return replace(model, block=model.block or outcome, refused_since=since)
    model = _with_work(model, outcome, now)
    if outcome.result is Result.BLOCKED:
        return replace(model, block=outcome, refused_since=0)
    if outcome.code in _CLOSED:
        return replace(model, work=None, block=None, said=outcome, map_open=False)
    if outcome.result is Result.REFUSED:
        return replace(model, said=outcome)
    if outcome.result is Result.ASK:
        return replace(model, asked=outcome)
    if outcome.code in _QUANTITY:
        typed = outcome.values.get("quantity")
        return replace(model, quantity=typed if isinstance(typed, int) else 0)
    if outcome.result is Result.NAVIGATE and outcome.work is None:
        return replace(model, work=None, block=None, map_open=False)
    return replace(model, counted=outcome.code in _TAKEN)


def _with_work(model: PickModel, outcome: Outcome, now: datetime) -> PickModel:
    work = outcome.work
    if isinstance(outcome.delta, WalkStep) and model.work is not None:
        return replace(model, work=walked(model.work, outcome.delta))
    if not isinstance(work, PickWork):
        return model
    fresh = model.work is None or model.work.pick_list_id != work.pick_list_id
    started = now if fresh else model.started_at
    finished = now if work.step == "done" else None
    map_open = model.map_open and not fresh and work.step != "done"
    block = None if fresh and outcome.result is Result.NAVIGATE else model.block
    return replace(model, work=work, started_at=started, finished_at=finished, map_open=map_open, block=block)


def toggle_map(model: PickModel) -> PickModel:
    """The plan of the floor opened or closed, on the narrow screen where it has no place of its own."""
    return replace(model, map_open=not model.map_open)


def current_stop(work: PickWork) -> PickStop | None:
    """The stop in hand."""
    return next((stop for stop in work.stops if stop.task_id == work.current), None)


def stop_number(work: PickWork, stop: PickStop) -> int:
    """Its number in the walk, from 1."""
    return work.stops.index(stop) + 1


def stops_to_come(work: PickWork) -> tuple[PickStop, ...]:
    """The open stops after the one in hand, in the order they are walked: skipped ones come last."""
    return tuple(stop for stop in work.stops if not stop.done and stop.task_id != work.current)


def stops_left(work: PickWork) -> int:
    """How many stops are open, with the one in hand."""
    return sum(not stop.done for stop in work.stops)


def wrong_item(block: Outcome | None) -> WrongItem | None:
    """What is in the hand and may not be taken, where that is what blocks."""
    return block.delta if block is not None and isinstance(block.delta, WrongItem) else None
