"""Figures, the hours and the trucks of the lead's floor, in words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from app.domain.words import say
from app.presenters.orders_parts import count_words
from app.presenters.state import floor, parts
from app.presenters.state.parts import Family, Stage
from app.presenters.times import clock_words, day_or_clock, span_words, urgency
from app.queries.floor import BACK, HOURS, FloorDay, FloorMoment, Truck

_HOUR = timedelta(hours=1)
_LEAST = 8
"""So many columns the chart has at least."""
_BEGINS = timedelta(hours=8)
"""When work begins, for the trucks, as long as no parcel of the day tells it."""


def figures(day: FloorDay, now: datetime) -> tuple[floor.Figure, ...]:
    """To do, in work, packed, shipped."""
    stages = day.stages
    missing = sum(truck.missing + truck.packed for truck in day.trucks)
    share = 100 * stages.shipped // (stages.shipped + missing) if stages.shipped + missing else 0
    packed = []
    if stages.cages:
        packed.append(_counted("cages", stages.cages))
    if stages.oldest is not None:
        packed.append(say("floor_screen.figure.oldest", span=span_words(_minutes(now - stages.oldest))))
    return (
        _figure("to_do", stages.to_pick + stages.ready, Family.TODO,
                say("floor_screen.figure.to_pick", count=count_words(stages.to_pick)),
                say("floor_screen.figure.ready", count=count_words(stages.ready))),
        _figure("in_work", stages.picking + stages.packing, Family.ACCENT,
                say("floor_screen.figure.picking", count=count_words(stages.picking)),
                say("floor_screen.figure.packing", count=count_words(stages.packing))),
        _figure("packed", stages.packed, Family.COMPLETE, *packed),
        _figure("shipped", stages.shipped, Family.OK, say("floor_screen.figure.share", share=share),
                say("floor_screen.figure.last_hour", count=count_words(stages.shipped_last_hour))),
    )  # fmt: skip


def _figure(key: str, count: int, family: Family, *lines: str) -> floor.Figure:
    return floor.Figure(say(f"floor_screen.figure.{key}"), count_words(count), lines, family)


def _counted(key: str, count: int) -> str:
    single = f"floor_screen.{key}.one"
    return say(single) if count == 1 else say(f"floor_screen.{key}", count=count)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


# -- hours


def hours_head(day: FloorDay, at: FloorMoment, zone: ZoneInfo) -> parts.CardHead:
    """What an hour must bring, what the last one brought, and the best of the day."""
    said = []
    rate = needed(day, at.now)
    if rate:
        said.append(say("floor_screen.hours.need", count=rate))
    said.append(say("floor_screen.hours.last", count=sum(one.parcels for one in day.last_hour)))
    by_hour = parcels_by_hour(day, at)
    best = max(by_hour, key=lambda hour: (by_hour[hour], -hour), default=None)
    if best is not None and by_hour[best]:
        said.append(say("floor_screen.hours.best", count=by_hour[best], hour=_label(day, best, zone)))
    return parts.CardHead(say("floor_screen.hours.title"), "chart-bar", ", ".join(said))


def parcels_by_hour(day: FloorDay, at: FloorMoment) -> Counter[int]:
    """Parcels by the hour of the day's origin, of today only."""
    begins = (at.day_begins - day.origin) // _HOUR
    counted: Counter[int] = Counter()
    for one in day.hours:
        if one.hour >= begins:
            counted[one.hour] += one.parcels
    return counted


def needed(day: FloorDay, now: datetime) -> int:
    """Parcels an hour that must be packed from now on, so that every truck of today that is still to come is full."""
    coming = [truck for truck in day.trucks if truck.leaves_at > now]
    missing = sum(truck.missing for truck in coming)
    if not missing:
        return 0
    left = max((coming[-1].leaves_at - now) / _HOUR, 0.25)
    return ceil(missing / left)


