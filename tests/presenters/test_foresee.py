"""What is made ready while an answer is being stored is what is drawn when it comes, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.outcomes import Outcome, Place, Result, Sound
from app.domain.states import PackageState, Role
from app.domain.work import LineCounted, PackLine, PackWork
from app.presenters.pack_page import PackPage
from app.presenters.state import pack
from app.presenters.station_info import StationInfo
from app.runtime.bench import Bench
from tests.builders import NOW
from tests.presenters.pack_samples import finished_work

STATION = StationInfo(1, "Bench 1", 1, "Main", "UTC", 1, "Anna", Role.PACKER)
BENCH = Bench(None, None, lambda call: call())


def open_work() -> PackWork:
    whole = finished_work()
    cup = whole.lines[0].item
    parcel = replace(whole.parcels[0], state=PackageState.OPEN, label_id=None, label_state=None)
    return replace(whole, lines=(PackLine(1, cup, 3, 0),), parcels=(parcel,), open_package_id=3)


def counted(work: PackWork, units: int) -> Outcome:
    delta = LineCounted(1, work.lines[0].item, 3, units, 3, units, 3, units)
    return Outcome(Result.DONE, "pack.counted", Sound.ACCEPTED, {"packed": units, "required": 3}, delta=delta)


@pytest.fixture
def page() -> PackPage:
    made = PackPage()
    made.take(Outcome(Result.NAVIGATE, "pack.opened", place=Place.PACK, work=open_work()), NOW)
    return made


def units(drawn: object) -> str:
    assert isinstance(drawn, pack.Pack)
    assert isinstance(drawn.body, pack.Packing)
    return drawn.body.panel.count


def test_the_picture_is_the_same_as_without(page: PackPage) -> None:
    plain = PackPage()
    plain.take(Outcome(Result.NAVIGATE, "pack.opened", place=Place.PACK, work=open_work()), NOW)
    answer = counted(open_work(), 1)
    plain.take(answer, NOW)
    drawn = page.foresee(answer, NOW, STATION, BENCH)
    page.take(answer, NOW)
    assert page.model == plain.model
    assert page.state(NOW, STATION, BENCH)[0] is drawn
    assert drawn == plain.state(NOW, STATION, BENCH)[0]
    later = NOW + timedelta(minutes=30)
    assert page.state(later, STATION, BENCH) == plain.state(later, STATION, BENCH)


def test_nothing_of_it_is_drawn_before_it_comes(page: PackPage) -> None:
    before = page.state(NOW, STATION, BENCH)
    assert units(page.foresee(counted(open_work(), 1), NOW, STATION, BENCH)) == "1"
    assert page.state(NOW, STATION, BENCH) == before


def test_an_answer_that_never_comes_leaves_nothing(page: PackPage) -> None:
    page.foresee(counted(open_work(), 2), NOW, STATION, BENCH)
    page.take(counted(open_work(), 1), NOW)
    assert units(page.state(NOW, STATION, BENCH)[0]) == "1"


def test_what_came_in_between_counts(page: PackPage) -> None:
    first, second = counted(open_work(), 1), counted(open_work(), 2)
    page.foresee(second, NOW, STATION, BENCH)
    page.take(first, NOW)
    page.take(second, NOW)
    drawn = page.state(NOW, STATION, BENCH)[0]
    assert units(drawn) == "2"
    assert page.model.work is not None
    assert page.model.work.lines[0].packed == 2
