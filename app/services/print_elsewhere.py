"""At a bench whose printer can't print: its labels come out at a neighbour's, or the parcel goes to the hold shelf."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.commands import Command
from app.domain.outcomes import Change, Choice, Outcome, Place, Result, Sound, Value, refused
from app.domain.states import LabelState, PackageState, PrintJobState
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label, Package, PrintJob
from app.queries.hold_shelf import SHELF, on_shelf
from app.services import open_labels, print_jobs, print_routes
from app.services.audit import record
from app.services.desk import Desk
from app.services.setup import put_station_settings, station_settings

_ASKED = "print_at"
_NOT_OUT = (LabelState.INTENDED, LabelState.UNKNOWN, LabelState.BOUGHT)
MOST_ON_SHELF = 50


def on_command(desk: Desk, command: Command) -> Outcome | None:
    """PW-PRINT-AT and the answer to its question, PW-HOLD; None for all else."""
    asked = desk.memory.get(_ASKED)
    forget(desk)
    if isinstance(asked, list) and command is Command.BACK:
        return Outcome(Result.DONE, "station.choice_dropped")
    if isinstance(asked, list) and command.number is not None:
        if not 1 <= command.number <= len(asked):
            desk.memory[_ASKED] = asked
            return refused("station.no_such_choice", count=len(asked))
        return _send_to(desk, str(asked[command.number - 1]))
    if command is Command.PRINT_AT:
        return _print_at(desk)
    return _hold_shelf(desk) if command is Command.HOLD_SHELF else None


def forget(desk: Desk) -> None:
    """Nobody chooses a printer any more."""
    desk.memory.pop(_ASKED, None)


def _print_at(desk: Desk) -> Outcome:
    jobs, labels, doubtful = _waiting(desk)
    if not jobs and not labels:
        return refused("pack.print_at_doubt" if doubtful else "pack.nothing_waits_to_print")
    names = print_routes.neighbours(desk.session, desk.actor.station_id or 0)[:9]
    if not names:
        return refused("pack.print_at_nobody")
    if len(names) == 1:
        return _send_to(desk, names[0])
    desk.memory[_ASKED] = list(names)
    choices = tuple(Choice(str(n), "station", n, name) for n, name in enumerate(names, start=1))
    return Outcome(Result.ASK, "pack.print_at", Sound.ATTENTION, {"code": ""}, choices=choices)


def _send_to(desk: Desk, station: str) -> Outcome:
    """What was never sent goes there; what is in doubt stays a question about its own printer."""
    print_routes.print_for_now_at(desk.session, desk.actor, desk.actor.station_id or 0, station)
    jobs, labels, _ = _waiting(desk)
    for job_id in jobs:
        print_jobs.retry(desk.session, desk.actor, job_id)
    desk.effects.extend([Change("print_job", job_id) for job_id in jobs])
    desk.effects.extend([Change("label", label_id) for label_id in labels])
    values: dict[str, Value] = {"station": station, "count": len(jobs) + len(labels)}
    return Outcome(Result.DONE, "pack.print_at_done", Sound.ACCEPTED, values)


def _waiting(desk: Desk) -> tuple[list[int], list[int], bool]:
    """Jobs here that wait for a printer, labels that are not bought because of it, and whether one is in doubt."""
    station = desk.actor.station_id
    rows = desk.session.execute(
        select(PrintJob.id, PrintJob.state, PrintJob.doubtful).where(
            PrintJob.station_id == station,
            PrintJob.printer == "",
            PrintJob.state.in_((PrintJobState.QUEUED, PrintJobState.FAILED)),
        )
    ).all()
    jobs = [row.id for row in rows if row.state is PrintJobState.QUEUED and not row.doubtful]
    return jobs, open_labels.held_up(desk.session, station or 0), any(row.doubtful for row in rows)


def _hold_shelf(desk: Desk) -> Outcome:
    """The parcel in hand goes to the shelf while its label is not out; else one that has its label comes off it."""
    station, package_id = desk.actor.station_id or 0, desk.number("last_package")
    shelf = on_shelf(desk.session, station)
    known = [one.package_id for one in shelf]
    if package_id is not None and package_id not in known and _waits(desk, package_id):
        _keep(desk, [*known, package_id][-MOST_ON_SHELF:])
        package = desk.session.get_one(Package, package_id)
        number = desk.session.execute(
            select(Order.number)
            .join(Fulfillment, Fulfillment.order_id == Order.id)
            .where(Fulfillment.id == package.fulfillment_id)
        ).scalar_one()
        record(desk.session, desk.actor, "package.on_hold_shelf", "package", package_id, {})
        values: dict[str, Value] = {"number": number, "parcel": package.number}
        return Outcome(Result.NAVIGATE, "pack.on_hold_shelf", Sound.ACCEPTED, values, place=Place.PACK)
    ready = next((one for one in shelf if one.out), None)
    if ready is None:
        return refused("pack.shelf_waits" if known else "pack.has_its_label")
    _keep(desk, [one for one in known if one != ready.package_id])
    record(desk.session, desk.actor, "package.off_hold_shelf", "package", ready.package_id, {})
    told: dict[str, Value] = {"number": ready.number, "parcel": ready.parcel}
    return Outcome(Result.NAVIGATE, "pack.off_hold_shelf", Sound.ACCEPTED, told, place=Place.PACK)


def _keep(desk: Desk, packages: list[int]) -> None:
    station = desk.actor.station_id or 0
    if station_settings(desk.session, station).get(SHELF, []) != packages:
        put_station_settings(desk.session, desk.actor, station, {SHELF: packages or None})


def _waits(desk: Desk, package_id: int) -> bool:
    """Whether a sealed parcel has no label in the hand yet."""
    state = desk.session.execute(select(Package.state).where(Package.id == package_id)).scalar_one()
    if state not in (PackageState.SEALED, PackageState.LABELLED):
        return False
    found = desk.session.execute(
        select(Label.id).where(Label.package_id == package_id, Label.state.in_(_NOT_OUT)).limit(1)
    ).first()
    return found is not None
