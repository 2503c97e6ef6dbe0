"""What the parts of a desk's screen share: what it knows, who looks at it, and how a failure is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, replace
from typing import ClassVar, Generic, Protocol, TypeVar

from app.domain.clock import Clock
from app.models.database import Database
from app.presenters import notices
from app.presenters.runner import Runner
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo


class Told(Protocol):
    """The model of a screen with a notice; a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    @property
    def notice(self) -> Notice | None:
        """What was done, refused or failed."""


M = TypeVar("M", bound=Told)


class DeskScreen(Generic[M]):
    """`model` is what the screen knows; `station` who works at it."""

    def __init__(
        self,
        model: M,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        publish: Callable[[], None],
        ring: notices.Ring,
    ) -> None:
        """`publish` draws what is known by now."""
        self.model = model
        self.database, self.runner, self.station, self.clock = database, runner, station, clock
        self.publish, self.ring = publish, ring
        self.again: Callable[[], None] | None = None

    def take(self, **values: object) -> None:
        """Other values of the model, drawn."""
        self.model = replace(self.model, **values)
        self.publish()

    def failed(self, error: Exception, again: Callable[[], None]) -> None:
        """Says it loudly, and how it is tried `again`."""
        self.again = again
        self.ring(Sound.ATTENTION)
        self.take(notice=notices.failure(error))

    def retry(self) -> None:
        """What failed last, once more."""
        again, self.again = self.again, None
        self.take(notice=None)
        if again is not None:
            again()
