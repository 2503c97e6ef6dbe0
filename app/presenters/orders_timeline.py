"""The time line of an order in words: one row for each thing that happened, and all of it as a text to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.money import money_text
from app.domain.states import HoldKind
from app.domain.words import catalogue, say
from app.presenters.orders_parts import cause_words, first_large, hold_words
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.times import NBSP, grams_words
from app.queries.timeline import REFUSED, Happening

TABLE = "timeline"
LONG = 160
_OK, _TODO, _WARN, _WRONG, _ACCENT = Family.OK, Family.TODO, Family.WARN, Family.WRONG, Family.ACCENT
_LOOKS: dict[str, tuple[Family, str]] = {
    "ordered": (_TODO, "tray"),
    "captured": (_OK, "check"),
    "payment": (_TODO, "receipt"),
    "held": (_WARN, "pause-circle"),
    "lifted": (_OK, "play-circle"),
    "allocated": (_OK, "check"),
    "sourced": (_TODO, "question"),
    "released": (_OK, "check"),
    "walk": (_ACCENT, "shopping-cart"),
    "picked": (_OK, "shopping-cart"),
    "unpicked": (_TODO, "arrow-u-up-left"),
    "short": (_WARN, "circle-half"),
    "packed": (_OK, "package"),
    "unpacked": (_TODO, "arrow-u-up-left"),
    "sealed": (_OK, "check"),
    "label_refused": (_WRONG, "prohibit"),
    "label_voided": (_WARN, "prohibit"),
    "label_spoiled": (_WARN, "warning"),
    "printed": (_OK, "printer"),
    "print_failed": (_WARN, "printer"),
    "left": (_WARN, "pause-circle"),
    "to_put_back": (_WARN, "arrow-u-up-left"),
    "handed_over": (_OK, "truck"),
    "shipped": (_OK, "truck"),
    "noted": (_ACCENT, "note"),
    "note_withdrawn": (_TODO, "note"),
    "note_read": (_OK, "note"),
    "bench_told": (_WARN, "arrows-clockwise"),
    REFUSED: (_WRONG, "x-circle"),
}
_AUDIT_LOOKS: dict[str, tuple[Family, str]] = {
    "order.mend_address": (_TODO, "pencil-simple"),
    "order.priority": (_TODO, "flag"),
    "order.changed": (_WARN, "arrows-clockwise"),
    "order.cancelled": (_WRONG, "prohibit"),
    "orders.cancelled": (_WRONG, "prohibit"),
    "order.cancel": (_WRONG, "prohibit"),
    "pack.opened": (_ACCENT, "package"),
    "pack.resumed": (_ACCENT, "package"),
    "pack.order_note": (_WARN, "note"),
    "pack.stopped": (_WRONG, "prohibit"),
    "pack.cancelled": (_WRONG, "prohibit"),
    "pack.taken_over": (_WARN, "hand"),
    "claim.taken_over": (_WARN, "hand"),
}
_RETURNS = ("return_opened", "return_received", "return_decided", "return_closed", "refunded", "credited", "exchanged")
_PLACED = ("released", "handed_over", "walk")
_MOVES = ("picked", "unpicked", "packed", "unpacked", "to_put_back")


def columns(zone: ZoneInfo) -> tuple[parts.Column, ...]:
    """When, what, who and where."""
    return (
        parts.Column(say("timeline.when", zone=zone.key.rpartition("/")[2].replace("_", " ")), 176),
        parts.Column(say("timeline.what")),
        parts.Column(say("timeline.who"), 210),
    )


def row(one: Happening, zone: ZoneInfo) -> parts.TableRow:
    """One thing that happened, as a row of the time line."""
    local = one.at.astimezone(zone)
    family, icon = look(one)
    loud = family if family in (_WRONG, _WARN) else None
    return parts.TableRow(
        key_of(one),
        (
            parts.Cell(local.strftime("%H:%M:%S"), local.strftime(f"%a {local.day} %b %Y"), strong=True),
            parts.Cell(title(one), detail(one), icon=icon, family=loud, strong=True),
            parts.Cell(one.who or say("timeline.by_itself"), one.station, quiet=not one.who),
        ),
    )


def key_of(one: Happening) -> str:
    """What tells a row from all others."""
    return f"{one.place.rank}:{one.place.key}:{one.place.gesture}:{one.place.at}"


def look(one: Happening) -> tuple[Family, str]:
    """Colour and icon."""
    if one.kind == "audit":
        return _AUDIT_LOOKS.get(one.a, (_TODO, "pencil-simple"))
    if one.kind in _RETURNS:
        return _TODO, "arrow-u-up-left"
    return _LOOKS.get(one.kind, (_OK, "check"))


def title(one: Happening) -> str:
    """What happened, in plain words."""
    values: dict[str, object] = {"a": one.a, "b": one.b, "c": one.c, "n": one.n}
    key = f"timeline.{one.kind}"
    if one.kind in ("payment", "refunded", "credited"):
        values["money"] = f"{money_text(one.n, one.b)}{NBSP}{one.b}".rstrip()
        if one.kind == "payment" and one.c == "merged":
            values["money"] = f"{money_text(abs(one.n), one.b)}{NBSP}{one.b}"
            return _said((f"{key}.merged_in" if one.n > 0 else f"{key}.merged_out",), values)
        return _said((f"{key}.{one.a}", key), values)
    if one.kind in ("held", "lifted"):
        return _said((key,), {"kind": hold_words(one.a)})
    if one.kind == "allocated":
        return _said((f"{key}.units.one" if one.n == 1 else f"{key}.units" if one.n else key,), values)
    if one.kind == "sourced":
        return _said(("timeline.rerouted" if one.n else key,), {"warehouse": one.c})
    if one.kind in ("printed", "print_failed"):
        return _said((key,), {"document": _named(f"office_screen.document.{one.a}", one.a)})
    if one.kind == "return_decided":
        return _said((key,), {**values, "what": _named(f"returns_screen.to.{one.b}", one.b).lower()})
    if one.kind == "noted":
        which = ".channel" if one.a == "channel" else ".must" if one.n else ""
        return _said((key + which,), {"kind": _named(f"notes.kind.{one.a}", one.a).lower()})
    if one.kind in ("left", "bench_told"):
        return _said((f"{key}.{one.a}", key), values)
    if one.kind == REFUSED:
        return _said((key,), {"what": _said((one.a,), one.details())})
    if one.kind == "audit":
        return _said((f"{key}.{one.a}", key), one.details())
    return _said((key,), values)


def detail(one: Happening) -> str:
    """What else is to be known of it."""
    values: dict[str, object] = {"a": one.a, "b": one.b, "c": one.c, "n": one.n}
    if one.kind in _MOVES or (one.kind in _PLACED and (one.b or one.a)):
        return _said((f"timeline.{one.kind}.detail",), values)
    if one.kind == "short":
        reason = _named(f"pick_screen.choice.{one.c}", one.c).lower()
        return _said(("timeline.short.detail",), {**values, "reason": reason})
    if one.kind == "sourced":
        return _said((one.a,), {"warehouse": one.c, **one.details()})
    if one.kind == "held":
        return first_large(cause_words(HoldKind(one.a), one.b)) if one.b else ""
    if one.kind == "sealed":
        return grams_words(int(one.a)) if one.a.isdecimal() else ""
    if one.kind == REFUSED:
        return _said(("timeline.refused.scan",), {"c": _short(one.c, 60)}) if one.c else ""
    if one.kind == "left":
        reason = str(one.details().get("reason", ""))
        return _named(f"pack.aside.{reason}", reason)
    if one.kind == "audit":
        unknown = f"timeline.audit.{one.a}" not in catalogue()
        return _short(str(one.details().get("reason") or (one.a if unknown else "")), LONG)
    if one.kind == "lifted":
        return _named(f"timeline.lifted.{one.b}", one.b)
    plain = {"noted": one.b, "note_withdrawn": one.b, "note_read": one.b, "label_refused": one.c}
    plain |= {"print_failed": one.b, "refunded": one.c, "return_opened": one.b, "exchanged": one.b}
    plain |= {"bench_told": one.c, "shipped": one.b, "label_bought": one.c or one.b}
    return _short(" ".join(plain.get(one.kind, "").split()), LONG)


def as_text(number: str, channel: str, rows: Sequence[Happening], zone: ZoneInfo, *, cut: bool = False) -> str:
    """All of it as plain text, one entry a line: time with its distance from UTC, what, detail, who, where."""
    lines = [say("timeline.text.head", number=number, channel=channel, zone=zone.key), ""]
    for one in rows:
        at: datetime = one.at.astimezone(zone)
        told = (title(one), detail(one), one.who or say("timeline.by_itself"), one.station)
        lines.append("\t".join((at.isoformat(sep=" ", timespec="seconds"), *(" ".join(part.split()) for part in told))))
    if cut:
        lines.append(say("timeline.text.cut", count=len(rows)))
    return "\n".join(lines) + "\n"


def _said(keys: Sequence[str], values: dict[str, object]) -> str:
    """The first sentence that there is, filled; without its places where the row does not know them."""
    key = next((one for one in keys if one in catalogue()), keys[-1])
    try:
        return catalogue().get(key, key).format(**values)
    except (KeyError, IndexError, ValueError):
        return catalogue().get(keys[-1], keys[-1]).partition("{")[0].rstrip(" :")


def _named(key: str, otherwise: str) -> str:
    return catalogue().get(key, otherwise)


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
