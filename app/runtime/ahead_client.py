"""A station's way to the database with the order in hand beside it: it hears what is sent, tried and answered."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.runtime.ahead import OrderInHand
from app.runtime.station_client import Failed, StationClient, Then
from app.services.settings_store import FloorSettings
from app.services.station import Floor


@dataclass(frozen=True, slots=True)
class FloorAhead(Floor):
    """The floor of a station: a gesture takes the number of the label that was printed for it along."""

    in_hand: OrderInHand | None = None

    @classmethod
    def of(cls, floor: Floor, in_hand: OrderInHand) -> FloorAhead:
        """The same floor, with the order in hand beside it."""
        known = {one.name: getattr(floor, one.name) for one in fields(Floor)}
        return cls(**known, in_hand=in_hand)

    def handle(self, session: Session, gesture: Gesture, settings: FloorSettings | None, now: datetime) -> Outcome:
        """As the floor does it."""
        if self.in_hand is None:
            return Floor.handle(self, session, gesture, settings, now)
        label_id = self.in_hand.begin(gesture.id)
        try:
            sent = gesture if label_id is None else replace(gesture, label_id=label_id)
            return Floor.handle(self, session, sent, settings, now)
        except BaseException:
            self.in_hand.end(gesture.id)
            raise


class AheadClient:
    """Implements `presenters.gateway.Gateway` over the station's own client."""

    def __init__(self, client: StationClient, in_hand: OrderInHand) -> None:
        self._client, self._in_hand = client, in_hand

    def send(self, gesture: Gesture, then: Then, failed: Failed) -> None:
        """Applies a gesture; while the database is away the order in hand answers first."""
        self._in_hand.sent(gesture, gesture.kind is not GestureKind.SCAN)

        def broke(error: Exception) -> None:
            self._in_hand.failed(gesture.id)
            failed(error)

        self._client.send(gesture, lambda outcome: then(self._in_hand.settled(gesture.id, outcome)), broke)

    def look(self, then: Then, failed: Failed) -> None:
        """Where this station stands now."""
        self._client.look(lambda outcome: then(self._in_hand.settled("", outcome)), failed)

    def interrupted(self, then: Then, failed: Failed) -> None:
        """Whether somebody else stopped the open work."""
        self._client.interrupted(lambda outcome: then(self._in_hand.settled("", outcome)), failed)

    def replay(self, then: Then, failed: Failed) -> int:
        """Applies what a crash left in the journal."""
        return self._client.replay(lambda outcome: then(self._in_hand.settled("", outcome)), failed)
