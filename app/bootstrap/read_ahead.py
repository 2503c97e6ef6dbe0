"""Reads what the first scans of a shift will want, once the station takes scans: the start does not wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module

SOON = (
    "app.presenters.state.parts",
    "app.presenters.state.pack",
    "app.models.imports",
    "app.models.catalogue",
    "app.models.fulfillment",
    "app.models.stock",
    "app.models.shipping",
    "app.queries.bench",
    "app.presenters.pack_model",
    "app.presenters.pack",
    "app.queries.pack_work",
    "app.presenters.pack_page",
    "app.views.kit.banner",
    "app.views.kit.lines",
    "app.views.kit.scan_panel",
    "app.views.pack_bodies",
    "app.views.pack",
    "app.models.returns",
    "app.models.supply",
    "app.services.hand_over",
    "app.services.pick.desk",
    "app.services.returning.desk",
    "app.services.stock_desk",
    "app.services.transfers_desk",
    "app.services.opening",
    "app.models.edits",
    "app.services.pack_open",
    "app.services.pack",
    "app.views.crash",
    "app.domain.capture",
    "app.services.labels",
    "app.domain.sourcing",
    "app.services.allocate",
    "app.services.drop_ship",
    "app.runtime.background",
    "app.runtime.printer_desk",
)
"""What a badge shows and an order opens; in small parts, so that a scan on its way is soon alone."""
LATER = (
    "app.printing.printers",
    "app.printing.rendering",
    "app.domain.document_samples",
    "app.services.pick.desk",
    "app.presenters.pick_page",
    "app.views.pick",
    "app.presenters.desk_pages",
    "app.queries.order_detail",
    "app.services.cancel",
    "app.presenters.orders",
    "app.presenters.orders_edit",
    "app.presenters.orders_room",
    "app.views.orders",
    "app.views.orders_sheet",
    "app.services.returning.desk",
    "app.presenters.returns_page",
    "app.views.returns",
    "app.presenters.stock",
    "app.views.stock",
)
"""In the order in which a shift comes to need them; the office and help can wait until somebody opens them."""
PAUSE_SECONDS = 0.005
PATIENCE_SECONDS = 1.0
"""In all, for scans that are on their way: Python's threads share one processor, but labels wait for what is read."""


def read_ahead(modules: Sequence[str], quiet: Callable[[], bool], patience: float = PATIENCE_SECONDS) -> None:
    """Imports them one after the other, while it is `quiet`, with room between them; for a thread of its own."""
    for name in modules:
        while patience > 0 and not quiet():
            time.sleep(PAUSE_SECONDS)
            patience -= PAUSE_SECONDS
        import_module(name)
        time.sleep(PAUSE_SECONDS)
