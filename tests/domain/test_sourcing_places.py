"""Distances offline, and what is kept back."""

from __future__ import annotations

import pytest

from app.domain.sourcing_places import (
    ABROAD,
    UNKNOWN,
    Distance,
    Places,
    Point,
    Site,
    alike,
    country_points,
    kilometres,
    prefixes,
    site_of,
)
from app.domain.sourcing_stock import KeptBack, kept_back

LEEDS, LONDON = Point(53_799_700, -1_549_200), Point(51_507_400, -127_800)
PLACES = Places({"GB": {"LS": LEEDS, "LS29": Point(53_925_000, -1_822_000), "E": LONDON}})


def test_great_circles_in_kilometres() -> None:
    assert kilometres(LEEDS, LEEDS) == 0
    assert kilometres(LEEDS, LONDON) == kilometres(LONDON, LEEDS) == 272
    assert kilometres(Point(0, 179_500_000), Point(0, -179_500_000)) == 111
    assert kilometres(Point(90_000_000, 0), Point(-90_000_000, 0)) == 20015


def test_every_country_lies_on_the_earth() -> None:
    points = country_points()
    assert len(points) == 200
    assert points["GB"] == Point(53_940_000, -2_520_000)
    assert all(abs(p.latitude_e6) <= 90_000_000 and abs(p.longitude_e6) <= 180_000_000 for p in points.values())
    assert all(len(code) == 2 and code.isupper() for code in points)


def test_the_longest_known_prefix_tells_the_place() -> None:
    assert PLACES.of_postcode("GB", "ls29 8hb") == Point(53_925_000, -1_822_000)
    assert PLACES.of_postcode("GB", "LS1 1AA") == LEEDS
    assert PLACES.of_postcode("GB", "M1 1AA") is None
    assert PLACES.of_postcode("FR", "75001") is None


@pytest.mark.parametrize(
    ("country", "one", "other", "parts"),
    [
        ("GB", "LS1 1AA", "LS9 7AB", 1), ("GB", "LS1 1AA", "L1 1AA", 0), ("GB", "E1 6AN", "E16 2AA", 1),
        ("GB", "W1A 1AA", "w1a1ab", 4), ("DE", "20095", "20457", 2), ("DE", "20095", "", 0),
        ("NL", "1012 AB", "1012ab", 6),
    ],
)  # fmt: skip
def test_postcodes_are_alike_by_their_beginnings(country: str, one: str, other: str, parts: int) -> None:
    assert alike(country, one, other) == parts


@pytest.mark.parametrize(
    ("country", "postcode", "found"),
    [
        ("GB", "E1 6AN", ("E1 6AN", "E1 6", "E1", "E")),
        ("GB", "W1A 1AA", ("W1A 1AA", "W1A 1", "W1A", "W1", "W")),
        ("GB", "LS11", ("LS11", "LS")),
        ("GB", "e1 6", ("E1 6", "E1", "E")),
        ("GB", "E16AN", ("E1 6AN", "E1 6", "E1", "E")),
        ("GB", "M", ("M",)),
        ("GB", "?", ()),
        ("DE", "20", ("20", "2")),
    ],
)
def test_beginnings_of_postcodes(country: str, postcode: str, found: tuple[str, ...]) -> None:
    assert prefixes(country, postcode) == found


def test_distances_at_home_abroad_and_where_nothing_is_known() -> None:
    london = Site("GB", "E16 2AA")
    assert PLACES.distance("GB", "LS1 1AA", london) == Distance(272)
    assert PLACES.distance("GB", "M1 1AA", london) == Distance(alike=0)
    assert PLACES.distance("FR", "75001", london) == Distance(574, behind=True)
    assert PLACES.distance("FR", "75001", Site("ZZ")) == Distance()
    assert PLACES.distance("GB", "LS1 1AA", Site("GB", "M1")) == Distance(66)
    assert PLACES.distance("", "", Site()) == Distance()
    assert Distance(600, behind=True).weight(100) == ABROAD + 6
    assert Distance(alike=3).weight(1) == 13
    assert Distance().weight(1) == UNKNOWN


def test_a_site_has_its_own_point_or_none() -> None:
    assert site_of("uk", "LS1", None, None) == Site("GB", "LS1")
    assert site_of("GB", "", 1, -2) == Site("GB", "", Point(1, -2))
    assert site_of("GB", "", 1, None) == Site("GB", "")


def test_the_most_particular_row_counts() -> None:
    rows = {(0, 0): 1, (5, 0): 2, (0, 7): 3, (5, 7): 4}
    assert [kept_back(rows, *key) for key in ((5, 7), (6, 7), (5, 8), (6, 8))] == [4, 3, 2, 1]
    assert kept_back({}, 5, 7) == 0


def test_what_a_channel_may_be_promised() -> None:
    kept = KeptBack({(0, 0): 2}, {1: {(5, 0): 3}}, {1: {(5, 0): 50}}, {2: frozenset({6})})
    assert kept.promisable(10, 3, 5, 7) == 8
    assert kept.promisable(10, 1, 5, 7) == 4
    assert kept.promisable(6, 1, 5, 7) == 1
    assert kept.promisable(1, 1, 5, 7) == 0
    assert (kept.promisable(10, 2, 5, 7), kept.promisable(10, 2, 6, 7)) == (0, 8)
    assert (kept.nothing, KeptBack().nothing) == (False, True)
