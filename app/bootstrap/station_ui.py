"""The second half of the start: the database, the devices, the presenters, and the pages they draw."""

from __future__ import annotations

import gc
import itertools
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from app.bootstrap.core import StationCore, build_core, wrong_address
from app.bootstrap.device_room import station_watch
from app.bootstrap.feeding import station_feed
from app.bootstrap.frame import trace
from app.bootstrap.guests import Guests
from app.bootstrap.pages import DeskPages, OfficeOutside, floor_pages, page_builders
from app.bootstrap.read_ahead import LATER, SOON, read_ahead
from app.bootstrap.ready import Ready, prepare
from app.bootstrap.window import Wires
from app.devices.scanner_group import name_of, scanners_of
from app.devices.scanners import KeyboardScanner
from app.domain.clock import utc_now
from app.domain.commands import command_of
from app.domain.device_ports import DeviceChange, DeviceNotice, Scale, Scan
from app.domain.errors import EnvironmentFailure, PickwickError
from app.domain.gesture import Gesture
from app.domain.outcomes import Change, Outcome, Place, Sound
from app.domain.words import say
from app.presenters.device_watch import EventLog
from app.presenters.gateway import JobEvent
from app.presenters.station import StationPresenter
from app.runtime.feed import ChangeFeed
from app.runtime.garbage import IdleGarbage
from app.runtime.measured import MeasuredGateway
from app.runtime.qt import Gate, Poster, QtRunner, WedgeFilter
from app.runtime.watch import StationWatch
from app.settings import Settings, keep_setting
from app.views.kit import Look
from app.views.shell import ShellWindow
from app.views.sounds import LatePlayer, Sounds, sound_player
from app.views.station_window import StationWindow
from app.views.theme import ThemeName

if TYPE_CHECKING:
    from app.bootstrap.first_run_pages import FirstRunPages
    from app.presenters.importer import Importer
    from app.presenters.office_database import DatabaseJoin

LOG = logging.getLogger(__name__)
WEIGH_SECONDS = 0.25
BEHIND_AFTER_SECONDS = 1.0
"""Labels that an earlier run left are not kept waiting by a database that does not answer."""
SOUNDS_AFTER_MS = 300
"""After the station takes scans: reading the libraries of sounds holds the window up for as long as a scan takes."""
ANEW = frozenset({"scanner", "scale", "printer", "paper_printer", "printers", "site"})
"""What the station is put together anew for: devices, and the warehouse with its name and time zone."""
MENDED_BY_FORM = frozenset(
    f"database.{fault}"
    for fault in (
        "bad_url", "no_host", "wrong_certificate_name", "unknown_name", "foreign", "unfinished", "no_role", "older",
        "not_admitted", "no_right", "wrong_password", "not_trusted", "no_ca_file", "no_tls",
    )
)  # fmt: skip
"""What another address, user or password mends, or a decision; what only waiting mends is tried again by Enter."""
SCALE = "scale"
"""The scale, among the devices of which something is told; a scanner is named by its address."""
TOLD_DEVICES = frozenset({"scanner", "scale", "printer"})
"""The devices that the command line can name."""


