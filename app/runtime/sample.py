"""The sample warehouse: real orders moved to today, through the same imports as anybody's files."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from app.domain.capture import Captured, CapturedLocation, FormatReader, Pairs, RefusedRow
from app.domain.capture_settings import ReadSettings
from app.domain.errors import EnvironmentFailure
from app.domain.import_report import ImportProgress
from app.domain.sample_days import move_days
from app.domain.states import COUNTERPARTY_KINDS, LocationKind, Role
from app.models.catalogue import Carton
from app.models.database import Database
from app.models.fulfillment import Cart
from app.models.stock import Location, Warehouse
from app.runtime.importing import FileFormats, FileImport
from app.services.actor import Actor
from app.services.capture.lookups import ensure_channel
from app.services.people import add_operator
from app.services.settings_store import get_setting, put_setting
from app.services.setup import NewWarehouse, create_warehouse, ensure_station, prepare_settings

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
SAMPLE, PICTURES = RESOURCES / "sample", RESOURCES / "pictures" / "products" / "index.json"
DAY, LOADED = "sample_day", "sample_loaded"
WRITER = "sample"
STEPS = 100

Progress = Callable[[int, int], None]
_FILES = (("csv-products", "products.csv"), ("csv-locations", "locations.csv"), ("csv-stock", "stock.csv"))
_PICTURE = text("UPDATE products SET picture = :name WHERE sku = :sku")
_COUNTERPARTIES = {kind.value for kind in COUNTERPARTY_KINDS}


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What the sample came to; `orders` and `refused` are 0 when it was there already."""

    warehouse_id: int
    orders: int = 0
    allocated: int = 0
    refused: int = 0


def load_sample(
    database: Database, formats: FileFormats, now: datetime, progress: Progress = lambda _done, _of: None
) -> SampleReport:
    """Makes the sample warehouse in a migrated database, and imports its orders with their days moved to `now`.

    Doing it again changes nothing; one that was broken off goes on. Raises EnvironmentFailure when a file of the
    sample is missing or the database fails.
    """
    try:
        return _load(database, formats, now, progress)
    except OSError as error:
        raise EnvironmentFailure("sample.not_read", reason=str(error)) from error


