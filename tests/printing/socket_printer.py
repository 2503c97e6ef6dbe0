"""A printer on a TCP port for tests: a real server, which plays the good and the bad ways that printers have."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field

from app.domain.print_ports import PrinterState, PrinterStatus
from app.printing.zebra_status import answer

READY = PrinterStatus(PrinterState.READY)


@dataclass
class SocketPrinter:
    """Answers `~HS` when it speaks, byte by byte when `slow`; keeps what each connection sent besides."""

    status: PrinterStatus = READY
    speaks: bool = True
    in_pieces: bool = False
    hangs_up_on_question: bool = False
    resets_during_job: bool = False
    busy_answers: int = 0
    """How many answers after a job still say that one label waits."""
    received: list[bytes] = field(default_factory=list)
    questions: int = 0
    idle: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> SocketPrinter:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):  # wakes the thread that accepts; not every system allows it
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    @property
    def uri(self) -> str:
        return f"tcp://127.0.0.1:{self.port}?language=zpl"

    def jobs(self, count: int) -> list[bytes]:
        """What came, once `count` connections have ended."""
        for _ in range(500):
            if len(self.received) >= count:
                return [data for data in self.received if data]
            self.idle.wait(0.02)
            self.idle.clear()
        raise AssertionError(f"only {len(self.received)} connections ended")

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._server.accept()
            except OSError:
                return
            with line:
                self._talk(line)
            self.idle.set()

    def _talk(self, line: socket.socket) -> None:
        kept = b""
        try:
            while piece := line.recv(65536):
                asked = piece.count(b"~HS\r\n")
                kept += piece.replace(b"~HS\r\n", b"").replace(b"~HQES\r\n", b"")  # an older one: ignores what it lacks
                if kept and self.resets_during_job:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                    break
                if asked and self.hangs_up_on_question:
                    break
                for _ in range(asked):
                    self._answer(line, after_job=bool(kept))
        except OSError:
            pass
        self.received.append(kept)

    def _answer(self, line: socket.socket, after_job: bool) -> None:
        self.questions += 1
        if not self.speaks:
            return
        status = self.status
        if after_job and self.busy_answers:
            self.busy_answers -= 1
            status = PrinterStatus(PrinterState.READY, waiting=1)
        reply = answer(status)
        for piece in [reply[i : i + 1] for i in range(len(reply))] if self.in_pieces else [reply]:
            line.sendall(piece)
