"""The same contract over every line, each against the byte-level twin of a printer, in each language."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.domain.document_samples import sample_document
from app.domain.print_ports import (
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrinterWarning,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    SendResult,
)
from app.printing.line_printer import LinePrinter, Patience
from app.printing.lines.line import LineBroke
from app.printing.lines.serial_line import SerialForm, SerialLine
from app.printing.printers import open_printer
from app.printing.rendering import render
from app.printing.simulated.conditions import TwinAnswers, TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from tests.printing.serial_server import SerialServer
from tests.printing.socket_printer import SocketPrinter

if sys.platform != "win32":
    from app.printing.simulated.pty_door import PtyDoor

LABEL = b"^XA^FO10,10^A0N,30,30^FDone^FS^XZ"
PATIENCE = Patience(blind=0.0, answer=8.0, print=8.0, silent=600.0, second_look=0.05)
SHORT = Patience(blind=0.0, answer=0.3, print=0.5, least_answer=0.3, silent=600.0, hushed=0.0, second_look=0.05)
IMPATIENT = Patience(blind=0.0, answer=8.0, print=0.3, count=0.2, least_answer=8.0, silent=600.0, second_look=0.05)
"""Waits for answers, and not for labels."""
LINES = ["tcp", "serial", "usb"]


@dataclass
class Bench:
    """A twin and the printer that stands for it."""

    twin: PrinterTwin
    printer: Printer
    again: Callable[[Patience], Printer]


def benches(way: str, language: PrintLanguage = PrintLanguage.ZPL, patience: Patience = PATIENCE) -> Iterator[Bench]:
    twin = PrinterTwin(language)
    with ExitStack() as stack:
        if way == "tcp":
            uri = stack.enter_context(TcpDoor(twin)).uri
        elif sys.platform == "win32":
            pytest.skip("Windows has no pseudo terminals")
        else:
            door = stack.enter_context(PtyDoor(twin))
            uri = door.serial_uri if way == "serial" else door.usb_uri
        yield Bench(twin, open_printer(uri, patience), lambda other: open_printer(uri, other))


@pytest.fixture(params=LINES)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from benches(request.param)


def job(data: bytes = LABEL, number: int = 1) -> PrintPayload:
    return PrintPayload(f"job-{number}", "#1042", data)


def ready(result: SendResult) -> bool:
    return result.confirmed and not result.doubtful and result.status.state is PrinterState.READY


@pytest.mark.parametrize("language", [PrintLanguage.ZPL, PrintLanguage.TSPL, PrintLanguage.EPL2])
@pytest.mark.parametrize("way", LINES)
def test_each_language_prints_over_each_line_once_and_unchanged(way: str, language: PrintLanguage) -> None:
    for bench in benches(way, language):
        data = render(sample_document("shipping-label"), language, 203)
        assert ready(bench.printer.send(job(data)))
        assert bench.twin.wait_for(lambda twin: twin.odometer == 1)
        assert b"".join(bench.twin.printed).strip() == data.strip()


@pytest.mark.parametrize("way", LINES)
def test_a_page_goes_over_each_line_unasked(way: str) -> None:
    for bench in benches(way, PrintLanguage.PDF):
        assert bench.printer.send(job(b"%PDF-1.4 page %%EOF")).status.state is PrinterState.UNKNOWN
        if way == "tcp":
            assert bench.twin.wait_for(lambda twin: twin.printed == (b"%PDF-1.4 page %%EOF",))
        assert bench.twin.questions == 0


@pytest.mark.parametrize(
    "condition",
    [
        each
        for each in TwinCondition
        if each.value
        in ("paper-out", "ribbon-out", "head-open", "paused", "buffer-full", "too-hot", "too-cold", "fault")
    ],
)
def test_a_printer_in_trouble_says_it_and_gets_nothing(bench: Bench, condition: TwinCondition) -> None:
    bench.twin.become(condition)
    state = PrinterState(condition.value.replace("-", "_"))
    assert bench.printer.status().state is state
    with pytest.raises(PrinterNotReady) as caught:
        bench.printer.send(job())
    assert caught.value.status.state is state
    bench.twin.become(TwinCondition.READY)
    assert ready(bench.printer.send(job()))
    assert bench.twin.printed == (LABEL,)


TSPL_STATES = [
    PrinterState.HEAD_OPEN,
    PrinterState.PAPER_OUT,
    PrinterState.RIBBON_OUT,
    PrinterState.PAUSED,
    PrinterState.TOO_HOT,
    PrinterState.FAULT,
]
EPL_STATES = [PrinterState.HEAD_OPEN, PrinterState.PAPER_OUT, PrinterState.PAUSED, PrinterState.TOO_HOT]


@pytest.mark.parametrize(
    ("language", "state"),
    [(PrintLanguage.TSPL, state) for state in TSPL_STATES] + [(PrintLanguage.EPL2, state) for state in EPL_STATES],
)
def test_other_languages_say_their_troubles_too(language: PrintLanguage, state: PrinterState) -> None:
    for bench in benches("tcp", language):
        bench.twin.become(TwinCondition(state.value.replace("_", "-")))
        assert bench.printer.status().state is state
        with pytest.raises(PrinterNotReady):
            bench.printer.send(job(b"x"))
        assert (bench.twin.printed, bench.twin.status.waiting) == ((), 0)


@pytest.mark.parametrize("answers", [TwinAnswers.IN_PIECES, TwinAnswers.LATE])
def test_an_answer_in_pieces_or_late_is_waited_for(bench: Bench, answers: TwinAnswers) -> None:
    bench.twin.answers, bench.twin.late_seconds = answers, 0.7
    bench.twin.become(TwinCondition.PAPER_OUT)
    with pytest.raises(PrinterNotReady):
        bench.printer.send(job())
    bench.twin.load_paper()
    assert ready(bench.printer.send(job()))
    assert bench.twin.printed == (LABEL,)


def test_a_printer_that_never_answers_is_used_and_left_alone(bench: Bench) -> None:
    bench.twin.answers = TwinAnswers.NEVER
    printer = bench.again(SHORT)
    for number in (1, 2, 3):
        assert printer.send(job(number=number)) == SendResult(PrinterStatus(PrinterState.UNKNOWN), False)
    assert bench.twin.wait_for(lambda twin: twin.odometer == 3)
    assert bench.twin.questions == 1


@pytest.mark.parametrize(("way", "state"), [("tcp", "unknown"), ("serial", "unreachable"), ("usb", "unreachable")])
def test_one_that_spoke_and_fell_silent(way: str, state: str) -> None:
    """A port that is open says nothing of the printer behind it: it may be off. A connection does."""
    for bench in benches(way, patience=SHORT):
        assert bench.printer.status().state is PrinterState.READY
        bench.twin.answers = TwinAnswers.NEVER
        assert bench.printer.status().state is PrinterState(state)


@pytest.mark.parametrize("way", LINES)
def test_one_that_falls_silent_with_the_job_is_doubtful(way: str) -> None:
    """As after its plug was pulled: the connection still stands, and nobody answers."""
    for bench in benches(way, patience=Patience(answer=8.0, print=0.3, least_answer=0.3, second_look=0.05)):
        bench.twin.hushes_with_job = True
        silent = SendResult(PrinterStatus(PrinterState.UNKNOWN), confirmed=False, doubtful=True)
        assert bench.printer.send(job()) == silent
        assert bench.twin.printed == (LABEL,)


def test_one_that_spoke_and_takes_a_job_without_a_word_is_doubtful() -> None:
    for bench in benches("tcp", patience=SHORT):
        assert bench.printer.status().state is PrinterState.READY
        bench.twin.answers = TwinAnswers.NEVER
        silent = SendResult(PrinterStatus(PrinterState.UNKNOWN), confirmed=False, doubtful=True)
        assert bench.printer.send(job()) == silent
        assert bench.twin.wait_for(lambda twin: twin.printed == (LABEL,))


def test_one_that_spoke_and_is_silent_for_a_while_gets_nothing_until_it_speaks() -> None:
    """It has somebody else on the line: what waits there for it comes out once it is free, sent again or not."""
    for bench in benches("tcp", patience=replace(SHORT, hushed=600.0)):
        assert bench.printer.status().state is PrinterState.READY
        bench.twin.answers = TwinAnswers.NEVER
        for _ in range(2):
            with pytest.raises(PrinterUnreachable) as caught:
                bench.printer.send(job())
            assert caught.value.code == "printing.hushed"
        bench.twin.answers = TwinAnswers.AT_ONCE
        assert ready(bench.printer.send(job()))
        assert bench.twin.printed == (LABEL,)


def test_a_slow_one_has_the_same_time_after_the_job() -> None:
    """Its answers take longer than a label is waited for; it is slow, not silent."""
    for bench in benches("tcp", patience=Patience(answer=8.0, print=0.1, count=0.1, least_answer=0.1)):
        bench.twin.answers, bench.twin.late_seconds = TwinAnswers.LATE, 0.7
        assert ready(bench.printer.send(job()))
        assert bench.twin.printed == (LABEL,)


def test_one_that_spoke_and_hangs_up_on_the_question_gets_nothing() -> None:
    with SocketPrinter() as server:
        printer = open_printer(server.uri, PATIENCE)
        assert ready(printer.send(job()))
        server.hangs_up_on_question = True
        with pytest.raises(PrinterUnreachable) as caught:
            printer.send(job())
        assert caught.value.code == "printing.hung_up"
        assert server.jobs(3) == [LABEL]


@pytest.mark.parametrize("after", [{"after_bytes": 12}, {"after_labels": 1}])
def test_paper_that_ends_in_the_job_leaves_it_open_and_prints_once(bench: Bench, after: dict[str, int]) -> None:
    bench.twin.become(TwinCondition.PAPER_OUT, **after)
    result = bench.printer.send(job(LABEL + LABEL.replace(b"one", b"two")))
    assert (result.status.state, result.confirmed) == (PrinterState.PAPER_OUT, False)
    assert result.status.waiting == 2 - after.get("after_labels", 0)
    bench.twin.load_paper()
    assert bench.twin.printed == (LABEL, LABEL.replace(b"one", b"two"))


def test_a_head_that_opens_in_the_job(bench: Bench) -> None:
    bench.twin.become(TwinCondition.HEAD_OPEN, after_bytes=5)
    result = bench.printer.send(job())
    assert (result.status, result.confirmed) == (PrinterStatus(PrinterState.HEAD_OPEN, 1), False)


@pytest.mark.parametrize("after_bytes", [3, 20, len(LABEL) - 1])
def test_a_line_that_breaks_in_the_job_is_doubtful_and_nothing_is_sent_again(bench: Bench, after_bytes: int) -> None:
    bench.twin.become(TwinCondition.DROPS, after_bytes=after_bytes)
    with pytest.raises(PrintInterrupted):
        bench.printer.send(job())
    assert bench.twin.wait_for(lambda twin: twin.broken_off == (LABEL[:after_bytes],))
    assert bench.twin.printed == ()


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal stands for the port")
def test_a_serial_port_that_is_pulled_between_two_questions_is_told_as_broken() -> None:
    """Its settings can't be set any more either; that must not look like anything else."""
    near, far = os.openpty()
    name = os.ttyname(far)
    line = SerialLine(lambda: name, SerialForm())
    line.open()
    os.close(near)
    with pytest.raises(LineBroke) as caught:
        line.send(b"~HS\r\n", 1.0)
    assert caught.value.sent is False
    line.close()
    os.close(far)


