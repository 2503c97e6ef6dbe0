"""Python's own import statement stands again once the first window is opened."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.architecture.project_files import ROOT

WITH_TOOLKIT = """
import json, linecache
from PySide6.QtCore import QObject, Signal
from app.bootstrap.plain_imports import import_plainly
import_plainly()
import app.domain.money as money
from PySide6.QtWidgets import QLabel

class Heard(QObject):
    said = Signal(str)

heard, words = Heard(), []
heard.said.connect(words.append)
heard.said.emit("well")
print(json.dumps([money.__file__ in linecache.cache, QLabel.__name__, words]))
"""
WITH_ANOTHER = """
import builtins, json
from app.bootstrap.plain_imports import import_plainly
own = builtins.__import__
import_plainly()
untouched = builtins.__import__ is own
another = lambda *given: own(*given)
builtins.__orig_import__, builtins.__feature_import__, builtins.__import__ = own, own, another
import_plainly()
print(json.dumps([untouched, builtins.__import__ is another]))
"""


def told(script: str) -> object:
    """What a new Python says after a script."""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_modules_are_imported_without_their_sources_being_read_and_the_toolkit_works_on() -> None:
    assert told(WITH_TOOLKIT) == [False, "QLabel", ["well"]]


def test_only_the_toolkits_own_import_is_taken_out() -> None:
    assert told(WITH_ANOTHER) == [True, True]
