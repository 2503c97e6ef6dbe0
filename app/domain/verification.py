"""Which holds an order deserves as it was captured: unpaid, bad address, unknown product, or said too vaguely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.capture import CapturedOrder, Financial
from app.domain.order_payments import WAITING
from app.domain.states import HoldKind

CHANGED_AT_CHANNEL = "changed_at_channel"
VERIFIED_KINDS = (HoldKind.PAYMENT, HoldKind.ADDRESS, HoldKind.PRODUCT)
"""The kinds that verification opens and closes by itself, because their cause can be looked up again."""


@dataclass(frozen=True, slots=True)
class WantedHold:
    """A hold to be opened. `detail` holds codes or SKUs, parted by ', '; what they mean depends on the kind."""

    kind: HoldKind
    detail: str


def units_due(order: CapturedOrder) -> int:
    """Units that are ours to ship."""
    return sum(line.quantity - line.elsewhere for line in order.lines if line.requires_shipping)


def verified_holds(
    financial: Financial, address_faults: Sequence[str], unknown_skus: Iterable[str]
) -> tuple[WantedHold, ...]:
    """The holds of an order of which something is to be shipped, of the kinds that can be looked up again."""
    wanted: list[WantedHold] = []
    if financial in WAITING:
        wanted.append(WantedHold(HoldKind.PAYMENT, financial.value))
    if address_faults:
        wanted.append(WantedHold(HoldKind.ADDRESS, ", ".join(address_faults)))
    unknown = ", ".join(dict.fromkeys(unknown_skus))
    if unknown:
        wanted.append(WantedHold(HoldKind.PRODUCT, unknown))
    return tuple(wanted)


def captured_holds(
    order: CapturedOrder, address_faults: Sequence[str], unknown_skus: Iterable[str]
) -> tuple[WantedHold, ...]:
    """The holds of an order as it is captured; none for one that leaves nothing to do."""
    if units_due(order) <= 0:
        return ()
    wanted = verified_holds(order.financial, address_faults, unknown_skus)
    if order.doubts:
        wanted = (*wanted, WantedHold(HoldKind.OFFICE, ", ".join(doubt.value for doubt in order.doubts)))
    return wanted
