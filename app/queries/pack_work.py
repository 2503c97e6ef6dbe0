"""What a bench needs to draw a fulfillment that is open there: read when it opens, never while it is packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from app.domain.cartons import CartonFit, CartonType, PackUnits, choose_carton
from app.domain.states import AllocationState, LocationKind, PackageState
from app.domain.weights import ExpectedWeight, expected_weight
from app.domain.work import ItemRef, OrderHead, PackLine, PackWork, Parcel
from app.models.catalogue import Carton, Product
from app.models.demand import Address, Order, OrderLine
from app.models.fulfillment import Fulfillment, ToteUse
from app.models.prepared import Answer, Prepared, Row, rows_together
from app.models.shipping import Label, Package
from app.models.stock import Allocation, Location, StockBalance
from app.models.stock import StockMovement as Movement
from app.queries.bench_changes import changed_work
from app.queries.notes import OF_FULFILLMENT, work_notes

_Earlier = aliased(Label)
_IN_PACKAGE = case((Location.kind == LocationKind.PACKAGE, Allocation.quantity), else_=0)
_LINES = Prepared(
    select(
        OrderLine.id,
        Product.id.label("product_id"),
        Product.sku,
        Product.name,
        Product.picture,
        Product.note,
        Product.weight_g,
        Product.length_mm,
        Product.width_mm,
        Product.height_mm,
        func.sum(Allocation.quantity).label("required"),
        func.sum(_IN_PACKAGE).label("packed"),
    )
    .join(Allocation, Allocation.order_line_id == OrderLine.id)
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Location, Location.id == StockBalance.location_id)
    .join(Product, Product.id == StockBalance.product_id)
    .where(
        Allocation.fulfillment_id == bindparam("fulfillment"),
        or_(Allocation.state == AllocationState.OPEN, Allocation.state == AllocationState.CONSUMED),
        Allocation.quantity > 0,
    )
    .group_by(OrderLine.id, OrderLine.line_no, Product.id)
    .order_by(OrderLine.line_no, Product.id)
)
_HEAD = Prepared(
    select(
        Order.id,
        Order.number,
        Fulfillment.service,
        Order.service,
        Order.leaves_at,
        Order.note,
        Order.gift,
        Order.currency,
        Fulfillment.changed,
        Address.name,
        Address.company,
        Address.address1,
        Address.address2,
        Address.city,
        Address.postcode,
        Address.region,
        Address.country,
    )
    .join(Fulfillment, Fulfillment.order_id == Order.id)
    .join(Address, Address.id == Order.ship_to_id)
    .where(Fulfillment.id == bindparam("fulfillment"))
)
_TOTES = Prepared(
    select(Location.code)
    .join(ToteUse, ToteUse.tote_id == Location.id)
    .where(ToteUse.fulfillment_id == bindparam("fulfillment"), ToteUse.closed_at.is_(None))
    .order_by(Location.code)
)
_UNITS = (
    select(func.coalesce(func.sum(Movement.quantity), 0))
    .where(Movement.to_location_id == Package.location_id)
    .correlate(Package)
    .scalar_subquery()
)
_UNITS_OUT = (
    select(func.coalesce(func.sum(Movement.quantity), 0))
    .where(Movement.from_location_id == Package.location_id, Movement.reason == "unpack")
    .correlate(Package)
    .scalar_subquery()
)
_WHY_NONE = (  # why a parcel without a label has none: what its carrier said last
    select(_Earlier.reason)
    .where(_Earlier.package_id == Package.id)
    .correlate(Package)
    .order_by(_Earlier.id.desc())
    .limit(1)
    .scalar_subquery()
)
_PARCELS = Prepared(
    select(
        Package.id,
        Package.number,
        Package.state,
        (_UNITS - _UNITS_OUT).label("units"),
        Carton.code,
        Package.weight_g,
        Label.id,
        Label.state,
        Label.carrier,
        Label.service,
        Label.tracking_number,
        _WHY_NONE.label("why_none"),
    )
    .outerjoin(Carton, Carton.id == Package.carton_id)
    .outerjoin(Label, (Label.package_id == Package.id) & (Label.state != "refused") & (Label.state != "voided"))
    .where(Package.fulfillment_id == bindparam("fulfillment"), Package.state != PackageState.VOID)
    .order_by(Package.number)
)
_CARTONS = Prepared(
    select(Carton.code, Carton.length_mm, Carton.width_mm, Carton.height_mm, Carton.weight_g, Carton.max_weight_g)
    .where(Carton.active.is_(True))
    .order_by(Carton.key_order, Carton.id)
)


def order_head(session: Session, fulfillment_id: int) -> OrderHead:
    """Number, recipient, service and when it leaves."""
    given = {"fulfillment": fulfillment_id}
    return _head(*rows_together(session, (_HEAD, given), (_TOTES, given), (OF_FULFILLMENT, given)))


def _head(heads: Sequence[Row], in_totes: Sequence[Row], notes: Sequence[Row]) -> OrderHead:
    if not heads:
        raise NoResultFound("no such fulfillment")
    row, totes = heads[0], tuple(code for (code,) in in_totes)
    order_id, number, part_service, service, leaves_at, note, gift, currency, changed, *address = row
    rows, short = _recipient(*address)
    return OrderHead(
        order_id, number, rows, short, part_service or service, leaves_at, note, gift, totes, currency,
        work_notes(notes), bool(changed),
    )  # fmt: skip


def head_of(order: Order, address: Address, service: str, leaves_at: object, totes: tuple[str, ...]) -> OrderHead:
    """The header from its rows."""
    rows, short = _recipient(
        address.name, address.company, address.address1, address.address2, address.city, address.postcode,
        address.region, address.country,
    )  # fmt: skip
    return OrderHead(
        order.id,
        order.number,
        rows,
        short,
        service or order.service,
        order.leaves_at,
        order.note,
        order.gift,
        totes,
        order.currency,
    )


def _recipient(
    name: str, company: str, address1: str, address2: str, city: str, postcode: str, region: str, country: str
) -> tuple[tuple[str, ...], str]:
    """The rows of an address, and the address in one line."""
    town = " ".join(part for part in (city, postcode) if part)
    rows = (name, company, address1, address2, town, region, country)
    return tuple(row for row in rows if row), ", ".join(part for part in (name, town, country) if part)


@dataclass(frozen=True, slots=True)
class WorkAsked:
    """The whole of a fulfillment at the bench, asked for and perhaps not answered yet."""

    session: Session
    fulfillment_id: int
    lines: Answer
    parcels: Answer
    cartons: Answer
    head: tuple[Answer, Answer, Answer]

    @property
    def open_package_id(self) -> int | None:
        """The parcel that is still open, if any."""
        return next((int(row[0]) for row in self.parcels.rows if row[2] is PackageState.OPEN), None)

    def read(self, package_id: int | None, carton_code: str = "") -> PackWork:
        """What was found; `package_id` is the parcel that is open."""
        rows, parcels = self.lines.rows, _parcels(self.parcels.rows)
        lines = tuple(PackLine(row[0], ItemRef(*row[1:7]), int(row[10]), int(row[11])) for row in rows)
        current = next((parcel for parcel in parcels if parcel.package_id == package_id), None)
        done = sum(parcel.units for parcel in parcels if parcel is not current)
        # What a carton is chosen for: all that is not in an earlier parcel.
        goods = [
            PackUnits(max(int(required - packed), 0) if done else int(required), length, width, height, weight)
            for *_, weight, length, width, height, required, packed in rows
        ]
        types = tuple(CartonType(*row) for row in self.cartons.rows)
        fits = choose_carton([unit for unit in goods if unit.quantity], types) if types else ()
        chosen = carton_code or (current.carton_code if current else "") or best_carton(fits)
        head = _head(*(answer.rows for answer in self.head))
        return PackWork(
            self.fulfillment_id,
            head,
            lines,
            parcels,
            package_id,
            fits,
            chosen,
            _expected(lines, types, chosen) if not done else None,
            changed=changed_work(self.session, self.fulfillment_id) if head.changed else None,
        )


def ask_work(session: Session, fulfillment_id: int) -> WorkAsked:
    """Asks for the whole of a fulfillment, together with what is asked beside it."""
    session.flush()
    given = {"fulfillment": fulfillment_id}
    lines, parcels, cartons = _LINES.soon(session, given), _PARCELS.soon(session, given), _CARTONS.soon(session, {})
    head = (_HEAD.soon(session, given), _TOTES.soon(session, given), OF_FULFILLMENT.soon(session, given))
    return WorkAsked(session, fulfillment_id, lines, parcels, cartons, head)


def pack_work(session: Session, fulfillment_id: int, package_id: int | None, carton_code: str = "") -> PackWork:
    """The whole of a fulfillment at the bench; `package_id` is the parcel that is open."""
    return ask_work(session, fulfillment_id).read(package_id, carton_code)


def with_parcels(session: Session, work: PackWork) -> PackWork:
    """The same work after one of its parcels was closed; nothing else of it changed since it was read."""
    return replace(work, parcels=_parcels(_PARCELS.rows(session, {"fulfillment": work.fulfillment_id})))


def with_parcel(work: PackWork, parcel: Parcel) -> PackWork:
    """The same work with one of its parcels as it is now."""
    known = (parcel if one.package_id == parcel.package_id else one for one in work.parcels)
    return replace(work, parcels=tuple(known))


def best_carton(fits: Sequence[CartonFit]) -> str:
    """The carton that is offered: the best that holds the goods, else none."""
    return next((fit.carton.code for fit in fits if fit.fits), "")


def carton_types(session: Session) -> tuple[CartonType, ...]:
    """The carton list in the order of its keys."""
    return tuple(CartonType(*row) for row in _CARTONS.rows(session, {}))


def _expected(lines: Sequence[PackLine], types: Sequence[CartonType], chosen: str) -> ExpectedWeight:
    empty = next((carton.grams for carton in types if carton.code == chosen), 0)
    return expected_weight(empty, ((line.item.weight_g, line.required) for line in lines))


def _parcels(rows: Sequence[Row]) -> tuple[Parcel, ...]:
    found = []
    for row in rows:
        package_id, number, state, units, carton, weight_g, label_id, label_state, carrier, service, tracking, why = row
        found.append(
            Parcel(
                package_id,
                number,
                state,
                int(units),
                carton or "",
                weight_g,
                label_id,
                label_state,
                carrier or "",
                service or "",
                tracking or "",
                (why or "") if label_id is None else "",
                (why or "") if label_state == "intended" else "",
            )
        )
    return tuple(found)
