"""An order is found by anything, and the list says by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.catalogue import Identifier, SerialNumber
from app.models.demand import Order, OrderLine, OrderSearch
from app.presenters.orders_parts import found_words
from app.queries.order_queue import QueueFilter, QueueMoment, QueuePage, queue_page
from app.services.capture.orders import capture_orders
from app.services.search_words import add_search_words
from tests.builders import NOW, World, address, captured, line, world
from tests.presenters.test_orders import make
from tests.services import pack_builders as packing
from tests.services import stock_builders as build

__all__ = ["world"]


@pytest.fixture
def filled(world: World) -> World:
    """Three orders: #1041 by Ada, #1042 by Petra with a heart, #5042 by Bo with two hearts and another product."""
    world.product("85123A-WHITE", "5012345678900", name="WHITE HANGING HEART")
    world.product("LAMP-7")
    petra = replace(
        address("Petra Hollin"), company="Copper Kettle", city="Whitby", postcode="YO21 3PU", phone="01632 960 551"
    )
    bo = replace(address("Bo Aaberg"), city="York", postcode="YO1 7HH", phone="")
    told = [
        captured("#1041", line("LAMP-7"), email="ada@example.com"),
        captured("#1042", line("85123A-WHITE"), ship_to=petra, email="petra.hollin@example.org"),
        captured("#5042", line("85123A-WHITE", 2), line("LAMP-7"), ship_to=bo, email="bo@example.net"),
    ]
    for one in told:
        world.write(lambda s, one=one: capture_orders(s, world.actor(), "shopify", [one]))
    return world


def page(world: World, asked: str) -> QueuePage:
    moment = QueueMoment(NOW, NOW + timedelta(hours=15), NOW, world.warehouse_id, 1)
    return world.read(lambda s: queue_page(s, QueueFilter(text=asked), moment))


@pytest.mark.parametrize(
    ("asked", "numbers", "words"),
    [
        ("#1042", ["#1042"], [""]),
        ("042", ["#5042", "#1042"], ["", ""]),
        ("petra", ["#1042"], [""]),
        ("hollin whit", ["#1042"], [""]),
        ("copper", ["#1042"], ["company Copper Kettle"]),
        ("petra.hollin@example.org", ["#1042"], ["e-mail …lin@example.org"]),
        ("PETRA.HOLLIN@EXAMPLE.ORG", ["#1042"], ["e-mail …lin@example.org"]),
        ("bo@example", ["#5042"], ["e-mail bo@example.net"]),
        ("01632960551", ["#1042"], ["phone 01632 960 551"]),
        ("960551", ["#1042"], ["phone 01632 960 551"]),
        ("yo213pu", ["#1042"], ["postcode YO21 3PU"]),
        ("YO21 3PU", ["#1042"], ["postcode YO21 3PU"]),
        ("85123a", ["#5042", "#1042"], ["SKU 85123A-WHITE", "SKU 85123A-WHITE"]),
        ("5012345678900", ["#5042", "#1042"], ["barcode of 85123A-WHITE", "barcode of 85123A-WHITE"]),
        ("lamp yo1", ["#5042"], ["SKU LAMP-7"]),
        ("nobody", [], []),
        ("%", [], []),
    ],
)
def test_found_by_anything(filled: World, asked: str, numbers: list[str], words: list[str]) -> None:
    rows = page(filled, asked).rows
    assert ([row.number for row in rows], [found_words(row) for row in rows]) == (numbers, words)


def test_found_by_the_end_of_a_tracking_number_a_serial_and_an_alias(filled: World) -> None:
    def add(session: Session) -> None:
        order_id = session.execute(select(Order.id).where(Order.number == "#1041")).scalar_one()
        add_search_words(session, order_id, "JD0146 0000 4711")
        line_row = session.execute(select(OrderLine).where(OrderLine.order_id == order_id)).scalar_one()
        product_id = line_row.product_id or 0
        session.add(SerialNumber(product_id=product_id, code="SN-990017", order_line_id=line_row.id))
        session.add(Identifier(product_id=product_id, code="ALIAS-77", kind="alias", quantity=1))

    filled.write(add)
    assert [row.number for row in page(filled, "4711").rows] == ["#1041"]
    assert [(row.number, found_words(row)) for row in page(filled, "SN-990017").rows] == [("#1041", "serial SN-990017")]
    rows = page(filled, "ALIAS-77").rows
    assert [(row.number, found_words(row)) for row in rows] == [
        ("#5042", "barcode of LAMP-7"), ("#1041", "barcode of LAMP-7"),
    ]  # fmt: skip


def test_a_tracking_number_says_that_it_was_one(world: World) -> None:
    site = world.database.write(lambda s: build.build_site(s, code="W2"))
    number = packing.order_on_shelf(world.database, site, ("CUP", 1))
    order_id = world.read(lambda s: s.execute(select(Order.id).where(Order.number == number)).scalar_one())
    world.write(lambda s: s.add(OrderSearch(order_id=order_id, words="")))
    bench = packing.pack_bench(world.database, site)
    bench.scan(number)
    packing.carry_out(world.database, site, bench.scan("CUP"))
    rows = page(world, "PWD0000000017").rows
    assert [(row.number, found_words(row)) for row in rows] == [(number, "tracking PWD0000000017")]


def test_many_orders_of_one_barcode_come_in_pages(filled: World) -> None:
    for number in range(7000, 7150):
        told = captured(f"#{number}", line("LAMP-7"), line("85123A-WHITE"))
        filled.write(lambda s, told=told: capture_orders(s, filled.actor(), "shopify", [told]))
    moment = QueueMoment(NOW, NOW + timedelta(hours=15), NOW, filled.warehouse_id, 1)
    asked, seen, after = QueueFilter(text="5012345678900"), [], None
    while True:
        found = filled.read(lambda s, after=after: queue_page(s, asked, moment, after))
        seen += [row.number for row in found.rows]
        after = found.after
        if after is None:
            break
    assert seen == [f"#{number}" for number in range(7149, 6999, -1)] + ["#5042", "#1042"]


def test_the_list_shows_it_in_place_of_the_town(filled: World) -> None:
    presenter, shown = make(filled)
    presenter.typed("search", "copper", True)
    assert [(row.cells[2].words, row.cells[2].second) for row in shown.now.table.rows] == [
        ("Petra Hollin", "company Copper Kettle")
    ]


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("\0", ""), ("10\0", "10"), ("T-\0", "t"), ("\ud83d 1042 \udc00", "1042"), ("{1,2}", "1 2"), ("[1]", "1"),
        ("' OR 1", "or 1"), ("a" * 5000, "a" * 400), (":ids %s", "ids s"), ("%(ids)s", "ids s"),
    ],
)  # fmt: skip
def test_whatever_is_typed_is_data(filled: World, asked: str, plain: str) -> None:
    """No sign ends a text, a list or a statement: the letters and digits beside it are looked for."""
    found = [row.number for row in page(filled, asked).rows]
    assert found == ([row.number for row in page(filled, plain).rows] if plain else [])
