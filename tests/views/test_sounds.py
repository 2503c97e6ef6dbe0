"""The sounds: as the table says, one for each outcome, and never the wrong one over an error."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from app.domain.outcomes import Sound
from app.views.sounds import SOUND_FOLDER, EffectPlayer, SilentPlayer, Sounds, sound_player

RATE = 44_100
LENGTHS = {"accepted": 70, "wrong": 520, "too_many": 550, "complete": 440, "attention": 560}


class Kept:
    """A player that keeps what it was told; what plays is set by the test."""

    def __init__(self) -> None:
        self.played: list[tuple[Sound, int]] = []
        self.now: Sound | None = None

    def play(self, sound: Sound, volume: int) -> None:
        self.played.append((sound, volume))
        self.now = sound

    def playing(self) -> Sound | None:
        return self.now

    def stop(self) -> None:
        self.now = None


def samples(name: str) -> NDArray[np.float64]:
    with wave.open(str(SOUND_FOLDER / f"{name}.wav"), "rb") as source:
        assert (source.getnchannels(), source.getframerate(), source.getsampwidth()) == (1, RATE, 2)
        return np.frombuffer(source.readframes(source.getnframes()), dtype="<i2") / 32_768


def pitch(part: NDArray[np.float64]) -> float:
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), RATE))
    return float(np.argmax(spectrum))


@pytest.mark.parametrize("name", list(LENGTHS))
def test_length_peak_and_fades(name: str) -> None:
    made = samples(name)
    assert len(made) == RATE * LENGTHS[name] // 1000
    assert np.abs(made).max() == pytest.approx(10 ** (-3 / 20), abs=0.01)
    assert abs(made[0]) < 0.01 and abs(made[-1]) < 0.01


@pytest.mark.parametrize(
    ("name", "from_ms", "to_ms", "hertz"),
    [
        ("accepted", 0, 70, 1047),
        ("wrong", 0, 180, 196),
        ("wrong", 240, 520, 185),
        ("too_many", 110, 170, 587),
        ("too_many", 330, 550, 392),
        ("complete", 0, 80, 523),
        ("complete", 240, 440, 1047),
        ("attention", 140, 280, 659),
    ],
)
def test_pitches(name: str, from_ms: int, to_ms: int, hertz: int) -> None:
    part = samples(name)[RATE * from_ms // 1000 : RATE * to_ms // 1000]
    assert pitch(part) == pytest.approx(hertz, abs=3)


def test_every_sound_of_an_outcome_has_a_file() -> None:
    assert {path.stem for path in SOUND_FOLDER.glob("*.wav")} == {str(s) for s in Sound if s is not Sound.NONE}


def test_a_new_sound_cuts_the_old_but_accepted_never_an_error(qapp: QApplication) -> None:
    player = Kept()
    sounds = Sounds(player, 80)
    sounds.play(Sound.WRONG)
    sounds.play(Sound.ACCEPTED)
    sounds.play(Sound.TOO_MANY)
    player.now = None
    sounds.play(Sound.ACCEPTED)
    sounds.play(Sound.COMPLETE)
    assert [sound for sound, _ in player.played] == [Sound.WRONG, Sound.TOO_MANY, Sound.ACCEPTED, Sound.COMPLETE]


def test_silence_plays_nothing(qapp: QApplication) -> None:
    player = Kept()
    Sounds(player).play(Sound.NONE)
    assert player.played == []


def test_attention_comes_again_until_it_is_acknowledged(qapp: QApplication) -> None:
    player = Kept()
    sounds = Sounds(player)
    sounds.play(Sound.ATTENTION)
    assert sounds.repeating
    sounds._again.timeout.emit()
    assert [sound for sound, _ in player.played] == [Sound.ATTENTION, Sound.ATTENTION]
    sounds.acknowledge()
    assert not sounds.repeating


def test_no_volume_below_twenty(qapp: QApplication) -> None:
    sounds = Sounds(Kept(), 20)
    assert sounds.volume == 20
    for volume in (0, 19, 101):
        with pytest.raises(ValueError, match="volume"):
            sounds.set_volume(volume)


class Effect:
    """A loaded sound that keeps how it was used."""

    def __init__(self) -> None:
        self.on = False
        self.volume = 0.0

    def play(self) -> None:
        self.on = True

    def stop(self) -> None:
        self.on = False

    def isPlaying(self) -> bool:
        return self.on

    def setVolume(self, volume: float) -> None:
        self.volume = volume


def test_one_effect_plays_at_a_time_and_as_loud_as_wanted() -> None:
    effects = {str(sound): Effect() for sound in Sound}
    player = EffectPlayer(effects)
    player.play(Sound.ACCEPTED, 80)
    player.play(Sound.WRONG, 40)
    assert player.playing() is Sound.WRONG
    assert not effects["accepted"].on
    assert effects["wrong"].volume == pytest.approx(0.4)
    player.stop()
    assert player.playing() is None


def test_a_machine_without_sound_gets_a_silent_player(tmp_path: Path) -> None:
    player = sound_player(tmp_path)
    assert isinstance(player, SilentPlayer)
    assert player.reason
    player.play(Sound.WRONG, 80)
    assert player.playing() is None
