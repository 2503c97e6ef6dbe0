"""Files of all formats into both databases, and back out of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.capture import CapturedOrder, CapturedProduct, ProductCode, RefusedRow
from app.domain.capture_settings import Mapping, ReadSettings
from app.domain.states import HoldKind, LocationKind, MovementReason, OrderState, Role
from app.integrations.channels.formats import readers
from app.models.catalogue import Identifier, Product
from app.models.demand import Hold, Order, OrderLine
from app.models.stock import Location, StockBalance, StockMovement
from app.queries.export_orders import export_orders
from app.queries.imports import open_refused_count, recent_imports, refused_rows, saved_mappings
from app.services.capture.orders import CaptureCounts, capture_orders, chunks
from app.services.capture.places import PlaceCounts, capture_locations
from app.services.capture.prepare import prepare_orders
from app.services.capture.products import ProductCounts, adopt_products, capture_products
from app.services.capture.runs import (
    CANCELLED,
    ImportedFile,
    begin_import,
    finish_import,
    keep_refused_rows,
    note_progress,
    put_aside,
    retry_refused,
    save_mapping,
)
from app.services.capture.stock import StockCounts, capture_stock, merge_stock
from app.services.products import add_identifier, add_product
from tests.builders import World, captured, line, world
from tests.integrations.reading import Read, read_file, read_text
from tests.shared_data import shared

__all__ = ["world"]

FILES = (
    "shopify_orders_export_1.csv",
    "shopify_orders_export_2.csv",
    "amazon_unshipped_uk.txt",
    "ebay_orders_report.csv",
    "generic_de_semicolon_cp1252.csv",
    "generic_en_utf8.csv",
)
ORDERS = "order,sku,quantity,name,address1,city,postcode,country\n"


def take(world: World, orders: Sequence[CapturedOrder], lines: int = 60) -> CaptureCounts:
    counts = CaptureCounts()
    for part in chunks(prepare_orders(orders), lines):
        channel = part[0].order.channel
        counts += world.write(lambda s, part=part, channel=channel: capture_orders(s, world.actor(), channel, part))
    return counts


def exported(world: World, numbers: set[str] | None = None) -> dict[str, object]:
    def look(session):
        return {str(one.told["order"]): one.told for one in export_orders(session)}

    found = world.read(look)
    return {number: told for number, told in found.items() if numbers is None or number in numbers}


def wanted(name: str) -> dict[str, object]:
    told = json.loads(shared(f"data/channel_exports/{name}.expected.json").read_text(encoding="utf-8"))
    return {order["order"]: order for order in told["orders"]}


@pytest.mark.parametrize("name", FILES)
def test_what_was_imported_is_exported_as_a_right_import_holds_it(world: World, name: str) -> None:
    orders = read_file("auto", shared(f"data/channel_exports/{name}")).orders
    assert take(world, orders).new == len(orders)
    assert exported(world) == wanted(name)
    again = take(world, orders)
    assert (again.new, again.same, again.changed) == (0, len(orders), 0)
    assert exported(world) == wanted(name)
    values = world.read(lambda s: [one.order for one in export_orders(s)])
    assert values == orders


def test_a_later_export_of_the_same_orders_changes_them(world: World) -> None:
    first, second = (read_file("auto", shared(f"data/channel_exports/{name}")).orders for name in FILES[:2])
    take(world, first)
    counts = take(world, second)
    assert (counts.new, counts.changed, counts.updated) == (50, 10, 10)
    numbers = {order.number for order in second}
    assert exported(world, numbers) == wanted(FILES[1])


def test_states_and_holds_of_a_real_export(world: World) -> None:
    orders = read_file("auto", shared("data/channel_exports/shopify_orders_export_2.csv")).orders
    for sku in sorted({one.sku for order in orders for one in order.lines if one.sku}):
        world.product(sku)
    take(world, orders)
    kinds = select(Hold.kind, func.count()).group_by(Hold.kind)
    held = world.read(lambda s: {row[0]: row[1] for row in s.execute(kinds)})
    assert held[HoldKind.PAYMENT] == 2
    assert held[HoldKind.OFFICE] == 4  # of six doubts, two are on orders that left whole
    states = world.read(lambda s: {row.number: row.state for row in s.execute(select(Order.number, Order.state))})
    assert states["#1079"] is OrderState.CLOSED
    assert states["#1074"] is OrderState.CLOSED
    assert states["#1031"] is OrderState.READY


def test_products_let_the_orders_go_on_that_waited_for_them(world: World, tmp_path: Path) -> None:
    waiting = take(world, [captured("#1", line("79321")), captured("#2", line("9900", 2)), captured("#3", line("X"))])
    read = read_text(
        "csv-products", tmp_path, "sku,name,barcode\n79321,CHILLI,5012345678900\n9900B,TEA,2015210000014\n"
    )
    counts = world.write(lambda s: capture_products(s, world.actor(), read.products))
    assert (counts.new, counts.same, counts.changed, counts.codes) == (2, 0, 0, 2)
    adopted = world.write(lambda s: adopt_products(s, world.actor()))
    assert (adopted.order_ids, adopted.after) == ((waiting.new_ids[0],), None)
    states = world.read(lambda s: list(s.execute(select(Order.state).order_by(Order.id)).scalars()))
    assert states == [OrderState.READY, OrderState.CAPTURED, OrderState.CAPTURED]
    assert world.write(lambda s: capture_products(s, world.actor(), read.products)) == ProductCounts(0, 2, 0)
    codes = world.read(lambda s: list(s.execute(select(Identifier.code).order_by(Identifier.code)).scalars()))
    assert codes == ["02015210000014", "05012345678900"]


def test_what_a_shop_says_of_a_product_is_kept_but_its_stock_is_not(world: World, tmp_path: Path) -> None:
    heading = "Handle,Title,Vendor,Variant SKU,Variant Inventory Qty,Variant Price,Image Src\n"
    row = "heart,White heart,Mill & Co,85123A,77,2.55,https://shop.example/heart.jpg\n"
    made = read_text("shopify-products", tmp_path, heading + row).products
    world.write(lambda s: capture_products(s, world.actor(), made))
    found = select(Product.sku, Product.vendor, Product.image_url)
    assert world.read(lambda s: [tuple(row) for row in s.execute(found)]) == [
        ("85123A", "Mill & Co", "https://shop.example/heart.jpg")
    ]
    assert world.read(lambda s: s.execute(select(StockBalance.id)).first()) is None


def test_a_changed_product_keeps_what_the_file_leaves_out(world: World, tmp_path: Path) -> None:
    full = read_text("csv-products", tmp_path, "sku,name,weight g,price\nA1,CUP,250,2.50\n").products
    bare = read_text("csv-products", tmp_path, "sku,name\na1,RED CUP\n").products
    world.write(lambda s: capture_products(s, world.actor(), full))
    assert world.write(lambda s: capture_products(s, world.actor(), bare)).changed == 1
    row = world.read(lambda s: s.execute(select(Product)).scalar_one())
    assert (row.sku, row.sku_key, row.name, row.weight_g, row.price) == ("a1", "A1", "RED CUP", 250, 250)


def test_adopting_goes_on_after_a_page(world: World) -> None:
    take(world, [captured(f"#{n}", line("A1")) for n in range(5)])
    world.product("A1")
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = world.write(lambda s, after=after: adopt_products(s, world.actor(), after, 2))
        seen += page.order_ids
        after = page.after
    assert len(seen) == 5


def places(world: World, tmp_path: Path, text: str) -> PlaceCounts:
    read = read_text("csv-locations", tmp_path, text)
    return world.write(lambda s: capture_locations(s, world.actor(), read.locations, "places.csv"))


def stock(world: World, tmp_path: Path, text: str) -> StockCounts:
    read = read_text("csv-stock", tmp_path, text)
    return world.write(lambda s: capture_stock(s, world.actor(), merge_stock(read.stock), "stock.csv"))


def test_places_come_in_once_and_change_when_the_file_does(world: World, tmp_path: Path) -> None:
    text = "code,kind,zone,aisle,pick sequence,barcode\na-01,shelf,A,01,10,\nT-0001,tote,,,,\nB-01,bulk,B,01,20,4711\n"
    assert places(world, tmp_path, text) == PlaceCounts(3, 0, 0)
    assert places(world, tmp_path, text) == PlaceCounts(0, 3, 0)
    assert places(world, tmp_path, text.replace(",10,", ",15,")) == PlaceCounts(0, 2, 1)
    rows = world.read(
        lambda s: list(s.execute(select(Location).where(Location.kind.in_(("shelf", "tote", "bulk")))).scalars())
    )
    assert {(row.code, row.kind, row.pick_sequence, row.barcode) for row in rows} == {
        ("A-01", LocationKind.SHELF, 15, ""),
        ("T-0001", LocationKind.TOTE, 0, ""),
        ("B-01", LocationKind.BULK, 20, "4711"),
    }


def test_places_of_unknown_kind_are_refused(world: World, tmp_path: Path) -> None:
    counts = places(world, tmp_path, "code,kind\nA-01,shelf\nA-02,cupboard\nA-03,customer\n")
    assert counts.new == 1
    assert [(row.line_number, row.code) for row in counts.refused] == [
        (3, "place_kind_unknown"),
        (4, "place_is_counterparty"),
    ]


def test_a_stock_list_says_what_lies_there(world: World, tmp_path: Path) -> None:
    cup = world.product("CUP")
    world.location("A-01")
    world.location("A-02")
    first = "location,sku,quantity\nA-01,cup,10\nA-02,CUP,4\n"
    counts = stock(world, tmp_path, first)
    assert (counts.changed, counts.units_in, counts.units_out, counts.product_ids) == (2, 14, 0, (cup,))
    assert stock(world, tmp_path, first).changed == 0
    counts = stock(world, tmp_path, "location,sku,quantity\nA-01,cup,3\na-01,cup,4\n")
    assert (counts.changed, counts.units_in, counts.units_out) == (1, 0, 3)
    lying = select(Location.code, StockBalance.on_hand).join(Location, Location.id == StockBalance.location_id)
    assert world.read(lambda s: {row.code: row.on_hand for row in s.execute(lying)}) == {"A-01": 7, "A-02": 4}
    moved = select(StockMovement.reason, StockMovement.quantity, StockMovement.note).order_by(StockMovement.id)
    assert [tuple(row) for row in world.read(lambda s: s.execute(moved).all())] == [
        (MovementReason.ADJUSTMENT, 10, "stock.csv"),
        (MovementReason.ADJUSTMENT, 4, "stock.csv"),
        (MovementReason.ADJUSTMENT, 3, "stock.csv"),
    ]


def test_stock_of_unknown_things_is_refused_and_can_be_retried(world: World, tmp_path: Path) -> None:
    world.product("CUP")
    world.location("A-01")
    counts = stock(world, tmp_path, "location,sku,quantity\nA-09,CUP,1\nA-01,MUG,1\nA-01,CUP,2\n")
    assert [(row.line_number, row.code) for row in counts.refused] == [(2, "location_unknown"), (3, "sku_unknown")]
    run = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-stock", "stock.csv")))
    world.write(lambda s: keep_refused_rows(s, world.actor(), run, counts.refused))
    entry = world.read(refused_rows)[0]
    reader = readers()["csv-stock"]
    wrong = world.write(lambda s: retry_refused(s, world.actor(), entry.row_id, reader))
    assert (wrong.code, wrong.values["location"]) == ("capture.refused.location_unknown", "A-09")
    mended = entry.refused.raw.replace("A-09", "A-01")
    world.write(lambda s: retry_refused(s, world.actor(), entry.row_id, reader, mended.replace("CUP", "JUG")))
    told = world.read(refused_rows)[0]
    assert (told.refused.code, told.refused.raw) == ("sku_unknown", mended.replace("CUP", "JUG"))
    assert (
        world.write(lambda s: retry_refused(s, world.actor(), entry.row_id, reader, mended)).code == "import.row_taken"
    )
    assert world.read(lambda s: s.execute(select(StockBalance.on_hand)).scalar_one()) == 1
    assert world.write(lambda s: retry_refused(s, world.actor(), entry.row_id, reader)).code == "import.row_settled"


def orders_with_a_bad_row(tmp_path: Path) -> Read:
    rows = "1,CUP,2,Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB\n2,CUP,many,Bo Sample,2 Road,Leeds,LS1 1AB,GB\n"
    return read_text("csv-orders", tmp_path, ORDERS + rows + "2,MUG,1,,,,,\n", ReadSettings(zone="Europe/London"))


def test_a_refused_row_is_kept_once_and_taken_after_mending(world: World, tmp_path: Path) -> None:
    world.product("CUP")
    read = orders_with_a_bad_row(tmp_path)
    assert [(row.line_number, row.order_number) for row in read.refused] == [(3, "2")]
    run = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "file.csv", "abc")))
    take(world, read.orders)
    kept = world.write(lambda s: keep_refused_rows(s, world.actor(), run, read.refused))
    assert kept == 1
    second = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "file.csv", "abc")))
    again = orders_with_a_bad_row(tmp_path).refused
    assert world.write(lambda s: keep_refused_rows(s, world.actor(), second, again)) == 0
    assert world.read(open_refused_count) == 1
    entry = world.read(refused_rows)[0]
    assert entry.refused == read.refused[0]
    assert isinstance(entry.refused, RefusedRow)
    reader = readers()["csv-orders"]
    mended = entry.refused.raw.replace("many", "3")
    taken = world.write(lambda s: retry_refused(s, world.actor(), entry.row_id, reader, mended))
    assert taken.code == "import.row_taken"
    chosen = select(OrderLine.sku, OrderLine.quantity).join(Order, Order.id == OrderLine.order_id)
    lines = world.read(lambda s: s.execute(chosen.where(Order.number == "2").order_by(OrderLine.line_no)).all())
    assert [tuple(row) for row in lines] == [("CUP", 3), ("MUG", 1)]
    assert world.read(open_refused_count) == 0


def test_a_refused_row_can_be_put_aside(world: World, tmp_path: Path) -> None:
    run = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "file.csv")))
    world.write(lambda s: keep_refused_rows(s, world.actor(), run, orders_with_a_bad_row(tmp_path).refused))
    entry = world.read(refused_rows)[0]
    assert world.write(lambda s: put_aside(s, world.actor(), entry.row_id, " ")).code == "hold.reason_missing"
    assert world.write(lambda s: put_aside(s, world.actor(), entry.row_id, "a test order")).code == "import.row_aside"
    assert world.read(refused_rows) == []


def test_runs_tell_how_far_they_came(world: World) -> None:
    run = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "big.csv", "d1")))
    world.write(lambda s: note_progress(s, world.actor(), run, {"new": 5}))
    assert [(row.state, row.counts) for row in world.read(recent_imports)] == [("running", {"new": 5})]
    world.write(lambda s: finish_import(s, world.actor(), run, {"new": 7, "refused": 0}, CANCELLED))
    row = world.read(recent_imports)[0]
    assert (row.state, row.counts, row.open_rows) == ("cancelled", {"new": 7, "refused": 0}, 0)
    assert row.finished_at is not None


def test_a_mapping_is_kept_by_its_name(world: World) -> None:
    first = Mapping((("sku", "Artikelnummer"),), "%d.%m.%Y", ",")
    other = Mapping((("sku", "Art"),))
    world.write(lambda s: save_mapping(s, world.actor(), "csv-orders", "Shop", first))
    assert world.read(lambda s: saved_mappings(s, "csv-orders")) == {"Shop": first}
    world.write(lambda s: save_mapping(s, world.actor(), "csv-orders", "Shop", other))
    assert world.read(lambda s: saved_mappings(s, "csv-orders")) == {"Shop": other}


def test_a_product_added_by_hand_lets_its_orders_go_on_and_no_others(world: World) -> None:
    ids = take(
        world, [captured("#1", line("x_9%")), captured("#2", line("x19z")), captured("#3", line("4006381333931"))]
    )
    added = world.write(lambda s: add_product(s, world.actor(), CapturedProduct("hand", "X_9%", "Odd")))
    assert added.code == "product.added"
    assert [change.entity_id for change in added.changes if change.entity == "order"] == [ids.new_ids[0]]
    again = world.write(lambda s: add_product(s, world.actor(), CapturedProduct("hand", " x_9% ", "Odd")))
    assert again.code == "product.exists"
    cup = world.product("CUP")
    named = world.write(lambda s: add_identifier(s, world.actor(), cup, ProductCode("4006381333931", "gtin")))
    assert (named.code, named.values) == ("product.code_added", {"code": "04006381333931", "sku": "CUP"})
    assert [change.entity_id for change in named.changes if change.entity == "order"] == [ids.new_ids[2]]
    states = world.read(lambda s: list(s.execute(select(Order.state).order_by(Order.id)).scalars()))
    assert states == [OrderState.READY, OrderState.CAPTURED, OrderState.READY]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("", "product.code_missing"),
        ("pw-ok", "product.code_of_ours"),
        ("T-0117", "product.code_of_ours"),
        ("4006381333931", "product.code_known"),
    ],
)
def test_codes_that_a_product_can_not_have(world: World, code: str, answer: str) -> None:
    cup = world.product("CUP", "04006381333931")
    told = world.write(lambda s: add_identifier(s, world.actor(), cup, ProductCode(code, "own")))
    assert told.code == answer


def test_only_those_who_may_add_products(world: World) -> None:
    packer = world.actor(Role.PACKER)
    told = world.write(lambda s: add_product(s, packer, CapturedProduct("hand", "A", "A")))
    assert told.code == "office.not_permitted"
