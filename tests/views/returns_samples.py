"""The returns screen in its window, for pictures: python -m tests.views.returns_samples OUT [name] [every]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.presenters.returns import returns_state
from app.presenters.returns_model import ReturnsModel
from app.presenters.state import shell
from app.views.kit import Look
from app.views.returns import ReturnsView
from app.views.shell import ShellWindow
from tests.presenters.returns_builders import MODELS, NOW, ZONE
from tests.views.gallery import Make, Recorder, save_all
from tests.views.sample_parts import rail, strip


def in_shell(model: ReturnsModel) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = ReturnsView(look, intents)
        window.add_page("returns", view)
        state = returns_state(model, NOW, ZONE)
        view.render(state)
        window.render(
            shell.Shell("returns", strip(operator="Priya Nandra", clock="14:26"), rail("returns"), state.frame)
        )
        return window

    return make


PAGES: dict[str, Make] = {name: in_shell(model) for name, model in MODELS.items()}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    save_all(PAGES, Path(arguments[0]), arguments[1] if len(arguments) > 1 else "", every=len(arguments) > 2)
