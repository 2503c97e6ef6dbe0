"""Who watches over the devices of a station for their screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from app.bootstrap.core import Post, StationCore
from app.devices.scanner_group import name_of, scanners_of, station_of
from app.domain.clock import utc_now
from app.domain.words import say
from app.presenters.device_watch import EventLog, Levels, PrinterOrder, SeenJob
from app.presenters.runner import Runner
from app.presenters.station_info import StationInfo
from app.runtime.watch import NamedScanner, StationWatch

if TYPE_CHECKING:
    from app.runtime.printer_desk import PrinterDesk


def station_watch(
    core: StationCore, runner: Runner, post: Post, log: EventLog, told: Callable[[str], None]
) -> StationWatch:
    """Watches the devices for their screen; `log` outlives it, `told` what ails the scale, and "" once it is well."""
    printers = _Printers(core, runner, post)
    return StationWatch(
        named_scanners(core), core.scale, printers, utc_now, time.monotonic, core.bench.order, log, told
    )


class _Printers:
    """Implements `runtime.watch.Printers`; what reads jobs and asks printers is read when somebody looks at them."""

    def __init__(self, core: StationCore, runner: Runner, post: Post) -> None:
        self._core, self._runner, self._post = core, runner, post

    @cached_property
    def _desk(self) -> PrinterDesk:
        from app.runtime.printer_desk import PrinterDesk

        core = self._core
        return PrinterDesk(
            core.press,
            lambda: core.background,
            core.database,
            self._runner,
            core.info.station_id,
            utc_now,
            core.new_id,
            self._post,
        )

    @property
    def uris(self) -> tuple[str, ...]:
        """The printers of this station."""
        return self._desk.uris

    def name(self, uri: str) -> str:
        """What people call it."""
        return self._desk.name(uri)

    def describe(self, uri: str) -> tuple[str, int]:
        """Its language, and its dots an inch."""
        return self._desk.describe(uri)

    def jobs(self, uri: str) -> tuple[SeenJob, ...]:
        """Its newest print jobs as they were read last."""
        return self._desk.jobs(uri)

    def levels(self, uri: str) -> Levels:
        """What it was told from here."""
        return self._desk.levels(uri)

    def look(self, then: Callable[[], None]) -> None:
        """Asks the printers and reads the jobs."""
        self._desk.look(then)

    def order(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        """Tells one something."""
        self._desk.order(uri, order, station, then)


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