def test_a_line_that_breaks_in_a_big_job(bench: Bench) -> None:
    bench.twin.become(TwinCondition.DROPS, after_bytes=100_000)
    with pytest.raises(PrintInterrupted):
        bench.printer.send(job(b"^XA^FX" + b"x" * 1_000_000 + b"^XZ"))
    assert bench.twin.printed == ()


def test_a_swallowed_job_is_doubtful_where_the_printer_counts(bench: Bench) -> None:
    printer = bench.again(IMPATIENT)
    assert printer.status().state is PrinterState.READY
    assert ready(printer.send(job()))
    bench.twin.become(TwinCondition.SWALLOWS)
    result = printer.send(job(number=2))
    assert (result.status.state, result.confirmed, result.doubtful) == (PrinterState.READY, False, True)


def test_copies_are_counted(bench: Bench) -> None:
    assert bench.printer.status().state is PrinterState.READY
    assert ready(bench.printer.send(job(LABEL.replace(b"^XZ", b"^PQ5^XZ"))))
    assert bench.twin.odometer == 5


def test_a_counter_that_never_moves_is_not_trusted_for_long(bench: Bench) -> None:
    printer = bench.again(IMPATIENT)
    assert printer.status().state is PrinterState.READY
    bench.twin.become(TwinCondition.SWALLOWS)  # to us the same as a counter that stands still
    results = [printer.send(job(number=number)) for number in range(3)]
    assert [result.doubtful for result in results] == [True, True, False]


