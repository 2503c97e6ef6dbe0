"""Frozen snapshots of work in hand: everything a floor screen needs to draw, so that drawing reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.pack_work import ItemRef, LineCounted, OrderHead, PackLine, PackWork, Parcel, WorkNote, WrongItem
from app.domain.states import Condition, Disposition

__all__ = [
    "ItemRef",
    "LineCounted",
    "OrderHead",
    "PackLine",
    "PackWork",
    "Parcel",
    "PickSlot",
    "PickStop",
    "PickWork",
    "ReturnWork",
    "ReturnedUnit",
    "SoldLine",
    "StockLine",
    "StockWork",
    "WorkNote",
    "WrongItem",
]


@dataclass(frozen=True, slots=True)
class PickStop:
    """One stop of the walk; `on_shelf` is what the ledger says lies there. Coordinates in millimetres, where known."""

    task_id: int
    sequence: int
    location_id: int
    location: str
    zone: str
    aisle: str
    bay: str
    level: str
    position: str
    x_mm: int | None
    y_mm: int | None
    item: ItemRef
    quantity: int
    picked: int
    short: int
    slot: int
    order_number: str
    on_shelf: int
    done: bool


@dataclass(frozen=True, slots=True)
class PickSlot:
    """A slot of the cart, with the tote that stands in it once it was scanned."""

    slot: int
    fulfillment_id: int
    order_number: str
    tote: str = ""


@dataclass(frozen=True, slots=True)
class PickWork:
    """A walk. `step` is `totes` (a tote to scan for `slot`), `shelf`, `item`, `tote`, `count`, `reason` or `done`.

    `current` is the task in hand; `in_hand` how many of it were scanned and not yet put into the tote.
    """

    pick_list_id: int
    code: str
    cart: str
    columns: int
    stops: tuple[PickStop, ...]
    slots: tuple[PickSlot, ...]
    step: str
    current: int | None = None
    in_hand: int = 0
    found: int | None = None
    elsewhere: str = ""
    elsewhere_free: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a shipped order as the returns clerk sees it. Prices in minor units."""

    line_id: int
    item: ItemRef
    shipped: int
    back: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class ReturnedUnit:
    """One unit that came back, and what was decided."""

    unit_id: int
    number: int
    line_id: int | None
    item: ItemRef | None
    reason: str
    grade: Condition | None
    disposition: Disposition | None
    refund: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReturnWork:
    """A return open at a bench. `step` is `unit`, `grade`, `reason`, `where` or `done`; `current` the unit in hand."""

    return_id: int
    code: str
    head: OrderHead
    customer_note: str
    sold: tuple[SoldLine, ...]
    units: tuple[ReturnedUnit, ...]
    step: str
    current: int | None
    captured: int
    refunded_before: int
    proposed: int
    shipped_by: str = ""
    sold_at: datetime | None = None
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StockLine:
    """A product that lies at the place in hand, or that is to be put back from it; `to_do` says how many of those.

    `place` is where some of it can be taken from, for what is to be fetched.
    """

    item: ItemRef
    on_hand: int
    promised: int = 0
    to_do: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class StockWork:
    """Stock in hand. `kind` is `stock_move`, `receive`, `count`, `put_back`, or of a transfer, which `about` names.

    A transfer's kinds are `transfer_send`, `transfer_out` and `transfer_receive`; a line of it tells as `on_hand` how
    many are wanted or were sent, as `promised` how many were picked or received, and as `to_do` the rest.

    `step` is what is wanted next: `place` (where it is), `item`, `count` (the number) or `target` (where it goes).
    `quantity` is how many were scanned or typed so far; None while a count has no number yet.
    """

    kind: str
    step: str
    place: str
    item: ItemRef | None
    quantity: int | None
    lot: str = ""
    lines: tuple[StockLine, ...] = ()
    about: str = ""
