"""Orders from channels become rows: verified, found by their words, taken once, updated while nobody picked them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, PostalAddress, Totals
from app.domain.states import HoldKind, OrderState
from app.models.database import Database
from app.models.demand import Hold, Order, OrderLine, Payment
from app.queries.search import search_orders
from app.services.capture.orders import CaptureCounts, capture_orders, chunks
from app.services.capture.prepare import prepare_orders
from tests.builders import NOW, World, address, captured, line, world

__all__ = ["world"]


def take(world: World, *orders: CapturedOrder, channel: str = "shopify", now: datetime = NOW) -> CaptureCounts:
    return world.write(lambda s: capture_orders(s, world.actor(now=now), channel, orders))


def order_of(world: World, number: str) -> Order:
    return world.read(lambda s: s.execute(select(Order).where(Order.number == number)).scalar_one())


def lines_of(world: World, number: str) -> list[OrderLine]:
    chosen = select(OrderLine).join(Order, Order.id == OrderLine.order_id).where(Order.number == number)
    return world.read(lambda s: list(s.execute(chosen.order_by(OrderLine.line_no)).scalars()))


def holds_of(world: World, number: str) -> dict[HoldKind, str]:
    chosen = (
        select(Hold).join(Order, Order.id == Hold.order_id).where(Order.number == number, Hold.released_at.is_(None))
    )
    return world.read(lambda s: {hold.kind: hold.detail for hold in s.execute(chosen).scalars()})


def payments_of(world: World, number: str) -> list[tuple[str, int, str]]:
    chosen = select(Payment).join(Order, Order.id == Payment.order_id).where(Order.number == number)
    return world.read(
        lambda s: [(p.kind, p.amount, p.currency) for p in s.execute(chosen.order_by(Payment.id)).scalars()]
    )


def test_a_paid_order_with_known_products_is_ready(world: World) -> None:
    world.product("22086")
    counts = take(world, captured("#1", line("22086", 3, unit_price=295), total=1085, created=NOW))
    assert (counts.new, counts.same, counts.changed, counts.updated, counts.lines) == (1, 0, 0, 0, 1)
    order = order_of(world, "#1")
    assert order.state is OrderState.READY
    assert order.total == 1085
    assert order.created_at == NOW
    assert order.captured_at == NOW
    assert order.leaves_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert holds_of(world, "#1") == {}
    assert payments_of(world, "#1") == [("captured", 1085, "GBP")]
    assert [(one.sku, one.quantity, one.product_id, one.line_total) for one in lines_of(world, "#1")] == [
        ("22086", 3, 1, 885)
    ]


def test_the_same_orders_twice_change_nothing(world: World) -> None:
    world.product("22086")
    orders = [captured(f"#{n}", line("22086", n)) for n in range(1, 6)]
    assert take(world, *orders).new == 5
    before = world.read(lambda s: s.execute(select(Order.id, Order.fingerprint, Order.state)).all())
    again = take(world, *orders)
    assert (again.new, again.same, again.changed) == (0, 5, 0)
    assert world.read(lambda s: s.execute(select(Order.id, Order.fingerprint, Order.state)).all()) == before


def test_an_order_twice_in_one_chunk_is_a_change_of_the_first(world: World) -> None:
    world.product("22086")
    counts = take(world, captured("#1", line("22086", 1)), captured("#1", line("22086", 4)))
    assert (counts.new, counts.changed, counts.updated) == (1, 1, 1)
    assert [one.quantity for one in lines_of(world, "#1")] == [4]


@pytest.mark.parametrize("financial", [Financial.PENDING, Financial.AUTHORIZED, Financial.PARTIALLY_PAID])
def test_an_unpaid_order_is_held_until_it_is_paid(world: World, financial: Financial) -> None:
    world.product("22086")
    order = captured("#1", line("22086"), total=500, financial=financial)
    take(world, order)
    assert holds_of(world, "#1") == {HoldKind.PAYMENT: financial.value}
    assert order_of(world, "#1").state is OrderState.CAPTURED
    counts = take(world, replace(order, financial=Financial.PAID))
    assert (counts.changed, counts.updated) == (1, 1)
    assert holds_of(world, "#1") == {}
    assert order_of(world, "#1").state is OrderState.READY
    assert ("captured", 500, "GBP") in payments_of(world, "#1")


def test_a_bad_address_and_an_unknown_product_are_held_each(world: World) -> None:
    world.product("22086")
    bad = replace(address(), postcode="NOPE", city="")
    take(world, captured("#1", line("22086"), line("99999", title="TEAPOT"), ship_to=bad))
    assert holds_of(world, "#1") == {HoldKind.ADDRESS: "city_missing, postcode_wrong", HoldKind.PRODUCT: "99999"}
    assert order_of(world, "#1").state is OrderState.CAPTURED


def test_a_line_that_needs_no_shipping_needs_no_product(world: World) -> None:
    world.product("22086")
    take(world, captured("#1", line("22086"), line("POST", requires_shipping=False)))
    assert holds_of(world, "#1") == {}
    assert order_of(world, "#1").state is OrderState.READY


def test_what_was_shipped_or_refunded_elsewhere_is_not_due(world: World) -> None:
    world.product("22086")
    take(
        world,
        captured("#1", line("22086", 2, elsewhere=2), financial=Financial.REFUNDED, total=700, refunded=700),
        captured("#2", line("22086", 2, elsewhere=2), financial=Financial.VOIDED, total=700, cancelled=True),
        captured("#3", line("22086", 2, elsewhere=2), line("22086", 1), total=700),
    )
    assert [order_of(world, n).state for n in ("#1", "#2", "#3")] == [
        OrderState.CLOSED,
        OrderState.CLOSED,
        OrderState.READY,
    ]
    assert payments_of(world, "#1") == [("captured", 700, "GBP"), ("refunded", 700, "GBP")]
    assert payments_of(world, "#2") == []


def test_a_doubt_waits_for_the_office(world: World) -> None:
    world.product("22086")
    take(world, captured("#1", line("22086"), doubts=(Doubt.PARTIAL_REFUND,)))
    assert holds_of(world, "#1") == {HoldKind.OFFICE: "partial_refund"}


def test_the_same_goods_to_the_same_place_within_a_day_look_like_a_duplicate(world: World) -> None:
    world.product("22086")
    first = captured("#1", line("22086", 2), created=NOW)
    take(world, first)
    take(
        world,
        replace(first, number="#2", created_utc=NOW + timedelta(hours=3)),
        replace(first, number="#3", created_utc=NOW + timedelta(hours=40)),
        replace(first, number="#4", lines=(line("22086", 3),)),
        replace(first, number="#5", email="other@example.com"),
        replace(first, number="#6", ship_to=replace(address(), address1="9 Other Road")),
    )
    assert holds_of(world, "#2") == {HoldKind.DUPLICATE: "#1"}
    assert [holds_of(world, n) for n in ("#1", "#3", "#4", "#5", "#6")] == [{}, {}, {}, {}, {}]


def test_two_alike_in_one_chunk_hold_the_later(world: World) -> None:
    world.product("22086")
    first = captured("#1", line("22086", 2), created=NOW)
    take(world, first, replace(first, number="#2"))
    assert holds_of(world, "#1") == {}
    assert holds_of(world, "#2") == {HoldKind.DUPLICATE: "#1"}


def test_an_order_is_found_by_what_stands_on_its_papers(world: World) -> None:
    product = world.product("85123A")
    assert product > 0
    take(
        world,
        captured("203-3188131-7206817", line("85123A"), email="ada.l@example.com"),
        captured("#1042", line("85123A"), ship_to=replace(address(), name="Élodie Łukasz", city="Köln")),
    )
    ids = {n: order_of(world, n).id for n in ("203-3188131-7206817", "#1042")}
    amazon, other = ids["203-3188131-7206817"], ids["#1042"]

    def found(asked: str) -> list[int]:
        return world.read(lambda s: search_orders(s, asked))

    assert found("203-3188131-7206817") == [amazon]
    assert found("6817") == [amazon]
    assert found("#1042") == [other]
    assert found("042") == [other]
    assert found("elod lukasz") == [other]
    assert found("KOLN") == [other]
    assert found("85123a") == [other, amazon]
    assert found("123a") == [other, amazon]
    assert found("ada.l@example.com") == [amazon]
    assert found("3188131 elod") == []
    for odd in (
        "",
        "  ",
        '"',
        "* OR (",
        "NEAR(a b)",
        "a:b",
        "' & !",
        "\\",
        "\0",
        "-",
        "🎁",
        "a" * 5000,
        "zz",
        "O'Neil",
    ):
        assert isinstance(found(odd), list)


def test_a_change_before_picking_is_taken_over(world: World) -> None:
    world.product("A1")
    world.product("B2")
    first = captured("#1", line("A1", 5), line("B2", 2))
    take(world, first)
    old = {one.sku: one.id for one in lines_of(world, "#1")}
    moved = replace(address(), address1="2 New Road")
    counts = take(world, replace(first, lines=(line("C3", 1), line("A1", 3)), ship_to=moved))
    assert (counts.changed, counts.updated) == (1, 1)
    now = [(one.sku, one.quantity, one.cancelled) for one in lines_of(world, "#1")]
    assert now == [("C3", 1, 0), ("A1", 3, 0), ("B2", 2, 2)]
    assert {one.sku: one.id for one in lines_of(world, "#1")}["A1"] == old["A1"]
    assert holds_of(world, "#1") == {HoldKind.PRODUCT: "C3"}
    assert world.read(lambda s: search_orders(s, "new road")) == [order_of(world, "#1").id]
    assert world.read(lambda s: search_orders(s, "fictional")) == []


def test_an_order_refunded_later_is_not_shipped(world: World) -> None:
    world.product("A1")
    first = captured("#1", line("A1", 5), total=900)
    take(world, first)
    gone = replace(
        first,
        financial=Financial.REFUNDED,
        totals=replace(first.totals, refunded=900),
        lines=(line("A1", 5, elsewhere=5),),
    )
    take(world, gone)
    assert order_of(world, "#1").state is OrderState.CLOSED
    assert payments_of(world, "#1") == [("captured", 900, "GBP"), ("refunded", 900, "GBP")]


def test_an_order_without_any_amount_or_date(world: World) -> None:
    world.product("A1")
    bare = CapturedOrder("csv", "7", None, (CapturedLine("a1 ", "", 2),), ship_to=address(), totals=Totals())
    take(world, bare, channel="csv")
    order = order_of(world, "7")
    assert (order.state, order.created_at, order.total) == (OrderState.READY, NOW, 0)
    assert payments_of(world, "7") == []


def test_texts_that_no_column_takes_are_cut_visibly(world: World) -> None:
    world.product("A1")
    odd = PostalAddress("N" * 900 + "\0", address1="Straße \ud800 1", city="X", postcode="LS1 1AA", country="GB")
    take(world, captured("9" * 300, line("A1"), ship_to=odd))
    order = world.read(lambda s: s.execute(select(Order)).scalar_one())
    assert len(order.number) == 120
    assert order.number.endswith("…")
    again = take(world, captured("9" * 300, line("A1"), ship_to=odd))
    assert again.same == 1


def test_chunks_keep_to_so_many_lines() -> None:
    orders = prepare_orders(captured(str(n), *(line("A", 1) for _ in range(n % 5 + 1))) for n in range(40))
    parts = list(chunks(orders, 10))
    assert [order for part in parts for order in part] == orders
    assert all(sum(len(o.order.lines) for o in part) <= 10 for part in parts)


def test_both_kinds_of_database_are_empty_to_begin_with(database: Database) -> None:
    assert database.read(lambda s: search_orders(s, "anything")) == []
