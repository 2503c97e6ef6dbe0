"""The key that leads to a field, drawn at its right end."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.views.kit import Ink, Look
from app.views.kit.part import Part

SIZE, GAP = 30, 8


class KeyHint(Part):
    """One key."""

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        """Fixed to its size."""
        super().__init__(look, parent)
        self.words = words
        self.setFixedSize(SIZE, SIZE)

    def draw(self, ink: Ink) -> None:
        """The key."""
        ink.key(self.words, 2, self.height() / 2, "text2")


def show_key(look: Look, words: str, field: QLineEdit) -> KeyHint:
    """Puts the key into the field; what is typed ends before it."""
    hint = KeyHint(look, words, field)
    inside = QHBoxLayout(field)
    inside.setContentsMargins(0, 0, GAP, 0)
    inside.addStretch(1)
    inside.addWidget(hint)
    field.setTextMargins(0, 0, SIZE, 0)
    return hint
