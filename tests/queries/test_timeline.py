"""The time line of an order: everything that tells of it, in its order, page by page, along indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.gesture import Gesture, GestureKind
from app.domain.notes import NoteKind
from app.domain.states import HoldKind
from app.models.database import Database
from app.models.demand import Order
from app.queries.timeline import Happening, timeline, whole_timeline
from app.queries.timeline_sources import REFUSALS, SOURCES, part
from app.services import notes
from app.services.holds import place_hold, release_hold
from app.services.orders import set_priority
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def bench(database: Database, site: build.Site) -> Iterator[Bench]:
    yield packing.pack_bench(database, site)


def order_id_of(database: Database, number: str) -> int:
    return database.read(lambda s: s.execute(select(Order.id).where(Order.number == number)).scalar_one())


def told(rows: tuple[Happening, ...]) -> list[tuple[str, str, str, int]]:
    return [(row.kind, row.a, row.who, row.n) for row in reversed(rows)]


STORY = [
    ("captured", "Shop", "", 0),
    ("allocated", "Hall", "", 2),
    ("audit", "order.priority", "Ines Falk", 0),
    ("held", "office", "Ines Falk", 0),
    ("lifted", "office", "Ines Falk", 0),
    ("noted", "packer", "Ines Falk", 1),
    ("audit", "pack.order_note", "Ines Falk", 0),
    ("audit", "station.acknowledged", "Ines Falk", 0),
    ("note_read", "packer", "Ines Falk", 0),
    ("refused", "pack.wrong_item", "Ines Falk", 0),
    ("audit", "station.acknowledged", "Ines Falk", 0),
    ("packed", "CUP Cup", "Ines Falk", 1),
    ("unpacked", "CUP Cup", "Ines Falk", 1),
    ("left", "pack.put_aside", "Ines Falk", 0),
    ("audit", "pack.opened", "Ines Falk", 0),
    ("packed", "CUP Cup", "Ines Falk", 1),
    ("held", "office", "Ines Falk", 0),
    ("audit", "pack.stopped", "Ines Falk", 0),
    ("lifted", "office", "Ines Falk", 0),
    ("audit", "station.acknowledged", "Ines Falk", 0),
    ("packed", "CUP Cup", "Ines Falk", 1),
    ("sealed", "", "Ines Falk", 1),
    ("label_bought", "PWD0000000017", "", 1),
    ("printed", "shipping-label", "Ines Falk", 1),
    ("printed", "packing-slip", "Ines Falk", 1),
    ("handed_over", "", "", 1),
    ("shipped", "Hall", "", 0),
]


def test_everything_that_happened_is_told_in_its_order(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    order_id = order_id_of(database, number)
    for minute, deed in enumerate(
        (
            lambda s: set_priority(s, site.at(1), order_id, 1),
            lambda s: place_hold(s, site.at(2), order_id, "asks to wait"),
            lambda s: release_hold(s, site.at(3), order_id, HoldKind.OFFICE, "go on"),
            lambda s: notes.write_on_order(s, site.at(4), order_id, "Wrap", NoteKind.PACKER, must_read=True),
        )
    ):
        assert not database.write(deed).refused, minute
    bench.now += timedelta(minutes=10)
    bench.scans(number, "PW-OK", "LAMP", "PW-OK", "CUP")
    bench.scans("PW-UNDO", "PW-ASIDE", "PW-2")
    bench.scans(number, "CUP")
    database.write(lambda s: place_hold(s, site.at(11), order_id, "wait again"))
    bench.now = site.at(11).now + timedelta(seconds=1)
    assert interrupted(database, bench) == "pack.stopped"
    database.write(lambda s: release_hold(s, site.at(12), order_id, HoldKind.OFFICE, "really go on"))
    bench.now += timedelta(minutes=10)
    bench.scan("PW-OK")
    packing.carry_out(database, replace(site, actor=site.at(30)), bench.scan("CUP"))
    rows = database.read(lambda s: whole_timeline(s, order_id))
    assert told(rows) == STORY
    left = next(row for row in rows if row.kind == "left")
    assert (left.details(), left.station) == ({"number": number, "reason": "damaged"}, "Bench W1")
    for size in (1, 4):
        assert walked(database, order_id, size) == rows


def walked(database: Database, order_id: int, size: int) -> tuple[Happening, ...]:
    """The whole time line, page by page."""
    seen: list[Happening] = []
    after = None
    while True:
        page = database.read(lambda s, after=after: timeline(s, order_id, after, size))
        seen += page.rows
        after = page.after
        if after is None:
            return tuple(seen)


def test_of_one_moment_a_page_loses_nothing(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 40), ("LAMP", 40))
    order_id = order_id_of(database, number)
    bench.scans(number, "PW-QTY", "PW-4", "PW-0", "CUP", "PW-QTY", "PW-4", "PW-0")
    done = bench.scan("LAMP")
    now = bench.now
    packing.carry_out(database, replace(site, actor=replace(site.actor, now=now)), done)
    rows = database.read(lambda s: whole_timeline(s, order_id))
    assert len([row for row in rows if row.at == now]) > 4
    assert walked(database, order_id, 2) == rows


def test_another_order_is_not_told_of(database: Database, site: build.Site, bench: Bench) -> None:
    first = packing.order_on_shelf(database, site, ("CUP", 1))
    second = packing.order_on_shelf(database, site, ("LAMP", 1))
    bench.scans(first, "LAMP", "PW-OK", "PW-ASIDE", "PW-1", "NOBODY-KNOWS", second, "CUP", "PW-OK", "LAMP")
    of_first = database.read(lambda s: whole_timeline(s, order_id_of(database, first)))
    of_second = database.read(lambda s: whole_timeline(s, order_id_of(database, second)))
    assert [(row.a, row.c) for row in of_first if row.kind == "refused"] == [("pack.wrong_item", "LAMP")]
    assert [(row.a, row.c) for row in of_second if row.kind == "refused"] == [("pack.wrong_item", "CUP")]
    assert database.read(lambda s: whole_timeline(s, 10**9)) == ()


PARTS = {f"{rank} {source.kind}": part(rank, source) for rank, source in enumerate(SOURCES)}
PARTS["refused"] = REFUSALS.format(rank=len(SOURCES))
SMALL = {
    "operators", "stations", "channels", "warehouses", "waves",
}  # fmt: skip
VALUES = {
    "order": 1, "at": 2**60, "rank": 99, "key": 2**60, "gesture": "~", "most": 61, "slack": 0, "far": 2**60,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PARTS))
def test_each_part_goes_along_indexes(database: Database, name: str) -> None:
    sql = PARTS[name]
    for key, value in VALUES.items():
        sql = re.sub(rf"(?<!:):{key}\b", repr(value), sql)
    with database.connection() as connection:
        if database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            scans = [str(row[3]) for row in rows if str(row[3]).startswith("SCAN") and "INDEX" not in str(row[3])]
            found = {word for one in scans for word in re.findall(r"\w+", one)}
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN {sql}".replace("%", "%%")).all()
            found = {str(row[0]).split("Seq Scan on ")[1].split()[0] for row in rows if "Seq Scan on" in str(row[0])}
    aliases = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+) (\w+)\b", sql)}
    tables = {aliases.get(word, word) for word in found} & ({*aliases.values()} | {*aliases})
    assert tables <= SMALL, rows


def interrupted(database: Database, bench: Bench) -> str:
    gesture = Gesture("look", GestureKind.KEY, "", bench.now)
    outcome = database.write(lambda s: bench.floor.interrupted(s, gesture, bench.settings, bench.now))
    return outcome.code if outcome is not None else ""
