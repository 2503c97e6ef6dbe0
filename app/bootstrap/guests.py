"""Scanners that do other stations' work on this computer: each has a station of its own behind it, without a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.core import DeviceUris, Post, StationCore, build_core
from app.devices.scanner_group import scanners_of, station_of
from app.domain.clock import Clock
from app.domain.device_ports import Scan
from app.domain.outcomes import Change, Sound
from app.domain.words import say
from app.presenters.state.guests import GuestLine
from app.presenters.station_info import StationInfo

if TYPE_CHECKING:
    from app.presenters.guest import GuestPresenter


@dataclass(frozen=True, slots=True)
class _Guest:
    core: StationCore
    presenter: GuestPresenter


class Guests:
    """The stations that scanners of this computer work for besides its own, by their names."""

    def __init__(
        self,
        host: StationCore,
        known: Mapping[str, StationInfo],
        uris: DeviceUris,
        journal: Path | None,
        clock: Clock,
        post: Post,
        show: Callable[[tuple[GuestLine, ...]], None],
        ring: Callable[[Sound], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """`host` is this computer's own station, with its `uris` and `journal`; `known` are the stations
        that its scanners name, as far as somebody set them up; `show` takes all lines anew."""
        self._host, self._known, self._uris, self._journal = host, known, uris, journal
        self._clock, self._post, self._show, self._ring, self._failed = clock, post, show, ring, failed
        self._lines: dict[str, GuestLine] = {}
        self._guests: dict[str, _Guest] = {}
        self._unknown: set[str] = set()

    def start(self) -> None:
        """Puts the stations together and asks where they stood; scans of an earlier run are applied."""
        self._show(())
        for scanner in scanners_of(self._host.scanner):
            name = station_of(scanner.uri)
            if name in ("", self._host.info.station) or name in self._guests or name in self._unknown:
                continue
            info = self._known.get(name)
            if info is None:
                self._unknown.add(name)
                self._put(GuestLine(name, "", say("guest.unknown", station=name)))
            else:
                self._guests[name] = self._open(name, info)

    def take(self, scan: Scan) -> bool:
        """Takes a scan of such a scanner; False for one of this computer's own station."""
        name = station_of(scan.device)
        guest = self._guests.get(name)
        if guest is not None:
            guest.presenter.scan(scan)
        elif name in self._unknown:
            self._ring(Sound.WRONG)
        return guest is not None or name in self._unknown

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere."""
        for guest in self._guests.values():
            guest.presenter.changed(changes)

    def stop(self) -> None:
        """Ends their threads; the database stays open for whoever opened it."""
        for guest in self._guests.values():
            guest.core.stop()
        self._guests.clear()

    def _open(self, name: str, info: StationInfo) -> _Guest:
        from app.presenters.guest import GuestPresenter

        uris = DeviceUris("", "", self._uris.printer, self._uris.printers)
        journal = None
        if self._journal is not None:
            # Its own window may run elsewhere on this computer: two programs never share one journal.
            journal = self._journal.with_name(f"station-{info.station_id}-at-{self._host.info.station_id}.journal")
        core = build_core(self._host.database, info, uris, self._clock, self._post, journal)
        presenter = GuestPresenter(name, core.client, self._clock, self._put, self._ring, self._failed)
        core.hearers.job, core.hearers.label, core.hearers.fault = presenter.job, presenter.label, self._failed
        core.start()
        presenter.start()
        core.client.replay(presenter.answered, self._failed)
        return _Guest(core, presenter)

    def _put(self, line: GuestLine) -> None:
        self._lines[line.name] = line
        self._show(tuple(self._lines.values()))
