"""From settings to an open database and a known station: tried, migrated with a backup, or a clear reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.bootstrap.core import DeviceUris, station_info, station_uris
from app.devices.scanner_group import station_of
from app.domain.clock import utc_now
from app.domain.errors import BadUseError, EnvironmentFailure, PickwickError
from app.domain.outcomes import Place
from app.models.database import Database, Session
from app.models.database_file import missing_file
from app.models.people import Operator, Station, StationSession
from app.models.schema_state import SchemaState, schema_state
from app.models.warehouses import Warehouse
from app.presenters.station_info import StationInfo
from app.services.desk import ensure_session
from app.services.workplaces import database_id, ensure_station, is_set_up, known_database_id

if TYPE_CHECKING:
    from app.runtime.importing import FileFormats
    from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Ready:
    """All that a station needs to open.

    `warehouse` is its code; `guests` are the stations, by their names, that scanners of this computer work for besides
    it. `theme` and `text_scale` (in per cent) are kept ones that nothing overrules.
    """

    database: Database
    info: StationInfo
    uris: DeviceUris
    journal: Path | None
    volume: int
    theme: str = ""
    text_scale: int = 0
    warehouse: str = ""
    guests: Mapping[str, StationInfo] = field(default_factory=dict)


def formats() -> FileFormats:
    """The formats of files that can be imported."""
    from app.integrations.channels.formats import detect, readers
    from app.runtime.importing import FileFormats

    return FileFormats(readers(), detect)


def prepare(settings: Settings, now: datetime) -> Ready | None:
    """Opens what the settings name; None when nothing is set up there yet and nobody asked for the sample.

    Raises BadUseError and EnvironmentFailure with a sentence that says what to do.
    """
    if not settings.sample and missing_file(settings.database) is not None:
        return None  # looking must not make it
    database = Database.open(settings.database, checkpoint_by_itself=False)
    try:
        state = schema_state(database)
        if state is SchemaState.OLDER and not database.is_sqlite:
            raise EnvironmentFailure("database.older")  # other stations work there: somebody decides
        if state is not SchemaState.CURRENT:
            from app.runtime.upkeep import bring_up_to_date

            bring_up_to_date(database, settings.data_folder, utc_now)
        if settings.sample:
            from app.runtime.sample import load_sample

            load_sample(database, formats(), now)
        if not database.read(is_set_up):
            return None
        return make_ready(settings, database, now)
    except PickwickError:
        database.close()
        raise


def make_ready(settings: Settings, database: Database, now: datetime) -> Ready:
    """The station of these settings on a database that is set up. Nothing is written where all is there already."""
    wanted = database.read(lambda session: _workplace(session, settings))
    station_id = wanted.station_id
    if station_id is None:
        station_id = database.write(lambda session: ensure_station(session, now, wanted.name, wanted.warehouse_id))
    opened = station_id
    if settings.operator:
        database.write(lambda session: _sign_in(session, opened, settings.operator))
    name = database.read(known_database_id) or database.write(database_id)
    return database.read(lambda session: _ready(session, settings, database, opened, name))


def _ready(session: Session, settings: Settings, database: Database, station_id: int, database_name: str) -> Ready:
    info = station_info(session, station_id)
    uris = station_uris(session, station_id, settings.scanner, settings.scale, settings.printer)
    kept = session.get_one(Station, station_id).settings
    # A journal belongs to one database: its scans mean nothing in another.
    journal = settings.journal_folder(database_name) / f"station-{station_id}.journal"
    journal.parent.mkdir(parents=True, exist_ok=True)
    theme, scale, volume = kept.get("theme"), kept.get("text_scale"), kept.get("volume")
    return Ready(
        database,
        info,
        uris,
        journal,
        volume if isinstance(volume, int) else 80,
        str(theme) if theme and "theme" not in settings.told else "",
        scale if isinstance(scale, int) and "text_scale" not in settings.told else 0,
        session.get_one(Warehouse, info.warehouse_id).code,
        _guests(session, uris.scanner),
    )


def _guests(session: Session, scanners: str) -> dict[str, StationInfo]:
    """The stations that the addresses of scanners name; one that nobody set up is left out."""
    names = sorted({station_of(uri) for uri in scanners.split()} - {""})
    known = {
        name: session.execute(select(Station.id).where(Station.name == name)).scalar_one_or_none() for name in names
    }
    return {name: station_info(session, station_id) for name, station_id in known.items() if station_id is not None}


@dataclass(frozen=True, slots=True)
class _Workplace:
    """Where the settings put this computer; without an id it is still to be made, or to be moved to the warehouse."""

    name: str
    warehouse_id: int
    station_id: int | None


def _workplace(session: Session, settings: Settings) -> _Workplace:
    wanted = select(Warehouse.id).order_by(Warehouse.id)
    if settings.warehouse:
        wanted = wanted.where((Warehouse.code == settings.warehouse) | (Warehouse.name == settings.warehouse))
    warehouse_id = session.execute(wanted).scalars().first()
    if warehouse_id is None:
        raise BadUseError("start.no_warehouse", warehouse=settings.warehouse)
    station = Station.name == settings.station if settings.station else Station.warehouse_id == warehouse_id
    found = select(Station.id, Station.name, Station.warehouse_id).where(station).order_by(Station.id)
    known = session.execute(found).first()
    if known is None:
        return _Workplace(settings.station or "Bench 1", warehouse_id, None)
    stays = known.warehouse_id == warehouse_id or not settings.warehouse
    return _Workplace(known.name, warehouse_id, known.id if stays else None)


def _sign_in(session: Session, station_id: int, name: str) -> None:
    """Signs a named operator in at start: for demonstrations and kiosks without badges."""
    operator = session.execute(
        select(Operator.id).where(Operator.name == name, Operator.active.is_(True))
    ).scalar_one_or_none()
    if operator is None:
        raise BadUseError("start.no_operator", operator=name)
    ensure_session(session, station_id)
    row = session.get_one(StationSession, station_id)
    if row.operator_id != operator:
        row.operator_id, row.place = operator, Place.PACK
        row.work_kind, row.work_id, row.block, row.memory, row.step = "", None, None, {}, ""
