"""Plays the station's sounds with Qt's multimedia; imported late and softly, for it needs libraries of the machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtMultimedia import QSoundEffect

from app.domain.outcomes import Sound


class EffectPlayer:
    """A `Player` with all sounds loaded beforehand, so that one begins at once."""

    def __init__(self, folder: Path) -> None:
        """Loads the WAV files of a folder; raises FileNotFoundError when one is missing."""
        self._effects: dict[Sound, QSoundEffect] = {}
        for sound in (one for one in Sound if one is not Sound.NONE):
            path = folder / f"{sound}.wav"
            if not path.is_file():
                raise FileNotFoundError(path)
            effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(path)))
            self._effects[sound] = effect

    def play(self, sound: Sound, volume: int) -> None:
        """Cut what plays and begin."""
        self.stop()
        effect = self._effects[sound]
        effect.setVolume(volume / 100)
        effect.play()

    def playing(self) -> Sound | None:
        """What plays now."""
        return next((sound for sound, effect in self._effects.items() if effect.isPlaying()), None)

    def stop(self) -> None:
        """Be quiet at once."""
        for effect in self._effects.values():
            effect.stop()
