"""Makes the five sounds of the station: mono, 44.1 kHz, 16 bit, peak -3 dBFS, 5 ms fade in and out of each tone.

python tools/make_sounds.py resources/sounds
"""

from __future__ import annotations

import math
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Wave = Callable[[float, Samples], Samples]
RATE = 44_100
PEAK = 10 ** (-3 / 20)
FADE_MS = 5


def triangle(pitch: float, time: Samples) -> Samples:
    """A triangle: odd harmonics that fall with their square, none above what the rate can carry."""
    made = np.zeros_like(time)
    for i in range(12):
        harmonic = 2 * i + 1
        if pitch * harmonic < RATE / 2:
            made += (-1) ** i * np.sin(2 * math.pi * pitch * harmonic * time) / harmonic**2
    return made


def soft_triangle(pitch: float, time: Samples) -> Samples:
    """A triangle of its first three harmonics only."""
    turns = 2 * math.pi * pitch * time
    return np.asarray(np.sin(turns) - np.sin(3 * turns) / 9 + np.sin(5 * turns) / 25)


def muffled_square(pitch: float, time: Samples) -> Samples:
    """A square behind a low-pass of the first order at 1.5 kHz."""
    made = np.zeros_like(time)
    harmonic = 1
    while pitch * harmonic < 12_000:
        damping = 1 / math.sqrt(1 + (pitch * harmonic / 1_500) ** 2)
        made += damping * np.sin(2 * math.pi * pitch * harmonic * time) / harmonic
        harmonic += 2
    return made


def sine_and_octave(pitch: float, time: Samples) -> Samples:
    """A sine with its second harmonic."""
    turns = 2 * math.pi * pitch * time
    return np.asarray(np.sin(turns) + 0.35 * np.sin(2 * turns))


# name: wave, then (pitch in Hz, 0 for a gap; length in ms)
SOUNDS: dict[str, tuple[Wave, list[tuple[float, int]]]] = {
    "accepted": (soft_triangle, [(1047, 70)]),
    "wrong": (muffled_square, [(196, 180), (0, 60), (185, 280)]),
    "too_many": (triangle, [(587, 60), (0, 50), (587, 60), (0, 50), (587, 60), (0, 50), (392, 220)]),
    "complete": (soft_triangle, [(523, 80), (659, 80), (784, 80), (1047, 200)]),
    "attention": (sine_and_octave, [(880, 140), (659, 140), (880, 140), (659, 140)]),
}


def tone(shape: Wave, pitch: float, milliseconds: int) -> Samples:
    """One tone with its fades, or silence for a pitch of 0."""
    count = RATE * milliseconds // 1000
    if not pitch:
        return np.zeros(count)
    made = shape(pitch, np.arange(count) / RATE)
    made = made / np.abs(made).max() * PEAK
    fade = RATE * FADE_MS // 1000
    ramp = np.linspace(0, 1, fade)
    made[:fade] *= ramp
    made[-fade:] *= ramp[::-1]
    return made


def write(path: Path, samples: Samples) -> None:
    """Write samples from -1 to 1 as a WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32_767).astype("<i2").tobytes())


def main(folder: Path) -> None:
    """Write all five."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (shape, tones) in SOUNDS.items():
        write(folder / f"{name}.wav", np.concatenate([tone(shape, pitch, length) for pitch, length in tones]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
