"""What the stock bench needs to draw: the place in hand and what lies there."""

from __future__ import annotations

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.work import ItemRef, StockLine

MOST = 60

_LINES = text(
    "SELECT p.id, p.sku, p.name, p.picture, p.note, p.weight_g, sum(b.on_hand) AS on_hand, "
    "sum(b.allocated) AS promised, (SELECT count(*) FROM count_tasks c WHERE c.location_id = :place "
    "AND c.product_id = p.id AND c.done_at IS NULL) AS to_do "
    "FROM stock_balances b JOIN products p ON p.id = b.product_id WHERE b.location_id = :place AND b.condition = 'new' "
    "GROUP BY p.id, p.sku, p.name, p.picture, p.note, p.weight_g "
    "HAVING sum(b.on_hand) > 0 OR (SELECT count(*) FROM count_tasks c WHERE c.location_id = :place "
    "AND c.product_id = p.id AND c.done_at IS NULL) > 0 ORDER BY to_do DESC, p.sku LIMIT :most"
)
_PUT_BACK = text(
    "SELECT p.id, p.sku, p.name, p.picture, p.note, p.weight_g, "
    "(SELECT coalesce(sum(b.on_hand), 0) FROM stock_balances b WHERE b.location_id = :place AND b.product_id = p.id) "
    "AS on_hand, 0 AS promised, sum(t.quantity - t.done) AS to_do "
    "FROM put_back_tasks t JOIN products p ON p.id = t.product_id WHERE t.location_id = :place AND t.quantity > t.done "
    "GROUP BY p.id, p.sku, p.name, p.picture, p.note, p.weight_g ORDER BY p.sku LIMIT :most"
)
_ITEM = text("SELECT id, sku, name, picture, note, weight_g FROM products WHERE id = :product")
_PLACE = text("SELECT code FROM locations WHERE id = :place")


def _line(row: Row[tuple[object, ...]]) -> StockLine:
    item = ItemRef(row.id, row.sku, row.name, row.picture, row.note, row.weight_g)
    return StockLine(item, int(row.on_hand), int(row.promised), int(row.to_do))


def lines_at(session: Session, place_id: int) -> tuple[StockLine, ...]:
    """What lies at a place; what waits to be counted there comes first, also when nothing of it is left."""
    rows = session.connection().execute(_LINES, {"place": place_id, "most": MOST})
    return tuple(_line(row) for row in rows)


def to_put_back(session: Session, place_id: int) -> tuple[StockLine, ...]:
    """What must go back to a shelf from a tote or parcel."""
    rows = session.connection().execute(_PUT_BACK, {"place": place_id, "most": MOST})
    return tuple(_line(row) for row in rows)


def item_of(session: Session, product_id: int) -> ItemRef:
    """A product as a screen shows it."""
    return ItemRef(*session.connection().execute(_ITEM, {"product": product_id}).one())


def place_code(session: Session, place_id: int) -> str:
    """The code of a place."""
    return str(session.connection().execute(_PLACE, {"place": place_id}).scalar_one())
