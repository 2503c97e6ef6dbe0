"""The statements that fill a big database: each makes the rows of orders :first to :last from their numbers alone.

They run on both databases. Ids follow from the order's number n: its lines are 4n, 4n+1 and 4n+2, and its fulfillment,
parcel, shipment and label are n, so that no statement has to look anything up.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORT_PRODUCTS = 20
"""Products of which nothing is there: orders wait for them."""
FREE = 3000
"""Units of each product that nobody is promised."""
FIRST_NAMES = (
    "Ada", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jana", "Kofi", "Lena", "Mateo", "Nadia",
    "Oskar", "Petra", "Quentin", "Rosa", "Samir", "Tove", "Umar", "Vera", "Wanda", "Xenia", "Yusuf", "Zofia",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Bergstrom", "Castellano", "Dubois", "Eriksen", "Fontaine", "Garrido", "Hoffmann", "Iversen", "Jankowski",
    "Kaplan", "Lindholm", "Marchetti", "Novak", "Okafor", "Pettersen", "Quayle", "Rasmussen", "Santoro", "Takahashi",
    "Underwood", "Vasquez", "Whitfield", "Yilmaz", "Zimmermann", "Ashworth", "Brodsky", "Cavendish", "Drummond",
)  # fmt: skip
TOWNS = (
    ("Leeds", "LS1 1AA"), ("Bristol", "BS1 4DJ"), ("York", "YO1 7HH"), ("Derby", "DE1 2RY"), ("Norwich", "NR1 3DD"),
    ("Exeter", "EX4 3LS"), ("Cardiff", "CF10 1EP"), ("Dundee", "DD1 4BG"), ("Swansea", "SA1 3RD"), ("Bath", "BA1 1LT"),
    ("Lincoln", "LN1 3DY"), ("Oxford", "OX1 4BH"), ("Perth", "PH1 5LU"), ("Truro", "TR1 2HE"), ("Durham", "DH1 3NJ"),
    ("Lancaster", "LA1 1YW"), ("Chester", "CH1 2HT"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What the statements must know: sizes, and the ids at which things begin. `now` in milliseconds."""

    orders: int
    shipped: int
    products: int
    now: int
    warehouse: int
    station: int
    operator: int
    supplier: int
    customer: int
    shelf: int
    """Product p lies on shelf `shelf + p`."""
    parcel: int
    """The parcel of order n is the place `parcel + n`."""

    def named(self) -> dict[str, object]:
        """The names that statements use behind a dollar sign."""
        each = 31_536_000_000 // max(self.orders, 1)  # a year of orders
        return {
            "shipped": self.shipped,
            "products": self.products,
            "now": self.now,
            "begin": self.now - each * self.orders,
            "each": each,
            "warehouse": self.warehouse,
            "station": self.station,
            "operator": self.operator,
            "supplier": self.supplier,
            "customer": self.customer,
            "shelf": self.shelf,
            "parcel": self.parcel,
            "firsts": len(FIRST_NAMES),
            "lasts": len(LAST_NAMES),
            "towns": len(TOWNS),
            "short": SHORT_PRODUCTS,
            "free": FREE,
        }


# Of the orders that are open 40 % are promised their goods, 25 % ready, 15 % held and 20 % wait for stock.
_STATE = (
    "CASE WHEN n <= $shipped THEN CASE WHEN n % 50 = 7 THEN 'cancelled' ELSE 'shipped' END "
    "WHEN n % 20 < 8 THEN 'allocated' WHEN n % 20 < 13 THEN 'ready' WHEN n % 20 < 16 THEN 'captured' "
    "ELSE 'backordered' END"
)
_LEAVES = "CASE WHEN n <= $shipped THEN $begin + n * $each + 90000000 ELSE $now + (n * 37) % 259200000 - 43200000 END"
_NAME = "f.word || ' ' || l.word"
_PEOPLE = (
    "$series JOIN big_words f ON f.kind = 'first' AND f.i = n % $firsts "
    "JOIN big_words l ON l.kind = 'last' AND l.i = (n / $firsts) % $lasts"
)
_LINE_OF = (
    "$series CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2) AS each_line "
    "WHERE k <= CASE n % 4 WHEN 0 THEN 2 WHEN 1 THEN 1 ELSE 0 END"
)
_LINES = "order_lines l JOIN orders o ON o.id = l.order_id WHERE o.id BETWEEN $first AND $last AND o.state ="

