"""Names of keys, as gestures carry them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_NAMES = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_Slash: "/",
    **{getattr(Qt.Key, f"Key_F{i}"): f"F{i}" for i in range(1, 13)},
}
_MODIFIED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def key_name(event: QKeyEvent) -> str:
    """The name of a pressed key: 'Enter', 'Esc', 'F4', '/', '1', 'N'; empty when it is none that screens know."""
    if event.modifiers() & _MODIFIED:
        return ""
    known = _NAMES.get(Qt.Key(event.key()))
    if known:
        return known
    text = event.text().upper()
    return text if len(text) == 1 and (text.isalnum() or text == "/") else ""
