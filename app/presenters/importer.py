"""How a screen has a file imported: elsewhere, so that the window stays quick, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.domain.capture_settings import Mapping
from app.domain.errors import PickwickError
from app.domain.import_report import ImportProgress, ImportReport

Cancel = Callable[[], None]
ImportEnd = ImportReport | PickwickError
"""A report; or why the whole file could not be taken, as the sentence's key and values."""


class Importer(Protocol):
    """Runs one import at a time for a screen; everything it calls back comes on the screen's thread."""

    def start(
        self,
        path: Path,
        format: str,
        mapping: Mapping | None,
        on_progress: Callable[[ImportProgress], None],
        on_done: Callable[[ImportEnd], None],
    ) -> Cancel:
        """Begins. The answer stops it after the rows in hand; what is taken stays, and `on_done` still hears of it."""
