"""A pseudo terminal that is understood at one rate only: at any other both ends hear noise, as on a wire."""

from __future__ import annotations

import sys

from app.devices.simulated.lines import PtyLine

if sys.platform != "win32":
    import termios

NOISE = b"\xf8"


class RatedLine(PtyLine):
    """The device's end talks at `rate` baud; the station's end talks as it was opened."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        super().__init__()

    @property
    def _agreed(self) -> bool:
        slave = self._slave
        return slave is not None and termios.tcgetattr(slave)[4] == getattr(termios, f"B{self._rate}")

    def send(self, data: bytes) -> None:
        """Noise where the rates differ."""
        super().send(data if self._agreed else NOISE * len(data))

    def receive(self, seconds: float) -> bytes:
        """Noise where the rates differ."""
        data = super().receive(seconds)
        return data if self._agreed else NOISE * len(data)
