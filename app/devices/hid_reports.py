"""Reports of scanners that follow the USB tables for points of sale (usage page 0x8C) become codes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.frames import Code, Frame, Loss, Lost

SCANNER_PAGE = 0x8C
REPORT_BYTES = 64
_DATA_REPORT = 2
_AIM, _FIRST, _MOST = 2, 5, 56
_FLAGS = 63
CONTINUE_SECONDS = 0.3


@dataclass(slots=True)
class ReportDecoder:
    """Implements `device_thread.Decoder`; one read is one report.

    A report is its number 2, the count of bytes, three signs of the AIM identifier, 56 bytes of the code, three of
    the maker's own, and in the last byte whether the code goes on in the next report. The identifier is put before
    the code, as scanners at other ports do; zeros there mean that there is none.
    """

    pause_seconds: float = CONTINUE_SECONDS
    longest: int = 4096
    _data: bytes = b""
    _body: bytes = b""
    _last: float = 0.0

    @property
    def deadline(self) -> float | None:
        """When `tick` should be called next; None while no code is half here."""
        return self._last + self.pause_seconds if self._data else None

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Takes one report; other reports than those with codes are nothing."""
        frames = self.tick(now)
        self._last = now
        if not data or data[0] != _DATA_REPORT or len(data) < _FIRST:
            return frames
        count, goes_on = data[1], len(data) > _FLAGS and bool(data[_FLAGS] & 1)
        first = _FIRST if data[_AIM] in b"]\0" else _AIM  # some makers send no identifier, and no room for it
        if count > _MOST or len(data) < first + count:
            return [*frames, *self.flush(Loss.UNFINISHED), Lost(Loss.UNFINISHED, data)]
        if not self._data:
            if not count:
                return frames
            self._body = data[_AIM:first].rstrip(b"\0")
        self._data += data
        self._body += data[first : first + count]
        if len(self._body) > self.longest:
            return frames + self.flush(Loss.TOO_LONG)
        if goes_on:
            return frames
        body, data = self._body.strip(b"\0\r\n"), self._data
        self._data = self._body = b""
        return [*frames, Code(body, data)] if body else frames

    def tick(self, now: float) -> list[Frame]:
        """Gives up a code whose next report does not come."""
        deadline = self.deadline
        return self.flush(Loss.UNFINISHED) if deadline is not None and now >= deadline else []

    def flush(self, why: Loss) -> list[Frame]:
        """Gives up what is held."""
        held, self._data, self._body = self._data, b"", b""
        return [Lost(why, held)] if held else []


def reports_of(code: bytes, aim: str = "]C0") -> list[bytes]:
    """The reports in which a scanner sends a code: for simulated ones."""
    parts = [code[at : at + _MOST] for at in range(0, len(code), _MOST)] or [b""]
    return [
        bytes([_DATA_REPORT, len(part)])
        + aim.encode("ascii").ljust(3, b"\0")
        + part.ljust(_MOST, b"\0")
        + bytes([0, 0, number < len(parts)])
        for number, part in enumerate(parts, start=1)
    ]
