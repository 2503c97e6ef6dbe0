"""Office, Settings: which database this station works on, and joining another one."""

from __future__ import annotations

from typing import Protocol

from app.domain.errors import PickwickError
from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import notices
from app.presenters.joining import Joining
from app.presenters.office_desk import CLOSE, SAVE, OfficeDesk
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.state.sound import Sound
from app.services.permissions import forbidden_to

UPDATE = "database-update"


class DatabaseJoin(Protocol):
    """Tries and keeps the address of a shared database, on this machine."""

    @property
    def now(self) -> str:
        """The address that is worked on, without its password."""

    def change(self, url: str, update: bool) -> str:
        """Tries a database and keeps its address for the next start; says where the password lies (`join.kept.…`).

        PickwickError with a sentence that says what to do; `database.older` where `update` must be said first.
        """


class DatabaseForm:
    """The form while it is open: None of it is kept before the database has answered."""

    def __init__(self, desk: OfficeDesk, join: DatabaseJoin) -> None:
        self._desk, self._join = desk, join
        self.joining = Joining()
        self.older = self.trying = False

    @property
    def words(self) -> str:
        """The database of this station, as its setting shows it."""
        return self._join.now

    def open(self) -> None:
        """The form begins with what is told now."""
        now = self._join.now
        self.joining = Joining.begun(now) if now.startswith("postgres") else Joining()
        self.older = self.trying = False

    def typed(self, field: str, text: str) -> None:
        """One text."""
        self.joining, self.older = self.joining.put(field, text), False

    def choose(self, key: str) -> None:
        """Another protection of the connection."""
        self.joining, self.older = self.joining.protected(key), False

    def save(self, update: bool = False) -> None:
        """Tries it, off the screen's thread."""
        refused = forbidden_to(self._desk.station.role, Permission.MANAGE_STATION)
        if refused is not None:
            self._refused(refused)
            return
        self.joining = self.joining.checked()
        if self.joining.wrong or self.trying:
            self._desk.ring(Sound.WRONG)
            return
        url, self.trying = self.joining.address().url(), True
        self._desk.runner.command(lambda: self._join.change(url, update), self._kept, self._failed)

    def _refused(self, outcome: Outcome) -> None:
        self._desk.notice = notices.notice_of(outcome)
        self._desk.ring(Sound.WRONG)

    def _kept(self, place: str) -> None:
        self.trying = self.older = False
        self._desk.notice = notices.done("join.kept", database=self.joining.shown, place=say(place) if place else "")
        self._desk.ring(Sound.ACCEPTED)
        self._desk.publish()

    def _failed(self, error: Exception) -> None:
        self.trying = False
        if not isinstance(error, PickwickError):
            self._desk.failed(error, self.save)
            return
        self.older = error.code == "database.older"
        self.joining = self.joining.failed(error)
        self._desk.ring(Sound.ATTENTION)
        self._desk.publish()

    def form(self) -> Form:
        """As it is shown; a database that is older asks whether to bring it up to date."""
        save = parts.Command(
            UPDATE if self.older else SAVE, say("join.update" if self.older else "join.try"), "Enter",
            icon="check", kind=Kind.PRIMARY, reason=say("first_run.busy.join") if self.trying else "",
        )  # fmt: skip
        close = parts.Command(CLOSE, say("office_screen.back"), "Esc")
        return self.joining.form((save, close), say("office_screen.setting.database"))
