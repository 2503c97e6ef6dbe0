"""What the demonstration's people see on shelves and boxes: the barcodes of goods, and which codes a person scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.models.database import Database, Session

ONE_BY_ONE = 3
"""So many units are scanned one by one; more are counted and told with PW-QTY, as a person does."""
_CODES = text("SELECT product_id, code, quantity FROM identifiers ORDER BY product_id, quantity, id")
_SKUS = text("SELECT id, sku FROM products")
_PLACES = text(
    "SELECT b.product_id FROM stock_balances b JOIN locations l ON l.id = b.location_id "
    "WHERE l.kind IN ('shelf', 'bulk') AND b.on_hand > b.allocated GROUP BY b.product_id HAVING count(*) > 1"
)


@dataclass(frozen=True, slots=True)
class Goods:
    """Barcodes by product: of one unit, and of a case with what it holds; and what lies in several places."""

    units: Mapping[int, str]
    cases: Mapping[int, tuple[str, int]]
    skus: Mapping[int, str]
    in_several_places: frozenset[int]

    def scans(self, product_id: int, quantity: int) -> tuple[str, ...]:
        """The codes that count so many units: the case's where it is a whole case, else each, or told in digits."""
        case = self.cases.get(product_id)
        if case is not None and case[1] == quantity:
            return (case[0],)
        unit = self.units[product_id]
        if quantity <= ONE_BY_ONE:
            return (unit,) * quantity
        return ("PW-QTY", *(f"PW-{digit}" for digit in str(quantity)), unit)

    def other_than(self, product_ids: frozenset[int]) -> str:
        """The code of a product that is none of these, and looks like one of them: a wrong one, as it happens."""
        wanted = sorted(self.skus[product] for product in product_ids)
        others = (product for product in self.units if product not in product_ids)
        return self.units[max(others, key=lambda product: max(_alike(self.skus[product], sku) for sku in wanted))]


def _alike(one: str, other: str) -> float:
    """How easily one is taken for the other: equal signs at equal places count."""
    if len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def read_goods(database: Database) -> Goods:
    """Reads all barcodes once."""
    return database.read(_read)


def _read(session: Session) -> Goods:
    units: dict[int, str] = {}
    cases: dict[int, tuple[str, int]] = {}
    for product_id, code, quantity in session.execute(_CODES):
        if quantity == 1:
            units.setdefault(product_id, code[1:] if len(code) == 14 and code[0] == "0" else code)
        else:
            cases.setdefault(product_id, (code, quantity))
    several = frozenset(session.execute(_PLACES).scalars())
    skus = {row[0]: row[1] for row in session.execute(_SKUS)}
    return Goods(units, cases, skus, several)
