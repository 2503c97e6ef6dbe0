"""The kinds of work of a station, and what a scan opens."""

from __future__ import annotations

from app.services.desk import FULFILLMENT, PICK_LIST, RETURN
from app.services.opening import StationOpening
from app.services.pack import PackDesk
from app.services.pack_open import PackOpening
from app.services.pick.desk import PickDesk
from app.services.returning.desk import ReturnDesk
from app.services.station import Floor, WorkDesk
from app.services.stock_desk import KINDS, StockDesk


def make_floor(station_id: int, warehouse_id: int, carrier: str) -> Floor:
    """The floor of one station; labels are bought from `carrier`."""
    pick, returns, stock = PickDesk(), ReturnDesk(), StockDesk()
    opening = StationOpening(pick, PackOpening(carrier), returns, stock)
    desks: dict[str, WorkDesk] = {
        FULFILLMENT: PackDesk(carrier),
        PICK_LIST: pick,
        RETURN: returns,
        **dict.fromkeys(KINDS, stock),
    }
    return Floor(station_id, warehouse_id, desks, opening)
