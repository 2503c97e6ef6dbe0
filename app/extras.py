"""What the station can do without: imported where it is wanted, and not before; what is missing is said in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class MissingExtraError(Exception):
    """Something that the station can do without is not there; the message says what."""


class SoundEffect(Protocol):
    """A sound that is loaded and begins at once."""

    def play(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Be quiet."""

    def isPlaying(self) -> bool:
        """Whether it sounds now."""

    def setVolume(self, volume: float) -> None:
        """From 0 to 1."""


def sound_effects(files: Mapping[str, Path]) -> dict[str, SoundEffect]:
    """Sounds by name from WAV files; needs a running application and the sound libraries of the machine.

    Raises MissingExtraError when those or a file are missing.
    """
    try:
        from PySide6.QtCore import QUrl
        from PySide6.QtMultimedia import QSoundEffect
    except ImportError as error:
        raise MissingExtraError(str(error)) from error
    effects: dict[str, SoundEffect] = {}
    for name, path in files.items():
        if not path.is_file():
            raise MissingExtraError(str(path))
        effect = QSoundEffect()
        effect.setSource(QUrl.fromLocalFile(str(path)))
        effects[name] = effect
    return effects
