"""A whole station in a window for tests: real threads, a database file, a scanner that types, a printer on a port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.bootstrap.read_ahead import LATER, SOON
from app.bootstrap.ready import formats, prepare
from app.bootstrap.station_ui import StationUi
from app.bootstrap.window import Wires, open_window
from app.domain.clock import utc_now
from app.domain.outcomes import Outcome
from app.models.database import Database
from app.models.schema import migrate
from app.presenters.state.pack import Pack
from app.runtime.qt import KeyClock
from app.runtime.sample import load_sample
from app.settings import Settings
from app.views.kit import Look
from app.views.shell import ShellWindow

T = TypeVar("T")
SCANNER_GAP_MS = 4
"""Between two keys of a scanner that types."""
PERSON_GAP_MS = 220
"""Between two keys of a person."""
ANNA, GRETA = "OP-ANNA", "OP-GRETA"
PATIENCE_MS = 60_000


def sample_settings(folder: Path, printer: str = "sim:", station: str = "Bench 4") -> Settings:
    """A new database with the sample warehouse in `folder`, and the settings of a station on it."""
    url = f"sqlite:///{(folder / 'pickwick.sqlite3').as_posix()}"
    database = Database.open(url)
    migrate(database)
    load_sample(database, formats(), utc_now())
    database.close()
    return Settings(
        database=url, station=station, scanner="keyboard:", printer=printer, data_folder=folder,
        config_file=folder / "settings.toml",
    )  # fmt: skip


class SteadyHands(KeyClock):
    """When keys were pressed: as far apart as a scanner or a hand presses them, however long the machine takes."""

    def __init__(self) -> None:
        super().__init__()
        self._at, self._seen = 0, _now_ms()
        self._given = self.typing = False

    def press(self, gap_ms: int) -> None:
        """The next key comes so long after the one before; between codes as long as it really took."""
        self._at, self._seen = self._at + gap_ms if self.typing else self.now(_now_ms()), _now_ms()
        self._given = True

    def pressed(self, stamp: int, now: int) -> int:
        """The time of the key in hand; of one that somebody else pressed, when it came."""
        if not self._given:
            self._at, self._seen = self.now(now), now
        self._given = False
        return self._at

    def now(self, now: int) -> int:
        """Stands still while a scanner is in the middle of a code."""
        return self._at if self.typing else self._at + max(now - self._seen, 0)


def _now_ms() -> int:
    return round(time.monotonic() * 1000)


class TypedStation:
    """The station as a person and a wedge scanner meet it: key presses only."""

    def __init__(self, settings: Settings, look: Look, qtbot: QtBot) -> None:
        self.settings, self._qtbot = settings, qtbot
        for name in (*SOON, *LATER):  # scans are told from typing by their times: nothing big is read between two keys
            import_module(name)
        wires = Wires()
        self.window: ShellWindow = open_window(look, wires)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.ui = StationUi(settings, look, wires, self.window)
        ready = prepare(settings, utc_now())
        assert ready is not None
        self.database = ready.database
        self.answers: list[Outcome] = []
        self.ui.open(ready)
        assert self.ui.presenter is not None
        self.ui.presenter.on_settled(self.answers.append)
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window and bool(self.answers), timeout=PATIENCE_MS)

    def wedge(self, code: str, *, end: Qt.Key | None = Qt.Key.Key_Return) -> Outcome:
        """The scanner types a code and its end key; the answer."""
        known = len(self.answers)
        hands = self._hands()
        for sign in (*code, *([end] if end is not None else [])):
            self._type(sign, SCANNER_GAP_MS)
            hands.typing = True
        hands.typing = False
        self._qtbot.waitUntil(lambda: len(self.answers) > known, timeout=PATIENCE_MS)
        return self.answers[-1]

    def person(self, keys: str) -> None:
        """A person types, slowly."""
        for sign in keys:
            self._type(sign, PERSON_GAP_MS)

    def press(self, key: Qt.Key) -> Outcome:
        """A person presses one key; the answer."""
        known = len(self.answers)
        self._type(key, PERSON_GAP_MS)
        self._qtbot.waitUntil(lambda: len(self.answers) > known, timeout=PATIENCE_MS)
        return self.answers[-1]

    def _type(self, key: str | Qt.Key, gap_ms: int) -> None:
        """One key press at the window, as the system sends it, after the time that a hand or a scanner takes."""
        QTest.qWait(gap_ms)
        self._hands().press(gap_ms)
        QTest.keyClick(self.window.windowHandle(), key)

    def _hands(self) -> SteadyHands:
        """Those of the scanner that the station listens to now: it may have been put together anew."""
        wedge = self.ui._wedge
        assert wedge is not None
        if not isinstance(wedge._keys, SteadyHands):
            wedge._keys = SteadyHands()
        return wedge._keys

    @property
    def page(self) -> str:
        """The page that is shown."""
        return self.window.state.page if self.window.state is not None else ""

    @property
    def pack(self) -> Pack:
        """What the pack page draws."""
        assert self.ui.screen is not None
        state = self.ui.screen.state_of("pack")
        assert isinstance(state, Pack)
        return state

    def rows(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        """What stands in the database."""
        return self.database.read(lambda session: [tuple(row) for row in session.execute(text(sql), values)])

    def close(self) -> None:
        """Ends it."""
        self.ui.close()
        self.window.hide()
        self.window.deleteLater()


@contextmanager
def typed_station(settings: Settings, qtbot: QtBot) -> Iterator[TypedStation]:
    """A station that is closed again, and its application as it was."""
    look = Look()
    look.apply()
    station = TypedStation(settings, look, qtbot)
    try:
        yield station
    finally:
        station.close()


def barcodes(station: TypedStation, number: str) -> list[tuple[str, int]]:
    """The barcode of each line's product of an order, with its quantity."""
    found = station.rows(
        "SELECT min(i.code), l.quantity FROM order_lines l JOIN orders o ON o.id = l.order_id "
        "JOIN identifiers i ON i.product_id = l.product_id AND i.quantity = 1 WHERE o.number = :number "
        "GROUP BY l.id ORDER BY l.line_no",
        number=number,
    )
    return [(str(code).removeprefix("0"), int(str(quantity))) for code, quantity in found]
