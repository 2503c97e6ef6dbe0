"""A search field with its icon and its key."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.key_hint import show_key
from app.views.kit import Look
from app.views.kit.field import Entry


class SearchField(QWidget):
    """`SearchField(look, intents)`; `render(parts.Search)`. Speaks to `intents.typed(name, text, entered)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """A field with an icon in front."""
        super().__init__(parent)
        self.look, self._intents = look, intents
        self.state = parts.Search()
        self.edit = Entry(self)
        self.action = self.edit.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.hint = show_key(look, "/", self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit)
        self.edit.textEdited.connect(lambda text: intents.typed(self.state.name, text, False))
        self.edit.returnPressed.connect(self._entered)
        self.edit.editingFinished.connect(self._left)
        look.changed.connect(self.relook)
        self.relook()

    def _entered(self) -> None:
        self._intents.typed(self.state.name, self.edit.text(), True)
        self.edit.clearFocus()

    def _left(self) -> None:
        """Letters that nobody looked for, too few or left with Esc, don't stay above a list they don't belong to."""
        if not self.edit.hasFocus() and self.edit.text() != self.state.text:
            self.edit.setText(self.state.text)

    def relook(self) -> None:
        """The icon in the colour of the theme."""
        self.action.setIcon(QIcon(self.look.icon("magnifying-glass", 20, "text2", self.devicePixelRatio())))

    def render(self, state: parts.Search) -> None:
        """Take a state; what is being typed is never overwritten by an older text."""
        if state == self.state:
            return
        self.state = state
        self.edit.setPlaceholderText(state.hint)
        self.edit.setAccessibleName(state.hint)
        if not self.edit.hasFocus() and self.edit.text() != state.text:
            self.edit.setText(state.text)

    def sizeHint(self) -> QSize:
        """As wide as the layout says."""
        return QSize(300, self.look.metrics.target)
