"""MT-SICS, levels 0 and 1: scales and balances of Mettler Toledo, and many that speak as they do."""

from __future__ import annotations

from app.devices.scale_protocols import Answered, LineCutter, NoWeight, ScaleEvent, printable, weight_event
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

_ORDERS = {ScaleOrder.ZERO: b"Z\r\n", ScaleOrder.TARE: b"T\r\n"}
_REFUSALS = {"I": ScaleAnswer.IN_MOTION, "+": ScaleAnswer.OUT_OF_RANGE, "-": ScaleAnswer.OUT_OF_RANGE}
_TROUBLES = {"I": ScaleTrouble.NOT_READY, "+": ScaleTrouble.OVERLOAD, "-": ScaleTrouble.UNDERLOAD}
_ERRORS = ("ES", "ET", "EL")
_DONE = {"Z": ("A",), "ZI": ("S", "D"), "T": ("S", "D"), "TI": ("S", "D")}
"""What follows the repeated command where it was carried out; ZI and TI tell whether it stood still."""


class MtSics:
    """`SI` asks for the weight as it is, `SIR` for all that come; `Z` and `T` wait for the pan to stand still."""

    def __init__(self, *, continuous: bool = False, unit: WeightUnit | None = None) -> None:
        """`continuous`: the scale is told once to send without end. `unit`: of a scale that is set to write none."""
        self._continuous = continuous
        self._unit = unit
        self._cutter = LineCutter(skip_first=False)
        self._ordered = False

    def hello(self) -> bytes:
        """Begins the stream, where one is wanted."""
        self._cutter.reset()
        self._ordered = False
        return b"SIR\r\n" if self._continuous else b""

    def question(self) -> bytes:
        """The weight as it is now, standing still or not."""
        return b"" if self._continuous else b"SI\r\n"

    def order(self, order: ScaleOrder) -> bytes:
        """Zero or tare; the answer comes when the pan stands still, or does not in the time that the scale allows."""
        self._ordered = True
        return _ORDERS[order]

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes what came."""
        events = (self._event(printable(line).strip()) for line in self._cutter.feed(data))
        return [event for event in events if event is not None]

    def _event(self, line: str) -> ScaleEvent | None:
        command, _, rest = line.partition(" ")
        rest = rest.strip()
        if command in ("S", "SI", "SIR", "SR"):
            return self._weight(rest)
        if command in _DONE:
            return self._answer(command, rest[:1])
        if command in _ERRORS and not rest:
            return self._error(command)
        if command[:1] == "I" or command in ("@", "D", "DW", "TA", "TAC", "PW", "K"):
            return None  # it says who it is, or answers what somebody asked at its own keys
        return NoWeight(ScaleTrouble.GARBLED, line[:40])

    def _weight(self, rest: str) -> ScaleEvent:
        state, _, amount = rest.partition(" ")
        if state in _TROUBLES and not amount:
            return NoWeight(_TROUBLES[state])
        if state in ("S", "D") and amount:
            return weight_event(amount.strip(), state == "S", self._unit)
        return NoWeight(ScaleTrouble.GARBLED, rest[:40])

    def _answer(self, command: str, state: str) -> ScaleEvent:
        if state in _DONE[command]:
            self._ordered = False
            return Answered(ScaleAnswer.DONE)
        if state in _REFUSALS:
            self._ordered = False
            return Answered(_REFUSALS[state])
        return NoWeight(ScaleTrouble.GARBLED, f"{command} {state}")

    def _error(self, code: str) -> ScaleEvent:
        """ES: it does not know the command; ET: the bytes were damaged; EL: not with these values."""
        if self._ordered:
            self._ordered = False
            return Answered(ScaleAnswer.UNSUPPORTED if code == "ES" else ScaleAnswer.NO_ANSWER)
        return NoWeight(ScaleTrouble.GARBLED, code)
