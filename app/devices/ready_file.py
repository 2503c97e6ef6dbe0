"""Waits for bytes of an open file and takes all that is there: two calls of the system for a whole code."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import threading


class ReadyFile:
    """Reads what never blocks: a device file or a port, on systems where files can be waited for (not on Windows)."""

    def __init__(self, node: int, most: int) -> None:
        """`most` bytes are read at once. The file stays its owner's, who closes it."""
        self._node, self._most = node, most
        self._woken, self._waker = os.pipe()
        self._both = [node, self._woken]
        self._closing, self._closed = threading.Lock(), False

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long; empty when nothing came. Raises OSError when the device is gone."""
        ready = select.select(self._both, (), (), seconds)[0]
        if self._woken in ready:
            os.read(self._woken, 1)
        if self._node not in ready:
            return b""
        try:
            data = os.read(self._node, self._most)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data

    def wake(self) -> None:
        """Ends a wait, from another thread; nothing once it is closed, when its number may be another file's."""
        with self._closing, contextlib.suppress(OSError):
            if not self._closed:
                os.write(self._waker, b"x")

    def close(self) -> None:
        """No more is read."""
        with self._closing:
            self._closed = True
            os.close(self._woken)
            os.close(self._waker)
