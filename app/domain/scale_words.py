"""What a scale can say besides a weight, and what can be asked of it."""

from __future__ import annotations

from enum import Enum, unique


@unique
class ScaleTrouble(Enum):
    """Why a scale gives no weight."""

    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    MOVING = "moving"
    NEEDS_ZERO = "needs_zero"
    NOT_READY = "not_ready"
    UNIT = "unit"
    GARBLED = "garbled"
    SILENT = "silent"
    FAULT = "fault"

    @property
    def key(self) -> str:
        """Key of the sentence that says what is wrong and what to do."""
        return f"scale.trouble.{self.value}"

    @property
    def short_key(self) -> str:
        """Key of the word or two for which a lamp or a chip has room."""
        return f"scale.short.{self.value}"


@unique
class ScaleOrder(Enum):
    """What can be asked of a scale."""

    ZERO = "zero"
    TARE = "tare"


@unique
class ScaleAnswer(Enum):
    """What became of an order."""

    DONE = "done"
    IN_MOTION = "in_motion"
    OUT_OF_RANGE = "out_of_range"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no_answer"
    NOT_THERE = "not_there"

    def key(self, order: ScaleOrder) -> str:
        """Key of the sentence that says so."""
        return f"scale.{order.value}.{self.value}"
