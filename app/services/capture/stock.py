"""Takes a stock list: it says what lies where, and the difference to the ledger is moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.capture import CapturedStock, RefusedRow
from app.domain.outcomes import Change
from app.domain.states import COUNTERPARTY_KINDS, Condition, LocationKind, MovementReason
from app.domain.storable import sku_key, storable
from app.models.catalogue import Lot
from app.models.locks import lock_balances, lock_places
from app.models.stock import NO_LOT, Location, StockBalance
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.kept_rows import refusal
from app.services.capture.lookups import products_by_sku
from app.services.capture.places import place_code
from app.services.changes import note_changes
from app.services.ledger import Goods, move
from app.services.places import counterparty

FORMAT = "csv-stock"
_SYNONYMS = {"": Condition.NEW, "good": Condition.NEW, "a": Condition.NEW}
_PLACES = select(Location.code, Location.id).where(
    Location.warehouse_id == bindparam("warehouse"),
    Location.code.in_(bindparam("codes", expanding=True)),
    Location.kind.not_in(COUNTERPARTY_KINDS),
)
_BALANCES = select(StockBalance).where(
    StockBalance.location_id.in_(bindparam("places", expanding=True)),
    StockBalance.product_id.in_(bindparam("products", expanding=True)),
)
_LOT = select(Lot.id).where(Lot.product_id == bindparam("product"), Lot.code == bindparam("code"))

Key: TypeAlias = tuple[int, int, int, Condition]


@dataclass(frozen=True, slots=True)
class StockCounts:
    """What became of a stock list. `product_ids` came in: orders may wait for them."""

    changed: int = 0
    same: int = 0
    units_in: int = 0
    units_out: int = 0
    refused: tuple[RefusedRow, ...] = ()
    product_ids: tuple[int, ...] = ()

    def __add__(self, other: StockCounts) -> StockCounts:
        return StockCounts(
            self.changed + other.changed,
            self.same + other.same,
            self.units_in + other.units_in,
            self.units_out + other.units_out,
            self.refused + other.refused,
            tuple(sorted({*self.product_ids, *other.product_ids})),
        )


def merge_stock(rows: Iterable[CapturedStock]) -> list[CapturedStock]:
    """Adds up rows that name the same goods at the same place, for a list says what lies there in all its rows."""
    merged: dict[tuple[str, str, str, str], CapturedStock] = {}
    for row in rows:
        key = (place_code(row.location), sku_key(row.sku), row.lot, row.condition)
        before = merged.get(key)
        merged[key] = row if before is None else replace(before, quantity=before.quantity + row.quantity)
    return list(merged.values())


def capture_stock(session: Session, actor: Actor, rows: Sequence[CapturedStock], file: str = "") -> StockCounts:
    """Takes one chunk of a stock list that `merge_stock` went over: what it names lies there as it says, not more.

    What it does not name stays as it is. Units that are promised to orders can't be taken out: such a row is refused,
    as one with an unknown place, product or condition.
    """
    session.flush()
    places = _places(session, actor, rows)
    products = products_by_sku(session, (sku_key(row.sku) for row in rows))
    balances = _balances(session, places.values(), products.values())
    counts = StockCounts()
    for row in rows:
        place, product = places.get(place_code(row.location)), products.get(sku_key(row.sku))
        condition = _condition(row.condition)
        if place is None or product is None or condition is None or row.quantity < 0:
            counts += StockCounts(refused=(_refused(file, row, _fault(place, product, row)),))
            continue
        key = (product, place, _lot(session, product, row), condition)
        on_hand, allocated = balances.get(key, (0, 0))
        if row.quantity < allocated:
            counts += StockCounts(refused=(_refused(file, row, "stock_promised", promised=allocated),))
            continue
        counts += _set(session, actor, key, row.quantity - on_hand, file)
        balances[key] = (row.quantity, allocated)
    if counts.changed:
        detail = {"places": counts.changed, "units_in": counts.units_in, "units_out": counts.units_out}
        record(session, actor, "capture.stock", "location", None, detail)
        touched = dict.fromkeys(places.values())
        note_changes(session, actor, (Change("location", place) for place in touched))
    return counts


def _set(session: Session, actor: Actor, key: Key, difference: int, file: str) -> StockCounts:
    product, place, lot, condition = key
    if difference == 0:
        return StockCounts(same=1)
    goods = Goods(product, abs(difference), lot, condition)
    outside = counterparty(session, actor.warehouse_id, LocationKind.ADJUSTMENT)
    ends = (outside, place) if difference > 0 else (place, outside)
    move(session, actor, MovementReason.ADJUSTMENT, goods, *ends, note=storable(file, 400))
    if difference > 0:
        return StockCounts(changed=1, units_in=difference, product_ids=(product,))
    return StockCounts(changed=1, units_out=-difference)


def _places(session: Session, actor: Actor, rows: Sequence[CapturedStock]) -> dict[str, int]:
    codes = sorted({place_code(row.location) for row in rows})
    found = session.connection().execute(_PLACES, {"warehouse": actor.warehouse_id, "codes": codes})
    return {row.code: row.id for row in found}


def _balances(session: Session, places: Iterable[int], products: Iterable[int]) -> dict[Key, tuple[int, int]]:
    """What lies there now, locked, so that nobody takes of it before the difference is moved."""
    given = {"places": sorted(set(places)), "products": sorted(set(products))}
    connection = session.connection()
    lock_places(session, given["places"])
    lock_balances(session, [row.id for row in connection.execute(_BALANCES, given)])
    return {
        (row.product_id, row.location_id, row.lot_id, row.condition): (row.on_hand, row.allocated)
        for row in connection.execute(_BALANCES, given)
    }


def _lot(session: Session, product_id: int, row: CapturedStock) -> int:
    code = storable(row.lot.strip(), 64)
    if not code:
        return NO_LOT
    found = session.execute(_LOT, {"product": product_id, "code": code}).scalar_one_or_none()
    if found is not None:
        return found
    expiry = datetime(row.expiry.year, row.expiry.month, row.expiry.day, tzinfo=UTC) if row.expiry else None
    made = Lot(product_id=product_id, code=code, expires_on=expiry)
    session.add(made)
    session.flush()
    return made.id


def _condition(text: str) -> Condition | None:
    word = text.strip().lower()
    if word in _SYNONYMS:
        return _SYNONYMS[word]
    return Condition(word) if word in set(Condition) else None


def _fault(place: int | None, product: int | None, row: CapturedStock) -> str:
    if place is None:
        return "location_unknown"
    if product is None:
        return "sku_unknown"
    return "quantity_negative" if row.quantity < 0 else "condition_unknown"


def _refused(file: str, row: CapturedStock, code: str, **values: object) -> RefusedRow:
    names = ("location", "sku", "quantity", "lot", "expiry", "condition")
    told: dict[str, object] = {name: getattr(row, name) for name in names}
    return refusal(file, FORMAT, row.line_number, code, {**told, **values}, list(told.items()))
