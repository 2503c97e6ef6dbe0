"""What the Orders screen knows; the state that is drawn follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.states import HoldKind
from app.presenters.state.form import Notice
from app.presenters.station_info import StationInfo
from app.queries.figures import QueueFigures
from app.queries.order_detail import OrderDetail
from app.queries.order_queue import QueueFilter, QueueMoment
from app.queries.queue_filters import FilterChoices

LATE = timedelta(minutes=90)
"""What leaves so soon and is not packed yet is at risk."""

ALL_OPEN = QueueFilter()
NO_CHOICES = FilterChoices()


class Panel(StrEnum):
    """What stands at the right in place of the detail."""

    NONE = ""
    FILTERS = "filters"
    KEEP = "keep"
    HOLD = "hold"
    LIFT = "lift"
    ADDRESS = "address"
    CANCEL = "cancel"
    REPRINT = "reprint"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class OrdersModel:
    """Everything the screen follows from. `typed` holds the texts of the fields of the open panel,
    which was filled from the `seen` version of the order; `sure` says that it asks for the second time."""

    asked: QueueFilter = ALL_OPEN
    chosen: int | None = None
    detail: OrderDetail | None = None
    figures: QueueFigures | None = None
    choices: FilterChoices = NO_CHOICES
    kept_name: str = ""
    panel: Panel = Panel.NONE
    filter_row: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    hold_kind: HoldKind | None = None
    notice: Notice | None = None
    opened: bool = False
    seen: int | None = None
    sure: bool = False

    def with_panel(self, panel: Panel, **typed: str) -> OrdersModel:
        """The same with another panel open, its fields filled."""
        seen = self.detail.version if self.detail is not None else None
        return replace(
            self, panel=panel, typed=typed, wrong={}, opened=panel is not Panel.NONE or self.opened, seen=seen,
            sure=False,
        )  # fmt: skip


def queue_moment(station: StationInfo, now: datetime) -> QueueMoment:
    """Where and when this station looks at the queue."""
    return QueueMoment(
        now, day_begins(now, station.clock_zone, 1), now + LATE, station.warehouse_id, station.operator_id
    )


def day_begins(now: datetime, zone: ZoneInfo, days: int = 0) -> datetime:
    """When today began on the warehouse's clock, or a day so many days later."""
    local = now.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=days), time(), zone)
