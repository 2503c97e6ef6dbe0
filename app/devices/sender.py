"""What all scanners share: each text gets its gesture id and its time once, and goes to whoever listens."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.domain.clock import Clock
from app.domain.device_ports import DeviceChange, DeviceNotice, OnNotice, OnScan, Scan


class Sender:
    """Gives each text a gesture id and a time, and hands it to the receiver while there is one."""

    def __init__(self, uri: str, make_id: Callable[[], str], clock: Clock) -> None:
        self._uri = uri
        self._make_id = make_id
        self._clock = clock
        self._lock = threading.RLock()  # a receiver may stop the scanner that calls it
        self._on_scan: OnScan | None = None
        self._on_notice: OnNotice | None = None

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""
        return self._uri

    def start(self, on_scan: OnScan, on_notice: OnNotice | None = None) -> None:
        """From now on every scan goes to `on_scan`, and what the operator has to know to `on_notice`."""
        with self._lock:
            self._on_scan, self._on_notice = on_scan, on_notice

    def stop(self) -> None:
        """No scan is sent any more."""
        with self._lock:
            self._on_scan = self._on_notice = None

    def _send(self, text: str, data: bytes = b"") -> Scan | None:
        """Hands on one text; the lock keeps the order, and makes stop() a line that no scan crosses."""
        with self._lock:
            if self._on_scan is None:
                return None
            scan = Scan(self._make_id(), text, self._uri, self._clock(), data)
            self._on_scan(scan)
            return scan

    def _tell(self, change: DeviceChange, detail: str = "", data: bytes = b"") -> None:
        """Says what the operator has to know."""
        with self._lock:
            if self._on_notice is not None:
                self._on_notice(DeviceNotice(self._uri, change, self._clock(), detail, data))
