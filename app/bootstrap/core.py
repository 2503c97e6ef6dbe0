"""One station without its window: database, devices, the way of a scan, and what happens behind it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.document_printer import PrintingPress, open_printer
from app.bootstrap.effects import Effects
from app.bootstrap.floor import make_floor
from app.devices.journal import ScanJournal
from app.devices.keyboard_opening import PLAIN, open_keyboard
from app.devices.options import Address
from app.domain.ahead import Kit
from app.domain.clock import Clock, IdMaker, utc_now
from app.domain.device_ports import Scale, Scanner
from app.domain.errors import EnvironmentFailure, PickwickError
from app.domain.outcomes import Change, Outcome
from app.domain.print_ports import PrinterStatus
from app.domain.words import say
from app.integrations.carriers.keys import OWN
from app.models.database import Database, Session
from app.models.people import Operator, Station, StationSession
from app.models.warehouses import Warehouse
from app.presenters.gateway import JobEvent
from app.presenters.station_info import StationInfo
from app.runtime.ahead import Documents, OrderInHand
from app.runtime.ahead_client import AheadClient, FloorAhead
from app.runtime.ahead_notes import AheadNotes
from app.runtime.back_again import BackAgain
from app.runtime.bench import Bench
from app.runtime.garbage import keep_what_is_there
from app.runtime.heartbeat import Heartbeat
from app.runtime.journals import Journal, NoJournal
from app.runtime.station_client import StationClient
from app.runtime.worker import CommandWorker
from app.services.actor import Actor

if TYPE_CHECKING:
    from app.runtime.background import Background
    from app.runtime.print_worker import DocumentPrinter, PrintAnswer

LOG = logging.getLogger(__name__)
Post = Callable[[Callable[[], None]], None]


SWITCH_SECONDS = 0.0005
"""How long a thread may keep the others waiting; with Python's own 5 ms a scan waited 20 ms beside a busy thread."""


@dataclass(frozen=True, slots=True)
class DeviceUris:
    """The devices of a bench by their addresses; empty for none. `printers` names others by kind of document."""

    scanner: str = "keyboard:"
    scale: str = ""
    printer: str = "sim:"
    printers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hearers:
    """Who is told of what happens behind; set once the presenter is there, on whatever thread `post` leads to."""

    label: Callable[[Change], None] = lambda _: None
    job: Callable[[JobEvent], None] = lambda _: None
    fault: Callable[[Exception], None] = lambda fault: LOG.error("a fault behind the station", exc_info=fault)
    printer: Callable[[str, PrinterStatus], None] = lambda _uri, _status: None
    gone: Callable[[EnvironmentFailure, int], None] = lambda _failure, _kept: None
    back: Callable[[float, int], None] = lambda _milliseconds, _kept: None
    ahead: Callable[[Outcome], None] = lambda _outcome: None
    unfit: Callable[[EnvironmentFailure], None] = lambda _failure: None


@dataclass(frozen=True, slots=True)
class StationCore:
    """Everything of a station that no screen is needed for."""

    database: Database
    info: StationInfo
    scanner: Scanner | None
    scale: Scale | None
    bench: Bench
    press: PrintingPress
    effects: Effects
    worker: CommandWorker
    client: AheadClient
    journal: Journal
    hearers: Hearers
    new_id: IdMaker
    heartbeat: Heartbeat
    in_hand: OrderInHand
    back_again: BackAgain

    @property
    def background(self) -> Background:
        """Buys labels and prints."""
        return self.effects.background

    def start(self, effects: bool = True) -> None:
        """Begins the threads; devices start with who listens to them. `effects` can wait until the first answer."""
        sys.setswitchinterval(SWITCH_SECONDS)
        keep_what_is_there()
        self.worker.start()
        if effects:
            self.effects.start()
        self.heartbeat.start()

    def stop(self) -> None:
        """Ends the threads; what is not done yet is in the journal or in rows."""
        if self.scanner is not None:
            self.scanner.stop()
        if self.scale is not None:
            self.scale.stop()
        self.worker.stop()
        self.heartbeat.stop()
        self.effects.stop()
        if isinstance(self.journal, ScanJournal):
            self.journal.close()


def build_core(
    database: Database, info: StationInfo, uris: DeviceUris, clock: Clock, post: Post, journal: Path | None
) -> StationCore:
    """Puts a station together.

    Raises BadUseError for a device address that means nothing, EnvironmentFailure where its journal cannot be had.
    """
    hearers, new_id = Hearers(), IdMaker()
    scanner = _scanner(uris.scanner, new_id, clock)
    scale = _scale(uris.scale) if uris.scale else None
    bench = Bench(scanner, scale, post)

    def said(uri: str, status: PrinterStatus) -> None:
        if uri == uris.printer:
            bench.printer_said(status)
        hearers.printer(uri, status)

    press = PrintingPress(uris.printer, uris.printers, lambda uri, status: post(lambda: said(uri, status)))
    disk = ScanJournal(journal) if journal is not None else None  # before all else that only one program may write
    notes = AheadNotes(journal.with_suffix(".ahead") if journal is not None else None)
    effects = Effects(lambda: _background(database, info, press, clock, post, hearers, lambda: worker.quiet, notes))
    in_hand = _order_in_hand(database, info.station_id, effects, clock, notes, hearers, post)

    def gone(failure: EnvironmentFailure, kept: int) -> None:
        back_again.gone()
        post(lambda: hearers.gone(failure, kept))
        in_hand.gone()

    back_again = BackAgain(lambda milliseconds, kept: post(lambda: hearers.back(milliseconds, kept)))
    worker = CommandWorker(gone, back_again.stored)
    floor = FloorAhead.of(make_floor(info.station_id, info.warehouse_id, OWN), in_hand)
    kept: Journal = disk or NoJournal(in_hand.kept)
    if disk is not None:
        disk.on_kept = in_hand.kept
    sending = StationClient(database, floor, kept, worker, effects, clock, post)
    client = AheadClient(sending, in_hand)
    heartbeat = Heartbeat(database, info.station_id, clock, lambda failure: post(lambda: hearers.unfit(failure)))
    return StationCore(
        database, info, scanner, scale, bench, press, effects, worker, client, kept, hearers, new_id, heartbeat,
        in_hand, back_again,
    )  # fmt: skip


