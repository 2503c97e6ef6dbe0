"""What the pack screen shows besides the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.scale_words import ScaleTrouble
from app.domain.weights import WeightReading


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the screen shows besides the work: the time, the zone, the scale, settings that change steps."""

    now: datetime
    zone: ZoneInfo
    reading: WeightReading | None = None
    monotonic: float = 0.0
    scan_back: bool = False
    at_truck: bool = False
    printer: str = ""
    trouble: ScaleTrouble | None = None
