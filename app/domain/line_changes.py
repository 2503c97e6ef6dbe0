"""How an order's lines differ from what its channel reports now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.capture import CapturedLine
from app.domain.storable import sku_key


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as it is stored, with the units that are promised to it and those that have left."""

    line_id: int
    line_ref: str
    sku: str
    title: str
    quantity: int
    cancelled: int
    elsewhere: int
    allocated: int = 0
    shipped: int = 0
    requires_shipping: bool = True

    @property
    def due(self) -> int:
        """Units that we are to ship, or have shipped."""
        return self.quantity - self.cancelled - self.elsewhere


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line before and after: `stored` is None for a new one, `reported` is None for one that is gone.

    `place` is the reported line's place in its order, from 0.
    """

    stored: StoredLine | None
    reported: CapturedLine | None
    place: int = -1

    @property
    def due(self) -> int:
        """Units that are to be shipped after the change; what was cancelled here stays cancelled."""
        if self.reported is None or not self.reported.requires_shipping:
            return 0
        cancelled = self.stored.cancelled if self.stored else 0
        return max(0, self.reported.quantity - self.reported.elsewhere - cancelled)

    @property
    def difference(self) -> int:
        """How many units more are to be shipped than before."""
        return self.due - (self.stored.due if self.stored and self.stored.requires_shipping else 0)

    @property
    def other_goods(self) -> bool:
        """Whether another product is wanted on the same line."""
        if self.stored is None or self.reported is None:
            return False
        return sku_key(self.stored.sku) != sku_key(self.reported.sku)

    @property
    def settled(self) -> bool:
        """Whether the channel only tells what we know: nothing changes, or it reports as gone what we have shipped."""
        if self.stored is None or self.reported is None:
            return self.due == 0
        left = self.stored.due - self.stored.shipped
        return not self.other_goods and (self.difference == 0 or self.due == left)


def line_changes(stored: Sequence[StoredLine], reported: Sequence[CapturedLine]) -> list[LineChange]:
    """Pairs lines by the channel's reference, else by SKU (or title) in their order."""
    waiting: dict[str, list[StoredLine]] = defaultdict(list)
    for old in stored:
        waiting[_key(old.line_ref, old.sku, old.title)].append(old)
    changes: list[LineChange] = []
    for place, line in enumerate(reported):
        same = waiting.get(_key(line.line_ref, line.sku, line.title))
        changes.append(LineChange(same.pop(0) if same else None, line, place))
    gone = [old for left in waiting.values() for old in left]
    return changes + [LineChange(old, None) for old in sorted(gone, key=lambda old: old.line_id)]


def _key(line_ref: str, sku: str, title: str) -> str:
    return f"ref {line_ref}" if line_ref else f"sku {sku_key(sku)}" if sku.strip() else f"title {title}"
