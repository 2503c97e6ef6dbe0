"""How far a source is from a destination, offline: by points of postcodes, else by how alike postcodes are.

Where somebody imported points of postcodes (see docs/sourcing.md) distances are great circles in kilometres. A site or
a destination without a point of its own stands in the middle of its country. Where even the destination's postcode is
not known to us, sources in its own country are told apart by how many leading parts their postcode shares with it, and
come before all sources abroad.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from app.domain.addresses import country_code
from app.domain.sourcing_countries import COUNTRIES

EARTH_KM = 6371.0088
MILLION = 1_000_000
ABROAD = 100_000
"""Added to the steps of a source abroad where those at home are told apart by their postcodes alone."""
UNKNOWN = 1_000_000
LONGEST_PREFIX = 16
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BRITISH = re.compile(r"([A-Z]{1,2})([0-9]{1,2})([A-Z]?)([0-9])([A-Z]{2})")
"""A whole postcode: area, district, its letter, sector, unit."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth, in millionths of a degree."""

    latitude_e6: int
    longitude_e6: int


@dataclass(frozen=True, slots=True)
class Distance:
    """How far. `km` is None where only postcodes were compared (`alike` parts are the same) or nothing is known.

    `behind` stands for sources abroad where those at home are told apart by their postcodes.
    """

    km: int | None = None
    alike: int | None = None
    behind: bool = False

    def weight(self, step_km: int) -> int:
        """What compares the sources of one order: steps of so many kilometres, or parts of the postcode that differ."""
        if self.km is not None:
            return self.km // step_km + (ABROAD if self.behind else 0)
        return UNKNOWN if self.alike is None else LONGEST_PREFIX - min(self.alike, LONGEST_PREFIX)


def kilometres(one: Point, other: Point) -> int:
    """The great circle between two points, in whole kilometres."""
    a, b = math.radians(one.latitude_e6 / MILLION), math.radians(other.latitude_e6 / MILLION)
    half_height = math.sin((b - a) / 2)
    half_width = math.sin(math.radians((other.longitude_e6 - one.longitude_e6) / MILLION) / 2)
    chord = half_height * half_height + math.cos(a) * math.cos(b) * half_width * half_width
    return round(2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord))))


def squeezed(postcode: str) -> str:
    """A postcode as prefixes are compared: capitals and digits alone."""
    return "".join(sign for sign in postcode.upper() if sign.isalnum())


def told(country: str, postcode: str) -> str:
    """A postcode, or the beginning of one, as points are kept by it; British ones keep the gap in them."""
    text = squeezed(postcode)[:LONGEST_PREFIX]
    if country != "GB":
        return text
    whole = _BRITISH.fullmatch(text)
    if whole is not None:
        return f"{whole[1]}{whole[2]}{whole[3]} {whole[4]}{whole[5]}"
    outward, _, inward = postcode.strip().upper().partition(" ")
    return f"{squeezed(outward)} {squeezed(inward)}"[:LONGEST_PREFIX].strip() if inward.strip() else text


@lru_cache(65536)
def prefixes(country: str, postcode: str) -> tuple[str, ...]:
    """The beginnings by which a postcode may be known, the longest first.

    Every beginning counts, but in the United Kingdom only whole parts do: E1 6AN is in E1, not in E16.
    """
    text = told(country, postcode)
    if country != "GB":
        return tuple(text[:length] for length in range(len(text), 0, -1))
    outward, _, inward = text.partition(" ")
    letters = next((place for place, sign in enumerate(outward) if not sign.isalpha()), len(outward))
    found = {outward[:letters], outward, outward.rstrip(_LETTERS) or outward}
    if inward:
        found |= {f"{outward} {inward[0]}", text}
    return tuple(sorted(found - {""}, key=len, reverse=True))


def alike(country: str, one: str, other: str) -> int:
    """How many beginnings two postcodes of a country share: LS1 and LS9 one, 20095 and 20457 two."""
    return len(set(prefixes(country, one)) & set(prefixes(country, other)))


@cache
def country_points() -> Mapping[str, Point]:
    """The middle of each country, by its two letters."""
    told = (word.split(":") for word in COUNTRIES.split())
    return {code: Point(round(float(lat) * MILLION), round(float(lon) * MILLION)) for code, lat, lon in told}


class Places:
    """Where postcodes lie: the longest known prefix of a postcode tells its point."""

    def __init__(self, points: Mapping[str, Mapping[str, Point]] | None = None) -> None:
        self._points = points or {}

    def of_postcode(self, country: str, postcode: str) -> Point | None:
        """Where a postcode lies; None when no prefix of it is known."""
        known = self._points.get(country)
        if known is None:
            return None
        return next((known[prefix] for prefix in prefixes(country, postcode) if prefix in known), None)

    def distance(self, country: str, postcode: str, site: Site) -> Distance:
        """How far a site is from a destination (`country` has two capitals)."""
        there = self.of_postcode(country, postcode)
        if there is None and site.country == country and country:
            return Distance(alike=alike(country, postcode, site.postcode))
        by_country = there is None
        there = there or country_points().get(country)
        here = site.point or self.of_postcode(site.country, site.postcode) or country_points().get(site.country)
        if there is None or here is None:
            return Distance()
        return Distance(kilometres(here, there), behind=by_country)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a source stands. `country` has two capitals; `point` is what somebody told of it."""

    country: str = ""
    postcode: str = ""
    point: Point | None = None


def site_of(country: str, postcode: str, latitude_e6: int | None, longitude_e6: int | None) -> Site:
    """A site from what is kept of it."""
    told = latitude_e6 is not None and longitude_e6 is not None
    return Site(country_code(country), postcode, Point(latitude_e6 or 0, longitude_e6 or 0) if told else None)
