"""The base of every page: what the shell asks of it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.presenters.state import control_parts
from app.presenters.state.intents import Intents
from app.views.kit import Look

Keyed = control_parts.Command | control_parts.Choice


class Page(QWidget):
    """A screen inside the shell. Subclasses write `render(state)`, and `keyed` for what answers to keys."""

    takes_codes = True
    """Whether a code may be typed by hand here, with `/`, where no field of the page takes it."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Follows changes of the look with `relook`."""
        super().__init__(parent)
        self.look, self.intents = look, intents
        look.changed.connect(self.relook)

    def relook(self) -> None:
        """Lay out again after theme, width or text scale changed."""

    def whole(self) -> None:
        """Draw at once what would be drawn a moment later, for who takes a picture of the page."""

    def keyed(self) -> Iterable[Keyed]:
        """The commands and choices that can be seen now."""
        return ()

    def search_field(self) -> QLineEdit | None:
        """The field that the key `/` goes to."""
        return None

    def steer(self, key: str) -> bool:
        """Take Up, Down, PageUp, PageDown, Home, End or Enter for a list; says whether it meant something."""
        return False

    def press(self, key: str) -> bool:
        """Take a key that a person pressed: a button's key presses it, the rest goes to the presenter."""
        if key == "/" and (field := self.search_field()):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()
            return True
        for one in self.keyed():
            if one.key == key:
                if one.reason:
                    self.intents.refused(one.code, one.reason)
                else:
                    self.intents.command(one.code)
                return True
        if self.steer(key):
            return True
        self.intents.key(key)
        return True
