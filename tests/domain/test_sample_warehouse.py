"""The sample warehouse: read by the same importers as anybody's files, consistent in itself, and made repeatably."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.addresses import check_address
from app.domain.barcodes import CodeKind, read_code
from app.domain.capture import (
    Captured,
    CapturedLocation,
    CapturedOrder,
    CapturedProduct,
    CapturedStock,
    Financial,
    RefusedRow,
)
from app.domain.capture_settings import ReadSettings
from app.domain.cartons import CartonType, PackUnits, choose_carton
from app.domain.gs1 import has_check_digit
from app.domain.sample_days import move_days
from app.domain.states import LocationKind, Role
from app.integrations.channels.formats import detect, readers
from tests.shared_data import shared
from tools.make_sample import make

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
SETTINGS = ReadSettings(zone="Europe/London", currency="GBP")


@cache
def read(format_: str) -> tuple[Captured, ...]:
    name = f"{format_.removeprefix('csv-')}.csv"
    return tuple(readers()[format_].read(SAMPLE / name, SETTINGS))


def orders() -> list[CapturedOrder]:
    return [each for each in read("csv-orders") if isinstance(each, CapturedOrder)]


def products() -> dict[str, CapturedProduct]:
    return {each.sku: each for each in read("csv-products") if isinstance(each, CapturedProduct)}


def locations() -> dict[str, CapturedLocation]:
    return {each.code: each for each in read("csv-locations") if isinstance(each, CapturedLocation)}


def stock() -> list[CapturedStock]:
    return [each for each in read("csv-stock") if isinstance(each, CapturedStock)]


@pytest.mark.parametrize("format_", ["csv-orders", "csv-products", "csv-locations", "csv-stock"])
def test_nothing_of_it_is_refused_and_its_format_is_found_out(format_: str) -> None:
    assert detect(SAMPLE / f"{format_.removeprefix('csv-')}.csv") == format_
    assert [each for each in read(format_) if isinstance(each, RefusedRow)] == []


def test_orders_are_many_real_and_small() -> None:
    real = [order for order in orders() if order.tags != "example"]
    assert (len(orders()), len(real)) == (332, 326)
    assert len({order.number for order in orders()}) == 332
    assert max(len(order.lines) for order in real) == 8
    assert max(sum(line.quantity for line in order.lines) for order in real) == 24
    assert sum(len(order.lines) for order in orders()) == 764


def test_the_cases_of_a_day_are_among_them() -> None:
    faults = {order.number: [p.code for p in check_address(order.ship_to)] for order in orders()}
    assert {number: codes for number, codes in faults.items() if codes} == {
        "#1023": ["street_missing"],
        "#1038": ["postcode_wrong"],
    }
    assert [o.number for o in orders() if o.financial is Financial.PENDING] == ["#1030", "#1053"]
    assert [o.number for o in orders() if o.cancelled] == ["#1009", "#1090"]
    assert [o.number for o in orders() if o.gift] == ["#1017", "#1042", "#1064", "#1077"]
    shown = next(order for order in orders() if order.number == "#1042")
    assert [(line.sku, line.quantity) for line in shown.lines] == [
        ("85123A", 3),
        ("22727", 1),
        ("47566", 2),
        ("22423", 1),
        ("84879", 4),
    ]
    assert (shown.ship_to.name, shown.ship_to.postcode) == ("Harriet Ovenden", "TQ9 5HT")


def test_one_product_is_not_entered_and_two_have_no_stock() -> None:
    wanted = {line.sku for order in orders() for line in order.lines}
    assert len(wanted - set(products())) == 1
    assert len(wanted & (set(products()) - {row.sku for row in stock()})) == 2


def test_every_product_has_what_packing_needs() -> None:
    codes = [code for product in products().values() for code in product.codes]
    assert len(products()) == 517
    assert len({code.code for code in codes}) == len(codes)
    assert all(product.weight_g and product.length_mm and product.width_mm for product in products().values())
    assert all(product.height_mm and product.price and product.currency == "GBP" for product in products().values())
    for code in codes:
        assert has_check_digit(code.code)
        assert read_code(code.code).kind is CodeKind.GTIN
        assert code.code.lstrip("01").startswith("2") or code.code[1] == "2"
    cases = Counter(code.quantity for code in codes if code.kind == "case")
    assert set(cases) == {6, 12, 24}
    assert sum(cases.values()) > 100


def test_the_floor_has_places_for_all() -> None:
    kinds = Counter(location.kind for location in locations().values())
    assert kinds == {
        "shelf": 564,
        "bulk": 76,
        "tote": 120,
        "bench": 6,
        "cage": 6,
        "receiving": 3,
        "returns": 2,
        "quarantine": 2,
        "refurbish": 1,
        "scrap": 1,
    }
    assert {LocationKind(kind) for kind in kinds}
    racks = [each for each in locations().values() if each.zone]
    assert [each.pick_sequence for each in racks] == [10 * number for number in range(1, 641)]
    assert len({(each.x_mm, each.y_mm, each.level) for each in racks}) == 640
    floor = json.loads((SAMPLE / "floor.json").read_text(encoding="utf-8"))
    for each in locations().values():
        if each.x_mm is not None and each.y_mm is not None:
            assert 0 <= each.x_mm <= floor["width"]
            assert 0 <= each.y_mm <= floor["depth"]
    assert all(
        any(
            rack["x"] <= each.x_mm <= rack["x"] + rack["width"] and rack["y"] <= each.y_mm <= rack["y"] + rack["depth"]
            for rack in floor["racks"]
            if each.x_mm is not None and each.y_mm is not None
        )
        for each in racks
    )


def test_the_walk_makes_no_long_jumps_inside_a_zone() -> None:
    racks = [each for each in locations().values() if each.zone]
    for before, after in pairwise(racks):
        if before.zone == after.zone and before.aisle == after.aisle:
            assert abs((after.y_mm or 0) - (before.y_mm or 0)) <= 1200


def test_stock_lies_in_places_that_exist_and_covers_the_orders() -> None:
    there: Counter[str] = Counter()
    for row in stock():
        assert locations()[row.location].kind in ("shelf", "bulk")
        assert row.sku in products()
        there[row.sku] += row.quantity
    wanted: Counter[str] = Counter()
    for order in orders():
        for line in order.lines:
            wanted[line.sku] += line.quantity
    assert len([sku for sku in wanted if there[sku] < wanted[sku]]) == 3
    by_place = {row.location: (row.sku, row.quantity) for row in stock()}
    assert len(by_place) == len(stock())
    assert by_place["A-03-12-2"][0] == "85123A"
    assert by_place["A-05-02-1"] == ("85123A", 14)
    assert by_place["A-01-04-1"] == ("22423", 14)


def test_orders_go_into_a_carton() -> None:
    with (SAMPLE / "cartons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cartons = [
        CartonType(r["code"], *(int(r[f"{side} mm"]) for side in ("length", "width", "height")), int(r["weight g"]),
                   int(r["most g"])) for r in rows
    ]  # fmt: skip
    known = products()
    without = []
    for order in orders():
        units = [
            PackUnits(line.quantity, p.length_mm, p.width_mm, p.height_mm, p.weight_g)
            for line in order.lines
            if (p := known.get(line.sku))
        ]
        if not any(fit.fits for fit in choose_carton(units, cartons)):
            without.append(order.number)
    assert len(without) <= 3, without


def test_people_have_roles_and_badges_that_scan() -> None:
    people = json.loads((SAMPLE / "operators.json").read_text(encoding="utf-8"))
    assert {Role(person["role"]) for person in people} == set(Role)
    assert all(read_code(person["badge"]).kind is CodeKind.BADGE for person in people)
    assert len({person["badge"] for person in people}) == len(people) == 8


def test_totes_carts_and_cages_scan_as_what_they_are() -> None:
    warehouse = json.loads((SAMPLE / "warehouse.json").read_text(encoding="utf-8"))
    assert all(read_code(cart["code"]).kind is CodeKind.CART for cart in warehouse["carts"])
    kinds = {"tote": CodeKind.TOTE, "cage": CodeKind.CAGE}
    for location in locations().values():
        if location.kind in kinds:
            assert read_code(location.code).kind is kinds[location.kind]
    assert all(locations()[service["cage"]].kind == "cage" for service in warehouse["services"])


def test_days_move_on_the_same_hour_of_the_clock(tmp_path: Path) -> None:
    text = (SAMPLE / "orders.csv").read_text(encoding="utf-8")
    zone = ZoneInfo("Europe/London")
    path = tmp_path / "orders.csv"
    path.write_text(move_days(text, date(2010, 12, 8), date(2026, 7, 1), zone), encoding="utf-8", newline="")
    moved = [each for each in readers()["csv-orders"].read(path, SETTINGS) if isinstance(each, CapturedOrder)]
    before = {order.number: order for order in orders()}
    assert len(moved) == len(before)
    shown = next(order for order in moved if order.number == "#1042")
    assert shown.ship_by_utc == datetime(2026, 7, 1, 15, 30, tzinfo=UTC)
    assert shown.created_utc == datetime(2026, 7, 1, 7, 41, tzinfo=UTC)
    assert all(order.lines == before[order.number].lines for order in moved)
    days = {order.ship_by_utc.astimezone(zone).date() for order in moved if order.ship_by_utc}
    assert days == {date(2026, 7, 1), date(2026, 7, 1) + timedelta(days=1)}


def test_made_again_it_is_the_same(tmp_path: Path) -> None:
    make(shared("data/online_retail"), tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name


def test_quantities_are_those_of_the_invoices() -> None:
    real: dict[str, list[tuple[str, int]]] = {}
    for name in ("online_retail_2010-12.csv", "online_retail_2011-03_w1.csv", "online_retail_2011-07.csv"):
        with shared(f"data/online_retail/{name}").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                pair = (row["StockCode"].strip().upper(), int(row["Quantity"]))
                real.setdefault(row["InvoiceNo"], []).append(pair)
    with (SAMPLE / "orders.csv").open(encoding="utf-8", newline="") as file:
        sold: dict[str, list[tuple[str, int]]] = {}
        for row in csv.DictReader(file):
            if row["invoice reference"]:
                sold.setdefault(row["invoice reference"], []).append((row["sku"], int(row["quantity"])))
    assert len(sold) == 326
    assert all(lines == real[invoice] for invoice, lines in sold.items())
