"""Where scales are found: a HID device that Linux shows as a file, or through the library that other systems need."""

from __future__ import annotations

import os

from app.devices.device_files import FileDevice, OpenNode, open_found
from app.devices.serial_ports import PortSeeker


def open_both_ways(path: str) -> int:
    """Opens a device file to read and to write. Raises OSError."""
    return os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


class HidFile(FileDevice):
    """Implements `scale_thread.ScalePort` over an open HID device file."""

    def write(self, data: bytes) -> None:
        """Sends one report."""
        os.write(self._node, data)


class HidFileSource:
    """Implements `scale_thread.ScaleSource` for HID device files."""

    def __init__(self, seeker: PortSeeker, most: int, opener: OpenNode = open_both_ways) -> None:
        """`most`: bytes of the longest report."""
        self._seeker, self._most, self._opener = seeker, most, opener

    def open(self) -> HidFile | None:
        """The open device."""
        found = open_found(self._seeker, self._opener)
        if found is None:
            return None
        path, node = found
        self._seeker.opened(path)
        return HidFile(path, node, self._most)
