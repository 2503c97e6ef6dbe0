"""The heartbeat of a station: while its process runs, what is open there stays its own; after a crash it runs out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.domain.clock import Clock
from app.domain.errors import EnvironmentFailure
from app.models.database import Database, Session
from app.models.schema_state import fits
from app.services import claims
from app.services.settings_store import floor_settings

LOG = logging.getLogger(__name__)
EVERY_SECONDS = 20.0


class Heartbeat:
    """Renews a station's lease on its own thread, so that neither a slow printer nor an idle bench lets it run out.

    It also looks whether the database is still one of this version: another station may have brought it up to date; and
    it gives connections back that the station does not need.
    """

    def __init__(
        self,
        database: Database,
        station_id: int,
        clock: Clock,
        on_unfit: Callable[[EnvironmentFailure], None] = lambda _failure: None,
    ) -> None:
        """`on_unfit` is told once, on this thread, when the station must stop; nothing is renewed then."""
        self._database, self._station_id, self._clock = database, station_id, clock
        self._on_unfit = on_unfit
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more; what is open stays held until its lease runs out."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def look(self) -> bool:
        """Whether the database is of this program's version; if not, that is said."""
        if fits(self._database):
            return True
        LOG.warning("the database is of another version by now")
        self._on_unfit(EnvironmentFailure("database.newer"))
        return False

    def beat(self) -> int:
        """One look, on the caller's thread; writes only when half of the lease is over. Gives how many it renewed."""
        now = self._clock()
        minutes = self._database.read(self._wanted)
        if not minutes:
            return 0
        return self._database.write(lambda session: claims.renew(session, self._station_id, now, minutes))

    def _wanted(self, session: Session) -> int:
        minutes = floor_settings(session).claim_minutes
        return minutes if claims.due(session, self._station_id, self._clock(), minutes) else 0

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                if not self.look():
                    return
                self.beat()
                self._database.rest()
            except EnvironmentFailure as failure:
                LOG.info("the heartbeat waits: %s", failure)
            except Exception:
                LOG.exception("a fault of the heartbeat")
