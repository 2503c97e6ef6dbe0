"""Where a simulated printer listens on the network, and the way in which it gives its answers."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType

from app.printing.simulated.conditions import TwinAnswers, TwinCondition
from app.printing.simulated.twin import LineDropped, PrinterTwin

CHUNK = 65536
LOOK_SECONDS = 0.05
"""How often a door looks whether the twin was told to close or to open it."""
PIECE_SECONDS = 0.001
RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing breaks the connection instead of ending it."""


class TcpDoor:
    """A network port, by default any free one of this machine. One connection at a time, as printers do."""

    def __init__(self, twin: PrinterTwin, host: str = "127.0.0.1", port: int = 0, *, refuses_second: bool = False):
        """With `refuses_second` another connection is refused while one is open; otherwise it waits for its turn."""
        self._twin, self._host, self._refuses_second = twin, host, refuses_second
        self._server: socket.socket | None = socket.create_server((host, port))
        self.port: int = self._server.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer twin", daemon=True)

    @property
    def uri(self) -> str:
        """The address of the printer."""
        return f"tcp://{self._host}:{self.port}?language={self._twin.language}"

    def __enter__(self) -> TcpDoor:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops listening; an open connection ends."""
        self._stop.set()
        self._thread.join(10)

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._listen(self._twin.condition is not TwinCondition.REFUSES)
            if self._server is None or not select.select([self._server], [], [], LOOK_SECONDS)[0]:
                self._stop.wait(LOOK_SECONDS if self._server is None else 0)
                continue
            line, _address = self._server.accept()
            self._listen(not self._refuses_second)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with line:
                self._talk(line)
        self._listen(False)

    def _listen(self, wanted: bool) -> None:
        if wanted and self._server is None:
            with contextlib.suppress(OSError):  # tried again at the next look
                self._server = socket.create_server((self._host, self.port))
        elif not wanted and self._server is not None:
            self._server.close()
            self._server = None

    def _talk(self, line: socket.socket) -> None:
        tongue, broken = self._twin.tongue(), False
        try:
            while not self._stop.is_set():
                if not select.select([line], [], [], LOOK_SECONDS)[0]:
                    continue
                data = line.recv(CHUNK)
                if not data:
                    break
                self._answer(line, self._twin.hear(tongue, data))
        except LineDropped:
            broken = True
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        except OSError:
            broken = True
        self._twin.end(tongue, broken)

    def _answer(self, line: socket.socket, said: bytes) -> None:
        for piece in pieces(self._twin, said, self._stop):
            line.sendall(piece)


def pieces(twin: PrinterTwin, said: bytes, stop: threading.Event) -> Iterator[bytes]:
    """The answer as the twin was told to give it: whole, byte by byte, or only after a while."""
    if said and twin.answers is TwinAnswers.LATE:
        stop.wait(twin.late_seconds)
    if twin.answers is not TwinAnswers.IN_PIECES:
        yield said
        return
    for at in range(len(said)):
        yield said[at : at + 1]
        stop.wait(PIECE_SECONDS)
