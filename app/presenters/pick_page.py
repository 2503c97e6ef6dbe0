"""Pick, as the station handles it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome
from app.models.database import Session
from app.presenters.gateway import JobEvent
from app.presenters.lamps import BenchDevices
from app.presenters.pick import pick_state
from app.presenters.pick_model import PickModel, after, toggle_map
from app.presenters.state.parts import Family
from app.presenters.state.pick import Pick
from app.presenters.station_info import StationInfo
from app.queries.pick_floor import FloorPlan, floor_plan
from app.queries.pick_lists import OpenPickList, open_pick_lists


@dataclass(frozen=True, slots=True)
class Around:
    """The walks that wait, and the plan of the floor."""

    lists: tuple[OpenPickList, ...]
    plan: FloorPlan | None


class PickPage:
    """Implements `floor_page.FloorPage`."""

    owns = frozenset({"pick"})
    refreshing = frozenset({"pick.done", "pick.left", "pick.taken_over"})

    def __init__(self) -> None:
        self.model = PickModel()

    @property
    def has_work(self) -> bool:
        """Whether a walk is open, or was just finished."""
        return self.model.work is not None

    @property
    def stands_on(self) -> AbstractSet[Change]:
        """The walk."""
        work = self.model.work
        return frozenset() if work is None else frozenset({Change("pick_list", work.pick_list_id)})

    def take(self, outcome: Outcome, now: datetime) -> None:
        """Takes an answer."""
        self.model = after(self.model, outcome, now)

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """The panel shows the work again, or what else is told."""
        if self.model.said == told:
            self.model = replace(self.model, said=instead)

    def storing(self) -> None:
        """Something is on its way for longer than a glance."""
        self.model = replace(self.model, storing=True)

    def clear(self) -> None:
        """Forgets the work."""
        self.model = PickModel(lists=self.model.lists, plan=self.model.plan)

    def job(self, event: JobEvent) -> None:
        """Picking prints nothing by itself."""

    def look_around(self, session: Session, station: StationInfo, now: datetime, since: datetime) -> object:
        """The walks that wait; the plan is read once."""
        plan = self.model.plan or floor_plan(session, station.warehouse_id)
        return Around(open_pick_lists(session, station.warehouse_id, now), plan)

    def local(self, code: str) -> bool:
        """The map opens over a small screen."""
        if command_of(code) is not Command.MAP:
            return False
        self.model = toggle_map(self.model)
        return True

    def looked(self, found: object) -> None:
        """Takes what was read."""
        if isinstance(found, Around):
            self.model = replace(self.model, lists=found.lists, plan=found.plan)

    def state(self, now: datetime, station: StationInfo, devices: BenchDevices) -> tuple[Pick, Family | None]:
        """What is drawn."""
        drawn = pick_state(self.model, now, station.clock_zone)
        return drawn, drawn.frame
