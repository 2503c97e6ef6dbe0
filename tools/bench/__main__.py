"""`python -m tools.bench --out DIR`: measures what the design promises, prints a table, writes DIR/bench.json.

The exit status is 0 whatever was measured: verdicts are for people to read. Databases are kept in DIR and made again
when the schema changes.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.bench.context import Context, say
from tools.bench.databases import PostgresDatabases, SqliteFiles
from tools.bench.results import Result, from_json, table, to_json, write_json

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Step:
    """One measurement: a function of a module, on databases of these sizes. `postgres` are the sizes there."""

    name: str
    function: str
    sizes: tuple[int, ...]
    postgres: tuple[int, ...] = ()


def steps(sizes: Sequence[int], postgres: Sequence[int]) -> tuple[Step, ...]:
    """All measurements for small and large databases."""
    both, large = tuple(dict.fromkeys((sizes[0], sizes[-1]))), (sizes[-1],)
    return (
        Step("labels", "documents:measure", (sizes[0],)),
        Step("codes", "codes:measure", (sizes[0],)),
        Step("sourcing", "sourcing:measure", (sizes[0],)),
        Step("foreign", "foreign_labels:measure", (sizes[0],)),
        Step("ports", "ports:measure", (sizes[0],)),
        Step("start", "starting:measure", (sizes[0],)),
        Step("scans", "scans:measure", both, tuple(postgres)),
        Step("import", "scans:measure_beside_import", large, ()),
        Step("long", "long_orders:measure", large, ()),
        Step("bulk", "bulk:measure", (sizes[0],), tuple(postgres)),
        Step("queue", "queue:measure", tuple(sizes), tuple(postgres)),
        Step("find", "queue:measure_fields", large, large if postgres else ()),
        Step("feed", "feed:measure", (sizes[0],), tuple(postgres)),
        Step("floor", "floor:measure", (), tuple(postgres)),
        Step("allocation", "floor_allocate:measure", (), tuple(postgres)),
        Step("memory", "memory:measure", (0, *large), ()),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder for databases and bench.json")
    parser.add_argument(
        "--size", type=int, nargs="+", default=[SMALL, MIDDLE, LARGE], help="orders in the SQLite databases, ascending"
    )
    parser.add_argument("--postgres-size", type=int, nargs="*", default=[MIDDLE], help="the same on PostgreSQL")
    parser.add_argument("--only", nargs="+", default=[], help="some of: " + ", ".join(s.name for s in steps([1], [])))
    parser.add_argument("--share", type=float, default=1.0, help="a part of the repetitions, for a trial")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if asked.child:
        return _child(asked.child, asked.share)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    wanted = [
        step for step in steps(sorted(asked.size), asked.postgres_size) if not asked.only or step.name in asked.only
    ]
    results = _compared(list(_all(wanted, out, asked.share)))
    took = time.perf_counter() - began
    print(table(results))
    missed = [result for result in results if result.ok is False]
    print(f"\n{len(missed)} of {sum(result.ok is not None for result in results)} promises missed; {took:.0f} s.")
    about = {"machine": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count(),
             "seconds": round(took, 1), "share": asked.share}  # fmt: skip
    write_json(out / "bench.json", about, results)
    return 0


def _all(wanted: Sequence[Step], out: Path, share: float) -> Iterator[Result]:
    files = SqliteFiles(out)
    with ExitStack() as stack:
        server: PostgresDatabases | None = None
        for step in wanted:
            for size in step.sizes:
                with files.copy(size, say) as url:
                    yield from _run(step, url, size, share)
            for size in step.postgres:
                if server is None:
                    server = PostgresDatabases(out.resolve() / "postgres")
                    stack.callback(server.close)
                with server.copy(size, say) as url:
                    yield from _run(step, url, size, share)


def _run(step: Step, url: str, size: int, share: float) -> list[Result]:
    """In a process of its own: what one measurement leaves in memory is no part of the next."""
    kind = url.partition(":")[0]
    say(f"{step.name} at {size:,} orders on {kind}")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tools.bench", "--share", str(share), "--child"]
        command += [step.function, url, str(size), folder]
        with _quiet() as errors:
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, check=False, text=True)
            if done.returncode:
                errors.seek(0)
                reason = errors.read().strip().splitlines()[-1:] or ["no reason"]
                say(f"{step.name} failed: {reason[0]}")
                return [Result(step.name, size, kind, "", 0, 0.0, 0.0, "to be measured", False, reason[0][:120])]
    return from_json(done.stdout.splitlines()[-1])


@contextmanager
def _quiet() -> Iterator[tempfile._TemporaryFileWrapper[str]]:
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as file:
        yield file


def _child(told: Sequence[str], share: float) -> int:
    function, url, size, folder = told
    module, _, name = function.partition(":")
    measure: Callable[[Context], list[Result]] = getattr(importlib.import_module(f"tools.bench.{module}"), name)
    print(to_json(measure(Context(url, int(size), Path(folder), share))), flush=True)
    os._exit(0)  # threads of readers and of Qt need not be waited for


def _compared(results: list[Result]) -> list[Result]:
    """Adds what follows from two sizes: ratios of the queue, memory above the empty database."""
    from tools.bench.memory import above
    from tools.bench.queue import ratios

    for database in ("SQLite", "PostgreSQL"):
        queue = [r for r in results if r.name.startswith("queue:") and r.database == database]
        sizes = sorted({r.orders for r in queue})
        if len(sizes) > 1:
            small, large = sizes[-2], sizes[-1]
            results += ratios([r for r in queue if r.orders == small], [r for r in queue if r.orders == large])
    memory = [r for r in results if r.name.startswith("memory of")]
    if len(memory) == 2:
        results.append(above(*memory))
    return results


if __name__ == "__main__":
    sys.exit(main())
