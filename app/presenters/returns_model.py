"""What the returns screen knows, and how an answer changes it. Pure: the state that is drawn follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.outcomes import Outcome, Result
from app.domain.work import ReturnedUnit, ReturnWork, WrongItem
from app.queries.returns_open import OpenReturn

# Answers after which nothing is open here any more.
_CLOSED = frozenset({"returns.left", "returns.taken_over", "returns.gone"})
_FINISHED = frozenset({"returns.refund_proposed", "returns.refunded", "returns.closed_without_refund"})
_TOLD = frozenset({"returns.label_printing", "returns.label_again"})
_SCANNED = frozenset({"returns.received", "returns.foreign"})


@dataclass(frozen=True, slots=True)
class ReturnsModel:
    """Everything the screen follows from. `finished` is the answer that ended the return whose work is still shown."""

    work: ReturnWork | None = None
    block: Outcome | None = None
    refused_since: int = 0
    asked: Outcome | None = None
    said: Outcome | None = None
    finished: Outcome | None = None
    scanned_at: datetime | None = None
    storing: bool = False
    waiting: tuple[OpenReturn, ...] = ()
    chosen: str = ""


def after(model: ReturnsModel, outcome: Outcome, now: datetime) -> ReturnsModel:
    """The model after an answer. Nothing of it is guessed: amounts and counts change only when they are stored."""
    model = replace(model, storing=False, asked=None, said=None)
    if outcome.code == "station.blocked":
        count = outcome.values.get("count")
        since = count if isinstance(count, int) else model.refused_since + 1
        return replace(model, block=model.block or outcome, refused_since=since)
    if outcome.code in _CLOSED:
        return replace(model, work=None, block=None, finished=None, said=outcome)
    model = _with_work(model, outcome)
    if outcome.code == "station.acknowledged":
        return replace(model, block=None, refused_since=0)
    if outcome.result is Result.BLOCKED:
        return replace(model, block=outcome, refused_since=0)
    if outcome.result is Result.REFUSED:
        return replace(model, said=outcome)
    if outcome.result is Result.ASK:
        return replace(model, asked=outcome)
    if outcome.result is Result.NAVIGATE and outcome.work is None:
        return replace(model, work=None, block=None, finished=None)
    if outcome.code in _TOLD:
        return replace(model, said=outcome)
    return replace(model, scanned_at=now if outcome.code in _SCANNED else model.scanned_at)


def _with_work(model: ReturnsModel, outcome: Outcome) -> ReturnsModel:
    work = outcome.work
    if not isinstance(work, ReturnWork):
        return model
    fresh = model.work is None or model.work.return_id != work.return_id
    block = None if fresh and outcome.result is Result.NAVIGATE else model.block
    scanned_at = None if fresh else model.scanned_at
    finished = outcome if outcome.code in _FINISHED else None
    return replace(model, work=work, finished=finished, scanned_at=scanned_at, block=block)


def unit_in_hand(work: ReturnWork) -> ReturnedUnit | None:
    """The unit that is decided now."""
    return next((unit for unit in work.units if unit.unit_id == work.current), None)


def undecided(work: ReturnWork) -> int:
    """How many units wait for a decision."""
    return sum(unit.disposition is None for unit in work.units)


def wrong_item(block: Outcome | None) -> WrongItem | None:
    """What is in the hand and was not sold, where that is what blocks."""
    return block.delta if block is not None and isinstance(block.delta, WrongItem) else None