def _load(database: Database, formats: FileFormats, now: datetime, progress: Progress) -> SampleReport:
    told = json.loads((SAMPLE / "warehouse.json").read_text(encoding="utf-8"))
    zone = ZoneInfo(told["timezone"])
    warehouse_id, today, loaded = database.write(lambda session: _house(session, told, now, zone))
    if loaded:
        return SampleReport(warehouse_id)
    settings = ReadSettings(zone=told["timezone"], currency="GBP")

    def actor(moment: datetime) -> Actor:
        return Actor(moment, WRITER, warehouse_id)

    def take(format_name: str, path: Path, start: int, end: int) -> FileImport:
        def tell(how_far: ImportProgress) -> None:
            progress(start + (end - start) * how_far.percent // 100, STEPS)

        made = FileImport(database, actor, lambda: now, tell)
        report = made.run(_without_counterparties(formats), format_name, path, settings)
        counts.append((report.counts.new, report.counts.allocated, report.counts.refused))
        return made

    counts: list[tuple[int, int, int]] = []
    for step, (format_name, name) in enumerate(_FILES):
        take(format_name, SAMPLE / name, 5 + step * 10, 15 + step * 10)
    database.write(lambda session: _dress(session, warehouse_id))
    with tempfile.TemporaryDirectory(prefix="pickwick-") as folder:
        path = Path(folder) / "orders.csv"
        orders = (SAMPLE / "orders.csv").read_text(encoding="utf-8")
        moved = move_days(orders, date.fromisoformat(told["base_day"]), today, zone)
        path.write_text(moved, encoding="utf-8", newline="")
        take("csv-orders", path, 35, 95)
    database.write(lambda session: put_setting(session, LOADED, True))
    progress(STEPS, STEPS)
    return SampleReport(warehouse_id, counts[-1][0], counts[-1][1], sum(one[2] for one in counts))


def _house(session: Session, told: Mapping[str, object], now: datetime, zone: ZoneInfo) -> tuple[int, date, bool]:
    """The warehouse with its people, stations, carts and cartons; its id, the day of its orders, and whether all of it
    is there already."""
    code = str(told["code"])
    found = session.execute(select(Warehouse.id).where(Warehouse.code == code)).scalar_one_or_none()
    day = get_setting(session, DAY)
    if found is not None and isinstance(day, str):
        return found, date.fromisoformat(day), get_setting(session, LOADED) is True
    prepare_settings(session)
    if found is None:
        address = told["address"]
        sender = tuple((str(k), str(v)) for k, v in address.items()) if isinstance(address, dict) else ()
        new = NewWarehouse(code, str(told["name"]), str(told["timezone"]), sender)
        found = create_warehouse(session, Actor(now, WRITER, 0), new)
    ensure_channel(session, "csv", str(told["channel"]), str(zone))
    admin = Actor(now, WRITER, found, role=Role.ADMIN)
    for person in json.loads((SAMPLE / "operators.json").read_text(encoding="utf-8")):
        add_operator(session, admin, person["name"], Role(person["role"]), person["badge"])
    for name in _list(told["stations"]):
        ensure_station(session, now, str(name), found)
    session.add_all(_carts(session, found, _list(told["carts"])))
    session.add_all(_cartons(session))
    today = now.astimezone(zone).date()
    put_setting(session, DAY, today.isoformat())
    return found, today, False


def _carts(session: Session, warehouse_id: int, told: list[object]) -> Iterator[Cart]:
    known = set(session.execute(select(Cart.code)).scalars())
    for cart in told:
        if isinstance(cart, dict) and cart["code"] not in known:
            yield Cart(warehouse_id=warehouse_id, code=cart["code"], slots=cart["slots"], columns=cart["columns"])


def _cartons(session: Session) -> Iterator[Carton]:
    known = set(session.execute(select(Carton.code)).scalars())
    with (SAMPLE / "cartons.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["code"] not in known:
                yield Carton(
                    code=row["code"], name=row["name"], length_mm=int(row["length mm"]), width_mm=int(row["width mm"]),
                    height_mm=int(row["height mm"]), weight_g=int(row["weight g"]), max_weight_g=int(row["most g"]),
                    key_order=int(row["key"]),
                )  # fmt: skip


def _dress(session: Session, warehouse_id: int) -> None:
    """Pictures of products, and the names that hang on what is outside of the ledger, such as the scrap bin."""
    pictures = json.loads(PICTURES.read_text(encoding="utf-8"))
    session.execute(_PICTURE, [{"sku": sku, "name": name} for sku, name in sorted(pictures.items())])
    named = (
        update(Location)
        .where(Location.warehouse_id == warehouse_id, Location.kind == bindparam("of_kind"))
        .values(code=bindparam("new_code"), x_mm=bindparam("new_x"), y_mm=bindparam("new_y"))
    )
    with (SAMPLE / "locations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] in _COUNTERPARTIES:
                place = {"of_kind": LocationKind(row["kind"]), "new_code": row["code"]}
                values = {**place, "new_x": int(row["x mm"]), "new_y": int(row["y mm"])}
                session.connection().execute(named, values)


class _WithoutCounterparties:
    """A reader of places that leaves out what the warehouse has by itself."""

    def __init__(self, reader: FormatReader) -> None:
        self._reader = reader
        self.name = reader.name

    def read(self, path: Path, settings: ReadSettings) -> Iterator[Captured]:
        """See FormatReader."""
        for item in self._reader.read(path, settings):
            if not (isinstance(item, CapturedLocation) and item.kind in _COUNTERPARTIES):
                yield item

    def retry(self, refused: RefusedRow, mended: str | None = None) -> Iterator[Captured]:
        """See FormatReader."""
        return self._reader.retry(refused, mended)

    def refuse(self, path: Path, settings: ReadSettings, unstorable: Mapping[int, Pairs]) -> Iterator[RefusedRow]:
        """See FormatReader."""
        return self._reader.refuse(path, settings, unstorable)


def _without_counterparties(formats: FileFormats) -> FileFormats:
    reader = formats.readers["csv-locations"]
    return FileFormats({**formats.readers, "csv-locations": _WithoutCounterparties(reader)}, formats.detect)


def _list(told: object) -> list[object]:
    return told if isinstance(told, list) else []
