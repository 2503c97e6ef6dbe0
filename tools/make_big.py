"""Fills an empty database with many orders, so that what is slow at a million can be measured and looked at.

`python -m tools.make_big --database URL --orders 1000000`. All that `main.py check` proves holds: most orders were
shipped from shelves through parcels to customers, one in twenty is open. Names and places are invented.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from string import Template

from sqlalchemy import Connection, text

from app.domain.capture import PostalAddress
from app.domain.clock import utc_now
from app.domain.states import LocationKind
from app.models.database import Database, Session
from app.models.schema import migrate
from app.models.stock import Location
from app.services.audit import FIRST, link
from app.services.bulk import insert_rows, is_sqlite
from app.services.capture.prepare import order_words
from app.services.setup import NewWarehouse, first_run
from tools.big_rows import (
    CLOSING_STATEMENTS,
    FIRST_NAMES,
    LAST_NAMES,
    ORDER_STATEMENTS,
    SHORT_PRODUCTS,
    STOCK_STATEMENTS,
    TOWNS,
    Shape,
)

AT_ONCE = 50_000
MOST_PRODUCTS = 1500
BADGE = "OP-BENCH-0001"
_GOODS = ("Enamel mug", "Tea towel", "Jam jar", "Paper lantern", "Cake tin", "Desk lamp", "Photo frame", "Wool blanket")
_COLOURS = ("red", "blue", "green", "white", "yellow", "black", "pink", "grey", "ivory")
_WORDS = text(
    "SELECT o.id, o.number, o.channel_ref, o.email, a.name, a.address1, a.city, a.postcode, a.country, "
    "CASE WHEN o.state = 'shipped' THEN 'OWN' || (7000000000 + o.id * 11) ELSE '' END AS tracking "
    "FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id BETWEEN :first AND :last ORDER BY o.id"
)
_SKUS = text("SELECT order_id, sku FROM order_lines WHERE order_id BETWEEN :first AND :last ORDER BY id")
_SHIPPED = text("SELECT id, shipped_at FROM orders WHERE id BETWEEN :first AND :last AND state = 'shipped' ORDER BY id")
_NUMBERED = text(
    "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' ORDER BY 1"
)
_SEQUENCE = text("SELECT pg_get_serial_sequence(quote_ident(:table), 'id')")
Say = Callable[[str], None]


def fill(database: Database, orders: int, now: datetime, say: Say = lambda _: None) -> Shape:
    """Migrates an empty database and fills it with so many orders; gives the shape of what was made.

    It is quick because nothing waits for a disk: a crash on the way leaves a database to throw away.
    """
    migrate(database)
    made = database.write(lambda session: first_run(session, now, NewWarehouse("W1", "Big"), "Ada", "Bench 1", BADGE))
    products = min(MOST_PRODUCTS, max(60, orders // 5))
    shape = database.write(
        lambda session: _site(session, orders, products, now, made.warehouse_id, made.station_id, made.operator_id)
    )
    with _hurried(database) as connection:
        _prepare(connection, shape)
        digest, seq = _open_chain(connection, shape)
        for first in range(1, orders + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, orders)
            for statement in ORDER_STATEMENTS:
                _run(connection, statement, shape, first, last)
            _search_words(connection, first, last)
            digest, seq = _audit(connection, shape, first, last, digest, seq)
            connection.commit()
            say(f"{last:,} of {orders:,} orders")
        for statement in CLOSING_STATEMENTS:
            _run(connection, statement, shape, 0, 0)
        connection.execute(
            text("UPDATE audit_heads SET seq = :seq, digest = :digest WHERE writer = :writer"),
            {"seq": seq, "digest": digest, "writer": _writer(shape)},
        )
        if not is_sqlite(connection):
            _go_on_numbering(connection)
        connection.commit()
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return shape


def _go_on_numbering(connection: Connection) -> None:
    """PostgreSQL does not see ids that it did not give."""
    for table in connection.execute(_NUMBERED).scalars().all():
        sequence = connection.execute(_SEQUENCE, {"table": table}).scalar_one()
        if sequence is None:
            continue
        highest = connection.execute(text(f"SELECT COALESCE(MAX(id), 0) FROM {table}")).scalar_one()
        connection.execute(text("SELECT setval(:sequence, :next, false)"), {"sequence": sequence, "next": highest + 1})


@contextmanager
def _hurried(database: Database) -> Iterator[Connection]:
    """A connection that checks no references and waits for no disk."""
    with database.connection() as connection:
        if database.is_sqlite:
            raw = connection.connection.dbapi_connection
            if raw is None:
                raise RuntimeError("the connection was lost")
            cursor = raw.cursor()
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-600000", "wal_autocheckpoint=20000"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text("SET synchronous_commit = off"))
            connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()  # nobody else gets a connection with these settings


def _site(
    session: Session, orders: int, products: int, now: datetime, warehouse: int, station: int, operator: int
) -> Shape:
    """Channel, products with their codes, and a shelf for each."""
    connection, stamp = session.connection(), round(now.timestamp() * 1000)
    connection.execute(text("INSERT INTO channels (id, key, name, zone) VALUES (1, 'big', 'Big', 'Europe/London')"))
    places = {row.kind: row.id for row in session.query(Location).all()}
    shelf = max(places.values())
    insert_rows(
        connection,
        "products",
        {"id": "bigint", "sku": "text", "sku_key": "text", "name": "text", "weight_g": "bigint", "length_mm": "bigint",
         "width_mm": "bigint", "height_mm": "bigint", "price": "bigint", "currency": "text", "created_at": "bigint"},
        [
            (p, sku_of(p), sku_of(p), f"{_COLOURS[p % 9].capitalize()} {_GOODS[p % 8].lower()} {p}", 120 + p % 400,
             120, 80, 40, 295, "GBP", stamp)
            for p in range(1, products + SHORT_PRODUCTS + 1)
        ],
    )  # fmt: skip
    insert_rows(
        connection,
        "identifiers",
        {"product_id": "bigint", "code": "text", "kind": "text", "quantity": "bigint"},
        [(p, "0" + gtin_of(p), "gtin", 1) for p in range(1, products + SHORT_PRODUCTS + 1)],
    )
    insert_rows(
        connection,
        "locations",
        {"id": "bigint", "warehouse_id": "bigint", "code": "text", "kind": "text", "zone": "text", "aisle": "text",
         "bay": "text", "pick_sequence": "bigint"},
        [
            (shelf + p, warehouse, f"A-{aisle:02}-{bay:02}-1", "shelf", "A", f"{aisle:02}", f"{bay:02}", p)
            for p, (aisle, bay) in ((p, divmod(p, 100)) for p in range(1, products + 1))
        ],
    )  # fmt: skip
    shipped = orders - max(orders // 20, min(orders, 2000))
    return Shape(
        orders, shipped, products, stamp, warehouse, station, operator, places[LocationKind.SUPPLIER],
        places[LocationKind.CUSTOMER], shelf, shelf + products + 1000,
    )  # fmt: skip


def sku_of(product: int) -> str:
    """The SKU of a product by its id."""
    return f"BG{20000 + product}"


def gtin_of(product: int) -> str:
    """The EAN-13 that a scanner reads off a product."""
    body = f"29{product:010}"
    return body + str(-sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body)) % 10)


def _prepare(connection: Connection, shape: Shape) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE big_words (kind VARCHAR(8), i INTEGER, word VARCHAR(40), more VARCHAR(40))")
    )
    words = [("first", i, word, "") for i, word in enumerate(FIRST_NAMES)]
    words += [("last", i, word, "") for i, word in enumerate(LAST_NAMES)]
    words += [("town", i, town, postcode) for i, (town, postcode) in enumerate(TOWNS)]
    kinds = {"kind": "text", "i": "bigint", "word": "text", "more": "text"}
    insert_rows(connection, "big_words", kinds, words)
    connection.execute(text("CREATE INDEX big_words_of ON big_words (kind, i)"))
    for statement in STOCK_STATEMENTS:
        _run(connection, statement, shape, 0, 0)
    connection.commit()


def _run(connection: Connection, statement: str, shape: Shape, first: int, last: int) -> None:
    if is_sqlite(connection):
        series = (
            f"(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) SELECT n FROM s)"
            " AS series"
        )
        gesture = "printf('%012x', o.shipped_at - 50000) || printf('%020x', l.id)"
    else:
        series = f"generate_series(CAST({first} AS bigint), CAST({last} AS bigint)) AS series(n)"
        gesture = "lpad(to_hex(o.shipped_at - 50000), 12, '0') || lpad(to_hex(l.id), 20, '0')"
    sql = Template(statement).substitute(shape.named(), series=series, first=first, last=last, gesture=gesture)
    connection.exec_driver_sql(sql if is_sqlite(connection) else sql.replace("%", "%%"))


def _search_words(connection: Connection, first: int, last: int) -> None:
    """The words are those that capture would make, of the rows that were made."""
    between = {"first": first, "last": last}
    skus: dict[int, list[str]] = {}
    for order_id, sku in connection.execute(_SKUS, between):
        skus.setdefault(order_id, []).append(sku)
    rows = []
    for row in connection.execute(_WORDS, between):
        to = PostalAddress(row.name, "", row.address1, "", row.city, row.postcode, "", row.country, "")
        numbers = (row.number, row.channel_ref, row.tracking) if row.tracking else (row.number, row.channel_ref)
        rows.append((row.id, order_words(numbers, to, row.email, skus.get(row.id, ()))))
    insert_rows(connection, "order_search", {"order_id": "bigint", "words": "text"}, rows)


def _writer(shape: Shape) -> str:
    return f"station:{shape.station}"


def _open_chain(connection: Connection, shape: Shape) -> tuple[str, int]:
    connection.execute(
        text("INSERT INTO audit_heads (writer, seq, digest) VALUES (:writer, 0, :digest)"),
        {"writer": _writer(shape), "digest": FIRST},
    )
    return FIRST, 0


def _audit(
    connection: Connection, shape: Shape, first: int, last: int, digest: str, seq: int
) -> tuple[str, int]:  # fmt: skip
    """One entry for each parcel, chained as the station would have done."""
    writer, rows = _writer(shape), []
    for order_id, at in connection.execute(_SHIPPED, {"first": first, "last": last}):
        seq += 1
        body = json.dumps({"gesture": f"{order_id:032x}"}, separators=(",", ":"))
        fields = (writer, seq, at, shape.operator, "pack.complete", "fulfillment", order_id, body)
        previous, digest = digest, link(digest, fields)
        rows.append((*fields, previous, digest))
    insert_rows(connection, "audit_entries", _AUDIT, rows)
    return digest, seq


_AUDIT = {
    "writer": "text", "seq": "bigint", "at": "bigint", "operator_id": "bigint", "action": "text",
    "subject_kind": "text", "subject_id": "bigint", "detail": "text", "previous": "text", "digest": "text",
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Fills the database that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="URL of an empty database")
    parser.add_argument("--orders", type=int, default=100_000)
    asked = parser.parse_args(arguments)
    database = Database.open(asked.database)
    began = time.perf_counter()
    fill(database, asked.orders, utc_now(), lambda told: print(f"{time.perf_counter() - began:6.1f} s  {told}"))
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
