"""Tables, one file an aggregate; `database.py` is the only door to them."""

from app.models import catalogue, demand, fulfillment, people, returns, shipping, stock, system
from app.models.base import Base

__all__ = ["Base", "catalogue", "demand", "fulfillment", "people", "returns", "shipping", "stock", "system"]
