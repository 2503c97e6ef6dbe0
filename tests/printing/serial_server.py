"""A serial port behind a network for tests: speaks RFC 2217 and passes the bytes on to a device."""

from __future__ import annotations

import select
import socket
import threading
from pathlib import Path

import serial
from serial.rfc2217 import PortManager


class SerialServer:
    """One connection after the other, as such boxes do."""

    def __init__(self, device: Path) -> None:
        self._device = device
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> SerialServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(10)
        self._server.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            if select.select([self._server], [], [], 0.05)[0]:
                line, _address = self._server.accept()
                with line, _Port(str(self._device), timeout=0) as port:
                    self._talk(line, port)

    def _talk(self, line: socket.socket, port: serial.Serial) -> None:
        manager = PortManager(port, _Writer(line))
        try:
            while not self._stop.is_set():
                readable, _w, _x = select.select([line, port.fileno()], [], [], 0.05)
                if line in readable:
                    data = line.recv(4096)
                    if not data:
                        return
                    port.write(b"".join(manager.filter(data)))
                if port.fileno() in readable:
                    line.sendall(b"".join(manager.escape(port.read(4096))))
        except OSError:
            return


class _Port(serial.Serial):  # type: ignore[misc]
    """A pseudo terminal has no wires besides those for the bytes."""

    cts = dsr = cd = True
    ri = False

    def _update_rts_state(self) -> None:
        pass

    def _update_dtr_state(self) -> None:
        pass


class _Writer:
    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        self._line.sendall(data)
