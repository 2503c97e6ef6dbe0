"""The same parts of a state are the same objects."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.presenters import pack_parts
from app.presenters.again import again
from tests.builders import NOW
from tests.presenters.pack_samples import UTC_ZONE, finished_work


def test_the_last_answer_is_given_again_for_the_very_same_objects() -> None:
    asked: list[tuple[list[int], str]] = []

    @again
    def made(numbers: list[int], word: str) -> list[int]:
        asked.append((numbers, word))
        return [*numbers]

    one, equal = [1], [1]
    first = made(one, "a")
    assert made(one, "a") is first
    assert made(equal, "a") is not first
    assert made(one, "b") == [1]
    assert asked == [([1], "a"), ([1], "a"), ([1], "b")]


def test_a_header_is_the_same_until_a_minute_is_over_or_its_order_is_another() -> None:
    work = finished_work()
    head = pack_parts.header(work, NOW, UTC_ZONE)
    counted = replace(work, lines=(replace(work.lines[0], packed=1),))
    assert pack_parts.header(counted, NOW, UTC_ZONE) is head
    later = pack_parts.header(work, NOW + timedelta(minutes=1), UTC_ZONE)
    assert later.right is not None
    assert later.right.value == "1 h 59 min left"
    other = replace(work, head=replace(work.head, number="#7"))
    assert pack_parts.header(other, NOW, UTC_ZONE).number == "#7"
