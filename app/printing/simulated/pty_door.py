"""A simulated printer behind a pseudo terminal; not on Windows, which has none."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import tty
from pathlib import Path
from types import TracebackType

from app.printing.simulated.doors import CHUNK, LOOK_SECONDS, pieces
from app.printing.simulated.tongues import Tongue
from app.printing.simulated.twin import LineDropped, PrinterTwin


class PtyDoor:
    """To the other side it is a serial port, or the kernel's printer device. A dropped line is a pulled plug."""

    def __init__(self, twin: PrinterTwin, link: Path | None = None) -> None:
        """`link` is a name that stays the same when the terminal gets another one after a plug was pulled."""
        self._twin, self._link = twin, link
        self._stop = threading.Event()
        self._tongue: Tongue = twin.tongue()
        self._plug_in()
        self._thread = threading.Thread(target=self._serve, name="printer twin", daemon=True)

    @property
    def path(self) -> Path:
        """The device file to open."""
        return self._link or self._path

    @property
    def serial_uri(self) -> str:
        """The address of the printer on a serial port."""
        return f"serial://{self.path}?baud=115200&language={self._twin.language}"

    @property
    def usb_uri(self) -> str:
        """The address of the printer as a printer device."""
        return f"usb://{self.path}?language={self._twin.language}"

    def __enter__(self) -> PtyDoor:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Pulls the plug for good."""
        self._stop.set()
        self._thread.join(10)
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    def _plug_in(self) -> None:
        self._own, other = pty.openpty()
        tty.setraw(self._own)
        tty.setraw(other)
        self._path = Path(os.ttyname(other))
        self._other = other  # kept open, so that the terminal stays when the printer's user closes it
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self._path)

    def _pull(self) -> None:
        os.close(self._own)
        os.close(self._other)

    def _serve(self) -> None:
        while not self._stop.is_set():
            if not select.select([self._own], [], [], LOOK_SECONDS)[0]:
                continue
            try:
                said = self._twin.hear(self._tongue, os.read(self._own, CHUNK))
            except LineDropped:
                self._pull()
                self._plug_in()
                self._twin.end(self._tongue, broken=True)
                continue
            self._say(said)
        self._twin.end(self._tongue, broken=True)
        self._pull()

    def _say(self, said: bytes) -> None:
        with contextlib.suppress(OSError):
            for piece in pieces(self._twin, said, self._stop):
                while piece and not self._stop.is_set():
                    piece = piece[os.write(self._own, piece) :]
