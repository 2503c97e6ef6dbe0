"""The first run in the station's window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.bootstrap.first_run import Databases, StationLooks
from app.domain.clock import utc_now
from app.domain.errors import PickwickError
from app.domain.words import say
from app.presenters import lamps
from app.presenters.first_run import FirstRunPresenter
from app.presenters.first_run_ports import Ready
from app.presenters.state import first_run, shell
from app.runtime.qt import Poster, QtRunner
from app.runtime.worker import CommandWorker
from app.settings import Settings
from app.views.first_run import FirstRunView
from app.views.kit import Look
from app.views.shell import ShellWindow

PAGE = "first_run"
CLOCK = 5.0
"""Seconds between two looks at the clock."""


class FirstRunPages:
    """Shows the three ways in until there is a database to work on."""

    def __init__(
        self,
        settings: Settings,
        look: Look,
        window: ShellWindow,
        poster: Poster,
        go_on: Callable[[Settings, str], None],
    ) -> None:
        """`go_on` is called with the settings that were kept and the badge that signs in."""
        self._settings, self._window, self._go_on = settings, window, go_on
        self._worker = CommandWorker(lambda _failure, _kept: None, lambda _milliseconds, _kept: None, "first-run")
        self._worker.start()
        self._runner = QtRunner(self._worker, poster, readers=1)
        self._presenter = FirstRunPresenter(
            Databases(settings), StationLooks(look, settings), self._runner, utc_now, self._draw, self._ready
        )
        self._view = FirstRunView(look, self._presenter)
        window.add_page(PAGE, self._view)

    def show(self) -> None:
        """The three ways."""
        self._presenter.show()
        self._frame()

    def join_again(self, error: PickwickError) -> None:
        """The shared database that the settings name lets us in no more; its form says why."""
        self._presenter.join_again(self._settings.database, error)

    def _frame(self) -> None:
        self._window.render(shell.Shell(PAGE, lamps.first_strip(utc_now()), title=say("start.title")))
        self._runner.later(CLOCK, self._frame)

    def _draw(self, state: first_run.FirstRun) -> None:
        self._view.render(state)

    def _ready(self, ready: Ready) -> None:
        self._worker.stop()
        self._runner.close()
        station = ready.station or self._settings.station
        self._go_on(replace(self._settings, database=ready.url, station=station), ready.badge)
