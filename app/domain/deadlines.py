"""When an order must leave."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_CUT_OFF = time(16, 30)


def read_cut_off(text: str) -> time:
    """The time of day that a setting such as `16:30` names; the default when it names none."""
    hours, colon, minutes = text.strip().partition(":")
    if text.isascii() and colon and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60:
        return time(int(hours), int(minutes))
    return DEFAULT_CUT_OFF


def next_cut_off(now: datetime, zone: str, cut_off: time) -> datetime:
    """The next moment (UTC) at which the clocks of the zone show the cut-off: today's, or tomorrow's if it passed."""
    local = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), cut_off, local.tzinfo)
    if today > local:
        return today.astimezone(UTC)
    return datetime.combine(local.date() + timedelta(days=1), cut_off, local.tzinfo).astimezone(UTC)
