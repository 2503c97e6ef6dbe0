"""What the sections of the office share: reading, doing, saying what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from app.domain.clock import Clock
from app.domain.outcomes import Outcome
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices
from app.presenters.runner import Runner
from app.presenters.state import office, parts
from app.presenters.state.form import Form, Notice
from app.presenters.state.parts import Kind
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.services.actor import Actor

T = TypeVar("T")
SAVE, CLOSE = "form-save", "form-close"


@dataclass(slots=True)
class OfficeDesk:
    """The one thing that all sections write to: the notice that stands above them."""

    database: Database
    runner: Runner
    station: StationInfo
    clock: Clock
    publish: Callable[[], None]
    ring: notices.Ring
    send: Callable[[str], None]
    notice: Notice | None = None
    again: Callable[[], None] | None = field(default=None)

    def actor(self) -> Actor:
        """Who does something now."""
        return self.station.actor(self.clock())

    def read(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Reads, then shows."""

        def put(found: T) -> None:
            then(found)
            self.publish()

        self.runner.read(work, put, lambda error: self.failed(error, lambda: self.read(work, then)))

    def do(self, work: Callable[[], Outcome], then: Callable[[Outcome], None]) -> None:
        """Does one deed and says what came of it; `then` hears of refusals too."""

        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                self.ring(sound)
            self.notice = notices.notice_of(outcome)
            then(outcome)
            self.publish()

        self.runner.command(work, answered, lambda error: self.failed(error, lambda: self.do(work, then)))

    def failed(self, error: Exception, again: Callable[[], None]) -> None:
        """Says what failed, with the way to try it again."""
        self.notice = notices.failure(error)
        self.again = again
        self.ring(Sound.ATTENTION)
        self.publish()


class OfficeSection(Protocol):
    """One part of the office."""

    def enter(self) -> None:
        """It is shown now: reads what it needs."""

    def state(self) -> office.Section:
        """What it shows."""

    def command(self, code: str) -> bool:
        """A button; says whether it was one of its own."""

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of its form."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row, or a tab of its form."""

    def more(self) -> None:
        """The next page is wanted."""

    def back(self) -> bool:
        """One step back; says whether there was one."""


class Fields:
    """The texts of a form with what is wrong with them: the one thing about a form that changes while it is typed."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.wrong: dict[str, str] = {}

    def fill(self, **texts: str) -> None:
        """Begins anew with these."""
        self.texts, self.wrong = dict(texts), {}

    def put(self, name: str, text: str) -> None:
        """One text; what was wrong with it is forgotten."""
        self.texts[name] = text
        self.wrong.pop(name, None)

    def get(self, name: str) -> str:
        """A text without outer blanks."""
        return self.texts.get(name, "").strip()

    def wanted(self, *names: str) -> bool:
        """Whether all of these are there; says beside each that is not that it is needed."""
        missing = [name for name in names if not self.get(name)]
        self.wrong |= {name: say("office_screen.wanted") for name in missing}
        return not missing

    def field(self, name: str, hint: str = "", *, code: bool = False) -> parts.Field:
        """The field as it is shown; its label stands in the catalogue."""
        label = say(f"office_screen.field.{name}")
        return parts.Field(name, label, self.texts.get(name, ""), hint, self.wrong.get(name, ""), code=code)


def form(name: str, title: str, fields: tuple[parts.Field, ...], save: str, **more: object) -> Form:
    """A form with its two buttons."""
    commands = (
        parts.Command(SAVE, say(save), "Enter", icon="check", kind=Kind.PRIMARY),
        parts.Command(CLOSE, say("office_screen.back"), "Esc"),
    )
    return Form(name, title, fields=fields, commands=commands, **more)  # type: ignore[arg-type]


def not_permitted(allowed: bool) -> str:
    """The reason on a button that somebody may not use."""
    return "" if allowed else say("office_screen.not_permitted")


def chosen_of(rows: Mapping[str, T], chosen: str) -> T | None:
    """The chosen row, or the first."""
    return rows.get(chosen) or next(iter(rows.values()), None)


def kept_choice(chosen: str, keys: Sequence[str]) -> str:
    """The chosen row of a list that was read anew; the first one where there is none.

    So a key acts on the row that was read on the screen, however many came in above it since.
    """
    return chosen if chosen in keys else next(iter(keys), "")
