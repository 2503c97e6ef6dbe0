"""The bare transaction: what an item scan must read and write, in hand-written SQL over a driver's cursor."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

from app.domain.clock import IdMaker
from app.models.database import Database
from tools.bench.databases import OPERATOR, STATION
from tools.bench.work import PackableOrder
from tools.make_big import gtin_of

_UNITS = (
    "SELECT t.id, t.fulfillment_id, t.product_id, t.quantity - t.picked FROM pick_tasks t "
    "WHERE t.pick_list_id = ? AND t.state = 'open' ORDER BY t.sequence, t.id"
)


class Cursor(Protocol):
    """What both drivers' cursors have."""

    def execute(self, sql: str, values: tuple[object, ...] = ...) -> Any:
        """Runs a statement."""

    def fetchone(self) -> Any:
        """A row, or None."""

    def fetchall(self) -> Any:
        """All rows."""


@dataclass(slots=True)
class Bare:
    """A connection of its own; `pack` moves one unit of an order into its parcel and gives the milliseconds it took.

    Where others write a file at the same time it waits behind `turn`, as every writer does.
    """

    cursor: Cursor
    sqlite: bool
    new_id: IdMaker
    close: Callable[[], None]
    station: int = STATION
    operator: int = OPERATOR
    turn: AbstractContextManager[None] = field(default_factory=nullcontext)

    @classmethod
    def open(cls, database: Database, station: int = STATION, operator: int = OPERATOR) -> Bare:
        """On the same database as the station, as safe: FULL, or a commit that waits for the disk."""
        if database.is_sqlite:
            connection = sqlite3.connect(str(database.path), isolation_level=None, timeout=10)
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-8000", "wal_autocheckpoint=0"):
                connection.execute(f"PRAGMA {pragma}")
            return cls(connection.cursor(), True, IdMaker(), connection.close, station, operator)
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        server = psycopg.connect(url, autocommit=True)
        server.execute("SET synchronous_commit = on")
        return cls(server.cursor(), False, IdMaker(), server.close, station, operator)

    def _do(self, sql: str, *values: object) -> None:
        self.cursor.execute(sql if self.sqlite else sql.replace("?", "%s"), values)

    def _one(self, sql: str, *values: object) -> Any:
        self._do(sql, *values)
        return self.cursor.fetchone()

    def prepare(self) -> None:
        """The head of its own audit chain."""
        self._do(
            "INSERT INTO audit_heads (writer, seq, digest) VALUES (?, 0, ?) ON CONFLICT DO NOTHING",
            *(self._writer, "0" * 64),
        )

    @property
    def _writer(self) -> str:
        return f"bare:{self.station}"

    def parcel(self, order: PackableOrder) -> int:
        """The place into which the units of an order go."""
        self._do("UPDATE fulfillments SET state = 'packing' WHERE id = ?", order.fulfillment_id)
        code = f"BARE-{order.fulfillment_id}"
        columns = "INSERT INTO locations (warehouse_id, code, kind) VALUES (1, ?, 'package') RETURNING id"
        return int(self._one(columns, code)[0])

    def tote(self, fulfillment_id: int) -> int:
        """The place into which the units of a fulfillment are picked."""
        columns = "INSERT INTO locations (warehouse_id, code, kind) VALUES (1, ?, 'tote') RETURNING id"
        return int(self._one(columns, f"BARE-T-{fulfillment_id}-{self.new_id()[-12:]}")[0])

    def walk(self, pick_list: int) -> list[tuple[int, int, str]]:
        """Takes a walk for itself: each unit with its task, its fulfillment, its barcode."""
        self._do("UPDATE pick_lists SET state = 'done' WHERE id = ?", pick_list)
        self._do(_UNITS, pick_list)
        found = self.cursor.fetchall()
        return [(task, part, gtin_of(product)) for task, part, product, open_units in found for _ in range(open_units)]

    def pick(self, task: int, code: str, tote: int) -> float:
        """One unit from shelf to tote, as an item scan of a walk does it."""
        gesture, now = self.new_id(), round(time.time() * 1000)
        began = time.perf_counter()
        product = self._begin(gesture, code)
        allocation, line, part, walk, order = self._one(
            "SELECT t.allocation_id, t.order_line_id, t.fulfillment_id, t.pick_list_id, f.order_id FROM pick_tasks t "
            "JOIN fulfillments f ON f.id = t.fulfillment_id WHERE t.id = ? AND t.state = 'open'",
            task,
        )
        goods = self._one("SELECT balance_id FROM allocations WHERE id = ? AND state = 'open'", allocation)
        self._move("pick", part, gesture, now, (allocation, line, goods[0], product, tote))
        self._do(
            "UPDATE pick_tasks SET picked = picked + 1, state = CASE WHEN picked + 1 = quantity THEN 'picked' "
            "ELSE state END WHERE id = ? AND picked < quantity",
            task,
        )
        for entity, ident in (("pick_list", walk), ("fulfillment", part), ("order", order)):
            self._do(
                "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) VALUES (?, ?, ?, ?, "
                f"{'0' if self.sqlite else 'pg_current_xact_id()::text::bigint'})",
                *(entity, ident, self.station, now),
            )
        self._keep(gesture, now, code, "pick.counted")
        self._do("COMMIT")
        return (time.perf_counter() - began) * 1000

    def _begin(self, gesture: str, code: str) -> int:
        self._do("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        self._one(f"SELECT operator_id, memory FROM station_sessions WHERE station_id = ?{self._lock}", self.station)
        self._one("SELECT result FROM gestures WHERE id = ?", gesture)
        return int(self._one("SELECT product_id FROM identifiers WHERE code = ?", code.zfill(14))[0])

    def pack(self, order: PackableOrder, code: str, place: int) -> float:
        """One unit, as an item scan does it."""
        gesture, now = self.new_id(), round(time.time() * 1000)
        began = time.perf_counter()
        with self.turn:
            self._pack(order, code, place, gesture, now)
        return (time.perf_counter() - began) * 1000

    def _pack(self, order: PackableOrder, code: str, place: int, gesture: str, now: int) -> None:
        product = self._begin(gesture, code)
        allocation, line, balance = self._one(
            "SELECT a.id, a.order_line_id, a.balance_id FROM allocations a "
            "JOIN stock_balances b ON b.id = a.balance_id JOIN locations l ON l.id = b.location_id "
            "WHERE a.fulfillment_id = ? AND a.state = 'open' "
            "AND b.product_id = ? AND l.kind <> 'package'",
            order.fulfillment_id,
            product,
        )
        self._move("pack", order.fulfillment_id, gesture, now, (allocation, line, balance, product, place))
        self._one(
            "SELECT SUM(a.quantity), SUM(CASE WHEN l.kind = 'package' THEN a.quantity ELSE 0 END) FROM allocations a "
            "JOIN stock_balances b ON b.id = a.balance_id JOIN locations l ON l.id = b.location_id "
            "WHERE a.fulfillment_id = ? AND a.state = 'open'",
            order.fulfillment_id,
        )
        self._keep(gesture, now, code, "pack.counted")
        self._do("COMMIT")

    @property
    def _lock(self) -> str:
        return "" if self.sqlite else " FOR UPDATE"

    def _move(
        self, reason: str, fulfillment: int, gesture: str, now: int, goods: tuple[int, int, int, int, int]
    ) -> None:
        allocation, line, balance, product, place = goods
        self._do(
            "UPDATE allocations SET quantity = quantity - 1, "
            "state = CASE WHEN quantity = 1 THEN 'moved' ELSE state END "
            "WHERE id = ? AND state = 'open' AND quantity >= 1",
            allocation,
        )
        source = self._one(
            "UPDATE stock_balances SET on_hand = on_hand - 1, allocated = allocated - 1 "
            "WHERE id = ? AND on_hand >= 1 AND allocated >= 1 RETURNING location_id",
            balance,
        )[0]
        there = self._one(
            "INSERT INTO stock_balances (product_id, location_id, lot_id, condition, on_hand, allocated) "
            "VALUES (?, ?, 0, 'new', 1, 1) ON CONFLICT (product_id, location_id, lot_id, condition) DO UPDATE SET "
            "on_hand = stock_balances.on_hand + 1, allocated = stock_balances.allocated + 1 RETURNING id",
            product,
            place,
        )[0]
        self._one(
            "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
            "VALUES (?, ?, ?, 1, 'open') ON CONFLICT (order_line_id, balance_id) WHERE state = 'open' "
            "DO UPDATE SET quantity = allocations.quantity + 1 RETURNING id",
            line,
            fulfillment,
            there,
        )
        self._do(
            "INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, lot_id, "
            "condition, to_condition, order_line_id, fulfillment_id, gesture_id, operator_id, station_id) "
            "VALUES (?, ?, ?, 1, ?, ?, 0, 'new', 'new', ?, ?, ?, ?, ?)",
            *(now, reason, product, source, place, line, fulfillment, gesture, self.operator, self.station),
        )

    def _keep(self, gesture: str, now: int, code: str, answer: str) -> None:
        """The gesture with its answer, and the link of the audit chain."""
        self._do(
            "INSERT INTO gestures (id, station_id, operator_id, kind, raw, at, applied_at, result, code, answer) "
            "VALUES (?, ?, ?, 'scan', ?, ?, ?, 'done', ?, ?)",
            *(gesture, self.station, self.operator, code, now, now, answer),
            json.dumps({"sound": "accepted", "values": {"packed": 1}}),
        )
        seq, digest = self._one(f"SELECT seq, digest FROM audit_heads WHERE writer = ?{self._lock}", self._writer)
        self._do(
            "INSERT INTO audit_entries (writer, seq, at, operator_id, action, subject_kind, detail, previous, digest) "
            "VALUES (?, ?, ?, ?, ?, 'fulfillment', ?, ?, ?)",
            *(self._writer, seq + 1, now, self.operator, answer, json.dumps({"gesture": gesture}), digest, gesture * 2),
        )
        self._do("UPDATE audit_heads SET seq = ?, digest = ? WHERE writer = ?", seq + 1, gesture * 2, self._writer)
