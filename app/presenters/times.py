"""Moments in the words of the warehouse: its zone, and how much time is left."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.words import say
from app.presenters.state.basics import Family

NBSP = "\u00a0"


def clock_words(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """`14:18`, or `14:18:07`, in the warehouse's zone."""
    local = moment.astimezone(zone)
    clock = f"{local.hour:02}:{local.minute:02}"
    return f"{clock}:{local.second:02}" if seconds else clock


def day_or_clock(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The time today, the weekday within a week, else the date."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    days = (local.date() - today.date()).days
    if days == 0:
        return local.strftime("%H:%M")
    if 0 < days < 7:
        return local.strftime("%a")
    return local.strftime("%d %b")


def left_words(moment: datetime, now: datetime) -> str:
    """`2 h 12 min left`, `1 day left`, `40 min late`."""
    minutes = int((moment - now).total_seconds() // 60)
    key = "time.left" if minutes >= 0 else "time.late"
    return say(key, span=span_words(abs(minutes)))


def span_words(minutes: int) -> str:
    """`12 min`, `2 h 12 min`, `3 days`."""
    if minutes >= 2 * 24 * 60:
        return say("time.days", days=minutes // (24 * 60))
    if minutes >= 24 * 60:
        return say("time.day")
    hours, rest = divmod(minutes, 60)
    return say("time.hours", hours=hours, minutes=rest) if hours else say("time.minutes", minutes=rest)


def urgency(moment: datetime, now: datetime) -> Family | None:
    """Yellow under an hour, red under a quarter, nothing before."""
    minutes = (moment - now).total_seconds() / 60
    if minutes < 15:
        return Family.WRONG
    return Family.WARN if minutes < 60 else None


def grams_words(grams: int) -> str:
    """`1 794 g` with a blank that does not break."""
    return f"{grams:,} g".replace(",", NBSP)


def number(value: int) -> str:
    """A quantity with a blank between thousands."""
    return f"{value:,}".replace(",", NBSP)
