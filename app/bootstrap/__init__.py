"""The one place where adapters meet services; heavy halves are imported when they are wanted."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings


def run_station(settings: Settings) -> int:
    """Opens the station's window and stays until it is closed; gives the exit status."""
    gc.disable()  # what a start reads stays: looking for garbage in it is in vain
    from app.bootstrap.frame import run

    return run(settings)


def run_demo(settings: Settings, out: Path, as_json: bool) -> int:
    """Plays a working day without a screen, and writes what came of it into `out`; gives the exit status."""
    from app.bootstrap.demo import play

    return play(settings, out, as_json)
