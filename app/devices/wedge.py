"""Tells a scanner that types like a keyboard from a person who types, by timing alone.

Keys are held back until it is sure which of the two they are: a scan is then one text and no key of it reaches a
widget; what a person typed is given back, in order, for the widget it was meant for.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.wedge_gap import GapLearner, even
from app.domain.keys import Key, KeyKind

GAP_MS = 100
GAP_BOUNDS_MS = (50, 250)
SILENCE_MS = 50
SILENCE_BOUNDS_MS = (40, 150)
LEAST = 3
# A hand may press a few keys evenly by chance.
SLOW_LEAST = 6
# Without an ending key only a speed that no hand reaches tells a scanner: mean gap, and one character more.
MACHINE_GAP_MS = 30
# Scanners that are set to CR and LF, or to Tab and Enter, send a second ending key at once.
SECOND_END_MS = 50
# A held key repeats at once only after 150 ms at least. X11 takes a scanner's fast "00" for one key that is held.
REPEAT_MS = 20


@dataclass(frozen=True, slots=True)
class Scanned:
    """These keys were a scan: nothing of them may reach a widget."""

    text: str
    began_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Typed:
    """These keys were typed by a person: give them to the widget that has the focus, in this order."""

    keys: tuple[Key, ...]


Verdict = Scanned | Typed


class WedgeDetector:
    """Feed it every key press, and `tick` when `deadline` has passed; it answers what became of the keys it holds."""

    def __init__(
        self, *, ends_with_key: bool = True, gap_ms: int = GAP_MS, silence_ms: int = SILENCE_MS, least: int = LEAST
    ) -> None:
        """`ends_with_key`: Enter or Tab follows each code; otherwise `silence_ms` of silence ends it.

        Both times are where it begins; it learns from the scanners that it sees.
        """
        self._ends_with_key = ends_with_key
        start, bounds = (gap_ms, GAP_BOUNDS_MS) if ends_with_key else (silence_ms, SILENCE_BOUNDS_MS)
        self._gap = GapLearner(start, *bounds)
        self._least = least
        self._held: list[Key] = []
        self._last_ms = 0
        self._swallow_until_ms: int | None = None

    @property
    def deadline(self) -> int | None:
        """When `tick` should be called next, in the time of the keys; None when nothing is held."""
        return self._last_ms + self._gap.limit if self._held else None

    @property
    def gap_ms(self) -> int:
        """The longest silence inside a code, as it is known by now."""
        return self._gap.limit

    def key(self, key: Key) -> tuple[Verdict, ...]:
        """Takes one key press, which is never to be handled otherwise: it comes back as Typed if it was typed."""
        verdicts = self.tick(key.at_ms) if self._held else ()
        if key.kind is KeyKind.CHARACTER and not self._held_down(key):
            self._swallow_until_ms = None
            self._held.append(key)
            self._gap.pressed(key.at_ms)
            self._last_ms = key.at_ms
            return verdicts
        if key.kind is KeyKind.MODIFIER:
            return (*verdicts, Typed((key,)))
        if key.kind is KeyKind.END and not key.repeat:
            return verdicts + self._end(key)
        self._gap.broken()
        return (*verdicts, *self._give_back(), Typed((key,)))

    def _held_down(self, key: Key) -> bool:
        """Whether a finger stays on the key; one that comes right after another character was pressed anew."""
        return key.repeat and not (self._held and key.at_ms - self._last_ms <= REPEAT_MS)

    def tick(self, now_ms: int) -> tuple[Verdict, ...]:
        """Decides about held keys whose time has run out."""
        if not self._held or now_ms - self._last_ms <= self._gap.limit:
            return ()
        if self._looks_machine_made():
            return (self._scan(self._last_ms),)
        return self._give_back()

    def flush(self) -> tuple[Verdict, ...]:
        """Gives back everything at once, for a window that loses the keyboard."""
        return self._give_back()

    def _end(self, key: Key) -> tuple[Verdict, ...]:
        if len(self._held) >= self._least and self._fast_or_even():
            self._swallow_until_ms = key.at_ms + SECOND_END_MS
            return (self._scan(key.at_ms),)
        if not self._held and self._swallow_until_ms is not None and key.at_ms <= self._swallow_until_ms:
            self._swallow_until_ms = None
            return ()
        self._gap.ended()
        return (*self._give_back(), Typed((key,)))

    def _fast_or_even(self) -> bool:
        """Beyond the usual gap, which slow scanners may have taught, only what no hand does is a scan."""
        times = [key.at_ms for key in self._held]
        return times[-1] - times[0] <= GAP_MS * (len(times) - 1) or (len(times) >= SLOW_LEAST and even(times))

    def _looks_machine_made(self) -> bool:
        count = len(self._held)
        if not self._ends_with_key:
            return count >= self._least
        mean = (self._held[-1].at_ms - self._held[0].at_ms) / max(1, count - 1)
        return count > self._least and mean <= MACHINE_GAP_MS

    def _scan(self, ended_ms: int) -> Scanned:
        self._gap.scanned([key.at_ms for key in self._held])
        scanned = Scanned("".join(key.text for key in self._held), self._held[0].at_ms, ended_ms)
        self._held.clear()
        return scanned

    def _give_back(self) -> tuple[Verdict, ...]:
        if not self._held:
            return ()
        typed = Typed(tuple(self._held))
        self._held.clear()
        return (typed,)
