"""Serial ports: what is plugged in, which of them is ours, and how it is opened."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import serial
from serial.tools import list_ports

from app.devices.device_thread import RefusedError
from app.devices.ready_file import ReadyFile

if sys.platform != "win32":
    import termios

    # What the system says to settings that a port has not, or of one that was pulled; pyserial passes it on as it is.
    _SettingError: type[Exception] = termios.error
else:
    _SettingError = OSError

NETWORK = ("socket", "rfc2217")
WRITE_SECONDS = 1.0
MOST_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A port that the system knows. `vid`, `pid` and `serial` are those of its USB device, where it is one."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial: str | None = None
    name: str = ""


ListPorts = Callable[[], Sequence[FoundPort]]


def list_serial_ports() -> list[FoundPort]:
    """The serial ports of this computer."""
    return [
        FoundPort(port.device, port.vid, port.pid, port.serial_number, port.product or port.description or "")
        for port in list_ports.comports()
    ]


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How bytes go over the wire; both ends must agree. `parity` is a letter: N, E, O, M or S."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: float = 1
    flow: str = "none"


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """The maker, kind and number of a USB device; None for what is not known or does not matter."""

    vid: int
    pid: int | None = None
    serial: str | None = None

    def fits(self, port: FoundPort) -> bool:
        """Whether that port is this device."""
        return (
            port.vid == self.vid
            and self.pid in (None, port.pid)
            and (self.serial is None or self.serial == port.serial)
        )


class PortSeeker:
    """Knows where a device is: at its path, or, once it is known, wherever it was plugged in again."""

    def __init__(self, path: str, identity: UsbIdentity | None, ports: ListPorts) -> None:
        """One of path and identity may be missing; the identity behind a path is learned when it is opened."""
        self._path, self._identity, self._ports = path, identity, ports
        self._others: frozenset[str] = frozenset()

    def find(self) -> str | None:
        """The port to open; None while the device is not there."""
        if self._identity is None:
            return self._path
        ports = self._ports()
        fitting = [port.device for port in ports if self._identity.fits(port) and port.device not in self._others]
        if self._path and any(_same(device, self._path) for device in fitting):
            return self._path
        if len(fitting) == 1 or (fitting and not self._path):
            return fitting[0]
        known = any(_same(port.device, self._path) for port in ports)
        # What the system's list does not hold (a pseudo terminal) is taken by its path; another device is not.
        return self._path if self._path and not fitting and not known else None

    def opened(self, device: str) -> None:
        """Remembers what stands at that port, so that it is known at another one."""
        ports = self._ports()
        if self._identity is None:
            for port in ports:
                if _same(port.device, device) and port.vid is not None:
                    self._identity = UsbIdentity(port.vid, port.pid, port.serial)
        identity = self._identity
        if identity is not None and identity.serial is None:
            # Twins without a number: those that are there beside ours are not ours when it comes back.
            self._others = frozenset(
                port.device for port in ports if identity.fits(port) and not _same(port.device, device)
            )
        self._path = self._path or device


class SerialPort(Protocol):
    """The part of a pyserial port that is used here."""

    timeout: float | None

    @property
    def in_waiting(self) -> int: ...  # noqa: D102

    def read(self, size: int) -> bytes: ...  # noqa: D102

    def write(self, data: bytes) -> int | None: ...  # noqa: D102

    def close(self) -> None: ...  # noqa: D102


class OpenSerial:
    """Implements `device_thread.OpenDevice` over a pyserial port."""

    def __init__(self, name: str, port: SerialPort, *, seven_bits: bool = False, parity: str = "N") -> None:
        """`parity` is made here where the port itself can't: E or O set the highest bit of what is sent."""
        self.name, self._port, self._seven_bits, self._parity = name, port, seven_bits, parity
        self._ready = _ready_file(port)

    def read(self, seconds: float) -> bytes:
        """What has come: the first byte is waited for, what came with it is taken along."""
        data = self._ready.read(seconds) if self._ready is not None else self._read_by_port(seconds)
        return bytes(byte & 0x7F for byte in data) if self._seven_bits else data

    def _read_by_port(self, seconds: float) -> bytes:
        try:
            self._port.timeout = seconds
        except _SettingError as error:
            raise OSError(errno.EIO, str(error)) from error
        data = self._port.read(1)
        while data and (more := self._port.in_waiting):
            data += self._port.read(more)
            if len(data) >= MOST_AT_ONCE:
                break
        return data

    def write(self, data: bytes) -> None:
        """Sends bytes. Raises OSError when the device is gone, or takes nothing for a second."""
        self._port.write(with_parity(data, self._parity) if self._parity in ("E", "O") else data)

    def wake(self) -> None:
        """Ends a wait, where the system can do that."""
        if self._ready is not None:
            self._ready.wake()
            return
        cancel = getattr(self._port, "cancel_read", None)
        if cancel is not None:
            cancel()

    def close(self) -> None:
        """Gives the port free."""
        with contextlib.suppress(OSError, _SettingError):
            self._port.close()
        if self._ready is not None:
            self._ready.close()


