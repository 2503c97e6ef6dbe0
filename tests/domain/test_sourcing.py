"""Plans of sourcing: each rule by example, and the best of all plans by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.sourcing import plan_sources
from app.domain.sourcing_places import Places, Point, Site
from app.domain.sourcing_rules import Conditions, Rule, RuleKind
from app.domain.sourcing_search import EXACT_SOURCES
from app.domain.sourcing_stock import KeptBack
from app.domain.sourcing_values import Choice, Line, Network, Order, Pick, Source, Sourced
from app.domain.states import WarehouseKind
from tests.domain import sourcing_oracle as oracle

LEEDS, LONDON, PARIS = 1, 2, 3
CUP, LAMP = 10, 11
HOUR_MS = 3_600_000
POINTS = {
    "GB": {"LS": Point(53_800_000, -1_550_000), "E": Point(51_530_000, -50_000), "YO": Point(53_960_000, -1_080_000)}
}
SITES = {
    LEEDS: Site("GB", "LS1 1AA"),
    LONDON: Site("GB", "E16 2AA"),
    PARIS: Site("FR", "75001"),
}
NAMES = {LEEDS: "Leeds", LONDON: "London", PARIS: "Paris"}
PLACES = Places(POINTS)


def source(ident: int, **more: object) -> Source:
    return Source(ident, NAMES[ident], SITES[ident], **more)  # type: ignore[arg-type]


def wants(order_id: int, *lines: tuple[int, int], in_parts: bool = False, **more: object) -> Order:
    """Lines are (product, quantity); the order goes to York unless told."""
    told = {"country": "GB", "postcode": "YO1 7HH", **more}
    made = tuple(Line(order_id * 10 + n, item, units, f"S{item}") for n, (item, units) in enumerate(lines))
    return Order(order_id, made, in_parts, **told)  # type: ignore[arg-type]


def serve(
    orders: Sequence[Order],
    stock: Mapping[tuple[int, int], int],
    *rules: Rule,
    sources: Sequence[Source] = (),
    **more: object,
) -> tuple[Sourced, ...]:
    known = tuple(sources) or tuple(source(ident) for ident in NAMES)
    return plan_sources(orders, Network(known, stock, rules, places=PLACES, **more)).orders  # type: ignore[arg-type]


def given_by(one: Sourced) -> dict[int, int]:
    """Units by source."""
    units: Counter[int] = Counter()
    for pick in one.picks:
        units[pick.source_id] += pick.quantity
    return dict(units)


NEAREST, PARCELS = Rule(RuleKind.NEAREST), Rule(RuleKind.FEWEST_PARCELS)


def test_the_nearest_gives_what_it_has_and_the_next_the_rest() -> None:
    (one,) = serve([wants(1, (CUP, 5))], {(LEEDS, CUP): 3, (LONDON, CUP): 9, (PARIS, CUP): 9}, NEAREST)
    assert one.picks == (Pick(10, CUP, LEEDS, 3), Pick(10, CUP, LONDON, 2))
    assert one.choices == (
        Choice(LEEDS, "sourcing.why.nearest", {"warehouse": "Leeds", "had": 3, "wanted": 5, "given": 3, "km": 36}),
        Choice(LONDON, "sourcing.why.nearest", {"warehouse": "London", "had": 5, "wanted": 5, "given": 2, "km": 279}),
    )
    assert one.missing == {}


def test_the_order_of_the_rules_decides() -> None:
    stock = {(LEEDS, CUP): 3, (LONDON, CUP): 9, (PARIS, CUP): 9}
    (one,) = serve([wants(1, (CUP, 5))], stock, PARCELS, NEAREST)
    assert one.picks == (Pick(10, CUP, LONDON, 5),)
    assert one.choices == (
        Choice(LONDON, "sourcing.why.nearest", {"warehouse": "London", "had": 5, "wanted": 5, "given": 5, "km": 279}),
    )


def test_distances_within_a_step_count_as_the_same() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9}
    far = Rule(RuleKind.NEAREST, {"step_km": 500})
    (one,) = serve([wants(1, (CUP, 1))], stock, far, sources=[source(LONDON), source(LEEDS)])
    assert given_by(one) == {LONDON: 1}
    assert one.choices[0].code == "sourcing.why.first"


def test_without_a_point_of_the_postcode_its_beginning_is_compared_and_home_comes_first() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9, (PARIS, CUP): 9}
    sources = [Source(7, "Lyon", Site("FR", "69002")), source(PARIS), source(LONDON)]
    (one,) = serve(
        [wants(1, (CUP, 1), country="FR", postcode="75018")], {**stock, (7, CUP): 9}, NEAREST, sources=sources
    )
    assert one.choices == (
        Choice(
            PARIS,
            "sourcing.why.nearest_postcode",
            {"warehouse": "Paris", "had": 1, "wanted": 1, "given": 1, "alike": 3},
        ),
    )
    (one,) = serve([wants(1, (CUP, 1), country="DE", postcode="10115")], stock, NEAREST)
    assert (given_by(one), one.choices[0].facts["km"]) == ({LONDON: 1}, 726)


def test_the_cheapest_counts_parcels_units_borders_and_kilometres() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9, (PARIS, CUP): 9}
    sources = [
        source(LEEDS, parcel_cost=400, unit_cost=10),
        source(LONDON, parcel_cost=300, unit_cost=40),
        source(PARIS, parcel_cost=100, unit_cost=10),
    ]
    cheap = Rule(RuleKind.CHEAPEST, {"abroad": 350})
    few, many = serve([wants(1, (CUP, 1)), wants(2, (CUP, 8))], stock, cheap, sources=sources)
    assert (given_by(few), given_by(many)) == ({LONDON: 1}, {LEEDS: 8})
    far = Rule(RuleKind.CHEAPEST, {"each_100_km": 50})
    (one,) = serve([wants(1, (CUP, 1))], stock, far, sources=sources[:2])
    assert (given_by(one), one.choices[0].code) == ({LEEDS: 1}, "sourcing.why.cheapest")


def test_stock_balance_takes_from_plenty() -> None:
    (one,) = serve([wants(1, (CUP, 3))], {(LEEDS, CUP): 4, (LONDON, CUP): 60}, Rule(RuleKind.STOCK_BALANCE), NEAREST)
    assert (given_by(one), one.choices[0].code) == ({LONDON: 3}, "sourcing.why.stock_balance")


def test_preferences_of_channel_and_customer() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9, (PARIS, CUP): 9}
    of_shop = Rule(RuleKind.CHANNEL_PREFERENCE, warehouses=(PARIS,), conditions=Conditions(frozenset({"shop"})))
    of_customer = Rule(RuleKind.CUSTOMER_PREFERENCE, warehouses=(LONDON,))
    orders = [
        wants(1, (CUP, 1), channel="shop"),
        wants(2, (CUP, 1), channel="other"),
        wants(3, (CUP, 1), channel="other", preferred=LEEDS),
    ]
    assert [given_by(one) for one in serve(orders, stock, of_shop, of_customer)] == [
        {PARIS: 1},
        {LONDON: 1},
        {LEEDS: 1},
    ]


def test_a_rule_holds_for_its_country_service_and_group_only() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9, (PARIS, LAMP): 9, (LEEDS, LAMP): 9}
    abroad = Rule(RuleKind.CHANNEL_PREFERENCE, warehouses=(LONDON,), conditions=Conditions(countries=frozenset({"fr"})))
    quick = Rule(RuleKind.CHANNEL_PREFERENCE, warehouses=(LONDON,), conditions=Conditions(services=frozenset({"24h"})))
    glass = Rule(RuleKind.CHANNEL_PREFERENCE, warehouses=(PARIS,), conditions=Conditions(groups=frozenset({"glass"})))
    home = wants(1, (CUP, 1))
    away = wants(2, (CUP, 1), country="FR", postcode="13001")
    fast = wants(3, (CUP, 1), service="24H")
    lamp = Order(4, (Line(40, CUP, 1, "S10"), Line(41, LAMP, 1, "S11", "Glass")), country="GB")
    made = serve([home, away, fast, lamp], stock, abroad, quick, glass, PARCELS)
    assert [given_by(one) for one in made] == [{LEEDS: 1}, {LONDON: 1}, {LONDON: 1}, {LEEDS: 1, PARIS: 1}]


def test_what_leaves_in_time_goes_before_what_is_near() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9}
    sources = [source(LEEDS, departs_at=30 * HOUR_MS), source(LONDON, departs_at=5 * HOUR_MS)]
    urgent, patient = serve(
        [wants(1, (CUP, 1), leaves_at=4 * HOUR_MS), wants(2, (CUP, 1), leaves_at=48 * HOUR_MS)],
        stock, Rule(RuleKind.CUT_OFF), NEAREST, sources=sources,
    )  # fmt: skip
    assert (given_by(urgent), urgent.choices[0].code) == ({LONDON: 1}, "sourcing.why.cut_off")
    assert given_by(patient) == {LEEDS: 1}


def test_a_full_day_sends_orders_elsewhere_and_each_order_counts() -> None:
    stock = {(LEEDS, CUP): 9, (LONDON, CUP): 9}
    sources = [source(LEEDS, capacity=10, room=2), source(LONDON)]
    orders = [wants(n, (CUP, 2)) for n in range(1, 4)]
    made = serve(orders, stock, Rule(RuleKind.CAPACITY), NEAREST, sources=sources)
    assert [given_by(one) for one in made] == [{LEEDS: 2}, {LEEDS: 2}, {LONDON: 2}]
    assert made[2].choices[0].code == "sourcing.why.capacity"
    only = serve(orders[:1], {(LEEDS, CUP): 9}, Rule(RuleKind.CAPACITY), sources=[source(LEEDS, capacity=1, room=0)])
    assert given_by(only[0]) == {LEEDS: 2}


def test_a_supplier_is_asked_when_our_own_stock_is_not_enough() -> None:
    sources = [Source(5, "Maker", kind=WarehouseKind.SUPPLIER), source(LEEDS)]
    own, both = serve(
        [wants(1, (CUP, 2)), wants(2, (CUP, 2))], {(5, CUP): 99, (LEEDS, CUP): 3},
        Rule(RuleKind.OWN_FIRST), PARCELS, sources=sources,
    )  # fmt: skip
    assert (given_by(own), given_by(both)) == ({LEEDS: 2}, {LEEDS: 1, 5: 1})


def test_a_limit_on_parcels_leaves_open_what_would_need_more() -> None:
    stock = {(LEEDS, CUP): 3, (LONDON, CUP): 2}
    limit = Rule(RuleKind.FEWEST_PARCELS, {"most": 1})
    whole, parts = serve([wants(1, (CUP, 5)), wants(2, (CUP, 5), in_parts=True)], stock, limit)
    assert (whole.picks, whole.missing) == ((), {"S10": 2})
    assert (given_by(parts), parts.missing) == ({LEEDS: 3}, {"S10": 2})
    assert parts.choices[0].code == "sourcing.why.most"


def test_whole_or_nothing_and_in_parts() -> None:
    stock = {(LEEDS, CUP): 2}
    whole, parts = serve([wants(1, (CUP, 2), (LAMP, 1)), wants(2, (CUP, 3), (LAMP, 1), in_parts=True)], stock, PARCELS)
    assert (whole.picks, whole.missing) == ((), {"S11": 1})
    assert (given_by(parts), parts.missing) == ({LEEDS: 2}, {"S10": 1, "S11": 1})
    assert parts.choices[0].code == "sourcing.why.only"


def test_a_line_whose_product_nobody_knows_is_missing() -> None:
    odd = (Line(1, None, 2, "ODD"), Line(2, CUP, 1, "S10"))
    whole, parts = serve([Order(1, odd), Order(2, odd, in_parts=True)], {(LEEDS, CUP): 2}, PARCELS)
    assert (whole.picks, whole.missing) == ((), {"ODD": 2})
    assert (given_by(parts), parts.missing) == ({LEEDS: 1}, {"ODD": 2})


def test_safety_stock_and_the_buffer_of_a_channel_are_kept_back() -> None:
    kept = KeptBack({(0, CUP): 2, (LONDON, CUP): 0, (LEEDS, 0): 5}, {4: {(0, 0): 1, (LONDON, CUP): 3}})
    stock = {(LEEDS, CUP): 4, (LONDON, CUP): 4, (LEEDS, LAMP): 6}
    orders = [
        wants(1, (CUP, 9), (LAMP, 9), in_parts=True, channel_id=4),
        wants(2, (CUP, 9), (LAMP, 9), in_parts=True, channel_id=5),
    ]
    buffered, free = serve(orders, stock, PARCELS, kept=kept)
    assert {(pick.source_id, pick.product_id): pick.quantity for pick in buffered.picks} == {
        (LEEDS, CUP): 1,
        (LONDON, CUP): 1,
    }
    assert {(pick.source_id, pick.product_id): pick.quantity for pick in free.picks} == {
        (LEEDS, CUP): 1,
        (LONDON, CUP): 3,
        (LEEDS, LAMP): 1,
    }


def test_goods_are_collected_where_the_customer_said_and_never_come_from_where_they_ran_out() -> None:
    stock = {(LEEDS, CUP): 1, (LONDON, CUP): 9}
    collected, elsewhere = serve(
        [wants(1, (CUP, 1), only_from=LEEDS), wants(2, (CUP, 1), not_from=frozenset({LONDON}))], stock, NEAREST
    )
    assert (given_by(collected), collected.choices[0].code) == ({LEEDS: 1}, "sourcing.why.collected")
    assert (elsewhere.picks, elsewhere.missing) == ((), {"S10": 1})


def test_what_is_scarce_goes_to_who_comes_first() -> None:
    stock = {(LEEDS, CUP): 3}
    first, second, third = serve([wants(n, (CUP, 2)) for n in (1, 2)] + [wants(3, (CUP, 1))], stock, NEAREST)
    assert (given_by(first), second.missing, given_by(third)) == ({LEEDS: 2}, {"S10": 1}, {LEEDS: 1})


def test_two_lines_of_one_product_are_filled_in_their_order() -> None:
    (one,) = serve([wants(1, (CUP, 2), (CUP, 2), in_parts=True)], {(LEEDS, CUP): 1, (LONDON, CUP): 2}, NEAREST)
    assert one.picks == (Pick(10, CUP, LEEDS, 1), Pick(10, CUP, LONDON, 1), Pick(11, CUP, LONDON, 1))
    assert one.missing == {"S10": 1}


# -- against brute force ----------------------------------------------------------------------------------------------

COUNTRIES = ("GB", "FR", "DE")
GROUPS = ("", "glass")
CONDITIONS = st.builds(
    Conditions,
    st.sampled_from([frozenset(), frozenset({"shop"})]),
    st.sampled_from([frozenset(), frozenset({"de"})]),
    st.sampled_from([frozenset(), frozenset({"24h"})]),
    st.sampled_from([frozenset(), frozenset(), frozenset({"glass"})]),
)
NUMBERS = {
    RuleKind.NEAREST: st.fixed_dictionaries({"step_km": st.sampled_from([1, 300])}),
    RuleKind.FEWEST_PARCELS: st.fixed_dictionaries({"most": st.sampled_from([0, 0, 1, 2])}),
    RuleKind.CHEAPEST: st.fixed_dictionaries(
        {"abroad": st.sampled_from([0, 2]), "each_100_km": st.sampled_from([0, 1])}
    ),
    RuleKind.STOCK_BALANCE: st.fixed_dictionaries({"step_percent": st.sampled_from([10, 40])}),
    RuleKind.CAPACITY: st.fixed_dictionaries({"full_percent": st.sampled_from([50, 100])}),
}


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    kinds = draw(st.lists(st.sampled_from(list(RuleKind)), max_size=4, unique=True))
    return tuple(
        Rule(
            kind,
            draw(NUMBERS[kind]) if kind in NUMBERS else {},
            tuple(draw(st.permutations([1, 2, 3]))[: draw(st.integers(0, 2))])
            if kind in (RuleKind.CHANNEL_PREFERENCE, RuleKind.CUSTOMER_PREFERENCE)
            else (),
            draw(CONDITIONS),
        )
        for kind in kinds
    )


SOURCES = st.lists(
    st.builds(
        Source,
        source_id=st.just(0),
        site=st.sampled_from(COUNTRIES).map(lambda country: Site(country, "", Point(50_000_000, len(country) * 10**6))
                                            if country == "FR" else Site(country)),
        kind=st.sampled_from([WarehouseKind.WAREHOUSE, WarehouseKind.SUPPLIER]),
        departs_at=st.sampled_from([None, 0, 30 * HOUR_MS]),
        capacity=st.sampled_from([None, 2]),
        room=st.integers(0, 2),
        parcel_cost=st.integers(0, 4),
        unit_cost=st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: tuple(_named(one, ident) for ident, one in enumerate(found, start=1)))  # fmt: skip


def _named(one: Source, ident: int) -> Source:
    return Source(
        ident, f"W{ident}", one.site, one.kind, one.departs_at, one.capacity, one.room, one.parcel_cost, one.unit_cost
    )


@st.composite
def order(draw: st.DrawFn, ident: int) -> Order:
    items = draw(st.lists(st.sampled_from([CUP, LAMP, 12]), min_size=1, max_size=2, unique=True))
    lines = tuple(
        Line(ident * 10 + n, item, draw(st.integers(1, 3)), f"S{item}", draw(st.sampled_from(GROUPS)))
        for n, item in enumerate(items)
    )
    return Order(
        ident, lines, draw(st.booleans()), draw(st.integers(1, 2)), draw(st.sampled_from(["shop", "other"])),
        draw(st.sampled_from(["DE", "DK"])), "", draw(st.sampled_from(["", "24h"])), 0,
        draw(st.sampled_from([None, 1, 2])), draw(st.sampled_from([None, None, None, 1])),
        draw(st.sampled_from([frozenset(), frozenset(), frozenset({2})])),
    )  # fmt: skip


KEPT = st.builds(
    KeptBack,
    st.dictionaries(st.tuples(st.integers(0, 2), st.sampled_from([0, CUP])), st.integers(0, 2), max_size=2),
    st.dictionaries(
        st.just(1), st.dictionaries(st.tuples(st.integers(0, 2), st.just(0)), st.integers(0, 2), max_size=1)
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    SOURCES,
    st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from([CUP, LAMP, 12])), st.integers(0, 4), min_size=2),
    rules(),
    KEPT,
    st.lists(st.integers(1, 1), min_size=1, max_size=2).flatmap(
        lambda ids: st.tuples(*(order(ident) for ident in range(1, len(ids) + 1)))
    ),
)
def test_no_plan_is_better_and_orders_come_in_turn(
    sources: tuple[Source, ...],
    stock: dict[tuple[int, int], int],
    rules: tuple[Rule, ...],
    kept: KeptBack,
    orders: tuple[Order, ...],
) -> None:
    network = Network(sources, stock, rules, kept)
    left = dict(stock)
    room = {one.source_id: one.room for one in sources}
    for one, made in zip(orders, plan_sources(orders, network).orders, strict=True):
        now = tuple(
            Source(
                s.source_id, s.name, s.site, s.kind, s.departs_at, s.capacity, room[s.source_id], s.parcel_cost,
                s.unit_cost,
            )
            for s in sources
        )  # fmt: skip
        network = Network(now, stock, rules, kept)
        best = oracle.best_value(one, network, left)
        taken: Counter[tuple[int, int]] = Counter()
        for pick in made.picks:
            taken[pick.source_id, pick.product_id] += pick.quantity
        wanted = sum(line.quantity for line in one.lines)
        if best is None or best[0] == wanted:
            assert made.picks == ()
            continue
        held = [rule for rule in rules if oracle.counts(rule, one)]
        value = (
            wanted - sum(taken.values()),
            *(oracle.measure(rule, one, network, left, dict(taken)) for rule in held),
        )
        assert value == best
        assert sum(made.missing.values()) == best[0]
        assert {choice.source_id for choice in made.choices} == {source_id for source_id, _ in taken}
        for key, units in taken.items():
            left[key] -= units
        for source_id in {source_id for source_id, _ in taken}:
            room[source_id] = None if room[source_id] is None else (room[source_id] or 0) - 1


@pytest.mark.parametrize("count", [EXACT_SOURCES, EXACT_SOURCES + 4])
def test_many_sources_serve_an_order_whole(count: int) -> None:
    sources = tuple(Source(n, f"S{n}", parcel_cost=n) for n in range(1, count + 1))
    stock = {(n, CUP): 1 for n in range(1, count + 1)}
    (one,) = plan_sources([wants(1, (CUP, 4))], Network(sources, stock, (PARCELS, Rule(RuleKind.CHEAPEST)))).orders
    assert given_by(one) == {1: 1, 2: 1, 3: 1, 4: 1}
