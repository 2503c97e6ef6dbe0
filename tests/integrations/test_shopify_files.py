from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.capture import Doubt, Financial, ProductCode
from app.domain.capture_settings import ReadSettings
from tests.integrations.reading import read_text, retry

HEAD = "Name,Financial Status,Currency,Created at,Total,Id,Notes,Lineitem quantity,Lineitem name,Lineitem price"
HEAD += ",Lineitem sku,Lineitem fulfillment status,Shipping Zip,Cancelled at"


def row(name: str = "#1", status: str = "paid", quantity: str = "2", line: str = "", **cells: str) -> str:
    told = {
        "Name": name, "Financial Status": status, "Currency": "GBP" if status else "", "Created at": "",
        "Total": "10.00" if status else "", "Id": "77" if status else "", "Notes": "", "Lineitem quantity": quantity,
        "Lineitem name": "A thing", "Lineitem price": "5.00", "Lineitem sku": "S1", "Lineitem fulfillment status": line,
        "Shipping Zip": "", "Cancelled at": "",
    } | cells  # fmt: skip
    return ",".join(told[name] for name in HEAD.split(","))


def text(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def test_columns_are_found_by_name_in_any_order_among_new_ones(tmp_path: Path) -> None:
    content = (
        "New column,Lineitem sku,Lineitem name,Lineitem quantity,Shipping Name,Financial Status,Name\n"
        "x,'0012,A thing,1,Ada,paid,#7\n"
    )
    order = read_text("auto", tmp_path, content).order
    assert (order.number, order.financial, order.ship_to.name) == ("#7", Financial.PAID, "Ada")
    assert [(line.sku, line.title, line.quantity, line.unit_price) for line in order.lines] == [
        ("0012", "A thing", 1, None)
    ]
    assert order.extras == (("New column", "x"),)


@pytest.mark.parametrize(
    ("told", "utc"),
    [
        ("2010-12-01 16:19:00 +0000", datetime(2010, 12, 1, 16, 19, tzinfo=UTC)),
        ("2010-12-01 16:19:00 -0500", datetime(2010, 12, 1, 21, 19, tzinfo=UTC)),
        ("2024-07-01T08:00:00+02:00", datetime(2024, 7, 1, 6, 0, tzinfo=UTC)),
        ("2024-07-01T08:00:00Z", datetime(2024, 7, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_times_with_offsets(tmp_path: Path, told: str, utc: datetime) -> None:
    order = read_text("shopify-orders", tmp_path, text(row(**{"Created at": told}))).order
    assert (order.created_utc, order.created_local) == (utc, None)


def test_a_time_without_an_offset_is_of_the_told_zone(tmp_path: Path) -> None:
    told = text(row(**{"Created at": "2024-07-01 08:00:00"}))
    order = read_text("shopify-orders", tmp_path, told, ReadSettings(zone="Europe/Warsaw")).order
    assert order.created_utc == datetime(2024, 7, 1, 6, 0, tzinfo=UTC)
    assert order.created_local == datetime(2024, 7, 1, 8, 0)


def test_notes_over_several_lines_amounts_with_thousands_and_guarded_postcodes(tmp_path: Path) -> None:
    cells = {"Notes": '"ring ""twice"",\nthen wait"', "Total": '"1,234.50"', "Shipping Zip": "'01234"}
    read = read_text("shopify-orders", tmp_path, text(row(**cells), row("#2")))
    first, second = read.orders
    assert first.note == 'ring "twice",\nthen wait'
    assert first.totals.total == 123450
    assert first.ship_to.postcode == "01234"
    assert (first.line_number, second.line_number) == (2, 4)


def test_a_line_of_no_units_and_one_without_sku_are_kept(tmp_path: Path) -> None:
    order = read_text("shopify-orders", tmp_path, text(row(quantity="0"), row(status="", **{"Lineitem sku": ""}))).order
    assert [(line.sku, line.title, line.quantity) for line in order.lines] == [("S1", "A thing", 0), ("", "A thing", 2)]


@pytest.mark.parametrize(
    ("status", "line", "cancelled", "elsewhere", "doubts"),
    [
        ("paid", "pending", "", 0, ()),
        ("paid", "fulfilled", "", 2, ()),
        ("paid", "restocked", "", 2, ()),
        ("paid", "partial", "", 0, (Doubt.PARTLY_SHIPPED_LINE,)),
        ("paid", "teleported", "", 0, (Doubt.UNKNOWN_STATUS,)),
        ("refunded", "pending", "", 2, ()),
        ("voided", "pending", "", 2, ()),
        ("paid", "pending", "2024-01-01 10:00:00 +0000", 2, ()),
        ("partially_refunded", "pending", "", 0, (Doubt.PARTIAL_REFUND,)),
        ("partially_refunded", "fulfilled", "", 2, (Doubt.PARTIAL_REFUND,)),
        ("on the moon", "pending", "", 0, (Doubt.UNKNOWN_STATUS,)),
    ],
)
def test_what_is_not_shipped_again(
    tmp_path: Path, status: str, line: str, cancelled: str, elsewhere: int, doubts: tuple[Doubt, ...]
) -> None:
    order = read_text(
        "shopify-orders", tmp_path, text(row(status=status, line=line, **{"Cancelled at": cancelled}))
    ).order
    assert order.lines[0].elsewhere == elsewhere
    assert order.doubts == doubts


def test_fewer_lines_than_the_subtotal_says_are_a_doubt(tmp_path: Path) -> None:
    content = text(row(), row(status="")).replace("Total", "Subtotal")
    assert read_text("shopify-orders", tmp_path, content.replace("10.00", "20.00")).order.doubts == ()
    assert read_text("shopify-orders", tmp_path, content.replace("10.00", "25.00")).order.doubts == (
        Doubt.LINES_MISSING,
    )


def test_rows_apart_are_one_order_and_two_exports_in_one_file_are_two(tmp_path: Path) -> None:
    apart = read_text("shopify-orders", tmp_path, text(row("#1", status=""), row("#2"), row("#1", quantity="5")))
    assert {order.number: [line.quantity for line in order.lines] for order in apart.orders} == {
        "#2": [2],
        "#1": [5, 2],
    }
    joined = read_text(
        "shopify-orders",
        tmp_path,
        text(row("#1"), row("#1", status=""), row("#1", **{"Id": "78"}), row("#1", status="")),
    )
    assert [(order.channel_ref, len(order.lines)) for order in joined.orders] == [("77", 2), ("78", 2)]


def test_order_columns_repeated_on_every_row_make_one_order(tmp_path: Path) -> None:
    read = read_text("shopify-orders", tmp_path, text(row("#1"), row("#1", quantity="3"), row("#2")))
    assert [[line.quantity for line in order.lines] for order in read.orders] == [[2, 3], [2]]


def test_one_bad_row_refuses_its_whole_order_and_a_mended_row_brings_it_back(tmp_path: Path) -> None:
    content = text(row("#1"), row("#1", status="", quantity="two"), row("#1", status=""), row("#2"))
    read = read_text("shopify-orders", tmp_path, content, name="orders.csv")
    assert [order.number for order in read.orders] == ["#2"]
    (refused,) = read.refused
    assert (refused.file, refused.line_number, refused.code, refused.order_number) == (
        "orders.csv", 3, "bad_quantity", "#1",
    )  # fmt: skip
    assert refused.values == (("column", "Lineitem quantity"), ("value", "two"))
    assert refused.raw == content.splitlines()[2] + "\n"
    assert [row.line_number for row in refused.companions] == [2, 4]
    again = retry(refused)
    assert [one.code for one in again.refused] == ["bad_quantity"]
    mended = retry(refused, refused.raw.replace("two", "3"))
    assert [line.quantity for line in mended.order.lines] == [2, 3, 2]
    assert mended.refused == []


def test_rows_without_the_orders_own_columns_are_refused(tmp_path: Path) -> None:
    (refused,) = read_text("shopify-orders", tmp_path, text(row("#2"), row("#1", status=""))).refused
    assert (refused.line_number, refused.code) == (3, "order_columns_missing")


def test_variants_inherit_and_pictures_are_skipped(tmp_path: Path) -> None:
    content = (
        "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price,Variant Barcode,"
        "Variant Inventory Qty,Image Src,Variant Image,Gift Card,Variant Requires Shipping\n"
        "mug,Mug,Us,Size,Small,'001,250,5.00,'4006381333931,-3,http://a/1.jpg,,false,true\n"
        "mug,,,,Large,,0,6.50,,7,http://a/2.jpg,http://a/l.jpg,,true\n"
        "mug,,,,,,,,,,http://a/3.jpg,,,\n"
        "card,Gift card,Us,Title,Default Title,GC,0,10.00,,,,,true,false\n"
    )
    read = read_text("auto", tmp_path, content, ReadSettings(currency="GBP"))
    small, large, card = read.products
    assert (small.sku, small.name, small.weight_g, small.price, small.stock) == ("001", "Mug - Small", 250, 500, 0)
    assert small.codes == (ProductCode("4006381333931", "gtin"),)
    assert (large.sku, large.name, large.weight_g, large.stock) == ("mug-Large", "Mug - Large", None, 7)
    assert (small.image_url, large.image_url) == ("http://a/1.jpg", "http://a/l.jpg")
    assert (small.options, large.options) == ((("Size", "Small"),), (("Size", "Large"),))
    assert (card.name, card.options, card.requires_shipping) == ("Gift card", (), False)
    assert [(row.line_number, row.code) for row in read.skipped] == [(4, "picture_row")]


@pytest.mark.parametrize(
    ("of_order", "elsewhere", "doubts"),
    [("fulfilled", 2, ()), ("unfulfilled", 0, ()), ("", 0, ()), ("partial", 0, (Doubt.PARTLY_SHIPPED_LINE,))],
)
def test_where_a_line_says_nothing_its_order_speaks(
    tmp_path: Path, of_order: str, elsewhere: int, doubts: tuple[Doubt, ...]
) -> None:
    content = f"Name,Financial Status,Fulfillment Status,Lineitem quantity,Lineitem name\n#1,paid,{of_order},2,Thing\n"
    order = read_text("shopify-orders", tmp_path, content).order
    assert (order.lines[0].elsewhere, order.doubts) == (elsewhere, doubts)
