"""A busy floor without people: stations in processes of their own, an office, faults, and what came of it all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, text

from app.bootstrap.simulate_faults import Trouble
from app.bootstrap.simulate_groups import GroupProcess
from app.bootstrap.simulate_house import furnish
from app.bootstrap.simulate_office import Office, OfficeDay
from app.bootstrap.simulate_plan import Fault, Group, Plan, Tally, percentile
from app.devices.journal import read_journal
from app.models.database import Database
from app.services.check import Violation, violations

AT_ONCE = 500
_STORED = text("SELECT count(*) FROM gestures WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a simulation. Times in milliseconds; `stored` ones of the `journalled` scans are in rows."""

    plan: Plan
    seconds: float
    tally: Tally
    office: OfficeDay
    killed: int
    cut: int
    restarted: int
    journalled: int
    stored: int
    unsent: int
    broken: tuple[str, ...]
    violations: tuple[Violation, ...]

    @property
    def sound(self) -> bool:
        """Whether every scan is stored once, nothing broke, and every invariant holds."""
        return not (self.violations or self.broken or self.unsent or self.journalled != self.stored)

    def to_json(self) -> dict[str, object]:
        """For `--json`."""
        tally = self.tally
        return {
            "stations": self.plan.stations,
            "processes": self.plan.groups,
            "seconds": round(self.seconds, 1),
            "scans": tally.scans,
            "scans_per_second": round(tally.scans / self.seconds, 1) if self.seconds else 0.0,
            "orders_packed": tally.orders,
            "scan_ms": {"p50": percentile(tally.scan_ms, 50), "p99": percentile(tally.scan_ms, 99)},
            "feed_ms": {"p50": percentile(tally.feed_ms, 50), "p99": percentile(tally.feed_ms, 99)},
            "refusals": dict(sorted(tally.refusals.items())),
            "office": asdict(self.office),
            "faults": {
                "killed": self.killed,
                "cut": self.cut,
                "restarted": self.restarted,
                "away": tally.away,
                "replayed": tally.replayed,
            },
            "gestures": {"journalled": self.journalled, "stored": self.stored, "unsent": self.unsent},
            "broken": list(self.broken),
            "check": {"violations": [asdict(one) for one in self.violations]},
        }


def simulate(database: Database, url: str, warehouse_id: int, plan: Plan, journals: Path,
             clock: Callable[[], datetime]) -> Report:  # fmt: skip
    """Runs to its end. Raises EnvironmentFailure when a process can't begin, or the database is away at the start."""
    groups = furnish(database, warehouse_id, plan, journals, clock)
    office = Office(database, warehouse_id, plan.stations, Fault.CANCEL in plan.faults, clock)
    office.begin()
    tally, counting = Tally(), threading.Lock()
    processes = [GroupProcess(url, group, tally, counting) for group in groups]
    trouble = Trouble(database, processes, plan)
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.wait_until_ready()
        office.start()
        trouble.start()
        began = time.monotonic()
        time.sleep(plan.seconds)
        seconds = time.monotonic() - began
        trouble.stop()
        office.stop()
        statuses = [process.stop() for process in processes]
    finally:
        for process in processes:
            process.kill()
    tally.broken += [f"a process ended with {status}" for status in statuses if status]
    return _report(database, plan, groups, tally, office, trouble, seconds)


def _report(database: Database, plan: Plan, groups: list[Group], tally: Tally, office: Office, trouble: Trouble,
            seconds: float) -> Report:  # fmt: skip
    kept = [read_journal(Path(seat.journal)) for group in groups for seat in group.seats]
    scanned = [scan.gesture_id for journal in kept for scan in journal.scans]
    acknowledged = [ident for journal in kept for ident in sorted(journal.acknowledged)]
    found = database.read(lambda session: violations(session, acknowledged))
    stored = sum(
        database.read(lambda s, some=some: s.execute(_STORED, {"ids": some}).scalar_one())  # type: ignore[misc]
        for some in (scanned[start : start + AT_ONCE] for start in range(0, len(scanned), AT_ONCE))
    )
    unsent = sum(len(journal.pending) for journal in kept)
    return Report(
        plan, seconds, tally, office.day, trouble.killed, trouble.cut, trouble.restarted, len(scanned), stored, unsent,
        (*tally.broken, *office.broken, *trouble.broken), tuple(found),
    )  # fmt: skip
