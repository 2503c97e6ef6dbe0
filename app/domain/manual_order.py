"""An order that somebody types in: what it needs to be taken, and how it is captured like one of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.capture import CapturedLine, CapturedOrder, Financial, PostalAddress, Totals

CHANNEL = "manual"


@dataclass(frozen=True, slots=True)
class ManualLine:
    """A product of ours: units, and the price of one in minor units."""

    sku: str
    title: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class ManualOrder:
    """All that is typed. Amounts in minor units; `tax` and `shipping` count as entered. `customer_id` is known already.

    `ship_on` is the day it must leave; None leaves it to the next cut-off. `priority` 1 goes first, 9 goes last.
    """

    ship_to: PostalAddress
    lines: tuple[ManualLine, ...]
    email: str = ""
    customer_id: int | None = None
    currency: str = "GBP"
    tax: int = 0
    shipping: int = 0
    discount: int = 0
    financial: Financial = Financial.PAID
    service: str = ""
    priority: int = 5
    ship_on: date | None = None
    note: str = ""

    @property
    def goods(self) -> int:
        """What the lines come to."""
        return sum(line.quantity * line.unit_price for line in self.lines)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.goods + self.tax + self.shipping - self.discount

    @property
    def missing(self) -> str:
        """The code of the first thing without which it can't be taken; empty when nothing is."""
        if not self.lines:
            return "entry.no_lines"
        if any(line.quantity <= 0 for line in self.lines):
            return "entry.no_units"
        if not self.ship_to.name.strip() and not self.ship_to.company.strip():
            return "entry.no_name"
        if self.total < 0:
            return "entry.below_nothing"
        return ""

    def captured(self, number: str, now: datetime, ship_by: datetime | None = None) -> CapturedOrder:
        """The same as a channel reports its orders; `ship_by` is the cut-off of its day."""
        return CapturedOrder(
            CHANNEL,
            number,
            now,
            tuple(
                CapturedLine(
                    line.sku,
                    line.title,
                    line.quantity,
                    line.unit_price,
                    line_total=line.quantity * line.unit_price,
                    line_ref=str(at),
                )
                for at, line in enumerate(self.lines, start=1)
            ),
            ship_to=self.ship_to,
            ship_by_utc=ship_by,
            currency=self.currency,
            email=self.email,
            financial=self.financial,
            service=self.service,
            note=self.note,
            totals=Totals(self.goods, self.discount, self.shipping, self.tax, self.total),
        )
