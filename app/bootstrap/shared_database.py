"""A shared database that this machine joins: tried first, then kept, its password apart from its address."""

from __future__ import annotations

from app.domain.clock import utc_now
from app.domain.errors import EnvironmentFailure
from app.models.database import Database
from app.models.schema_state import SchemaState, schema_state
from app.models.server_address import without_password
from app.passwords import Passwords, Place
from app.runtime.upkeep import bring_up_to_date
from app.settings import Settings, keep_setting


class SharedDatabase:
    """Implements `presenters.office_database.DatabaseJoin`."""

    def __init__(self, settings: Settings, passwords: Passwords | None = None) -> None:
        self._settings = settings
        self._passwords = passwords or Passwords(settings.config_file.parent)

    @property
    def now(self) -> str:
        """The address that is worked on, without its password."""
        return without_password(self._settings.database).replace(":…@", "@")

    def opened(self, url: str, update: bool = False) -> tuple[str, Database]:
        """The whole address, with a password that is kept already, and the database behind it, with its tables.

        Raises PickwickError with what is wrong; `database.older` for one of an older version unless `update` says so.
        """
        whole = self._passwords.complete(url)
        database = Database.open(whole)
        try:
            state = schema_state(database)
            if state is SchemaState.OLDER and not update and not database.is_sqlite:
                raise EnvironmentFailure("database.older")  # others may work there, so somebody decides
            if state is not SchemaState.CURRENT:
                bring_up_to_date(database, self._settings.data_folder, utc_now)
            return whole, database
        except EnvironmentFailure:
            database.close()
            raise

    def keep(self, url: str) -> Place:
        """Remembers an address for the next start; says where its password is."""
        kept, place = self._passwords.keep(url)
        keep_setting(self._settings.config_file, "database", kept)
        return place

    def change(self, url: str, update: bool) -> str:
        """Tries a database and keeps its address for the next start."""
        whole, database = self.opened(url, update)
        database.close()
        place = self.keep(whole)
        return "" if place is Place.NOWHERE else f"join.kept.{place.value}"
