"""The office of a simulation: captures orders, promises and releases, takes goods in, and changes its mind."""

from __future__ import annotations

import csv
import io
import logging
import random
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.bootstrap.ready import formats
from app.bootstrap.simulate_house import WRITER
from app.domain.capture_settings import ReadSettings
from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Outcome
from app.domain.states import HoldKind, Role
from app.models.database import Database, Session
from app.runtime.allocating import allocate_all
from app.runtime.importing import FileImport
from app.services.actor import Actor
from app.services.cancel import cancel_order
from app.services.holds import place_hold, release_hold
from app.services.receive import receive
from app.services.release import release

LOG = logging.getLogger(__name__)
ROUND_SECONDS = 0.5
ROUNDS_BETWEEN_CHANGES = 4
"""The office changes its mind about an order every two seconds."""
ORDERS_EACH = 3
"""So many orders wait for each station at least."""
DELIVERY = 50
GOODS = 24
HEADINGS = ("order", "order date", "payment status", "email", "name", "address1", "city", "postcode", "country", "sku",
            "quantity", "unit price", "currency")  # fmt: skip
_WAITING = text(
    "SELECT count(*) FROM (SELECT 1 FROM fulfillments WHERE warehouse_id = :warehouse "
    "AND state IN ('allocated', 'released', 'picking', 'picked') LIMIT 1000) AS open_ones"
)
_GOODS = text(
    "SELECT p.id, p.sku, b.location_id, b.on_hand - b.allocated AS free FROM stock_balances b "
    "JOIN products p ON p.id = b.product_id JOIN locations l ON l.id = b.location_id "
    "WHERE l.kind = 'shelf' AND l.warehouse_id = :warehouse AND NOT p.lot_tracked AND NOT p.serial_tracked "
    "AND p.id >= :start ORDER BY p.id LIMIT :some"
)
_PRODUCTS = text("SELECT MIN(id), MAX(id) FROM products")
_ON_BENCHES = text(
    "SELECT o.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.state = 'packing' "
    "AND f.warehouse_id = :warehouse ORDER BY f.id LIMIT 50"
)


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """What the office did."""

    captured: int = 0
    cancelled: int = 0
    held: int = 0
    refused: int = 0


class Office:
    """One thread that never gives up while the database is away. It works as an office does: by the same services."""

    def __init__(self, database: Database, warehouse_id: int, stations: int, changes_its_mind: bool,
                 clock: Callable[[], datetime]) -> None:  # fmt: skip
        self._database, self._warehouse_id, self._stations = database, warehouse_id, stations
        self._changes_its_mind, self._clock = changes_its_mind, clock
        self._run_name = f"{clock():%y%m%d%H%M%S}"
        self._captured = self._cancelled = self._held_count = self._refused = 0
        self._held: list[int] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="office", daemon=True)
        self.broken: list[str] = []

    @property
    def day(self) -> OfficeDay:
        """What was done so far."""
        return OfficeDay(self._captured, self._cancelled, self._held_count, self._refused)

    def begin(self) -> None:
        """Work for everybody, before anybody works. Raises EnvironmentFailure."""
        self._supply()

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """Lifts the holds that it placed, and ends."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        rounds = 0
        while not self._stopping.wait(ROUND_SECONDS):
            rounds += 1
            try:
                self._supply()
                if self._changes_its_mind and rounds % ROUNDS_BETWEEN_CHANGES == 0:
                    self._change(cancel=rounds % (2 * ROUNDS_BETWEEN_CHANGES) == 0)
            except EnvironmentFailure as failure:
                LOG.info("the office waits: %s", failure)
            except Exception as error:
                LOG.exception("a fault of the office")
                self.broken.append(f"office: {error!r}"[:300])

    def _supply(self) -> None:
        """Enough released work for everybody, and goods for it."""
        waiting = self._database.read(lambda s: s.execute(_WAITING, {"warehouse": self._warehouse_id}).scalar_one())
        wanted = ORDERS_EACH * self._stations
        if waiting < wanted:
            self._capture(min(wanted, 100))
        allocate_all(self._database, self._actor, self._clock)
        while self._database.write(lambda s: release(s, self._actor(self._clock()), 60)).fulfillment_ids:
            pass

    def _capture(self, count: int) -> None:
        goods = self._database.read(self._some_goods)
        for product_id, _, location_id, free in goods:
            if free < DELIVERY // 2:
                self._receive(product_id, location_id)
        with tempfile.TemporaryDirectory(prefix="pickwick-") as folder:
            path = Path(folder) / "orders.csv"
            path.write_text(self._orders([sku for _, sku, _, _ in goods], count), encoding="utf-8", newline="")
            taken = FileImport(self._database, self._actor, self._clock)
            report = taken.run(formats(), "csv-orders", path, ReadSettings(zone="UTC", currency="GBP"))
        self._captured += report.counts.new

    def _receive(self, product_id: int, location_id: int) -> None:
        self._told(lambda session: receive(session, self._actor(self._clock()), product_id, DELIVERY, location_id))

    def _some_goods(self, session: Session) -> list[tuple[int, str, int, int]]:
        low, high = session.execute(_PRODUCTS).one()
        values = {"warehouse": self._warehouse_id, "some": GOODS, "start": random.randint(low, max(low, high - GOODS))}
        return [(row.id, row.sku, row.location_id, row.free) for row in session.execute(_GOODS, values)]

    def _orders(self, skus: list[str], count: int) -> str:
        text_file = io.StringIO(newline="")
        rows = csv.writer(text_file)
        rows.writerow(HEADINGS)
        moment = f"{self._clock() - timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
        for number in range(self._captured + 1, self._captured + count + 1):
            order = f"SIM-{self._run_name}-{number}"
            place = ("Simulated customer", f"{number} Mill Lane", "Leeds", "LS1 1AA", "GB")
            for sku in random.sample(skus, min(len(skus), random.choice((1, 1, 2, 3)))):
                rows.writerow((order, moment, "paid", "", *place, sku, random.choice((1, 1, 1, 2)), "1.00", "GBP"))
        return text_file.getvalue()

    def _change(self, *, cancel: bool) -> None:
        """Cancels an order that lies on a bench, or holds it for a while."""
        found = self._database.read(lambda s: list(s.execute(_ON_BENCHES, {"warehouse": self._warehouse_id}).scalars()))
        for order_id in self._held:
            self._told(lambda s, o=order_id: release_hold(s, self._actor(self._clock()), o, HoldKind.OFFICE, WRITER))  # type: ignore[misc]
        self._held = []
        if not found:
            return
        order_id = random.choice(found)
        if cancel:
            self._cancelled += self._told(lambda s: cancel_order(s, self._actor(self._clock()), order_id, WRITER))
        elif self._told(lambda s: place_hold(s, self._actor(self._clock()), order_id, WRITER)):
            self._held_count += 1
            self._held.append(order_id)

    def _told(self, use_case: Callable[[Session], Outcome]) -> bool:
        """Whether it was done."""
        outcome = self._database.write(use_case)
        self._refused += outcome.refused
        return not outcome.refused

    def _actor(self, now: datetime) -> Actor:
        return Actor(now, WRITER, self._warehouse_id, role=Role.ADMIN)
