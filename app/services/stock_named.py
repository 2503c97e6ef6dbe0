"""What a scanned code means where goods are moved by scan: one place or one product, or a question."""

from __future__ import annotations

from app.domain.barcodes import ScannedCode
from app.domain.outcomes import Outcome, blocked
from app.services.desk import Desk
from app.services.identify import Named, NamedKind, products
from app.services.station import ask


def place_or_product(desk: Desk, code: ScannedCode, named: tuple[Named, ...], *, place_wanted: bool) -> Named | Outcome:
    """The place or the product that is meant; else the question which of several, or the refusal.

    A code that names both is the place while one is wanted, and the product otherwise.
    """
    if not named:
        return blocked("stock_desk.unknown_code", scan=code.text[:60])
    items = products(named)
    place = next((one for one in named if one.kind is NamedKind.LOCATION), None)
    if place is not None and (place_wanted or not items):
        return place
    if len({one.ref for one in items}) > 1:
        return ask(desk, code, items)
    if items:
        return items[0]
    return blocked("stock_desk.still_open", kind=desk.work_kind, scan=named[0].title)
