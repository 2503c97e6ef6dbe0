"""Time and ids, as ports, so that tests and the demo can hold them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, in UTC, to the millisecond, which is what the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class IdMaker:
    """Makes gesture ids: 32 hex digits that sort by time (UUID version 7), unique over all stations."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        """A new id, later than every one made here before."""
        with self._lock:
            stamp = max(time.time_ns() // 1_000_000, self._last)
            self._last = stamp
        tail = int.from_bytes(os.urandom(10), "big")
        value = (stamp & 0xFFFFFFFFFFFF) << 80 | tail
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return f"{value:032x}"
