"""A channel that tells all its orders differently: what is done to all of them is one statement for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event, select, text

from app.domain.capture import CapturedOrder
from app.models.database import Database
from app.models.demand import Order, OrderLine
from app.models.notes import Note
from app.models.system import AuditEntry
from app.services.allocate import allocate_ready
from app.services.capture.orders import CaptureCounts, capture_orders
from app.services.check import violations
from tests.builders import World, captured, line, world

__all__ = ["world"]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile; one that is sent with many rows counts once."""
    sent: list[str] = []

    def seen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engines = {id(one): one for one in (database.engine, database._writer)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", seen)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", seen)


def take(world: World, orders: Sequence[CapturedOrder]) -> CaptureCounts:
    return world.write(lambda s: capture_orders(s, world.actor(), "shopify", orders))


def told(first: int, many: int) -> list[CapturedOrder]:
    return [captured(f"#{first + n}", line("A1", 2), line("B2", 1), total=900) for n in range(many)]


def told_anew(orders: Sequence[CapturedOrder]) -> list[CapturedOrder]:
    return [replace(one, note="Ring twice", lines=(line("A1", 1), line("B2", 1), line("C3", 1))) for one in orders]


def test_many_changed_orders_take_as_many_statements_as_few(world: World) -> None:
    for sku in ("A1", "B2", "C3"):
        world.product(sku)
    few, many = told(100, 4), told(200, 40)
    take(world, [*few, *many])
    with counted(world.database) as of_few:
        assert take(world, told_anew(few)).updated == 4
    with counted(world.database) as of_many:
        assert take(world, told_anew(many)).updated == 40
    assert len(of_many) < len(of_few) + 10, set(of_many) - set(of_few)  # orders are verified a few dozen at once


def test_each_of_many_changed_orders_is_as_it_was_told_with_an_entry_of_its_own(world: World) -> None:
    for sku, shelf in (("A1", "A-01"), ("B2", "A-02"), ("C3", "A-03")):
        world.stock(world.product(sku), shelf, 100)
    orders = [replace(one, note="Leave it") for one in told(1, 12)]
    ids = take(world, orders).new_ids
    world.write(lambda s: allocate_ready(s, world.actor(), 100))
    counts = take(world, told_anew(orders))
    assert (counts.changed, counts.updated, counts.changed_ids) == (12, 12, ids)

    lines = select(OrderLine.order_id, OrderLine.line_no, OrderLine.sku, OrderLine.quantity)
    stored = world.read(lambda s: s.execute(lines.order_by(OrderLine.order_id, OrderLine.line_no)).tuples().all())
    assert stored == [(one, *row) for one in ids for row in ((1, "A1", 1), (2, "B2", 1), (3, "C3", 1))]
    notes = world.read(lambda s: s.execute(select(Order.note, Order.version)).tuples().all())
    assert set(notes) == {("Ring twice", 1)}
    before = world.read(lambda s: s.execute(select(Note.order_id, Note.words).order_by(Note.order_id)).tuples().all())
    assert before == [(one, "Leave it") for one in ids]
    entries = select(AuditEntry.subject_id, AuditEntry.detail).where(AuditEntry.action == "order.changed")
    found = world.read(lambda s: s.execute(entries.order_by(AuditEntry.seq)).tuples().all())
    assert found == [(one, '{"address":false,"lines":2}') for one in ids]
    promised = text("SELECT count(*) FROM allocations WHERE state = 'open'")
    assert world.read(lambda s: s.execute(promised).scalar_one()) == 0  # other goods are wanted: to be promised anew
    assert world.read(lambda s: s.execute(text("SELECT count(*) FROM audit_entries")).scalar_one()) > 12
    assert world.read(violations) == []
