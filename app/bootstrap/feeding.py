"""The change feed of one station: what changed goes to its screens, a database that is away to its lamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.bootstrap.core import Post, StationCore
from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.models.database import Database
from app.runtime.feed import ChangeFeed
from app.runtime.notify import FileVersion, WakeUp


def feed_of(
    database: Database,
    on_changes: Callable[[Sequence[Change]], None],
    on_gone: Callable[[EnvironmentFailure], None] = lambda _failure: None,
    on_back: Callable[[float], None] = lambda _milliseconds: None,
) -> ChangeFeed:
    """A feed that was not started yet. On a server it reads the log with what listens: connections are few."""
    if database.is_sqlite:
        return ChangeFeed(database, FileVersion(database), on_changes, on_gone, on_back)
    from app.runtime.notifications import Notifications

    hearing = Notifications(database)
    return ChangeFeed(hearing, hearing, on_changes, on_gone, on_back)


def wake_up_of(database: Database) -> WakeUp:
    """What fits the database; only what it needs is read."""
    if database.is_sqlite:
        return FileVersion(database)
    from app.runtime.notifications import Notifications

    return Notifications(database)


def station_feed(core: StationCore, post: Post, changed: Callable[[Sequence[Change]], None]) -> ChangeFeed:
    """A feed that was not started yet; `post` leads to the presenter's thread, where `changed` is called."""

    def gone(failure: EnvironmentFailure) -> None:
        core.back_again.gone()
        core.in_hand.gone()
        post(lambda: core.hearers.gone(failure, core.worker.waiting))

    def back(milliseconds: float) -> None:
        core.in_hand.back()
        post(lambda: core.hearers.back(milliseconds, core.worker.waiting))

    return feed_of(core.database, lambda seen: post(lambda: changed(seen)), gone, back)
