"""A scale without hardware at the far end of a line: it weighs, answers as the real ones do, and fails when told to."""

from __future__ import annotations

import contextlib
import threading
import time
from enum import StrEnum, unique

from app.devices.pan import Pan
from app.devices.simulated.lines import Line
from app.devices.simulated.scale_voices import MtSicsVoice, NciVoice, PlainVoice, ToledoVoice, Voice
from app.domain.weight_units import WeightUnit

PULSE_SECONDS = 0.1
LISTEN_SECONDS = 0.02


@unique
class ScaleFault(StrEnum):
    """How what it says goes wrong on its way."""

    NONE = "none"
    SILENT = "silent"
    HALF = "half"
    WRONG = "wrong"
    NOISE = "noise"


@unique
class ScaleLanguage(StrEnum):
    """The protocols that simulated scales speak."""

    MT_SICS = "mt-sics"
    NCI = "nci"
    TOLEDO = "toledo-8217"
    PLAIN = "plain"
    BARE = "bare"


def voice_of(language: ScaleLanguage, pan: Pan, unit: WeightUnit | None = None) -> Voice:
    """The voice of a protocol; `unit` is what its display counts, by default the usual one."""
    kilograms = unit or WeightUnit.KILOGRAM
    match language:
        case ScaleLanguage.MT_SICS:
            return MtSicsVoice(pan, unit or WeightUnit.GRAM)
        case ScaleLanguage.NCI:
            return NciVoice(pan, kilograms)
        case ScaleLanguage.TOLEDO:
            return ToledoVoice(pan, kilograms)
        case _:
            return PlainVoice(pan, kilograms, bare=language is ScaleLanguage.BARE)


class SimSerialScale:
    """The scale at the far end of a line; a thread of its own answers. All methods may be called from any thread."""

    def __init__(self, line: Line, pan: Pan, voice: Voice, pulse_seconds: float = PULSE_SECONDS) -> None:
        """Begins to answer at once; what it says by itself it says every `pulse_seconds`."""
        self.line, self.pan, self._pulse_seconds = line, pan, pulse_seconds
        self.fault = ScaleFault.NONE
        self._voice = voice
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-scale", daemon=True)
        self._thread.start()

    @property
    def uri(self) -> str:
        """What the station is told to open, without options."""
        return self.line.uri

    def put(self, grams: int) -> None:
        """From now on this much lies on it, in all."""
        self.pan.put(grams)

    def unplug(self) -> None:
        """Pulls the cable."""
        self.line.unplug()
        self._voice.forget()

    def plug_in(self) -> None:
        """Puts it back."""
        self.line.plug_in()

    def close(self) -> None:
        """Ends it for good."""
        self._stopping.set()
        self._thread.join()
        self.line.close()

    def _run(self) -> None:
        next_pulse = time.monotonic()
        while not self._stopping.is_set():
            heard = self.line.receive(LISTEN_SECONDS)
            for said in self._voice.hear(heard) if heard else ():
                self._say(said)
            if time.monotonic() >= next_pulse:
                next_pulse = time.monotonic() + self._pulse_seconds
                for said in self._voice.pulse():
                    self._say(said)
            if not heard:
                self._stopping.wait(LISTEN_SECONDS / 4)

    def _say(self, said: bytes) -> None:
        with contextlib.suppress(OSError):  # pulled while it spoke
            match self.fault:
                case ScaleFault.SILENT:
                    return
                case ScaleFault.HALF:
                    self.line.send(said[: len(said) // 2])
                case ScaleFault.WRONG:
                    self.line.send(bytes(byte ^ 0x40 if 0x20 <= byte < 0x7F else byte for byte in said))
                case ScaleFault.NOISE:
                    self.line.send(b"\xf8\x00\x1c\xe0" * 4)
                case ScaleFault.NONE:
                    self.line.send(said)
