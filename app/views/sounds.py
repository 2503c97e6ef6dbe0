"""Which sound plays: a new one cuts the old, "accepted" never cuts an error, attention comes again until answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from app.domain.outcomes import Sound
from app.extras import MissingExtraError, SoundEffect, sound_effects

SOUND_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sounds"
LEAST_VOLUME, FULL_VOLUME = 20, 100
AGAIN_AFTER_MS = 10_000
ERRORS = frozenset({Sound.WRONG, Sound.TOO_MANY, Sound.ATTENTION})


class Player(Protocol):
    """What makes the noise."""

    def play(self, sound: Sound, volume: int) -> None:
        """Begin a sound at 20 to 100 percent; what plays is cut."""

    def playing(self) -> Sound | None:
        """What plays now."""

    def stop(self) -> None:
        """Be quiet at once."""


class SilentPlayer:
    """Plays nothing, for a machine without sound; `reason` says why."""

    def __init__(self, reason: str) -> None:
        """`reason` is shown on Devices."""
        self.reason = reason

    def play(self, sound: Sound, volume: int) -> None:
        """Nothing."""

    def playing(self) -> Sound | None:
        """Nothing."""
        return None

    def stop(self) -> None:
        """Nothing."""


class EffectPlayer:
    """Plays effects that are loaded beforehand, so that one begins at once."""

    def __init__(self, effects: Mapping[str, SoundEffect]) -> None:
        """`effects` by the values of `Sound`."""
        self._effects = effects

    def play(self, sound: Sound, volume: int) -> None:
        """Cut what plays and begin."""
        self.stop()
        effect = self._effects[sound]
        effect.setVolume(volume / 100)
        effect.play()

    def playing(self) -> Sound | None:
        """What plays now."""
        return next((Sound(name) for name, effect in self._effects.items() if effect.isPlaying()), None)

    def stop(self) -> None:
        """Be quiet at once."""
        for effect in self._effects.values():
            effect.stop()


class LatePlayer:
    """A player that is made when it is wanted, or when somebody has the time: it takes as long as some scans."""

    def __init__(self, maker: Callable[[], Player]) -> None:
        self._maker = maker
        self._made: Player | None = None

    def make(self) -> None:
        """Now, if it is not there yet."""
        if self._made is None:
            self._made = self._maker()

    def play(self, sound: Sound, volume: int) -> None:
        """Begin; the very first sound begins once the answer that it belongs to is painted."""
        if self._made is not None:
            self._made.play(sound, volume)
        else:
            QTimer.singleShot(0, lambda: self._first(sound, volume))

    def playing(self) -> Sound | None:
        """What plays now."""
        return None if self._made is None else self._made.playing()

    def stop(self) -> None:
        """Be quiet at once."""
        if self._made is not None:
            self._made.stop()

    def _first(self, sound: Sound, volume: int) -> None:
        self.make()
        self.play(sound, volume)


def sound_player(folder: Path = SOUND_FOLDER) -> Player:
    """The player of the station; a silent one with the reason where the machine cannot make sounds."""
    try:
        return EffectPlayer(sound_effects({s: folder / f"{s}.wav" for s in Sound if s is not Sound.NONE}))
    except MissingExtraError as error:
        return SilentPlayer(str(error))


class Sounds(QObject):
    """`Sounds(player, volume)`; `play(sound)`; `acknowledge()` ends an attention that repeats each 10 s."""

    def __init__(self, player: Player, volume: int = 80) -> None:
        """Raises ValueError for a volume outside 20 to 100."""
        super().__init__()
        self._player = player
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_AFTER_MS)
        self._again.timeout.connect(lambda: self._begin(Sound.ATTENTION))
        self.set_volume(volume)

    @property
    def volume(self) -> int:
        """In percent."""
        return self._volume

    @property
    def repeating(self) -> bool:
        """Whether an attention waits to be acknowledged."""
        return self._again.isActive()

    def set_volume(self, volume: int) -> None:
        """Set 20 to 100 percent; raises ValueError for any other."""
        if not LEAST_VOLUME <= volume <= FULL_VOLUME:
            raise ValueError(f"the volume is {LEAST_VOLUME} to {FULL_VOLUME} percent, not {volume}")
        self._volume = volume

    def play(self, sound: Sound) -> None:
        """Play the sound of an outcome; NONE is silence, and cuts nothing."""
        if sound is Sound.NONE:
            return
        if sound is Sound.ATTENTION:
            self._again.start()
        self._begin(sound)

    def acknowledge(self) -> None:
        """End an attention."""
        self._again.stop()

    def _begin(self, sound: Sound) -> None:
        now = self._player.playing()
        if sound is Sound.ACCEPTED and now in ERRORS:
            return
        self._player.play(sound, self._volume)