ORDER_STATEMENTS = (
    "INSERT INTO customers (id, channel_id, channel_ref, name, email) "
    f"SELECT n, 1, 'C' || n, {_NAME}, lower(f.word) || '.' || lower(l.word) || n || '@example.com' FROM {_PEOPLE} "
    "WHERE n % 3 = 0",
    "INSERT INTO addresses (id, name, address1, city, postcode, country, phone) "
    f"SELECT n, {_NAME}, (n % 180 + 1) || ' ' || l.word || ' Road', t.word, t.more, 'GB', '' FROM {_PEOPLE} "
    "JOIN big_words t ON t.kind = 'town' AND t.i = (n / 7) % $towns",
    "INSERT INTO orders (id, channel_id, channel_ref, number, state, priority, may_ship_in_parts, customer_id, "
    "ship_to_id, created_at, captured_at, leaves_at, shipped_at, currency, email, service, total, fingerprint) "
    f"SELECT n, 1, 'S' || (500000 + n), '#' || (100000 + n), {_STATE}, CASE WHEN n % 40 = 3 THEN 1 ELSE 5 END, FALSE, "
    "CASE WHEN n >= 3 THEN n / 3 * 3 END, n, $begin + n * $each, $begin + n * $each + 60000, "
    f"{_LEAVES}, CASE WHEN n <= $shipped AND n % 50 <> 7 THEN $begin + n * $each + 80000000 END, 'GBP', "
    "lower(f.word) || '.' || lower(l.word) || (n / 3 * 3) || '@example.com', "
    f"CASE n % 5 WHEN 0 THEN 'express' ELSE 'standard' END, 1995, '' FROM {_PEOPLE}",
    "INSERT INTO order_lines (id, order_id, line_no, product_id, sku, title, quantity, cancelled, unit_price, "
    "line_total) SELECT 4 * n + k, n, k + 1, p.id, p.sku, p.name, q, CASE WHEN gone THEN q ELSE 0 END, 295, 295 * q "
    f"FROM (SELECT n, k, 1 + (n + k) % 3 AS q, n <= $shipped AND n % 50 = 7 AS gone, "
    "CASE WHEN n > $shipped AND n % 20 >= 16 AND k = 0 THEN $products + 1 + n % $short "
    f"ELSE 1 + (n * 7 + k * 13) % $products END AS product FROM {_LINE_OF}) AS wanted "
    "JOIN products p ON p.id = wanted.product",
    "INSERT INTO holds (order_id, kind, detail, opened_at) SELECT id, CASE WHEN state = 'backordered' THEN 'stock' "
    "ELSE CASE id % 20 WHEN 13 THEN 'payment' WHEN 14 THEN 'address' ELSE 'office' END END, '', captured_at "
    "FROM orders WHERE id BETWEEN $first AND $last AND state IN ('captured', 'backordered')",
    "INSERT INTO fulfillments (id, order_id, warehouse_id, state, service, priority, leaves_at, created_at, "
    "shipped_at) SELECT id, id, $warehouse, state, service, priority, leaves_at, captured_at, shipped_at FROM orders "
    "WHERE id BETWEEN $first AND $last AND state IN ('allocated', 'shipped')",
    "INSERT INTO locations (id, warehouse_id, code, kind) SELECT $parcel + id, $warehouse, 'PACKAGE-' || id, 'package' "
    "FROM orders WHERE id BETWEEN $first AND $last AND state = 'shipped'",
    "INSERT INTO packages (id, fulfillment_id, location_id, number, state, weight_g, weight_source, station_id, "
    "operator_id, opened_at, sealed_at, handed_over_at) SELECT id, id, $parcel + id, 1, 'handed_over', 640, "
    "'expected', $station, $operator, shipped_at - 60000, shipped_at - 30000, shipped_at FROM orders "
    "WHERE id BETWEEN $first AND $last AND state = 'shipped'",
    "INSERT INTO shipments (id, fulfillment_id, carrier, service, created_at, handed_over_at) "
    "SELECT id, id, 'own', service, shipped_at - 30000, shipped_at FROM orders "
    "WHERE id BETWEEN $first AND $last AND state = 'shipped'",
    "INSERT INTO labels (id, package_id, shipment_id, carrier, service, state, reference, tracking_number, price, "
    "currency, intended_at, bought_at) SELECT id, id, id, 'own', service, 'handed_over', 'P' || id || '-1', "
    "'OWN' || (7000000000 + id * 11), 0, 'GBP', shipped_at - 30000, shipped_at FROM orders "
    "WHERE id BETWEEN $first AND $last AND state = 'shipped'",
    "INSERT INTO stock_balances (id, product_id, location_id, lot_id, condition, on_hand, allocated) "
    f"SELECT 2000 + l.id, l.product_id, $parcel + o.id, 0, 'new', 0, 0 FROM {_LINES} 'shipped'",
    "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
    f"SELECT l.id, o.id, 2000 + l.id, l.quantity, 'consumed' FROM {_LINES} 'shipped'",
    "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
    f"SELECT l.id, o.id, l.product_id, l.quantity, 'open' FROM {_LINES} 'allocated'",
    "INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, lot_id, "
    "condition, to_condition, order_line_id, fulfillment_id, gesture_id, operator_id, station_id) "
    "SELECT o.shipped_at - 50000, 'pack', l.product_id, l.quantity, $shelf + l.product_id, $parcel + o.id, 0, 'new', "
    f"'new', l.id, o.id, $gesture, $operator, $station FROM {_LINES} 'shipped'",
    "INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, lot_id, "
    "condition, to_condition, order_line_id, fulfillment_id, operator_id, station_id) "
    "SELECT o.shipped_at, 'ship', l.product_id, l.quantity, $parcel + o.id, $customer, 0, 'new', 'new', l.id, o.id, "
    f"$operator, $station FROM {_LINES} 'shipped'",
    "INSERT INTO gestures (id, station_id, operator_id, kind, raw, at, applied_at, result, code, answer) "
    "SELECT $gesture, $station, $operator, 'scan', l.sku, o.shipped_at - 50000, o.shipped_at - 50000, 'done', "
    '\'pack.counted\', \'{"sound":"accepted","values":{"quantity":1}}\' '
    f"FROM {_LINES} 'shipped'",
)
"""In the sequence in which they run; each for a stretch of orders."""

