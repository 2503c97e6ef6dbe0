"""Files of orders to import, made anew each time from the products of a big database."""

from __future__ import annotations

import csv
from pathlib import Path

from tools.big_rows import FIRST_NAMES, LAST_NAMES, TOWNS
from tools.make_big import sku_of

LINES_OF_AN_ORDER = 4
PRODUCTS = 60
"""The smallest big database has so many."""


def orders_file(folder: Path, lines: int, prefix: str) -> Path:
    """A generic CSV of so many order lines, four to an order."""
    path = folder / f"orders-{prefix}-{lines}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Order number", "SKU", "Qty", "Unit price", "Order date", "Recipient", "Address line 1", "Town",
             "Post code", "Country code", "Email"]
        )  # fmt: skip
        for at in range(lines):
            order, line = divmod(at, LINES_OF_AN_ORDER)
            first, last = FIRST_NAMES[order % len(FIRST_NAMES)], LAST_NAMES[order // 7 % len(LAST_NAMES)]
            town, postcode = TOWNS[order % len(TOWNS)]
            writer.writerow(
                [f"{prefix}{order}", sku_of(1 + (order * 7 + line * 13) % PRODUCTS), 1, "2.95",
                 f"2026-05-{1 + order % 28:02} 10:00", f"{first} {last}", f"{1 + order % 200} {last} Road", town,
                 postcode, "GB", f"{first}.{last}{order}@example.com".lower()]
            )  # fmt: skip
    return path
