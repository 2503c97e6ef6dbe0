"""What simulated scales say, byte for byte as the real ones of each protocol do."""

from __future__ import annotations

from typing import Protocol

from app.devices.pan import Needle, Pan
from app.domain.scale_words import ScaleAnswer, ScaleTrouble
from app.domain.weight_units import WeightUnit, from_grams

_PLACES = {WeightUnit.GRAM: 0, WeightUnit.KILOGRAM: 3, WeightUnit.POUND: 3, WeightUnit.OUNCE: 1}


class Voice(Protocol):
    """One protocol, from the scale's side."""

    def hear(self, data: bytes) -> list[bytes]:
        """The answers to what the station sent, which may come in pieces."""

    def pulse(self) -> list[bytes]:
        """What it says by itself, called some times a second."""

    def forget(self) -> None:
        """The cable was pulled: half a command and a stream that was asked for are over."""


class _Commands:
    """Commands that end with a sign, or are one sign."""

    def __init__(self, end: bytes) -> None:
        self._end = end
        self._held = b""

    def feed(self, data: bytes) -> list[str]:
        if not self._end:
            return [chr(byte & 0x7F) for byte in data]
        *whole, held = (self._held + data).split(self._end)
        self._held = held[-64:]
        return [part.decode("ascii", "replace").strip() for part in whole if part.strip()]

    def forget(self) -> None:
        self._held = b""


def amount_words(needle: Needle, unit: WeightUnit, places: int | None = None) -> str:
    """The digits of the display."""
    return str(from_grams(needle.grams, unit, _PLACES[unit] if places is None else places))


class MtSicsVoice:
    """`S` waits for the pan to stand still, `SI` does not, `SIR` goes on until another of these."""

    STILL_PULSES = 40

    def __init__(self, pan: Pan, unit: WeightUnit = WeightUnit.GRAM) -> None:
        self._pan, self._unit = pan, unit
        self._commands = _Commands(b"\n")
        self._stream = False
        self._waiting: list[tuple[str, int]] = []

    def hear(self, data: bytes) -> list[bytes]:
        """Answers."""
        return [answer for command in self._commands.feed(data) for answer in self._answer(command)]

    def pulse(self) -> list[bytes]:
        """The stream, and answers that waited for the pan to stand still."""
        said: list[bytes] = []
        waiting, self._waiting = self._waiting, []
        for command, left in waiting:
            if self._pan.needle().stable or left <= 0:
                said.append(self._carry_out(command))
            else:
                self._waiting.append((command, left - 1))
        return [*said, self._weight()] if self._stream else said

    def forget(self) -> None:
        """Begins anew."""
        self._commands.forget()
        self._stream = False
        self._waiting = []

    def _answer(self, command: str) -> list[bytes]:
        if command in ("S", "SI", "SIR"):
            self._stream = command == "SIR"
        if command in ("SI", "SIR"):
            return [self._weight()]
        if command in ("S", "Z", "T"):
            if self._pan.needle().stable:
                return [self._carry_out(command)]
            self._waiting.append((command, self.STILL_PULSES))
            return []
        if command in ("ZI", "TI"):
            return [self._carry_out(command)]
        if command == "@":
            self.forget()
            return [b'I4 A "0000000001"\r\n']
        return [b"ES\r\n"]

    def _carry_out(self, command: str) -> bytes:
        if command == "S":
            return self._weight() if self._pan.needle().stable else b"S I\r\n"
        answer = self._pan.zero() if command[0] == "Z" else self._pan.tare()
        if answer is ScaleAnswer.IN_MOTION:
            return f"{command} I\r\n".encode("ascii")
        if answer is not ScaleAnswer.DONE:
            return f"{command} +\r\n".encode("ascii")
        if command[0] == "T":
            return f"{command} S {amount_words(self._pan.needle(), self._unit):>10} {self._unit.value}\r\n".encode(
                "ascii"
            )
        return f"{command} {'A' if command == 'Z' else 'S'}\r\n".encode("ascii")

    def _weight(self) -> bytes:
        needle = self._pan.needle()
        if needle.trouble is ScaleTrouble.OVERLOAD:
            return b"S +\r\n"
        if needle.trouble is ScaleTrouble.UNDERLOAD:
            return b"S -\r\n"
        state = "S" if needle.stable else "D"
        return f"S {state} {amount_words(needle, self._unit):>10} {self._unit.value}\r\n".encode("ascii")


