"""The pick list on paper: what is still to do of the walk in hand, for whoever goes on without a screen."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.outcomes import Change, Outcome, Result, Sound, Value, refused
from app.models.people import Operator
from app.models.stock import Warehouse
from app.services import print_jobs
from app.services.desk import Desk
from app.services.pick import walk


def print_sheet(desk: Desk) -> Outcome:
    """Puts the open stops of the walk into the print queue, in the order in which they are walked."""
    work = walk.snapshot(desk)
    stops = [stop for stop in work.stops if not stop.done]
    if not stops:
        return refused("pick.nothing_to_print", code=work.code)
    name, zone = desk.session.execute(
        select(Warehouse.name, Warehouse.zone).where(Warehouse.id == desk.actor.warehouse_id)
    ).one()
    picker = desk.session.execute(select(Operator.name).where(Operator.id == desk.operator_id)).scalar()
    content: dict[str, object] = {
        "code": work.code,
        "stops": [
            {
                "location": stop.location,
                "sku": stop.item.sku,
                "name": stop.item.name,
                "quantity": stop.quantity - stop.picked - stop.short,
                "slot": str(stop.slot),
            }
            for stop in stops
        ],
        "totes": [{"slot": str(slot.slot), "tote": slot.tote, "order": slot.order_number} for slot in work.slots],
        "warehouse": name,
        "picker": picker or "",
        "date": f"{desk.actor.now.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
    }
    job = print_jobs.queue(desk.session, desk.actor, f"sheet-{desk.gesture.id}", "pick-list", content)
    desk.effects.append(Change("print_job", job))
    values: dict[str, Value] = {"code": work.code, "stops": len(stops)}
    return Outcome(Result.DONE, "pick.sheet_printed", Sound.ACCEPTED, values, work=work)
