"""Scans: from the ending key of a code until its answer is painted; beside it the bare transaction and repaint.

The answer is banner, header and panel. The cards beside them are painted in the next turn of the loop, and timed too.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.outcomes import Outcome
from app.models.database import Database
from app.models.fairlock import FairLock
from app.presenters.state import pack
from app.views.pack import PackView
from app.views.pack_bodies import PackingBody
from tools.bench.bare import Bare
from tools.bench.context import Context, say
from tools.bench.databases import STATION, WAREHOUSE, sign_in
from tools.bench.import_files import orders_file
from tools.bench.results import Result, quantile, times
from tools.bench.station import Rig, running_station
from tools.bench.work import PackableOrder, packable

WARM_UP = 12
MEDIAN = {"SQLite": 3.0, "PostgreSQL": 6.0}
P99 = {"SQLite": 10.0, "PostgreSQL": 20.0}
BARE_TIMES = 2.5
LABEL = 0.2
"""Seconds in which the label comes out before the next order is scanned."""
BESIDE = 0.05
"""Seconds between two scans beside an import."""
PAUSE = 0.25
"""Seconds between two scans at a packer's pace; machines sleep in between, and their caches are filled by others."""


@dataclass(slots=True)
class Timed:
    """Milliseconds of each kind of scan of a normal flow, and of what is measured beside them."""

    opened: list[float] = field(default_factory=list)
    item: list[float] = field(default_factory=list)
    sealed: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    repaint: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    @property
    def flow(self) -> list[float]:
        """All scans that a packer makes where nothing goes wrong."""
        return [*self.opened, *self.item, *self.sealed]


