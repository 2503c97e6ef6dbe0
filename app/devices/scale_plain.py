"""Plain lines of ASCII, without end or on demand, as scales of A&D, CAS, Ohaus and nameless ones write them."""

from __future__ import annotations

import re

from app.devices.scale_protocols import LineCutter, NoWeight, ScaleEvent, Weighed, printable, weight_event
from app.domain.scale_words import ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

_ORDERS = {ScaleOrder.ZERO: b"Z\r\n", ScaleOrder.TARE: b"T\r\n"}
# Some put their number and a byte of lamps between the head and the weight.
_HEADED = re.compile(r"(ST|US|QT|OL|UL|EC),(?:(?:GS|NT|TR|G|N|T),)?(?:[^,]{0,2},){0,2}(.*)", re.ASCII)
_TAIL = re.compile(r"(.*?[A-Za-z0-9.]) *(?: (\?|S|US?|D)|\?)? *(?: (?:G|N|NET|GR|PT|T))?", re.ASCII)
_OVER = re.compile(r"[+ ]*(OL|OVER|OVERLOAD|\^{3,}|[-= ]*H[-= ]*)", re.ASCII | re.IGNORECASE)
_UNDER = re.compile(r"(- *OL|UL|UNDER|UNDERLOAD|_{3,}|[-= ]*L[-= ]*)", re.ASCII | re.IGNORECASE)
AGREE = 3
"""A scale that does not say whether it stands still does so when so many lines in a row are the same."""


class PlainLines:
    """One line a weight: with a head (`ST,GS,+  1.234kg`: steady, `US`: not, `OL`: too much) or bare (`1.234 kg`)."""

    def __init__(self, *, ask: str = "", unit: WeightUnit | None = None) -> None:
        """`ask`: what asks for one line, where the scale does not talk by itself. `unit`: where none is written."""
        self._ask = f"{ask}\r\n".encode("ascii") if ask else b""
        self._unit = unit
        self._cutter = LineCutter(skip_first=not ask)
        self._same = 0
        self._last = ""

    def hello(self) -> bytes:
        """Nothing has to be said first."""
        self._cutter.reset()
        self._same, self._last = 0, ""
        return b""

    def question(self) -> bytes:
        """What asks for one line."""
        return self._ask

    def order(self, order: ScaleOrder) -> bytes:
        """Zero or tare, as nearly all of them understand; the weight that follows shows what became of it."""
        return _ORDERS[order]

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes what came."""
        # An acknowledgement without a line of its own stands before the next one.
        lines = (printable(line.replace(b"\x06", b"")).strip(" \x00\x02\x03") for line in self._cutter.feed(data))
        return [self._event(line) for line in lines if line]

    def _event(self, line: str) -> ScaleEvent:
        headed = _HEADED.fullmatch(line)
        if headed is not None:
            self._same, self._last = 0, ""
            return self._headed(headed[1], headed[2].strip())
        if _UNDER.fullmatch(line):
            return self._none(ScaleTrouble.UNDERLOAD)
        if _OVER.fullmatch(line):
            return self._none(ScaleTrouble.OVERLOAD)
        return self._bare(line)

    def _headed(self, head: str, amount: str) -> ScaleEvent:
        if head == "OL":
            return NoWeight(ScaleTrouble.UNDERLOAD if amount.startswith("-") else ScaleTrouble.OVERLOAD)
        if head == "UL":
            return NoWeight(ScaleTrouble.UNDERLOAD)
        if head == "EC":
            return NoWeight(ScaleTrouble.GARBLED, amount[:40])
        return weight_event(amount, head != "US", self._unit)

    def _bare(self, line: str) -> ScaleEvent:
        amount, mark, event = line, "", weight_event(line, False, self._unit)
        tail = _TAIL.fullmatch(line)
        if not isinstance(event, Weighed) and tail is not None:
            amount, mark = tail[1].strip(), tail[2] or ""
            event = weight_event(amount, False, self._unit)
        if not isinstance(event, Weighed):
            self._same, self._last = 0, ""
            return event
        self._same = self._same + 1 if amount == self._last else 1
        self._last = amount
        steady = mark == "S" or (not mark and self._same >= AGREE)
        return Weighed(event.grams, steady, event.unit, event.text)

    def _none(self, trouble: ScaleTrouble) -> NoWeight:
        self._same, self._last = 0, ""
        return NoWeight(trouble)