def hours(day: FloorDay, at: FloorMoment, zone: ZoneInfo) -> tuple[floor.Hour, ...]:
    """The columns: what was, this hour, and what each hour until the last truck must still bring."""
    counted: Counter[int] = Counter()
    for one in day.hours:
        counted[one.hour] += one.parcels
    this = (at.now - day.origin) // _HOUR
    last_truck = day.trucks[-1].leaves_at if day.trucks else at.now
    last = max(this, ceil((last_truck - day.origin) / _HOUR) - 1)
    first = min((hour for hour in counted if hour >= this - BACK), default=this)
    last = min(last, first + HOURS - 1)
    first = max(0, min(first, last - _LEAST + 1))
    rate = needed(day, at.now)
    return tuple(
        _column(hour, this, counted[hour], _still(day, at.now, last_truck, hour, rate), _label(day, hour, zone))
        for hour in range(first, last + 1)
    )


def _column(hour: int, this: int, parcels: int, still: int, label: str) -> floor.Hour:
    if hour == this:
        return floor.Hour(say("floor_screen.hours.now"), parcels, Stage.NOW)
    return floor.Hour(label, parcels) if hour < this else floor.Hour(label, still, Stage.LATER)


def _still(day: FloorDay, now: datetime, until: datetime, hour: int, rate: int) -> int:
    """What an hour that is still to come must bring; less in the one in which the last truck leaves."""
    begins = day.origin + hour * _HOUR
    part = (min(until, begins + _HOUR) - max(now, begins)) / _HOUR
    return ceil(rate * part) if part > 0 else 0


def _label(day: FloorDay, hour: int, zone: ZoneInfo) -> str:
    return str((day.origin + hour * _HOUR).astimezone(zone).hour)


# -- trucks


def trucks(day: FloorDay, at: FloorMoment, zone: ZoneInfo) -> tuple[floor.Truck, ...]:
    """Each truck that is still to leave, or that should have left; the next one first."""
    found = [_truck(one, day, at, zone) for one in day.trucks if one.leaves_at > at.now or one.missing or one.packed]
    if day.left_behind:
        since = "" if day.left_behind_since is None else day_or_clock(day.left_behind_since, at.now, zone)
        late = say("floor_screen.truck.late", count=count_words(day.left_behind))
        found.insert(0, floor.Truck(
            say("floor_screen.truck.earlier"), "", late, say("floor_screen.truck.since", day=since), due=1.0,
            family=Family.WRONG, icon="warning-octagon",
        ))  # fmt: skip
    return tuple(found)


def due(truck: Truck, day: FloorDay, at: FloorMoment) -> float:
    """The share of a truck that should be packed by now: work goes on evenly from the first parcel until it leaves."""
    counted = parcels_by_hour(day, at)
    first = min((hour for hour in counted if counted[hour]), default=None)
    begins = at.day_begins + _BEGINS if first is None else day.origin + first * _HOUR
    whole = (truck.leaves_at - begins).total_seconds()
    if whole <= 0 or truck.leaves_at <= at.now:
        return 1.0
    return min(1.0, max(0.0, (at.now - begins).total_seconds() / whole))


def behind(truck: Truck, day: FloorDay, at: FloorMoment) -> int:
    """How many should be packed by now and are not."""
    return max(0, int(due(truck, day, at) * truck.all) - truck.done)


def _truck(truck: Truck, day: FloorDay, at: FloorMoment, zone: ZoneInfo) -> floor.Truck:
    left = truck.leaves_at - at.now
    late, risk = left <= timedelta(0) and truck.missing, behind(truck, day, at)
    family, icon = urgency(truck.leaves_at, at.now) if truck.missing else None, "clock"
    right = span_words(_minutes(left))
    if late:
        right, family, icon = say("floor_screen.truck.late", count=truck.missing), Family.WRONG, "warning-octagon"
    elif not truck.missing:
        right, family, icon = say("floor_screen.truck.ready"), Family.OK, "check"
    elif risk:
        right, family, icon = say("floor_screen.truck.risk", count=risk), Family.WRONG, "warning-octagon"
    key = "out" if truck.done == truck.out else "packed"
    words = say(f"floor_screen.truck.{key}", done=truck.done, all=truck.all, out=truck.out)
    return floor.Truck(
        truck.service or say("floor_screen.truck.unnamed"), clock_words(truck.leaves_at, zone), right, words,
        truck.out / truck.all, truck.done / truck.all, due(truck, day, at), family, icon if family else "",
    )  # fmt: skip
