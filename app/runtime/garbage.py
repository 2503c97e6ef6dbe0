"""Garbage is looked for while nobody scans, and on the window's thread: a look in the middle of a scan is a pause."""

from __future__ import annotations

import gc
from collections.abc import Callable

LOOK_SECONDS = 0.25
YOUNG = 2_000
"""So many new objects are worth a look; it takes about a millisecond."""
OLD = (20, 50)
"""After so many looks at the young ones those that survived are looked at too; after so many of these, all."""
LONG_QUIET = 8
"""So many quiet moments in a row make a pause in which the longer looks are taken."""
SELDOM = 50_000
"""So many new objects until Python looks by itself, where nobody looks in pauses: some scans, not some statements."""
MUCH = 20_000
"""So many new objects are looked at between two transactions."""
AT_ONCE = 400_000
"""So many new objects without any pause, and Python looks by itself."""


def keep_what_is_there(after: int = SELDOM) -> None:
    """What is there by now stays: looking for garbage in it would be in vain. Later objects are looked at seldom."""
    gc.freeze()
    gc.set_threshold(after, *OLD)


def look_between() -> None:
    """Looks for garbage if there is much: for who changes many rows, between two transactions. Others wait for each,
    and a look inside of one makes it ten to fifty times as long.
    """
    young, looks, longer = gc.get_count()
    if young > MUCH:
        gc.collect(2 if longer > OLD[1] else 1 if looks > OLD[0] else 0)


class IdleGarbage:
    """Looks for garbage in the pauses of a station. All on one thread, the one whose objects a window is made of."""

    def __init__(self, quiet: Callable[[], bool], later: Callable[[float, Callable[[], None]], object]) -> None:
        """`quiet` says whether nobody waits for us; `later` calls after so many seconds, until its owner closes."""
        self._quiet, self._later = quiet, later
        self._quiet_looks = 0

    def start(self) -> None:
        """From now on."""
        gc.set_threshold(AT_ONCE, *OLD)
        self._wait()

    def _wait(self) -> None:
        self._later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._quiet_looks = self._quiet_looks + 1 if self._quiet() else 0
        if self._quiet_looks:
            generation = due(gc.get_count(), self._quiet_looks >= LONG_QUIET)
            if generation is not None:
                gc.collect(generation)
        self._wait()


def due(count: tuple[int, int, int], long_pause: bool) -> int | None:
    """Which generation is to be looked at with so many new objects and looks since; None for none yet."""
    young, looks, longer = count
    if long_pause and longer > OLD[1]:
        return 2
    if long_pause and looks > OLD[0]:
        return 1
    return 0 if young > YOUNG else None
