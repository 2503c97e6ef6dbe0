"""The window: rail, page, status strip, and the keys that belong to no page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.presenters.state import shell
from app.presenters.state.intents import Intents
from app.views.code_line import CodeLine
from app.views.guests import GuestStrip
from app.views.keys import key_name
from app.views.kit import BlockingFrame, Look, PaintedButton, Rail, StatusStrip
from app.views.mark import mark_icon
from app.views.page import Page

SMALLEST = (1024, 700)
FIELDS = (QLineEdit, QPlainTextEdit, QSpinBox, QComboBox)


class WorkArea(QWidget):
    """The room of the pages, with the frame of a blocking state over it."""

    def __init__(self, look: Look) -> None:
        """A stack of pages."""
        super().__init__()
        self.stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.frame = BlockingFrame(look, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The frame covers everything."""
        super().resizeEvent(event)
        self.frame.setGeometry(self.rect())
        self.frame.raise_()


class Surroundings(QScrollArea):
    """Scrolls a window that is too small. Keys are the window's: arrows move in lists, whatever part has the focus."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up to the window."""
        event.ignore()


class ShellWindow(QWidget):
    """`ShellWindow(look, intents)`; `add_page(name, page)`; `render(shell.Shell)`; `key_gesture(name)`.

    Places and lamps speak to `intents.choose("place" | "lamp", code, True)` and `intents.refused(code, reason)`.
    Whoever tells scans from typing calls `key_gesture` for what was typed; nothing that was scanned gets here.
    """

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Empty until pages are added and a state is rendered."""
        super().__init__(parent)
        self.look, self._intents = look, intents
        self.state: shell.Shell | None = None
        self._pages: dict[str, QWidget] = {}
        self.rail = Rail(look, intents)
        self.strip = StatusStrip(look, intents)
        self.guests = GuestStrip(look)
        self.work = WorkArea(look)
        self._code_line: CodeLine | None = None
        content = QWidget()
        content.setMinimumSize(*SMALLEST)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0)
        grid.addWidget(self.work, 0, 1)
        grid.addWidget(self.guests, 1, 0, 1, 2)
        grid.addWidget(self.strip, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        area = Surroundings(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.setWindowIcon(mark_icon())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add_page(self, name: str, page: QWidget) -> None:
        """Add a page under the name that `shell.Shell.page` shows it by; a page of that name is replaced."""
        old = self._pages.pop(name, None)
        if old is not None:
            self.work.stack.removeWidget(old)
            old.deleteLater()
        self._pages[name] = page
        self.work.stack.addWidget(page)

    def has_page(self, name: str) -> bool:
        """Whether a page was added already."""
        return name in self._pages

    @property
    def page(self) -> QWidget | None:
        """The page shown now."""
        return self.work.stack.currentWidget()

    def render(self, state: shell.Shell) -> None:
        """Show a state; raises KeyError for a page that was not added."""
        if state == self.state:
            return
        fresh = self.state is None or state.page != self.state.page
        self.state = state
        self.setWindowTitle(state.title)
        self.rail.setVisible(state.rail is not None)
        if state.rail:
            self.rail.render(state.rail)
        self.strip.render(state.strip)
        if fresh:
            self._take_focus()
            self.work.stack.setCurrentWidget(self._pages[state.page])
        self.work.frame.render(state.frame)

    # -- keys

    def key_gesture(self, name: str) -> bool:
        """Take a key that a person pressed, by its name of `app.views.keys`; says whether the window used it.

        Places answer from everywhere. While a field is edited every other key belongs to the field; Esc leaves it.
        """
        if self._press_place(name):
            return True
        focused = self._focused()
        if isinstance(focused, FIELDS):
            if name == "Esc":
                self._leave_field()
                return True
            return False
        if name == "Enter" and isinstance(focused, PaintedButton) and focused.isVisible():
            focused.click()
            return True
        page = self.page
        if not isinstance(page, Page):
            return False
        if name == "/" and page.takes_codes and page.search_field() is None:
            self._type_code()
            return True
        return page.press(name)

    def _type_code(self) -> None:
        """Badges are typed while nobody is signed in, and while there is no rail: those are not shown."""
        if self._code_line is None:
            self._code_line = CodeLine(self.look, self._intents, self.work)
        self._code_line.open(secret=self.state is None or self.state.rail is None)

    def _press_place(self, name: str) -> bool:
        rail = self.state.rail if self.state else None
        if rail is None or not name.startswith("F") or len(name) < 2:
            return False
        for place in (*rail.places, *([rail.foot] if rail.foot else [])):
            if place.key == name:
                if place.reason:
                    self._intents.refused(place.code, place.reason)
                else:
                    self._intents.choose("place", place.code, True)
                return True
        return False

    def _focused(self) -> QWidget | None:
        """What has the keyboard; where no window manager made this window the active one, what has it in the window."""
        return QApplication.focusWidget() or self.window().focusWidget()

    def _leave_field(self) -> None:
        if isinstance(self._focused(), FIELDS):
            self._take_focus()

    def _take_focus(self) -> None:
        """Nothing on a page has the keyboard: from a part that goes, Qt would hand it on to any field that comes."""
        focused = self._focused()
        if focused is not None and self.isAncestorOf(focused):
            focused.clearFocus()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no widget wanted and no filter took."""
        name = key_name(event)
        if not name or not self.key_gesture(name):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The window itself has the focus, and no button, until a person moves it."""
        super().showEvent(event)
        if not isinstance(QApplication.focusWidget(), FIELDS):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may take another layout."""
        self.look.set_width(max(SMALLEST[0], event.size().width()))
        super().resizeEvent(event)
