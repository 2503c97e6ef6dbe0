"""A serial port: RS-232, USB with a serial chip, or one behind a network (`rfc2217://`)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import serial

from app.domain.print_ports import PrinterUnreachable
from app.printing.lines.device_line import refusal
from app.printing.lines.line import LineBroke, LineBusy

CHUNK = 1024
WAIT_SECONDS = 0.005
LOOK_SECONDS = 0.02
"""How long one read waits. It stays the same: a port behind a network negotiates everything anew when it is changed."""


@dataclass(frozen=True, slots=True)
class SerialForm:
    """How bytes go over the wire; both sides have to agree."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: int = 1
    flow: str = "none"
    """`none`, `xonxoff`, `rtscts` or `dsrdtr`."""


class SerialLine:
    """One port. `find` gives its name or URL at each opening."""

    tells_silence_from_absence = False

    def __init__(self, find: Callable[[], str], form: SerialForm) -> None:
        """`find` raises PrinterUnreachable when nothing fits."""
        self._find, self._form = find, form
        self._port: serial.Serial | None = None

    def open(self) -> None:
        """Opens it. Raises PrinterUnreachable, LineBusy when another program has it."""
        name, form = self._find(), self._form
        try:
            self._port = serial.serial_for_url(
                name,
                baudrate=form.baud,
                bytesize=form.bits,
                parity=form.parity,
                stopbits=form.stop,
                xonxoff=form.flow == "xonxoff",
                rtscts=form.flow == "rtscts",
                dsrdtr=form.flow == "dsrdtr",
                timeout=LOOK_SECONDS,
                exclusive=True if "://" not in name else None,
            )
            self._port.reset_input_buffer()
        except (OSError, ValueError) as error:
            self.close()
            raise _refusal(name, error) from error

    def send(self, data: bytes, seconds: float) -> None:
        """All of it; a printer that holds the line with its flow control stops it."""
        port = self._open()
        self._wait_for_writing(port, seconds)
        for start in range(0, len(data), CHUNK):
            try:
                port.write(data[start : start + CHUNK])
            except (OSError, ValueError) as error:
                raise LineBroke(str(error), sent=True) from error

    @staticmethod
    def _wait_for_writing(port: serial.Serial, seconds: float) -> None:
        """A new time-out sets the whole port anew, which one that is gone refuses. Raises LineBroke, nothing sent."""
        if port.write_timeout == seconds:
            return
        try:
            with contextlib.suppress(NotImplementedError):  # a port behind a network has a time-out of its own
                port.write_timeout = seconds
        except (OSError, ValueError) as error:
            raise LineBroke(str(error)) from error

    def receive(self, seconds: float) -> bytes:
        """What came."""
        port, until = self._open(), time.monotonic() + seconds
        try:
            while True:
                if waiting := port.in_waiting:
                    return bytes(port.read(waiting))
                if time.monotonic() >= until:
                    return b""
                if first := port.read(1):
                    return bytes(first + port.read(port.in_waiting))
        except (OSError, ValueError, TypeError) as error:  # TypeError: pyserial, when the port goes while it reads
            raise LineBroke(str(error)) from error

    def under_way(self, count: int) -> float:
        """As long as the wire takes for them: an adapter or a server on the network may have taken them all at once."""
        return count * (1 + self._form.bits + (self._form.parity != "N") + self._form.stop) / self._form.baud

    def finish(self, seconds: float) -> None:
        """Waits until all bytes are on the wire. A port that is closed earlier throws them away."""
        port, until = self._open(), time.monotonic() + seconds
        try:
            while getattr(port, "out_waiting", 0):
                if time.monotonic() >= until:
                    raise LineBroke("the printer holds the line", sent=True)
                time.sleep(WAIT_SECONDS)
        except OSError as error:
            raise LineBroke(str(error), sent=True) from error

    def close(self) -> None:
        """Lets go of it."""
        if self._port is not None:
            with contextlib.suppress(OSError, ValueError):
                self._port.close()
            self._port = None

    def _open(self) -> serial.Serial:
        if self._port is None:
            raise LineBroke("not open")
        return self._port


def _refusal(name: str, error: Exception) -> PrinterUnreachable:
    if isinstance(error, OSError):
        if "exclusively lock" in str(error):
            return LineBusy("printing.device_busy", device=name)
        return refusal(name, error)
    return PrinterUnreachable("printing.device_failed", device=name, reason=str(error))
