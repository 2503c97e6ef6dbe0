"""What an open order still wants of the product that is scanned, and where its units lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, case, select, text, true
from sqlalchemy.orm import Session

from app.domain.states import AllocationState, LocationKind, PackageState
from app.domain.work import ItemRef
from app.models.catalogue import Product
from app.models.people import StationSession
from app.models.prepared import Prepared, Row
from app.models.shipping import Package
from app.models.stock import Allocation, Location, StockBalance
from app.services.desk import FULFILLMENT
from app.services.identify import PRODUCT_IDS
from app.services.pack_rows import units_of


def _wanted(
    fulfillment: ColumnElement[int], package: ColumnElement[int], of: ColumnElement[bool]
) -> Select[tuple[object, ...]]:
    open_place = (
        select(Package.location_id).where(Package.id == package, Package.state == PackageState.OPEN).scalar_subquery()
    )
    around = units_of(fulfillment, open_place).subquery()
    return (
        select(
            Allocation.id,
            Allocation.order_line_id,
            Allocation.quantity,
            StockBalance.location_id,
            Location.kind,
            StockBalance.lot_id,
            Product.id.label("product_id"),
            Product.sku,
            Product.name,
            Product.picture,
            Product.note,
            Product.weight_g,
            Product.note_must_be_confirmed,
            Product.counted_by_unit,
            around.c.required,
            around.c.packed,
            around.c.inside,
            open_place.label("place"),
        )
        .join(StockBalance, StockBalance.id == Allocation.balance_id)
        .join(Location, Location.id == StockBalance.location_id)
        .join(Product, Product.id == StockBalance.product_id)
        .join(around, true())
        .where(
            Allocation.fulfillment_id == fulfillment,
            Allocation.state == AllocationState.OPEN,
            Allocation.quantity > 0,
            of,
        )
        .order_by(Allocation.order_line_id, case((Location.kind == LocationKind.TOTE, 0), else_=1), Allocation.id)
    )


_GIVEN = bindparam("fulfillment", type_=BigInteger)
_WANTED = Prepared(
    _wanted(_GIVEN, bindparam("package", type_=BigInteger), StockBalance.product_id == bindparam("product"))
)
_HERE = (StationSession.station_id == bindparam("station"), StationSession.work_kind == FULFILLMENT)
WANTED_HERE = Prepared(
    _wanted(
        select(StationSession.work_id).where(*_HERE).scalar_subquery(),
        select(StationSession.package_id).where(*_HERE).scalar_subquery(),
        StockBalance.product_id.in_(text(PRODUCT_IDS)),
    )
)
"""The same for the order and the parcel that the session's row names, and of all products that a code names."""


@dataclass(frozen=True, slots=True)
class Source:
    """Promised units of one product at one place: on a shelf, in a tote, or already in a parcel."""

    allocation_id: int
    line_id: int
    quantity: int
    location_id: int
    in_package: bool
    lot_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product that a fulfillment is promised: where its units lie, how it is counted, and how far the parcel is.

    `required` and `packed` are units of the whole fulfillment, `inside` those in the open parcel, whose place is
    `place_id`; None where no parcel is open.
    """

    sources: tuple[Source, ...]
    item: ItemRef
    must_confirm: bool
    by_unit: bool
    required: int
    packed: int
    inside: int
    place_id: int | None


def wanted(session: Session, fulfillment_id: int, product_id: int, package_id: int | None) -> Wanted | None:
    """What this fulfillment is promised of a product, in line order, totes before shelves; None where it is nothing."""
    values = {"fulfillment": fulfillment_id, "product": product_id, "package": package_id or 0}
    return wanted_of(_WANTED.rows(session, values))


def wanted_of(rows: Sequence[Row]) -> Wanted | None:
    """What the rows of one product say."""
    if not rows:
        return None
    lie = tuple(Source(row[0], row[1], row[2], row[3], row[4] is LocationKind.PACKAGE, row[5]) for row in rows)
    first = rows[0]
    required, packed, inside, place = first[14:]
    item = ItemRef(*first[6:12])
    return Wanted(lie, item, bool(first[12]), bool(first[13]), int(required), int(packed), int(inside), place)
