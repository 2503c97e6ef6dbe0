"""Long random days: whatever is done in whatever order, every invariant holds after each step, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.capture import Financial
from app.domain.order_edits import LineWish, NewLine
from app.domain.outcomes import Outcome, Place
from app.domain.ports import BoughtLabel
from app.domain.states import HoldKind, LocationKind
from app.domain.work import PickWork
from app.integrations.carriers.own_delivery import tracking_number
from app.models.database import Database
from app.models.stock import Location
from app.queries.stock_tasks import to_put_back
from app.services import label_voids, labels, print_jobs
from app.services.adjust import adjust, count
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_line, cancel_order
from app.services.capture.orders import capture_orders
from app.services.check import seal_chains, violations
from app.services.edit_lines import edit_lines
from app.services.hand_over import hand_over_truck, load_cage, ship_packages
from app.services.holds import place_hold, release_hold
from app.services.merge import merge_orders
from app.services.move_stock import move_stock, put_back
from app.services.order_states import refresh_orders
from app.services.orders import mend_address, set_service
from app.services.receive import receive
from app.services.release import release, unrelease
from app.services.settings_store import AT_LABEL, AT_TRUCK, FloorSettings, put_setting
from tests.builders import captured, line
from tests.databases import Databases
from tests.services import stock_builders as build
from tests.services.machine_floor import ANYTHING, PLACES, SKUS, Hand, next_pack, next_pick, next_return, whole_bench

T = TypeVar("T")
PRICE = 250
EXAMPLES = int(os.environ.get("PICKWICK_MACHINE_EXAMPLES", "12"))
STEPS = int(os.environ.get("PICKWICK_MACHINE_STEPS", "40"))

ANY_SKU, ANY_PLACE, FEW, WHICH = st.sampled_from(SKUS), st.sampled_from(PLACES), st.integers(1, 4), st.integers(0, 9)
TOLD = st.lists(st.tuples(ANY_SKU, FEW, st.sampled_from((0, 0, 0, 1, 4))), min_size=1, max_size=3)
MONEY = st.sampled_from((Financial.PAID, Financial.PAID, Financial.PENDING, Financial.REFUNDED))
RARELY = st.sampled_from((False,) * 5 + (True,))
LINES = st.lists(st.tuples(ANY_SKU, FEW), min_size=1, max_size=3)
_TRACKING = text("SELECT tracking_number FROM labels WHERE tracking_number <> '' ORDER BY id DESC LIMIT 10")


class Day(RuleBasedStateMachine):
    """A warehouse with three benches and an office, on one database."""

    databases: Databases

    @initialize(
        handover=st.sampled_from((AT_LABEL, AT_LABEL, AT_TRUCK)),
        given=st.lists(st.integers(3, 12), min_size=3, max_size=3),
        orders=st.lists(st.tuples(LINES, st.booleans()), min_size=2, max_size=5),
        released=st.integers(0, 5),
        scan_back=st.booleans(),
    )
    def begin(
        self,
        handover: str,
        given: Sequence[int],
        orders: list[tuple[list[tuple[str, int]], bool]],
        released: int,
        scan_back: bool,
    ) -> None:
        """A day that has begun: stock on the shelves, orders promised, some of them in walks."""
        self.database: Database = self.databases.fresh()
        self.site = self.write(self._open_house)
        self.write(lambda s: put_setting(s, "handover", handover))
        self.write(lambda s: put_setting(s, "label_scan_back", scan_back))
        for sku, quantity in zip(SKUS, given, strict=True):
            self.write(lambda s, k=sku, q=quantity: build.stock(s, self.site, k, "A-01-1", q))
        for lines, in_parts in orders:
            self.order(lines, in_parts, 5)
        self.allocate(5)
        for fulfillment_id in self.ids("SELECT id FROM fulfillments ORDER BY id LIMIT 1"):
            parcel = self.write(lambda s, i=fulfillment_id: build.pack_all(s, self.site, i).id)
            self.write(lambda s, i=parcel: ship_packages(s, self.site.actor, [i]))
        if released:
            self.release(released, 3)
        self.picker = Hand(whole_bench(self.database, self.site, "Pia", Place.PICK))
        self.packer = Hand(whole_bench(self.database, self.site, "Paul", Place.PACK))
        self.clerk = Hand(whole_bench(self.database, self.site, "Rita", Place.RETURNS))
        self.walker = Hand(whole_bench(self.database, self.site, "Wim", Place.PICK))
        self.rival = Hand(whole_bench(self.database, self.site, "Rex", Place.PACK))
        for hand in (self.picker, self.packer, self.clerk, self.walker, self.rival):
            hand.bench.settings = FloorSettings(handover=handover, confirm_weight=False, label_scan_back=scan_back)

    def _open_house(self, session: Session) -> build.Site:
        site = build.build_site(session)
        totes = [
            Location(warehouse_id=site.warehouse_id, code=f"T-{number}", kind=LocationKind.TOTE)
            for number in range(3, 9)
        ]
        session.add_all(totes)
        return site

    def write(self, work: Callable[[Session], T]) -> T:
        return self.database.write(work)

    def ids(self, sql: str) -> list[int]:
        return self.database.read(lambda s: list(s.execute(text(sql)).scalars()))

    def one(self, sql: str, which: int) -> int:
        """One of the ids that the statement finds, or one that nothing has."""
        found = self.ids(sql)
        return found[which % len(found)] if found else 999_999

    # -- the office -------------------------------------------------------------------------------------------------

    @rule(lines=LINES, in_parts=st.booleans(), priority=st.sampled_from((1, 5)))
    def order(self, lines: list[tuple[str, int]], in_parts: bool, priority: int) -> None:
        def add(session: Session) -> None:
            order = build.add_order(session, self.site, lines, in_parts=in_parts, priority=priority)
            order.email = "ada@stone.example"
            sold = build.lines_of(session, order.id)
            for item in sold:
                item.unit_price = PRICE
            order.total = PRICE * sum(item.quantity for item in sold)

        self.write(add)

    @rule(number=st.sampled_from(("#C1", "#C2", "#C3")), told=TOLD, financial=MONEY, cancelled=RARELY)
    def capture(self, number: str, told: list[tuple[str, int, int]], financial: Financial, cancelled: bool) -> None:
        """The channel tells of an order: of a new one, or of one that may be on the floor or gone by now."""
        lines = [line(sku, quantity, elsewhere=min(gone, quantity)) for sku, quantity, gone in told]
        order = captured(number, *lines, total=1000, financial=financial, cancelled=cancelled)
        self.write(lambda s: capture_orders(s, self.site.actor, "shopify", [order]))

    @rule(limit=st.integers(1, 5))
    def allocate(self, limit: int) -> None:
        self.write(lambda s: allocate_ready(s, self.site.actor, limit))

    @rule(limit=st.integers(1, 5), slots=st.integers(1, 3))
    def release(self, limit: int, slots: int) -> None:
        self.write(lambda s: release(s, self.site.actor, limit, slots=slots))

    @rule(which=WHICH)
    def unrelease(self, which: int) -> None:
        ident = self.one("SELECT id FROM fulfillments WHERE state = 'released' ORDER BY id", which)
        self.write(lambda s: unrelease(s, self.site.actor, ident, "too early"))

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        ident = self.one("SELECT id FROM orders ORDER BY id", which)
        self.write(lambda s: cancel_order(s, self.site.actor, ident, "customer asked"))

    @rule(which=WHICH)
    def cancel_on_the_floor(self, which: int) -> None:
        """The customer asks while the goods are in a tote or a parcel."""
        ident = self.one(
            "SELECT DISTINCT order_id FROM fulfillments WHERE state IN ('picking', 'picked', 'packing', 'packed') "
            "ORDER BY order_id",
            which,
        )
        self.write(lambda s: cancel_order(s, self.site.actor, ident, "customer asked"))

    @rule(which=WHICH, quantity=FEW)
    def cancel_some(self, which: int, quantity: int) -> None:
        ident = self.one("SELECT id FROM order_lines ORDER BY id", which)
        self.write(lambda s: cancel_line(s, self.site.actor, ident, quantity, "too many"))

    @rule(
        which=WHICH,
        due=st.lists(st.integers(0, 5), min_size=3, max_size=3),
        new=st.lists(st.tuples(ANY_SKU, FEW), max_size=2),
    )
    def edit(self, which: int, due: list[int], new: list[tuple[str, int]]) -> None:
        """The office wants other lines, wherever the order is."""
        ident = self.one("SELECT id FROM orders ORDER BY id", which)
        lines = self.ids(f"SELECT id FROM order_lines WHERE order_id = {ident} ORDER BY id")
        wishes = [LineWish(line_id, units) for line_id, units in zip(lines, due, strict=False)]
        added = [NewLine(self.site.products[sku], quantity) for sku, quantity in new]
        self.write(lambda s: edit_lines(s, self.site.actor, ident, wishes, added, "asked"))

    @rule(into=WHICH, other=WHICH)
    def merge(self, into: int, other: int) -> None:
        """All orders are of one customer; some go to one address."""
        ids = [self.one("SELECT id FROM orders ORDER BY id", which) for which in (into, other)]
        self.write(lambda s: merge_orders(s, self.site.actor, *ids, "one parcel"))

    @rule(which=WHICH, street=st.sampled_from(("1 Mill Lane", "2 Hill Road")))
    def readdress(self, which: int, street: str) -> None:
        ident = self.one("SELECT id FROM orders ORDER BY id", which)
        self.write(lambda s: mend_address(s, self.site.actor, ident, {"address1": street}, reason="moved"))

    @rule(which=WHICH, service=st.sampled_from(("", "Express")))
    def serve_otherwise(self, which: int, service: str) -> None:
        ident = self.one("SELECT id FROM orders ORDER BY id", which)
        self.write(lambda s: set_service(s, self.site.actor, ident, service, reason="urgent"))

    @rule(agreed=st.booleans())
    def void_labels(self, agreed: bool) -> None:
        """The carrier answers whether it takes labels back; what is bought anew is intended then."""
        for request in self.database.read(label_voids.waiting):
            self.write(lambda s, r=request: label_voids.settled(s, self.site.actor, r, agreed))

    @rule(which=WHICH)
    def hold(self, which: int) -> None:
        ident = self.one("SELECT id FROM orders ORDER BY id", which)
        self.write(lambda s: place_hold(s, self.site.actor, ident, "look at it"))

    @rule(which=WHICH)
    def lift(self, which: int) -> None:
        ident = self.one("SELECT order_id FROM holds WHERE released_at IS NULL AND kind = 'office' ORDER BY id", which)
        if ident != 999_999:
            self.write(lambda s: release_hold(s, self.site.actor, ident, HoldKind.OFFICE, "looked at"))

    # -- stock ------------------------------------------------------------------------------------------------------

    @rule(sku=ANY_SKU, place=ANY_PLACE, quantity=st.integers(1, 9))
    def receive(self, sku: str, place: str, quantity: int) -> None:
        product, spot = self.site.products[sku], self.site.places[place]
        self.write(lambda s: receive(s, self.site.actor, product, quantity, spot, reference="PO-1"))

    @rule(sku=ANY_SKU, place=ANY_PLACE, delta=st.integers(-4, 4))
    def adjust(self, sku: str, place: str, delta: int) -> None:
        product, spot = self.site.products[sku], self.site.places[place]
        self.write(lambda s: adjust(s, self.site.actor, product, spot, delta, "found"))

    @rule(sku=ANY_SKU, place=ANY_PLACE, counted=st.integers(0, 8))
    def count(self, sku: str, place: str, counted: int) -> None:
        product, spot = self.site.products[sku], self.site.places[place]
        self.write(lambda s: count(s, self.site.actor, spot, product, counted))

    @rule(sku=ANY_SKU, here=ANY_PLACE, there=ANY_PLACE, quantity=FEW)
    def move(self, sku: str, here: str, there: str, quantity: int) -> None:
        product, one, two = self.site.products[sku], self.site.places[here], self.site.places[there]
        self.write(lambda s: move_stock(s, self.site.actor, product, one, two, quantity))

    @rule(quantity=FEW, place=ANY_PLACE)
    def put_back(self, quantity: int, place: str) -> None:
        for task in self.database.read(lambda s: to_put_back(s, self.site.warehouse_id))[:1]:
            ids = task.location_id, task.product_id, self.site.places[place]
            self.write(lambda s, i=ids: put_back(s, self.site.actor, *i, quantity))

    # -- the floor --------------------------------------------------------------------------------------------------

    @rule(scans=st.sampled_from((1, 2, 5, 12, 40)), who=st.sampled_from(("picker", "picker", "walker")))
    def pick(self, scans: int, who: str = "picker") -> None:
        hand: Hand = getattr(self, who)
        for _scan in range(scans):
            if hand.scan(next_pick(self.database, hand.work)).refused:
                break

    @rule(who=st.sampled_from(("picker", "packer", "walker", "rival")))
    def time_passes(self, who: str) -> None:
        """For one bench, whose clock is ahead then: to it, the leases of all others have run out."""
        hand: Hand = getattr(self, who)
        hand.bench.now += timedelta(hours=1)

    @rule(
        found=st.integers(0, 2),
        remedy=st.sampled_from(("", "PW-ELSE", "PW-LATER")),
        reason=st.sampled_from(("PW-EMPTY", "PW-DAMAGED", "PW-OTHER", "PW-REACH")),
    )
    def short(self, found: int, remedy: str, reason: str) -> None:
        """At the next stop of the walk there are fewer than it asks for, or all of them after all."""
        for _scan in range(8):
            if isinstance(self.picker.work, PickWork) and self.picker.work.step in ("shelf", "item"):
                break
            if self.picker.scan(next_pick(self.database, self.picker.work)).refused:
                return
        self.picker.scan("PW-SHORT")
        if self.picker.scan(f"PW-{found}").refused:
            self.picker.scan("PW-OK")  # as many as were scanned
        if remedy:
            self.picker.scan(remedy)
        self.picker.scan(reason)

    @rule(
        scans=st.integers(1, 8),
        which=WHICH,
        carrier=st.sampled_from(("sells", "sells", "sells", "refuses", "waits")),
        who=st.sampled_from(("packer", "packer", "rival")),
    )
    def pack(self, scans: int, which: int, carrier: str, who: str = "packer") -> None:
        hand: Hand = getattr(self, who)
        number = self._number("f.state NOT IN ('shipped', 'cancelled')", which)
        for _scan in range(scans):
            outcome = hand.scan(next_pack(hand.work, number))
            self._carry_out(outcome, carrier)
            if outcome.refused:
                break
        self.scan_back(0, who)

    @rule(which=WHICH, who=st.sampled_from(("packer", "rival")))
    def scan_back(self, which: int, who: str) -> None:
        """The label of some parcel, which is on this box or on another one."""
        known = self.database.read(lambda s: list(s.execute(_TRACKING).scalars()))
        if known:
            self._carry_out(getattr(self, who).scan(known[which % len(known)]), "sells")

    @rule(which=WHICH)
    def work_hard(self, which: int) -> None:
        """Walks to the end, and packs and ships one order."""
        self.allocate(5)
        self.release(5, 3)
        self.pick(60)
        self.pack(20, which, "sells")

    @rule(
        scans=st.sampled_from((1, 4, 9, 25)),
        which=WHICH,
        where=st.sampled_from(("PW-RESTOCK", "PW-QUAR", "PW-SCRAP")),
        settled=st.booleans(),
    )
    def give_back(self, scans: int, which: int, where: str, settled: bool) -> None:
        """Units come back, some or all; what is decided is refunded, or the parcel waits on the bench."""
        number = self._number("f.state = 'shipped'", which)
        for _scan in range(scans):
            if self.clerk.scan(next_return(self.clerk.work, number, where)).refused:
                break
        if settled:
            self.clerk.scan("PW-REFUND")

    @rule(
        who=st.sampled_from(("picker", "packer", "clerk", "walker", "rival")),
        codes=st.lists(st.sampled_from(ANYTHING), max_size=5),
    )
    def scan_anything(self, who: str, codes: list[str]) -> None:
        hand: Hand = getattr(self, who)
        for code in codes:
            self._carry_out(hand.scan(code), "sells")

    @rule(answer=st.sampled_from(("sells", "refuses", "unknown")))
    def settle_labels(self, answer: str) -> None:
        for label_id in self.ids("SELECT id FROM labels WHERE state IN ('intended', 'unknown') ORDER BY id"):
            self._settle(label_id, answer)
        self._print()

    @rule(leave=st.booleans())
    def truck(self, leave: bool) -> None:
        cage = self.site.places["CAGE-1"]
        for package in self.ids("SELECT id FROM packages WHERE state = 'labelled' ORDER BY id"):
            self.write(lambda s, p=package: load_cage(s, self.site.actor, p, cage))
        if leave:
            self.write(lambda s: hand_over_truck(s, self.site.actor, cage))

    @rule()
    def seal(self) -> None:
        self.write(lambda s: seal_chains(s, self.site.actor.now))

    def _number(self, where: str, which: int) -> str:
        sql = f"SELECT o.number FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE {where} ORDER BY f.id"
        found = self.database.read(lambda s: list(s.execute(text(sql)).scalars()))
        return found[which % len(found)] if found else "#1000"

    def _carry_out(self, outcome: Outcome, carrier: str) -> None:
        """What happens after the commit: the carrier is asked, labels come out of the printer."""
        if carrier != "waits":
            for effect in outcome.effects:
                if effect.entity == "label":
                    self._settle(effect.entity_id, carrier)
            self._print()

    def _settle(self, label_id: int, answer: str) -> None:
        actor = self.site.actor
        if self.database.write(lambda s: labels.request_of(s, label_id)) is None:
            return
        if answer == "sells":
            sold = BoughtLabel(tracking_number(label_id), "")
            self.write(lambda s: labels.bought(s, actor, label_id, sold, "Own"))
        elif answer == "refuses":
            self.write(lambda s: labels.refused(s, actor, label_id, "no such street"))
        else:
            self.write(lambda s: labels.unknown(s, actor, label_id))

    def _print(self) -> None:
        while (job := self.write(lambda s: print_jobs.take_next(s, self.site.actor))) is not None:
            label = self.write(lambda s, i=job.id: print_jobs.printed(s, self.site.actor, i))
            if label is not None:
                self.write(lambda s, i=label: labels.came_out(s, self.site.actor, i))

    # -- what must stay true ----------------------------------------------------------------------------------------

    @invariant()
    @precondition(lambda self: hasattr(self, "database"))
    def all_invariants_hold(self) -> None:
        assert self.database.read(violations) == []

    @invariant()
    @precondition(lambda self: hasattr(self, "database"))
    def the_stored_states_are_the_computed_ones(self) -> None:
        stale = self.database.read(
            lambda s: refresh_orders(s, list(s.execute(text("SELECT id FROM orders")).scalars()))
        )
        assert stale == {}


def test_short_picks_returns_and_refunds_come_about(databases: Databases) -> None:
    """The rules reach what they are for: a day in which nothing of it happens would prove nothing of it."""

    class DayHere(Day):
        pass

    DayHere.databases = databases
    day = DayHere()
    orders = [([("CUP", 2)], False), ([("LAMP", 2)], False), ([("SOAP", 2)], True), ([("CUP", 2)], False)]
    day.begin(AT_LABEL, (5, 5, 5), orders, 3, False)
    day.short(1, "PW-LATER", "PW-EMPTY")
    day.short(0, "", "PW-DAMAGED")
    day.work_hard(0)
    day.give_back(25, 0, "PW-RESTOCK", True)
    day.give_back(25, 0, "PW-SCRAP", True)
    day.order([("SOAP", 2)], False, 5)
    day.allocate(5)
    day.release(5, 3)
    day.pick(12)
    day.cancel_on_the_floor(0)
    day.all_invariants_hold()
    day.the_stored_states_are_the_computed_ones()
    counted = {
        "short": "SELECT COUNT(*) FROM short_picks",
        "shipped": "SELECT COUNT(*) FROM fulfillments WHERE state = 'shipped'",
        "returned": "SELECT COUNT(*) FROM return_units WHERE disposition IS NOT NULL",
        "refunds": "SELECT COUNT(*) FROM refunds WHERE amount > 0",
        "put back": "SELECT COUNT(*) FROM put_back_tasks",
    }
    found = {name: day.ids(sql)[0] for name, sql in counted.items()}
    assert found == {"short": 2, "shipped": 2, "returned": 2, "refunds": 2, "put back": 1}


def test_any_day_leaves_every_invariant_true(databases: Databases) -> None:
    class DayHere(Day):
        pass

    DayHere.databases = databases
    run_state_machine_as_test(
        DayHere,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
