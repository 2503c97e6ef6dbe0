"""Devices that Linux shows as files: key devices and HID devices; what is plugged in, and how one is read."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from app.devices.device_thread import OpenDevice, RefusedError
from app.devices.ready_file import ReadyFile
from app.devices.serial_ports import FoundPort, PortSeeker

if sys.platform != "win32":
    import fcntl

SYS_INPUT, DEV_INPUT = Path("/sys/class/input"), Path("/dev/input")
SYS_HIDRAW, DEV = Path("/sys/class/hidraw"), Path("/dev")
_EVIOCGRAB = 0x40044590
_KEY_1, _KEY_ENTER = 2, 28
_GONE = (errno.ENOENT, errno.ENODEV, errno.ENXIO)

OpenNode = Callable[[str], int]
Prepare = Callable[[int], None]


def grab(node: int) -> None:
    """Takes a key device for us alone: its keys reach no window. Raises OSError when somebody else has it."""
    if sys.platform != "win32":
        try:
            fcntl.ioctl(node, _EVIOCGRAB, 1)
        except OSError as error:
            if error.errno != errno.ENOTTY:  # the pipe of a simulated scanner: no window gets its keys
                raise


def leave(node: int) -> None:
    """Nothing is to be prepared."""


def open_node(path: str) -> int:
    """Opens a device file for reading. Raises OSError."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


class FileDevice:
    """Implements `device_thread.OpenDevice` over an open device file."""

    def __init__(self, name: str, node: int, most: int) -> None:
        """`most` bytes are read at once: of a HID device that is one report."""
        self.name, self._node = name, node
        self._ready = ReadyFile(node, most)

    def read(self, seconds: float) -> bytes:
        """What has come."""
        return self._ready.read(seconds)

    def wake(self) -> None:
        """Ends a wait."""
        self._ready.wake()

    def close(self) -> None:
        """Gives it free; a grab ends with it."""
        os.close(self._node)
        self._ready.close()


def open_found(seeker: PortSeeker, opener: OpenNode) -> tuple[str, int] | None:
    """Path and open file of the device that is sought; None while it is away. Raises RefusedError when it may not be
    opened."""
    path = seeker.find()
    if path is None:
        return None
    try:
        return path, opener(path)
    except OSError as error:
        if error.errno in _GONE:
            return None
        raise RefusedError(error.strerror or str(error)) from error


class FileSource:
    """Implements `device_thread.Source` for device files."""

    def __init__(self, seeker: PortSeeker, most: int, prepare: Prepare, opener: OpenNode = open_node) -> None:
        """`prepare` is called with the open file, and may raise OSError: a grab, for example."""
        self._seeker, self._most, self._prepare, self._opener = seeker, most, prepare, opener

    def open(self) -> OpenDevice | None:
        """The open device, for us alone."""
        found = open_found(self._seeker, self._opener)
        if found is None:
            return None
        path, node = found
        try:
            self._prepare(node)
        except OSError as error:
            os.close(node)
            if error.errno in _GONE:
                return None
            raise RefusedError(error.strerror or str(error)) from error
        self._seeker.opened(path)
        _drain(node, self._most)
        return FileDevice(path, node, self._most)


def _drain(node: int, most: int) -> None:
    """What was sent before we listened is nothing."""
    with contextlib.suppress(OSError):
        while os.read(node, most):
            pass


def list_key_devices(sys_input: Path = SYS_INPUT, dev_input: Path = DEV_INPUT) -> list[FoundPort]:
    """The key devices of this computer, keyboards as well as scanners that type."""
    found: list[FoundPort] = []
    for node in sorted(sys_input.glob("event*")):
        words = _line(node / "device/capabilities/key").split()
        low = _hex(words[-1]) if words else None
        if low is None or not (low >> _KEY_1 & 1 and low >> _KEY_ENTER & 1):
            continue
        vid, pid = _hex(_line(node / "device/id/vendor")), _hex(_line(node / "device/id/product"))
        serial = _line(node / "device/uniq") or None
        found.append(FoundPort(str(dev_input / node.name), vid, pid, serial, _line(node / "device/name")))
    return found


def list_hid_devices(usage_page: int, sys_hidraw: Path = SYS_HIDRAW, dev: Path = DEV) -> list[FoundPort]:
    """The HID devices of this computer whose reports speak of a usage page: 0x8C scanners, 0x8D scales."""
    found: list[FoundPort] = []
    for node in sorted(sys_hidraw.glob("hidraw*")):
        try:
            descriptor = (node / "device/report_descriptor").read_bytes()
        except OSError:
            continue
        facts = dict(line.split("=", 1) for line in _text(node / "device/uevent").splitlines() if "=" in line)
        numbers = [_hex(part) for part in facts.get("HID_ID", "").split(":")]
        if has_usage_page(descriptor, usage_page) and len(numbers) == 3:
            serial = facts.get("HID_UNIQ") or None
            found.append(FoundPort(str(dev / node.name), numbers[1], numbers[2], serial, facts.get("HID_NAME", "")))
    return found


def has_usage_page(descriptor: bytes, usage_page: int) -> bool:
    """Whether a report descriptor names that usage page, item by item."""
    at = 0
    while at < len(descriptor):
        item = descriptor[at]
        if item == 0xFE:  # a long item says its own length
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        size = (0, 1, 2, 4)[item & 3]
        if item & 0xFC == 0x04 and int.from_bytes(descriptor[at + 1 : at + 1 + size], "little") == usage_page:
            return True
        at += 1 + size
    return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _line(path: Path) -> str:
    return _text(path).strip()


def _hex(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None
