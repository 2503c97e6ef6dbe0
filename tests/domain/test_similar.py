"""The closest line of the order, and the characters that a clerk should look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.similar import closest, compare


@pytest.mark.parametrize(
    ("scanned", "wanted", "distance", "marks"),
    [
        ("22726", "22727", 1, ((4,), (4,))),
        ("85123A", "85123A", 0, ((), ())),
        ("85123A", "85123a", 0, ((), ())),
        ("85123", "85123A", 1, ((), (5,))),
        ("85123A", "8512A", 1, ((4,), ())),
        ("12345", "12543", 2, ((2, 4), (2, 4))),
        ("", "AB", 2, ((), (0, 1))),
    ],
)
def test_marks(scanned: str, wanted: str, distance: int, marks: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    found = compare(scanned, wanted)
    assert found is not None
    assert (found.distance, (found.scanned_marks, found.wanted_marks)) == (distance, marks)


def test_too_far_apart() -> None:
    assert compare("22726", "85123A") is None
    assert compare("ABC", "ABCDEF") is None


def test_closest_takes_the_nearest_and_the_first_of_equals() -> None:
    found = closest("22726", ["85123A", "22746", "22727", "22728"])
    assert found is not None
    assert found.wanted == "22746"
    nearer = closest("22726", ["22744", "22727"])
    assert nearer is not None
    assert (nearer.wanted, nearer.distance) == ("22727", 1)
    assert closest("22726", []) is None
    exact = closest("22726", ["22727", "22726"])
    assert exact is not None
    assert exact.distance == 0


@given(st.text(max_size=8), st.text(max_size=8))
def test_marks_explain_the_distance(left: str, right: str) -> None:
    found = compare(left, right, farthest=8)
    assert found is not None
    assert max(len(found.scanned_marks), len(found.wanted_marks)) <= found.distance
    assert all(place < len(left) for place in found.scanned_marks)
    assert all(place < len(right) for place in found.wanted_marks)
    mirrored = compare(right, left, farthest=8)
    assert mirrored is not None
    assert mirrored.distance == found.distance
