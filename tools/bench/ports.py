"""At the port: from the bytes of a serial scanner to the painted answer, without a database; bursts of two scanners."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.devices.journal import read_journal
from app.runtime.journals import Journal, NoJournal
from tools.bench.context import Context
from tools.bench.port_station import PortRig, at_ports
from tools.bench.results import Result, quantile, times

TURN = 40
"""So many scans without the journal, then as many with it, and so on: both meet the same machine."""
MEDIAN, P99, JOURNAL_MORE = 1.0, 6.0, 3.0
PAUSE = 0.25
BURST, BURST_SECONDS = 50, 0.1


@dataclass(slots=True)
class Turn:
    """Scans with one journal, in milliseconds."""

    journal: Journal
    milliseconds: list[float] = field(default_factory=list)


def measure(context: Context) -> list[Result]:
    """One after the other, at a packer's pace, and in bursts. Nothing where a system has no pseudo terminals."""
    if sys.platform == "win32":
        return []
    with at_ports(context.folder, 1) as rig:
        _scans(rig, context.times(4), 0)
        plain, kept = _scans(rig, context.times(40), 0)
        slow_plain, slow_kept = _scans(rig, context.times(4, 1), PAUSE)
    return [
        times("bytes at a port to painted answer", 0, "none", plain, median=MEDIAN, p99=P99),
        times("the same with the journal", 0, "none", kept),
        _more(plain, kept),
        times("the same, a pause before each", 0, "none", slow_plain),
        times("the same with the journal, a pause before each", 0, "none", slow_kept),
        _bursts(context),
    ]


def _scans(rig: PortRig, turns: int, pause: float) -> tuple[list[float], list[float]]:
    """Milliseconds without the journal, and with it."""
    plain, kept = Turn(NoJournal()), Turn(rig.journal)
    for _ in range(turns):
        for turn in (plain, kept):
            rig.answering.journal = turn.journal
            for _ in range(TURN // 4 if pause else TURN):
                rig.make_room()
                if pause:
                    rig.settle(pause)
                turn.milliseconds.append(rig.scan())
    return plain.milliseconds, kept.milliseconds


def _more(plain: Sequence[float], kept: Sequence[float]) -> Result:
    """What the journal adds to the median and to the 99th percentile."""
    more = [quantile(kept, share) - quantile(plain, share) for share in (0.5, 0.99)]
    budget = f"median and p99 {JOURNAL_MORE:g}"
    return Result(
        "what the journal adds", 0, "none", "ms", len(kept), more[0], more[1], budget, max(more) <= JOURNAL_MORE
    )


def _bursts(context: Context) -> Result:
    """Both guns at once; whole is what was answered and kept in the order of each gun, and nothing besides."""
    folder = context.folder / "bursts"
    took, whole, bursts = [], True, context.times(20, 2)
    with at_ports(folder, 2) as rig:
        for number in range(bursts):
            rig.open_order()
            sent = [[f"{gun}-{number:03}-{at:03}" for at in range(BURST)] for gun in range(2)]
            rig.answering.taken.clear()
            took.append(rig.burst(sent, BURST_SECONDS))
            for gun, codes in enumerate(sent):
                whole = whole and [raw for raw in rig.answering.taken if raw.startswith(f"{gun}-")] == codes
    kept = read_journal(folder / "scans.journal")
    whole = whole and len(kept.scans) == 2 * BURST * bursts and not kept.damaged and not kept.pending
    name = f"{BURST} codes in {BURST_SECONDS * 1000:g} ms from each of two scanners"
    counted = times(name, 0, "none", took, note="until the last answer is painted")
    return replace(counted, budget="taken whole", ok=whole)
