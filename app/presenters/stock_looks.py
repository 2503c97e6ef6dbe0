"""What the Stock screen looks up: a product, a place, or what a text finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from app.domain.barcodes import read_code
from app.domain.outcomes import Change
from app.models.database import Session
from app.presenters.desk_screen import DeskScreen
from app.presenters.stock_model import ProductLook, StockModel
from app.queries.stock import FoundProduct, PlaceStock, find_products, place_stock, product_stock
from app.services.identify import Named, NamedKind, identify
from app.services.promise import available_of

StockScreen: TypeAlias = DeskScreen[StockModel]
Looked = ProductLook | PlaceStock | tuple[FoundProduct, ...]


class StockLooks:
    """Looks for one screen: what was asked for last is shown."""

    def __init__(self, screen: StockScreen) -> None:
        """Reads nothing yet."""
        self._screen = screen
        self._turn = 0

    def changed(self, changes: Sequence[Change]) -> None:
        """What is shown may have changed: it is read again."""
        product, place = self._screen.model.product, self._screen.model.place
        for change in changes:
            if product is not None and change == Change("product", product.product_id):
                self.at_product(product.product_id)
                return
            if place is not None and change.entity in ("product", "location"):
                self.at_place(place.location_id)
                return

    def at_product(self, product_id: int) -> None:
        """Shows a product."""
        warehouse, now = self._screen.station.warehouse_id, self._screen.clock()

        def look(session: Session) -> ProductLook | None:
            found = product_stock(session, product_id, warehouse)
            return None if found is None else ProductLook(found, available_of(session, product_id, now))

        self._read(lambda: self._screen.database.read(look))

    def at_place(self, location_id: int) -> None:
        """Shows a place."""
        self._read(lambda: self._screen.database.read(lambda session: place_stock(session, location_id)))

    def again(self) -> None:
        """What is shown is read again."""
        if self._screen.model.product is not None:
            self.at_product(self._screen.model.product.product_id)
        elif self._screen.model.place is not None:
            self.at_place(self._screen.model.place.location_id)

    def up(self, asked: str) -> None:
        """What a code or a text finds: shown at once when it is one thing."""
        code, warehouse = read_code(asked), self._screen.station.warehouse_id

        def find() -> tuple[tuple[Named, ...], tuple[FoundProduct, ...]]:
            return self._screen.database.read(
                lambda session: (identify(session, code, warehouse), find_products(session, asked))
            )

        def found(answer: tuple[tuple[Named, ...], tuple[FoundProduct, ...]]) -> None:
            named, products = answer
            for one in named:
                if one.kind is NamedKind.PRODUCT:
                    self.at_product(one.ref)
                    return
                if one.kind is NamedKind.LOCATION:
                    self.at_place(one.ref)
                    return
            if len(products) == 1:
                self.at_product(products[0].product_id)
            else:
                self._screen.take(product=None, place=None, found=products, chosen="")

        self._screen.model = replace(self._screen.model, asked=asked, said=None, adjusting=None)
        self._screen.runner.read(find, found, lambda error: self._screen.failed(error, lambda: self.up(asked)))

    def _read(self, work: Callable[[], Looked | None]) -> None:
        self._turn += 1
        turn = self._turn

        def put(found: Looked | None) -> None:
            if turn != self._turn:
                return
            look = found if isinstance(found, ProductLook) else None
            place = found if isinstance(found, PlaceStock) else None
            self._screen.take(
                product=look.stock if look else None, channels=look.channels if look else (), place=place, found=()
            )

        self._screen.runner.read(work, put, lambda error: self._screen.failed(error, lambda: self._read(work)))
