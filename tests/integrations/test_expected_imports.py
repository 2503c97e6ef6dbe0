"""Each of the shared order files, against what a right import of it holds."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from app.domain.capture import Progress
from app.domain.capture_export import as_expected
from app.integrations.channels.formats import detect
from tests.integrations.reading import read_file
from tests.shared_data import shared

FILES = {
    "shopify_orders_export_1.csv": "shopify-orders",
    "shopify_orders_export_2.csv": "shopify-orders",
    "amazon_unshipped_uk.txt": "amazon-unshipped",
    "ebay_orders_report.csv": "ebay-orders",
    "generic_de_semicolon_cp1252.csv": "csv-orders",
    "generic_en_utf8.csv": "csv-orders",
}


@pytest.mark.parametrize(("name", "format_"), FILES.items())
def test_each_order_is_what_a_right_import_holds(name: str, format_: str) -> None:
    path = shared(f"data/channel_exports/{name}")
    wanted = json.loads(shared(f"data/channel_exports/{name}.expected.json").read_text(encoding="utf-8"))["orders"]
    assert detect(path) == format_
    for told in (format_, "auto"):
        read = read_file(told, path)
        orders = {order.number: as_expected(order) for order in read.orders}
        assert orders == {order["order"]: order for order in wanted}
        assert len(read.orders) == len(wanted)
        assert read.refused == []


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_has_the_same_fingerprints_and_no_two_orders_share_one(name: str) -> None:
    path = shared(f"data/channel_exports/{name}")
    once, twice = ([order.fingerprint() for order in read_file("auto", path).orders] for _ in range(2))
    assert once == twice
    assert len(set(once)) == len(once)


def test_what_the_channel_shipped_refunded_or_voided_is_elsewhere() -> None:
    orders = read_file("auto", shared("data/channel_exports/shopify_orders_export_2.csv")).orders
    by_number = {order.number: order for order in orders}
    refunded, voided, part = by_number["#1079"], by_number["#1074"], by_number["#1036"]
    assert {line.elsewhere == line.quantity for line in refunded.lines} == {True}
    assert voided.cancelled
    assert {line.elsewhere == line.quantity for line in voided.lines} == {True}
    assert [line.elsewhere for line in part.lines] == [
        line.quantity if line.status == "fulfilled" else 0 for line in part.lines
    ]
    assert [doubt.value for doubt in part.doubts] == ["partial_refund"]
    assert Counter(doubt.value for order in orders for doubt in order.doubts) == {"partial_refund": 6}


@pytest.mark.parametrize(
    ("name", "orders", "lines", "skipped"),
    [
        ("online_retail_2010-12.csv", 1559, 41613, {"cancellation": 728, "stock_correction": 140}),
        ("online_retail_2011-03_w1.csv", 456, 11315, {"cancellation": 238, "stock_correction": 62}),
        ("online_retail_2011-07.csv", 712, 19527, {"cancellation": 322, "stock_correction": 58}),
    ],
)
def test_online_retail_loses_no_row(name: str, orders: int, lines: int, skipped: dict[str, int]) -> None:
    path = shared(f"data/online_retail/{name}")
    read = read_file("auto", path)
    assert len(read.orders) == orders
    assert sum(len(order.lines) for order in read.orders) == lines
    assert Counter(row.code for row in read.skipped) == skipped
    assert read.refused == []
    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert lines + sum(skipped.values()) == rows
    assert read.progress[-1] == Progress(2 * path.stat().st_size, 2 * path.stat().st_size)


@pytest.mark.parametrize(
    ("name", "format_", "products", "skipped"),
    [
        ("shopify_product_csv/apparel.csv", "shopify-products", 22, 0),
        ("shopify_product_csv/home-and-garden.csv", "shopify-products", 21, 0),
        ("woocommerce_csv/sample_products.csv", "woocommerce-products", 20, 4),
        ("online_retail/products.csv", "csv-products", 3947, 0),
    ],
)
def test_product_files_are_read_whole(name: str, format_: str, products: int, skipped: int) -> None:
    path = shared(f"data/{name}")
    assert detect(path) == format_
    read = read_file("auto", path)
    assert (len(read.products), len(read.skipped), read.refused) == (products, skipped, [])
    assert len({product.sku for product in read.products}) == products
