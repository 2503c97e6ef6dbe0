"""Bytes in pieces become codes: where one ends, what is no whole code, and what of it is text.

Pure: the caller brings the bytes and the time. A code that lacks its end is given up after a while and told, never
glued to the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum, unique

STX, ETX = b"\x02", b"\x03"
LONGEST = 4096
UNFINISHED_SECONDS = 0.3
"""A pause that no wire makes inside a code: 9,600 baud send a byte a millisecond."""
SILENCE_SECONDS = 0.05
_ROOM = 64
"""So many fill bytes may stand around the longest code."""
_AROUND = b"\0\x02\x03\t\n\r"


@unique
class Ends(StrEnum):
    """What stands behind each code, by the word of the setting."""

    ANY = "any"  # CR, LF, Tab or ETX
    LINE = "line"  # CR, LF or both
    CR = "cr"
    LF = "lf"
    CRLF = "crlf"
    TAB = "tab"
    ETX = "etx"
    STX_ETX = "stx-etx"  # and STX before each code
    NONE = "none"  # a silence


_PATTERNS: dict[Ends, re.Pattern[bytes]] = {
    Ends.ANY: re.compile(rb"\r\n|[\r\n\t\x03]"),
    Ends.LINE: re.compile(rb"\r\n|[\r\n]"),
    Ends.CR: re.compile(rb"\r"),
    Ends.LF: re.compile(rb"\n"),
    Ends.CRLF: re.compile(rb"\r\n"),
    Ends.TAB: re.compile(rb"\t"),
    Ends.ETX: re.compile(rb"\x03"),
    Ends.STX_ETX: re.compile(rb"\x03"),
}


@unique
class Loss(StrEnum):
    """Why bytes are no code."""

    UNFINISHED = "unfinished"
    UNPLUGGED = "unplugged"
    TOO_LONG = "too_long"
    OUTSIDE = "outside"  # not between STX and ETX
    PARITY = "parity"  # the port and the scanner disagree about parity
    OVERRUN = "overrun"  # the system could not keep up


@dataclass(frozen=True, slots=True)
class Code:
    """One whole code: its bytes without what stands around them, and as they arrived."""

    body: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """Bytes that are no whole code."""

    why: Loss
    data: bytes


Frame = Code | Lost


@dataclass(frozen=True, slots=True)
class Framing:
    """How codes follow each other.

    A pause of `pause_seconds` gives up a code without its end, or ends it where nothing else does.
    """

    ends: Ends = Ends.ANY
    pause_seconds: float = UNFINISHED_SECONDS
    longest: int = LONGEST


@dataclass(slots=True)
class Framer:
    """Feed it what arrives, and `tick` it when `deadline` has passed. Times are seconds of any steady clock."""

    framing: Framing = field(default_factory=Framing)
    _held: bytearray = field(default_factory=bytearray)
    _looked: int = 0
    _skipping: bool = False
    _last: float = 0.0

    @property
    def deadline(self) -> float | None:
        """When `tick` should be called next; None while nothing is held."""
        return self._last + self.framing.pause_seconds if self._held or self._skipping else None

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Takes what one read gave, however it is cut."""
        frames = self.tick(now) if self._held or self._skipping else []
        self._last = now
        self._held += data
        if self.framing.ends is not Ends.NONE:
            frames += self._cut()
        return frames + self._too_long() if self._held else frames

    def tick(self, now: float) -> list[Frame]:
        """Decides about what is held when its time has run out."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        if self.framing.ends is Ends.NONE and not self._skipping:
            held = self._take(len(self._held))
            return _code(held, self.framing.longest)
        return self.flush(Loss.UNFINISHED)

    def flush(self, why: Loss) -> list[Frame]:
        """Gives up what is held: line ends and fill bytes are nothing, all else is a loss."""
        held = self._take(len(self._held))
        skipping, self._skipping = self._skipping, False
        if skipping or not held.strip(_AROUND):
            return []
        wrong_parity = why is Loss.UNFINISHED and parity_of(held) is not None
        return [Lost(Loss.PARITY if wrong_parity else why, held)]

    def spoil(self, why: Loss) -> list[Frame]:
        """Something was lost in the middle: what is held and all up to the next end, or a pause, is no code."""
        held = self._take(len(self._held))
        self._skipping = True
        return [Lost(why, held)]

    def _cut(self) -> list[Frame]:
        frames: list[Frame] = []
        pattern = _PATTERNS[self.framing.ends]
        while (found := pattern.search(self._held, max(self._looked - 1, 0))) is not None:
            whole = self._take(found.end())
            if self._skipping:
                self._skipping = False
            elif self.framing.ends is Ends.STX_ETX:
                frames += _between(whole, self.framing.longest)
            else:
                frames += _code(whole, self.framing.longest)
        self._looked = len(self._held)
        return frames

    def _too_long(self) -> list[Frame]:
        """More than any code has: one loss, and nothing of it is kept until its end comes."""
        if self._skipping:
            # The last byte stays: it may be the first half of an end.
            del self._held[:-1]
            self._looked = 0
            return []
        if len(self._held) <= self.framing.longest + _ROOM:
            return []
        lost = self._take(len(self._held) - 1)
        self._skipping = True
        return [Lost(Loss.TOO_LONG, lost[: self.framing.longest])]

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        self._looked = 0
        return taken


def _code(whole: bytes, longest: int) -> list[Frame]:
    body = whole.strip(_AROUND)
    if not body:
        return []
    return [Code(body, whole)] if len(body) <= longest else [Lost(Loss.TOO_LONG, whole[:longest])]


def _between(whole: bytes, longest: int) -> list[Frame]:
    """The code from the last STX to the ETX at the end; what stands before is lost."""
    start = whole.rfind(STX)
    if start < 0:
        return [Lost(Loss.OUTSIDE, whole)] if whole.strip(_AROUND) else []
    before = whole[:start]
    lost: list[Frame] = [Lost(Loss.OUTSIDE, before)] if before.strip(_AROUND) else []
    return lost + _code(whole[start:], longest)


def parity_of(data: bytes) -> str | None:
    """`even` or `odd` where bytes of a port with seven bits and parity were read as eight; None where they were not."""
    if len(data) < 4 or not any(byte & 0x80 for byte in data) or not _text_like(bytes(byte & 0x7F for byte in data)):
        return None
    sums = {byte.bit_count() % 2 for byte in data}
    return None if len(sums) > 1 else "odd" if sums.pop() else "even"


def _text_like(data: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\x02\x03\t\n\r\x1d" for byte in data)