def measure(context: Context) -> list[Result]:
    """Back to back, then at a packer's pace."""
    database = Database.open(context.url, checkpoint_by_itself=False)
    sign_in(database)
    brisk, slow = context.times(400), context.times(30)
    orders = database.read(lambda session: packable(session, WAREHOUSE, 2 * (brisk + slow) + 2 * WARM_UP))
    brisk = min(brisk, len(orders) // 2 - slow - WARM_UP)  # a small database has fewer orders to pack
    with running_station(database, STATION, context.folder) as rig:
        bare = Bare.open(database)
        bare.prepare()
        _flow(rig, bare, orders[: 2 * WARM_UP], 0)
        timed = _flow(rig, bare, orders[2 * WARM_UP : 2 * (WARM_UP + brisk)], 0)
        paced = _flow(rig, bare, orders[2 * (WARM_UP + brisk) :], PAUSE)
    database.close()
    return [
        *_judged(context, timed, ""),
        times("scan, all of a flow, a pause before each", context.orders, context.kind, paced.flow),
        times("bare transaction, a pause before each", context.orders, context.kind, paced.bare),
    ]


def measure_beside_import(context: Context) -> list[Result]:
    """The same while another process imports 100,000 lines."""
    database = Database.open(context.url, checkpoint_by_itself=False)
    sign_in(database)
    orders = database.read(lambda session: packable(session, WAREHOUSE, context.times(2000)))
    lines = context.times(100_000, 2000)
    path = orders_file(context.folder, lines, "B")
    timed, warm = Timed(), 2 * WARM_UP
    with running_station(database, STATION, context.folder) as rig:
        bare = Bare.open(database)
        bare.prepare()
        _flow(rig, bare, orders[:warm], 0)
        if database.path is not None:
            bare.turn = FairLock(database.path.with_name(f"{database.path.name}.lock"))
        with importing(context.url, path) as process:
            time.sleep(min(3.0, 3.0 * context.share))  # until it has read its modules and begun
            for start in range(warm, len(orders) - 1, 2):
                if process.poll() is not None:
                    break
                _flow(rig, None, orders[start : start + 1], BESIDE, timed)
                rig.settle(BESIDE)
                other = orders[start + 1]
                timed.bare.append(bare.pack(other, other.items[0], bare.parcel(other)))
            else:
                say("the orders to pack ran out before the import ended")
    database.close()
    return _judged(context, timed, " beside an import") if timed.item else []


@contextmanager
def importing(url: str, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An import in another process; ended when the scans are done."""
    command = [sys.executable, "main.py", "import", "csv-orders", str(path), "--database", url, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _flow(
    rig: Rig, bare: Bare | None, orders: list[PackableOrder], pause: float, into: Timed | None = None
) -> Timed:  # fmt: skip
    """Packs every other order at the station and the one after it by bare SQL, so that both meet the same machine."""
    timed = into or Timed()
    step = 2 if bare is not None else 1
    for at in range(0, len(orders), step):
        _pack(rig, orders[at], pause, timed)
        if bare is not None and at + 1 < len(orders):
            order = orders[at + 1]
            place = bare.parcel(order)
            for code in order.items:
                if pause:
                    rig.settle(pause)
                timed.bare.append(bare.pack(order, code, place))
        rig.core.database.checkpoint()
    return timed


def _pack(rig: Rig, order: PackableOrder, pause: float, timed: Timed) -> None:
    _expect(_scan(rig, order.code, pause, timed, timed.opened), "pack.opened")
    for code in order.items[:-1]:
        _expect(_scan(rig, code, pause, timed, timed.item), "pack.counted")
        if not pause:
            timed.repaint.append(_repaint(rig))
    _expect(_scan(rig, order.items[-1], pause, timed, timed.sealed), "pack.complete")
    rig.settle(LABEL)


def _scan(rig: Rig, code: str, pause: float, timed: Timed, into: list[float]) -> Outcome:
    if pause:
        rig.settle(pause)
    answered = rig.scan(code)
    if not answered.painted:
        raise RuntimeError(f"nothing was painted after {code}")
    into.append(answered.milliseconds)
    timed.whole.append(answered.whole)
    return answered.outcome


def _expect(outcome: Outcome, code: str) -> None:
    if outcome.code != code:
        raise RuntimeError(f"{code} was expected, and it was {outcome.code}: {dict(outcome.values)}")


def _repaint(rig: Rig) -> float:
    """What a counted item makes anew: the panel, the banner's words, one line; nothing is computed."""
    view = rig.page
    if not isinstance(view, PackView) or view.state is None or not isinstance(view.state.body, pack.Packing):
        raise RuntimeError("no order is open on the screen")
    body = view.body()
    assert isinstance(body, PackingBody)
    began = time.perf_counter()
    view.banner.update()
    body.panel.update()
    body.lines.view.update(body.lines.model.index(0))
    QCoreApplication.sendPostedEvents()
    return (time.perf_counter() - began) * 1000


def _judged(context: Context, timed: Timed, beside: str) -> list[Result]:
    orders, kind = context.orders, context.kind
    bare = quantile(timed.bare or [0.0], 0.5)
    median = max(MEDIAN[kind], BARE_TIMES * bare) if context.is_sqlite else MEDIAN[kind]
    note = f"{BARE_TIMES} times the bare transaction is {BARE_TIMES * bare:.2f}" if context.is_sqlite else ""
    made = [
        times(f"scan, all of a flow{beside}", orders, kind, timed.flow, median=median, p99=P99[kind], note=note),
        times(f"scan of an item{beside}", orders, kind, timed.item, median=median, p99=P99[kind]),
        times(f"scan that opens an order{beside}", orders, kind, timed.opened),
        times(f"scan that seals the parcel{beside}", orders, kind, timed.sealed),
        times(f"scan, all of a flow{beside}, until all is painted", orders, kind, timed.whole),
    ]
    if timed.bare:
        share = quantile(timed.item, 0.5) / bare
        note = f"an item scan takes {share:.1f} times"
        made.append(times(f"bare transaction{beside}", orders, kind, timed.bare, note=note))
    if timed.repaint:
        made.append(times(f"bare repaint{beside}", orders, kind, timed.repaint))
    return made
