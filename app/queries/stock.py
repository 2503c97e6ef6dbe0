"""What is in stock: of one product in all its places, of one place with all that lies there, and what moved last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.states import SELLABLE_CONDITIONS, SELLABLE_KINDS, Condition, LocationKind, MovementReason
from app.models.catalogue import Identifier, Lot, Product
from app.models.demand import Order, OrderLine
from app.models.fulfillment import Fulfillment, ToteUse
from app.models.people import Operator
from app.models.shipping import Package
from app.models.stock import CountTask, Location, StockBalance, StockMovement

MOST_PLACES = 500
MOST_MOVEMENTS = 30


@dataclass(frozen=True, slots=True)
class Holding:
    """What lies of one product (lot, condition) at one place."""

    product_id: int
    sku: str
    name: str
    location_id: int
    location: str
    kind: LocationKind
    lot: str
    expires_on: datetime | None
    condition: Condition
    on_hand: int
    promised: int
    lot_id: int

    @property
    def key(self) -> str:
        """What tells it from all others, however the list is read again."""
        return f"{self.product_id}:{self.location_id}:{self.lot_id}:{self.condition.value}"

    @property
    def sellable(self) -> bool:
        """Whether goods in such a place and condition may be sold."""
        return self.kind in SELLABLE_KINDS and self.condition in SELLABLE_CONDITIONS

    @property
    def free(self) -> int:
        """Units that may be promised."""
        return self.on_hand - self.promised if self.sellable else 0

    @property
    def being_packed(self) -> bool:
        """Whether they are on their way out: in a tote or parcel."""
        return self.kind in (LocationKind.TOTE, LocationKind.PACKAGE)


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement as it is told: what, how many, from where to where, by whom, for which order."""

    at: datetime
    reason: MovementReason
    quantity: int
    source: str
    source_kind: LocationKind
    target: str
    target_kind: LocationKind
    operator: str
    order: str
    note: str

    @property
    def change(self) -> int:
        """By how much the stock of the house grew or shrank; 0 when it only moved within."""
        return self.quantity * (_outside(self.source_kind) - _outside(self.target_kind))


@dataclass(frozen=True, slots=True)
class Code:
    """A code that names the product when scanned, and how many units it stands for."""

    code: str
    kind: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ProductStock:
    """A product's stock in one warehouse: free = on hand - not sellable - promised."""

    product_id: int
    sku: str
    name: str
    picture: str
    note: str
    codes: tuple[Code, ...]
    on_hand: int
    not_sellable: int
    promised: int
    free: int
    places: tuple[Holding, ...]
    movements: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class PlaceStock:
    """A place and what lies there. `order` is the number of the order that a tote or parcel serves."""

    location_id: int
    code: str
    kind: LocationKind
    order: str
    to_count: bool
    goods: tuple[Holding, ...]


def _outside(kind: LocationKind) -> int:
    return int(kind in (LocationKind.SUPPLIER, LocationKind.CUSTOMER, LocationKind.ADJUSTMENT, LocationKind.SCRAP))


_HOLDINGS = (
    select(
        Product.id,
        Product.sku,
        Product.name,
        Location.id,
        Location.code,
        Location.kind,
        func.coalesce(Lot.code, ""),
        Lot.expires_on,
        StockBalance.condition,
        StockBalance.on_hand,
        StockBalance.allocated,
        StockBalance.lot_id,
    )
    .select_from(StockBalance)
    .join(Product, Product.id == StockBalance.product_id)
    .join(Location, Location.id == StockBalance.location_id)
    .outerjoin(Lot, Lot.id == StockBalance.lot_id)
    .where(StockBalance.on_hand > 0)
)
_SELLABLE = and_(Location.kind.in_(SELLABLE_KINDS), StockBalance.condition.in_(SELLABLE_CONDITIONS))
_WALK = (case((_SELLABLE, 0), else_=1), Location.pick_sequence, Location.code, StockBalance.id)
_SUMS = (
    select(
        func.coalesce(func.sum(StockBalance.on_hand), 0),
        func.coalesce(func.sum(StockBalance.allocated), 0),
        func.coalesce(func.sum(case((_SELLABLE, StockBalance.on_hand - StockBalance.allocated), else_=0)), 0),
    )
    .join(Location, Location.id == StockBalance.location_id)
    .where(StockBalance.on_hand > 0)
)


