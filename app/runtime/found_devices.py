"""Looks for devices and tries them on threads of their own, so that no screen waits for a port or a print queue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.domain.errors import PickwickError
from app.domain.words import say
from app.presenters.found_devices import FoundDevice, FoundUse, Going, Tried

LOG = logging.getLogger(__name__)
Post = Callable[[Callable[[], None]], None]


class FinderBehind:
    """Implements `presenters.found_devices.DeviceFinder`. Called on the presenter's thread."""

    def __init__(
        self,
        find: Callable[[], tuple[FoundDevice, ...]],
        try_out: Callable[[FoundUse, Going], Tried],
        post: Post,
    ) -> None:
        """`find` and `try_out` may take seconds; `post` runs something on the presenter's thread."""
        self._find, self._try, self._post = find, try_out, post
        self._looking = False

    def look(self, then: Callable[[tuple[FoundDevice, ...]], None]) -> None:
        """One look at a time."""
        if self._looking:
            return
        self._looking = True

        def found(devices: tuple[FoundDevice, ...] | None) -> None:
            self._looking = False
            if devices is not None:
                then(devices)

        def work() -> None:
            devices: tuple[FoundDevice, ...] | None = None
            try:
                devices = self._find()
            except Exception:  # a system that lists nothing right now must not end the looking
                LOG.exception("devices could not be listed")
            self._post(lambda: found(devices))

        threading.Thread(target=work, name="find devices", daemon=True).start()

    def try_out(self, use: FoundUse, then: Callable[[Tried], None], told: Callable[[str], None]) -> Callable[[], None]:
        """Tries one, and says what came of it, whatever happens; gives what stops it."""
        stopped = threading.Event()
        going = _Going(stopped, lambda words: self._post(lambda: None if stopped.is_set() else told(words)))

        def work() -> None:
            try:
                tried = self._try(use, going)
            except PickwickError as error:
                tried = Tried("", say(error.code, **error.values))
            except Exception as error:  # the operator waits for an answer
                LOG.exception("trying %s failed", use.uri)
                tried = Tried("", say("devices_screen.tried.fault", what=type(error).__name__))
            if stopped.is_set():
                tried = Tried("", say("devices_screen.tried.stopped"))
            self._post(lambda: then(tried))

        threading.Thread(target=work, name="try device", daemon=True).start()
        return stopped.set


class _Going:
    """Implements `presenters.found_devices.Going`."""

    def __init__(self, stopped: threading.Event, tell: Callable[[str], None]) -> None:
        self._stopped, self.tell = stopped, tell

    def over(self, seconds: float) -> bool:
        """Waits, unless it is given up."""
        return self._stopped.wait(seconds)
