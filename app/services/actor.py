"""Who does something, where and when: handed to each use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.states import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, station and moment of a use case.

    `writer` names the audit chain that it is written to: `station:3`, or a worker such as `import`. One process at a
    time writes a chain. `gesture_id` is empty for work that no person's gesture began.
    """

    now: datetime
    writer: str
    warehouse_id: int
    operator_id: int | None = None
    role: Role | None = None
    station_id: int | None = None
    gesture_id: str | None = None
