"""A labelled text field that says what is wrong with what stands in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.presenters.state import control_parts
from app.presenters.state.intents import Intents
from app.views.kit.look import Look


class Entry(QLineEdit):
    """A field that keeps Enter to itself: what it closes must not be taken for a second Enter by what is below."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is told by `returnPressed`, and goes no further."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class TextField(QWidget):
    """`TextField(look, intents)`; `render(parts.Field)`. Speaks to `intents.typed(name, text, entered)`.

    `entered` says whether Enter was pressed in it after the last letter.
    """

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Label above, what is wrong below."""
        super().__init__(parent)
        self.look = look
        self.state = control_parts.Field("", "")
        self.entered = False
        self.label, self.edit, self.wrong = QLabel(self), Entry(self), QLabel(self)
        self.label.setProperty("tone", "label")
        self.wrong.setProperty("tone", "wrong")
        self.wrong.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.label, self.edit, self.wrong):
            column.addWidget(part)
        self.wrong.hide()
        self.edit.textEdited.connect(lambda _: self._enter(False))
        self.edit.returnPressed.connect(lambda: self._enter(True))
        self.edit.textEdited.connect(lambda text: intents.typed(self.state.name, text, False))
        self.edit.returnPressed.connect(lambda: intents.typed(self.state.name, self.edit.text(), True))

    def _enter(self, entered: bool) -> None:
        """Kept before it is told: what is answered may be to show where something is wrong."""
        self.entered = entered

    def render(self, state: control_parts.Field) -> None:
        """Take a state; the cursor stays where it is while the text is the same."""
        if state == self.state:
            return
        self.state = state
        self.label.setText(state.label)
        self.label.setVisible(bool(state.label))
        self.edit.setAccessibleName(state.label or state.hint)
        self.edit.setAccessibleDescription(state.wrong)
        self.edit.setPlaceholderText(state.hint)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if state.secret else QLineEdit.EchoMode.Normal)
        if self.edit.text() != state.text:
            self.edit.setText(state.text)
            if not self.edit.hasFocus():
                self.edit.setCursorPosition(0)  # of a text that is too long the beginning is seen
        self.wrong.setText(state.wrong)
        self.wrong.setVisible(bool(state.wrong))
        self.edit.setProperty("tone", "wrong" if state.wrong else "")
        self.edit.setProperty("mono", "true" if state.code else "")
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
