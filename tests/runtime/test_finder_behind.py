"""Trying a device on a thread of its own: it says how far it is, is stopped, and always says what came of it."""

from __future__ import annotations

import queue
from collections.abc import Callable

from app.presenters.found_devices import FoundUse, Going, Tried, Use
from app.runtime.found_devices import FinderBehind

USE = FoundUse(Use.SCALE, "serial:///dev/ttyUSB0")


class Desk:
    """The presenter's thread: what is posted is called when the test looks."""

    def __init__(self, try_out: Callable[[FoundUse, Going], Tried]) -> None:
        self.posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.finder = FinderBehind(lambda: (), try_out, self.posted.put)
        self.told: list[str] = []
        self.tried: list[Tried] = []

    def begin(self) -> Callable[[], None]:
        return self.finder.try_out(USE, self.tried.append, self.told.append)

    def next(self) -> None:
        """What is posted next, however long it takes."""
        self.posted.get(timeout=120)()


def test_it_is_stopped_and_says_so_once_the_device_is_closed() -> None:
    def slow(use: FoundUse, going: Going) -> Tried:
        going.tell("first")
        assert going.over(120), "nobody waits so long"
        going.tell("more")
        return Tried("serial:///dev/ttyUSB0?protocol=nci", "It weighs.")

    desk = Desk(slow)
    stop = desk.begin()
    desk.next()
    assert desk.told == ["first"]
    stop()
    desk.next()
    desk.next()
    assert (desk.told, desk.tried) == (["first"], [Tried("", "Stopped. Nothing was changed.")])


def test_a_fault_of_the_trial_is_an_answer_too() -> None:
    def broken(use: FoundUse, going: Going) -> Tried:
        raise ValueError("no")

    desk = Desk(broken)
    desk.begin()
    desk.next()
    assert desk.tried == [
        Tried("", "It could not be tried (ValueError). The log of this station says more."),
    ]
