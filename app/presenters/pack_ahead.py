"""Pack while the database is away: what the bench counted itself, and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.outcomes import Outcome, Result
from app.domain.words import say, say_count
from app.domain.work import LineCounted
from app.presenters.state import parts
from app.presenters.state.parts import Family

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.presenters.pack_model import PackModel

_ICONS = {
    "pack.counted_ahead": "cloud-arrow-up",
    "pack.go_on_ahead": "cloud-arrow-up",
    "pack.parked": "cloud-arrow-up",
    "pack.complete_ahead": "check-circle",
    "pack.label_printed_ahead": "check-circle",
}


def is_ahead(outcome: Outcome) -> bool:
    """Whether the bench said it itself; what blocks is drawn as any other block."""
    return not outcome.blocks and (outcome.code.endswith("_ahead") or outcome.code == "pack.parked")


def taken(
    model: PackModel, outcome: Outcome, now: datetime, count: Callable[[PackModel, LineCounted, datetime], PackModel]
) -> PackModel:
    """The model after what the bench said itself: counts move, and the banner says that they wait here."""
    if isinstance(outcome.delta, LineCounted):
        model = count(model, outcome.delta, now)
    model = replace(model, said=outcome, storing=False, mode="")
    return replace(model, block=None, refused_since=0) if outcome.code == "pack.go_on_ahead" else model


def banner(outcome: Outcome, progress: parts.Progress | None) -> parts.Banner:
    """What to do now, and that nothing is lost."""
    kept = outcome.values.get("kept")
    waits = say_count("pack.ahead.kept", kept) if isinstance(kept, int) and kept else ""
    detail = " ".join(part for part in (say(f"{outcome.code}.do", **outcome.values), waits) if part)
    wrong = outcome.result is Result.REFUSED
    done = outcome.code in ("pack.complete_ahead", "pack.label_printed_ahead")
    family = Family.WRONG if outcome.code == "pack.label_void_ahead" else Family.OK if done else Family.WARN
    icon = _ICONS.get(outcome.code, "prohibit" if wrong else "cloud-arrow-up")
    return parts.Banner(say(outcome.code, **outcome.values), detail, family, icon, progress=progress)