def _ready_file(port: SerialPort) -> ReadyFile | None:
    """A port that is a file is read as one: pyserial asks the system six times for a code, and not twice."""
    if sys.platform == "win32" or not isinstance(port, serial.Serial):
        return None
    return ReadyFile(port.fileno(), MOST_AT_ONCE)


class SerialSource:
    """Implements `device_thread.Source` for a port of this computer."""

    def __init__(self, seeker: PortSeeker, settings: LineSettings) -> None:
        self._seeker, self._settings = seeker, settings

    def open(self) -> OpenSerial | None:
        """The open port, for us alone."""
        device = self._seeker.find()
        if device is None:
            return None
        opened = open_port(device, self._settings)
        if opened is not None:
            self._seeker.opened(device)
        return opened


class NetworkSource:
    """Implements `device_thread.Source` for a serial port on the network: `socket://host:port`, `rfc2217://host:port`."""

    def __init__(self, url: str, settings: LineSettings) -> None:
        self._url, self._settings = url, settings

    def open(self) -> OpenSerial | None:
        """The open connection."""
        return open_port(self._url, self._settings)


def open_port(device: str, settings: LineSettings) -> OpenSerial | None:
    """Opens a port or a URL of pyserial; None where there is none. Raises RefusedError where it can't be had."""
    seven_bits, parity = settings.bits == 7, "N"
    try:
        try:
            port = _open(device, settings)
        except _SettingError:
            if not seven_bits:
                raise
            # Terminals without a wire, and some adapters, know eight bits only: the eighth is parity, and made here.
            port, parity = _open(device, replace(settings, bits=8, parity="N")), settings.parity
    except (OSError, ValueError, _SettingError) as error:
        if _is_absent(device, error):
            return None
        raise RefusedError(str(error)) from error
    _keep_alive(port)
    return OpenSerial(device, port, seven_bits=seven_bits, parity=parity)


def _open(device: str, settings: LineSettings) -> SerialPort:
    port: SerialPort = serial.serial_for_url(
        device,
        baudrate=settings.baud,
        bytesize=settings.bits,
        parity=settings.parity,
        stopbits=settings.stop,
        rtscts=settings.flow == "rtscts",
        xonxoff=settings.flow == "xonxoff",
        timeout=0.1,
        write_timeout=None if device.startswith("rfc2217:") else WRITE_SECONDS,  # which has none
        exclusive=True,
    )
    try:
        port.timeout = 0.05  # shows whether the settings were really taken: opening says yes when some of them were
    except _SettingError:
        port.close()
        raise
    return port


def with_parity(data: bytes, parity: str) -> bytes:
    """Seven-bit bytes with their parity, E or O, as the highest bit."""
    odd = parity == "O"
    return bytes((byte & 0x7F) | (0x80 if (byte & 0x7F).bit_count() % 2 != odd else 0) for byte in data)


def _is_absent(device: str, error: Exception) -> bool:
    """Whether there is nothing to open, rather than something that we may not open."""
    if device.partition("://")[0] in NETWORK:
        return True
    code = error.errno if isinstance(error, OSError) else next(iter(error.args), None)
    if code in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO):
        return True
    return "FileNotFoundError" in str(error) or (os.name == "posix" and not os.path.exists(device))  # noqa: PTH110


def _keep_alive(port: object) -> None:
    """Lets the system notice a far end that vanished without a word."""
    connection = getattr(port, "_socket", None)
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 2), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 3)):
            option = getattr(socket, name, None)
            if option is not None:
                connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _same(first: str, second: str) -> bool:
    """Whether two names are one port: a name under `/dev/serial/by-id` is a link."""
    return first.casefold() == second.casefold() or os.path.realpath(first) == os.path.realpath(second)
