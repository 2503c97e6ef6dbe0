"""The cables of simulated devices: a pseudo terminal or a socket, which can be pulled and put back.

A line stands for the device's end of the cable. The station opens `uri` with its own drivers, as it would open a
real port.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import threading
from pathlib import Path
from typing import Protocol

if sys.platform != "win32":
    import tty

SEND_SECONDS = 2.0
"""A far end that takes nothing for so long is gone: what it should have got is lost, as on a real cable."""


class Line(Protocol):
    """The device's end of a cable."""

    @property
    def port(self) -> str:
        """What the station opens: a path of a terminal, or `host:port`."""

    @property
    def uri(self) -> str:
        """The address of that port, without options."""

    def send(self, data: bytes) -> None:
        """Puts bytes on the cable; they are lost where nobody is at the other end, or the cable is pulled."""

    def receive(self, seconds: float) -> bytes:
        """What the station sent, waiting at most so long; empty when nothing came."""

    def unplug(self) -> None:
        """Pulls the cable: whoever reads at the other end gets an error."""

    def plug_in(self) -> None:
        """Puts it back; `port` may be another one."""

    def close(self) -> None:
        """Ends it for good."""


class PtyLine:
    """A pseudo terminal, for `serial://` addresses; not on Windows.

    With `link` the terminal is found under that name too, wherever it is plugged in, as under `/dev/serial/by-id`.
    """

    def __init__(self, link: Path | None = None) -> None:
        """Raises OSError where the system has no pseudo terminals."""
        self._link = link
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None
        self._path = ""
        self.plug_in()

    @property
    def port(self) -> str:
        """Path of the terminal as it is plugged in now, or was last."""
        return str(self._link) if self._link is not None else self._path

    @property
    def uri(self) -> str:
        """The `serial://` address."""
        return f"serial://{self.port}"

    def send(self, data: bytes) -> None:
        """Puts bytes on the cable."""
        with self._lock:
            while data and self._master is not None:
                if not select.select([], [self._master], [], SEND_SECONDS)[1]:
                    return
                try:
                    data = data[os.write(self._master, data) :]
                except BlockingIOError:
                    continue

    def receive(self, seconds: float) -> bytes:
        """What the station sent."""
        with self._lock:
            if self._master is None or not select.select([self._master], [], [], seconds)[0]:
                return b""
            try:
                return os.read(self._master, 4096)
            except OSError:
                return b""

    def unplug(self) -> None:
        """Pulls the cable."""
        with self._lock:
            for end in (self._master, self._slave):
                if end is not None:
                    os.close(end)
            self._master = self._slave = None
            if self._link is not None:
                self._link.unlink(missing_ok=True)

    def plug_in(self) -> None:
        """Puts it back, as a new terminal."""
        if sys.platform == "win32":
            raise OSError("there are no pseudo terminals on Windows")
        self.unplug()
        with self._lock:
            # Our own hold on the far end keeps the terminal alive while the station has it closed.
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self._path = os.ttyname(self._slave)
            if self._link is not None:
                self._link.symlink_to(self._path)

    def close(self) -> None:
        """Ends it for good."""
        self.unplug()


class SocketLine:
    """A socket that waits for the station, for `socket://` addresses; works on every system."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Port 0: the system chooses one. Raises OSError when the port is taken."""
        self._host, self._number = host, port
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._far: socket.socket | None = None
        self.plug_in()

    @property
    def port(self) -> str:
        """Host and port."""
        return f"{self._host}:{self._number}"

    @property
    def uri(self) -> str:
        """The `socket://` address."""
        return f"socket://{self.port}"

    @property
    def connected(self) -> bool:
        """Whether a station has called and did not hang up."""
        with self._lock:
            if self._far is not None and _hung_up(self._far):
                self._far.close()
                self._far = None
            return self._far is not None

    def send(self, data: bytes) -> None:
        """Puts bytes on the cable."""
        far = self._far
        if far is not None:
            with contextlib.suppress(OSError):
                far.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """What the station sent."""
        far = self._far
        if far is None:
            return b""
        try:
            return far.recv(4096) if select.select([far], [], [], seconds)[0] else b""
        except (OSError, ValueError):
            return b""

    def unplug(self) -> None:
        """Hangs up, and takes no new call."""
        with self._lock:
            listener, self._listener = self._listener, None
            far, self._far = self._far, None
        for end in (listener, far):
            if end is not None:
                _hang_up(end)

    def plug_in(self) -> None:
        """Takes calls again, at the same port."""
        self.unplug()
        listener = socket.create_server((self._host, self._number), reuse_port=False)
        self._number = int(listener.getsockname()[1])
        with self._lock:
            self._listener = listener
        threading.Thread(target=self._take_calls, args=(listener,), name="simulated-line", daemon=True).start()

    def close(self) -> None:
        """Ends it for good."""
        self.unplug()

    def _take_calls(self, listener: socket.socket) -> None:
        """One station at a time: a new call ends the one before."""
        while True:
            try:
                far, _ = listener.accept()
            except OSError:
                return
            far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                if self._listener is not listener:
                    far.close()
                    return
                before, self._far = self._far, far
            if before is not None:
                _hang_up(before)


def _hung_up(end: socket.socket) -> bool:
    try:
        return bool(select.select([end], [], [], 0)[0]) and not end.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
