"""The invariants as questions to the database: each statement finds the rows that break one, and nothing otherwise."""

from __future__ import annotations

from dataclasses import dataclass

_COUNTERPARTIES = "SELECT id FROM locations WHERE kind IN ('supplier', 'customer', 'adjustment', 'scrap')"
_LIVE = "state NOT IN ('refused', 'voided')"
_CARRIED = "state IN ('bought', 'printed', 'applied', 'handed_over')"


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement. It yields `code`, `subject_id` and the values that explain what is wrong."""

    subject_kind: str
    sql: str


# A sum over everything that came and went, less what the balance says: one pass, no outer join.
_BALANCES = Rule(
    "product",
    f"""
    SELECT 'check.balance_differs' AS code, product_id AS subject_id, location_id, lot_id, condition,
           SUM(moved) AS moved, SUM(held) AS on_hand
    FROM (SELECT product_id, to_location_id AS location_id, lot_id, to_condition AS condition,
                 quantity AS moved, 0 AS held
          FROM stock_movements WHERE to_location_id NOT IN ({_COUNTERPARTIES})
          UNION ALL
          SELECT product_id, from_location_id, lot_id, condition, -quantity, 0
          FROM stock_movements WHERE from_location_id NOT IN ({_COUNTERPARTIES})
          UNION ALL
          SELECT product_id, location_id, lot_id, condition, 0, on_hand FROM stock_balances) AS entries
    GROUP BY product_id, location_id, lot_id, condition HAVING SUM(moved) <> SUM(held)
    """,
)

_BOUNDS = Rule(
    "balance",
    """
    SELECT CASE WHEN on_hand < 0 THEN 'check.balance_negative' ELSE 'check.balance_overpromised' END AS code,
           id AS subject_id, on_hand, allocated
    FROM stock_balances WHERE on_hand < 0 OR allocated < 0 OR allocated > on_hand
    """,
)

_PROMISES = Rule(
    "balance",
    """
    SELECT 'check.promises_differ' AS code, b.id AS subject_id, b.allocated, COALESCE(a.promised, 0) AS promised
    FROM stock_balances b
    LEFT JOIN (SELECT balance_id, SUM(quantity) AS promised FROM allocations WHERE state = 'open' GROUP BY balance_id) a
           ON a.balance_id = b.id
    WHERE b.allocated <> COALESCE(a.promised, 0)
    """,
)

_ALLOCATIONS = Rule(
    "allocation",
    """
    SELECT CASE WHEN b.product_id <> l.product_id OR l.product_id IS NULL THEN 'check.allocation_of_other_product'
                WHEN f.order_id <> l.order_id THEN 'check.allocation_of_other_order'
                WHEN p.warehouse_id <> f.warehouse_id THEN 'check.allocation_of_other_warehouse'
                ELSE 'check.allocation_after_end' END AS code,
           a.id AS subject_id, l.order_id, f.id AS fulfillment_id
    FROM allocations a
    JOIN order_lines l ON l.id = a.order_line_id
    JOIN fulfillments f ON f.id = a.fulfillment_id
    JOIN stock_balances b ON b.id = a.balance_id
    JOIN locations p ON p.id = b.location_id
    WHERE a.state = 'open' AND (l.product_id IS NULL OR b.product_id <> l.product_id OR f.order_id <> l.order_id
                                OR p.warehouse_id <> f.warehouse_id OR f.state IN ('shipped', 'cancelled'))
    """,
)

# What was promised (picked and packed units are too), consumed, shipped and returned of each line, in one pass.
_LINES = Rule(
    "order_line",
    """
    WITH facts AS MATERIALIZED (
        SELECT order_line_id, SUM(promised) AS promised, SUM(consumed) AS consumed,
               SUM(shipped) AS shipped, SUM(returned) AS returned
        FROM (SELECT order_line_id, CASE WHEN state = 'open' THEN quantity ELSE 0 END AS promised,
                     CASE WHEN state = 'consumed' THEN quantity ELSE 0 END AS consumed, 0 AS shipped, 0 AS returned
              FROM allocations WHERE state IN ('open', 'consumed')
              UNION ALL
              SELECT m.order_line_id, 0, 0,
                     CASE WHEN m.reason = 'ship' AND t.kind = 'customer' THEN m.quantity ELSE 0 END,
                     CASE WHEN m.reason <> 'return' THEN 0 WHEN t.kind = 'customer' THEN -m.quantity ELSE m.quantity END
              FROM stock_movements m JOIN locations t ON t.id = m.to_location_id
              WHERE m.reason IN ('ship', 'return') AND m.order_line_id IS NOT NULL) AS entries
        GROUP BY order_line_id)
    SELECT 'check.line_beyond_order' AS code, l.id AS subject_id, l.quantity - l.cancelled - l.elsewhere AS due,
           facts.promised AS allocated, facts.shipped AS counted
    FROM facts JOIN order_lines l ON l.id = facts.order_line_id
    WHERE facts.promised + facts.shipped > l.quantity - l.cancelled - l.elsewhere
    UNION ALL
    SELECT 'check.shipped_without_movement', order_line_id, consumed, promised, shipped
    FROM facts WHERE consumed <> shipped
    UNION ALL
    SELECT 'check.returned_not_shipped', order_line_id, shipped, promised, returned
    FROM facts WHERE returned > shipped
    """,
)

_RETURN_UNITS = Rule(
    "order_line",
    """
    SELECT 'check.returned_not_shipped' AS code, u.order_line_id AS subject_id,
           COALESCE(s.shipped, 0) AS due, 0 AS allocated, u.units AS counted
    FROM (SELECT order_line_id, COUNT(*) AS units FROM return_units
          WHERE order_line_id IS NOT NULL GROUP BY order_line_id) u
    LEFT JOIN (SELECT m.order_line_id, SUM(m.quantity) AS shipped FROM stock_movements m
               JOIN locations t ON t.id = m.to_location_id AND t.kind = 'customer'
               WHERE m.reason = 'ship' AND m.order_line_id IN (SELECT order_line_id FROM return_units)
               GROUP BY m.order_line_id) s ON s.order_line_id = u.order_line_id
    WHERE u.units > COALESCE(s.shipped, 0)
    """,
)

# No payment reported counts as paid in full. What a channel reports as refunded may be the same money as our own
# refund, so the larger of the two counts, not their sum.
_REFUNDS = Rule(
    "order",
    """
    SELECT 'check.refunded_beyond_captured' AS code, o.id AS subject_id,
           CASE WHEN p.rows_known > 0 THEN p.captured ELSE o.total END AS captured, r.refunded AS refunded
    FROM (SELECT order_id, MAX(refunded) AS refunded
          FROM (SELECT order_id, SUM(amount) AS refunded FROM refunds
                WHERE state IN ('approved', 'settled') GROUP BY order_id
                UNION ALL
                SELECT order_id, SUM(amount) FROM payments WHERE kind = 'refunded' GROUP BY order_id) AS given
          GROUP BY order_id) r
    JOIN orders o ON o.id = r.order_id
    LEFT JOIN (SELECT order_id, SUM(CASE WHEN kind = 'captured' THEN amount ELSE 0 END) AS captured,
                      SUM(CASE WHEN kind = 'refunded' THEN 0 ELSE 1 END) AS rows_known
               FROM payments GROUP BY order_id) p ON p.order_id = o.id
    WHERE r.refunded > CASE WHEN p.rows_known > 0 THEN p.captured ELSE o.total END
    """,
)

_LIVE_LABELS = Rule(
    "package",
    f"""
    SELECT 'check.labels_of_one_package' AS code, package_id AS subject_id, COUNT(*) AS labels
    FROM labels WHERE {_LIVE} GROUP BY package_id HAVING COUNT(*) > 1
    """,
)

_TRACKING = Rule(
    "package",
    f"""
    SELECT 'check.tracking_number_twice' AS code, MIN(package_id) AS subject_id, MAX(package_id) AS other_package_id,
           tracking_number
    FROM labels WHERE {_LIVE} AND tracking_number <> ''
    GROUP BY tracking_number HAVING COUNT(DISTINCT package_id) > 1
    """,
)

_UNLABELLED = Rule(
    "package",
    f"""
    SELECT 'check.shipped_without_label' AS code, p.id AS subject_id, p.fulfillment_id
    FROM packages p WHERE p.state = 'handed_over'
    AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.package_id = p.id AND l.{_CARRIED})
    """,
)

_LEFT_BEHIND = Rule(
    "package",
    """
    SELECT 'check.shipped_but_still_here' AS code, p.id AS subject_id, SUM(b.on_hand) AS on_hand
    FROM stock_balances b JOIN packages p ON p.location_id = b.location_id AND p.state = 'handed_over'
    WHERE b.on_hand > 0 GROUP BY p.id
    """,
)

_SHIPPED_FROM = Rule(
    "movement",
    """
    SELECT CASE WHEN t.kind = 'customer' THEN 'check.shipped_without_parcel'
                ELSE 'check.shipped_to_nobody' END AS code,
           m.id AS subject_id, m.order_line_id, m.from_location_id
    FROM stock_movements m
    JOIN locations t ON t.id = m.to_location_id
    LEFT JOIN packages p ON p.location_id = m.from_location_id AND p.state = 'handed_over'
    WHERE m.reason = 'ship' AND (p.id IS NULL OR t.kind <> 'customer')
    """,
)

_GESTURES = Rule(
    "gesture",
    """
    SELECT 'check.gesture_twice' AS code, 0 AS subject_id, id AS gesture_id, COUNT(*) AS times
    FROM gestures GROUP BY id HAVING COUNT(*) > 1
    """,
)

# A refusal changes nothing; and one gesture moves the same goods the same way once.
_GESTURE_EFFECTS = Rule(
    "gesture",
    """
    SELECT 'check.refused_gesture_moved' AS code, m.id AS subject_id, m.gesture_id, 1 AS times
    FROM gestures g JOIN stock_movements m ON m.gesture_id = g.id
    WHERE g.result IN ('refused', 'blocked')
    UNION ALL
    SELECT 'check.gesture_twice', MAX(id), gesture_id, COUNT(*) FROM stock_movements WHERE gesture_id IS NOT NULL
    GROUP BY gesture_id, reason, product_id, lot_id, condition, to_condition, from_location_id, to_location_id,
             order_line_id, fulfillment_id
    HAVING COUNT(*) > 1
    """,
)

# What is on its way lies in a transfer that is under way, at the end where it is.
_TRANSIT = Rule(
    "transfer",
    """
    SELECT CASE WHEN t.id IS NULL THEN 'check.transit_without_transfer'
                WHEN t.state IN ('closed', 'cancelled') THEN 'check.transfer_left_behind'
                ELSE 'check.transfer_at_other_end' END AS code,
           COALESCE(t.id, 0) AS subject_id, b.location_id, b.product_id, b.on_hand
    FROM stock_balances b
    LEFT JOIN transfers t ON t.from_place_id = b.location_id OR t.to_place_id = b.location_id
    WHERE b.on_hand > 0 AND b.location_id IN (SELECT id FROM locations WHERE kind = 'transit')
      AND (t.id IS NULL OR t.state IN ('closed', 'cancelled')
           OR (t.from_place_id = b.location_id AND t.state NOT IN ('draft', 'picked'))
           OR (t.to_place_id = b.location_id AND t.state NOT IN ('sent', 'received')))
    """,
)

RULES = (
    _BALANCES,
    _BOUNDS,
    _PROMISES,
    _ALLOCATIONS,
    _LINES,
    _RETURN_UNITS,
    _REFUNDS,
    _LIVE_LABELS,
    _TRACKING,
    _UNLABELLED,
    _LEFT_BEHIND,
    _SHIPPED_FROM,
    _GESTURES,
    _GESTURE_EFFECTS,
    _TRANSIT,
)
