"""Scanners without hardware that are files to Linux: one that types, one that sends HID reports, both over a pipe."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from app.devices.hid_reports import reports_of
from app.devices.input_keys import press


class PipeLine:
    """Implements `lines.Line` as a named pipe, which stands for a device file; not on Windows."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the pipe cannot be made."""
        self._path = path
        self._lock = threading.Lock()
        self._pipe: int | None = None
        self.plug_in()

    @property
    def port(self) -> str:
        """Path of the pipe."""
        return str(self._path)

    @property
    def uri(self) -> str:
        """The `evdev:` address."""
        return f"evdev:{self._path}"

    def send(self, data: bytes) -> None:
        """Writes into the pipe what fits in."""
        with self._lock:
            if self._pipe is not None:
                with contextlib.suppress(BlockingIOError):
                    os.write(self._pipe, data)

    def receive(self, seconds: float) -> bytes:
        """A station sends nothing to it."""
        return b""

    def unplug(self) -> None:
        """The file is gone, and whoever reads it gets its end."""
        with self._lock:
            if self._pipe is not None:
                os.close(self._pipe)
                self._pipe = None
            self._path.unlink(missing_ok=True)

    def plug_in(self) -> None:
        """The file is there again."""
        self.unplug()
        with self._lock:
            os.mkfifo(self._path, 0o600)
            # Both ends, so that the pipe lives while the station has it closed.
            self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def close(self) -> None:
        """Ends it for good."""
        self.unplug()


class SimKeyScanner:
    """Types each code as a US keyboard does; `ends` stands behind it."""

    def __init__(self, line: PipeLine, ends: str = "\r") -> None:
        self.line, self.ends = line, ends

    def scan(self, code: str) -> bytes:
        """Reads one code; gives the bytes that were sent."""
        data = press(code, ends=self.ends)
        self.line.send(data)
        return data

    def half(self, code: str) -> bytes:
        """Types the first half of a code, and breaks off within an event; gives what is still to come."""
        data = press(code, ends=self.ends)
        middle = len(data) // 2 + 5
        self.line.send(data[:middle])
        return data[middle:]


class SimHidScanner:
    """Sends each code as HID reports, with its AIM identifier."""

    def __init__(self, line: PipeLine, aim: str = "]C0") -> None:
        self.line, self.aim = line, aim

    def scan(self, code: str) -> bytes:
        """Reads one code; gives the bytes that were sent."""
        reports = reports_of(code.encode(), self.aim)
        for report in reports:
            self.line.send(report)
        return b"".join(reports)

    def half(self, code: str) -> bytes:
        """Sends the first report of a long code only; gives what is still to come."""
        reports = reports_of(code.encode(), self.aim)
        self.line.send(reports[0])
        return b"".join(reports[1:])
