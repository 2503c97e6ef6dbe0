"""Who works on the lead's floor, and at what, in words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from app.domain.outcomes import Place
from app.domain.words import say
from app.presenters.state import floor, parts
from app.presenters.state.parts import Family
from app.presenters.times import span_words
from app.queries.floor import FloorDay, FloorMoment
from app.queries.floor_people import PersonAtWork

IDLE = timedelta(minutes=5)
"""So long nothing was scanned at a station, and its person counts as idle."""
_COUNTED = {"fulfillment": "units", "pick_list": "stop"}


def here(found: Collection[PersonAtWork], at: FloorMoment) -> tuple[PersonAtWork, ...]:
    """Those who did something today; a station that nobody signed out of yesterday counts nobody."""
    return tuple(one for one in found if one.last_at is not None and one.last_at >= at.day_begins)


def people(
    found: Collection[PersonAtWork], day: FloorDay, at: FloorMoment, asking: Collection[str]
) -> tuple[floor.Person, ...]:
    """A row each; `asking` are the names of those whose work waits for the lead."""
    return tuple(_person(one, day, at, one.operator in asking) for one in here(found, at))


def head(found: Collection[PersonAtWork], at: FloorMoment) -> parts.CardHead:
    """How many are signed in and idle."""
    present = here(found, at)
    idle = sum(1 for one in present if _idle(one, at.now))
    words = say("floor_screen.people.signed_in", count=len({one.operator_id for one in present}))
    if idle:
        words += ", " + say("floor_screen.people.idle", count=idle)
    return parts.CardHead(say("floor_screen.people.title"), "users", words)


def columns() -> tuple[str, ...]:
    """The heads of the list."""
    return tuple(say(f"floor_screen.column.{key}") for key in ("who", "doing", "rate", "by_hour", "state"))


def doing(work_kind: str, name: str, done: int, asked: int) -> str:
    """`#1042, 7 of 11`."""
    if not name:
        return say(f"floor_screen.work.{work_kind}") if work_kind else ""
    counted = _COUNTED.get(work_kind)
    if counted is None or not asked:
        return name
    return say(f"floor_screen.doing.{counted}", name=name, done=done, all=asked)


def _idle(one: PersonAtWork, now: datetime) -> bool:
    return one.last_at is None or now - one.last_at >= IDLE


def _person(one: PersonAtWork, day: FloorDay, at: FloorMoment, asks: bool) -> floor.Person:
    idle = _idle(one, at.now)
    words = doing(one.work.kind, one.work.name, one.work.done, one.work.asked)
    held = ""
    if one.work.kind:
        since = one.since or one.work.began
        held = say(f"floor_screen.work.{one.work.kind}")
        if since is not None:
            held = say("floor_screen.doing.for", work=held, span=span_words(_minutes(at.now - since)))
    if not words:
        words = say("floor_screen.doing.idle", span=_since(one, at.now)) if idle else _between(one)
    elif idle:
        held = say("floor_screen.doing.idle", span=_since(one, at.now))
    line = _line(one, day, at)
    rate, unit = _rate(one, day, at)
    return floor.Person(
        f"{one.station_id}", one.operator, one.station, words, _chip(one, idle, asks), held, rate, unit, line
    )


def _between(one: PersonAtWork) -> str:
    """Between two orders at a bench or cart; elsewhere the screen that is looked at."""
    floor_places = (Place.PACK, Place.PICK, Place.RETURNS)
    return say("floor_screen.doing.between") if one.place in floor_places else say(f"place.{one.place.value}")


def _chip(one: PersonAtWork, idle: bool, asks: bool) -> parts.Chip:
    if asks:
        return parts.Chip(say("floor_screen.state.asks"), Family.WARN, "hand")
    if one.blocked:
        return parts.Chip(say("floor_screen.state.stopped"), Family.WARN, "hand-palm")
    if idle:
        return parts.Chip(say("floor_screen.state.idle"), Family.WARN, "clock")
    return parts.Chip(say("floor_screen.state.working"), Family.OK, "check")


def _rate(one: PersonAtWork, day: FloorDay, at: FloorMoment) -> tuple[str, str]:
    """Units an hour of the walk in hand for who walks; parcels of the last hour for who packs."""
    if one.work.kind == "pick_list" and one.work.began is not None and one.work.units:
        taken = max((at.now - one.work.began).total_seconds(), 60)
        return str(round(one.work.units * 3600 / taken)), say("floor_screen.rate.units")
    parcels = sum(some.parcels for some in day.last_hour if some.operator_id == one.operator_id)
    return (str(parcels), say("floor_screen.rate.parcels")) if parcels else ("", "")


def _line(one: PersonAtWork, day: FloorDay, at: FloorMoment) -> tuple[int, ...]:
    """Parcels by the hour, from the first of today to this one; nothing for who closes none."""
    begins = (at.day_begins - day.origin) // timedelta(hours=1)
    this = (at.now - day.origin) // timedelta(hours=1)
    mine: dict[int, int] = {}
    first = this
    for some in day.hours:
        if some.hour >= begins:
            first = min(first, some.hour)
            if some.operator_id == one.operator_id:
                mine[some.hour] = mine.get(some.hour, 0) + some.parcels
    return tuple(mine.get(hour, 0) for hour in range(first, this + 1)) if mine else ()


def _since(one: PersonAtWork, now: datetime) -> str:
    return span_words(_minutes(now - one.last_at)) if one.last_at is not None else ""


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
