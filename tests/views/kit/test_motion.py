"""Motions: off unless asked for, once, and never in the way of the answer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from app.views.kit import Look, ScanPanel
from app.views.kit.motion import FILL_MS, Motion
from tests.views import samples
from tests.views.gallery import Recorder, settle


def test_without_motion_a_segment_is_full_at_once(qapp: QApplication) -> None:
    look = Look()
    panel = ScanPanel(look, Recorder())
    panel.render(samples.RIGHT_PANEL)
    panel.render(replace(samples.RIGHT_PANEL, have=3, count="3"))
    assert panel._filling.value == 1.0


def test_with_motion_a_segment_fills_and_the_count_stands_at_once(qapp: QApplication) -> None:
    look = Look()
    look.motion = True
    panel = ScanPanel(look, Recorder())
    panel.show()
    panel.render(samples.RIGHT_PANEL)
    panel.render(replace(samples.RIGHT_PANEL, have=3, count="3"))
    assert panel._filling.value < 1.0
    assert panel.accessibleDescription().startswith("3 of 3")
    panel._filling._run.setCurrentTime(FILL_MS)
    settle(panel)
    assert panel._filling.value == 1.0


def test_a_motion_goes_once(qapp: QApplication) -> None:
    look = Look()
    look.motion = True
    panel = ScanPanel(look, Recorder())
    motion = Motion(look, panel, FILL_MS)
    motion.start()
    assert motion._run.loopCount() == 1
