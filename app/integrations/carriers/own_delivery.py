"""The built-in carrier: labels with our own tracking numbers, so that the main job works with no account anywhere."""

from __future__ import annotations

from app.domain.ports import BoughtLabel, LabelRequest
from app.domain.return_labels import return_number
from app.integrations.carriers.keys import OWN

KEY = OWN


def check_digit(digits: str) -> int:
    """The modulo 10 check digit of a number, weights 3 and 1 from the right, as on a GTIN."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def tracking_number(label_id: int) -> str:
    """`PWD`, nine digits and their check digit: the same label always has the same number."""
    digits = f"{label_id:09d}"
    return f"PWD{digits}{check_digit(digits)}"


class OwnDelivery:
    """Own vans, or a courier who takes any label. Buying makes a number; nothing leaves this machine."""

    key = KEY

    def __init__(self, name: str = "Own delivery") -> None:
        """`name` is what stands at the top of the label."""
        self.name = name

    def buy(self, request: LabelRequest) -> BoughtLabel:
        """A label, at once and free."""
        return BoughtLabel(tracking_number(request.label_id), request.service)

    def return_label(self, return_id: int) -> BoughtLabel:
        """The label of a return, at once and free; the same one whenever it is asked for."""
        return BoughtLabel(return_number(return_id), "")

    def find(self, reference: str, label_id: int) -> BoughtLabel | None:
        """The same label again: numbers follow from the label, so asking is as good as having bought."""
        return BoughtLabel(tracking_number(label_id), "")

    def void(self, tracking_number: str, account: str) -> bool:
        """Always possible: nobody charges for it."""
        return True
