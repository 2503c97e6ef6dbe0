"""The one thread that changes rows: it keeps the order of scans, and keeps trying while the database is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

from app.domain.errors import EnvironmentFailure

T = TypeVar("T")
AGAIN_SECONDS = 1.0
QUIET_SECONDS = 0.02
"""After the last answer: as long as a picture takes on a slow machine."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """One piece of work. With `keep` it is tried again until it can be done: a person has done it already."""

    work: Callable[[], T]
    then: Callable[[T], None]
    failed: Callable[[Exception], None]
    keep: bool = False


class CommandWorker:
    """Runs tasks one after the other on its own thread.

    `on_gone` and `on_back` are called on that thread: when the database does not answer, with how many tasks wait, and
    after each kept task that was done, with its milliseconds.
    """

    def __init__(
        self,
        on_gone: Callable[[EnvironmentFailure, int], None],
        on_back: Callable[[float, int], None],
        name: str = "commands",
    ) -> None:
        self._tasks: SimpleQueue[Task[object] | None] = SimpleQueue()
        self._on_gone, self._on_back = on_gone, on_back
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._waiting = 0
        self._asked_at = self._done_at = 0.0
        self._away = False
        self._count = threading.Lock()

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def submit(self, task: Task[T]) -> None:
        """Puts a task behind those that wait."""
        with self._count:
            self._waiting += 1
            self._asked_at = time.monotonic()
        self._tasks.put(task)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Ends after the task in hand; kept ones that were not done are in the journal."""
        self._stopping.set()
        self._tasks.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def drain(self) -> None:
        """Waits until all that was submitted before is done."""
        done = threading.Event()
        self.submit(Task(lambda: None, lambda _: done.set(), lambda _: done.set()))
        done.wait()

    @property
    def waiting(self) -> int:
        """How many tasks are not done yet."""
        return self._waiting

    @property
    def quiet(self) -> bool:
        """Whether nothing waits and the last answer had time to be painted: threads of Python share one processor."""
        return not self._waiting and time.monotonic() - self._done_at >= QUIET_SECONDS

    @property
    def idle(self) -> bool:
        """The same, or nothing came for as long while what came before waits for a database that is away."""
        return self.quiet or (self._away and time.monotonic() - self._asked_at >= QUIET_SECONDS)

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            if task is None or self._stopping.is_set():
                return
            self._do(task)
            with self._count:
                self._waiting -= 1
                self._done_at = time.monotonic()
                self._away = False

    def _do(self, task: Task[object]) -> None:
        while not self._stopping.is_set():
            began = time.perf_counter()
            try:
                answer = task.work()
            except EnvironmentFailure as failure:
                if not task.keep:
                    task.failed(failure)
                    return
                self._away = True
                self._on_gone(failure, self._waiting)
                self._stopping.wait(AGAIN_SECONDS)
                continue
            except Exception as error:  # noqa: BLE001 - a fault of ours is shown with the work safe, never swallowed
                task.failed(error)
                return
            took = (time.perf_counter() - began) * 1000
            task.then(answer)
            if task.keep:
                self._on_back(took, self._waiting - 1)
            return
