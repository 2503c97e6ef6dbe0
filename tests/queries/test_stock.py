"""Stock as the screens see it: the figures add up, by product and by place."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.states import Condition, LocationKind, MovementReason
from app.models.catalogue import Identifier
from app.models.database import Database
from app.models.fulfillment import ToteUse
from app.queries.release import ReleaseFigures, open_lists, release_figures
from app.queries.stock import FoundProduct, find_products, last_movements, place_stock, product_stock
from app.queries.stock_tasks import to_count, to_put_back
from app.services import ledger
from app.services.adjust import adjust
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_order
from app.services.release import release
from tests.services import stock_builders as build


def stocked(session: Session) -> build.Site:
    """12 cups free and promised on shelves, 3 opened ones in quarantine, 1 in a tote."""
    site = build.build_site(session, ("CUP", "CUPBOARD", "SOAP"))
    lot = build.add_lot(session, site, "CUP", "L42", None)
    build.stock(session, site, "CUP", "B-01-1", 9)
    build.stock(session, site, "CUP", "A-01-1", 5, lot_id=lot)
    build.stock(session, site, "CUP", "Q-1", 3, condition=Condition.OPENED)
    session.add(Identifier(product_id=site.products["CUP"], code="05012345678900", kind="gtin", quantity=1))
    order = build.add_order(session, site, [("CUP", 2)])
    result = allocate_ready(session, site.actor, 1)
    (allocation,) = build.open_allocations(session, result.fulfillment_ids[0])
    tote = site.places["T-1"]
    ledger.carry(session, site.actor, MovementReason.PICK, allocation.id, 1, tote)
    session.add(ToteUse(tote_id=tote, fulfillment_id=result.fulfillment_ids[0], opened_at=build.NOW))
    session.execute(text("UPDATE fulfillments SET state = 'picking'"))
    session.execute(text("UPDATE orders SET number = '#77' WHERE id = :id"), {"id": order.id})
    return site


def test_free_is_on_hand_less_not_sellable_less_promised(database: Database) -> None:
    site = database.write(stocked)
    found = database.read(lambda session: product_stock(session, site.products["CUP"], site.warehouse_id))
    assert found is not None
    assert (found.sku, found.name, [code.code for code in found.codes]) == ("CUP", "Cup", ["05012345678900"])
    assert (found.on_hand, found.not_sellable, found.promised, found.free) == (17, 3, 2, 12)
    seen = [(p.location, p.lot, p.condition, p.on_hand, p.promised, p.free, p.being_packed) for p in found.places]
    assert seen == [
        ("A-01-1", "L42", Condition.NEW, 4, 1, 3, False),
        ("B-01-1", "", Condition.NEW, 9, 0, 9, False),
        ("Q-1", "", Condition.OPENED, 3, 0, 0, False),
        ("T-1", "L42", Condition.NEW, 1, 1, 0, True),
    ]
    latest = found.movements[0]
    assert (latest.reason, latest.quantity, latest.source, latest.target) == (MovementReason.PICK, 1, "A-01-1", "T-1")
    assert (latest.operator, latest.order, latest.change, found.movements[1].change) == ("Ines Falk", "#77", 0, 3)
    assert database.read(lambda session: product_stock(session, 99, site.warehouse_id)) is None


def test_another_warehouse_sees_its_own(database: Database) -> None:
    site = database.write(stocked)
    far = database.write(lambda session: build.build_site(session, ("FAR",), code="W2"))
    found = database.read(lambda session: product_stock(session, site.products["CUP"], far.warehouse_id))
    assert found is not None
    assert (found.on_hand, found.free, found.places, found.movements) == (0, 0, (), ())


def test_a_place_tells_what_lies_in_it(database: Database) -> None:
    site = database.write(stocked)
    tote = database.read(lambda session: place_stock(session, site.places["T-1"]))
    shelf = database.read(lambda session: place_stock(session, site.places["A-01-1"]))
    assert tote is not None and shelf is not None
    assert (tote.code, tote.kind, tote.order, tote.to_count) == ("T-1", LocationKind.TOTE, "#77", False)
    assert [(goods.sku, goods.lot, goods.on_hand) for goods in tote.goods] == [("CUP", "L42", 1)]
    assert [(goods.sku, goods.on_hand, goods.free) for goods in shelf.goods] == [("CUP", 4, 3)]
    assert database.read(lambda session: place_stock(session, 9999)) is None


def test_the_newest_movements_come_first(database: Database) -> None:
    site = database.write(stocked)
    cup, shelf = site.products["CUP"], site.places["B-01-1"]
    database.write(lambda session: adjust(session, site.at(5), cup, shelf, -2, "broken"))
    moved = database.read(lambda session: last_movements(session, cup, site.warehouse_id, 2))
    assert [(one.reason, one.change, one.note) for one in moved] == [
        (MovementReason.ADJUSTMENT, -2, "broken"),
        (MovementReason.PICK, 0, ""),
    ]


def test_products_are_found_by_sku_and_words(database: Database) -> None:
    site = database.write(stocked)
    cup = FoundProduct(site.products["CUP"], "CUP", "Cup", 17)
    board = FoundProduct(site.products["CUPBOARD"], "CUPBOARD", "Cupboard", 0)
    assert database.read(lambda session: find_products(session, "cup")) == (cup, board)
    assert database.read(lambda session: find_products(session, " board ")) == (board,)
    assert database.read(lambda session: find_products(session, "%")) == ()
    assert database.read(lambda session: find_products(session, "  ")) == ()


def test_what_must_be_put_back_and_counted_is_listed(database: Database) -> None:
    site = database.write(stocked)
    order = database.read(lambda session: session.execute(text("SELECT id FROM orders")).scalar_one())
    database.write(lambda session: cancel_order(session, site.actor, order, "x"))
    (back,) = database.read(lambda session: to_put_back(session, site.warehouse_id))
    assert (back.container, back.sku, back.left, back.order) == ("T-1", "CUP", 1, "#77")
    assert database.read(lambda session: to_count(session, site.warehouse_id)) == ()


def test_what_waits_at_each_step_is_counted(database: Database) -> None:
    def make(session: Session) -> build.Site:
        site = build.build_site(session)
        build.stock(session, site, "CUP", "A-01-1", 3)
        for _number in range(3):
            build.add_order(session, site, [("CUP", 1)])
        build.add_order(session, site, [("LAMP", 1)])
        allocate_ready(session, site.actor, 4)
        release(session, site.actor, 1)
        build.add_order(session, site, [("CUP", 1)])
        return site

    site = database.write(make)
    assert database.read(lambda s: release_figures(s, site.warehouse_id)) == ReleaseFigures(1, 1, 2, 1, 0)
    (found,) = database.read(lambda session: open_lists(session, site.warehouse_id, build.NOW))
    assert (found.code, found.state, found.slots, found.stops, found.stops_left) == (
        f"PL-{found.pick_list_id}",
        "open",
        1,
        1,
        1,
    )
