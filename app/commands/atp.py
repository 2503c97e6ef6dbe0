"""`atp`: what a channel may promise of every product now, as a CSV file or on standard output."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session

from app.commands.opening import answer, opened
from app.domain.clock import utc_now
from app.domain.csv_cells import cell
from app.domain.errors import BadUseError
from app.domain.words import say
from app.queries.promise import ChannelName, channel_names
from app.services.promise import AvailableRow, availability, channel_by_key
from app.settings import Settings

HEADINGS = ("sku", "name", "available", "free", "safety", "buffer")


def run(settings: Settings, channel: str, out: Path | None, as_json: bool) -> int:
    """Writes one line a product. Raises BadUseError for a channel that nobody knows."""
    with opened(settings, must_be_there=True) as at, at.database.reading() as session:
        found = _channel(session, channel)
        rows = availability(session, found, utc_now())
        if out is None:
            _write(sys.stdout, rows)
            return 0
        products, units = _to_file(out, rows)
    told = {"channel": found.key, "products": products, "units": units, "file": str(out)}
    answer(as_json, told, say("atp.written", channel=found.name, products=products, units=units, file=str(out)))
    return 0


def _channel(session: Session, wanted: str) -> ChannelName:
    found = channel_by_key(session, wanted)
    if found is None:
        known = ", ".join(one.key for one in channel_names(session))
        raise BadUseError("atp.no_channel" if known else "atp.no_channels", channel=wanted, known=known)
    return found


def _to_file(out: Path, rows: Iterable[AvailableRow]) -> tuple[int, int]:
    """Writes beside the file first: whoever fetches it sees the list of before or the whole new one."""
    beside = out.with_name(out.name + ".new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        counts = _write(file, rows)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(out)
    return counts


def _write(file: TextIO, rows: Iterable[AvailableRow]) -> tuple[int, int]:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADINGS)
    products = units = 0
    for row in rows:
        writer.writerow((row.sku, cell(row.name), row.available, row.free, row.safety, row.buffer))
        products, units = products + 1, units + row.available
    return products, units
