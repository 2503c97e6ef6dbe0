"""A station process that a test kills while it sends: buys the labels that wait and prints them, then ends."""

from __future__ import annotations

import sys

from app.bootstrap.document_printer import PrintingPress
from app.domain.clock import utc_now
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.database import Database
from app.runtime.background import Background
from app.services.actor import Actor


def main(database: str, printer: str, station: int, warehouse: int) -> None:
    """Everything that a start finds to do."""
    own = OwnDelivery()
    press = PrintingPress(printer, {"packing-slip": "sim:slips"}, lambda _uri, _status: None)
    background = Background(
        Database.open(database),
        lambda now: Actor(now, f"effects:{station}", warehouse, station_id=station),
        {own.key: own},
        press,
        utc_now,
        lambda _: None,
        lambda _: None,
        lambda fault: print(fault, file=sys.stderr),
    )
    background.settle_leftovers()
    background.run_once()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
