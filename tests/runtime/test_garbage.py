"""Garbage of a station: looked for in its pauses only."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from app.domain.errors import EnvironmentFailure
from app.presenters.runner import AtOnce
from app.runtime.garbage import (
    AT_ONCE,
    LONG_QUIET,
    MUCH,
    OLD,
    YOUNG,
    IdleGarbage,
    due,
    keep_what_is_there,
    look_between,
)
from app.runtime.worker import CommandWorker, Task
from tests.devices.waiting import until


@pytest.fixture
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


class Ring:
    """An object that only a look for garbage can free."""

    def __init__(self) -> None:
        self.myself = self


def dropped_ring() -> weakref.ref[Ring]:
    ring = Ring()
    return weakref.ref(ring)


@pytest.mark.parametrize(
    ("count", "long_pause", "generation"),
    [
        ((YOUNG, 0, 0), True, None),
        ((YOUNG + 1, 0, 0), False, 0),
        ((YOUNG + 1, OLD[0] + 1, OLD[1] + 1), False, 0),
        ((0, OLD[0], OLD[1]), True, None),
        ((0, OLD[0] + 1, OLD[1]), True, 1),
        ((0, 0, OLD[1] + 1), True, 2),
    ],
)
def test_the_longer_a_look_takes_the_longer_the_pause_it_waits_for(
    count: tuple[int, int, int], long_pause: bool, generation: int | None
) -> None:
    assert due(count, long_pause) == generation


@pytest.mark.usefixtures("thresholds")
def test_nothing_is_looked_for_while_a_scan_waits() -> None:
    timers, quiet = AtOnce(), False
    garbage = IdleGarbage(lambda: quiet, timers.later)
    garbage.start()
    assert gc.get_threshold() == (AT_ONCE, *OLD)
    gc.collect()
    ring = dropped_ring()
    kept = [[] for _ in range(2 * YOUNG)]
    timers.run_timers()
    assert ring() is not None

    quiet = True
    timers.run_timers()
    assert ring() is None
    assert len(kept) == 2 * YOUNG


@pytest.mark.usefixtures("thresholds")
def test_while_the_database_is_away_garbage_is_looked_for_in_the_pauses_between_scans() -> None:
    ended: list[str] = []

    def in_vain() -> None:
        raise EnvironmentFailure("database.away")

    worker, timers = CommandWorker(lambda *_: None, lambda *_: None), AtOnce()
    assert worker.idle
    IdleGarbage(lambda: worker.idle, timers.later).start()
    gc.collect()
    ring = dropped_ring()
    kept = [[] for _ in range(2 * YOUNG)]
    worker.submit(Task(in_vain, lambda _: ended.append("done"), lambda error: ended.append(repr(error)), keep=True))
    timers.run_timers()
    assert not worker.idle, "it waits to be done"
    assert ring() is not None
    worker.start()
    until(lambda: worker.idle, "the database is away")
    assert (worker.quiet, worker.waiting, ended) == (False, 1, [])
    timers.run_timers()
    assert ring() is None
    worker.stop()
    assert len(kept) == 2 * YOUNG


@pytest.mark.usefixtures("thresholds")
def test_what_survived_is_looked_at_in_a_long_pause() -> None:
    timers = AtOnce()
    IdleGarbage(lambda: True, timers.later).start()
    gc.collect()
    ring = Ring()
    for _ in range(OLD[0] + 1):
        gc.collect(0)
    assert gc.get_count()[1] > OLD[0]
    seen = weakref.ref(ring)
    del ring
    for _ in range(LONG_QUIET - 1):
        timers.run_timers()
    assert seen() is not None
    timers.run_timers()
    assert seen() is None


@pytest.mark.usefixtures("thresholds")
def test_between_two_transactions_it_is_looked_for_where_there_is_much() -> None:
    gc.collect()
    keep_what_is_there(AT_ONCE)
    ring = dropped_ring()
    look_between()
    assert ring() is not None
    kept = [[] for _ in range(MUCH + 1)]
    look_between()
    assert ring() is None
    assert len(kept) == MUCH + 1
    gc.unfreeze()
