"""What the station can do without: each is imported where it is wanted, and says in words what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.sounds import Player


def sound_player(folder: Path | None = None) -> Player:
    """The player of sounds; a silent one with the reason where the machine has no sound libraries."""
    from app.views.sounds import SOUND_FOLDER, SilentPlayer

    try:
        from app.views.sound_player import EffectPlayer

        return EffectPlayer(folder or SOUND_FOLDER)
    except (ImportError, FileNotFoundError) as error:
        return SilentPlayer(str(error))
