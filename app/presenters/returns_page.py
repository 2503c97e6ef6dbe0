"""Returns, as the station handles it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.documents import DocumentKind
from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.states import PrintJobState
from app.models.database import Session
from app.presenters.gateway import JobEvent
from app.presenters.lamps import BenchDevices
from app.presenters.returns import returns_state
from app.presenters.returns_model import ReturnsModel, after
from app.presenters.state.parts import Family
from app.presenters.state.returns import Returns
from app.presenters.station_info import StationInfo
from app.queries.returns_open import OpenReturn, open_returns


@dataclass(frozen=True, slots=True)
class Around:
    """The returns that may come in or are being inspected."""

    waiting: tuple[OpenReturn, ...]


class ReturnsPage:
    """Implements `floor_page.FloorPage`."""

    owns = frozenset({"returns"})
    refreshing = frozenset(
        {
            "returns.left",
            "returns.taken_over",
            "returns.gone",
            "returns.refund_proposed",
            "returns.refunded",
            "returns.closed_without_refund",
        }
    )

    def __init__(self) -> None:
        self.model = ReturnsModel()

    @property
    def has_work(self) -> bool:
        """Whether a return is open, or was just finished."""
        return self.model.work is not None

    @property
    def stands_on(self) -> AbstractSet[Change]:
        """Nobody stops a return."""
        return frozenset()

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
        self.model = ReturnsModel(waiting=self.model.waiting)

    def job(self, event: JobEvent) -> None:
        """What became of the return label that was ordered here."""
        if event.document != DocumentKind.RETURN_LABEL.value or self.model.work is None:
            return
        if event.reason:
            said = refused("returns.label_stuck", Sound.ATTENTION, reason=event.reason)
        elif event.state is PrintJobState.PRINTED:
            said = done("returns.label_came_out", code=self.model.work.code)
        else:
            return
        self.model = replace(self.model, said=said)

    def look_around(self, session: Session, station: StationInfo, now: datetime, since: datetime) -> object:
        """The returns that wait."""
        return Around(open_returns(session, station.warehouse_id))

    def local(self, code: str) -> bool:
        """Nothing concerns the screen alone."""
        return False

    def looked(self, found: object) -> None:
        """Takes what was read."""
        if isinstance(found, Around):
            self.model = replace(self.model, waiting=found.waiting)

    def state(self, now: datetime, station: StationInfo, devices: BenchDevices) -> tuple[Returns, Family | None]:
        """What is drawn."""
        drawn = returns_state(self.model, now, station.clock_zone)
        return drawn, drawn.frame
