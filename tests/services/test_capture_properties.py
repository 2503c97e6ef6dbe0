"""Whatever a channel tells, in whatever order and by however many importers: what stands here is what it told last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.capture import CapturedLine, CapturedOrder, Financial
from app.models.demand import Address, Customer, Order, OrderLine
from app.queries.export_orders import export_orders
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders, chunks
from app.services.capture.prepare import prepare_orders
from app.services.check import violations
from app.services.release import release
from tests.builders import NOW, World, address, build_world, captured, line, world
from tests.databases import Databases

__all__ = ["world"]

LINES = st.lists(
    st.builds(
        lambda sku, quantity, gone: line(sku, quantity, elsewhere=min(gone, quantity)),
        st.sampled_from(["A1", "B2", "C3", "UNKNOWN"]),
        st.integers(1, 6),
        st.sampled_from([0, 0, 0, 1, 6]),
    ),
    min_size=1,
    max_size=4,
)
VERSIONS = st.lists(
    st.tuples(
        LINES,
        st.sampled_from([Financial.PAID, Financial.PENDING, Financial.REFUNDED]),
        st.sampled_from(["LS1 1AA", "NOPE"]),
        st.sampled_from(["", "allocate", "release"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=VERSIONS)
def test_an_order_that_nobody_picked_is_always_what_was_told_last(
    databases: Databases, versions: list[tuple[list[CapturedLine], Financial, str, str]]
) -> None:
    world = build_world(databases.fresh())
    for sku in ("A1", "B2", "C3"):
        world.stock(world.product(sku), f"SHELF-{sku}", 12)
    told: CapturedOrder | None = None
    for lines, financial, postcode, then in versions:
        told = captured("#1", *lines, created=NOW, total=500, financial=financial)
        told = replace(told, ship_to=replace(address(), postcode=postcode))
        order = told
        world.write(lambda s, order=order: capture_orders(s, world.actor(), "shopify", [order]))
        if then:
            world.write(lambda s: allocate_ready(s, world.actor(), 10))
        if then == "release":
            world.write(lambda s: release(s, world.actor()))
        assert world.read(violations) == []
    assert world.read(lambda s: [one.order for one in export_orders(s)]) == [told]


def test_importers_at_the_same_time_take_each_order_once(world: World) -> None:
    world.product("A1")
    orders = [captured(f"#{n}", line("A1", n % 3 + 1), email=f"b{n % 7}@example.com", created=NOW) for n in range(60)]

    def one_importer(turn: int) -> int:
        mine = orders[turn * 10 :] + orders[: turn * 10]
        actor = replace(world.actor(), writer=f"import:{turn}")
        return sum(
            world.write(lambda s, part=part: capture_orders(s, actor, "shopify", part)).new
            for part in chunks(prepare_orders(mine), 20)
        )

    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(one_importer, range(4)))
    assert taken == 60
    counted = [
        world.read(lambda s, t=t: s.execute(select(func.count()).select_from(t)).scalar_one())
        for t in (Order, OrderLine, Address, Customer)
    ]
    assert counted == [60, 60, 60, 7]
