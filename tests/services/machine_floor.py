"""The floor of the machine: benches whose next right scan is known, so that long random days get somewhere."""

from __future__ import annotations

from sqlalchemy import text

from app.bootstrap.floor import make_floor
from app.domain.barcodes import ScannedCode
from app.domain.changed_work import ChangedWork
from app.domain.commands import Command
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Place, Result
from app.domain.work import PackWork, PickWork, ReturnWork
from app.models.database import Database
from app.services.desk import Desk
from app.services.identify import Named
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench, add_bench

_FREE_TOTE = text(
    "SELECT l.code FROM locations l WHERE l.kind = 'tote' AND NOT EXISTS (SELECT 1 FROM tote_uses u "
    "WHERE u.tote_id = l.id AND u.closed_at IS NULL) AND NOT EXISTS (SELECT 1 FROM stock_balances b "
    "WHERE b.location_id = l.id AND b.on_hand > 0) ORDER BY l.id LIMIT 1"
)


class Hand:
    """A person at a bench, who acknowledges errors and can look at the screen."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @property
    def work(self) -> object:
        """What is open on the screen."""
        bench = self.bench
        look = Gesture("look", GestureKind.SCAN, "", bench.now)
        return bench.database.write(lambda s: bench.floor.look(s, look, bench.settings, bench.now)).work

    def scan(self, raw: str) -> Outcome:
        """One scan; what blocks is acknowledged."""
        outcome = self.bench.scan(raw)
        if outcome.result is Result.BLOCKED:
            self.bench.scan("PW-OK")
        return outcome


def next_pick(database: Database, work: object) -> str:
    """The scan that takes a walk one step further; it begins one where none is open."""
    if not isinstance(work, PickWork):
        return "PW-START"
    stop = next((stop for stop in work.stops if stop.task_id == work.current), None)
    if stop is None or work.step == "done":
        return "PW-END"
    tote = next((slot.tote for slot in work.slots if slot.slot == stop.slot), "")
    if work.step == "totes" or not tote:
        return database.read(lambda s: s.execute(_FREE_TOTE).scalar()) or "PW-ASIDE"
    return {"shelf": stop.location, "item": stop.item.sku, "tote": tote, "count": "PW-OK"}.get(work.step, "PW-LATER")


def next_pack(work: object, order_number: str) -> str:
    """The scan that packs one unit more; where nothing is open, the one that opens this order."""
    if not isinstance(work, PackWork):
        return order_number
    if work.changed is not None:
        return _next_of_a_change(work.changed)
    return next((line.item.sku for line in work.lines if line.remaining > 0), "PW-CLOSE")


def _next_of_a_change(changed: ChangedWork) -> str:
    wanted = changed.next
    if changed.in_hand:
        return "A-01-1"
    if wanted is None:
        return "PW-OK"
    return wanted.item.sku if wanted.item is not None else wanted.place


def next_return(work: object, order_number: str, where: str) -> str:
    """The scan that decides one thing more; where nothing is open, the one that opens this order's return."""
    if not isinstance(work, ReturnWork):
        return order_number
    steps = {"grade": "PW-GR-A", "reason": "PW-MIND", "where": where, "done": "PW-REFUND"}
    out = next((line.item.sku for line in work.sold if line.back < line.shipped), "PW-REFUND")
    return steps.get(work.step, out)


class NoDoor:
    """Opens nothing; `whole_bench` gives the station its real floor."""

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        raise NotImplementedError

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        raise NotImplementedError


def whole_bench(database: Database, site: build.Site, name: str, place: Place) -> Bench:
    """A station at which everything can be done, with its operator signed in."""
    bench = add_bench(database, site, {}, NoDoor(), name=name, place=place)
    bench.floor = make_floor(bench.floor.station_id, site.warehouse_id, "own")
    return bench


PLACES = ("A-01-1", "A-02-1", "B-01-1", "BULK-1", "REC-1", "Q-1", "T-1", "CAGE-1")
SKUS = ("CUP", "LAMP", "SOAP")
COMMANDS = (
    "PW-OK", "PW-BACK", "PW-UNDO", "PW-NEXT", "PW-PREV", "PW-QTY", "PW-1", "PW-2", "PW-3", "PW-CLOSE", "PW-PARCEL",
    "PW-MISSING", "PW-ASIDE", "PW-REPRINT", "PW-REDO", "PW-SHORT", "PW-SKIP", "PW-END", "PW-EMPTY", "PW-DAMAGED",
    "PW-ELSE", "PW-LATER", "PW-FOUND", "PW-GR-C", "PW-FAULT", "PW-QUAR", "PW-SCRAP", "PW-VENDOR", "PW-FOREIGN",
    "PW-REFUND", "PW-START", "PW-TAKE", "PW-RESUM", "PW-VOID", "PW-CTN", "PW-FIRST", "PW-LAST", "PW-SHEET",
)  # fmt: skip
ANYTHING = (*SKUS, *PLACES, *COMMANDS, "#1000", "#1001", "#1002", "T-2", "PL-1", "PL-2", "F-1", "nonsense")
