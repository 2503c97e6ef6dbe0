"""What the languages of scales have in common: bytes in pieces become events, orders become bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import UnknownUnitError, WeightUnit, read_amount

LONGEST = 256
"""Bytes without an end that are more than this are no answer of a scale."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight, as the scale sent it; `text` is what it wrote."""

    grams: int
    stable: bool
    unit: WeightUnit
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoWeight:
    """The scale answered, but not with a weight; `detail` is the unit or the text that means nothing to us."""

    trouble: ScaleTrouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the scale said to the order it was given last."""

    answer: ScaleAnswer


ScaleEvent: TypeAlias = Weighed | NoWeight | Answered


class ScaleProtocol(Protocol):
    """The language of one family of scales. It keeps half an answer until the rest comes; it opens nothing."""

    def hello(self) -> bytes:
        """What is sent once when the port opens, and again when the scale falls silent; forgets half an answer."""

    def question(self) -> bytes:
        """What asks for one weight; empty when the scale talks by itself."""

    def order(self, order: ScaleOrder) -> bytes:
        """What gives an order; empty when this language has no word for it.

        Where the scale says nothing to it, the weight that follows shows what became of it.
        """

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes what came; gives what it means. Never raises, whatever came."""


class LineCutter:
    """Cuts a stream into lines, which end with CR, LF or both; empty ones are left out."""

    def __init__(self, *, skip_first: bool) -> None:
        """`skip_first`: whoever talks by itself was in the middle of a line when the port was opened."""
        self._skip_first = skip_first
        self._skip = skip_first
        self._held = b""

    def reset(self) -> None:
        """Forgets what is held: the port was opened anew."""
        self._held, self._skip = b"", self._skip_first

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are complete now."""
        *lines, self._held = (self._held + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._held) > LONGEST:
            self._held, self._skip = b"", True
        if lines and self._skip:
            del lines[0]
            self._skip = False
        return [line for line in lines if line]


def weight_event(text: str, stable: bool, default: WeightUnit | None = None) -> Weighed | NoWeight:
    """The event of a weight as it is written, which must be nothing but a weight."""
    try:
        amount = read_amount(text, default)
    except UnknownUnitError as error:
        return NoWeight(ScaleTrouble.UNIT, str(error))
    if amount is None:
        return NoWeight(ScaleTrouble.GARBLED, text[:40])
    return Weighed(amount[0], stable, amount[1], text)


def printable(data: bytes) -> str:
    """Bytes as text, sign for sign; what is not ASCII shows as a question mark."""
    return data.decode("ascii", "replace").replace("\ufffd", "?")