def _background(
    database: Database,
    info: StationInfo,
    press: PrintingPress,
    clock: Clock,
    post: Post,
    hearers: Hearers,
    quiet: Callable[[], bool],
    notes: AheadNotes,
) -> Background:
    """What buys labels and prints, told of on the thread that `post` leads to."""
    from app.integrations.carriers.own_delivery import OwnDelivery
    from app.runtime.background import Background

    def actor(now: datetime) -> Actor:
        return Actor(now, f"effects:{info.station_id}", info.warehouse_id, station_id=info.station_id)

    return Background(
        database,
        actor,
        {OWN: OwnDelivery()},
        press,
        clock,
        lambda change: post(lambda: hearers.label(change)),
        lambda event: post(lambda: hearers.job(event)),
        lambda fault: post(lambda: hearers.fault(fault)),
        quiet,
        notes,
    )


def _order_in_hand(
    database: Database, station_id: int, effects: Effects, clock: Clock, notes: AheadNotes, hearers: Hearers, post: Post
) -> OrderInHand:
    """What goes on with the open order while the database is away."""

    def fetch(fulfillment_id: int, then: Callable[[Kit | None], None]) -> None:
        effects.background.between_jobs(lambda: then(read_kit(database, station_id, fulfillment_id)))

    return OrderInHand(
        clock,
        fetch,
        lambda label_id, documents, before, then: effects.background.aside(
            print_here(label_id, documents, before, then)
        ),
        notes,
        lambda deed: effects.background.aside(lambda _printer: deed()),
        lambda outcome: post(lambda: hearers.ahead(outcome)),
    )


def read_kit(database: Database, station_id: int, fulfillment_id: int) -> Kit | None:
    """What a bench takes along for an outage; a file on this machine has none."""
    if database.is_sqlite:
        return None
    from app.integrations.carriers.own_delivery import OwnDelivery
    from app.services.ahead import kit_of

    return database.read(lambda session: kit_of(session, station_id, fulfillment_id, OwnDelivery()))


def print_here(
    label_id: int,
    documents: Documents,
    before: Callable[[str], None],
    then: Callable[[str, PrintAnswer], None],
) -> Callable[[DocumentPrinter], None]:
    """Prints documents that no row asks for yet, on the thread that owns the printers.

    `before` is called ahead of each; one at which it fails is not sent.
    """

    def deed(printer: DocumentPrinter) -> None:
        from app.services.print_jobs import JobToPrint

        for document, content in documents.items():
            number = -label_id  # of no row, so that a file that is named by it is not another job's
            job = JobToPrint(number, document, content, None, "", None, None, 1)
            before(document)
            then(document, printer.print(job))

    return deed


def station_info(session: Session, station_id: int) -> StationInfo:
    """The station, its warehouse, and who is signed in there."""
    station = session.get_one(Station, station_id)
    warehouse = session.get_one(Warehouse, station.warehouse_id)
    row = session.get(StationSession, station_id)
    operator = session.get(Operator, row.operator_id) if row is not None and row.operator_id is not None else None
    return StationInfo(
        station.id,
        station.name,
        warehouse.id,
        warehouse.name,
        warehouse.zone,
        operator.id if operator else None,
        operator.name if operator else "",
        operator.role if operator else None,
    )


def station_uris(session: Session, station_id: int, scanner: str, scale: str, printer: str) -> DeviceUris:
    """The devices of a station: flags first, then what is kept with the station, then the simulated twins."""
    kept = session.get_one(Station, station_id).settings
    return DeviceUris(
        scanner or str(kept.get("scanner") or "keyboard:"),
        scale or str(kept.get("scale") or ""),
        printer or str(kept.get("printer") or "sim:"),
        _printers(kept),
    )


def wrong_address(setting: str, uri: str) -> str:
    """What is wrong with the address of a device, in words; empty when this build has such a device."""
    try:
        if setting == "scanner":
            _scanner(uri, IdMaker(), utc_now)
        elif setting == "scale":
            _scale(uri)
        else:
            open_printer(uri)
    except PickwickError as error:
        return say(error.code, **error.values)
    return ""


def _scanner(uris: str, new_id: IdMaker, clock: Clock) -> Scanner | None:
    """Most stations have the one that types: what reads ports and networks is read by whoever has another."""
    if uris.strip() == PLAIN:
        return open_keyboard(Address(PLAIN), new_id, clock)
    from app.devices.opening import open_scanners

    return open_scanners(uris, new_id, clock)


def _printers(kept: Mapping[str, object]) -> dict[str, str]:
    """The printers of a station by kind of document."""
    if not (kept.get("paper_printer") or kept.get("printers")):
        return {}
    from app.domain.print_routes import printers_by_kind

    return printers_by_kind(kept)


def _scale(uri: str) -> Scale:
    from app.devices.scale_opening import open_scale

    return open_scale(uri, time.monotonic)
