"""The kinds of work of a station, and what a scan opens; each is read when a scan wants it first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.bootstrap.late import Late
from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.services.desk import FULFILLMENT, PICK_LIST, PICK_UP_KINDS, RETURN, STOCK_KINDS, TRANSFER_KINDS, Desk
from app.services.identify import Named
from app.services.station import Floor, ReadsEarly, Unblock, WorkDesk

if TYPE_CHECKING:
    from app.services.opening import StationOpening
    from app.services.pick.desk import PickDesk
    from app.services.pick_up_desk import PickUpDesk
    from app.services.returning.desk import ReturnDesk
    from app.services.stock_desk import StockDesk
    from app.services.transfers_desk import TransferDesk

CHANGED = "pack.changed"


def make_floor(station_id: int, warehouse_id: int, carrier: str) -> Floor:
    """The floor of one station; labels are bought from `carrier`."""
    works = _Works(carrier)
    desks: Late[str, WorkDesk] = Late(
        {
            FULFILLMENT: lambda: works.pack,
            PICK_LIST: lambda: works.pick,
            RETURN: lambda: works.returns,
            **dict.fromkeys(STOCK_KINDS, lambda: works.stock),
            **dict.fromkeys(TRANSFER_KINDS, lambda: works.transfers),
            **dict.fromkeys(PICK_UP_KINDS, lambda: works.pick_ups),
        }
    )
    unblock: Late[str, Unblock] = Late({CHANGED: lambda: works.changed})
    early: Late[str, ReadsEarly] = Late({"": _order_early, FULFILLMENT: _item_early})
    return Floor(station_id, warehouse_id, desks, _LateOpening(works), unblock, early)


def _order_early() -> ReadsEarly:
    from app.services.bench_order import read_early

    return read_early


def _item_early() -> ReadsEarly:
    from app.services.pack_early import read_early

    return read_early


class _Works:
    """The kinds of work, each made once."""

    def __init__(self, carrier: str) -> None:
        self._carrier = carrier

    @cached_property
    def pack(self) -> WorkDesk:
        from app.services.pack import PackDesk

        return PackDesk(self._carrier)

    @cached_property
    def changed(self) -> Unblock:
        from app.services.pack_changed import ChangedBench

        return ChangedBench(self._carrier)

    @cached_property
    def pick(self) -> PickDesk:
        from app.services.pick.desk import PickDesk

        return PickDesk()

    @cached_property
    def returns(self) -> ReturnDesk:
        from app.integrations.carriers.own_delivery import OwnDelivery
        from app.services.returning.desk import ReturnDesk

        return ReturnDesk(OwnDelivery())

    @cached_property
    def stock(self) -> StockDesk:
        from app.services.stock_desk import StockDesk

        return StockDesk()

    @cached_property
    def transfers(self) -> TransferDesk:
        from app.services.transfers_desk import TransferDesk

        return TransferDesk()

    @cached_property
    def pick_ups(self) -> PickUpDesk:
        from app.services.pick_up_desk import PickUpDesk

        return PickUpDesk()

    @cached_property
    def opening(self) -> StationOpening:
        from app.services.opening import StationOpening
        from app.services.pack_open import PackOpening

        return StationOpening(
            self.pick, PackOpening(self._carrier), self.returns, self.stock, self.transfers, self.pick_ups
        )


class _LateOpening:
    """Implements `services.station.Opening`."""

    def __init__(self, works: _Works) -> None:
        self._works = works

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """Opens what the code names, or says why not."""
        return self._works.opening.open_named(desk, code, named)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """A command where nothing is open; None when it means nothing here."""
        return self._works.opening.on_command(desk, command)
