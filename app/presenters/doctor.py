"""The scanner doctor: takes every scan as it comes, says what it found, and keeps the setting that mends it."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.clock import Clock
from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.scanner_doctor import DoctorState, Observation, examine, observed, skip
from app.domain.scanner_findings import Finding, findings, mended
from app.domain.words import say
from app.models.database import Database
from app.presenters import doctor_parts as made
from app.presenters import notices
from app.presenters.runner import Runner
from app.presenters.state import doctor
from app.presenters.station_info import StationInfo
from app.services import print_jobs
from app.services.permissions import forbidden
from app.services.setup import put_station_settings

SCANNER = "scanner"
FRAMED = ("hid:", "sim:")
"""Their bytes are reports, or none: only the text is of use."""


class DoctorPresenter:
    """Nothing while it is closed. While it is open, every scan of this station comes here and to nobody else."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        new_id: Callable[[], str],
        on_state: Callable[[doctor.Doctor], None],
        applied: Callable[[dict[str, object]], None],
        uris: str,
    ) -> None:
        """`uris` are the addresses of the station's scanners; `applied` hears which setting changed."""
        self._database, self._runner, self._station, self._clock = database, runner, station, clock
        self._new_id, self._on_state, self._applied = new_id, on_state, applied
        self._uris = uris.split()
        self._device = ""
        self._state, self._said = DoctorState(), ""
        self._found: tuple[Finding, ...] = ()
        self.open = False

    @property
    def done(self) -> bool:
        """Whether all codes are scanned, or left out."""
        return self._state.step is None

    def show(self, station: StationInfo | None = None) -> None:
        """From now on scans are examined."""
        if station is not None:
            self._station = station
        self.open, self._device = True, ""
        self._begin()

    def close(self) -> None:
        """Scans are the station's again."""
        self.open = False

    def take(self, text: str, data: bytes, device: str) -> bool:
        """A scan of a device whose bytes are known, or only their text; False while it is closed."""
        if not self.open:
            return False
        framed = device.startswith(FRAMED)
        self._examine(Observation(text, framed=True) if framed else observed(text, data), device)
        return True

    def typed(self, observation: Observation) -> None:
        """A scan of a scanner that types, key by key."""
        if self.open:
            keyboard = next((uri for uri in self._uris if uri.startswith("keyboard:")), "keyboard:")
            self._examine(observation, keyboard)

    def command(self, code: str) -> bool:
        """Does what a button, its key or its printed code orders; says whether it meant something here."""
        if not self.open:
            return False
        match code:
            case made.SKIP if self._state.step is not None:
                self._step(skip(self._state))
            case made.AGAIN:
                self._begin()
            case made.PRINT:
                self._print()
            case made.USE:
                self._use()
            case _:
                return False
        return True

    def _begin(self) -> None:
        self._state, self._found, self._said = DoctorState(), (), ""
        self._publish()

    def _examine(self, observation: Observation, device: str) -> None:
        if not self._device or not self._state.seen:
            self._device = device
        if device == self._device:
            self._step(examine(self._state, observation))

    def _step(self, state: DoctorState) -> None:
        self._state, self._said = state, ""
        self._found = findings(state) if state.step is None else ()
        self._publish()

    def _now(self) -> str:
        """The setting of the scanner that is examined."""
        return self._device or next(iter(self._uris), "keyboard:")

    def _new(self) -> str:
        return mended(self._now(), self._found)

    def _use(self) -> None:
        now, new = self._now(), self._new()
        if self._state.step is not None or not self._found or new == now:
            return
        kept = [new if uri == now else uri for uri in self._uris] or [new]
        actor, station, value = self._station.actor(self._clock()), self._station.station_id, " ".join(kept)

        def work() -> Outcome | None:
            not_allowed = self._database.read(lambda s: forbidden(s, actor, Permission.MANAGE_STATION))
            if not_allowed is None:
                self._database.write(lambda session: put_station_settings(session, actor, station, {SCANNER: value}))
            return not_allowed

        def stored(not_allowed: Outcome | None) -> None:
            if not_allowed is not None:
                self._say(say("office_screen.not_permitted"))
                return
            self._uris, self._device = kept, new
            self._say(say("doctor.use.kept"))
            self._applied({SCANNER: value})

        self._runner.command(work, stored, self._failed)

    def _print(self) -> None:
        actor, key = self._station.actor(self._clock()), f"doctor-{self._new_id()}"
        document = DocumentKind.DOCTOR_SHEET.value
        self._runner.command(
            lambda: self._database.write(lambda session: print_jobs.queue(session, actor, key, document, {})),
            lambda _: self._say(say("doctor.print.sent")),
            self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._say(notices.failure(error).words)

    def _say(self, words: str) -> None:
        self._said = words
        if self.open:
            self._publish()

    def _publish(self) -> None:
        likely = [self._device] if self._device else self._uris or ["keyboard:"]
        keys = any(uri.startswith("keyboard:") for uri in likely)
        state = made.screen(self._state, self._found, self._said, self._now(), self._new(), keys=keys)
        self._on_state(state)
