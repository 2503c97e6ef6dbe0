"""What a bench may decide of the order in its hand while the database is away. Pure: the kit was read before.

It counts items of which nothing but their number is asked, and says when all are in; whatever else is scanned is
parked, and from then on everything is, for the answer to it could change what comes after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.barcodes import CodeKind, read_code
from app.domain.commands import Command, command_of
from app.domain.pack_work import LineCounted, PackWork
from app.domain.weights import WeightState, expected_weight, judge_grams

LABEL, SLIP = "shipping-label", "packing-slip"


class Verdict(StrEnum):
    """What became of a gesture here; the database has the last word."""

    COUNTED = "counted"
    COMPLETE = "complete"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    LOCKED = "locked"
    ACKNOWLEDGED = "acknowledged"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Kit:
    """All that a bench needs to finish the order in its hand, read while the database was there.

    `codes` name units by the keys of a code: each product, and how many of it one scan stands for; a code may name
    several. `label_id` is a number that no other label has, `content` what is printed on it, but for the weight; None
    where the carrier sells no label ahead. `slip` is the packing slip, where one is printed. `until` is when the lease
    of the order ends.
    """

    work: PackWork
    codes: Mapping[str, tuple[tuple[int, int], ...]]
    until: datetime
    lease_minutes: int
    confirm_weight: bool
    label_id: int | None = None
    content: Mapping[str, object] | None = None
    slip: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class InHand:
    """How far the order is: units by line, and what stands in the way. `clean`: the next scan can be judged here."""

    packed: Mapping[int, int]
    clean: bool = True
    blocked: bool = False
    complete: bool = False
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """One gesture judged: how far the order is now, and what to show.

    `weight_g` is the parcel's, once complete; of `product` there are `over` units too many.
    """

    verdict: Verdict
    after: InHand
    counted: LineCounted | None = None
    weight_g: int = 0
    product: int = 0
    over: int = 0


def begin(work: PackWork) -> InHand:
    """How far an order is that the database has just shown; one that somebody changed is not judged here."""
    return InHand({line.line_id: line.packed for line in work.lines}, clean=work.changed is None)


def judge(kit: Kit, now: InHand, raw: str, weight_g: int | None, at: datetime) -> Judged:
    """What a scan or key means while nobody can be asked."""
    if not now.clean or now.complete or at >= kit.until:
        return Judged(Verdict.PARKED, replace(now, clean=False))
    command = command_of(raw)
    if now.blocked:
        if command is Command.OK:
            return Judged(Verdict.ACKNOWLEDGED, replace(now, blocked=False, refused=0))
        return Judged(Verdict.LOCKED, replace(now, refused=now.refused + 1))
    code = read_code(raw)
    named = _named(kit, code.keys)
    still_open = [product for product in named if _left(kit, now, product)]
    if command is not None or len(still_open) > 1 or code.lot is not None:  # of several open ones somebody is asked
        return Judged(Verdict.PARKED, replace(now, clean=False))
    if not named:  # a number of the trade that is none of this order's, or anything at all
        known = code.kind is CodeKind.GTIN
        verdict = Verdict.WRONG if known else Verdict.PARKED
        return Judged(verdict, replace(now, blocked=known, clean=known))
    product = (still_open or list(named))[0]
    return _count(kit, now, product, named[product] * (code.quantity or 1), weight_g)


def _named(kit: Kit, keys: Sequence[str]) -> dict[int, int]:
    """The products that a code names, each with the largest quantity of one scan."""
    named: dict[int, int] = {}
    for product, quantity in (each for key in keys for each in kit.codes.get(key, ())):
        named[product] = max(quantity, named.get(product, 0))
    return named


def _left(kit: Kit, now: InHand, product: int) -> int:
    lines = (line for line in kit.work.lines if line.item.product_id == product)
    return sum(line.required - now.packed[line.line_id] for line in lines)


def _count(kit: Kit, now: InHand, product: int, units: int, weight_g: int | None) -> Judged:
    lines = [line for line in kit.work.lines if line.item.product_id == product]
    left = _left(kit, now, product)
    if units > left:
        return Judged(Verdict.TOO_MANY, replace(now, blocked=True), product=product, over=units - left)
    packed, still, last = dict(now.packed), units, lines[0]
    for line in lines:
        amount = min(still, line.required - packed[line.line_id])
        if amount:
            packed[line.line_id] += amount
            still, last = still - amount, line
    total = sum(packed.values())
    counted = LineCounted(
        last.line_id, last.item, last.required, packed[last.line_id], kit.work.open_package_id or 0, total,
        kit.work.required, total,
    )  # fmt: skip
    after = replace(now, packed=packed)
    if total < kit.work.required:
        return Judged(Verdict.COUNTED, after, counted)
    weight, differs = _weight(kit, packed, weight_g)
    if differs or kit.label_id is None:
        return Judged(Verdict.COUNTED, replace(after, clean=False), counted)
    return Judged(Verdict.COMPLETE, replace(after, complete=True), counted, weight)


def _weight(kit: Kit, packed: Mapping[int, int], measured: int | None) -> tuple[int, bool]:
    """The parcel's weight, and whether somebody has to confirm it: as the database will judge it."""
    expected = kit.work.expected
    comparable = expected is not None or len(kit.work.parcels) <= 1
    if expected is None:
        expected = expected_weight(0, [(line.item.weight_g, packed[line.line_id]) for line in kit.work.lines])
    if measured is None:
        return expected.grams, False
    differs = judge_grams(expected, measured).state is WeightState.DIFFERS
    return measured, differs and comparable and kit.confirm_weight
