"""Who watches over the devices of a station for their screen."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.bootstrap.core import Post, StationCore
from app.devices.scanner_group import name_of, scanners_of, station_of
from app.domain.clock import utc_now
from app.domain.words import say
from app.presenters.device_watch import EventLog
from app.presenters.runner import Runner
from app.runtime.printer_desk import PrinterDesk
from app.runtime.watch import NamedScanner, StationWatch


def station_watch(
    core: StationCore, runner: Runner, post: Post, log: EventLog, told: Callable[[str], None]
) -> StationWatch:
    """Watches the devices for their screen; `log` outlives it, `told` what ails the scale, and "" once it is well."""
    printers = PrinterDesk(
        core.press,
        lambda: core.background,
        core.database,
        runner,
        core.info.station_id,
        utc_now,
        core.new_id,
        post,
    )
    return StationWatch(
        named_scanners(core), core.scale, printers, utc_now, time.monotonic, core.bench.order, log, told
    )


def named_scanners(core: StationCore) -> list[NamedScanner]:
    """The scanners by the name that people gave them, else by number."""
    scanners = scanners_of(core.scanner)
    made = []
    for number, scanner in enumerate(scanners, start=1):
        name = name_of(scanner.uri)
        if name == scanner.uri.partition("?")[0]:
            several = len(scanners) > 1
            name = say("devices_screen.scanner.number", number=number) if several else say("bench.scanner")
        other = station_of(scanner.uri)
        made.append(NamedScanner(scanner, name, "" if other == core.info.station else other))
    return made
