"""What is wrong with the labels of this bench, in words, and what to do about each."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.states import LabelState, PackageState
from app.domain.words import say, say_count
from app.domain.work import PackWork, Parcel
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.queries.label_troubles import LabelTrouble

_UNSETTLED = (LabelState.UNKNOWN, LabelState.VOIDING, LabelState.VOID_REFUSED)


def trouble_of(parcel: Parcel) -> str:
    """What is wrong with a parcel's label; empty when nothing is."""
    if parcel.label_id is None:
        return "refused" if parcel.state is PackageState.SEALED and parcel.refusal else ""
    if parcel.held:
        return "held"
    return parcel.label_state.value if parcel.label_state in _UNSETTLED and parcel.label_state is not None else ""


def banner(work: PackWork, progress: parts.Progress | None) -> parts.Banner | None:
    """The first trouble of the order at the bench; None when all its labels are well."""
    for parcel in work.parcels:
        trouble = trouble_of(parcel)
        if trouble:
            key = f"pack.label_trouble.{trouble}"
            values = {"parcel": parcel.number, "number": work.head.number, "reason": parcel.refusal}
            if trouble == "held":
                values["reason"] = held_words(parcel.held)
            family = Family.WRONG if trouble in ("refused", "void_refused") else Family.WARN
            return parts.Banner(say(key, **values), say(f"{key}.do", **values), family, "warning", progress=progress)
    return None


def held_words(state: str) -> str:
    """Why a printer can't print."""
    return say(f"printing.state.{state}")


def held_parcel(work: PackWork) -> Parcel | None:
    """The parcel sealed last, while its label waits for the printer and is not bought yet."""
    parcel = work.parcels[-1] if work.parcels else None
    return parcel if parcel is not None and parcel.held else None


def advice(troubles: Sequence[LabelTrouble]) -> str:
    """The first of this station's troubles and how many more there are; empty when there is none."""
    if not troubles:
        return ""
    one = troubles[0]
    reason = held_words(one.reason) if one.kind == "held" else one.reason
    words = say(f"pack.trouble.{one.kind}", number=one.order_number, tracking=one.tracking_number, reason=reason)
    more = len(troubles) - 1
    return words if not more else f"{words} {say_count('pack.trouble.more', more)}"
