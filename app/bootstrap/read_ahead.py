"""Reads what the first scans of a shift will want, once the station takes scans: the start does not wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module

SOON = (
    "app.services.opening",
    "app.services.pack_open",
    "app.services.pack",
    "app.presenters.pack_page",
    "app.views.pack",
    "app.views.crash",
    "app.runtime.background",
    "app.runtime.printer_desk",
)
LATER = (
    "app.printing.printers",
    "app.printing.rendering",
    "app.domain.document_samples",
    "app.services.pick.desk",
    "app.presenters.pick_page",
    "app.views.pick",
    "app.presenters.desk_pages",
    "app.presenters.orders",
    "app.views.orders",
    "app.services.returning.desk",
    "app.presenters.returns_page",
    "app.views.returns",
    "app.presenters.stock",
    "app.views.stock",
)
"""In the order in which a shift comes to need them; the office and help can wait until somebody opens them."""
PAUSE_SECONDS = 0.02
PATIENCE_SECONDS = 0.3
"""For scans that are on their way: Python's threads share one processor."""


def read_ahead(modules: Sequence[str], quiet: Callable[[], bool], pause: float = PAUSE_SECONDS) -> None:
    """Imports them one after the other, while it is `quiet`, with room between them; for a thread of its own."""
    for name in modules:
        until = time.monotonic() + PATIENCE_SECONDS
        while not quiet() and time.monotonic() < until:
            time.sleep(pause)
        import_module(name)
        time.sleep(pause)
