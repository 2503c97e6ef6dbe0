"""One key sets a found device up: it is tried, kept as a setting of this station, and used from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices
from app.presenters.device_watch import DeviceEvent, DeviceWatch, EventKind
from app.presenters.found_devices import DeviceFinder, FoundDevice, FoundUse, Tried, Use
from app.presenters.runner import Runner
from app.presenters.station_info import StationInfo
from app.services.permissions import forbidden
from app.services.setup import put_station_settings

TWIN = "sim:"
"""The printer of a station that has none: nothing is lost when another takes its place."""


class DeviceSetup:
    """What was found, what is being tried, and how it is kept."""

    def __init__(
        self,
        finder: DeviceFinder,
        watch: DeviceWatch,
        database: Database,
        runner: Runner,
        clock: Callable[[], datetime],
        applied: Callable[[dict[str, object]], None],
        uris: Mapping[Use, str],
    ) -> None:
        """`uris` are the addresses in use, scanners with blanks between; `applied` hears which setting changed."""
        self._finder, self._watch, self._database, self._runner = finder, watch, database, runner
        self._clock, self._applied, self._uris = clock, applied, uris
        self.found: tuple[FoundDevice, ...] | None = None
        self.trying: FoundUse | None = None
        self._stop: Callable[[], None] = _nothing

    def look(self, then: Callable[[], None]) -> None:
        """Looks once; `then` is called when something came or went."""

        def found(devices: tuple[FoundDevice, ...]) -> None:
            if devices != self.found:
                self.found = devices
                then()

        self._finder.look(found)

    def replaces(self, use: FoundUse) -> str:
        """The address that this choice would put out of use; empty where it is only added."""
        now = self._uris.get(use.use, "")
        return "" if use.use is Use.SCANNER or now.startswith(TWIN) else now

    def set_up(self, device: FoundDevice, use: FoundUse, station: StationInfo, tell: Callable[[str], None]) -> None:
        """Tries a device and keeps it; `tell` gets a sentence about what came of it."""
        if self.trying is not None:
            tell(say("devices_screen.said.still_trying"))
            return
        self.trying = use

        def tried(answer: Tried) -> None:
            self.trying = None
            if answer.uri:
                self._keep(device, use, answer, station, tell)
            else:
                tell(answer.words)

        self._stop = self._finder.try_out(use, tried, tell)

    def give_up(self) -> None:
        """Stops what is being tried, if anything is."""
        if self.trying is not None:
            self._stop()

    def _keep(
        self, device: FoundDevice, use: FoundUse, answer: Tried, station: StationInfo, tell: Callable[[str], None]
    ) -> None:
        actor, setting = station.actor(self._clock()), use.use.value
        value = self._with(answer.uri) if use.use is Use.SCANNER else answer.uri

        def work() -> Outcome | None:
            not_allowed = self._database.read(lambda s: forbidden(s, actor, Permission.MANAGE_STATION))
            if not_allowed is None:
                self._database.write(
                    lambda session: put_station_settings(session, actor, station.station_id, {setting: value})
                )
            return not_allowed

        def stored(not_allowed: Outcome | None) -> None:
            if not_allowed is not None:
                tell(say("devices_screen.leads_only"))
                return
            name = say(f"devices_screen.use.{setting}")
            self._watch.note(DeviceEvent(self._clock(), name, EventKind.SET_UP, answer.uri))
            tell(answer.words)
            self._applied({setting: value})

        self._runner.command(work, stored, lambda error: tell(notices.failure(error).words))

    def _with(self, uri: str) -> str:
        """All scanners and one more."""
        return " ".join([*(one for one in self._uris.get(Use.SCANNER, "").split() if one != uri), uri])


def _nothing() -> None:
    """Nothing was tried yet."""
