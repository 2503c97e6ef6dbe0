"""The processes of the floor's measurements, which take turns together."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

from app.bootstrap.simulate_plan import Work
from tools.bench.floor_goods import Seat
from tools.bench.floor_hands import By, Told, Turn, serve
from tools.bench.work import PackableOrder

PROCESSES = 4


class Crew:
    """Processes that take turns together."""

    def __init__(self, pipes: Sequence[Connection], people: Sequence[Seat]) -> None:
        self._pipes, self._people = pipes, people

    def turn(
        self, by: By, work: Work, connections: int, seconds: float, pace: float,
        orders: Sequence[PackableOrder] = (), walks: Sequence[int] = (),
    ) -> list[list[float]]:  # fmt: skip
        """Milliseconds of the item scans of each hand. Raises RuntimeError when one failed."""
        used = min(connections, len(self._pipes))
        people = self._people[:connections]
        for at, pipe in enumerate(self._pipes[:used]):
            mine = Turn(
                by, work, tuple(people[at::used]), tuple(orders[at::used]), tuple(walks[at::used]), seconds, pace
            )
            pipe.send(mine)
        answers: list[Told] = [pipe.recv() for pipe in self._pipes[:used]]
        failed = [words for told in answers for words in told.failed]
        if failed:
            raise RuntimeError(f"{by} {work} on {connections}: {failed[0]} ({len(failed)} in all)")
        taken = [list(took) for told in answers for took in told.milliseconds if took]
        if not taken:
            raise RuntimeError(f"{by} {work} on {connections}: nothing was scanned")
        return taken


@contextmanager
def crew(url: str, people: Sequence[Seat]) -> Iterator[Crew]:
    """Processes until the end of the block."""
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(PROCESSES)]
    workers = [context.Process(target=serve, args=(url, theirs), daemon=True) for _, theirs in pairs]
    for worker in workers:
        worker.start()
    for _, theirs in pairs:
        theirs.close()  # a process that dies is then known by the end of its pipe
    try:
        yield Crew([ours for ours, _ in pairs], people)
    finally:
        for ours, _ in pairs:
            ours.send(None)
        for worker in workers:
            worker.join(20)
