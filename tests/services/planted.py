"""What can be wrong in a small warehouse, planted one by one, with what the check says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Result
from app.domain.states import LocationKind
from app.models.database import Database
from app.models.people import Gesture
from app.models.shipping import Package
from app.services import audit, ledger
from app.services.check import Violation, seal_chains, violations
from app.services.places import counterparty
from tests.services import site_builders as sites
from tests.services import stock_builders as build


class UndoError(Exception):
    """Ends a transaction so that nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class World:
    """One order that was shipped, one that has a promise; all invariants hold."""

    session: Session
    site: build.Site
    ids: Mapping[str, int]

    def run(self, sql: str, **values: object) -> None:
        """One statement with the ids of this world and more values."""
        names = {key: value for key, value in {**self.ids, **values}.items() if f":{key}" in sql}
        self.session.execute(text(sql), names)

    def without(self, table: str, constraint: str) -> None:
        """Takes a check of the database away: PostgreSQL drops it, SQLite ignores all until it is told otherwise."""
        if self.session.connection().dialect.name == "sqlite":
            self.run("PRAGMA ignore_check_constraints=ON")
        else:
            self.run(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def small_world(session: Session) -> World:
    site = build.build_site(session)
    balance = build.stock(session, site, "CUP", "A-01-1", 10)
    shipped = build.add_order(session, site, [("CUP", 2)])
    promised = build.add_order(session, site, [("CUP", 3)])
    sent = build.promise_line(session, shipped, balance, quantity=2)
    kept = build.promise_line(session, promised, balance, quantity=3)
    package = build.pack_all(session, site, sent.fulfillment_id)
    customer = counterparty(session, site.warehouse_id, LocationKind.CUSTOMER)
    (packed,) = build.open_allocations(session, sent.fulfillment_id)
    ledger.consume(session, site.actor, packed.id, customer)
    session.execute(text("UPDATE packages SET state = 'handed_over'"))
    session.execute(text("UPDATE labels SET state = 'handed_over'"))
    session.execute(text("UPDATE fulfillments SET state = 'shipped' WHERE id = :id"), {"id": sent.fulfillment_id})
    audit.record(session, site.actor, "test.first", "order", shipped.id)
    audit.record(session, site.actor, "test.second", "order", promised.id)
    other = site.at(1)
    seal_chains(session, other.now)
    audit.record(session, site.actor, "test.third", "order", promised.id)
    ids = {
        "balance": balance,
        "product": site.products["CUP"],
        "shelf": site.places["A-01-1"],
        "tote": site.places["T-1"],
        "customer": customer,
        "shipped_order": shipped.id,
        "shipped_line": build.lines_of(session, shipped.id)[0].id,
        "order": promised.id,
        "line": build.lines_of(session, promised.id)[0].id,
        "allocation": kept.id,
        "consumed": packed.id,
        "fulfillment": kept.fulfillment_id,
        "shipped_fulfillment": sent.fulfillment_id,
        "package": package.id,
        "box": package.location_id,
        "other_product": site.products["LAMP"],
        "station": site.actor.station_id or 0,
        "now": 1_772_000_000_000,
    }
    session.flush()
    return World(session, site, ids)


def after(database: Database, plant: Callable[[World], object]) -> list[Violation]:
    """What is found once something was planted; nothing of it is kept."""
    found: list[Violation] = []
    try:
        with database.writing() as session:
            world = small_world(session)
            assert violations(session) == []
            plant(world)
            session.flush()
            found = violations(session)
            raise UndoError
    except UndoError:
        with database.writing() as session:
            if database.is_sqlite:
                session.execute(text("PRAGMA ignore_check_constraints=OFF"))
    return found


def named(found: list[Violation]) -> list[tuple[str, str]]:
    return sorted((violation.code, violation.subject_kind) for violation in found)


MOVEMENT = (
    "INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, lot_id, "
    "condition, to_condition, order_line_id, gesture_id) VALUES (:now, '{reason}', :product, {quantity}, :{source}, "
    ":{target}, 0, 'new', 'new', {line}, {gesture})"
)


def movement(
    world: World, reason: str, source: str, target: str, line: str, gesture: str = "NULL", quantity: int = 1
) -> None:
    world.run(
        MOVEMENT.format(reason=reason, source=source, target=target, line=line, gesture=gesture, quantity=quantity)
    )


def plant_lost_unit(world: World) -> None:
    world.run("UPDATE stock_balances SET on_hand = on_hand - 1 WHERE id = :balance")


def plant_negative(world: World) -> None:
    world.without("stock_balances", "ck_stock_balances_on_hand")
    world.without("stock_balances", "ck_stock_balances_allocated")
    world.run(
        "INSERT INTO stock_balances (product_id, location_id, condition, on_hand, allocated) "
        "VALUES (:product, :tote, 'new', -1, -1)"
    )


def plant_overpromised(world: World) -> None:
    world.without("stock_balances", "ck_stock_balances_allocated")
    world.run("UPDATE stock_balances SET allocated = 9 WHERE id = :balance")
    world.run("UPDATE allocations SET quantity = 9 WHERE id = :allocation")
    world.run("UPDATE order_lines SET quantity = 9 WHERE id = :line")


def plant_promise(world: World) -> None:
    world.run("UPDATE stock_balances SET allocated = allocated + 1 WHERE id = :balance")


def plant_beyond_order(world: World) -> None:
    world.run("UPDATE order_lines SET cancelled = 1 WHERE id = :line")


def plant_other_product(world: World) -> None:
    world.run("UPDATE order_lines SET product_id = :other_product WHERE id = :line")


def plant_other_order(world: World) -> None:
    world.run("UPDATE fulfillments SET order_id = :shipped_order WHERE id = :fulfillment")


def plant_other_warehouse(world: World) -> None:
    other = sites.add_site(world.session, world.site, "W9", "E1")
    world.run("UPDATE fulfillments SET warehouse_id = :other WHERE id = :fulfillment", other=other.warehouse_id)


def plant_after_end(world: World) -> None:
    world.run("UPDATE fulfillments SET state = 'cancelled' WHERE id = :fulfillment")


def plant_consumed(world: World) -> None:
    world.run(
        "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
        "VALUES (:line, :fulfillment, :balance, 1, 'consumed')"
    )


def plant_returned(world: World) -> None:
    movement(world, "return", "customer", "shelf", ":shipped_line", quantity=3)
    world.run("UPDATE stock_balances SET on_hand = on_hand + 3 WHERE id = :balance")


def plant_return_unit(world: World) -> None:
    world.run(
        "INSERT INTO return_authorizations (code, order_id, warehouse_id, state, created_at) "
        f"VALUES ('RMA-1', :order, {world.site.warehouse_id}, 'received', :now)"
    )
    world.run("INSERT INTO return_receipts (return_id, received_at) SELECT id, :now FROM return_authorizations")
    world.run(
        "INSERT INTO return_units (return_id, receipt_id, number, order_line_id, product_id, location_id, refund, "
        "scanned_at) SELECT return_id, id, 1, :line, :product, :shelf, 0, :now FROM return_receipts"
    )


def plant_refund(world: World) -> None:
    world.run(
        "INSERT INTO refunds (order_id, amount, currency, state, at) VALUES (:order, 600, 'GBP', 'approved', :now), "
        "(:order, 401, 'GBP', 'settled', :now), (:shipped_order, 1000, 'GBP', 'settled', :now), "
        "(:shipped_order, 5000, 'GBP', 'proposed', :now)"
    )


def plant_refund_of_part_payment(world: World) -> None:
    world.run(
        "INSERT INTO payments (order_id, kind, amount, currency, at) VALUES (:order, 'captured', 500, 'GBP', :now), "
        "(:order, 'refunded', 501, 'GBP', :now)"
    )


def plant_two_labels(world: World) -> None:
    world.run("DROP INDEX ix_labels_live")
    build.add_label(world.session, world.session.get_one(Package, world.ids["package"]))


def plant_tracking(world: World) -> None:
    world.run("DROP INDEX ix_labels_tracking")
    second = build.add_package(world.session, world.site, world.ids["fulfillment"])
    build.add_label(world.session, second, tracking="PW0000000001")


def plant_unlabelled(world: World) -> None:
    world.run("UPDATE labels SET state = 'voided'")


def plant_left_behind(world: World) -> None:
    movement(world, "move", "shelf", "box", "NULL")
    world.run("UPDATE stock_balances SET on_hand = on_hand - 1 WHERE id = :balance")
    world.run("UPDATE stock_balances SET on_hand = on_hand + 1 WHERE location_id = :box")


def plant_shipped_from_shelf(world: World) -> None:
    movement(world, "ship", "shelf", "customer", "NULL")
    world.run("UPDATE stock_balances SET on_hand = on_hand - 1 WHERE id = :balance")


def plant_shipped_to_nobody(world: World) -> None:
    world.run("UPDATE stock_movements SET to_location_id = :tote WHERE reason = 'ship'")
    world.run(
        "INSERT INTO stock_balances (product_id, location_id, condition, on_hand) VALUES (:product, :tote, 'new', 2)"
    )


def gesture(world: World, ident: str, result: Result) -> None:
    now = world.site.actor.now
    station = world.ids["station"]
    world.session.add(
        Gesture(
            id=ident,
            station_id=station,
            kind="scan",
            raw="X",
            at=now,
            applied_at=now,
            result=result,
            code="x",
            answer={},
        )
    )
    world.session.flush()


def plant_gesture_row_twice(world: World) -> None:
    gesture(world, "g1", Result.DONE)
    if world.session.connection().dialect.name == "sqlite":  # its primary key can't be dropped: a table without one
        world.run("CREATE TABLE unkeyed AS SELECT * FROM gestures")
        world.run("DROP TABLE gestures")
        world.run("ALTER TABLE unkeyed RENAME TO gestures")
    else:
        world.run("ALTER TABLE gestures DROP CONSTRAINT pk_gestures")
    world.run("INSERT INTO gestures SELECT * FROM gestures")


def plant_gesture_applied_twice(world: World) -> None:
    gesture(world, "g2", Result.DONE)
    for _time in range(2):
        movement(world, "move", "shelf", "tote", "NULL", "'g2'")
    world.run("UPDATE stock_balances SET on_hand = on_hand - 2 WHERE id = :balance")
    world.run(
        "INSERT INTO stock_balances (product_id, location_id, condition, on_hand) VALUES (:product, :tote, 'new', 2)"
    )


def plant_refused_gesture(world: World) -> None:
    gesture(world, "g3", Result.BLOCKED)
    movement(world, "move", "shelf", "tote", "NULL", "'g3'")
    world.run("UPDATE stock_balances SET on_hand = on_hand - 1 WHERE id = :balance")
    world.run(
        "INSERT INTO stock_balances (product_id, location_id, condition, on_hand) VALUES (:product, :tote, 'new', 1)"
    )


def plant_changed_audit(world: World) -> None:
    world.run("UPDATE audit_entries SET action = 'test.other' WHERE seq = 1")


def plant_missing_audit(world: World) -> None:
    world.run("DELETE FROM audit_entries WHERE seq = 1")


def plant_cut_audit(world: World) -> None:
    """The newest entries are taken away and the head is put back: only the seal still knows."""
    world.run("DELETE FROM audit_entries WHERE seq > 1")
    world.run("UPDATE audit_heads SET seq = 1, digest = (SELECT digest FROM audit_entries WHERE seq = 1)")


def plant_head(world: World) -> None:
    world.run("UPDATE audit_heads SET seq = seq + 1")


def plant_rewritten_audit(world: World) -> None:
    """A whole chain is written anew and links well, but the seal holds another digest."""
    world.run("DELETE FROM audit_entries")
    world.run("DELETE FROM audit_heads")
    for action in ("test.first", "test.forged", "test.third"):
        audit.record(world.session, world.site.actor, action, "order", 1)


def plant_seal(world: World) -> None:
    world.run("UPDATE audit_seals SET at = at + 1")


B, P, L = "balance", "package", "order_line"
CASES: list[tuple[Callable[[World], None], list[tuple[str, str]]]] = [
    (plant_lost_unit, [("check.balance_differs", "product")]),
    (
        plant_negative,
        [("check.balance_differs", "product"), ("check.balance_negative", B), ("check.promises_differ", B)],
    ),
    (plant_overpromised, [("check.balance_overpromised", B)]),
    (plant_promise, [("check.promises_differ", B)]),
    (plant_beyond_order, [("check.line_beyond_order", L)]),
    (plant_other_product, [("check.allocation_of_other_product", "allocation")]),
    (plant_other_order, [("check.allocation_of_other_order", "allocation")]),
    (plant_other_warehouse, [("check.allocation_of_other_warehouse", "allocation")]),
    (plant_after_end, [("check.allocation_after_end", "allocation")]),
    (plant_consumed, [("check.shipped_without_movement", L)]),
    (plant_returned, [("check.returned_not_shipped", L)]),
    (plant_return_unit, [("check.returned_not_shipped", L)]),
    (plant_refund, [("check.refunded_beyond_captured", "order")]),
    (plant_refund_of_part_payment, [("check.refunded_beyond_captured", "order")]),
    (plant_two_labels, [("check.labels_of_one_package", P)]),
    (plant_tracking, [("check.tracking_number_twice", P)]),
    (plant_unlabelled, [("check.shipped_without_label", P)]),
    (plant_left_behind, [("check.shipped_but_still_here", P)]),
    (plant_shipped_from_shelf, [("check.shipped_without_parcel", "movement")]),
    (plant_shipped_to_nobody, [("check.shipped_to_nobody", "movement"), ("check.shipped_without_movement", L)]),
    (plant_gesture_row_twice, [("check.gesture_twice", "gesture")]),
    (plant_gesture_applied_twice, [("check.gesture_twice", "gesture")]),
    (plant_refused_gesture, [("check.refused_gesture_moved", "gesture")]),
    (plant_changed_audit, [("check.audit_changed", "audit_entry")]),
    (plant_missing_audit, [("check.audit_missing", "audit_entry")]),
    (plant_cut_audit, [("check.audit_sealed_but_missing", "audit_entry")]),
    (plant_head, [("check.audit_head_differs", "audit_entry")]),
    (plant_rewritten_audit, [("check.audit_differs_from_seal", "audit_entry")]),
    (plant_seal, [("check.seal_broken", "audit_seal")]),
]
