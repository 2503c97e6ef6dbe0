"""The Orders screen on a small warehouse, and what it shows."""

from __future__ import annotations

from dataclasses import replace

from app.domain.capture import PostalAddress
from app.domain.states import Role
from app.presenters.orders import OrdersPresenter
from app.presenters.runner import AtOnce
from app.presenters.state import orders
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from tests.builders import World, address, captured, line
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of


def make(world: World, role: Role = Role.LEAD) -> tuple[OrdersPresenter, Shown[orders.Orders]]:
    shown: Shown[orders.Orders] = Shown()
    presenter = OrdersPresenter(
        world.database, AtOnce(), station_of(world, role), clock, shown.states.append, shown.sent.append,
        shown.rung.append,
    )  # fmt: skip
    presenter.show()
    return presenter, shown


def stocked(world: World) -> None:
    """Ten hearts on a shelf."""
    world.stock(world.product("HEART", "5012345678900", name="WHITE HANGING HEART"), "A-01", 10)


def numbers(shown: Shown[orders.Orders]) -> list[str]:
    return [row.cells[1].words for row in shown.now.table.rows]


def chips(shown: Shown[orders.Orders]) -> list[str]:
    return [row.cells[3].chip.words for row in shown.now.table.rows if row.cells[3].chip]


def two_orders(world: World) -> None:
    """#1 has all it needs and is allocated; #2 has a bad postcode."""
    stocked(world)
    world.order("#1", line("HEART", 2))
    bad = captured("#2", line("HEART", 3), ship_to=bad_address())
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [bad]))
    world.write(lambda s: allocate_ready(s, world.actor(), 10))


def bad_address() -> PostalAddress:
    return replace(address("Petra Hollin"), postcode="NOPE")
