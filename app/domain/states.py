"""Every state that a piece of work can be in, and who may leave it: here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class OrderState(StrEnum):
    """How far one customer's demand has come; computed by `domain.order_state.order_state`."""

    CAPTURED = "captured"
    READY = "ready"
    ALLOCATED = "allocated"
    BACKORDERED = "backordered"
    IN_FULFILLMENT = "in_fulfillment"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN_ORDER_STATES = (
    OrderState.CAPTURED,
    OrderState.READY,
    OrderState.ALLOCATED,
    OrderState.BACKORDERED,
    OrderState.IN_FULFILLMENT,
    OrderState.PARTLY_SHIPPED,
)


class FulfillmentState(StrEnum):
    """How far the part of an order that one warehouse ships has come."""

    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKING = "picking"
    PICKED = "picked"
    PACKING = "packing"
    PACKED = "packed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    EXCEPTION = "exception"


class PackageState(StrEnum):
    """One parcel, from the first item in it until it has left."""

    OPEN = "open"
    SEALED = "sealed"
    LABELLED = "labelled"
    HANDED_OVER = "handed_over"
    VOID = "void"


class LabelState(StrEnum):
    """A carrier's document: an intention first, then a fact."""

    INTENDED = "intended"
    BOUGHT = "bought"
    PRINTED = "printed"
    APPLIED = "applied"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    VOIDING = "voiding"
    VOID_REFUSED = "void_refused"
    VOIDED = "voided"


DEAD_LABEL_STATES = (LabelState.REFUSED, LabelState.VOIDED)


class ReturnState(StrEnum):
    """A return, from asking for it until each unit is decided and the refund settled."""

    REQUESTED = "requested"
    AUTHORIZED = "authorized"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    INSPECTED = "inspected"
    CLOSED = "closed"
    REJECTED = "rejected"


class PrintJobState(StrEnum):
    """One document on its way out of a printer."""

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PickListState(StrEnum):
    """The work of one picker in one walk."""

    OPEN = "open"
    PICKING = "picking"
    DONE = "done"
    CANCELLED = "cancelled"


class PickTaskState(StrEnum):
    """One stop of a walk."""

    OPEN = "open"
    PICKED = "picked"
    SHORT = "short"
    DROPPED = "dropped"


class AllocationState(StrEnum):
    """Stock promised to an order line: open until it leaves, is given back or moves on whole."""

    OPEN = "open"
    MOVED = "moved"
    CONSUMED = "consumed"
    CLOSED = "closed"


class HoldKind(StrEnum):
    """A reason why an order may not go on."""

    PAYMENT = "payment"
    ADDRESS = "address"
    PRODUCT = "product"
    STOCK = "stock"
    DUPLICATE = "duplicate"
    FRAUD = "fraud"
    OFFICE = "office"


class LocationKind(StrEnum):
    """What a place is for; decides whether what lies there may be sold."""

    SHELF = "shelf"
    BULK = "bulk"
    RECEIVING = "receiving"
    RETURNS = "returns"
    QUARANTINE = "quarantine"
    REFURBISH = "refurbish"
    TOTE = "tote"
    PACKAGE = "package"
    CAGE = "cage"
    BENCH = "bench"
    TRANSIT = "transit"
    # Counterparties: movements name them, they have no balance.
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    ADJUSTMENT = "adjustment"
    SCRAP = "scrap"


SELLABLE_KINDS = (LocationKind.SHELF, LocationKind.BULK)
COUNTERPARTY_KINDS = (LocationKind.SUPPLIER, LocationKind.CUSTOMER, LocationKind.ADJUSTMENT, LocationKind.SCRAP)


class WarehouseKind(StrEnum):
    """What a site is: our own warehouse, a store where customers collect too, or a supplier that ships for us."""

    WAREHOUSE = "warehouse"
    STORE = "store"
    SUPPLIER = "supplier"


class Condition(StrEnum):
    """How goods are; only new ones are sold."""

    NEW = "new"
    OPENED = "opened"
    DAMAGED = "damaged"
    BROKEN = "broken"


