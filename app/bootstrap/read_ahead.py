"""Reads what the first scans of a shift will want, once the station takes scans: the start does not wait for it."""

from __future__ import annotations

import time
from importlib import import_module

MODULES = (
    "app.services.opening",
    "app.services.pack",
    "app.presenters.pack_page",
    "app.views.pack",
    "app.runtime.background",
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


def read_ahead() -> None:
    """Imports them one after the other, with room between them for scans; for a thread of its own."""
    for name in MODULES:
        import_module(name)
        time.sleep(PAUSE_SECONDS)
