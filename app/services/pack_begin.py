"""How packing begins with the first item: the parcel, and what nobody need walk for any more."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.orm import Session

from app.domain.states import LocationKind, PackageState
from app.models.prepared import Prepared, Row, on_server
from app.models.shipping import Package
from app.models.stock import Location
from app.services.actor import Actor

_NEXT = (
    "SELECT nextval(pg_get_serial_sequence('locations', 'id')), nextval(pg_get_serial_sequence('packages', 'id')), "
    "(SELECT COALESCE(MAX(p.number), 0) + 1 FROM packages p WHERE p.fulfillment_id = {})"
)
_NEXT_PARCEL = Prepared(text(_NEXT.format(":fulfillment")))
NEXT_PARCEL_HERE = Prepared(
    text(
        f"{_NEXT.format('s.work_id')} FROM station_sessions s WHERE s.station_id = :station "
        "AND s.work_kind = 'fulfillment' AND s.package_id IS NULL"
    )
)
"""Numbers for the next parcel of what a station has open, where it has no parcel open: its place, itself, and which of
the order it is. For a server; the order must be locked before."""
_LAST_NUMBER = Prepared(
    select(func.coalesce(func.max(Package.number), 0)).where(Package.fulfillment_id == bindparam("fulfillment"))
)
_NEW_PLACE = Prepared(insert(Location).returning(Location.id))
_NEW_PACKAGE = Prepared(insert(Package).returning(Package.id))
_NUMBERED_PLACE, _NUMBERED_PACKAGE = Prepared(insert(Location)), Prepared(insert(Package))
_DROP_TASKS = Prepared(
    text("UPDATE pick_tasks SET state = 'dropped' WHERE fulfillment_id = :fulfillment AND state = 'open'")
)
_END_LISTS = (
    "UPDATE pick_lists SET state = 'done', done_at = :now WHERE state = 'open' AND id IN "
    "(SELECT pick_list_id FROM pick_list_slots WHERE fulfillment_id = :fulfillment) AND NOT EXISTS "
    "(SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = pick_lists.id AND t.state = 'open'{})"
)
_END_EMPTY_LISTS = Prepared(text(_END_LISTS.format("")))
_DROP_AND_END = Prepared(  # both in one, on a server; there the end sees the tasks as they were before
    text(
        "WITH dropped AS (UPDATE pick_tasks SET state = 'dropped' WHERE fulfillment_id = :fulfillment "
        "AND state = 'open' RETURNING id) "
        f"{_END_LISTS.format(' AND t.fulfillment_id <> :fulfillment')} AND EXISTS (SELECT 1 FROM dropped)"
    )
)


def drop_open_tasks(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """What the bench takes from the shelf itself, nobody need walk for."""
    given = {"fulfillment": fulfillment_id, "now": round(actor.now.timestamp() * 1000)}
    if on_server(session):
        _DROP_AND_END.later(session, given)
    elif _DROP_TASKS.run(session, {"fulfillment": fulfillment_id}):
        _END_EMPTY_LISTS.run(session, given)


def new_package(session: Session, actor: Actor, fulfillment_id: int, numbers: Row | None) -> tuple[int, int]:
    """Begins the next parcel of a fulfillment: its id and the place in which its goods lie.

    `numbers` are those of `NEXT_PARCEL_HERE`, where they were asked for already.
    """
    if on_server(session):
        numbers = numbers or _NEXT_PARCEL.one(session, {"fulfillment": fulfillment_id})
        place_id, package_id, number = (int(one) for one in numbers)
        _NUMBERED_PLACE.later(session, {"id": place_id, **_place(actor, fulfillment_id, number)})
        _NUMBERED_PACKAGE.later(session, {"id": package_id, **_package(actor, fulfillment_id, place_id, number)})
        return package_id, place_id
    number = int(_LAST_NUMBER.one(session, {"fulfillment": fulfillment_id})[0]) + 1
    place_id = int(_NEW_PLACE.one(session, _place(actor, fulfillment_id, number))[0])
    return int(_NEW_PACKAGE.one(session, _package(actor, fulfillment_id, place_id, number))[0]), place_id


def _place(actor: Actor, fulfillment_id: int, number: int) -> dict[str, object]:
    code = f"PARCEL-{fulfillment_id}-{number}"
    return {"warehouse_id": actor.warehouse_id, "code": code, "kind": LocationKind.PACKAGE}


def _package(actor: Actor, fulfillment_id: int, place_id: int, number: int) -> dict[str, object]:
    return {
        "fulfillment_id": fulfillment_id,
        "location_id": place_id,
        "number": number,
        "state": PackageState.OPEN,
        "station_id": actor.station_id,
        "operator_id": actor.operator_id,
        "opened_at": actor.now,
    }
