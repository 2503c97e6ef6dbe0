"""Two people say at the same moment how much lies somewhere: what the later one said is what the ledger says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.capture import CapturedStock
from app.domain.states import WarehouseKind
from app.models.database import Database
from app.models.warehouses import Warehouse
from app.services import adjust, drop_ship
from app.services.capture.stock import capture_stock
from tests.services import stock_builders as build
from tests.services.test_races import Beside

_ON_HAND = text(
    "SELECT COALESCE(SUM(b.on_hand), 0) FROM stock_balances b JOIN locations l ON l.id = b.location_id "
    "WHERE l.code = :place AND b.product_id = :product"
)
Tell = Callable[[Session, int], object]


def on_hand(database: Database, place: str, product_id: int) -> int:
    return int(database.read(lambda s: s.execute(_ON_HAND, {"place": place, "product": product_id}).scalar_one()))


def one_after_the_other(database: Database, tell: Tell, first: int, second: int) -> None:
    """The second begins while the first is not committed."""
    with database.writing() as session:
        tell(session, first)
        beside = Beside(lambda: database.write(lambda s: tell(s, second)))
        if not database.is_sqlite:
            beside.waits_for_a_lock(database)
    assert beside.answer is not None


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(("first", "second"), [(10, 4), (4, 10), (7, 7)])
def test_what_a_supplier_has_is_what_was_told_last(database: Database, first: int, second: int, is_new: bool) -> None:
    site = database.write(build.build_site)

    def supplier(session: Session) -> int:
        made = Warehouse(code="SUP", name="Potter & Sons", kind=WarehouseKind.SUPPLIER)
        session.add(made)
        session.flush()
        return made.id

    supplier_id, cup = database.write(supplier), site.products["CUP"]
    if not is_new:  # he has a shelf in our books, with nothing of this on it
        database.write(lambda s: drop_ship.tell_stock(s, site.actor, supplier_id, site.products["LAMP"], 1))
    one_after_the_other(
        database, lambda s, many: drop_ship.tell_stock(s, site.actor, supplier_id, cup, many), first, second
    )
    assert on_hand(database, drop_ship.SHELF, cup) == second
    one_after_the_other(
        database, lambda s, many: drop_ship.tell_stock(s, site.actor, supplier_id, cup, many), second, first
    )
    assert on_hand(database, drop_ship.SHELF, cup) == first


def test_what_was_counted_on_an_empty_place_is_what_was_counted_last(database: Database) -> None:
    site = database.write(build.build_site)
    cup, shelf = site.products["CUP"], site.places["A-01-1"]
    one_after_the_other(database, lambda s, many: adjust.count(s, site.actor, shelf, cup, many), 5, 6)
    assert on_hand(database, "A-01-1", cup) == 6


def test_two_stock_lists_of_an_empty_place_do_not_add_up(database: Database) -> None:
    site = database.write(build.build_site)

    def tell(session: Session, many: int) -> object:
        return capture_stock(session, site.actor, [CapturedStock("A-01-1", "CUP", many)])

    one_after_the_other(database, tell, 5, 6)
    assert on_hand(database, "A-01-1", site.products["CUP"]) == 6