def test_warnings_are_told(bench: Bench) -> None:
    bench.twin.warnings = (PrinterWarning.CLEAN_HEAD, PrinterWarning.MEDIA_LOW)
    assert bench.printer.status() == PrinterStatus(PrinterState.READY, 0, bench.twin.warnings)


def test_a_slow_printer_is_asked_only_what_it_must() -> None:
    for bench in benches("tcp"):
        bench.twin.warnings = (PrinterWarning.MEDIA_LOW,)
        bench.twin.answers, bench.twin.late_seconds = TwinAnswers.LATE, 1.1
        assert bench.printer.status() == PrinterStatus(PrinterState.READY)
        bench.twin.answers = TwinAnswers.AT_ONCE
        assert bench.printer.status() == PrinterStatus(PrinterState.READY, 0, (PrinterWarning.MEDIA_LOW,))


def test_a_label_that_waits_is_waited_for(bench: Bench) -> None:
    bench.twin.busy_answers = 3
    assert ready(bench.printer.send(job()))
    assert bench.twin.questions == 5


def test_a_refused_connection_is_tried_again_for_a_while() -> None:
    """Another station has the printer, which takes one connection at a time."""
    twin = PrinterTwin()
    with TcpDoor(twin, refuses_second=True) as door:
        with TcpDoorClient(door.port) as first:
            with pytest.raises(PrinterUnreachable):
                open_printer(door.uri, Patience(busy=0.0)).send(job())
            first.line.sendall(b"^XA^FDmine^FS^XZ")
            assert twin.wait_for(lambda twin: twin.odometer == 1)
        assert ready(open_printer(door.uri, Patience(answer=8.0, busy=20.0)).send(job()))
    assert twin.printed == (b"^XA^FDmine^FS^XZ", LABEL)


