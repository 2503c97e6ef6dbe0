"""The plan of an allocation: nobody gets what is not there, and who comes first is served first."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from app.domain.allocation import Demand, Promised, Supply, Wanted, plan

CUP, LAMP = 1, 2


def cup(
    balance: int, free: int, *, warehouse: int = 1, expires: int | None = None, reserve: bool = False, at: int = 0
) -> Supply:
    return Supply(balance, CUP, warehouse, free, expires, reserve, at)


def wants(order: int, *lines: tuple[int, int, int], in_parts: bool = False) -> Demand:
    """Lines are (line, product, quantity)."""
    return Demand(order, in_parts, tuple(Wanted(line, product, count, f"S{product}") for line, product, count in lines))


def test_the_first_order_is_served_first() -> None:
    made = plan([wants(7, (70, CUP, 3)), wants(8, (80, CUP, 3)), wants(9, (90, CUP, 1))], [cup(1, 4)])
    assert made.promises == (Promised(7, 70, 1, 1, 3), Promised(9, 90, 1, 1, 1))
    assert made.missing == {8: {"S1": 2}}


def test_what_expires_first_goes_first_then_pick_faces_then_the_walk() -> None:
    supplies = [
        cup(1, 1, at=5),
        cup(2, 1, expires=200),
        cup(3, 1, expires=100, at=9),
        cup(4, 1, reserve=True, at=1),
        cup(5, 1, at=2),
    ]
    made = plan([wants(1, (1, CUP, 5))], supplies)
    assert [promise.balance_id for promise in made.promises] == [3, 2, 5, 1, 4]


def test_an_order_that_must_leave_whole_blocks_nobody() -> None:
    supplies = [cup(1, 2)]
    made = plan([wants(1, (1, CUP, 2), (2, LAMP, 1)), wants(2, (3, CUP, 2))], supplies)
    assert made.promises == (Promised(2, 3, 1, 1, 2),)
    assert made.missing == {1: {"S2": 1}}


def test_an_order_in_parts_takes_what_is_there() -> None:
    made = plan([wants(1, (1, CUP, 5), (2, LAMP, 1), in_parts=True)], [cup(1, 2)])
    assert made.promises == (Promised(1, 1, 1, 1, 2),)
    assert made.missing == {1: {"S1": 3, "S2": 1}}


def test_one_warehouse_with_all_of_it_is_better_than_two() -> None:
    supplies = [cup(1, 1, warehouse=1), cup(2, 2, warehouse=2)]
    made = plan([wants(1, (1, CUP, 2))], supplies, warehouses=(1, 2))
    assert made.promises == (Promised(1, 1, 2, 2, 2),)
    made = plan([wants(1, (1, CUP, 3))], supplies, warehouses=(1, 2))
    assert made.promises == (Promised(1, 1, 1, 1, 1), Promised(1, 1, 2, 2, 2))


def test_a_balance_that_is_being_picked_for_the_line_is_left_alone() -> None:
    demand = Demand(1, True, (Wanted(1, CUP, 2, "S1", frozenset({1})),))
    assert plan([demand], [cup(1, 9), cup(2, 1)]).promises == (Promised(1, 1, 2, 1, 1),)


def test_a_line_whose_product_nobody_knows_is_missing() -> None:
    demand = Demand(1, False, (Wanted(1, None, 2, "ODD"),))
    assert plan([demand], [cup(1, 9)]).missing == {1: {"ODD": 2}}


PRODUCTS = st.integers(1, 4)
SUPPLIES = st.lists(
    st.tuples(PRODUCTS, st.integers(1, 3), st.integers(0, 12), st.none() | st.integers(1, 5), st.booleans()),
    max_size=12,
).map(lambda rows: [Supply(number, *row, pick_sequence=number % 3) for number, row in enumerate(rows)])
ORDERS = st.lists(
    st.tuples(st.booleans(), st.lists(st.tuples(PRODUCTS, st.integers(1, 6)), min_size=1, max_size=4)), max_size=12
)


def demands_of(orders: list[tuple[bool, list[tuple[int, int]]]]) -> list[Demand]:
    return [
        Demand(
            number,
            in_parts,
            tuple(
                Wanted(number * 10 + line, product, count, str(product)) for line, (product, count) in enumerate(lines)
            ),
        )
        for number, (in_parts, lines) in enumerate(orders)
    ]


@given(SUPPLIES, ORDERS)
def test_nothing_is_promised_twice_and_nothing_is_held_back(
    supplies: list[Supply], orders: list[tuple[bool, list[tuple[int, int]]]]
) -> None:
    demands = demands_of(orders)
    made = plan(demands, supplies, warehouses=(2, 1, 3))
    assert made == plan(demands, list(reversed(supplies)), warehouses=(2, 1, 3))
    free = {supply.balance_id: supply.free for supply in supplies}
    product = {supply.balance_id: supply.product_id for supply in supplies}
    used: Counter[int] = Counter()
    got: defaultdict[int, int] = defaultdict(int)
    for promise in made.promises:
        assert promise.quantity > 0
        used[promise.balance_id] += promise.quantity
        got[promise.line_id] += promise.quantity
    assert all(used[balance] <= free[balance] for balance in used)
    left: Counter[int] = Counter()
    for balance, count in free.items():
        left[product[balance]] += count - used[balance]
    for demand in demands:
        served = {line.line_id: got[line.line_id] for line in demand.lines}
        lacking = sum(line.quantity - served[line.line_id] for line in demand.lines)
        assert lacking == (
            sum(made.missing.get(demand.order_id, {}).values())
            if demand.in_parts
            else (0 if demand.order_id not in made.missing else sum(line.quantity for line in demand.lines))
        )
        if demand.in_parts:
            assert all(left[int(sku)] == 0 for sku in made.missing.get(demand.order_id, {}))
        elif demand.order_id in made.missing:
            asked = Counter[int]()
            for line in demand.lines:
                asked[line.product_id or 0] += line.quantity
            assert any(left[wanted] < count for wanted, count in asked.items())
