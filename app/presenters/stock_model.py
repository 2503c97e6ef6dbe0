"""What the Stock screen knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.outcomes import Outcome
from app.domain.work import StockWork
from app.presenters.state.form import Notice
from app.queries.stock import FoundProduct, Holding, PlaceStock, ProductStock
from app.services.promise import Available

PLACES, CHANNELS = "places", "channels"


@dataclass(frozen=True, slots=True)
class ProductLook:
    """A product's stock here, and what each channel may promise of it."""

    stock: ProductStock
    channels: tuple[Available, ...]


@dataclass(frozen=True, slots=True)
class StockModel:
    """Everything the screen follows from. `work` is stock in hand at this station; `blocked` waits for the OK card.

    `adjusting` is what a correction was begun for: it stays so, whatever moves in the list meanwhile.
    """

    product: ProductStock | None = None
    channels: tuple[Available, ...] = ()
    view: str = PLACES
    place: PlaceStock | None = None
    found: tuple[FoundProduct, ...] = ()
    asked: str = ""
    chosen: str = ""
    work: StockWork | None = None
    said: Outcome | None = None
    blocked: Outcome | None = None
    refused_since: int = 0
    adjusting: Holding | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
