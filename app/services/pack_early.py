"""What a scan at the bench reads together with the session: how the open order stands, and what it wants of the item.

On a server that is one message. The order's row is locked before it is looked at what it wants, as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.domain.barcodes import CodeKind, ScannedCode
from app.models.prepared import Prepared, Row
from app.services import pack_rows
from app.services.desk import Desk
from app.services.identify import Named, code_keys
from app.services.pack_begin import NEXT_PARCEL_HERE
from app.services.pack_wanted import WANTED_HERE, Wanted, wanted, wanted_of

_NAMES_NO_ITEM = (CodeKind.FULFILLMENT, CodeKind.PICK_LIST, CodeKind.TRANSFER, CodeKind.PACKAGE)


def read_early(
    station_id: int, code: ScannedCode, /, *, parcel: bool
) -> tuple[tuple[Prepared, Mapping[str, object]], ...]:
    """For a code that may name an item of the open order (`station.ReadsEarly`)."""
    if code.kind in _NAMES_NO_ITEM:
        return ()
    here = {"station": station_id}
    asked = (pack_rows.STANDING_HERE, here), (WANTED_HERE, {**here, **code_keys(code)})
    return asked if parcel else (*asked, (NEXT_PARCEL_HERE, here))


def standing(desk: Desk) -> pack_rows.Standing:
    """How the open order stands, with its order, itself and our own claim locked."""
    rows = desk.known(pack_rows.STANDING_HERE)
    if not rows:
        desk.early.clear()  # it was read before anything was locked
        return pack_rows.standing(desk.session, desk.actor, desk.work_id or 0, desk.settings.claim_minutes)
    *found, until = rows[0]
    soon = desk.actor.now + timedelta(minutes=desk.settings.claim_minutes) / 2
    return pack_rows.standing_of(found, held=until >= soon)


def wanted_items(desk: Desk, items: tuple[Named, ...]) -> list[tuple[Named, Wanted]]:
    """The scanned products that the open order is promised, with where their units lie."""
    rows = desk.known(WANTED_HERE)
    found: list[tuple[Named, Wanted]] = []
    for one in items:
        if rows is None:
            goods = wanted(desk.session, desk.work_id or 0, one.ref, desk.package_id)
        else:
            goods = wanted_of([row for row in rows if row[6] == one.ref])
        if goods is not None:
            found.append((one, goods))
    return found


def next_parcel(desk: Desk) -> Row | None:
    """The numbers of the next parcel, where they were drawn already."""
    rows = desk.known(NEXT_PARCEL_HERE)
    return rows[0] if rows else None
