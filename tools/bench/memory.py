"""How much memory the station takes, with its queue read and an order packed."""

from __future__ import annotations

import gc
from datetime import timedelta
from pathlib import Path

from app.domain.clock import utc_now
from app.models.database import Database
from app.queries.figures import queue_figures
from app.queries.order_queue import QueueFilter, QueueMoment, QueueView, queue_page
from tools.bench.context import Context
from tools.bench.databases import OPERATOR, STATION, WAREHOUSE, sign_in
from tools.bench.results import Result
from tools.bench.station import running_station
from tools.bench.work import packable

MOST_ABOVE_MB = 60.0
ORDERS = 20


def resident_mb() -> float:
    """Memory of this process that is in use now, in megabytes; its peak where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text(encoding="utf-8").splitlines() if row.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(context: Context) -> list[Result]:
    """After a little of everything."""
    database = Database.open(context.url, checkpoint_by_itself=False)
    sign_in(database)
    now = utc_now()
    moment = QueueMoment(now, now + timedelta(hours=8), now + timedelta(hours=1), WAREHOUSE, OPERATOR)
    orders = database.read(lambda session: packable(session, WAREHOUSE, ORDERS))
    with running_station(database, STATION, context.folder) as rig:
        for order in orders:
            for code in (order.code, *order.items):
                rig.scan(code)
            rig.settle(0.1)
        for view in QueueView:
            database.read(lambda session, view=view: queue_page(session, QueueFilter(view), moment))
        for asked in ("leeds", "ada", "0042", "hoff"):
            database.read(lambda session, asked=asked: queue_page(session, QueueFilter(text=asked), moment))
        database.read(lambda session: queue_figures(session, moment, now - timedelta(hours=9)))
        gc.collect()
        used = resident_mb()
    database.close()
    return [Result("memory of the station", context.orders, context.kind, "MB", 1, used, used)]


def above(empty: Result, full: Result) -> Result:
    """How much more a full database takes than an empty one."""
    more = full.median - empty.median
    return Result(
        "memory above the empty database", full.orders, full.database, "MB", 1, more, more,
        f"at most {MOST_ABOVE_MB:g}", more <= MOST_ABOVE_MB,
    )  # fmt: skip
