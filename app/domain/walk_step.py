"""A walk one step further: what a pick scan changed of it, so that the whole list need not be read for each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.work import PickStop, PickWork


@dataclass(frozen=True, slots=True)
class WalkStep:
    """A pick scan that was stored: the count of the stop in hand, and what is wanted there next (`PickWork.step`).

    `taken` units left the shelf with it; `in_hand` were scanned and are not yet in the tote.
    """

    task_id: int
    step: str
    picked: int
    done: bool
    taken: int = 0
    in_hand: int = 0


def walked(work: PickWork, step: WalkStep) -> PickWork:
    """The walk after the step. What was taken lies on its shelf no more, for whichever stop asks there."""
    here = next((stop for stop in work.stops if stop.task_id == step.task_id), None)
    if here is None:
        return work
    stops = tuple([_after(stop, here, step) for stop in work.stops])
    return replace(
        work, stops=stops, step=step.step, current=step.task_id, in_hand=step.in_hand,
        found=None, elsewhere="", elsewhere_free=0, reason="",
    )  # fmt: skip


def _after(stop: PickStop, here: PickStop, step: WalkStep) -> PickStop:
    if stop is here:
        return replace(stop, picked=step.picked, done=step.done, on_shelf=stop.on_shelf - step.taken)
    same_shelf = stop.location_id == here.location_id and stop.item.product_id == here.item.product_id
    return replace(stop, on_shelf=stop.on_shelf - step.taken) if same_shelf and step.taken else stop
