"""The kernel's printer device (`/dev/usb/lp0`): read and written without blocking, found by what is plugged in."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.print_ports import PrinterUnreachable
from app.printing.lines.line import LineBroke, LineBusy

CHUNK = 16384
WAIT_SECONDS = 0.005
STALE_SECONDS = 0.5
"""What lies unread is thrown away for so long."""
_FLAGS = os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_GONE = (errno.ENOENT, errno.ENODEV, errno.ENXIO)


class DeviceLine:
    """One device file. `find` gives its path at each opening, because another port gives it another name."""

    tells_silence_from_absence = False

    def __init__(self, find: Callable[[], Path]) -> None:
        """`find` raises PrinterUnreachable when nothing fits."""
        self._find = find
        self._file: int | None = None

    def open(self) -> None:
        """Opens it for both directions. Raises PrinterUnreachable, LineBusy when another program has it."""
        path = self._find()
        try:
            self._file = os.open(path, _FLAGS)
        except OSError as error:
            raise refusal(str(path), error) from error
        until = time.monotonic() + STALE_SECONDS
        with contextlib.suppress(LineBroke):  # the first real use says what is wrong
            while self.receive(0) and time.monotonic() < until:
                pass

    def send(self, data: bytes, seconds: float) -> None:
        """All of it, as fast as the printer takes it."""
        rest = memoryview(data)
        while rest:
            try:
                if not self._wait(select.POLLOUT, seconds):
                    raise LineBroke("takes no more", sent=len(rest) < len(data))
                rest = rest[os.write(self._open(), rest[:CHUNK]) :]
            except BlockingIOError:
                continue
            except (OSError, LineBroke) as error:
                raise LineBroke(str(error), sent=len(rest) < len(data)) from error

    def receive(self, seconds: float) -> bytes:
        """What came. No bytes although some were announced is silence too: printers end a transfer so."""
        until = time.monotonic() + seconds
        while seen := self._wait(select.POLLIN, max(0.0, until - time.monotonic())):
            try:
                if data := os.read(self._open(), CHUNK):
                    return data
                if seen & select.POLLHUP:
                    raise LineBroke("unplugged")
            except BlockingIOError:
                pass
            except OSError as error:
                raise LineBroke(str(error)) from error
            if time.monotonic() >= until:
                break
            time.sleep(WAIT_SECONDS)
        return b""

    def under_way(self, count: int) -> float:
        """Nothing worth waiting for."""
        return 0.0

    def finish(self, seconds: float) -> None:
        """Waits until the device takes more: closing it earlier would throw away what is still under way."""
        try:
            taken = self._wait(select.POLLOUT, seconds)
        except LineBroke as error:
            raise LineBroke(str(error), sent=True) from error
        if not taken:
            raise LineBroke("takes no more", sent=True)

    def _wait(self, event: int, seconds: float) -> int:
        """What poll tells, with the event when it came in time, else 0. Raises LineBroke when it was unplugged."""
        poll = select.poll()
        poll.register(self._open(), event)
        happened = poll.poll(seconds * 1000)
        seen = happened[0][1] if happened else 0
        if seen & (select.POLLHUP | select.POLLERR | select.POLLNVAL) and not seen & event & select.POLLIN:
            raise LineBroke("unplugged")
        return seen if seen & event else 0

    def close(self) -> None:
        """Lets go of it."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None

    def _open(self) -> int:
        if self._file is None:
            raise LineBroke("not open")
        return self._file


def refusal(device: str, error: OSError) -> PrinterUnreachable:
    """Why a device cannot be opened, in words."""
    if error.errno in _GONE or isinstance(error, FileNotFoundError):
        return PrinterUnreachable("printing.device_missing", device=device)
    if error.errno == errno.EBUSY:
        return LineBusy("printing.device_busy", device=device)
    if isinstance(error, PermissionError):
        return PrinterUnreachable("printing.device_closed", device=device)
    return PrinterUnreachable("printing.device_failed", device=device, reason=error.strerror or str(error))