class StationUi:
    """A running station: made once the window is painted, closed with it."""

    def __init__(self, settings: Settings, look: Look, wires: Wires, window: ShellWindow) -> None:
        self._settings, self._look, self._wires, self._window = settings, look, wires, window
        self._poster = Poster()
        self._gate = Gate(self._poster)
        self.core: StationCore | None = None
        self.runner: QtRunner | None = None
        self._wedge: WedgeFilter | None = None
        self._feed: ChangeFeed | None = None
        self.presenter: StationPresenter | None = None
        self._gateway: MeasuredGateway | None = None
        self.desks: DeskPages | None = None
        self.screen: StationWindow | None = None
        self._runs: FirstRunPages | None = None
        self._watch: StationWatch | None = None
        self._log = EventLog()
        self._guests: Guests | None = None
        self._badge = ""
        self._player = LatePlayer(sound_player)
        self._answered = threading.Event()

    def begin(self) -> None:
        """Opens the database off this thread; then the station, the first run, or what is wrong."""
        threading.Thread(target=self._prepare, name="opening", daemon=True).start()

    def _prepare(self) -> None:
        try:
            ready = prepare(self._settings, utc_now())
        except PickwickError as error:
            failure = error
            self._poster.post(lambda: self._not_opened(failure))
            return
        if ready is None:
            self._poster.post(self._first_run)
        else:
            opened = ready
            self._poster.post(lambda: self.open(opened))

    def _first_run(self) -> None:
        """Nothing is set up yet: three ways in, then the station."""
        from app.bootstrap.first_run_pages import FirstRunPages

        self._runs = FirstRunPages(self._settings, self._look, self._window, self._poster, self._go_on)
        self._runs.show()

    def _go_on(self, settings: Settings, badge: str) -> None:
        """The first run is over; its badge signs in, as if it had been scanned."""
        self._settings, self._badge = settings, badge
        self.begin()

    def _not_opened(self, error: PickwickError) -> None:
        """The database can't be used: what is wrong, what to do, and Enter tries again.

        Where a shared one was reached and lets nobody in like this, the form of its address stands there filled.
        """
        LOG.error("the station could not open: %s", error)
        if self._settings.database.startswith("postgres") and error.code in MENDED_BY_FORM:
            self._first_run()
            if self._runs is not None:
                self._runs.join_again(error)
            return
        words = say(error.code, **error.values)
        from app.views.crash import TroublePage

        page = TroublePage(self._look, say("start.trouble"), words, self.begin)
        page.open_over(self._window)

    def open(self, ready: Ready) -> None:
        """Puts the station together on an open database, and asks where it stood."""
        self._gate = Gate(self._poster)
        try:
            core = build_core(ready.database, ready.info, ready.uris, utc_now, self._gate.post, ready.journal)
        except EnvironmentFailure as failure:  # its scan journal: another window has it, or its disk refuses
            ready.database.close()
            self._not_opened(failure)
            return
        self.core = core
        self.runner = QtRunner(core.worker, self._poster)
        self._player = LatePlayer(sound_player)
        sounds = Sounds(self._player, ready.volume)
        kept: dict[str, object] = {"theme": ready.theme or None, "text_scale": ready.text_scale or None}
        self._applied(kept, sounds)
        presenter = self._present(core, self.runner, ready.warehouse, sounds)
        self._connect(core, presenter)
        core.hearers.unfit = lambda _failure: self._begin_again()  # opening it again says what is wrong
        core.start(effects=False)
        self._feed = station_feed(core, self._gate.post, self._changed)
        self._feed.start()
        self._listen(core)
        self._guests = Guests(
            core, ready.guests, ready.uris, ready.journal, utc_now, self._gate.post, self._window.guests.render,
            self._ring, self._crash,
        )  # fmt: skip
        self._guests.start()
        presenter.on_settled(self._first_answer)
        presenter.start()
        IdleGarbage(lambda: core.worker.idle, self.runner.later).start()
        threading.Thread(target=lambda: self._begin_behind(core), name="read-ahead", daemon=True).start()
        if self._badge:
            presenter.scan(self._badge)
            self._badge = ""
        self._replay(core, presenter)

    def _present(self, core: StationCore, runner: QtRunner, warehouse: str, sounds: Sounds) -> StationPresenter:
        """The screens and who is behind them."""
        self._watch = station_watch(core, runner, self._gate.post, self._log, self._tell_scale)
        desks = DeskPages(
            core,
            runner,
            utc_now,
            self._send,
            self._send_text,
            sounds.play,
            self._watch,
            self._settings.data_folder,
            self._outside(warehouse, sounds),
            self._gate.post,
        )
        builders = page_builders(self._wires.intents(), desks)
        screen = StationWindow(self._look, self._window, sounds, builders, self._crash)
        desks.draw_on(screen)
        self._gateway = MeasuredGateway(core.client, self._painted)
        presenter = StationPresenter(
            core.info,
            self._gateway,
            runner,
            core.database,
            core.bench,
            screen,
            utc_now,
            core.new_id,
            floor_pages(),
            desks.pages(),
            desks.local(),
        )
        self.presenter, self.desks, self.screen = presenter, desks, screen
        return presenter

    def _replay(self, core: StationCore, presenter: StationPresenter) -> None:
        """Applies what an earlier run left in the journal, and says so with the last of it.

        What the database had stored before is no news: only its acknowledgement had not been written.
        """
        left, counted = itertools.count(1), 0

        def applied(outcome: Outcome) -> None:
            nonlocal counted
            if not outcome.repeated:  # else what came after it may stand in its place by now: the screen shows that
                presenter.replayed(outcome)
                counted += 1
            if next(left) == replayed and counted:
                LOG.warning("%s scans of an earlier run were applied now", counted)
                presenter.tell(say("station.replayed", count=counted))

        replayed = core.client.replay(applied, self._crash)

    def close(self) -> None:
        """Ends devices and threads; what is not done is in the journal or in rows."""
        self._gate.close()
        if self._wedge is not None:
            self._wedge.remove()
            self._wedge = None
        if self._feed is not None:
            self._feed.stop()
        if self.core is not None:
            core, self.core = self.core, None
            if self.desks is not None:
                self.desks.close()
            if self._guests is not None:
                self._guests.stop()
            core.stop()
            if self.runner is not None:
                self.runner.close()
            core.database.close()

    def _changed(self, changes: Sequence[Change]) -> None:
        if self.presenter is not None and self.core is not None:
            self.presenter.changed(changes)
            if self._guests is not None:
                self._guests.changed(changes)

    def _outside(self, warehouse: str, sounds: Sounds) -> OfficeOutside:
        """What the office needs of this machine."""

        def operator() -> int | None:
            return self.presenter.info.operator_id if self.presenter is not None else None

        def importer() -> Importer:
            from app.runtime.import_process import ImportProcess

            return ImportProcess(self._settings.database, warehouse, operator, self._gate.post)

        def join() -> DatabaseJoin:
            from app.bootstrap.shared_database import SharedDatabase

            return SharedDatabase(self._settings)

        return OfficeOutside(
            importer, self._choose_file, lambda changed: self._set(changed, sounds), wrong_address, join
        )

    def _choose_file(self) -> str:
        """The system's own dialogue: files are chosen at a desk, not with gloves."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, say("start.choose_file"))
        return chosen

    def _applied(self, changed: dict[str, object], sounds: Sounds) -> None:
        """Settings of this station that can change while it runs do so at once."""
        theme, scale, volume = changed.get("theme"), changed.get("text_scale"), changed.get("volume")
        if isinstance(theme, str):
            self._look.set_theme(ThemeName(theme))
        if isinstance(scale, int):
            self._look.set_text_scale(scale / 100)
        if isinstance(volume, int):
            sounds.set_volume(volume)

    def _set(self, changed: dict[str, object], sounds: Sounds) -> None:
        """A setting of this station was changed in the office."""
        self._applied(changed, sounds)
        # What is chosen on the screen counts from now on, whatever the command line said before.
        for name in TOLD_DEVICES & changed.keys() & self._settings.told:
            keep_setting(self._settings.config_file, name, str(changed[name]))
        told = self._settings
        self._settings = replace(
            told,
            scanner="" if "scanner" in changed else told.scanner,
            scale="" if "scale" in changed else told.scale,
            printer="" if "printer" in changed else told.printer,
        )
        if "theme" in changed and "theme" in self._settings.told:
            keep_setting(self._settings.config_file, "theme", str(changed["theme"]))
        if not ANEW.isdisjoint(changed):
            QTimer.singleShot(0, self._begin_again)

    def _begin_again(self) -> None:
        """Other devices: the station is put together anew, and stands where its session says."""
        self.close()
        gc.collect()  # the station of before; what is there when the next one begins counts as being there for good
        self.begin()

    def _painted(self, gesture: Gesture) -> None:
        """A scan was answered and drawn; once Qt has painted, its time is known."""

        def now() -> None:
            if self._watch is not None:
                took = (utc_now() - gesture.at).total_seconds() * 1000
                self._watch.answered(gesture.device, gesture.at, took)

        if gesture.device:
            QTimer.singleShot(0, now)

    def _tell_scale(self, words: str) -> None:
        """What ails the scale; nothing once it is well."""
        if self.presenter is not None and words:
            self.presenter.tell(words, SCALE)
        elif self.presenter is not None:
            self.presenter.well(SCALE)

    def _ring(self, sound: Sound) -> None:
        if self.screen is not None:
            self.screen.ring(sound)

    def _connect(self, core: StationCore, presenter: StationPresenter) -> None:
        wires, hearers = self._wires, core.hearers
        wires.command, wires.scan, wires.text = presenter.command, presenter.scan, presenter.text
        wires.refused = presenter.refused
        wires.go = lambda place: presenter.go(Place(place))
        hearers.job = lambda event: self._job(event, presenter)
        hearers.fault = self._crash
        hearers.gone, hearers.back = presenter.gone, presenter.back
        hearers.ahead = presenter.ahead
        hearers.label = presenter.label
        if self._watch is not None:
            hearers.printer = self._watch.printer_said

    def _job(self, event: JobEvent, presenter: StationPresenter) -> None:
        presenter.job(event)
        if self._watch is not None:
            self._watch.job(event)

    def _listen(self, core: StationCore) -> None:
        """Scans come from here on."""
        if core.scanner is not None:
            core.scanner.start(
                lambda scan: self._gate.post(lambda: self._scanned(scan)),
                lambda notice: self._gate.post(lambda: self._noticed(notice)),
            )
            for scanner in scanners_of(core.scanner):
                if isinstance(scanner, KeyboardScanner) and self._wedge is None:
                    self._wedge = WedgeFilter(scanner)
                    self._wedge.install()
        if core.scale is not None:
            core.scale.start()
            self._weigh(core.scale)

    def _noticed(self, notice: DeviceNotice) -> None:
        """A scanner is gone, or lost a code: the operator is told at once. Once it is back, its lamp alone says so."""
        if self._watch is not None:
            self._watch.noticed(notice)
        LOG.warning("scanner %s: %s %s", notice.device, notice.change.value, notice.detail)
        if notice.data and self.desks is not None and self.desks.take_scan("", notice.data, notice.device):
            return
        if self.presenter is None:
            return
        if notice.change is DeviceChange.CAME:
            self.presenter.well(notice.device)
            return
        words = say(notice.change.key, device=name_of(notice.device), detail=notice.detail)
        self.presenter.tell(words, "" if notice.change is DeviceChange.LOST else notice.device)

    def _weigh(self, scale: Scale) -> None:
        """The scale is looked at some times a second, as long as this station has it."""
        if self.core is None or self.core.scale is not scale or self.runner is None:
            return
        if self._watch is not None:
            self._watch.weighed()
        if self.presenter is not None:
            self.presenter.weighed()
        self.runner.later(WEIGH_SECONDS, lambda: self._weigh(scale))

    def _send_text(self, words: str) -> None:
        if self.presenter is not None:
            self.presenter.text(words)

    def _scanned(self, scan: Scan) -> None:
        self._hand_on(scan)
        if self._watch is not None:  # once it is on its way
            self._watch.scanned(scan)

    def _hand_on(self, scan: Scan) -> None:
        if self._guests is not None and self._guests.take(scan):
            return
        if self.desks is not None and self.desks.take_scan(scan.raw, scan.data, scan.device):
            return
        if self.presenter is not None:
            self.presenter.scan(scan.raw, scan.gesture_id, scan.device, scan.at)

    def _send(self, code: str) -> None:
        """A screen of the office hands a code on: a command as its key, all else as a scan."""
        if self.presenter is None:
            return
        if command_of(code) is not None:
            self.presenter.command(code)
        else:
            self.presenter.scan(code)

    def _first_answer(self, outcome: Outcome) -> None:
        trace("ready")
        if self.presenter is not None:
            self.presenter.on_settled(lambda _: None)
        self._answered.set()
        QTimer.singleShot(SOUNDS_AFTER_MS, self._player.make)

    def _begin_behind(self, core: StationCore) -> None:
        """What the first scan does not need, once the station takes scans; each part waits while one is on its way."""
        gateway = self._gateway

        def quiet() -> bool:
            return core.worker.quiet and (gateway is None or gateway.quiet)

        self._answered.wait(BEHIND_AFTER_SECONDS)
        try:
            read_ahead(SOON, quiet)
        finally:
            core.effects.start()  # whatever could not be read: labels are bought and printed
        read_ahead(LATER, quiet)

    def _crash(self, error: Exception) -> None:
        """A fault of ours: into the log whole, on the screen in one sentence, with the work safe."""
        from app.views.crash import TroublePage

        LOG.error("a fault in the station", exc_info=error)
        what = say("crash.what", what=str(error) if isinstance(error, PickwickError) else type(error).__name__)
        TroublePage(self._look, say("crash.order"), what, None).open_over(self._window)
