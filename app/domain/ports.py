"""What the inside asks of the outside: adapters implement these, bootstrap hands them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.domain.capture import PostalAddress


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """A label to buy. `reference` is the idempotency key: asked twice, the carrier sells one label. Weight in grams."""

    label_id: int
    reference: str
    service: str
    ship_to: PostalAddress
    ship_from: PostalAddress
    weight_g: int
    order_number: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class BoughtLabel:
    """What the carrier sold: tracking number, price in minor units; `document` holds foreign label bytes, if any."""

    tracking_number: str
    service: str
    price: int = 0
    currency: str = ""
    document: bytes | None = None


class CarrierRefusedError(Exception):
    """The carrier said no, and why; the label was not bought."""


class CarrierUnknownError(Exception):
    """Nobody knows whether the label was bought: settle it by asking for the reference before buying another."""


class Carrier(Protocol):
    """A carrier's service; every method may take seconds, so none is called inside a transaction."""

    key: str
    name: str

    def buy(self, request: LabelRequest) -> BoughtLabel:
        """Buys a label. Raises CarrierRefusedError or CarrierUnknownError."""

    def find(self, reference: str, label_id: int) -> BoughtLabel | None:
        """The label that was bought under this reference, or None. Raises CarrierUnknownError."""

    def void(self, tracking_number: str, account: str) -> bool:
        """Voids a label, or finds it void already; False when the carrier refuses. Raises CarrierUnknownError.

        It may be asked again for a label that it has voided: a station can end before it stores the answer.
        """
