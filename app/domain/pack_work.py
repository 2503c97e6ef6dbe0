"""Frozen snapshots of an order at the bench, and the small changes that a scan makes to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.cartons import CartonFit
    from app.domain.changed_work import ChangedWork
    from app.domain.states import LabelState, PackageState
    from app.domain.weights import ExpectedWeight


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
