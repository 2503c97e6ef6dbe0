"""What is done with orders from the screen: each one transaction, answered by an Outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from app.domain.clock import Clock
from app.domain.outcomes import Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import HoldKind
from app.models.database import Database
from app.presenters.station_info import StationInfo
from app.services import cancel, holds, orders, print_jobs, queue_filters, release
from app.services.go_on import unless_refused
from app.services.permissions import forbidden


class OrderDeeds:
    """One method a deed; each is called on the thread that changes rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`clock` says when it is done."""
        self._database, self._clock = database, clock

    def _now(self) -> datetime:
        return self._clock()

    def hold(self, station: StationInfo, order_id: int, reason: str) -> Outcome:
        """Stops an order."""
        actor = station.actor(self._now())
        return self._database.write(lambda session: holds.place_hold(session, actor, order_id, reason))

    def lift(self, station: StationInfo, order_id: int, kind: HoldKind, reason: str) -> Outcome:
        """Lets it go on."""
        actor = station.actor(self._now())
        return self._database.write(
            lambda session: unless_refused(
                session, actor, order_id, holds.release_hold(session, actor, order_id, kind, reason)
            )
        )

    def mend_address(
        self, station: StationInfo, order_id: int, fields: Mapping[str, str], reason: str = "", seen: int | None = None
    ) -> Outcome:
        """Changes where it goes, if it still is as it was `seen`."""
        actor = station.actor(self._now())
        return self._database.write(
            lambda session: unless_refused(
                session,
                actor,
                order_id,
                orders.mend_address(session, actor, order_id, fields, reason=reason, seen=seen),
            )
        )

    def priority(self, station: StationInfo, order_id: int, priority: int) -> Outcome:
        """Has it go first, or in its normal turn."""
        actor = station.actor(self._now())
        return self._database.write(lambda session: orders.set_priority(session, actor, order_id, priority))

    def cancel(self, station: StationInfo, order_id: int, reason: str, seen: int | None = None) -> Outcome:
        """Cancels all of it that has not left, if it still is as it was `seen`."""
        actor = station.actor(self._now())
        return self._database.write(lambda session: cancel.cancel_order(session, actor, order_id, reason, seen=seen))

    def reprint(self, station: StationInfo, package_id: int, number: str) -> Outcome:
        """The label of a parcel again."""
        actor = station.actor(self._now())
        not_allowed = self._database.read(lambda s: forbidden(s, actor, Permission.REPRINT))
        if not_allowed is not None:
            return not_allowed
        key = f"reprint:{uuid4().hex}"
        job = self._database.write(lambda session: print_jobs.reprint(session, actor, package_id, key))
        if job is None:
            return refused("orders.reprint_none", number=number)
        return done("orders.reprinted", number=number)

    def release(self, station: StationInfo) -> Outcome:
        """Releases what is ready in this warehouse."""
        actor = station.actor(self._now())
        not_allowed = self._database.read(lambda s: forbidden(s, actor, Permission.RELEASE_WORK))
        if not_allowed is not None:
            return not_allowed
        made = self._database.write(lambda session: release.release(session, actor))
        if made.wave_id is None:
            return refused("orders.released_none", Sound.ATTENTION)
        return done("orders.released", count=len(made.fulfillment_ids), lists=len(made.pick_list_ids))

    def keep_filter(self, station: StationInfo, name: str, kept: Mapping[str, object]) -> Outcome:
        """Keeps a filter by name."""
        actor = station.actor(self._now())
        return self._database.write(lambda session: queue_filters.keep_filter(session, actor, name, kept))

    def drop_filter(self, station: StationInfo, filter_id: int) -> Outcome:
        """Forgets a filter."""
        actor = station.actor(self._now())
        return self._database.write(lambda session: queue_filters.drop_filter(session, actor, filter_id))
