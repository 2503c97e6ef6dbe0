"""Short motions that follow an answer and never delay it; with reduced motion they are over before they begin."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QWidget

from app.views.kit.look import Look

FILL_MS = 100
PULSE_MS = 120


class Motion:
    """A value that goes from 0 to 1 once and repaints its widget on the way; 1 while nothing moves."""

    def __init__(self, look: Look, widget: QWidget, milliseconds: int) -> None:
        """`look.motion` false makes every motion take no time."""
        self._look = look
        self._run = QVariantAnimation(widget)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.setDuration(milliseconds)
        self._run.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._run.valueChanged.connect(lambda _: widget.update())

    def start(self) -> None:
        """Go once from 0 to 1."""
        self._run.stop()
        if self._look.motion:
            self._run.start()

    @property
    def value(self) -> float:
        """Where the motion stands."""
        running = self._run.state() is QVariantAnimation.State.Running
        return float(self._run.currentValue()) if running else 1.0
