"""What is done on the Stock screen itself: a label for a place, and a correction with its reason."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome, done
from app.domain.words import say
from app.presenters import notices
from app.presenters import stock_parts as made
from app.presenters.stock_looks import StockLooks, StockScreen
from app.queries.stock import Holding
from app.services import adjust, print_jobs


class StockDeeds:
    """One method a deed."""

    def __init__(self, screen: StockScreen, looks: StockLooks) -> None:
        """`looks` reads again what was changed."""
        self._screen, self._looks = screen, looks

    def print_label(self) -> None:
        """The label of the place in sight."""
        place = self._place_in_sight()
        if place is None:
            return
        code, caption = place
        actor = self._screen.station.actor(self._screen.clock())
        key, content = f"location-label:{uuid4().hex}", {"code": code, "caption": caption}

        def work() -> Outcome:
            self._screen.database.write(
                lambda session: print_jobs.queue(session, actor, key, DocumentKind.LOCATION.value, content)
            )
            return done("stock_screen.label_queued", location=code)

        self._do(work)

    def _place_in_sight(self) -> tuple[str, str] | None:
        if self._screen.model.place is not None:
            return self._screen.model.place.code, made.kind_words(self._screen.model.place.kind)
        holding = self.chosen()
        return None if holding is None else (holding.location, made.kind_words(holding.kind))

    def chosen(self) -> Holding | None:
        """The row that is chosen; the first one, where none is."""
        model = self._screen.model
        rows = model.product.places if model.product else model.place.goods if model.place else ()
        return next((one for one in rows if one.key == model.chosen), rows[0] if rows else None)

    def begin_adjusting(self) -> None:
        """Asks by how much, and why."""
        holding = self.chosen()
        if holding is not None:
            self._screen.take(adjusting=holding, chosen=holding.key, typed={}, wrong={}, notice=None)

    def adjust(self) -> None:
        """Corrects what the form was opened for."""
        holding = self._screen.model.adjusting
        if holding is None:
            return
        told = self._screen.model.typed.get("delta", "").strip().replace("−", "-")
        reason = self._screen.model.typed.get("reason", "")
        if not (told[1:] if told[:1] in ("+", "-") else told).isdecimal() or len(told) > 7:
            self._screen.take(wrong={"delta": say("stock_screen.adjust.bad_delta")})
            return
        if not reason.strip():
            self._screen.take(wrong={"reason": say("orders.reason_missing")})
            return
        actor, delta = self._screen.station.actor(self._screen.clock()), int(told)
        self._do(
            lambda: self._screen.database.write(
                lambda session: adjust.adjust(
                    session,
                    actor,
                    holding.product_id,
                    holding.location_id,
                    delta,
                    reason,
                    lot_id=holding.lot_id,
                    condition=holding.condition,
                )
            )
        )

    def _do(self, work: Callable[[], Outcome]) -> None:
        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                self._screen.ring(sound)
            self._screen.take(
                notice=notices.notice_of(outcome), adjusting=self._screen.model.adjusting if outcome.refused else None
            )
            self._looks.again()

        self._screen.runner.command(work, answered, lambda error: self._screen.failed(error, lambda: self._do(work)))
