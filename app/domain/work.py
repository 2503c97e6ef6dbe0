"""Frozen snapshots of work in hand: everything a floor screen needs to draw, so that drawing reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.cartons import CartonFit
from app.domain.states import Condition, Disposition, LabelState, PackageState
from app.domain.weights import ExpectedWeight

if TYPE_CHECKING:
    from app.domain.changed_work import ChangedWork


@dataclass(frozen=True, slots=True)
class ItemRef:
    """A product as a screen shows it."""

    product_id: int
    sku: str
    name: str
    picture: str = ""
    note: str = ""
    weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class PackLine:
    """One line at the bench: how many are required here, and how many lie in parcels."""

    line_id: int
    item: ItemRef
    required: int
    packed: int

    def __hash__(self) -> int:
        """Enough to tell lines apart: an order of 500 has each looked up at each scan."""
        return hash((self.line_id, self.packed))

    @property
    def remaining(self) -> int:
        """Units still to scan."""
        return self.required - self.packed


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of the work: its number, state, and label where it has one; `refusal` is why its carrier sold none.

    `held` is the state of the printer (`PrinterState`) for which its label waits and is not bought yet.
    """

    package_id: int
    number: int
    state: PackageState
    units: int = 0
    carton_code: str = ""
    weight_g: int | None = None
    label_id: int | None = None
    label_state: LabelState | None = None
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    refusal: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class WorkNote:
    """What somebody wrote for the packer of an order, or of all orders of its customer."""

    words: str
    must_read: bool = False
    of_customer: bool = False


@dataclass(frozen=True, slots=True)
class OrderHead:
    """What stands in the header: number, totes, recipient, service, when it leaves; `note` is the channel's."""

    order_id: int
    number: str
    ship_to_lines: tuple[str, ...]
    ship_to_short: str
    service: str
    leaves_at: datetime
    note: str = ""
    gift: bool = False
    totes: tuple[str, ...] = ()
    currency: str = ""
    notes: tuple[WorkNote, ...] = ()
    changed: bool = False


@dataclass(frozen=True)  # with no slots: what is counted is kept
class PackWork:
    """A fulfillment open at a bench. `cartons` are the choices, with their fit for what goes into the open parcel.

    `changed` is what the office changed of it and this bench has not answered yet.
    """

    fulfillment_id: int
    head: OrderHead
    lines: tuple[PackLine, ...]
    parcels: tuple[Parcel, ...]
    open_package_id: int | None = None
    cartons: tuple[CartonFit, ...] = ()
    carton_code: str = ""
    expected: ExpectedWeight | None = None
    started_at: datetime | None = None
    changed: ChangedWork | None = None

    @cached_property
    def required(self) -> int:
        """Units of the whole work; counted once, for a picture asks many times and there may be 500 lines."""
        return sum([line.required for line in self.lines])

    @cached_property
    def packed(self) -> int:
        """Units that lie in parcels."""
        return sum([line.packed for line in self.lines])


@dataclass(frozen=True, slots=True)
class LineCounted:
    """A pack scan that was stored: the line's new count. `package_units` counts the open parcel."""

    line_id: int
    item: ItemRef
    required: int
    packed: int
    package_id: int
    package_units: int
    total_required: int
    total_packed: int


@dataclass(frozen=True, slots=True)
class WrongItem:
    """What is in the hand and may not go in: why, and who wants it."""

    code: str
    item: ItemRef | None
    closest_line_id: int | None = None
    scanned_marks: tuple[int, ...] = ()
    wanted_marks: tuple[int, ...] = ()
    wanted_by: str = ""
    required: int = 0


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
