"""A working day without a screen: `main.py demo` plays it, and leaves a report, labels, slips and pictures."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.bootstrap.demo_album import Album
from app.bootstrap.demo_day import BENCHES, Day, Floor, open_floor
from app.bootstrap.demo_packing import Trouble
from app.bootstrap.demo_picking import Mishap
from app.bootstrap.demo_report import checked, figures, latencies, write_labels
from app.bootstrap.demo_station import FirstStart, Tally
from app.bootstrap.ready import formats
from app.domain.clock import utc_now
from app.domain.errors import BadUseError, EnvironmentFailure, PickwickError
from app.domain.words import say
from app.models.database import Database, Session
from app.models.people import Station
from app.models.server_address import without_password
from app.runtime.sample import load_sample
from app.runtime.upkeep import bring_up_to_date
from app.services.actor import Actor
from app.services.settings_store import AT_TRUCK, put_setting
from app.services.setup import is_set_up, put_station_settings
from app.views.kit import Look
from app.views.theme import ThemeName

if TYPE_CHECKING:
    from app.settings import Settings

SHIPPED = 220
FOLDERS = ("labels", "slips", "screens", "journals")
DATABASE = "demo.sqlite3"


def play(settings: Settings, out: Path, as_json: bool, ship: int = SHIPPED) -> int:
    """Plays the day into `out`, until so many orders are packed and gone; 0 when all was as it should be, else 1.

    Raises BadUseError for a database that is in use, EnvironmentFailure when the folder can't be written.
    """
    began = time.monotonic()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = out.resolve()
    _prepare_folder(folder)
    own = replace(settings, data_folder=folder, sample=False)
    if "database" not in settings.told:
        own = replace(own, database=f"sqlite:///{(folder / DATABASE).as_posix()}")
    _prepare_database(own, folder)
    application, look = _begin_qt()
    before = qInstallMessageHandler(_quiet)
    tally, album = Tally(), Album(folder / "screens", look)
    try:
        failure = _play(own, folder, look, album, tally, ship)
    finally:
        qInstallMessageHandler(before)
    report = failure | _figures(own, folder) | {
        "scans": tally.scans,
        "keys": tally.keys,
        "refused_scans": tally.refused_scans,
        "refusals": tally.refusals,
        "latency_ms": latencies(tally),
        "screens": album.names,
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    application.processEvents()
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _tell_result(report, folder, as_json)


def _play(settings: Settings, folder: Path, look: Look, album: Album, tally: Tally, ship: int) -> dict[str, object]:
    """The day itself; what it came to, and what went wrong, in one sentence each."""
    floor = open_floor(settings, look, tally)
    start = FirstStart(settings, look, folder / "journals")
    album.keep_window("first_run", start.window)
    day = Day(floor, album, ship, _tell)
    failed: list[str] = []
    try:
        day.play()
        failed += [say("demo.did_not_happen", what=one.name.lower()) for one in _left_out(day)]
    except PickwickError as error:
        failed.append(say(error.code, **error.values))
        album.keep("failed", floor.benches[0].screen)
    finally:
        album.develop()
        labels = write_labels(floor.all(), folder / "labels")
        start.close()
        _close(floor)
    happened = [*day.picker.happened, *(trouble for packer in day.packers for trouble in packer.happened)]
    return {
        "failed": failed,
        "labels_printed": labels,
        "packed_orders": len(day.packed),
        "happened": [one.name.lower() for one in happened],
        "returned": day.returns,
        "cancelled_on_the_floor": day.cancelled,
        "left_short": day.picker.short,
    }


def _left_out(day: Day) -> list[Mishap | Trouble]:
    return [*day.picker.mishaps, *(trouble for packer in day.packers for trouble in packer.troubles)]


def _figures(settings: Settings, folder: Path) -> dict[str, object]:
    database = Database.open(settings.database)
    try:
        slips = len(list((folder / "slips").glob("*.pdf")))
        return figures(database) | {"slips_printed": slips, "check": checked(database, folder / "journals")}
    finally:
        database.close()


def _close(floor: Floor) -> None:
    for station in floor.all():
        station.close()


# -- before the day ---------------------------------------------------------------------------------------------------


def _prepare_folder(folder: Path) -> None:
    """Empty folders for what the day leaves; only what an earlier day left there is taken away."""
    ours = (folder / DATABASE).exists() or (folder / "report.json").exists()
    if not ours and any((folder / name).exists() for name in FOLDERS):
        raise BadUseError("demo.folder_in_use", folder=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FOLDERS:
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir()
        for end in ("", "-wal", "-shm", ".lock", ".turn"):
            (folder / (DATABASE + end)).unlink(missing_ok=True)
        (folder / "report.json").unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFailure("demo.not_written", file=str(error.filename or folder)) from error


def _prepare_database(settings: Settings, folder: Path) -> None:
    """The sample warehouse, with labels scanned back and parcels handed over by cage and truck."""
    database = Database.open(settings.database)
    try:
        bring_up_to_date(database, settings.data_folder, utc_now)
        if database.read(is_set_up):
            raise BadUseError("demo.database_in_use", database=without_password(settings.database))
        report = load_sample(database, formats(), utc_now())
        database.write(lambda session: _set_up(session, report.warehouse_id, folder))
        _tell("demo.loaded", orders=report.orders, allocated=report.allocated)
    finally:
        database.close()


def _set_up(session: Session, warehouse_id: int, folder: Path) -> None:
    for key, value in (("label_scan_back", True), ("handover", AT_TRUCK), ("cart_slots", 12)):
        put_setting(session, key, value)
    slips = f"{(folder / 'slips').as_uri()}?language=pdf"
    actor = Actor(utc_now(), "demo", warehouse_id)
    for station in session.execute(select(Station.id).where(Station.name.in_(BENCHES))).scalars().all():
        put_station_settings(session, actor, station, {"printers": {"packing-slip": slips}, "volume": 20})


def _begin_qt() -> tuple[QApplication, Look]:
    """An application without a screen; what Qt says of this machine's sound and video is left out."""
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")
    application = QApplication.instance() or QApplication(["pickwick"])
    if not isinstance(application, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    look = Look(ThemeName.LIGHT, 1366)
    look.apply()
    return application, look


def _quiet(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        print(words, file=sys.stderr)


# -- after the day ----------------------------------------------------------------------------------------------------


def _tell(key: str, **values: object) -> None:
    print(say(key, **values), file=sys.stderr, flush=True)


def _tell_result(report: dict[str, object], folder: Path, as_json: bool) -> int:
    check, failed = report["check"], report["failed"]
    broken = check["sentences"] if isinstance(check, dict) else []
    sentences = [*(failed if isinstance(failed, list) else []), *broken]
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(say("demo.done" if not sentences else "demo.failed", folder=str(folder), faults=len(sentences)))
    return 1 if sentences else 0
