"""What a bench reads beside its work: as little of a long order as may have changed, and once for all who ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar, cast

from app.domain.outcomes import Change, Place
from app.models.database import Database
from app.presenters.gateway import Gateway
from app.presenters.lamps import BenchDevices
from app.presenters.pack_page import Around, PackPage
from app.presenters.runner import AtOnce
from app.presenters.station import Screen, StationPresenter
from app.presenters.station_info import StationInfo
from tests.services import pack_builders as packing
from tests.services import stock_builders as build

T = TypeVar("T")


@dataclass
class Waits(AtOnce):
    """A runner that begins no reading by itself."""

    readings: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        self.readings.append(work)


def test_of_an_order_that_is_open_only_the_parcels_are_read_again(database: Database) -> None:
    site = database.write(build.build_site)
    bench = packing.pack_bench(database, site)
    page = PackPage()
    info = StationInfo(bench.floor.station_id, "Bench 1", site.warehouse_id, "Hall", "UTC")
    number = packing.order_on_shelf(database, site, ("CUP", 2))

    def look() -> Around:
        found = database.read(lambda s: page.look_around(s, info, build.NOW, build.NOW - timedelta(hours=1)))
        assert isinstance(found, Around)
        page.looked(found)
        return found

    page.take(bench.scans(number, "CUP"), build.NOW)
    before = page.model.work
    around = look()
    assert (around.finished, around.parcels, page.model.work) == (None, before, before)
    page.take(bench.scans("CUP"), build.NOW)
    assert page.model.finished
    again = look()
    assert again.parcels is None
    assert again.finished is not None
    assert [line.packed for line in again.finished.lines] == [2]


def test_who_asks_while_a_reading_waits_is_answered_by_that_one(database: Database) -> None:
    site = database.write(build.build_site)
    page, runner = PackPage(), Waits()
    info = StationInfo(1, "Bench 1", site.warehouse_id, "Hall", "UTC")
    station = StationPresenter(
        info, cast(Gateway, None), runner, database, cast(BenchDevices, None), cast(Screen, None),
        lambda: build.NOW, lambda: "", {Place.PACK: page}, {},
    )  # fmt: skip
    station.place = Place.PACK
    changed = [Change("order", 1)]
    station.changed(changed)
    station.changed(changed)
    assert len(runner.readings) == 1
    assert isinstance(runner.readings[0](), Around)
    station.changed(changed)
    assert len(runner.readings) == 2
