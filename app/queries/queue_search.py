"""The orders that one whole code names: of a tote, a fulfillment's paper, a pick list, a parcel, a tracking label."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, read_code

MOST = 200
LONGEST_NUMBER = 120
_BY_TOTE = text(
    "SELECT f.order_id FROM locations l JOIN tote_uses u ON u.tote_id = l.id AND u.closed_at IS NULL "
    "JOIN fulfillments f ON f.id = u.fulfillment_id WHERE l.warehouse_id = :warehouse AND l.code = :code"
)
_BY_CART = text(
    "SELECT f.order_id FROM carts c JOIN pick_lists p ON p.cart_id = c.id AND p.warehouse_id = c.warehouse_id "
    "AND p.state IN ('open', 'picking') JOIN pick_list_slots s ON s.pick_list_id = p.id "
    "JOIN fulfillments f ON f.id = s.fulfillment_id WHERE c.code = :code ORDER BY s.slot"
)
_BY_NUMBER = text(
    "SELECT id FROM orders WHERE number IN (:typed, :large, :marked, :large_marked) ORDER BY id DESC LIMIT :most"
)
_BY_RETURN = text("SELECT order_id FROM return_authorizations WHERE code = :code")
_NUMBERED = {
    CodeKind.FULFILLMENT: text("SELECT order_id FROM fulfillments WHERE id = :id"),
    CodeKind.PACKAGE: text(
        "SELECT f.order_id FROM packages p JOIN fulfillments f ON f.id = p.fulfillment_id WHERE p.id = :id"
    ),
    CodeKind.PICK_LIST: text(
        "SELECT f.order_id FROM pick_list_slots s JOIN fulfillments f ON f.id = s.fulfillment_id "
        "WHERE s.pick_list_id = :id ORDER BY s.slot"
    ),
}


def ids_of_code(session: Session, asked: str, warehouse_id: int) -> list[int]:
    """The orders that this code names; none for a text that is no code of ours."""
    code = read_code(asked)
    connection = session.connection()
    if code.kind in _NUMBERED:
        number = code.keys[0].rpartition("-")[2]
        if not (number.isascii() and number.isdigit() and len(number) <= 15):
            return []
        return _once(connection.execute(_NUMBERED[code.kind], {"id": int(number)}).scalars())
    return _by_text(connection, code.kind, code.keys, warehouse_id)


def ids_of_number(session: Session, asked: str) -> list[int]:
    """The orders of this very number, the newest first; `1054` is the number of #1054 too."""
    typed = asked.strip()
    if not typed or len(typed) > LONGEST_NUMBER:
        return []
    marked = f"#{typed.lstrip('#')}"
    given = {"typed": typed, "large": typed.upper(), "marked": marked, "large_marked": marked.upper(), "most": MOST}
    return list(session.connection().execute(_BY_NUMBER, given).scalars())


def _by_text(connection: Connection, kind: CodeKind, keys: tuple[str, ...], warehouse_id: int) -> list[int]:
    statement = {CodeKind.TOTE: _BY_TOTE, CodeKind.CART: _BY_CART, CodeKind.RETURN: _BY_RETURN}.get(kind)
    if statement is None:
        return []
    for key in keys:
        found = _once(connection.execute(statement, {"code": key, "warehouse": warehouse_id}).scalars())
        if found:
            return found
    return []


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))[:MOST]
