"""Databases and looks for the first run: what the screen asks for, done with files, servers and the theme."""

from __future__ import annotations

from app.bootstrap.ready import formats
from app.bootstrap.shared_database import SharedDatabase
from app.domain.clock import utc_now
from app.domain.errors import EnvironmentFailure
from app.models.database import Database
from app.presenters.first_run_ports import Opened, Progress, Ready
from app.queries.people import stations
from app.runtime.sample import load_sample
from app.runtime.upkeep import bring_up_to_date
from app.services.setup import is_set_up
from app.settings import Settings, keep_setting
from app.views.kit import Look
from app.views.theme import ThemeName

SAMPLE_BADGE, SAMPLE_STATION = "OP-GRETA", "Bench 4"
VOLUMES = (80, 100, 20, 40, 60)


class Databases:
    """Implements `presenters.first_run_ports.DatabaseChoice`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shared = SharedDatabase(settings)

    def sample(self, progress: Progress) -> Ready:
        """Makes the sample warehouse beside the empty one, so that neither touches the other."""
        url = f"sqlite:///{(self._settings.data_folder / 'sample.sqlite3').as_posix()}"
        database = Database.open(url)
        try:
            bring_up_to_date(database, self._settings.data_folder, utc_now)
            load_sample(database, formats(), utc_now(), progress)
        finally:
            database.close()
        return Ready(url, SAMPLE_BADGE, SAMPLE_STATION)

    def empty(self) -> Opened:
        """The embedded database, with tables and no rows."""
        return self._opened(self._settings.database)

    def join(self, url: str, update: bool = False) -> Opened:
        """A shared database; it must answer now, before it is kept. A password that is kept need not be told again."""
        return self._opened(url, update)

    def keep(self, ready: Ready) -> None:
        """Remembers it, and the name of this station there."""
        self._shared.keep(ready.url)
        if ready.station:
            keep_setting(self._settings.config_file, "station", ready.station)

    def _opened(self, url: str, update: bool = False) -> Opened:
        whole, database = self._shared.opened(url, update)
        try:
            names = tuple(row.name for row in database.read(stations))
            return Opened(whole, database, database.read(is_set_up), names)
        except EnvironmentFailure:
            database.close()
            raise


class StationLooks:
    """Implements `presenters.first_run_ports.Looks`."""

    def __init__(self, look: Look, settings: Settings) -> None:
        self._look, self._settings = look, settings
        self._theme = ThemeName(settings.theme)
        self._at = 0

    def next_theme(self) -> None:
        """Light, dark, light; remembered for the next start."""
        self._theme = ThemeName.DARK if self._theme is ThemeName.LIGHT else ThemeName.LIGHT
        self._look.set_theme(self._theme)
        keep_setting(self._settings.config_file, "theme", self._theme.value)

    def next_volume(self) -> int:
        """The next volume in per cent."""
        self._at = (self._at + 1) % len(VOLUMES)
        return self.volume

    @property
    def volume(self) -> int:
        """The volume in per cent."""
        return VOLUMES[self._at]
