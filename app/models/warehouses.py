"""The warehouses themselves: a start reads them before anything that lies there."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import WarehouseKind
from app.models.base import Base, Code, Json, Key, Money, Short, Word


class Warehouse(Base):
    """A site, with its time zone and the address that stands on its parcels as sender.

    Orders are sourced from it while it is `active`. `latitude_e6` and `longitude_e6` are millionths of a degree (where
    they are not told the sender's postcode tells the place); `cut_off` is in minutes after local midnight: what is
    promised later leaves the next day. `daily_capacity` counts fulfillments. Costs are in minor units, of a parcel
    and of each unit in it.
    """

    __tablename__ = "warehouses"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(String(64), unique=True)
    name: Mapped[Short]
    zone: Mapped[Short] = mapped_column(String(120), default="Europe/London")
    sender: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    kind: Mapped[WarehouseKind] = mapped_column(
        Word(WarehouseKind), default=WarehouseKind.WAREHOUSE, server_default="warehouse"
    )
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    cut_off: Mapped[int | None]
    daily_capacity: Mapped[int | None]
    parcel_cost: Mapped[Money]
    unit_cost: Mapped[Money]
