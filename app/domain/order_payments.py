"""What a channel's word about the money means: which amounts count as authorized, captured and refunded."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.capture import CapturedLine, CapturedOrder, Financial

WAITING = (Financial.PENDING, Financial.AUTHORIZED, Financial.PARTIALLY_PAID)


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in minor units; what is refunded is never more than what was captured."""

    authorized: int = 0
    captured: int = 0
    refunded: int = 0


def line_amount(line: CapturedLine) -> int:
    """What a line costs, from its total or its unit price; 0 where the channel reports neither."""
    if line.line_total is not None:
        return line.line_total
    return (line.unit_price or 0) * line.quantity - (line.discount or 0)


def order_total(order: CapturedOrder) -> int:
    """The order's total, or the sum of its lines and shipping where the channel reports none."""
    if order.totals.total is not None:
        return order.totals.total
    return max(0, sum(line_amount(line) for line in order.lines) + (order.totals.shipping or 0))


def money_of(order: CapturedOrder) -> Money:
    """No payment reported counts as paid; a partial payment of which no amount is known counts as none."""
    total, financial = order_total(order), order.financial
    refunded = order.totals.refunded or 0
    if financial in (Financial.PENDING, Financial.PARTIALLY_PAID):
        return Money()
    if financial is Financial.AUTHORIZED:
        return Money(authorized=total)
    if financial is Financial.VOIDED:
        return Money(captured=refunded, refunded=refunded)
    if financial is Financial.REFUNDED:
        refunded = refunded or total
    return Money(captured=max(total, refunded), refunded=refunded)