def product_stock(session: Session, product_id: int, warehouse_id: int) -> ProductStock | None:
    """All about a product's stock in a warehouse; None when there is no such product."""
    product = session.execute(
        select(Product.sku, Product.name, Product.picture, Product.note).where(Product.id == product_id)
    ).first()
    if product is None:
        return None
    here = (StockBalance.product_id == product_id, Location.warehouse_id == warehouse_id)
    on_hand, promised, free = (int(total) for total in session.execute(_SUMS.where(*here)).one())
    places = session.execute(_HOLDINGS.where(*here).order_by(*_WALK).limit(MOST_PLACES))
    codes = session.execute(
        select(Identifier.code, Identifier.kind, Identifier.quantity)
        .where(Identifier.product_id == product_id)
        .order_by(Identifier.quantity, Identifier.id)
    )
    return ProductStock(
        product_id=product_id,
        sku=product.sku,
        name=product.name,
        picture=product.picture,
        note=product.note,
        codes=tuple(Code(*row) for row in codes),
        on_hand=on_hand,
        not_sellable=on_hand - promised - free,
        promised=promised,
        free=free,
        places=tuple(Holding(*row) for row in places),
        movements=last_movements(session, product_id, warehouse_id),
    )


def last_movements(
    session: Session, product_id: int, warehouse_id: int, limit: int = MOST_MOVEMENTS
) -> tuple[Moved, ...]:
    """The newest movements of a product in a warehouse, the latest first."""
    source, target = aliased(Location), aliased(Location)
    statement = (
        select(
            StockMovement.at,
            StockMovement.reason,
            StockMovement.quantity,
            source.code,
            source.kind,
            target.code,
            target.kind,
            func.coalesce(Operator.name, ""),
            func.coalesce(Order.number, ""),
            StockMovement.note,
        )
        .join(source, source.id == StockMovement.from_location_id)
        .join(target, target.id == StockMovement.to_location_id)
        .outerjoin(Operator, Operator.id == StockMovement.operator_id)
        .outerjoin(OrderLine, OrderLine.id == StockMovement.order_line_id)
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .where(
            StockMovement.product_id == product_id,
            or_(source.warehouse_id == warehouse_id, target.warehouse_id == warehouse_id),
        )
        .order_by(StockMovement.id.desc())
        .limit(limit)
    )
    return tuple(Moved(*row) for row in session.execute(statement))


def place_stock(session: Session, location_id: int) -> PlaceStock | None:
    """All that lies at a place; None when there is no such place."""
    place = session.execute(select(Location.code, Location.kind).where(Location.id == location_id)).first()
    if place is None:
        return None
    goods = session.execute(
        _HOLDINGS.where(StockBalance.location_id == location_id)
        .order_by(Product.sku, StockBalance.lot_id, StockBalance.id)
        .limit(MOST_PLACES)
    )
    to_count = session.scalars(
        select(CountTask.id).where(CountTask.location_id == location_id, CountTask.done_at.is_(None))
    ).first()
    return PlaceStock(
        location_id,
        place.code,
        place.kind,
        _serves(session, location_id, place.kind),
        to_count is not None,
        tuple(Holding(*row) for row in goods),
    )


def _serves(session: Session, location_id: int, kind: LocationKind) -> str:
    statement: Select[tuple[str]]
    if kind is LocationKind.TOTE:
        statement = (
            select(Order.number)
            .join(Fulfillment, Fulfillment.order_id == Order.id)
            .join(ToteUse, ToteUse.fulfillment_id == Fulfillment.id)
            .where(ToteUse.tote_id == location_id, ToteUse.closed_at.is_(None))
        )
    elif kind is LocationKind.PACKAGE:
        statement = (
            select(Order.number)
            .join(Fulfillment, Fulfillment.order_id == Order.id)
            .join(Package, Package.fulfillment_id == Fulfillment.id)
            .where(Package.location_id == location_id)
        )
    else:
        return ""
    return session.scalars(statement).first() or ""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product that fits what was typed, with what is on hand of it."""

    product_id: int
    sku: str
    name: str
    on_hand: int


def find_products(session: Session, typed: str, limit: int = 20) -> tuple[FoundProduct, ...]:
    """Products whose SKU begins with what was typed, then those with all of its words in their name."""
    words = typed.upper().split()
    if not words:
        return ()
    begins = Product.sku_key.startswith(" ".join(words), autoescape=True)
    named = and_(*(func.upper(Product.name).contains(word, autoescape=True) for word in words))
    on_hand = (
        select(func.coalesce(func.sum(StockBalance.on_hand), 0))
        .where(StockBalance.product_id == Product.id, StockBalance.on_hand > 0)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Product.id, Product.sku, Product.name, on_hand)
        .where(or_(begins, named))
        .order_by(case((begins, 0), else_=1), Product.name, Product.id)
        .limit(limit)
    )
    return tuple(FoundProduct(row[0], row[1], row[2], int(row[3])) for row in rows)
