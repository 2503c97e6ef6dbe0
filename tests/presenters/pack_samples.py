"""Work of the pack screen for tests of its presenter."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.domain.states import LabelState, PackageState
from app.domain.work import ItemRef, OrderHead, PackLine, PackWork, Parcel
from tests.builders import NOW

UTC_ZONE = ZoneInfo("UTC")


def finished_work(label: LabelState = LabelState.BOUGHT) -> PackWork:
    """Order #1042, packed whole in one parcel that has its label."""
    head = OrderHead(
        4, "#1042", ("Maya Lindqvist", "1 Mill Lane"), "Maya Lindqvist", "standard", NOW + timedelta(hours=2)
    )
    cup = ItemRef(1, "CUP", "RED CUP")
    parcel = Parcel(3, 1, PackageState.LABELLED, 2, "", 500, 5, label, "own", "standard", "PWD0000000017")
    return PackWork(2, head, (PackLine(1, cup, 2, 2),), (parcel,))
