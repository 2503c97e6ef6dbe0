"""The orders that one whole code names: of a tote, a fulfillment's paper, a pick list, a parcel, a tracking label."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text

from app.domain.barcodes import CodeKind, read_code
from app.domain.storable import storable
from app.models.prepared import Prepared, Row
from app.queries.reading import Reading

MOST = 200
LONGEST_NUMBER = 120
_BY_TOTE = Prepared(
    text(
        "SELECT f.order_id FROM locations l JOIN tote_uses u ON u.tote_id = l.id AND u.closed_at IS NULL "
        "JOIN fulfillments f ON f.id = u.fulfillment_id WHERE l.warehouse_id = :warehouse AND l.code = :code"
    )
)
_BY_CART = Prepared(
    text(
        "SELECT f.order_id FROM carts c JOIN pick_lists p ON p.cart_id = c.id AND p.warehouse_id = c.warehouse_id "
        "AND p.state IN ('open', 'picking') JOIN pick_list_slots s ON s.pick_list_id = p.id "
        "JOIN fulfillments f ON f.id = s.fulfillment_id WHERE c.code = :code ORDER BY s.slot"
    )
)
_BY_NUMBER = Prepared(
    text("SELECT id FROM orders WHERE number IN (:typed, :large, :marked, :large_marked) ORDER BY id DESC LIMIT :most")
)
_BY_RETURN = Prepared(text("SELECT order_id FROM return_authorizations WHERE code = :code"))
_BY_TEXT = {CodeKind.TOTE: _BY_TOTE, CodeKind.CART: _BY_CART, CodeKind.RETURN: _BY_RETURN}
_NUMBERED = {
    CodeKind.FULFILLMENT: Prepared(text("SELECT order_id FROM fulfillments WHERE id = :id")),
    CodeKind.PACKAGE: Prepared(
        text("SELECT f.order_id FROM packages p JOIN fulfillments f ON f.id = p.fulfillment_id WHERE p.id = :id")
    ),
    CodeKind.PICK_LIST: Prepared(
        text(
            "SELECT f.order_id FROM pick_list_slots s JOIN fulfillments f ON f.id = s.fulfillment_id "
            "WHERE s.pick_list_id = :id ORDER BY s.slot"
        )
    ),
}


def code_of(asked: str, warehouse_id: int) -> Reading[list[int]]:
    """The orders that this code names; none for a text that is no code of ours."""
    code = read_code(asked)
    if code.kind in _NUMBERED:
        number = code.keys[0].rpartition("-")[2]
        if not (number.isascii() and number.isdigit() and len(number) <= 15):
            return []
        (rows,) = yield ((_NUMBERED[code.kind], {"id": int(number)}),)
        return _once(rows)
    statement = _BY_TEXT.get(code.kind)
    if statement is None:
        return []
    given: dict[str, object] = {"warehouse": warehouse_id} if code.kind is CodeKind.TOTE else {}
    answers = yield [(statement, {**given, "code": key}) for key in code.keys]
    return next((found for found in map(_once, answers) if found), [])


def number_of(asked: str) -> Reading[list[int]]:
    """The orders of this very number, the newest first; `1054` is the number of #1054 too."""
    typed = storable(asked.strip())
    if not typed or len(typed) > LONGEST_NUMBER:
        return []
    marked = f"#{typed.lstrip('#')}"
    given = {"typed": typed, "large": typed.upper(), "marked": marked, "large_marked": marked.upper(), "most": MOST}
    (rows,) = yield ((_BY_NUMBER, given),)
    return [order_id for (order_id,) in rows]


def _once(rows: Iterable[Row]) -> list[int]:
    return list(dict.fromkeys(row[0] for row in rows))[:MOST]
