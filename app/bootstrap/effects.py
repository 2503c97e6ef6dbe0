"""What a station does behind its answers, read and made on a thread of its own: no first screen waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.domain.outcomes import Change

if TYPE_CHECKING:
    from app.runtime.background import Background


class Effects:
    """The background of a station; whoever wants it first makes it."""

    def __init__(self, make: Callable[[], Background]) -> None:
        self._make = make
        self._made: Background | None = None
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def background(self) -> Background:
        """Made now, if it is not there yet."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def start(self) -> None:
        """Settles what an earlier run left and waits for work; returns at once."""
        threading.Thread(target=self._start, name="effects-start", daemon=True).start()

    def stop(self) -> None:
        """Ends after what is in hand; the rest is rows and goes on at the next start."""
        with self._lock:
            self._stopped = True
            made = self._made
        if made is not None:
            made.stop()

    def carry_out(self, effects: Iterable[Change]) -> None:
        """Takes effects of a committed use case."""
        self.background.carry_out(effects)

    def _start(self) -> None:
        background = self.background
        with self._lock:
            if not self._stopped:
                background.start()
