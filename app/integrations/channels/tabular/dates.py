"""Dates and times as files write them, with or without a zone, in five languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from app.domain.errors import BadUseError

_MONTHS = {
    name: number
    for number, names in enumerate((
        "jan january januar janner janvier janv enero ene styczen stycznia sty",
        "feb february februar fevrier fevr febrero luty lutego lut",
        "mar march marz mrz mars marzo marzec marca",
        "apr april avril avr abril abr kwiecien kwietnia kwi",
        "may mai mayo maj maja",
        "jun june juni juin junio czerwiec czerwca cze",
        "jul july juli juillet juil julio lipiec lipca lip",
        "aug august aout agosto ago sierpien sierpnia sie",
        "sep sept september septembre septiembre wrzesien wrzesnia wrz",
        "oct october okt oktober octobre octubre pazdziernik pazdziernika paz",
        "nov november novembre noviembre listopad listopada lis",
        "dec december dez dezember decembre diciembre dic grudzien grudnia gru",
    ), start=1)
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "JST": 540, "AEST": 600, "AEDT": 660,
}  # fmt: skip
_TIME = re.compile(r"[T\s,]*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(.*)$")
_OFFSET = re.compile(r"([-+])(\d{2}):?(\d{2})?$")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[-\s.]+(?:de\s+)?([^\W\d]+)\.?,?[-\s.]+(?:de\s+)?(\d{4}|\d{2})(?!\d)"
)
_NAME_DAY = re.compile(r"([^\W\d]+)\.?[-\s]+(\d{1,2})(?:st|nd|rd|th)?,?[-\s]+(\d{4}|\d{2})(?!\d)")
_SPELLED = (("yy", "%y"), ("hh", "%H"), ("ss", "%S"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC, and as written where it had no zone of its own."""

    utc: datetime
    local: datetime | None


class DateReader:
    """Reads one column of dates; `format` is tried alone when given. `day_first` settles 03/04/2026."""

    def __init__(self, zone: str = "", format_: str = "", day_first: bool = True) -> None:
        try:
            self._zone: tzinfo = ZoneInfo(zone) if zone else UTC
        except (KeyError, ValueError, OSError) as error:
            raise BadUseError("capture.zone_unknown", zone=zone) from error
        self._format = strptime_format(format_)
        self._day_first = day_first
        self._known: dict[str, Moment] = {}

    def __call__(self, text: str) -> Moment:
        """The moment of a text. Raises ValueError when it is no date."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[text] = self._read(text.strip())
        return known

    def _read(self, text: str) -> Moment:
        read = datetime.strptime(text, self._format) if self._format else read_date(text, self._day_first)
        try:
            if read.tzinfo is not None:
                return Moment(read.astimezone(UTC), None)
            return Moment(read.replace(tzinfo=self._zone).astimezone(UTC), read)
        except OverflowError as error:  # the first and the last day of the calendar have no such hour in UTC
            raise ValueError(f"no date: {text!r}") from error


def read_date(text: str, day_first: bool = True) -> datetime:
    """A date or time in any of the ways that we know; aware if it names its zone. Raises ValueError."""
    text = text.strip().lstrip("'")
    for pattern, order in (
        (_YEAR_FIRST, "y-md"),
        (_NUMERIC, "numeric"),
        (_DAY_NAME, "name"),
        (_NAME_DAY, "month"),
        (_COMPACT, "ymd"),
    ):
        found = pattern.match(text)
        if found:
            return _at_time(_day(order, found.groups(), day_first), text[found.end() :])
    raise ValueError(f"no date: {text!r}")


def _day(order: str, parts: tuple[str, ...], day_first: bool) -> datetime:
    if order == "y-md":
        return datetime(int(parts[0]), int(parts[2]), int(parts[3]))
    if order == "ymd":
        return datetime(int(parts[0]), int(parts[1]), int(parts[2]))
    if order == "numeric":
        first, sign, second, year = parts
        day, month = (first, second) if day_first or sign == "." else (second, first)
        return datetime(_year(year), int(month), int(day))
    day, name, year = (parts[0], parts[1], parts[2]) if order == "name" else (parts[1], parts[0], parts[2])
    return datetime(_year(year), _month(name), int(day))


def _at_time(day: datetime, rest: str) -> datetime:
    if not rest.strip():
        return day
    found = _TIME.match(rest)
    if not found:
        raise ValueError(f"no time: {rest!r}")
    hour, minute, second, half, zone = found.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    told = day.replace(hour=hours, minute=int(minute), second=int(second or 0))
    return told.replace(tzinfo=_offset(zone.strip())) if zone.strip() else told


def _offset(text: str) -> timezone:
    found = _OFFSET.match(text)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
    if text.upper() in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text.upper()]))
    raise ValueError(f"no zone: {text!r}")


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _month(name: str) -> int:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    number = _MONTHS.get(bare.replace("ł", "l"))
    if number is None:
        raise ValueError(f"no month: {name!r}")
    return number


def find_day_first(texts: Iterable[str], fallback: bool = True) -> bool:
    """Whether 03/04 is a day and a month in a column of dates: told by the days beyond the 12th, else the fallback."""
    day_first = month_first = 0
    for text in texts:
        found = _NUMERIC.match(text.strip().lstrip("'"))
        if found and found[2] != ".":
            day_first += int(found[1]) > 12
            month_first += int(found[3]) > 12
    if bool(day_first) == bool(month_first):
        return fallback
    return day_first > 0


def strptime_format(spelled: str) -> str:
    """A format in strptime's letters, from those or from a spelled one such as `DD.MM.YYYY hh:mm`."""
    if "%" in spelled or not spelled:
        return spelled
    text = re.sub("yyyy|jjjj|aaaa", "%Y", spelled, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[hH]:)mm|(?<=HH:)MM|(?<=hh:)MM", "%M", text)
    text = re.sub(r"(?<!%)[mM]{2}", "%m", text)
    text = re.sub(r"(?<![%\w])[dDtTjJ]{2}|(?<=%[mY])[dDtTjJ]{2}", "%d", text, count=1)
    for letters, directive in _SPELLED:
        text = re.sub(f"(?<!%){letters}", directive, text, flags=re.IGNORECASE)
    return text
