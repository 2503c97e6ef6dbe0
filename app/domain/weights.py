"""What a parcel should weigh, and whether the scale agrees.

A wrong item that has the right barcode, a missing unit and a double one show in the weight. All weights are grams.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, unique

from app.domain.weight_units import WeightUnit

TOO_OLD_SECONDS = 2.0
LEAST_TOLERANCE = 20
# Product weights are measured once and vary; what varies most is filling paper, which grows with the parcel.
SHARE_OF_WEIGHT = 0.03
GRAMS_A_UNIT = 1


@unique
class WeightState(Enum):
    """What the weight card shows."""

    NO_SCALE = "no_scale"
    SETTLING = "settling"
    BELOW_ZERO = "below_zero"
    TOO_OLD = "too_old"
    UNKNOWN = "unknown"
    AGREES = "agrees"
    DIFFERS = "differs"

    @property
    def key(self) -> str:
        """Key of its word in the translation catalogue."""
        return f"weight.state.{self.value}"


@dataclass(frozen=True, slots=True)
class WeightReading:
    """One reading of a scale. `taken_at` is in seconds of the monotonic clock of this machine.

    `unit` is the one in which the scale speaks, and `shown` what it wrote; `grams` is what counts.
    """

    grams: int
    stable: bool
    taken_at: float
    unit: WeightUnit = WeightUnit.GRAM
    shown: str = ""

    def age(self, now: float) -> float:
        """Seconds since it was taken; never below 0."""
        return max(0.0, now - self.taken_at)

    def usable(self, now: float) -> bool:
        """Whether it may be written down: stable, not below zero, and not left over from before."""
        return self.stable and self.grams >= 0 and self.age(now) <= TOO_OLD_SECONDS


@dataclass(frozen=True, slots=True)
class ExpectedWeight:
    """What a parcel should weigh and by how much it may differ. `unknown` counts units whose weight nobody entered."""

    grams: int
    tolerance: int
    unknown: int = 0

    @property
    def known(self) -> bool:
        """Whether every unit has a weight, so that a comparison means something."""
        return self.unknown == 0


@dataclass(frozen=True, slots=True)
class WeightVerdict:
    """What the scale says of the parcel; `difference` is measured less expected, where that can be said."""

    state: WeightState
    grams: int | None = None
    difference: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether the parcel may not be closed before somebody confirms."""
        return self.state is WeightState.DIFFERS


def expected_weight(carton_grams: int, units: Iterable[tuple[int | None, int]]) -> ExpectedWeight:
    """Carton and units together; `units` are pairs of a unit's weight (None: not known) and how many."""
    total, unknown, counted = carton_grams, 0, 0
    for grams, quantity in units:
        if grams is None or grams <= 0:
            unknown += quantity
        else:
            total += grams * quantity
            counted += quantity
    tolerance = max(LEAST_TOLERANCE, round(total * SHARE_OF_WEIGHT) + GRAMS_A_UNIT * counted)
    return ExpectedWeight(total, tolerance, unknown)


def judge_weight(expected: ExpectedWeight, reading: WeightReading | None, now: float) -> WeightVerdict:
    """Compares a reading with what is expected; one that is stale, unsteady or below zero is shown, never compared."""
    if reading is None:
        return WeightVerdict(WeightState.NO_SCALE)
    if reading.age(now) > TOO_OLD_SECONDS:
        return WeightVerdict(WeightState.TOO_OLD, reading.grams)
    if not reading.stable:
        return WeightVerdict(WeightState.SETTLING, reading.grams)
    if reading.grams < 0:
        return WeightVerdict(WeightState.BELOW_ZERO, reading.grams)
    return judge_grams(expected, reading.grams)


def judge_grams(expected: ExpectedWeight, grams: int) -> WeightVerdict:
    """Compares a weight that somebody typed, or that was usable, with what is expected."""
    if not expected.known:
        return WeightVerdict(WeightState.UNKNOWN, grams)
    difference = grams - expected.grams
    state = WeightState.AGREES if abs(difference) <= expected.tolerance else WeightState.DIFFERS
    return WeightVerdict(state, grams, difference)
