"""Which printer a document goes to: that of its kind at its station, or a neighbour's when that one can't print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents import DocumentKind
from app.domain.label_stock import dots_of, stock_of
from app.domain.print_routes import may_stand_in, printer_of
from app.domain.words import say
from app.models.people import Station
from app.services.actor import Actor
from app.services.setup import put_station_settings

INSTEAD = "print_instead_at"
"""The setting of a station that names the neighbour whose printers stand in for its own; without it none does."""
FOR_NOW = "print_for_now_at"
"""What a packer asked for at the bench: the neighbour's name, and until when, in seconds."""
FOR_NOW_HOURS = 1
LABEL = DocumentKind.SHIPPING_LABEL.value


@dataclass(frozen=True, slots=True)
class StandIn:
    """A neighbour's printer. `unfit` says in a sentence why it can't take this document after all."""

    station: str
    printer: str
    unfit: str = ""


def stand_in(
    session: Session, station_id: int, document: str, now: datetime, *, made_for_dots: bool = False
) -> StandIn | None:
    """The neighbour's printer for such documents, where this station has that rule and the neighbour such a printer.

    `made_for_dots`: the document is made already, for the dots of this station's printer.
    """
    here = session.execute(select(Station.settings, Station.warehouse_id).where(Station.id == station_id)).one()
    name = _for_now(here.settings, now) or here.settings.get(INSTEAD)
    if not name:
        return None
    there = session.execute(
        select(Station.name, Station.settings).where(
            Station.name == str(name), Station.warehouse_id == here.warehouse_id, Station.id != station_id
        )
    ).first()
    if there is None:
        return None
    printer = printer_of(there.settings, document)
    if not may_stand_in(printer):
        return None
    own = printer_of(here.settings, document)
    return StandIn(there.name, printer, _unfit(there.name, own, printer, made_for_dots=made_for_dots))


def neighbours(session: Session, station_id: int) -> tuple[str, ...]:
    """The other stations of the warehouse whose label printer can be reached from here and has such labels, by name."""
    here = session.execute(select(Station.settings, Station.warehouse_id).where(Station.id == station_id)).one()
    own = printer_of(here.settings, LABEL)
    rows = session.execute(
        select(Station.name, Station.settings)
        .where(Station.warehouse_id == here.warehouse_id, Station.id != station_id)
        .order_by(Station.name)
    ).all()
    return tuple(row.name for row in rows if _takes_labels_of(printer_of(row.settings, LABEL), own))


def print_for_now_at(session: Session, actor: Actor, station_id: int, name: str) -> None:
    """For the next hour what this station's printers can't print goes to that neighbour."""
    until = actor.now + timedelta(hours=FOR_NOW_HOURS)
    told = {"station": name, "until": round(until.timestamp())}
    put_station_settings(session, actor, station_id, {FOR_NOW: told})


def _for_now(settings: Mapping[str, object], now: datetime) -> str:
    told = settings.get(FOR_NOW)
    if not isinstance(told, Mapping):
        return ""
    until = told.get("until")
    return str(told.get("station") or "") if isinstance(until, int) and now.timestamp() < until else ""


def _takes_labels_of(printer: str, own: str) -> bool:
    return may_stand_in(printer) and stock_of(printer).takes_what_is_made_for(stock_of(own))


def _unfit(station: str, own: str, printer: str, *, made_for_dots: bool) -> str:
    ours, theirs = stock_of(own), stock_of(printer)
    if not theirs.takes_what_is_made_for(ours):
        return say("printing.instead.size", station=station, theirs=theirs.words, ours=ours.words)
    if made_for_dots and dots_of(own) != dots_of(printer):
        return say("printing.instead.dots", station=station, theirs=dots_of(printer), ours=dots_of(own))
    return ""
