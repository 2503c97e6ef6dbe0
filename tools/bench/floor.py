"""A floor of stations on one server: pack and pick scans by the services, and the same rows by hand-written SQL.

Each measurement takes turns with its counterpart in the same run, in four processes that share the connections.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from app.bootstrap.simulate_plan import Work
from app.domain.states import LocationKind
from app.models.database import Database, Session
from app.models.stock import Location
from tools.bench.context import Context, say
from tools.bench.databases import WAREHOUSE
from tools.bench.floor_crew import Crew, crew
from tools.bench.floor_goods import packable_orders, release_all, seats
from tools.bench.floor_hands import By
from tools.bench.floor_window import painted
from tools.bench.results import Result, quantile, times
from tools.bench.work import PackableOrder

CONNECTIONS = (1, 8, 50)
LEAST_SHARE = {1: 0.6, 8: 0.5, 50: 0.5}
TURNS = 3
FLAT_OUT_SECONDS, PACED_SECONDS = 4.0, 20.0
MEDIAN_TIMES, P99_TIMES = 1.5, 2.0
UNITS = 8
FLAT_OUT_ORDERS, PACED_ORDERS = 24, 2
"""Orders for each second of a turn flat out, and for each station of a turn at a packer's pace."""
TOTES_EACH = 40
_PRODUCTS = text("SELECT product_id FROM stock_balances WHERE on_hand - allocated > 2000 ORDER BY product_id")
_WALKS = text("SELECT id FROM pick_lists WHERE state = 'open' ORDER BY id")


def measure(context: Context) -> list[Result]:
    """Pack and pick flat out, then pack at a packer's pace, at last with a window; on a server only."""
    if context.is_sqlite:
        return []
    database = Database.open(context.url)
    people = seats(database, max(CONNECTIONS))
    database.write(lambda session: _totes(session, TOTES_EACH * len(people)))
    products = database.read(lambda s: list(s.execute(_PRODUCTS).scalars()))
    made: list[Result] = []
    with crew(context.url, people) as hands:
        for connections in CONNECTIONS:
            made.append(_flat_out(context, database, hands, Work.PACK, connections, products))
        made += _paced(context, database, hands, products)
        made.append(painted(context, database, hands, len(people) - 1, people[-1], products))
        for connections in CONNECTIONS:
            made.append(_flat_out(context, database, hands, Work.PICK, connections, products))
    database.close()
    return made


def _flat_out(
    context: Context, database: Database, hands: Crew, work: Work, connections: int, products: Sequence[int]
) -> Result:
    """The share of bare SQL's rate; a rate is what all hands do in the time in which they scan items."""
    seconds = max(1.0, FLAT_OUT_SECONDS * context.share)
    say(f"{work} from {connections} connections")
    rates: dict[By, list[float]] = {By.SERVICES: [], By.BARE: []}
    for _ in range(max(1, round(TURNS * min(1.0, context.share * 2)))):
        for by in By:
            orders, walks = _supply(database, work, max(connections, int(FLAT_OUT_ORDERS * seconds)), products)
            taken = hands.turn(by, work, connections, seconds, 0.0, orders, walks)
            rates[by].append(sum(1000 * len(took) / sum(took) for took in taken))
    ours, bare = (quantile(rates[by], 0.5) for by in By)
    share, least = ours / bare, LEAST_SHARE[connections]
    note = f"{ours:,.0f} scans/s, hand-written SQL {bare:,.0f}"
    name = f"{work} scans flat out, {connections} connections"
    return Result(
        name, context.orders, context.kind, "of bare", len(rates[By.BARE]), share, share, f"at least {least}",
        share >= least, note,
    )  # fmt: skip


def _paced(context: Context, database: Database, hands: Crew, products: Sequence[int]) -> list[Result]:
    """Fifty stations with a scan a second each: the time of a transaction, and of the same rows by hand."""
    seconds = max(3.0, PACED_SECONDS * context.share)
    taken: dict[By, list[float]] = {By.SERVICES: [], By.BARE: []}
    stations = max(CONNECTIONS)
    say(f"{stations} stations with a scan a second")
    for _ in range(2):
        for by in By:
            orders, _ = _supply(database, Work.PACK, PACED_ORDERS * stations, products)
            turn = hands.turn(by, Work.PACK, stations, seconds, 1.0, orders)
            taken[by] += [one for took in turn for one in took]
    bare = taken[By.BARE]
    middle, high = MEDIAN_TIMES * quantile(bare, 0.5), P99_TIMES * quantile(bare, 0.99)
    name = f"{stations} stations, a scan a second"
    return [
        times(f"{name}: server time", context.orders, context.kind, taken[By.SERVICES], median=middle, p99=high),
        times(f"{name}: hand-written SQL", context.orders, context.kind, bare),
    ]


def _supply(
    database: Database, work: Work, orders: int, products: Sequence[int]
) -> tuple[list[PackableOrder], list[int]]:
    made = packable_orders(database, orders, UNITS, products)
    if work is Work.PACK:
        return made, []
    release_all(database)
    return [], database.read(lambda s: list(s.execute(_WALKS).scalars()))


def _totes(session: Session, count: int) -> None:
    session.add_all(
        Location(warehouse_id=WAREHOUSE, code=f"BENCH-{number:05}", kind=LocationKind.TOTE) for number in range(count)
    )
