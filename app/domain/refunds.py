"""How much money goes back for what came back: exact to the minor unit, and never more than was captured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class SoldAmounts:
    """What a line was sold for, in minor units: price of one, how many, and the discount on all of them."""

    line_id: int
    unit_price: int
    quantity: int
    discount: int = 0

    @property
    def net(self) -> int:
        """What the line came to after its own discount, at least nothing."""
        return max(0, self.unit_price * self.quantity - self.discount)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be given back: for each returned unit (by its id), and for the outward post."""

    units: Mapping[int, int]
    post: int

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(self.units.values()) + self.post


def split(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Divides an amount by weights to whole minor units; the parts add up to it exactly (largest remainders first).

    Equal weights are used where all are 0; nothing is given where there are none. Raises ValueError for a negative
    amount or weight.
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amounts and weights are at least 0")
    if not weights:
        return ()
    total = sum(weights)
    shares = list(weights) if total else [1] * len(weights)
    total = total or len(weights)
    parts = [amount * share // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(amount * shares[i] % total), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def unit_values(lines: Iterable[SoldAmounts], order_discount: int) -> dict[int, tuple[int, ...]]:
    """What each unit of each line was paid for, after its share of the line's and the order's discount.

    `order_discount` is what the order was reduced by beyond the discounts of its lines. The values of a line add up to
    what the line came to, exactly.
    """
    sold = list(lines)
    nets = [line.net for line in sold]
    reduced = split(min(max(0, order_discount), sum(nets)), nets)
    return {
        line.line_id: split(max(0, net - share), [1] * line.quantity)
        for line, net, share in zip(sold, nets, reduced, strict=True)
    }


def next_unit(values: Sequence[int], before: int, given: int) -> int:
    """What one more unit of a line is worth, when `before` units came back before and `given` was granted for them."""
    sums = [0, *accumulate(values)]
    return max(0, sums[min(before + 1, len(values))] - given)


def propose(units: Mapping[int, int], post: int, available: int) -> Proposal:
    """What is given back for these units (id -> amount) and the outward post, at most what is `available`.

    When that is less, the post is cut first, then all units by the same part.
    """
    left = max(0, available)
    wanted = sum(units.values())
    if wanted + post <= left:
        return Proposal(dict(units), post)
    if wanted <= left:
        return Proposal(dict(units), left - wanted)
    cut = split(left, list(units.values()))
    return Proposal(dict(zip(units, cut, strict=True)), 0)