SELLABLE_CONDITIONS = (Condition.NEW,)


class MovementReason(StrEnum):
    """Why a quantity moved from one place to another."""

    RECEIPT = "receipt"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    MOVE = "move"
    PICK = "pick"
    UNPICK = "unpick"
    PUT_BACK = "put_back"
    PACK = "pack"
    UNPACK = "unpack"
    SHIP = "ship"
    RETURN = "return"
    FOREIGN_RETURN = "foreign_return"
    DISPOSITION = "disposition"
    TRANSFER = "transfer"


class Disposition(StrEnum):
    """Where a returned unit goes."""

    RESTOCK = "restock"
    QUARANTINE = "quarantine"
    REFURBISH = "refurbish"
    SCRAP = "scrap"
    VENDOR = "vendor"


class TransferState(StrEnum):
    """Goods on their way from one warehouse to another."""

    DRAFT = "draft"
    PICKED = "picked"
    SENT = "sent"
    RECEIVED = "received"  # all that came is booked; what did not come waits for its reason
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SupplierRequestState(StrEnum):
    """What a supplier was asked to ship for us."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class PickUpState(StrEnum):
    """An order that waits in a store for its customer."""

    READY = "ready"
    FETCHED = "fetched"
    TAKEN_BACK = "taken_back"


class Role(StrEnum):
    """What a person is here for; `domain.roles` says what each may do."""

    PACKER = "packer"
    PICKER = "picker"
    RETURNS = "returns"
    LEAD = "lead"
    OFFICE = "office"
    ADMIN = "admin"


S = TypeVar("S", bound=StrEnum)

FULFILLMENT_MOVES: Mapping[FulfillmentState, frozenset[FulfillmentState]] = {
    FulfillmentState.ALLOCATED: frozenset(
        {FulfillmentState.RELEASED, FulfillmentState.PACKING, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION}
    ),
    FulfillmentState.RELEASED: frozenset(
        {
            FulfillmentState.ALLOCATED,
            FulfillmentState.PICKING,
            FulfillmentState.PICKED,
            FulfillmentState.PACKING,
            FulfillmentState.CANCELLED,
            FulfillmentState.EXCEPTION,
        }
    ),
    FulfillmentState.PICKING: frozenset(
        {FulfillmentState.PICKED, FulfillmentState.PACKING, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION}
    ),
    FulfillmentState.PICKED: frozenset(
        {FulfillmentState.PICKING, FulfillmentState.PACKING, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION}
    ),
    FulfillmentState.PACKING: frozenset(
        {FulfillmentState.PICKED, FulfillmentState.PACKED, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION}
    ),
    FulfillmentState.PACKED: frozenset(
        {FulfillmentState.PACKING, FulfillmentState.SHIPPED, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION}
    ),
    FulfillmentState.SHIPPED: frozenset(),
    FulfillmentState.CANCELLED: frozenset(),
    FulfillmentState.EXCEPTION: frozenset(
        {
            FulfillmentState.RELEASED,
            FulfillmentState.PICKING,
            FulfillmentState.PICKED,
            FulfillmentState.PACKING,
            FulfillmentState.PACKED,
            FulfillmentState.CANCELLED,
        }
    ),
}

PACKAGE_MOVES: Mapping[PackageState, frozenset[PackageState]] = {
    PackageState.OPEN: frozenset({PackageState.SEALED, PackageState.VOID}),
    PackageState.SEALED: frozenset({PackageState.LABELLED, PackageState.OPEN, PackageState.VOID}),
    PackageState.LABELLED: frozenset(
        {PackageState.HANDED_OVER, PackageState.SEALED, PackageState.OPEN, PackageState.VOID}
    ),
    PackageState.HANDED_OVER: frozenset(),
    PackageState.VOID: frozenset(),
}

LABEL_MOVES: Mapping[LabelState, frozenset[LabelState]] = {
    LabelState.INTENDED: frozenset({LabelState.BOUGHT, LabelState.REFUSED, LabelState.UNKNOWN}),
    LabelState.UNKNOWN: frozenset({LabelState.BOUGHT, LabelState.REFUSED}),
    LabelState.BOUGHT: frozenset(
        {LabelState.PRINTED, LabelState.APPLIED, LabelState.HANDED_OVER, LabelState.VOIDING, LabelState.VOIDED}
    ),
    LabelState.PRINTED: frozenset({LabelState.APPLIED, LabelState.HANDED_OVER, LabelState.VOIDING, LabelState.VOIDED}),
    LabelState.APPLIED: frozenset({LabelState.HANDED_OVER, LabelState.VOIDING, LabelState.VOIDED}),
    LabelState.VOIDING: frozenset({LabelState.VOIDED, LabelState.VOID_REFUSED}),
    # The carrier keeps it: a person decides whether it is used all the same, or its price is lost.
    LabelState.VOID_REFUSED: frozenset({LabelState.BOUGHT, LabelState.VOIDED}),
    LabelState.HANDED_OVER: frozenset(),
    LabelState.REFUSED: frozenset(),
    LabelState.VOIDED: frozenset(),
}

RETURN_MOVES: Mapping[ReturnState, frozenset[ReturnState]] = {
    ReturnState.REQUESTED: frozenset({ReturnState.AUTHORIZED, ReturnState.REJECTED}),
    ReturnState.AUTHORIZED: frozenset({ReturnState.IN_TRANSIT, ReturnState.RECEIVED, ReturnState.REJECTED}),
    ReturnState.IN_TRANSIT: frozenset({ReturnState.RECEIVED, ReturnState.REJECTED}),
    ReturnState.RECEIVED: frozenset({ReturnState.INSPECTED}),
    ReturnState.INSPECTED: frozenset({ReturnState.CLOSED, ReturnState.RECEIVED}),
    ReturnState.CLOSED: frozenset(),
    ReturnState.REJECTED: frozenset(),
}

PRINT_JOB_MOVES: Mapping[PrintJobState, frozenset[PrintJobState]] = {
    PrintJobState.QUEUED: frozenset({PrintJobState.SENDING, PrintJobState.CANCELLED}),
    PrintJobState.SENDING: frozenset({PrintJobState.PRINTED, PrintJobState.FAILED, PrintJobState.QUEUED}),
    PrintJobState.FAILED: frozenset({PrintJobState.QUEUED, PrintJobState.PRINTED, PrintJobState.CANCELLED}),
    PrintJobState.PRINTED: frozenset(),
    PrintJobState.CANCELLED: frozenset(),
}

TRANSFER_MOVES: Mapping[TransferState, frozenset[TransferState]] = {
    TransferState.DRAFT: frozenset({TransferState.PICKED, TransferState.SENT, TransferState.CANCELLED}),
    TransferState.PICKED: frozenset({TransferState.DRAFT, TransferState.SENT, TransferState.CANCELLED}),
    TransferState.SENT: frozenset({TransferState.RECEIVED, TransferState.CLOSED}),
    TransferState.RECEIVED: frozenset({TransferState.CLOSED}),
    TransferState.CLOSED: frozenset(),
    TransferState.CANCELLED: frozenset(),
}

SUPPLIER_REQUEST_MOVES: Mapping[SupplierRequestState, frozenset[SupplierRequestState]] = {
    SupplierRequestState.ASKED: frozenset(
        {
            SupplierRequestState.CONFIRMED,
            SupplierRequestState.SHIPPED,
            SupplierRequestState.REFUSED,
            SupplierRequestState.CANCELLED,
        }
    ),
    SupplierRequestState.CONFIRMED: frozenset(
        {SupplierRequestState.SHIPPED, SupplierRequestState.REFUSED, SupplierRequestState.CANCELLED}
    ),
    SupplierRequestState.SHIPPED: frozenset(),
    SupplierRequestState.REFUSED: frozenset(),
    SupplierRequestState.CANCELLED: frozenset(),
}


def may_move(moves: Mapping[S, frozenset[S]], old: S, new: S) -> bool:
    """Whether a piece of work may go from one state to another; staying is always allowed."""
    return old == new or new in moves[old]
