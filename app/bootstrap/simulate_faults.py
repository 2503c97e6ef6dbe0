"""What goes wrong in a simulation, on a thread of its own and in turn."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Sequence

from sqlalchemy import text

from app.bootstrap.simulate_groups import GroupProcess
from app.bootstrap.simulate_plan import Fault
from app.domain.errors import EnvironmentFailure
from app.models.database import Database

LOG = logging.getLogger(__name__)
MOST_SECONDS = 20.0
_CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name LIKE 'pickwick%' AND pid <> pg_backend_pid()"
)


class Trouble:
    """Kills one process after another, and breaks all connections, some times in the time that the simulation has."""

    def __init__(
        self, database: Database, groups: Sequence[GroupProcess], faults: frozenset[Fault], seconds: float
    ) -> None:
        self._database, self._groups = database, groups
        self._deeds = [self._kill] if Fault.KILL in faults else []
        self._deeds += [self._cut] if Fault.CUT in faults and not database.is_sqlite else []
        self._pause = min(MOST_SECONDS, seconds / (2 * len(self._deeds) + 1)) if self._deeds else seconds
        self._victims = itertools.cycle(groups)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trouble", daemon=True)
        self.killed = self.cut = 0

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
