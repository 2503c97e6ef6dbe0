"""Two serial scanners fire at a station whose process is killed at random points; then every code is accounted for.

`python -m tests.runtime.scan_storm --seconds 60` is the full minute; the test beside it runs a few seconds of the same.
"""

from __future__ import annotations

import argparse
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.devices.journal import read_journal
from app.devices.simulated.lines import PtyLine
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.outcomes import Place
from app.models.catalogue import Identifier
from app.models.database import Database
from tests.databases import SqliteDatabases, assert_sound
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
A_SECOND = 20
_SCANS = text("SELECT raw, code FROM gestures WHERE raw LIKE 'SC-%'")
_PACKED = text("SELECT coalesce(sum(quantity), 0) FROM stock_movements WHERE reason = 'pack'")


@dataclass(slots=True)
class Life:
    """One run of the station: what each gun sent meanwhile."""

    process: subprocess.Popen[bytes]
    lines: queue.SimpleQueue[str]
    sent: tuple[list[str], list[str]]
    answered: int = 0
    faults: list[str] = field(default_factory=list)

    def until(self, word: str) -> str:
        """The next line that begins with this word; fails on a fault and after a long while."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            assert not line.startswith("failed"), line
            self.answered += line.startswith("answered")
            if line.startswith(word):
                return line


@dataclass(slots=True)
class Account:
    """What became of all codes."""

    sent: int = 0
    kept: int = 0
    replayed: int = 0
    kills: int = 0
    in_the_air: int = 0
    lives: list[Life] = field(default_factory=list)


def storm(databases: SqliteDatabases, folder: Path, seconds: float, kills: int, seed: int) -> Account:
    """Fires 20 codes a second for so long, killing the station so often. AssertionError where one is lost or twice."""
    chance, account = random.Random(seed), Account(kills=kills)
    total = round(seconds * A_SECOND)
    database = databases.fresh()
    site = database.write(build.build_site)
    bench = whole_bench(database, site, "", Place.PACK)
    database.write(lambda session: _aliases(session, site.products["CUP"], total))
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 2 * total)))
    database.engine.dispose()
    journal, codes = folder / "storm.journal", iter(range(total))
    ends = sorted(chance.sample(range(1, total), kills))
    with ExitStack() as stack:
        guns = [SimSerialScanner(stack.enter_context(closing(PtyLine()))) for _ in range(2)]
        start = (databases.url, str(journal), str(bench.floor.station_id), " ".join(gun.uri for gun in guns))
        for before, end in zip([0, *ends], [*ends, total], strict=True):
            life = _begin(start, account)
            stack.callback(life.process.kill)
            _fire(guns, life, codes, end - before, chance)
            if end < total:
                time.sleep(0.05 * chance.random() ** 5)  # most of them while the last code is on its way
                life.process.kill()
            else:
                while life.answered < end - before:
                    life.until("answered")
                assert life.process.stdin is not None
                life.process.stdin.close()
                life.until("ended")
            life.process.wait(PATIENCE)
    _judge(database, journal, account)
    return account


def _aliases(session: Session, product_id: int, total: int) -> None:
    """Each code names the same product, so that each scan counts one unit and can be told from all others."""
    rows = [Identifier(product_id=product_id, code=f"SC-{n:05}", kind="label") for n in range(total)]
    session.add_all(rows)


def _begin(start: tuple[str, str, str, str], account: Account) -> Life:
    pending = len(read_journal(Path(start[1])).pending)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.runtime.storm_station", *start],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    life = Life(process, queue.SimpleQueue(), ([], []))
    threading.Thread(target=_listen, args=(life,), daemon=True).start()
    replays = int(life.until("replays").split()[1])
    assert replays == pending, "what a crash left is replayed, all of it and said so"
    life.until("ready")
    life.answered = 0
    account.replayed += replays
    account.lives.append(life)
    return life


def _listen(life: Life) -> None:
    assert life.process.stdout is not None
    for line in life.process.stdout:
        life.lines.put(line.decode().strip())
        if line.startswith(b"failed"):
            life.faults.append(line.decode())
    life.lines.put("failed: the station is gone")


def _fire(
    guns: Sequence[SimSerialScanner], life: Life, codes: Iterator[int], count: int, chance: random.Random
) -> None:
    """So many codes, each from one of the guns, at the pace of the storm."""
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        gun, code = chance.randrange(2), f"SC-{next(codes):05}"
        life.sent[gun].append(code)
        guns[gun].scan(code)


def _judge(database: Database, journal: Path, account: Account) -> None:
    """Each kept code has one gesture and one unit; what is not kept was in the air when the station was killed."""
    contents = read_journal(journal)
    kept, last = [scan.raw for scan in contents.scans], account.lives[-1]
    assert len(set(kept)) == len(kept), "no code stands in the journal twice"
    assert not contents.pending
    for life in account.lives:
        assert not life.faults
        for sent in life.sent:
            mine = set(sent)
            whole = [code for code in kept if code in mine]
            assert whole == sent[: len(whole)], (
                "only the last codes before a kill may be missing, and none out of order"
            )
            assert life is not last or whole == sent, "without a kill nothing is missing"
            account.sent, account.kept = account.sent + len(sent), account.kept + len(whole)
    account.in_the_air = account.sent - account.kept
    rows = database.read(lambda session: session.execute(_SCANS).all())
    assert sorted(raw for raw, _ in rows) == sorted(kept), "each kept code is one gesture"
    assert {code for _, code in rows} == {"pack.counted"}
    assert database.read(lambda session: session.execute(_PACKED).scalar_one()) == len(kept), "each is one unit"
    assert_sound(database)


def main() -> None:
    """Prints what became of the codes; fails where one was lost or counted twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        databases = SqliteDatabases(Path(folder))
        done = storm(databases, Path(folder), asked.seconds, asked.kills, asked.seed)
        databases.close()
    print(
        f"seed {asked.seed}: {done.sent} sent, {done.kept} kept and counted once each, {done.kills} kills, "
        f"{done.replayed} replayed, {done.in_the_air} in the air when the station was killed"
    )


if __name__ == "__main__":
    main()
