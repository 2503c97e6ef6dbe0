"""The lock around writing: who waits for it in another process gets it before who had it last."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.models.fairlock import FairLock

fcntl = pytest.importorskip("fcntl", reason="looks at the turnstile as POSIX does")


def test_who_waits_for_the_file_comes_before_who_asks_again(tmp_path: Path) -> None:
    ours, theirs = FairLock(tmp_path / "x.lock"), FairLock(tmp_path / "x.lock")
    order: list[str] = []

    def wait() -> None:
        with theirs:
            order.append("theirs")

    other = threading.Thread(target=wait)
    with ours, (tmp_path / "x.turn").open("ab") as turn:
        other.start()
        while True:
            try:
                fcntl.flock(turn.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                break  # the other one stands in the turnstile
            fcntl.flock(turn.fileno(), fcntl.LOCK_UN)
    with ours:
        order.append("ours")
    other.join()
    ours.close()
    theirs.close()
    assert order == ["theirs", "ours"]


def test_threads_come_in_the_order_in_which_they_asked() -> None:
    lock, order, asked = FairLock(None), [], threading.Event()

    def work(number: int) -> None:
        asked.set()
        with lock:
            order.append(number)

    threads = []
    with lock:
        for number in range(5):
            asked.clear()
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            asked.wait()
            while len(lock._waiting) <= number:  # until it stands in the row
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(5))
