"""What was measured, what was promised, and the verdict that follows from both."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADS = ("measured", "orders", "database", "n", "median", "p99", "unit", "budget", "verdict", "note")


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; nearest rank, never between two."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement. `ok` is None where nothing was promised: it stands beside, so that shares are seen."""

    name: str
    orders: int
    database: str
    unit: str
    n: int
    median: float
    p99: float
    budget: str = ""
    ok: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """In a word."""
        return {None: "", True: "held", False: "MISSED"}[self.ok]


def times(
    name: str,
    orders: int,
    database: str,
    milliseconds: Sequence[float],
    *,
    median: float | None = None,
    p99: float | None = None,
    unit: str = "ms",
    note: str = "",
) -> Result:
    """A result of many timings, with the most that their median and their 99th percentile may be."""
    middle, high = quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)
    limits = [(middle, median, "median"), (high, p99, "p99")]
    given = [(value, limit, word) for value, limit, word in limits if limit is not None]
    budget = ", ".join(f"{word} {_figure(limit)}" for _, limit, word in given)
    ok = all(value <= limit for value, limit, _ in given) if given else None
    return Result(name, orders, database, unit, len(milliseconds), middle, high, budget, ok, note)


def rate(
    name: str, orders: int, database: str, unit: str, count: int, seconds: float, least: float | None, note: str = ""
) -> Result:
    """A result of so many things in so many seconds, with how many a second are promised."""
    each = count / seconds
    ok = each >= least if least is not None else None
    budget = f"at least {least:g}" if least is not None else ""
    return Result(name, orders, database, unit, count, each, each, budget, ok, note)


def table(results: Iterable[Result]) -> str:
    """All results as lines that can be read in a terminal."""
    rows = [HEADS, *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    right = {1, 3, 4, 5}
    lines = [
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in (lines[0], "-" * len(lines[0]), *lines[1:]))


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        f"{result.orders:,}" if result.orders else "",
        result.database,
        f"{result.n:,}",
        _figure(result.median),
        _figure(result.p99),
        result.unit,
        result.budget,
        result.verdict,
        result.note,
    )


def _figure(value: float) -> str:
    if value >= 1000 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def write_json(path: Path, about: dict[str, object], results: Iterable[Result]) -> None:
    """Everything, for other programs."""
    rows = [{**asdict(result), "verdict": result.verdict} for result in results]
    path.write_text(json.dumps({**about, "results": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def from_json(text: str) -> list[Result]:
    """Results that a process of a measurement printed."""
    return [Result(**row) for row in json.loads(text)]


def to_json(results: Iterable[Result]) -> str:
    """Results as a process of a measurement prints them."""
    return json.dumps([asdict(result) for result in results])
