"""`import`: orders, products, places or stock from a file; every row that can't be taken is listed and kept."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.commands.opening import Opened, opened, stock_promised
from app.domain.capture_settings import Mapping, ReadSettings
from app.domain.clock import utc_now
from app.domain.errors import BadUseError, EnvironmentFailure
from app.domain.import_report import DONE, ImportProgress, ImportReport
from app.domain.words import say, say_count
from app.integrations.channels.formats import detect, readers
from app.queries.imports import saved_mappings
from app.runtime.garbage import AT_ONCE, keep_what_is_there, look_between
from app.runtime.importing import FileFormats, FileImport
from app.services.capture.runs import save_mapping
from app.settings import Settings

WRITER = "import"
CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `mapping` is a file of JSON, or the name of a mapping that was saved."""

    format: str
    file: Path
    mapping: str = ""
    save_mapping: str = ""
    zone: str = ""
    currency: str = ""
    encoding: str = ""
    operator_id: int | None = None


def run(settings: Settings, wanted: Wanted, as_json: bool, progress_json: bool) -> int:
    """Imports. With `progress_json`, progress goes to standard output line by line, and `cancel` is heard there."""
    _refuse_unreadable(wanted.file)
    given = Path(wanted.mapping) if wanted.mapping else None
    mapping = Mapping.from_json(_text_of(given)) if given is not None and given.is_file() else None
    with opened(settings, checkpoint_by_itself=False) as at, _listening(progress_json) as cancelled:
        if given is not None and mapping is None:
            mapping = _saved(at, wanted)
        read = ReadSettings(wanted.zone, wanted.currency, wanted.encoding, mapping=mapping or Mapping())
        importing = FileImport(
            at.database,
            lambda now: at.actor(WRITER, now, wanted.operator_id),
            utc_now,
            _tell_json if progress_json else _tell_person,
            cancelled,
            look_between,
        )
        keep_what_is_there(AT_ONCE)
        report = importing.run(FileFormats(readers(), detect), wanted.format, wanted.file, read)
        if wanted.save_mapping and mapping is not None:
            kept, name, found = mapping, wanted.save_mapping, report.format
            at.database.write(lambda s: save_mapping(s, at.actor(WRITER, utc_now()), found, name, kept))
        at.database.checkpoint()
    if progress_json:
        print(json.dumps({"report": report.to_json()}), flush=True)
    elif as_json:
        print(json.dumps(report_json(report), ensure_ascii=False))
    else:
        _print_report(report, wanted.file)
    return 1 if report.counts.refused or report.state != DONE else 0


def report_json(report: ImportReport) -> dict[str, object]:
    """The report as one object; each refused row with its line and the reason as a sentence."""
    rows = [
        {"file": row.file, "line": row.line, "code": row.code, "reason": _reason(row.code, row.values)}
        for row in report.refused
    ]
    return {**report.to_json(), "refused": rows}


def _reason(code: str, values: object) -> str:
    return say(f"capture.refused.{code}", **(values if isinstance(values, dict) else {}))


def _print_report(report: ImportReport, path: Path) -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    for row in report.refused:
        print(f"{path}:{row.line} {_reason(row.code, row.values)}")
    for code, count in sorted(report.counts.skipped.items()):
        print(say_count("cli.import.skipped", count, reason=say(f"capture.skipped.{code}")))
    numbers = report.counts.numbers
    stock = stock_promised(numbers["allocated"], numbers["backordered"])
    print(say(f"cli.import.{report.state}", **numbers, file=report.file, format=report.format, stock=stock))
    if report.counts.refused:
        print(say_count("cli.import.kept", report.counts.refused))


def _tell_json(progress: ImportProgress) -> None:
    print(json.dumps({"progress": progress.to_json()}), flush=True)


def _tell_person(progress: ImportProgress) -> None:
    """A line that changes, for people at a terminal only."""
    if sys.stderr.isatty():
        key = "cli.import.allocating" if progress.allocating else "cli.import.progress"
        print("\r\x1b[K" + say(key, percent=progress.percent, **progress.counts.numbers), end="", file=sys.stderr)


def _refuse_unreadable(path: Path) -> None:
    """What a person can mend by naming another file is bad use; what they may not read is not."""
    if not path.exists():
        raise BadUseError("cli.import.no_file", file=str(path))
    if path.is_dir():
        raise BadUseError("cli.import.folder", file=str(path))
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise EnvironmentFailure("capture.file.unreadable", file=str(path), reason=error.strerror) from error


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadUseError("capture.mapping.not_json", reason=str(error)) from error
    except OSError as error:
        raise EnvironmentFailure("capture.file.unreadable", file=str(path), reason=error.strerror) from error


def _saved(at: Opened, wanted: Wanted) -> Mapping:
    """The mapping that was saved by this name."""
    known = at.database.read(lambda session: saved_mappings(session, wanted.format))
    if wanted.mapping not in known:
        raise BadUseError("cli.import.no_mapping", mapping=wanted.mapping)
    return known[wanted.mapping]


@contextmanager
def _listening(to_input: bool) -> Iterator[Callable[[], bool]]:
    """Whether somebody wants to stop: by Ctrl-C or a polite end of the process, or by the word on standard input."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    def hear() -> None:
        for line in sys.stdin:
            if line.strip() == CANCEL:
                stop.set()

    before = None
    if threading.current_thread() is threading.main_thread():
        before = [(number, signal.signal(number, on_signal)) for number in (signal.SIGINT, signal.SIGTERM)]
    if to_input:
        threading.Thread(target=hear, name="listening", daemon=True).start()
    try:
        yield stop.is_set
    finally:
        for number, handler in before or ():
            signal.signal(number, handler)
