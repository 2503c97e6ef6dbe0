"""Print queues of Linux and macOS through the programs of CUPS: `lp`, `lpstat` and `lpoptions`."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterUnreachable, PrinterWarning, PrintInterrupted
from app.printing.spool_printer import JobFate

PROGRAM_SECONDS = 15.0

_JOB_ID = re.compile(r"request id is (\S+)")
_STOPPED = "5"
_AWAY = "may not exist or is unavailable"
"""What the network ways of CUPS say while nobody answers; they name no reason for it."""
_REASONS = (
    (("cover-open", "door-open", "interlock-open", "input-tray-missing"), PrinterState.HEAD_OPEN),
    (("media-empty", "media-needed"), PrinterState.PAPER_OUT),
    (("marker-supply-empty", "marker-ribbon-empty", "toner-empty"), PrinterState.RIBBON_OUT),
    (("fuser-over-temp",), PrinterState.TOO_HOT),
    (("offline", "connecting-to-device", "timed-out", "shutdown"), PrinterState.UNREACHABLE),
    (("spool-area-full",), PrinterState.BUFFER_FULL),
    (("paused", "moving-to-paused"), PrinterState.PAUSED),
    (("media-jam", "other", "marker-waste-full", "cups-missing-filter", "cutter-failure"), PrinterState.FAULT),
)
"""The worst first."""
_WARNINGS = (
    ("media-low", PrinterWarning.MEDIA_LOW),
    ("marker-supply-low", PrinterWarning.RIBBON_LOW),
    ("toner-low", PrinterWarning.RIBBON_LOW),
    ("media-jam", PrinterWarning.JAM),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program left."""

    code: int
    out: str
    err: str


class CupsSpooler:
    """The queues of one CUPS server, by default this machine's."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """`environment` is set for the programs besides ours: `CUPS_SERVER` for example."""
        self._environment = {**os.environ, **(environment or {}), "LC_ALL": "C", "LANG": "C"}

    def status(self, queue: str) -> PrinterStatus:
        """What the queue says of its printer."""
        known = self._run(["lpstat", "-p", queue])
        if known.code or not known.out.startswith("printer"):
            raise PrinterUnreachable("printing.spool.missing", queue=queue)
        options = read_options(self._run(["lpoptions", "-p", queue]).out)
        waiting = len(self._run(["lpstat", "-W", "not-completed", "-o", queue]).out.splitlines())
        return read_status(options, disabled="disabled since" in known.out, away=_AWAY in known.out, waiting=waiting)

    def submit(self, queue: str, title: str, data: bytes, *, raw: bool = True) -> str:
        """`lp -o raw`; without `raw` the filters of the queue draw the document."""
        options = ["-o", "raw"] if raw else []
        try:
            ran = self._run(["lp", "-d", queue, *options, "-t", title or "label"], data)
        except subprocess.TimeoutExpired as error:
            raise PrintInterrupted("printing.interrupted", printer=queue) from error
        found = _JOB_ID.search(ran.out)
        if ran.code:
            raise PrinterUnreachable("printing.spool.failed", queue=queue, reason=ran.err.strip() or str(ran.code))
        if found is None:
            raise PrintInterrupted("printing.interrupted", printer=queue)
        return found[1]

    def fate(self, queue: str, job: str) -> JobFate:
        """Where `lpstat` lists it, and why it ended."""
        open_job = _block(self._run(["lpstat", "-l", "-W", "not-completed", "-o", queue]).out, job)
        if open_job is not None:
            return JobFate.GOES_OUT if "job-printing" in open_job else JobFate.WAITS
        return read_fate(_block(self._run(["lpstat", "-l", "-W", "completed", "-o", queue]).out, job))

    def withdraw(self, queue: str, job: str) -> None:
        """`cancel`."""
        self._run(["cancel", job])

    def queues(self) -> tuple[tuple[str, str], ...]:
        """The name and the device address of each queue; none when there is no CUPS."""
        try:
            return read_queues(self._run(["lpstat", "-v"]).out)
        except (PrinterUnreachable, subprocess.TimeoutExpired):
            return ()

    def _run(self, arguments: Sequence[str], data: bytes = b"") -> Ran:
        try:
            ran = subprocess.run(
                list(arguments), input=data, capture_output=True, timeout=PROGRAM_SECONDS, env=self._environment
            )
        except OSError as error:
            raise PrinterUnreachable("printing.spool.no_programs") from error
        except subprocess.TimeoutExpired as error:
            if arguments[0] == "lp":
                raise
            raise PrinterUnreachable("printing.spool.failed", queue=arguments[-1], reason="no answer") from error
        return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace"))


def read_options(text: str) -> dict[str, str]:
    """The answer of `lpoptions -p`: `name=value` with quoted blanks."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return dict(word.split("=", 1) for word in words if "=" in word)


def read_status(
    options: Mapping[str, str], *, disabled: bool = False, away: bool = False, waiting: int = 0
) -> PrinterStatus:
    """What the reasons say. A warning or a report stops nothing; nothing known to be wrong is unknown, not ready."""
    reasons = [reason for reason in options.get("printer-state-reasons", "none").split(",") if reason]
    stopping = {reason.removesuffix("-error") for reason in reasons if not reason.endswith(("-warning", "-report"))}
    said = {reason.removesuffix("-error").removesuffix("-warning").removesuffix("-report") for reason in reasons}
    warnings = tuple(warning for name, warning in _WARNINGS if name in said)
    state = next((state for names, state in _REASONS if stopping & set(names)), PrinterState.UNKNOWN)
    if state is PrinterState.UNKNOWN and away:
        state = PrinterState.UNREACHABLE
    closed = options.get("printer-is-accepting-jobs") == "false"
    if state is PrinterState.UNKNOWN and (disabled or closed or options.get("printer-state") == _STOPPED):
        state = PrinterState.PAUSED
    return PrinterStatus(state, waiting, warnings)


def read_fate(block: str | None) -> JobFate:
    """Why a job is no longer in the queue: `lpstat -l` names its state reasons after `Alerts:`."""
    if block is None:
        return JobFate.FORGOTTEN
    if "completed-successfully" in block:
        return JobFate.DONE
    return JobFate.GIVEN_UP if re.search(r"abort|cancel|stopped", block) else JobFate.DONE


def read_queues(text: str) -> tuple[tuple[str, str], ...]:
    """The answer of `lpstat -v`: `device for Labels: usb://Zebra/ZD420`."""
    found = re.findall(r"^device for (.+?): (\S.*)$", text, re.MULTILINE)
    return tuple((name, device.strip()) for name, device in found)


def _block(text: str, job: str) -> str | None:
    """The lines about one job; those after its first one are indented."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line.split(maxsplit=1)[:1] == [job]:
            rest = lines[at + 1 :]
            own = next((index for index, each in enumerate(rest) if not each[:1].isspace()), len(rest))
            return "\n".join([line, *rest[:own]])
    return None
