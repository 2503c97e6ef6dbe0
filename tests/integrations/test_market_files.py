"""Amazon, eBay, Online Retail and WooCommerce files that differ from the shared ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.capture import Doubt, Financial, ProductCode
from app.domain.capture_export import as_expected
from app.domain.capture_settings import ReadSettings
from tests.integrations.reading import read_text, retry

AMAZON = "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\trecipient-name"


def amazon(*rows: str, more: str = "") -> str:
    return "\r\n".join([AMAZON + more, *rows]) + "\r\n"


def test_amazon_without_quantity_to_ship_and_with_lone_quotes(tmp_path: Path) -> None:
    content = amazon(
        '1-1\t11\t2024-03-01T10:00:00-08:00\tA"1\tPipe 5" long\t3\tAda "Bo\t1\tsky\t2024-03-03T07:59:59+00:00',
        more="\tquantity-shipped\tship-service-level\tlatest-ship-date",
    )
    order = read_text("auto", tmp_path, content, name="unshipped.txt").order
    line = order.lines[0]
    assert (line.sku, line.title, line.quantity, line.shipped, line.to_ship) == ('A"1', 'Pipe 5" long', 3, 1, None)
    assert line.elsewhere == 1
    assert order.created_utc == datetime(2024, 3, 1, 18, tzinfo=UTC)
    assert order.ship_by_utc == datetime(2024, 3, 3, 7, 59, 59, tzinfo=UTC)
    assert order.ship_to.name == 'Ada "Bo'
    assert as_expected(order)["lines"] == [
        {"item_id": "11", "sku": 'A"1', "title": 'Pipe 5" long', "quantity": 3, "shipped": 1, "to_ship": 2}
    ]


def test_amazon_prices_phones_third_lines_and_cancellation_requests(tmp_path: Path) -> None:
    content = amazon(
        "1-1\t11\t2024-03-01T10:00:00+00:00\tA\tThing\t2\tAda\tEUR\t5.00\tLine 2\tLine 3\t+49 1\ttrue",
        more="\tcurrency\titem-price\tship-address-2\tship-address-3\tship-phone-number\tis-buyer-requested-cancellation",
    )
    order = read_text("amazon-unshipped", tmp_path, content).order
    assert (order.lines[0].line_total, order.lines[0].unit_price, order.currency) == (500, 250, "EUR")
    assert (order.ship_to.address2, order.ship_to.phone) == ("Line 2, Line 3", "+49 1")
    assert order.doubts == (Doubt.CANCELLATION_ASKED,)


def test_amazon_the_same_row_twice_counts_once_and_a_differing_one_refuses(tmp_path: Path) -> None:
    row = "1-1\t11\t2024-03-01T10:00:00+00:00\tA\tThing\t2\tAda"
    read = read_text("amazon-unshipped", tmp_path, amazon(row, row))
    assert len(read.order.lines) == 1
    assert [(skip.line_number, skip.code) for skip in read.skipped] == [(3, "duplicate_row")]
    (refused,) = read_text("amazon-unshipped", tmp_path, amazon(row, row.replace("\t2\t", "\t3\t"))).refused
    assert (refused.code, refused.values) == ("item_repeated", (("item", "11"),))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "utf-16", "utf-8-sig"])
def test_amazon_in_western_encodings(tmp_path: Path, encoding: str) -> None:
    content = amazon("1-1\t11\t2024-03-01T10:00:00+00:00\tA\tMüsli für Genève\t2\tÉlodie Groß").encode(encoding)
    order = read_text("auto", tmp_path, content).order
    assert (order.lines[0].title, order.ship_to.name) == ("Müsli für Genève", "Élodie Groß")


def test_amazon_from_japan(tmp_path: Path) -> None:
    content = amazon("1-1\t11\t2024-03-01T10:00:00+09:00\tA\tりんごジュース 表示\t2\t山田 太郎").encode("cp932")
    order = read_text("auto", tmp_path, content).order
    assert (order.lines[0].title, order.ship_to.name) == ("りんごジュース 表示", "山田 太郎")


EBAY = (
    "Sales Record Number,Order Number,Buyer Name,Ship To Name,Ship To Country,Item Number,Item Title,Custom Label,"
    "Quantity,Sold For,Shipping And Handling,Total Price,Sale Date,Paid On Date,Ship By Date,Tracking Number\n\n"
)


@pytest.mark.parametrize(
    ("sold", "currency", "minor"),
    [
        ('"£1,234.50"', "GBP", 123450),
        ("US $12.00", "USD", 1200),
        ('"EUR 1.234,50"', "EUR", 123450),
        ('"12,50 €"', "EUR", 1250),
        ("AU $7.10", "AUD", 710),
        ("C $7.10", "CAD", 710),
    ],
)
def test_ebay_amounts(tmp_path: Path, sold: str, currency: str, minor: int) -> None:
    order = read_text("auto", tmp_path, EBAY + f"1,11-11111-11111,B,A,Germany,9,T,S,1,{sold},,,01-Dec-10,,,\n").order
    assert (order.currency, order.lines[0].line_total, order.ship_to.country) == (currency, minor, "DE")


@pytest.mark.parametrize(
    "told", ["01-Dec-10", "Dec-01-10", "1. Dezember 2010", "01.12.2010", "2010-12-01", "Dez-01-10"]
)
def test_ebay_days_are_of_the_warehouses_zone(tmp_path: Path, told: str) -> None:
    content = EBAY + f"1,11-11111-11111,B,A,Polska,9,T,S,1,£5.00,£1.00,£6.00,{told},{told},{told},\n"
    order = read_text("ebay-orders", tmp_path, content, ReadSettings(zone="Europe/London")).order
    assert (order.created_utc, order.created_local) == (datetime(2010, 12, 1, tzinfo=UTC), datetime(2010, 12, 1))
    assert order.ship_by_utc == datetime(2010, 12, 1, 23, 59, 59, tzinfo=UTC)
    assert (order.financial, order.ship_to.country) == (Financial.PAID, "PL")


def test_ebay_unpaid_shipped_and_trailers(tmp_path: Path) -> None:
    content = EBAY + (
        "1,11-11111-11111,B,A,France,,,,3,,£1.00,£16.00,Dec-01-10,,,\n"
        "1,11-11111-11111,,,,9,T,S,1,£5.00,,,Dec-01-10,,,\n"
        "1,11-11111-11111,,,,8,T2,S2,2,£10.00,,,Dec-01-10,,,TRACK1\n"
        '\n"1","record(s) downloaded,","from ,2010-12-01"\nSeller ID : somebody'
    )
    read = read_text("auto", tmp_path, content)
    order = read.order
    assert (order.financial, order.totals.total, order.ship_to.name) == (Financial.PENDING, 1600, "A")
    assert [(line.sku, line.elsewhere, line.unit_price) for line in order.lines] == [("S", 0, 500), ("S2", 2, 500)]
    assert [row.code for row in read.skipped] == ["trailer_row", "trailer_row"]


def test_ebay_items_that_are_fewer_than_their_summary_says_are_refused(tmp_path: Path) -> None:
    content = EBAY + (
        "1,11-11111-11111,B,A,France,,,,3,,£1.00,£16.00,Dec-01-10,,,\n"
        "1,11-11111-11111,,,,9,T,S,1,£5.00,,,Dec-01-10,,,\n"
    )
    (refused,) = read_text("ebay-orders", tmp_path, content).refused
    assert (refused.code, refused.line_number) == ("items_missing", 3)
    assert dict(refused.values) == {"units": "3", "found": "1"}


def test_ebay_cut_off_within_the_last_row_refuses_that_order_alone(tmp_path: Path) -> None:
    content = EBAY + (
        "1,11-11111-11111,B,A,France,9,T,S,1,£5.00,,,Dec-01-10,,,\n"
        "2,22-22222-22222,B,A,France,9,T,S,1,£5.00,,,Dec-01-10,,,\n"
        "2,22-22222-22222,B"
    )
    read = read_text("ebay-orders", tmp_path, content)
    assert [order.number for order in read.orders] == ["11-11111-11111"]
    assert [(row.code, row.line_number, len(row.companions)) for row in read.refused] == [("row_cut_off", 5, 1)]


RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def test_online_retail_rules(tmp_path: Path) -> None:
    content = RETAIL + (
        "1,85123A,HEART ,6,2011-07-01 08:26:00,2.55,17850.0,United Kingdom\n"
        "1,85123a,HEART,1,2011-07-01 08:26:00,2.55,17850.0,United Kingdom\n"
        "1,POST,POSTAGE,1,2011-07-01 08:26:00,18.00,17850.0,United Kingdom\n"
        "1,PADS,PADS TO MATCH,1,2011-07-01 08:27:00,0.001,17850.0,United Kingdom\n"
        "C2,85123A,HEART,-6,2011-07-01 09:00:00,2.55,17850.0,United Kingdom\n"
        "3,85123A,damaged,-2,2011-07-01 09:00:00,0.0,,United Kingdom\n"
        "4,85123A,found,2,2011-07-01 09:00:00,0.0,,United Kingdom\n"
        "A5,B,Adjust bad debt,1,2011-07-01 09:00:00,-11062.06,,United Kingdom\n"
        "6,85123A,HEART,2,2011-07-01 09:00:00,0.0,,EIRE\n"
    )
    read = read_text("auto", tmp_path, content)
    first, second = read.orders
    assert [(line.sku, line.quantity, line.requires_shipping) for line in first.lines] == [
        ("85123A", 6, True), ("85123a", 1, True), ("POST", 1, False), ("PADS", 1, True),
    ]  # fmt: skip
    assert (first.created_utc, first.created_local) == (
        datetime(2011, 7, 1, 7, 26, tzinfo=UTC), datetime(2011, 7, 1, 8, 26),
    )  # fmt: skip
    assert (first.lines[3].unit_price, first.exact) == (0, (("lines.3.unit_price", "0.001"),))
    assert as_expected(first)["lines"][3]["unit_price"] == "0.001"  # type: ignore[index]
    assert (first.lines[0].title, first.extras, first.currency) == ("HEART", (("customer", "17850"),), "GBP")
    assert (second.number, second.ship_to.country) == ("6", "IE")
    assert [(row.line_number, row.code) for row in read.skipped] == [
        (6, "cancellation"), (7, "stock_correction"), (8, "stock_correction"), (9, "accounting"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "weight", "grams", "length_unit", "length", "millimetres"),
    [("kg", "0.5", 500, "cm", "12.5", 125), ("lbs", "1", 454, "in", "2", 51), ("g", "7", 7, "mm", "30", 30),
     ("oz", "8", 227, "m", "0.3", 300)],
)  # fmt: skip
def test_woocommerce_units_stand_in_the_headings_and_variations_inherit(
    tmp_path: Path, unit: str, weight: str, grams: int, length_unit: str, length: str, millimetres: int
) -> None:
    content = (
        f'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Stock,Weight ({unit}),Length ({length_unit}),'
        "Regular price,Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
        f'1,variable,tee,,T-Shirt,1,,{weight},{length},,"http://a/1.png, http://a/2.png",,Color,"Red, Blue"\n'
        "2,variation,,4006381333931,T-Shirt,1,-1,,,9.90,,tee,Color,Red\n"
        '3,"simple, downloadable, virtual",song,,Song,1,,,,1.00,,,,\n'
    )
    read = read_text("auto", tmp_path, content, ReadSettings(currency="EUR"))
    variation, song = read.products
    assert (variation.sku, variation.name, variation.handle, variation.stock) == ("woo-2", "T-Shirt - Red", "tee", 0)
    assert (variation.weight_g, variation.length_mm, variation.price) == (grams, millimetres, 990)
    assert variation.codes == (ProductCode("4006381333931", "gtin"),)
    assert variation.image_url == "http://a/1.png"
    assert (song.requires_shipping, song.weight_g) == (False, None)
    assert [row.code for row in read.skipped] == ["parent_product"]


def test_a_refused_market_order_is_mended_with_its_companions(tmp_path: Path) -> None:
    rows = ("1-1\t11\tyesterday\tA\tThing\t2\tAda", "1-1\t12\t2024-03-01T10:00:00+00:00\tB\tThing\t1\tAda")
    (refused,) = read_text("amazon-unshipped", tmp_path, amazon(*rows)).refused
    assert (refused.code, refused.order_number) == ("bad_date", "1-1")
    order = retry(refused, refused.raw.replace("yesterday", "2024-03-01T10:00:00+00:00")).order
    assert [line.sku for line in order.lines] == ["A", "B"]


@pytest.mark.parametrize(
    ("told", "local"),
    [
        ("12/1/2010 8:26", datetime(2010, 12, 1, 8, 26)),
        ("1/10/2011 10:04", datetime(2011, 1, 10, 10, 4)),
        ("01/12/2010 08:26", datetime(2010, 12, 1, 8, 26)),
        ("2010-12-01 08:26:00", datetime(2010, 12, 1, 8, 26)),
    ],
)
def test_online_retail_times_as_its_copies_write_them(tmp_path: Path, told: str, local: datetime) -> None:
    content = RETAIL + f"1,85123A,HEART,6,{told},2.55,17850,United Kingdom\n"
    assert read_text("online-retail", tmp_path, content).order.created_local == local


@pytest.mark.parametrize(("sender", "elsewhere"), [("Amazon", 2), ("AFN", 2), ("Merchant", 0), ("MFN", 0), ("", 0)])
def test_amazon_what_amazon_itself_sends_is_elsewhere(tmp_path: Path, sender: str, elsewhere: int) -> None:
    content = "amazon-order-id\tsku\tquantity\torder-status\tship-service-level\tfulfillment-channel\n"
    content += f"203-1\tS1\t2\tPending\tStandard\t{sender}\n"
    order = read_text("amazon-unshipped", tmp_path, content).order
    assert order.lines[0].elsewhere == elsewhere


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        ("csv-orders", "order,sku,qty\n1,A,1\n   \n ,, \n1,B,1\n"),
        ("online-retail", RETAIL + "1,A,A,1,2011-07-01 08:26:00,1,1,EIRE\n   \n1,B,B,1,2011-07-01 08:26:00,1,1,EIRE\n"),
        ("amazon-unshipped", "order-id\tsku\tquantity\torder-item-id\n1\tA\t1\t1\n   \n1\tB\t1\t2\n"),
        ("shopify-orders", "Name,Financial Status,Lineitem quantity,Lineitem name\n1,paid,1,A\n   \n1,,1,B\n"),
    ],
)
def test_rows_of_blanks_are_no_data(tmp_path: Path, format_: str, content: str) -> None:
    read = read_text(format_, tmp_path, content)
    assert [line.title or line.sku for line in read.order.lines] == ["A", "B"]
    assert {row.code for row in read.skipped} == {"blank_row"}