def test_a_printer_that_does_not_speak_and_breaks_off_is_doubtful_too() -> None:
    twin = PrinterTwin()
    twin.answers = TwinAnswers.NEVER
    with TcpDoor(twin) as door:
        printer = open_printer(door.uri, Patience(answer=0.1, silent=600.0))
        assert printer.status().state is PrinterState.UNKNOWN
        twin.become(TwinCondition.DROPS, after_bytes=5)
        with pytest.raises(PrintInterrupted):
            printer.send(job())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
@pytest.mark.parametrize("way", ["serial", "usb"])
def test_a_printer_that_takes_no_more_is_doubtful(way: str) -> None:
    door = PtyDoor(PrinterTwin())  # never entered: nobody reads
    uri = door.serial_uri if way == "serial" else door.usb_uri
    with pytest.raises(PrintInterrupted):
        open_printer(uri, Patience(answer=0.05, send=0.2)).send(job(b"^XA" + b"^FX" + b"x" * 100_000 + b"^XZ"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:serial")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_a_serial_port_behind_a_network() -> None:
    twin = PrinterTwin()
    with PtyDoor(twin) as door, SerialServer(door.path) as server:
        printer = open_printer(f"rfc2217://127.0.0.1:{server.port}?baud=115200", PATIENCE)
        assert ready(printer.send(job(LABEL + b"^XA^FX\xff\xff^FDtwo^FS^XZ")))
        assert twin.printed == (LABEL, b"^XA^FX\xff\xff^FDtwo^FS^XZ")
        assert printer.status().state is PrinterState.READY


class TcpDoorClient:
    """Another station that has the printer."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.sendall(b"~HS\r\n")
        assert self.line.recv(1) == b"\x02"

    def __enter__(self) -> TcpDoorClient:
        return self

    def __exit__(self, *_error: object) -> None:
        self.line.close()


def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    for uri in (f"usb://{tmp_path}/lp0", f"serial://{tmp_path}/ttyS0", "usb:?vid=ffff&serial=nobody"):
        printer = open_printer(uri)
        assert printer.status() == PrinterStatus(PrinterState.UNREACHABLE)
        with pytest.raises(PrinterUnreachable):
            printer.send(job())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_a_plug_that_was_pulled_is_found_again_under_its_name(tmp_path: Path) -> None:
    twin = PrinterTwin()
    with PtyDoor(twin, tmp_path / "printer") as door:
        printer = open_printer(door.usb_uri, PATIENCE)
        assert isinstance(printer, LinePrinter)
        twin.become(TwinCondition.DROPS, after_bytes=3)
        with pytest.raises(PrintInterrupted):
            printer.send(job())
        assert twin.wait_for(lambda twin: len(twin.broken_off) == 1)
        assert ready(printer.send(job()))
        assert twin.printed == (LABEL,)
