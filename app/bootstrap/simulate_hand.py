"""The hands of a simulated person: the next scan, from what the screen of the station shows."""

from __future__ import annotations

import random
from collections.abc import Mapping

from sqlalchemy import text

from app.bootstrap.simulate_plan import Work
from app.domain.clock import Clock
from app.domain.outcomes import Change, Outcome
from app.domain.work import PackWork, PickWork, StockWork
from app.models.database import Database
from app.presenters import pack_model, pick_model
from app.presenters.pack_model import PackModel
from app.presenters.pick_model import PickModel

CHOICES = 40
PATIENCE = 2
"""So many refusals in a row until the work in hand is put aside."""
_OPEN_ORDERS = text(
    "SELECT o.number FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.warehouse_id = :warehouse "
    "AND f.state IN ('picked', 'packing', 'released') "
    "AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL) "
    "AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.kind = 'fulfillment' AND c.ref_id = f.id AND c.expires_at > :now) "
    "AND NOT EXISTS (SELECT 1 FROM pick_tasks t JOIN pick_lists l ON l.id = t.pick_list_id "
    "WHERE t.fulfillment_id = f.id AND l.state = 'picking') "
    "ORDER BY CASE f.state WHEN 'picked' THEN 0 WHEN 'packing' THEN 1 ELSE 2 END, f.id LIMIT :choices"
)
_FREE_TOTES = text(
    "SELECT l.code FROM locations l WHERE l.kind = 'tote' AND l.warehouse_id = :warehouse AND NOT EXISTS (SELECT 1 "
    "FROM tote_uses u WHERE u.tote_id = l.id AND u.closed_at IS NULL) AND NOT EXISTS (SELECT 1 FROM stock_balances b "
    "WHERE b.location_id = l.id AND b.on_hand > 0) LIMIT 200"
)


class Hand:
    """Knows what the screen shows, by the same models that draw it, and what a person would scan next."""

    def __init__(self, work: Work, badge: str, warehouse_id: int, database: Database, units: Mapping[int, str],
                 clock: Clock) -> None:  # fmt: skip
        """`units` are the barcodes by product."""
        self._work, self._badge, self._warehouse_id = work, badge, warehouse_id
        self._database, self._units, self._clock = database, units, clock
        self._signed_in = False
        self._blocked = False
        self._refused = 0
        self._leaving: list[str] = []
        self._pack, self._pick = PackModel(), PickModel()

    def signed_in(self) -> None:
        """Somebody is at the station already."""
        self._signed_in = True

    def take(self, outcome: Outcome) -> None:
        """The answer to a scan, or what stopped the work from outside."""
        now = self._clock()
        self._pack, self._pick = pack_model.after(self._pack, outcome, now), pick_model.after(self._pick, outcome, now)
        self._blocked = outcome.blocks
        if outcome.code == "station.sign_in_first":
            self._signed_in = False
        elif outcome.code.startswith("sign_in.") and not outcome.refused:
            self._signed_in = True
        self._refused = self._refused + 1 if outcome.refused else 0
        if outcome.refused:
            self._leaving = []  # a reason is given only where one is asked for
        if isinstance(outcome.work, StockWork) or outcome.code == "stock_desk.still_open":
            self._leaving = ["PW-BACK"]  # goods of a cancelled order: somebody else puts them back

    def next_code(self) -> str | None:
        """What is scanned next; None when there is nothing to do."""
        if self._blocked:
            return "PW-OK"
        if not self._signed_in:
            return self._badge
        if self._leaving:
            return self._leaving.pop(0)
        if self._refused > PATIENCE and (self._packing or self._picking):
            self._leave()
            return self._leaving.pop(0)
        if self._packing is not None:
            return self._next_item(self._packing)
        if self._picking is not None:
            return self._next_stop(self._picking)
        return self._something()

    @property
    def stands_on(self) -> frozenset[Change]:
        """The rows that the work in hand stands on: when somebody else changes one, it may have to stop."""
        packing = self._packing
        if packing is None:
            return frozenset()
        return frozenset({Change("fulfillment", packing.fulfillment_id), Change("order", packing.head.order_id)})

    @property
    def _packing(self) -> PackWork | None:
        return None if self._pack.finished else self._pack.work

    @property
    def _picking(self) -> PickWork | None:
        work = self._pick.work
        return work if work is not None and work.step != "done" else None

    def _leave(self) -> None:
        """Puts aside what can't be gone on with."""
        self._refused = 0
        self._leaving = ["PW-ASIDE", "PW-3"] if self._packing is not None else ["PW-ASIDE"]
        self._pack, self._pick = PackModel(), PickModel()

    def _next_item(self, work: PackWork) -> str:
        for line in work.lines:
            if line.remaining > 0:
                return self._units.get(line.item.product_id, line.item.sku)
        return "PW-BACK"  # somebody has just packed the last of it

    def _next_stop(self, work: PickWork) -> str:
        stop = next((one for one in work.stops if one.task_id == work.current), None)
        if stop is None:
            return "PW-END"
        tote = next((slot.tote for slot in work.slots if slot.slot == stop.slot), "")
        if work.step == "totes" or not tote:
            return self._one_of(_FREE_TOTES) or "PW-ASIDE"
        if self._refused and work.step == "shelf":
            return "PW-SKIP"
        item = self._units.get(stop.item.product_id, stop.item.sku)
        return {"shelf": stop.location, "item": item, "tote": tote, "count": "PW-OK"}.get(work.step, "PW-LATER")

    def _something(self) -> str | None:
        """Another order, or another walk; who packs picks nothing, so that both queues move."""
        if self._work is Work.PICK:
            return "PW-START"
        return self._one_of(_OPEN_ORDERS)

    def _one_of(self, query: object) -> str | None:
        values = {"warehouse": self._warehouse_id}
        if query is _OPEN_ORDERS:
            values |= {"choices": CHOICES, "now": round(self._clock().timestamp() * 1000)}
        found = self._database.read(lambda session: list(session.execute(query, values).scalars()))  # type: ignore[call-overload]
        return str(random.choice(found)) if found else None
