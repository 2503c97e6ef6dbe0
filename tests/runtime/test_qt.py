"""Timers of the station: what is asked for later comes, once, on the thread of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEventLoop, QThread, QTimer

from app.runtime.qt import Poster, QtRunner
from app.runtime.worker import CommandWorker, Task
from tests.views.gallery import application

GUARD_MS = 5_000


@pytest.fixture
def runner() -> Iterator[QtRunner]:
    application()
    made = QtRunner(CommandWorker(lambda _failure, _waiting: None, lambda _milliseconds, _waiting: None), Poster())
    yield made
    made.close()


def run_until(begin: Callable[[Callable[[], None]], None]) -> None:
    """Runs the window's events until what `begin` was given is called, or the guard's time is over."""
    loop = QEventLoop()
    begin(loop.quit)
    QTimer.singleShot(GUARD_MS, loop.quit)
    loop.exec()


def test_what_comes_later_comes_though_nobody_keeps_the_way_to_cancel_it(runner: QtRunner) -> None:
    told: list[str] = []

    def begin(quit_loop: Callable[[], None]) -> None:
        runner.later(0.01, lambda: told.append("first"))
        runner.later(0.02, quit_loop)

    run_until(begin)
    assert told == ["first"]


def test_what_was_answered_before_the_end_is_not_shown_after_it() -> None:
    application()
    worker = CommandWorker(lambda _failure, _waiting: None, lambda _milliseconds, _waiting: None)
    poster = Poster()
    told: list[str] = []
    runner = QtRunner(worker, poster)
    worker.start()

    def begin(quit_loop: Callable[[], None]) -> None:
        runner.command(lambda: "answer", told.append, lambda _error: told.append("failed"))
        worker.drain()  # the answer lies in the window's queue
        runner.close()
        poster.post(quit_loop)

    run_until(begin)
    worker.stop()
    assert told == []


def test_a_tick_that_asks_for_the_next_one_goes_on(runner: QtRunner) -> None:
    ticks: list[int] = []

    def begin(quit_loop: Callable[[], None]) -> None:
        def tick() -> None:
            ticks.append(len(ticks))
            if len(ticks) == 3:
                quit_loop()
            else:
                runner.later(0.001, tick)

        tick()

    run_until(begin)
    assert ticks == [0, 1, 2]


def test_what_is_cancelled_does_not_come_and_may_be_cancelled_again(runner: QtRunner) -> None:
    told: list[str] = []

    def begin(quit_loop: Callable[[], None]) -> None:
        cancel = runner.later(0.005, lambda: told.append("cancelled"))
        cancel()
        cancel()
        runner.later(0.02, quit_loop)

    run_until(begin)
    assert told == []


def test_nothing_comes_after_the_station_is_closed(runner: QtRunner) -> None:
    told: list[str] = []

    def begin(quit_loop: Callable[[], None]) -> None:
        runner.later(0.005, lambda: told.append("late"))
        runner.close()
        QTimer.singleShot(20, quit_loop)

    run_until(begin)
    assert told == []


def test_what_is_read_comes_in_the_order_of_asking_however_long_the_first_waits() -> None:
    """With one reader: what was asked for while scans went on is not passed by what was asked for after them."""
    application()
    worker = CommandWorker(lambda _failure, _waiting: None, lambda _milliseconds, _waiting: None)
    runner = QtRunner(worker, Poster(), readers=1)
    read: list[str] = []

    def begin(quit_loop: Callable[[], None]) -> None:
        def done(name: str) -> None:
            read.append(name)
            if len(read) == 2:
                quit_loop()

        worker.submit(Task(lambda: None, lambda _: None, lambda _: None))  # not started: it is not quiet
        runner.read(lambda: "first", done, pytest.fail)
        worker.start()
        while not worker.quiet:
            QThread.msleep(5)
        runner.read(lambda: "second", done, pytest.fail)

    run_until(begin)
    runner.close()
    worker.stop()
    assert read == ["first", "second"]
