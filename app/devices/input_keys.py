"""Key events of Linux become characters: bytes of `struct input_event`, pressed keys, what stands on a US key.

Pure: what the kernel sends is given as bytes, so that the computer's own keyboard layout does not matter.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from app.devices.frames import Frame, Framer, Loss

EVENT = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
_EV_SYN, _EV_KEY = 0, 1
_SYN_DROPPED = 3
_SHIFTS, _CONTROLS, _ALTS = frozenset({42, 54}), frozenset({29, 97}), frozenset({56, 100})
_CAPS_LOCK, _SHIFT, _CONTROL = 58, 42, 29
GS = "\x1d"
_TYPED = {"\r": (28, False), "\t": (15, False), GS: (27, False)}
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (86, "\\", "|"),
)
_KEYPAD = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))
_KEYPAD_SIGNS = {55: "*", 74: "-", 78: "+", 83: ".", 98: "/", 117: "="}
_OTHER = {28: "\r", 96: "\r", 15: "\t"}
_PLAIN = {first + at: sign for first, row, _ in _ROWS for at, sign in enumerate(row)}
_SHIFTED = {first + at: sign for first, _, row in _ROWS for at, sign in enumerate(row)}
CODE_OF = {sign: (code, False) for code, sign in reversed(_PLAIN.items())} | {
    sign: (code, True) for code, sign in reversed(_SHIFTED.items()) if sign != " "
}
"""The key of each sign, and whether shift is held: what a simulated scanner presses."""


@dataclass(slots=True)
class KeyReader:
    """Holds which keys are down, and says what each press means."""

    _down: set[int] = field(default_factory=set)
    _caps: bool = False
    _numpad: str = ""

    def event(self, code: int, value: int) -> str:
        """One key event: 1 pressed, 0 released, 2 repeated; the characters that it makes, often none."""
        if value == 2:
            return ""
        if value == 0:
            self._down.discard(code)
            return self._composed() if code in _ALTS and not self._down & _ALTS else ""
        self._down.add(code)
        if code == _CAPS_LOCK:
            self._caps = not self._caps
            return ""
        if self._down & _ALTS and code in _KEYPAD:
            self._numpad += _KEYPAD[code]
            return ""
        return self._sign(code)

    def forget(self) -> None:
        """No key is down any more: events were lost."""
        self._down.clear()
        self._numpad = ""

    def _sign(self, code: int) -> str:
        plain = _PLAIN.get(code, "")
        if self._down & _CONTROLS:
            return chr(ord(plain.upper()) & 0x1F) if plain and plain.upper() in "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]" else ""
        if plain:
            shifted = bool(self._down & _SHIFTS) != (self._caps and plain.isalpha())
            return _SHIFTED[code] if shifted else plain
        return _OTHER.get(code) or _KEYPAD.get(code) or _KEYPAD_SIGNS.get(code, "")

    def _composed(self) -> str:
        """Alt and digits of the keypad are one character: with a leading zero of Windows, without one of DOS."""
        digits, self._numpad = self._numpad, ""
        if not digits:
            return ""
        number = int(digits[-5:])
        if number < 32:
            return chr(number)
        if number > 255:
            return chr(number) if number < 0xD800 else ""
        return bytes([number]).decode("cp1252" if digits.startswith("0") else "cp437", "replace")


@dataclass(slots=True)
class EventDecoder:
    """Implements `device_thread.Decoder` for what a key device of Linux sends, however it is cut."""

    framer: Framer
    _keys: KeyReader = field(default_factory=KeyReader)
    _rest: bytes = b""

    @property
    def deadline(self) -> float | None:
        """When `tick` should be called next."""
        return self.framer.deadline

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Takes whole and broken events."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        frames: list[Frame] = []
        signs: list[str] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == _EV_KEY:
                signs.append(self._keys.event(code, value))
            elif kind == _EV_SYN and code == _SYN_DROPPED:
                self._keys.forget()
                frames += self._frames("".join(signs), now) + self.framer.spoil(Loss.OVERRUN)
                signs.clear()
        return frames + self._frames("".join(signs), now)

    def tick(self, now: float) -> list[Frame]:
        """Decides about what is held when its time has run out."""
        return self.framer.tick(now)

    def flush(self, why: Loss) -> list[Frame]:
        """Gives up what is held, and the keys that were down."""
        self._rest = b""
        self._keys.forget()
        return self.framer.flush(why)

    def _frames(self, text: str, now: float) -> list[Frame]:
        return self.framer.feed(text.encode("utf-8", "replace"), now) if text else self.framer.tick(now)


def press(text: str, *, ends: str = "") -> bytes:
    """The events of a US scanner that types this text; a group separator is Ctrl and ], what no key has is left out.

    `ends` is typed behind it: CR as Enter, Tab as Tab.
    """
    events: list[tuple[int, int]] = []
    for sign in text + ends:
        code, shift = _TYPED.get(sign) or CODE_OF.get(sign, (0, False))
        around = _SHIFT if shift else _CONTROL if sign == GS else 0
        pressed = [(code, 1), (code, 0)] if code else []
        events += [(around, 1), *pressed, (around, 0)] if around else pressed
    return b"".join(EVENT.pack(0, 0, _EV_KEY, *each) + EVENT.pack(0, 0, _EV_SYN, 0, 0) for each in events)
