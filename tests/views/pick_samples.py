"""The pick screen in its window, for pictures: python -m tests.views.pick_samples OUT [part of a name] [every]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.presenters.pick import pick_state
from app.presenters.pick_model import PickModel
from app.presenters.state import shell
from app.views.kit import Look
from app.views.pick import PickView
from app.views.shell import ShellWindow
from tests.presenters.pick_builders import MODELS, NOW, ZONE
from tests.views.gallery import Make, Recorder, save_all
from tests.views.sample_parts import rail, strip


def in_shell(model: PickModel) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = PickView(look, intents)
        window.add_page("pick", view)
        state = pick_state(model, NOW, ZONE)
        view.render(state)
        window.render(shell.Shell("pick", strip(operator="Jonas Petrak", clock="14:21"), rail("pick"), state.frame))
        return window

    return make


PAGES: dict[str, Make] = {name: in_shell(model) for name, model in MODELS.items()}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    save_all(PAGES, Path(arguments[0]), arguments[1] if len(arguments) > 1 else "", every=len(arguments) > 2)
