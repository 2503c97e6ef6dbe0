"""The rest of a picture: drawn once the answer to a scan is on the screen, in the next turn of the event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Afterwards(QObject):
    """Calls `draw` once the pictures that are asked for by now are painted; however often it is asked, once."""

    def __init__(self, draw: Callable[[], None], parent: QObject) -> None:
        """It ends with its parent."""
        super().__init__(parent)
        self._draw = draw
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        """Soon."""
        if not self._timer.isActive():
            self._timer.start(0)

    def now(self) -> None:
        """At once."""
        self._timer.stop()
        self._draw()
