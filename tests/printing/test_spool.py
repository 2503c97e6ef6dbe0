"""The system's print queue: a real CUPS with a twin behind it, then what each of its answers means."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from app.domain.errors import PickwickError
from app.domain.print_ports import (
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrinterUriError,
    PrinterWarning,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    SendResult,
)
from app.domain.words import catalogue, say
from app.printing.cups import CupsSpooler, read_fate, read_options, read_queues, read_status
from app.printing.printers import open_printer
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.printing.spool_printer import JobFate, SpoolPatience, SpoolPrinter
from app.printing.windows_spool import read_job_bits, read_printer_bits
from tests.printing.cups_server import CupsServer

ANY_BYTES = b"^XA^FX" + bytes(range(256)) * 40 + b"^FDone^FS^XZ"
UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)
QUICK = SpoolPatience(job=1.0, trouble=0.2, look=0.05)


def job(data: bytes = b"^XA^FDone^FS^XZ", title: str = "#1042") -> PrintPayload:
    return PrintPayload("job-1", title, data)


def words(error: PickwickError) -> str:
    assert error.code in catalogue()
    return say(error.code, **error.values)


# -- a real print server


@pytest.fixture(scope="module")
def cups() -> Iterator[CupsServer]:
    if sys.platform == "win32":
        pytest.skip("Windows has its own print queues")
    with CupsServer() as server:
        yield server


def test_our_bytes_come_out_of_cups_unchanged(cups: CupsServer) -> None:
    twin = PrinterTwin()
    with TcpDoor(twin) as door:
        cups.add_queue("Labels", f"socket://127.0.0.1:{door.port}")
        printer = SpoolPrinter("spool://Labels", "Labels", cups.spooler, PrintLanguage.ZPL, 203)
        assert printer.status() == UNKNOWN
        assert printer.send(job(ANY_BYTES, "-o #1042 'ł'")) == SendResult(UNKNOWN, confirmed=False)
        assert twin.wait_for(lambda twin: twin.printed == (ANY_BYTES,))
        assert ("Labels", f"socket://127.0.0.1:{door.port}") in cups.spooler.queues()


def test_a_label_that_cups_cannot_deliver_is_taken_back(cups: CupsServer) -> None:
    twin = PrinterTwin()
    twin.become(TwinCondition.REFUSES)
    with TcpDoor(twin) as door:
        assert twin.wait_for(lambda _twin: True)
        cups.add_queue("Dead", f"socket://127.0.0.1:{door.port}")
        printer = SpoolPrinter("spool://Dead", "Dead", cups.spooler, PrintLanguage.ZPL, 203, QUICK)
        with pytest.raises((PrintInterrupted, PrinterNotReady)):
            printer.send(job())
        assert cups.run("lpstat", "-W", "not-completed", "-o", "Dead") == ""
        twin.become(TwinCondition.READY)
    assert twin.printed == ()


def test_a_stopped_queue_gets_nothing(cups: CupsServer) -> None:
    cups.add_queue("Stopped", "file:///dev/null")
    cups.run("cupsdisable", "-r", "no labels", "Stopped")
    printer = SpoolPrinter("spool://Stopped", "Stopped", cups.spooler, PrintLanguage.ZPL, 203)
    assert printer.status() == PrinterStatus(PrinterState.PAUSED)
    with pytest.raises(PrinterNotReady):
        printer.send(job())
    assert cups.run("lpstat", "-W", "not-completed", "-o", "Stopped") == ""


def test_a_queue_that_nobody_knows(cups: CupsServer) -> None:
    printer = SpoolPrinter("spool://Nope", "Nope", cups.spooler, PrintLanguage.ZPL, 203)
    assert printer.status() == PrinterStatus(PrinterState.UNREACHABLE)
    with pytest.raises(PrinterUnreachable) as caught:
        printer.send(job())
    assert words(caught.value) == (
        "The system knows no print queue Nope. Check its name in the settings, or add the queue."
    )


def test_a_system_without_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    spooler = CupsSpooler({"PATH": "/nowhere"})
    assert spooler.queues() == ()
    with pytest.raises(PrinterUnreachable) as caught:
        spooler.submit("Labels", "#1042", b"")
    assert "lp and lpstat are missing" in words(caught.value)


# -- what becomes of a job


@dataclass
class MemorySpooler:
    """A queue in memory, whose jobs fare as told."""

    fates: list[JobFate]
    after_withdrawal: JobFate = JobFate.GIVEN_UP
    says: PrinterStatus = UNKNOWN
    jobs: list[bytes] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    raw: bool | None = None

    def status(self, queue: str) -> PrinterStatus:
        return self.says

    def submit(self, queue: str, title: str, data: bytes, *, raw: bool = True) -> str:
        self.raw = raw
        self.jobs.append(data)
        return f"{queue}-{len(self.jobs)}"

    def fate(self, queue: str, job: str) -> JobFate:
        if self.withdrawn:
            return self.after_withdrawal
        return self.fates.pop(0) if len(self.fates) > 1 else self.fates[0]

    def withdraw(self, queue: str, job: str) -> None:
        self.withdrawn.append(job)


def printer_of(spooler: MemorySpooler) -> SpoolPrinter:
    return SpoolPrinter("spool://Q", "Q", spooler, PrintLanguage.ZPL, 203, QUICK)


@pytest.mark.parametrize("fate", [JobFate.DONE, JobFate.FORGOTTEN])
def test_a_job_that_went_out(fate: JobFate) -> None:
    spooler = MemorySpooler([JobFate.WAITS, JobFate.GOES_OUT, fate])
    assert printer_of(spooler).send(job(b"x")) == SendResult(UNKNOWN, confirmed=False)
    assert (spooler.jobs, spooler.withdrawn) == ([b"x"], [])


@pytest.mark.parametrize("language", list(PrintLanguage))
def test_labels_go_raw_and_pages_are_drawn_by_the_queue(language: PrintLanguage) -> None:
    spooler = MemorySpooler([JobFate.DONE])
    SpoolPrinter("spool://Q", "Q", spooler, language, 203, QUICK).send(job())
    assert spooler.raw is (language is not PrintLanguage.PDF)


def test_a_job_that_was_given_up_is_doubtful() -> None:
    with pytest.raises(PrintInterrupted) as caught:
        printer_of(MemorySpooler([JobFate.GOES_OUT, JobFate.GIVEN_UP])).send(job())
    assert words(caught.value) == ("The system gave up a label on the print queue Q. See whether it came out.")


def test_a_job_that_never_began_is_withdrawn_and_safe_to_send_again() -> None:
    spooler = MemorySpooler([JobFate.WAITS])
    with pytest.raises(PrinterNotReady) as caught:
        printer_of(spooler).send(job())
    assert caught.value.status.state is PrinterState.UNREACHABLE
    assert spooler.withdrawn == ["Q-1"]


def test_a_job_that_hangs_is_withdrawn_and_doubtful() -> None:
    spooler = MemorySpooler([JobFate.GOES_OUT])
    with pytest.raises(PrintInterrupted):
        printer_of(spooler).send(job())
    assert spooler.withdrawn == ["Q-1"]


def test_a_job_that_begins_while_it_is_given_up_is_doubtful() -> None:
    """The printer came back just then: part of the label may be out, so it must not be sent again."""

    class Late(MemorySpooler):
        def status(self, queue: str) -> PrinterStatus:
            if self.jobs:
                self.fates = [JobFate.GOES_OUT]
            return self.says

    spooler = Late([JobFate.WAITS])
    at_once = SpoolPatience(job=0.0, trouble=600.0)
    with pytest.raises(PrintInterrupted):
        SpoolPrinter("spool://Q", "Q", spooler, PrintLanguage.ZPL, 203, at_once).send(job())
    assert spooler.withdrawn == ["Q-1"]


def test_a_job_that_ended_while_it_was_withdrawn_is_out() -> None:
    spooler = MemorySpooler([JobFate.GOES_OUT], after_withdrawal=JobFate.DONE)
    assert printer_of(spooler).send(job()) == SendResult(UNKNOWN, confirmed=False)


# -- what the answers mean


@pytest.mark.parametrize(
    ("reasons", "status"),
    [
        ("none", UNKNOWN),
        ("media-empty-error", PrinterStatus(PrinterState.PAPER_OUT)),
        ("media-empty", PrinterStatus(PrinterState.PAPER_OUT)),
        ("cover-open,media-empty", PrinterStatus(PrinterState.HEAD_OPEN)),
        ("media-low-warning", PrinterStatus(PrinterState.UNKNOWN, 0, (PrinterWarning.MEDIA_LOW,))),
        ("media-jam-error", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.JAM,))),
        ("marker-supply-empty-error", PrinterStatus(PrinterState.RIBBON_OUT)),
        ("connecting-to-device-report", UNKNOWN),
        ("offline-error", PrinterStatus(PrinterState.UNREACHABLE)),
        ("paused", PrinterStatus(PrinterState.PAUSED)),
    ],
)
def test_reasons_of_cups(reasons: str, status: PrinterStatus) -> None:
    options = read_options(f"copies=1 printer-info='Bench 1' printer-state=3 printer-state-reasons={reasons}\n")
    assert options["printer-info"] == "Bench 1"
    assert read_status(options) == status


def test_a_queue_of_cups_that_is_off_or_away() -> None:
    assert read_status({}, disabled=True).state is PrinterState.PAUSED
    assert read_status({"printer-is-accepting-jobs": "false"}).state is PrinterState.PAUSED
    assert read_status({}, away=True, waiting=2) == PrinterStatus(PrinterState.UNREACHABLE, 2)


@pytest.mark.parametrize(
    ("block", "fate"),
    [
        (None, JobFate.FORGOTTEN),
        ("Q-1 root 1024\n\tAlerts: job-completed-successfully", JobFate.DONE),
        ("Q-1 root 1024\n\tAlerts: processing-to-stop-point", JobFate.DONE),
        ("Q-1 root 1024\n\tAlerts: job-canceled-by-user", JobFate.GIVEN_UP),
        ("Q-1 root 1024\n\tAlerts: aborted-by-system", JobFate.GIVEN_UP),
    ],
)
def test_ends_of_jobs_of_cups(block: str | None, fate: JobFate) -> None:
    assert read_fate(block) is fate


def test_queues_of_cups() -> None:
    text = "device for Labels: usb://Zebra/ZD420?serial=X\nlpstat: noise\ndevice for A B: socket://10.0.0.7:9100\n"
    assert read_queues(text) == (("Labels", "usb://Zebra/ZD420?serial=X"), ("A B", "socket://10.0.0.7:9100"))


@pytest.mark.parametrize(
    ("bits", "state"),
    [
        (0, PrinterState.UNKNOWN),
        (0x10, PrinterState.PAPER_OUT),
        (0x400000, PrinterState.HEAD_OPEN),
        (0x400010, PrinterState.HEAD_OPEN),
        (0x1, PrinterState.PAUSED),
        (0x80, PrinterState.UNREACHABLE),
        (0x40000, PrinterState.RIBBON_OUT),
        (0x2, PrinterState.FAULT),
        (0x400, PrinterState.UNKNOWN),
    ],
)
def test_printers_of_windows(bits: int, state: PrinterState) -> None:
    assert read_printer_bits(bits, 0, 3) == PrinterStatus(state, 3)


def test_more_of_windows() -> None:
    assert read_printer_bits(0x8, 0, 0) == PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.JAM,))
    assert read_printer_bits(0, 0x400, 1) == PrinterStatus(PrinterState.UNREACHABLE, 1)
    assert [read_job_bits(bits) for bits in (0, 0x8, 0x10, 0x80, 0x1000, 0x4, 0x2)] == [
        JobFate.WAITS,
        JobFate.WAITS,
        JobFate.GOES_OUT,
        JobFate.DONE,
        JobFate.DONE,
        JobFate.GIVEN_UP,
        JobFate.GIVEN_UP,
    ]


# -- addresses


def test_a_queue_is_named_by_its_address() -> None:
    printer = open_printer("spool://Bench%201?language=epl2&dpi=300")
    assert isinstance(printer, SpoolPrinter)
    assert (printer.language, printer.dpi) == (PrintLanguage.EPL2, 300)


@pytest.mark.parametrize("uri", ["spool://", "spool:", "spool://-o", "spool://%0a"])
def test_no_queue(uri: str) -> None:
    with pytest.raises(PrinterUriError) as caught:
        open_printer(uri)
    assert words(caught.value) == f"{uri}: the name of the print queue is missing. Write spool://QueueName."
