"""Imports for the window in a process of their own, because a busy one would take its time from every repaint."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from app.domain.capture_settings import Mapping
from app.domain.errors import EnvironmentFailure, PickwickError
from app.domain.import_report import ImportProgress, ImportReport
from app.presenters.importer import Cancel, ImportEnd

LOG = logging.getLogger(__name__)
MAIN = Path(__file__).resolve().parents[2] / "main.py"

Post: TypeAlias = Callable[[Callable[[], None]], None]


class ImportProcess:
    """Implements `presenters.importer.Importer` with `main.py import`, which tells its progress line by line."""

    def __init__(
        self,
        database_url: str,
        warehouse: str,
        operator_id: Callable[[], int | None],
        post: Post,
        command: Sequence[str] = (sys.executable, str(MAIN)),
    ) -> None:
        """`warehouse` is its code; `operator_id` says who imports; `post` carries calls to the screen's thread."""
        self._url, self._warehouse, self._operator_id = database_url, warehouse, operator_id
        self._post, self._command = post, command

    def start(
        self,
        path: Path,
        format: str,
        mapping: Mapping | None,
        on_progress: Callable[[ImportProgress], None],
        on_done: Callable[[ImportEnd], None],
    ) -> Cancel:
        """See Importer. A process that can't be started is told to `on_done`."""
        words = [*self._command, "import", format, str(path), "--progress-json", "--json"]
        words += ["--warehouse", self._warehouse] if self._warehouse else []
        operator = self._operator_id()
        words += ["--operator-id", str(operator)] if operator is not None else []
        kept = _kept_mapping(mapping)
        words += ["--mapping", str(kept)] if kept is not None else []
        # The address may hold a password, which other people could read in the list of processes.
        environment = {**os.environ, "PICKWICK_DATABASE": self._url, "PYTHONUTF8": "1"}
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                encoding="utf-8", env=environment, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            failure = EnvironmentFailure("import.not_started", reason=error.strerror)
            self._post(lambda: on_done(failure))
            return lambda: None

        def follow() -> None:
            end = self._follow(process, on_progress)
            if kept is not None:
                kept.unlink(missing_ok=True)
            self._post(lambda: on_done(end))

        threading.Thread(target=follow, name="import", daemon=True).start()
        return lambda: _cancel(process.stdin)

    def _follow(self, process: subprocess.Popen[str], on_progress: Callable[[ImportProgress], None]) -> ImportEnd:
        end: ImportEnd | None = None
        for line in process.stdout or ():
            try:
                told = json.loads(line)
            except ValueError:
                LOG.warning("the import said: %s", line.rstrip())
                continue
            if "progress" in told:
                progress = ImportProgress.from_json(told["progress"])
                self._post(lambda progress=progress: on_progress(progress))  # type: ignore[misc]
            elif "report" in told:
                end = ImportReport.from_json(told["report"])
            elif "error" in told:
                end = _failure(told["error"])
        status = process.wait()
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        return end or EnvironmentFailure("import.ended", status=status)


def _failure(told: dict[str, object]) -> PickwickError:
    values = told.get("values")
    return EnvironmentFailure(str(told["code"]), **(values if isinstance(values, dict) else {}))


def _kept_mapping(mapping: Mapping | None) -> Path | None:
    if mapping is None or mapping == Mapping():
        return None
    handle, name = tempfile.mkstemp(prefix="pickwick-", suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(mapping.to_json())
    return Path(name)


def _cancel(pipe: IO[str] | None) -> None:
    with contextlib.suppress(OSError, ValueError):
        if pipe is not None:
            pipe.write("cancel\n")
            pipe.flush()
