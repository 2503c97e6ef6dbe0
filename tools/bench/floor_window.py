"""A station with its window among forty-nine others on one server: from a scan's ending key to the painted answer.

The others scan in processes of their own, a scan a second each, as this one does.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from app.bootstrap.simulate_plan import Work
from app.domain.commands import Command
from app.models.database import Database
from tools.bench.context import Context, say
from tools.bench.floor_crew import Crew
from tools.bench.floor_goods import LINES, Seat, packable_orders
from tools.bench.floor_hands import By
from tools.bench.results import Result, times
from tools.bench.station import Rig, running_station
from tools.bench.work import PackableOrder

SECONDS, PACE, UNITS = 90.0, 1.0, 8
PAINTED_P99_MS = 50.0
LABEL_SECONDS = 0.3
TRIES = 4
BEGIN_SECONDS = 3.0
"""Until the others have connected and opened their first orders."""


def painted(
    context: Context, database: Database, hands: Crew, others: int, seat: Seat, products: Sequence[int]
) -> Result:
    """Packs order after order at `seat`, which is none of the crew's, while `others` of the crew scan."""
    seconds = max(3.0, SECONDS * context.share)
    each = math.ceil((BEGIN_SECONDS + seconds) / PACE / (LINES * UNITS)) + 1
    say(f"a window among {others} stations with a scan a second")
    orders = packable_orders(database, each * (others + 1) + 1, UNITS, products)
    warm, mine, theirs = orders[0], orders[1 : each + 1], orders[each + 1 :]
    took: list[float] = []
    with running_station(database, seat.station_id, context.folder) as rig, ThreadPoolExecutor(1) as beside:
        rig.scan(Command.BACK.code)  # an order that was left open there is left
        for code in (warm.code, *warm.items):
            _scan(rig, code)
        rig.settle(LABEL_SECONDS)
        crowd = beside.submit(hands.turn, By.SERVICES, Work.PACK, others, BEGIN_SECONDS + seconds + PACE, PACE, theirs)
        rig.settle(BEGIN_SECONDS)
        _pack(rig, mine, seconds, took)
        crowd.result()
    name = f"{others + 1} stations, a scan a second: scan to painted answer"
    return times(name, context.orders, context.kind, took, p99=PAINTED_P99_MS)


def _pack(rig: Rig, orders: Sequence[PackableOrder], seconds: float, took: list[float]) -> None:
    due = time.perf_counter() + random.uniform(0, PACE)
    until = due + seconds
    for order in orders:
        for code in (order.code, *order.items):
            rig.settle(max(0.0, due - time.perf_counter()))
            if due >= until:
                return
            due += PACE
            took.append(_scan(rig, code))


def _scan(rig: Rig, code: str) -> float:
    for _ in range(TRIES):
        answered = rig.scan(code)
        if not answered.painted:
            raise RuntimeError(f"nothing was painted after {code}")
        if not answered.outcome.refused:
            return answered.milliseconds
        rig.scan(Command.OK.code)  # the machine paused between two keys, and that tore the code apart
    raise RuntimeError(f"{code}: {answered.outcome.code} {dict(answered.outcome.values)}")
