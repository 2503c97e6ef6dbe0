"""What goes wrong in a simulation, on a thread of its own and in turn."""

from __future__ import annotations

import itertools
import logging
import os
import shlex
import subprocess
import threading
from collections.abc import Sequence

from sqlalchemy import text

from app.bootstrap.simulate_groups import GroupProcess
from app.bootstrap.simulate_plan import Fault, Plan
from app.domain.errors import EnvironmentFailure
from app.models.database import Database

LOG = logging.getLogger(__name__)
MOST_SECONDS = 20.0
RESTART_SECONDS = 120.0
_CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name LIKE 'pickwick%' AND pid <> pg_backend_pid()"
)


class Trouble:
    """Kills one process after another, breaks all connections, restarts the server, some times in the time there is."""

    def __init__(self, database: Database, groups: Sequence[GroupProcess], plan: Plan) -> None:
        self._database, self._groups, self._restart_with = database, groups, plan.restart
        self._deeds = [self._kill] if Fault.KILL in plan.faults else []
        if not database.is_sqlite:
            self._deeds += [self._cut] if Fault.CUT in plan.faults else []
            self._deeds += [self._restart] if Fault.RESTART in plan.faults else []
        self._pause = min(MOST_SECONDS, plan.seconds / (2 * len(self._deeds) + 1)) if self._deeds else plan.seconds
        self._victims = itertools.cycle(groups)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trouble", daemon=True)
        self.killed = self.cut = self.restarted = 0
        self.broken: list[str] = []

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more; what was killed works again."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        for deed in itertools.cycle(self._deeds):
            if self._stopping.wait(self._pause):
                return
            try:
                deed()
            except EnvironmentFailure as failure:
                LOG.info("a fault could not be made: %s", failure)

    def _kill(self) -> None:
        victim = next(self._victims)
        victim.kill()
        self.killed += 1
        victim.start()

    def _cut(self) -> None:
        self._database.read(lambda session: session.execute(_CUT).scalar_one())
        self.cut += 1

    def _restart(self) -> None:
        """By the administrator's own command: nobody else knows how his server is run."""
        words = shlex.split(self._restart_with, posix=os.name != "nt")
        try:
            ran = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 check=False, timeout=RESTART_SECONDS)  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            self.broken.append(f"the server's restart: {error}"[:300])
            return
        if ran.returncode:
            self.broken.append(f"the server's restart: {ran.stderr.decode(errors='replace')}"[:300])
        self.restarted += 1
