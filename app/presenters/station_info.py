"""Where a presenter works and who is signed in there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.roles import Permission, may
from app.domain.states import Role
from app.services.actor import Actor


@dataclass(frozen=True, slots=True)
class StationInfo:
    """The station, its warehouse with its time zone, and the operator; without one nobody is signed in."""

    station_id: int
    station: str
    warehouse_id: int
    warehouse: str
    zone: str
    operator_id: int | None = None
    operator: str = ""
    role: Role | None = None

    @property
    def clock_zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.zone)

    def may(self, permission: Permission) -> bool:
        """Whether who is signed in may do this."""
        return may(self.role, permission)

    def actor(self, now: datetime, gesture_id: str | None = None) -> Actor:
        """Who does something from a screen of this station; the audit chain is that of its desk work."""
        return Actor(
            now, f"station:{self.station_id}", self.warehouse_id, self.operator_id, self.role, self.station_id,
            gesture_id,
        )  # fmt: skip
