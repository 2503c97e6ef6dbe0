"""The change feed of one station: what changed goes to its screens, a database that is away to its lamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.bootstrap.core import Post, StationCore
from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.runtime.feed import ChangeFeed


def station_feed(core: StationCore, post: Post, changed: Callable[[Sequence[Change]], None]) -> ChangeFeed:
    """A feed that was not started yet; `post` leads to the presenter's thread, where `changed` is called."""

    def gone(failure: EnvironmentFailure) -> None:
        post(lambda: core.hearers.gone(failure, core.worker.waiting))

    def back(milliseconds: float) -> None:
        post(lambda: core.hearers.back(milliseconds, core.worker.waiting))

    return ChangeFeed(core.database, lambda seen: post(lambda: changed(seen)), gone, back)