STOCK_STATEMENTS = (
    "INSERT INTO stock_balances (id, product_id, location_id, lot_id, condition, on_hand, allocated) "
    "SELECT id, id, $shelf + id, 0, 'new', $free, 0 FROM products WHERE id <= $products",
)
"""Before the orders: what lies on the shelves and is promised to nobody."""

CLOSING_STATEMENTS = (
    "CREATE TEMPORARY TABLE big_demand AS SELECT l.product_id, SUM(CASE WHEN o.state = 'shipped' THEN l.quantity "
    "ELSE 0 END) AS shipped, SUM(CASE WHEN o.state = 'allocated' THEN l.quantity ELSE 0 END) AS promised "
    "FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.state IN ('shipped', 'allocated') "
    "GROUP BY l.product_id",
    "UPDATE stock_balances SET on_hand = $free + COALESCE((SELECT promised FROM big_demand d "
    "WHERE d.product_id = stock_balances.product_id), 0), allocated = COALESCE((SELECT promised FROM big_demand d "
    "WHERE d.product_id = stock_balances.product_id), 0) WHERE id <= $products",
    "INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, lot_id, "
    "condition, to_condition, operator_id) SELECT $begin - 1000, 'receipt', p.id, $free + COALESCE(d.shipped, 0) "
    "+ COALESCE(d.promised, 0), $supplier, $shelf + p.id, 0, 'new', 'new', $operator "
    "FROM products p LEFT JOIN big_demand d ON d.product_id = p.id WHERE p.id <= $products",
    "DROP TABLE big_demand",
)
"""After the orders: what came in and what is promised, so that the ledger adds up."""
