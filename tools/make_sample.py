"""Makes resources/sample from the Online Retail files: `python -m tools.make_sample --source DIR`.

The same source gives the same files, byte for byte. Orders, products, prices and quantities are real; people,
barcodes, sizes, places and stock are invented. The files are read by the same importers as anybody's own.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from tools.sample_floor import floor_map, other_places, racks
from tools.sample_goods import invent_make
from tools.sample_orders import BASE_DAY, Sale, demand, read_products, read_sales, with_cases

ROOT = Path(__file__).resolve().parents[1]
CURRENCY = "GBP"
# Products that have a picture: they are stocked whether anybody ordered them or not.
DRAWN = (
    "85123A", "22727", "22726", "22728", "47566", "22423", "84879", "85099B", "71053", "84029E", "22960", "22720",
    "22310", "21755",
)  # fmt: skip
# Where the documentation shows them: location, units.
FIXED: dict[str, tuple[tuple[str, int], ...]] = {
    "85123A": (("A-03-12-2", 24), ("A-05-02-1", 14)),
    "22727": (("B-01-04-3", 18),),
    "22726": (("B-01-04-2", 20),),
    "22728": (("B-01-04-1", 15),),
    "22423": (("A-01-04-1", 14), ("A-01-04-3", 48), ("B-07-02-4", 24)),
    "47566": (("A-02-03-1", 40),),
    "84879": (("A-02-06-2", 96),),
}
# Ordered, but not a single one is there: these orders wait for goods.
OUT_OF_STOCK = 2
# Ordered, but nobody has entered the product: the order is held until somebody does.
NOT_ENTERED = 1
CARTONS = (
    ("B", "Carton B", 250, 200, 150, 140, 10_000),
    ("C", "Carton C", 320, 240, 180, 210, 15_000),
    ("E", "Carton E", 400, 300, 250, 340, 20_000),
    ("A", "Carton A", 200, 150, 80, 90, 5_000),
    ("F", "Carton F", 600, 400, 400, 780, 30_000),
    ("G", "Carton G", 800, 600, 450, 1_400, 30_000),
    ("L", "Long carton L", 650, 180, 180, 310, 10_000),
    ("S", "Flat mailer S", 350, 250, 30, 60, 2_000),
)
PEOPLE = (
    ("Anna Lindqvist", "packer", "OP-ANNA"),
    ("Tomasz Brandt", "packer", "OP-TOMASZ"),
    ("Jonas Petrak", "picker", "OP-JONAS"),
    ("Ines Falk", "picker", "OP-INES"),
    ("Priya Nandra", "returns", "OP-PRIYA"),
    ("Greta Holm", "lead", "OP-GRETA"),
    ("Mirela Dumont", "office", "OP-MIRELA"),
    ("Ruth Calloway", "admin", "OP-RUTH"),
)
WAREHOUSE: dict[str, object] = {
    "code": "MAIN",
    "name": "Sample warehouse",
    "timezone": "Europe/London",
    "address": {
        "name": "Pickwick Sample Goods", "address1": "1 Dock Street", "city": "Bristol", "postcode": "BS1 4XX",
        "country": "GB",
    },
    "channel": "Web shop",
    "base_day": BASE_DAY.isoformat(),
    "stations": ["Bench 4", "Bench 5", "Cart C-03", "Returns 1", "Lead desk"],
    "carts": [{"code": f"C-{number:02d}", "slots": 12, "columns": 4} for number in range(1, 5)],
    "services": [
        {"name": "Northway 24", "leaves": "16:30", "cage": "CAGE-4"},
        {"name": "Northway 48", "leaves": "17:00", "cage": "CAGE-3"},
        {"name": "Bluebird Economy", "leaves": "15:30", "cage": "CAGE-1"},
        {"name": "Eurolink", "leaves": "18:00", "cage": "CAGE-6"},
    ],
}  # fmt: skip
Row = Sequence[object]


def main() -> None:
    """Reads the arguments and writes the files."""
    parser = argparse.ArgumentParser(description="Make the sample warehouse from the Online Retail files.")
    parser.add_argument(
        "--source", type=Path, required=True, help="folder with online_retail_2010-12.csv, products.csv, ..."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "sample")
    arguments = parser.parse_args()
    make(arguments.source, arguments.out)


def make(source: Path, out: Path) -> None:
    """Writes all files of the sample."""
    out.mkdir(parents=True, exist_ok=True)
    catalogue = read_products(source)
    sales = with_cases(read_sales(source), catalogue)
    wanted = demand(sales)
    names = {line.sku: line.name for sale in sales for line in sale.lines} | {
        sku: name for sku, (name, _) in catalogue.items()
    }
    rare = [sku for sku, units in reversed(wanted.items()) if sku not in DRAWN and units >= 2]
    out_of_stock, not_entered = set(rare[:OUT_OF_STOCK]), set(rare[OUT_OF_STOCK : OUT_OF_STOCK + NOT_ENTERED])
    skus = sorted((set(wanted) | set(DRAWN)) - not_entered)
    prices = {line.sku: line.price for sale in sales for line in sale.lines} | {
        sku: price for sku, (_, price) in catalogue.items()
    }
    _write(out / "products.csv", *_products(skus, names, prices))
    _write(out / "locations.csv", *_locations())
    _write(out / "stock.csv", *_stock(skus, wanted, out_of_stock))
    _write(out / "orders.csv", *_orders(sales))
    _write(
        out / "cartons.csv",
        ("code", "name", "length mm", "width mm", "height mm", "weight g", "most g", "key"),
        ((*carton, key) for key, carton in enumerate(CARTONS, start=1)),
    )
    _json(out / "operators.json", [{"name": n, "role": r, "badge": b} for n, r, b in PEOPLE])
    _json(out / "warehouse.json", WAREHOUSE)
    _json(out / "floor.json", floor_map())


def _products(skus: list[str], names: dict[str, str], prices: dict[str, Decimal]) -> tuple[Row, Iterable[Row]]:
    heading = (
        "sku", "name", "barcode", "case barcode", "case quantity", "weight g", "length mm", "width mm", "height mm",
        "price", "currency",
    )  # fmt: skip
    rows: list[Row] = []
    for place, sku in enumerate(skus, start=1):
        made = invent_make(sku, names[sku], place)
        case = (made.case_barcode, made.case_quantity or "")
        rows.append((sku, names[sku], made.barcode, *case, made.grams, *made.size, prices[sku], CURRENCY))
    return heading, rows


def _locations() -> tuple[Row, Iterable[Row]]:
    heading = ("code", "kind", "zone", "aisle", "bay", "level", "pick sequence", "x mm", "y mm")
    return heading, (
        (p.code, p.kind, p.zone, p.aisle, p.bay, p.level, p.sequence or "", _blank(p.x), _blank(p.y))
        for p in (*racks(), *other_places())
    )


def _blank(number: int | None) -> object:
    return "" if number is None else number


def _stock(skus: list[str], wanted: dict[str, int], out_of_stock: set[str]) -> tuple[Row, Iterable[Row]]:
    """What is wanted most lies nearest to the benches; there is more of everything than is ordered."""
    taken = {location for places in FIXED.values() for location, _ in places}
    free = iter([place.code for place in racks() if place.code not in taken and place.kind == "shelf"])
    rows: list[Row] = []
    stocked = set(skus) - out_of_stock
    for sku in [*(sku for sku in wanted if sku in stocked), *(sku for sku in skus if sku in stocked - set(wanted))]:
        if sku in FIXED:
            rows += [(location, sku, units) for location, units in FIXED[sku]]
            continue
        spare = random.Random(f"stock {sku}").randint(4, 20)
        rows.append((next(free), sku, wanted.get(sku, 0) + spare))
    return ("location", "sku", "quantity"), sorted(rows, key=lambda row: (str(row[0]), str(row[1])))


def _orders(sales: list[Sale]) -> tuple[Row, Iterable[Row]]:
    heading = (
        "order", "order date", "ship by", "payment status", "order status", "shipping method", "gift", "notes", "tags",
        "invoice reference", "email", "phone", "name", "company", "address1", "address2", "city", "postcode", "country",
        "sku", "title", "quantity", "unit price", "currency", "order total",
    )  # fmt: skip
    return heading, (
        (
            f"#{s.number}", s.ordered.isoformat(" "), s.ship_by.isoformat(" "), s.payment, s.status, s.service, s.gift,
            s.note, s.tags, s.invoice, s.person.email, s.person.phone, s.person.name, s.person.company, s.person.street,
            s.person.street2, s.person.town, s.person.postcode, s.person.country, line.sku, line.name, line.quantity,
            line.price, CURRENCY, s.total,
        )
        for s in sales
        for line in s.lines
    )  # fmt: skip


def _write(path: Path, heading: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
