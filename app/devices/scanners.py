"""Scanners that need no driver: the one that types like a keyboard, and the simulated one that ships."""

from __future__ import annotations

from collections.abc import Callable

from app.devices.sender import Sender
from app.devices.wedge import Scanned, Typed, Verdict, WedgeDetector
from app.domain.clock import Clock
from app.domain.device_ports import DeviceChange, DeviceState, Scan
from app.domain.keyboard_layouts import composed
from app.domain.keys import Key


class KeyboardScanner(Sender):
    """A wedge: whoever receives the key presses of the window gives them to `key`, and types what comes back."""

    def __init__(
        self,
        uri: str,
        make_id: Callable[[], str],
        clock: Clock,
        detector: WedgeDetector,
        clean: Callable[[str], str] = str,
    ) -> None:
        """`clean` makes of the characters that the computer showed the text that the scanner meant."""
        super().__init__(uri, make_id, clock)
        self._detector, self._clean = detector, clean

    @property
    def state(self) -> DeviceState:
        """Always ready: a wedge cannot be told from a keyboard before it sends something."""
        return DeviceState.READY

    @property
    def deadline(self) -> int | None:
        """When `tick` should be called next, in the time of the keys."""
        return self._detector.deadline

    def key(self, key: Key) -> tuple[Key, ...]:
        """Takes a key press; what comes back was typed by a person, and goes to the widget that has the focus."""
        return self._settle(self._detector.key(key))

    def tick(self, now_ms: int) -> tuple[Key, ...]:
        """Decides about keys whose time has run out."""
        return self._settle(self._detector.tick(now_ms))

    def flush(self) -> tuple[Key, ...]:
        """Gives back what is held, for a window that loses the keyboard."""
        return self._settle(self._detector.flush())

    def _settle(self, verdicts: tuple[Verdict, ...]) -> tuple[Key, ...]:
        typed: tuple[Key, ...] = ()
        for verdict in verdicts:
            match verdict:
                case Scanned(text=text):
                    self._send(self._clean(composed(text)))
                case Typed(keys=keys):
                    typed += keys
        return typed


class SimScanner(Sender):
    """A scanner without hardware: the embedded default, the training mode and the double in tests."""

    def __init__(self, uri: str, make_id: Callable[[], str], clock: Clock) -> None:
        super().__init__(uri, make_id, clock)
        self._plugged = True

    @property
    def state(self) -> DeviceState:
        """Ready, or down while unplugged."""
        return DeviceState.READY if self._plugged else DeviceState.DOWN

    def scan(self, text: str) -> Scan | None:
        """Sends one code; None when nobody listens or it is unplugged, as with hardware."""
        return self._send(text) if self._plugged else None

    def unplug(self) -> None:
        """Pulls the cable."""
        self._plugged = False
        self._tell(DeviceChange.GONE)

    def plug_in(self) -> None:
        """Puts the cable back; no restart is needed."""
        self._plugged = True
        self._tell(DeviceChange.CAME, self.uri)
