"""Walks: everything is fetched once, along the shelves, and no cart is overfilled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.walks import HOUR, Part, Stop, plan_walks


def stop(allocation: int, place: int, zone: str = "A", quantity: int = 1) -> Stop:
    return Stop(allocation, allocation * 10, 1, place, zone, place * 10, quantity)


def test_urgent_ones_go_first_then_by_hour_then_by_zone() -> None:
    parts = [
        Part(1, 5, 2 * HOUR, (stop(1, 1, "A"),)),
        Part(2, 5, HOUR + 5, (stop(2, 9, "B"),)),
        Part(3, 5, HOUR + 9, (stop(3, 2, "A"),)),
        Part(4, 1, 9 * HOUR, (stop(4, 5, "C"),)),
        Part(5, 5, HOUR, ()),
    ]
    assert [walk.fulfillment_ids for walk in plan_walks(parts, 2)] == [(4, 3), (2, 1)]


def test_a_walk_goes_along_the_shelves() -> None:
    parts = [Part(1, 5, 0, (stop(1, 7), stop(2, 3))), Part(2, 5, 0, (stop(3, 7), stop(4, 5)))]
    (walk,) = plan_walks(parts, 6)
    assert [(visit.sequence, visit.stop.location_id, visit.slot) for visit in walk.visits] == [
        (1, 3, 1),
        (2, 5, 2),
        (3, 7, 1),
        (4, 7, 2),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5), st.lists(st.integers(1, 9), max_size=4)), max_size=30),
    st.integers(1, 12),
)
def test_each_stop_is_visited_once_and_no_cart_is_overfilled(
    given_parts: list[tuple[int, int, list[int]]], slots: int
) -> None:
    parts = [
        Part(number, priority, hour * HOUR, tuple(stop(number * 10 + i, place) for i, place in enumerate(places)))
        for number, (priority, hour, places) in enumerate(given_parts, start=1)
    ]
    walks = plan_walks(parts, slots)
    assert walks == plan_walks(list(reversed(parts)), slots)
    wanted = sorted(one.allocation_id for part in parts for one in part.stops)
    assert sorted(visit.stop.allocation_id for walk in walks for visit in walk.visits) == wanted
    for walk in walks:
        assert 1 <= len(walk.fulfillment_ids) <= slots
        assert [visit.sequence for visit in walk.visits] == list(range(1, len(walk.visits) + 1))
        assert all(walk.fulfillment_ids[visit.slot - 1] == visit.fulfillment_id for visit in walk.visits)
        ways = [visit.stop.pick_sequence for visit in walk.visits]
        assert ways == sorted(ways)
