"""The lead's floor on a small warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Place
from app.domain.states import Role
from app.models.database import Database
from app.presenters.floor_screen import FloorPresenter
from app.presenters.floor_screen_deeds import FloorLooks
from app.presenters.runner import AtOnce
from app.presenters.state import floor
from app.presenters.station_info import StationInfo
from app.services.holds import place_hold
from tests.presenters.desk import Shown
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench


@dataclass
class Scene:
    """A floor with a bench of Anna and the desk of its lead."""

    database: Database
    site: build.Site
    anna: Bench
    shown: Shown[floor.Floor] = field(default_factory=Shown)
    went: list[str] = field(default_factory=list)
    runner: AtOnce = field(default_factory=AtOnce)

    def order(self, *lines: tuple[str, int]) -> str:
        return packing.order_on_shelf(self.database, self.site, *lines)

    def ship(self, *lines: tuple[str, int]) -> str:
        """Packs an order whole; its label is bought and printed, and so it leaves."""
        number = self.order(*lines)
        units = [sku for sku, count in lines for _ in range(count)]
        packing.carry_out(self.database, self.site, self.anna.scans(number, *units))
        return number

    def lead(self, role: Role = Role.LEAD) -> FloorPresenter:
        went = self.went
        looks = FloorLooks(
            lambda number: went.append(f"order {number}"),
            lambda section: went.append(f"office {section}"),
            lambda sku: went.append(f"stock {sku}"),
        )
        actor = self.site.actor
        station = StationInfo(
            actor.station_id or 0, "Lead desk", self.site.warehouse_id, "Hall", "Europe/London", actor.operator_id,
            "Ines Falk", role,
        )  # fmt: skip
        presenter = FloorPresenter(
            self.database, self.runner, station, lambda: self.anna.now, self.shown.states.append,
            self.shown.sent.append, looks, self.shown.rung.append,
        )  # fmt: skip
        presenter.enter(station, None)
        return presenter

    def later(self, **span: float) -> None:
        self.anna.now += timedelta(**span)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.database.read(lambda s: [tuple(row) for row in s.execute(text(sql))])

    def write(self, work: Callable[[Session], object]) -> None:
        self.database.write(work)

    @property
    def now(self) -> floor.Floor:
        return self.shown.now

    @property
    def titles(self) -> list[str]:
        return [need.title for need in self.now.needs]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The words of the open decision's answers, with why one may not be given."""
        return [(one.words, one.reason) for one in self.now.decision.choices] if self.now.decision else []

    @property
    def said(self) -> str:
        return self.now.notice.words if self.now.notice else ""


@pytest.fixture
def scene(database: Database) -> Scene:
    site = database.write(build.build_site)
    return Scene(database, site, whole_bench(database, site, "Anna", Place.PACK))


def held_order(scene: Scene) -> str:
    number = scene.order(("CUP", 1))
    actor = scene.site.at(0)
    order = scene.rows("SELECT id FROM orders")[0][0]
    assert isinstance(order, int)
    scene.write(lambda s: place_hold(s, actor, order, "Is it a gift?"))
    return number
