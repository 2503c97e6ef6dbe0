"""What every channel yields: captured orders, products, places and stock, and the port they come through.

Amounts are integer minor units of the order's currency (`money.to_minor`); an amount that is finer than that (a tax of
28454.40 yen, a price of 0.001) is rounded there and stands as reported in `CapturedOrder.exact`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Protocol, TypeAlias

from app.domain.capture_settings import ReadSettings
from app.domain.errors import PickwickError

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and texts, frozen: what a channel said beyond our own words."""


class Financial(Enum):
    """What the channel says of the money: not reported counts as paid; pending, authorized, partly paid wait."""

    NOT_REPORTED = ""
    PAID = "paid"
    PENDING = "pending"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    VOIDED = "voided"


class Doubt(Enum):
    """What a channel says too vaguely: shipping would be a guess, so the order is captured and waits for the office."""

    PARTIAL_REFUND = "partial_refund"
    """Money went back, but the file does not say for which units."""
    PARTLY_SHIPPED_LINE = "partly_shipped_line"
    """A line is partly shipped, but the file does not say how many units."""
    CANCELLATION_ASKED = "cancellation_asked"
    """The buyer has asked to cancel, and nobody has answered yet."""
    LINES_MISSING = "lines_missing"
    """The lines come to less than the order's own subtotal: rows of it are not in the file."""
    UNKNOWN_STATUS = "unknown_status"
    """The channel's word for the order or line is one that we do not know."""


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where an order goes, as the channel reports it; `country` is the ISO code where the name could be read."""

    name: str = ""
    company: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """An order's amounts in minor units; None where the channel reports none."""

    subtotal: int | None = None
    discount: int | None = None
    shipping: int | None = None
    tax: int | None = None
    total: int | None = None
    refunded: int | None = None


@dataclass(frozen=True, slots=True)
class CapturedLine:
    """One line of an order. `elsewhere` units were shipped, refunded or voided outside and are not shipped again."""

    sku: str
    title: str
    quantity: int
    unit_price: int | None = None
    discount: int | None = None
    line_total: int | None = None
    requires_shipping: bool = True
    elsewhere: int = 0
    shipped: int | None = None
    to_ship: int | None = None
    status: str = ""
    line_ref: str = ""
    item_number: str = ""


@dataclass(frozen=True, slots=True)
class CapturedOrder:
    """One order as a channel reports it.

    `created_utc` is aware (UTC); `created_local` is the naive text's own time where the format has no zone.
    `fulfilment` and line `status` are the channel's words; what they mean for us is in the lines' `elsewhere`.
    """

    channel: str
    number: str
    created_utc: datetime | None
    lines: tuple[CapturedLine, ...]
    ship_to: PostalAddress = PostalAddress()
    channel_ref: str = ""
    created_local: datetime | None = None
    ship_by_utc: datetime | None = None
    currency: str = ""
    email: str = ""
    financial: Financial = Financial.NOT_REPORTED
    fulfilment: str = ""
    cancelled: bool = False
    service: str = ""
    note: str = ""
    gift: bool = False
    tags: str = ""
    discount_code: str = ""
    totals: Totals = Totals()
    exact: Pairs = ()
    doubts: tuple[Doubt, ...] = ()
    extras: Pairs = ()
    line_number: int = field(default=0, compare=False)

    def fingerprint(self) -> str:
        """Digest (32 hex digits) of all that we act on or show; `extras` and the place in the file do not count."""
        content = (
            self.channel, self.number, self.channel_ref, _stamp(self.created_utc), _stamp(self.created_local),
            _stamp(self.ship_by_utc), self.currency, self.email, self.financial.value, self.fulfilment, self.cancelled,
            self.service, self.note, self.gift, self.tags, self.discount_code, self.exact,
            _row(self.totals), _row(self.ship_to), [_row(line) for line in self.lines],
        )  # fmt: skip
        return hashlib.blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A code that names a product when scanned; `kind` is gtin, mpn, case or own; a case holds `quantity` units."""

    code: str
    kind: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class CapturedProduct:
    """One thing that is sold. Weight in grams, lengths in millimetres, price in minor units; None is unknown."""

    channel: str
    sku: str
    name: str
    codes: tuple[ProductCode, ...] = ()
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    price: int | None = None
    currency: str = ""
    options: Pairs = ()
    image_url: str = ""
    handle: str = ""
    vendor: str = ""
    origin_country: str = ""
    customs_code: str = ""
    requires_shipping: bool = True
    tracks_lots: bool | None = None
    tracks_serials: bool | None = None
    stock: int | None = None
    extras: Pairs = ()
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CapturedLocation:
    """A place in a warehouse. `x_mm` and `y_mm` are its place on the floor plan; empty texts and None are unknown."""

    code: str
    zone: str = ""
    aisle: str = ""
    bay: str = ""
    level: str = ""
    position: str = ""
    kind: str = ""
    barcode: str = ""
    pick_sequence: int | None = None
    x_mm: int | None = None
    y_mm: int | None = None
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CapturedStock:
    """So many units of a product found at a place, of a lot if it has one."""

    location: str
    sku: str
    quantity: int
    lot: str = ""
    expiry: date | None = None
    condition: str = ""
    line_number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in its file, with the number of its first physical line (from 1)."""

    line_number: int
    text: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be taken, with all that is needed to mend it and try again.

    An order of which one row is bad is refused whole: its other rows are `companions`. `values` fill the sentence
    `capture.refused.<code>`. `header` is the heading row and `settings` what was found out about the file.
    """

    file: str
    format: str
    line_number: int
    code: str
    values: Pairs
    raw: str
    header: str
    settings: ReadSettings
    order_number: str = ""
    companions: tuple[RawRow, ...] = ()

    def rows(self, mended: str | None = None) -> tuple[RawRow, ...]:
        """Its row (or the mended text for it) and its companions in the order of the file: what a retry maps again."""
        own = RawRow(self.line_number, self.raw if mended is None else mended)
        return tuple(sorted((own, *self.companions), key=lambda row: row.line_number))


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no order line by the rules of its format; `code` says why (`capture.skipped.<code>`)."""

    file: str
    line_number: int
    code: str
    raw: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is, in bytes; the total is twice the file's size, which is checked first and then mapped."""

    bytes_done: int
    bytes_total: int


Captured: TypeAlias = (
    CapturedOrder | CapturedProduct | CapturedLocation | CapturedStock | RefusedRow | SkippedRow | Progress
)


class FileRefused(PickwickError):  # noqa: N818 - an answer about the file, not an error of ours
    """The whole file cannot be taken. Its code is the sentence's key, `capture.file.*`; raised before the first row."""


class FormatReader(Protocol):
    """Reads one format. Pure mapping: it opens the file, and touches nothing else."""

    @property
    def name(self) -> str:
        """The format's name on the command line, such as shopify-orders."""

    def read(self, path: Path, settings: ReadSettings) -> Iterator[Captured]:
        """All of a file, streaming, with a Progress now and then.

        Raises FileRefused before anything but Progress is yielded. An order comes when its last row was read.
        """

    def retry(self, refused: RefusedRow, mended: str | None = None) -> Iterator[Captured]:
        """Maps a refused row again, mended or as it is, together with the companions of its order."""

    def refuse(self, path: Path, settings: ReadSettings, unstorable: Mapping[int, Pairs]) -> Iterator[RefusedRow]:
        """Reads a file again for what could not be stored, by the line numbers of what `read` gave.

        Each comes as a refused row (`not_stored`) with these values, its rows and its companions.
        """


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _row(value: PostalAddress | Totals | CapturedLine) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in value.__slots__)