class NciVoice:
    """Weight and status, or the status alone."""

    def __init__(self, pan: Pan, unit: WeightUnit = WeightUnit.KILOGRAM) -> None:
        self._pan, self._unit = pan, unit
        self._commands = _Commands(b"\r")

    def hear(self, data: bytes) -> list[bytes]:
        """Answers."""
        return [self._answer(command) for command in self._commands.feed(data)]

    def pulse(self) -> list[bytes]:
        """It says nothing by itself."""
        return []

    def forget(self) -> None:
        """Begins anew."""
        self._commands.forget()

    def _answer(self, command: str) -> bytes:
        if command == "Z":
            self._pan.zero()
        elif command == "T":
            self._pan.tare()
        elif command == "W":
            return b"\n" + self._display() + b"\r" + self._status()
        elif command != "S":
            return b"\n?\r\x03"
        return self._status()

    def _display(self) -> bytes:
        needle = self._pan.needle()
        unit = self._unit.value.upper()
        if needle.trouble is not None:
            return (("^" if needle.trouble is ScaleTrouble.OVERLOAD else "_") * 6 + unit).encode("ascii")
        return f"{amount_words(needle, self._unit):>7}{unit}".encode("ascii")

    def _status(self) -> bytes:
        needle = self._pan.needle()
        first = 0x30 | (not needle.stable) | needle.at_zero << 1
        second = 0x70 | (needle.trouble is ScaleTrouble.UNDERLOAD) | (needle.trouble is ScaleTrouble.OVERLOAD) << 1
        third = 0x30 | needle.net << 2
        return b"\n" + bytes([first, second, third]) + b"\r\x03"


class ToledoVoice:
    """Digits while the pan stands still, a status byte while it does not."""

    def __init__(self, pan: Pan, unit: WeightUnit = WeightUnit.KILOGRAM) -> None:
        self._pan, self._unit = pan, unit
        self._commands = _Commands(b"")

    def hear(self, data: bytes) -> list[bytes]:
        """Answers."""
        return [answer for command in self._commands.feed(data) for answer in self._answer(command)]

    def pulse(self) -> list[bytes]:
        """It says nothing by itself."""
        return []

    def forget(self) -> None:
        """There is nothing to forget."""

    def _answer(self, command: str) -> list[bytes]:
        needle = self._pan.needle()
        if command == "W":
            if needle.stable and needle.trouble is None and needle.grams >= 0:
                return [f"\x02{amount_words(needle, self._unit).zfill(6)}\r".encode("ascii")]
            return [self._status(needle)]
        if command in ("Z", "T"):
            answer = self._pan.zero() if command == "Z" else self._pan.tare()
            return [self._status(self._pan.needle(), refused=answer is ScaleAnswer.OUT_OF_RANGE)]
        return []

    @staticmethod
    def _status(needle: Needle, *, refused: bool = False) -> bytes:
        under = needle.trouble is ScaleTrouble.UNDERLOAD or (needle.trouble is None and needle.grams < 0)
        over = needle.trouble is ScaleTrouble.OVERLOAD
        low = (not needle.stable) | over << 1 | under << 2 | refused << 3 | needle.at_zero << 4 | needle.net << 5
        return bytes([0x02, 0x3F, 0x40 | low, 0x0D])


class PlainVoice:
    """A line without end, with a head that tells whether the pan stands still, or without; or one when asked."""

    def __init__(
        self, pan: Pan, unit: WeightUnit = WeightUnit.KILOGRAM, *, bare: bool = False, asked_by: str = ""
    ) -> None:
        self._pan, self._unit, self._bare, self._asked_by = pan, unit, bare, asked_by
        self._commands = _Commands(b"\n")

    def hear(self, data: bytes) -> list[bytes]:
        """Zero and tare are carried out without a word."""
        said: list[bytes] = []
        for command in self._commands.feed(data):
            if command == "Z":
                self._pan.zero()
            elif command == "T":
                self._pan.tare()
            elif self._asked_by and command == self._asked_by:
                said.append(self._line())
        return said

    def pulse(self) -> list[bytes]:
        """The next line."""
        return [] if self._asked_by else [self._line()]

    def forget(self) -> None:
        """Begins anew."""
        self._commands.forget()

    def _line(self) -> bytes:
        needle = self._pan.needle()
        if needle.trouble is not None:
            return b"OL\r\n" if needle.trouble is ScaleTrouble.OVERLOAD else b"-OL\r\n"
        digits = amount_words(needle, self._unit)
        if self._bare:
            return f"{digits:>9} {self._unit.value}{'' if needle.stable else ' ?'}\r\n".encode("ascii")
        sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("+", digits)
        head = "ST" if needle.stable else "US"
        return f"{head},{'NT' if needle.net else 'GS'},{sign}{digits:>7}{self._unit.value}\r\n".encode("ascii")
