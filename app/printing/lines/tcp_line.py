"""A network port, usually 9100."""

from __future__ import annotations

import contextlib
import socket
import time

from app.domain.print_ports import PrinterUnreachable
from app.printing.lines.line import LineBroke, LineBusy

CONNECT_SECONDS = 4.0
HANG_UP_SECONDS = 0.4
CHUNK = 65536


class TcpLine:
    """One connection."""

    tells_silence_from_absence = True

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Connects. Raises PrinterUnreachable, LineBusy for a refusal."""
        host, port = self._address
        try:
            self._socket = socket.create_connection(self._address, CONNECT_SECONDS)
        except TimeoutError as error:
            raise PrinterUnreachable("printing.no_answer", host=host, port=port) from error
        except ConnectionRefusedError as error:
            raise LineBusy("printing.refused", host=host, port=port) from error
        except (socket.gaierror, UnicodeError) as error:
            raise PrinterUnreachable("printing.unknown_host", host=host) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise PrinterUnreachable("printing.no_way", host=host, port=port, reason=reason) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, seconds: float) -> None:
        """All of it, however slowly the printer reads."""
        line, rest = self._open(), memoryview(data)
        while rest:
            try:
                line.settimeout(seconds)
                rest = rest[line.send(rest[:CHUNK]) :]
            except OSError as error:
                raise LineBroke(str(error), sent=len(rest) < len(data)) from error

    def receive(self, seconds: float) -> bytes:
        """What came; a printer that hung up has broken the line."""
        line = self._open()
        try:
            line.settimeout(max(seconds, 0.000_1))
            data = line.recv(CHUNK)
        except TimeoutError:
            return b""
        except OSError as error:
            raise LineBroke(str(error)) from error
        if not data:
            raise LineBroke("hung up")
        return data

    def under_way(self, count: int) -> float:
        """Nothing worth waiting for."""
        return 0.0

    def finish(self, seconds: float) -> None:
        """Says that no more comes, and waits for the printer to hang up too: a reset means that it did not read all."""
        line, until = self._open(), time.monotonic() + min(seconds, HANG_UP_SECONDS)
        try:
            line.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                line.settimeout(left)
                if not line.recv(CHUNK):
                    return
        except TimeoutError:
            return
        except OSError as error:
            raise LineBroke(str(error), sent=True) from error

    def close(self) -> None:
        """Hangs up."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise LineBroke("not open")
        return self._socket
