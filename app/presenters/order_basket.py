"""Lines that are being put together: what is in them, how many, and at which price. No screen, no database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.order_edits import MOST_UNITS, LineWish, NewLine
from app.queries.order_edit import Editable, FoundProduct


@dataclass(frozen=True, slots=True)
class BasketRow:
    """One line: units before and as they are wanted now. `line_id` is None for one that is new."""

    product_id: int | None
    sku: str
    name: str
    wanted: int
    price: int
    free: int
    before: int = 0
    shipped: int = 0
    line_id: int | None = None

    @property
    def key(self) -> str:
        """What tells it from the other rows."""
        return f"line:{self.line_id}" if self.line_id is not None else f"product:{self.product_id}"

    @property
    def changed(self) -> int:
        """Units more, or below 0 fewer."""
        return self.wanted - self.before


@dataclass(frozen=True, slots=True)
class Basket:
    """All lines, in their order."""

    rows: tuple[BasketRow, ...] = ()

    @classmethod
    def of(cls, known: Editable) -> Basket:
        """The lines of an order as they are."""
        return cls(
            tuple(
                BasketRow(
                    line.product_id, line.sku, line.title, line.due, line.unit_price, line.free, line.due,
                    line.shipped, line.line_id,
                )
                for line in known.lines
            )
        )  # fmt: skip

    @property
    def dirty(self) -> bool:
        """Whether anything is not as it was."""
        return any(row.changed for row in self.rows)

    @property
    def wishes(self) -> tuple[LineWish, ...]:
        """The known lines that change."""
        return tuple(LineWish(row.line_id, row.wanted) for row in self.rows if row.line_id is not None and row.changed)

    @property
    def new(self) -> tuple[NewLine, ...]:
        """The lines that come in addition."""
        return tuple(
            NewLine(row.product_id, row.wanted, row.price)
            for row in self.rows
            if row.line_id is None and row.product_id is not None and row.wanted
        )

    def find(self, key: str) -> BasketRow | None:
        """A row by its key."""
        return next((row for row in self.rows if row.key == key), None)

    def add(self, found: FoundProduct, units: int = 1) -> tuple[Basket, str]:
        """So many units more of a product; gives the key of their row."""
        known = next((row for row in self.rows if row.product_id == found.product_id), None)
        if known is not None:
            return self.put(known.key, known.wanted + units), known.key
        row = BasketRow(found.product_id, found.sku, found.name, units, found.price, found.free)
        return replace(self, rows=(*self.rows, row)), row.key

    def put(self, key: str, units: int) -> Basket:
        """So many units of a row; never fewer than have left."""
        return self._with(key, lambda row: replace(row, wanted=min(max(units, row.shipped), MOST_UNITS)))

    def price(self, key: str, minor: int) -> Basket:
        """Another price for one unit of a row that is new."""
        return self._with(key, lambda row: row if row.line_id is not None else replace(row, price=minor))

    def drop(self, key: str) -> Basket:
        """None of it: a row that is new goes, a known one stays at what has left."""
        rows = tuple(row for row in self.rows if row.key != key or row.line_id is not None)
        return replace(self, rows=rows).put(key, 0)

    def _with(self, key: str, change: object) -> Basket:
        assert callable(change)
        return replace(self, rows=tuple(change(row) if row.key == key else row for row in self.rows))
