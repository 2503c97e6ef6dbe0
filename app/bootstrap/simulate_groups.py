"""The processes of a simulation as their parent sees them: begun, listened to, killed, begun again, ended."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from app.bootstrap.simulate_plan import Group, Tally
from app.domain.errors import EnvironmentFailure

LOG = logging.getLogger(__name__)
MAIN = Path(__file__).resolve().parents[2] / "main.py"
END_SECONDS = 60.0
READY_SECONDS = 120.0


class GroupProcess:
    """One process with some stations. What it told is kept when it is killed."""

    def __init__(self, database_url: str, group: Group, tally: Tally, counting: threading.Lock) -> None:
        """`tally` is that of the whole simulation, `counting` guards it."""
        self._url, self._group, self._tally, self._counting = database_url, group, tally, counting
        self._process: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None
        self._ready = threading.Event()

    def start(self) -> None:
        """Begins it. Raises EnvironmentFailure when the system does not."""
        # The address may hold a password, which other people could read in the list of processes.
        environment = {**os.environ, "PICKWICK_DATABASE": self._url, "PYTHONUTF8": "1"}
        self._ready.clear()
        try:
            self._process = subprocess.Popen(
                [sys.executable, str(MAIN), "simulate", "--as-group"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, encoding="utf-8", env=environment, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            raise EnvironmentFailure("simulate.not_started", reason=error.strerror) from error
        self._listener = threading.Thread(target=self._listen, args=(self._process,), name="group", daemon=True)
        self._listener.start()
        self._write(json.dumps(self._group.to_json()) + "\n")

    def wait_until_ready(self) -> None:
        """Until its stations work. Raises EnvironmentFailure when it ended before, or takes too long."""
        if not self._ready.wait(READY_SECONDS) or self._process is None or self._process.poll() is not None:
            self.kill()
            raise EnvironmentFailure("simulate.group_ended", stations=len(self._group.seats))

    def kill(self) -> None:
        """As `kill -9`: nothing of it runs any more."""
        if self._process is not None:
            self._process.kill()
            self._finish(self._process)

    def stop(self) -> int:
        """Has it finish the scans in hand; gives its exit status. One that does not end is killed."""
        if self._process is None:
            return 0
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        if self._process.poll() is None:
            self._process.kill()
        return self._finish(self._process)

    def _finish(self, process: subprocess.Popen[str]) -> int:
        status = process.wait()
        if self._listener is not None:
            self._listener.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None
        return status

    def _write(self, words: str) -> None:
        with contextlib.suppress(OSError):
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.write(words)
                self._process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            try:
                told = json.loads(line)
            except ValueError:  # half a line of one that was killed
                LOG.warning("a group said: %s", line.rstrip())
                continue
            if "tally" in told:
                with self._counting:
                    self._tally.add(Tally(**told["tally"]))
            self._ready.set()
        self._ready.set()
