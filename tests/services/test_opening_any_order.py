"""Any code scanned at any moment is answered with a sentence, and what must be true of the database stays true."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.domain.commands import Command
from app.domain.outcomes import Place, Result
from app.models.fulfillment import Cart
from app.services.allocate import allocate_ready
from app.services.check import violations
from app.services.hand_over import ship_packages
from app.services.release import release
from tests.databases import Databases
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.test_opening import bench_at

THINGS = ("CUP", "LAMP", "SOAP", "A-01-1", "A-02-1", "B-01-1", "T-1", "T-2", "T-0009", "CAGE-1", "C-01", "NOBODY")
WORK = ("PL-0001", "PL-0002", "#1000", "#1001", "#1002", "#1003", "F-0002", "P-0001", "PW0000000001", "RMA-0001")
PICKING = ("PW-START", "PW-SHORT", "PW-0", "PW-1", "PW-2", "PW-EMPTY", "PW-SKIP", "PW-BACK", "PW-UNDO", "PW-LATER")
RETURNS = ("PW-RTN", "PW-GR-A", "PW-GR-B", "PW-MIND", "PW-FAULT", "PW-RESTOCK", "PW-QUAR", "PW-FOREIGN", "PW-REFUND")
STOCK = ("PW-MOVE", "PW-RECV", "PW-COUNT", "PW-QTY", "PW-3", "PW-CLOSE", "PW-ASIDE", "PW-OK", "PW-PACK", "PW-PICK")
RARE = tuple(command.code for command in Command if command is not Command.SIGN_OUT)
# What belongs together is often scanned together: without it, few walks and returns would come to an end.
RUNS = (
    ("PW-START", "T-1", "T-2", "T-0009", "T-0009", "A-01-1", "CUP", "CUP", "T-1"),
    ("A-01-1", "CUP", "T-1", "CUP", "T-2"),
    ("PW-SHORT", "PW-0", "PW-EMPTY"),
    ("PW-RTN", "#1000", "CUP", "PW-GR-A", "PW-MIND", "PW-RESTOCK"),
    ("LAMP", "PW-GR-B", "PW-FAULT", "PW-QUAR", "PW-REFUND"),
    ("PW-MOVE", "B-01-1", "CUP", "A-02-1", "PW-CLOSE"),
    ("PW-COUNT", "A-01-1", "CUP", "PW-4", "PW-OK", "PW-CLOSE"),
    ("PW-RECV", "LAMP", "A-02-1", "PW-CLOSE"),
    ("PW-OK", "PW-ASIDE"),
)
ONE = st.one_of(*(st.sampled_from(codes) for codes in (THINGS, THINGS, WORK, PICKING, RETURNS, STOCK, RARE)))
SCANS = st.lists(st.one_of(ONE.map(lambda code: (code,)), st.sampled_from(RUNS)), min_size=10, max_size=60)


def furnish(session: Session) -> build.Site:
    """One shipped order, and three that wait in two walks."""
    site = build.build_site(session)
    for sku, place in (("CUP", "A-01-1"), ("LAMP", "A-02-1"), ("CUP", "B-01-1")):
        build.stock(session, site, sku, place, 6)
    session.add(Cart(warehouse_id=site.warehouse_id, code="C-01", slots=6))
    shipped = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)], total=1600)
    shipped.shipping = 100
    for line in build.lines_of(session, shipped.id):
        line.unit_price = 500
    ship_packages(session, site.actor, [build.pack_all(session, site, floor.promise_all(session, site, shipped.id)).id])
    for lines, in_parts in (([("CUP", 3)], False), ([("CUP", 2), ("LAMP", 1)], True), ([("LAMP", 2)], False)):
        build.add_order(session, site, lines, in_parts=in_parts)
    allocate_ready(session, site.actor, 10)
    release(session, site.actor, 10, slots=2)
    return site


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(SCANS)
def test_any_codes_in_any_order(databases: Databases, scans: list[tuple[str, ...]]) -> None:
    database = databases.fresh()
    site = database.write(furnish)
    benches = (bench_at(database, site, Place.PICK), bench_at(database, site, Place.RETURNS, "Ann"))
    for number, codes in enumerate(scans):
        for code in codes:
            bench = benches[number % 3 // 2]
            if bench.scan(code).result is Result.BLOCKED:
                bench.scan("PW-OK")
    assert database.read(violations) == []
