"""Tables, one file an aggregate; `database.py` is the only door to them."""

from app.models import (
    catalogue,
    demand,
    edits,
    fulfillment,
    notes,
    people,
    returns,
    shipping,
    sourcing,
    stock,
    supply,
    system,
)
from app.models.base import Base

__all__ = [
    "Base",
    "catalogue",
    "demand",
    "edits",
    "fulfillment",
    "notes",
    "people",
    "returns",
    "shipping",
    "sourcing",
    "stock",
    "supply",
    "system",
]
