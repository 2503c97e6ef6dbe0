"""The same contract for every way of reaching a printer, then what each has of its own."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.document_samples import sample_document
from app.domain.errors import PickwickError
from app.domain.print_ports import (
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrinterUriError,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
)
from app.domain.words import catalogue, say
from app.printing.file_printer import FilePrinter
from app.printing.line_printer import LinePrinter, Patience
from app.printing.printers import open_printer
from app.printing.rendering import render
from app.printing.simulated_printer import SimulatedCondition, SimulatedPrinter
from app.printing.zebra_status import StatusReader, answer
from tests.printing.socket_printer import SocketPrinter
from tests.shared_data import shared

SCHEMES = "Use tcp://host:9100, usb:///dev/usb/lp0, serial:///dev/ttyS0, spool://QueueName, file:///folder or sim:"
QUICK = Patience(answer=0.4)
LABEL = b"^XA^FO10,10^A0N,30,30^FDone^FS^XZ"


def words(error: PickwickError) -> str:
    assert error.code in catalogue()
    return say(error.code, **error.values)


def job(number: int = 1, data: bytes = LABEL) -> PrintPayload:
    return PrintPayload(f"job-{number}", "#1042", data)


@dataclass
class Rig:
    """A printer and how to see what it printed."""

    printer: Printer
    printed: Callable[[int], list[bytes]]


@pytest.fixture(params=["tcp", "tcp, silent", "file", "sim"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with ExitStack() as stack:
        if request.param.startswith("tcp"):
            server = stack.enter_context(SocketPrinter(speaks=request.param == "tcp"))
            yield Rig(open_printer(server.uri, QUICK), server.jobs)
        elif request.param == "file":
            printer = open_printer(tmp_path.as_uri())
            yield Rig(printer, lambda _count: [path.read_bytes() for path in sorted(tmp_path.iterdir())])
        else:
            simulated = open_printer("sim:")
            assert isinstance(simulated, SimulatedPrinter)
            yield Rig(simulated, lambda _count: [payload.data for payload in simulated.printed])


def test_what_is_sent_arrives_byte_for_byte_and_once(rig: Rig) -> None:
    first = render(sample_document("shipping-label"), rig.printer.language, rig.printer.dpi)
    second = bytes(range(1, 256)) * 3000
    for number, data in enumerate((first, second), 1):
        result = rig.printer.send(job(number, data))
        assert result.status.state in (PrinterState.READY, PrinterState.UNKNOWN)
        assert result.confirmed == (result.status.state is PrinterState.READY)
    assert rig.printed(2) == [first, second]


def test_a_printer_that_can_print_says_so_or_nothing(rig: Rig) -> None:
    assert rig.printer.status().can_print
    assert rig.printer.language is PrintLanguage.ZPL
    assert rig.printer.dpi == 203


def test_nothing_is_opened_before_it_is_wanted(tmp_path: Path) -> None:
    for uri in ("tcp://127.0.0.1:9", (tmp_path / "missing").as_uri(), "sim:?state=unreachable"):
        printer = open_printer(uri)
        assert printer.uri == uri
        assert printer.status() == PrinterStatus(PrinterState.UNREACHABLE)


@pytest.mark.parametrize("state", [PrinterState.PAPER_OUT, PrinterState.HEAD_OPEN, PrinterState.PAUSED])
def test_a_printer_in_trouble_gets_nothing(state: PrinterState) -> None:
    with SocketPrinter(PrinterStatus(state)) as server:
        networked = open_printer(server.uri)
        simulated = open_printer(f"sim:?state={state.value.replace('_', '-')}")
        for printer in (networked, simulated):
            assert printer.status() == PrinterStatus(state)
            with pytest.raises(PrinterNotReady) as caught:
                printer.send(job())
            assert caught.value.status == PrinterStatus(state)
            assert "the label waits" in words(caught.value)
        server.status = PrinterStatus(PrinterState.READY)
        assert networked.send(job()).confirmed
        assert server.jobs(3) == [LABEL]


def test_an_answer_that_comes_byte_by_byte_is_understood() -> None:
    with SocketPrinter(in_pieces=True) as server:
        assert open_printer(server.uri).send(job()).confirmed


def test_a_label_that_still_waits_is_waited_for() -> None:
    with SocketPrinter(busy_answers=3) as server:
        assert open_printer(server.uri).send(job()).confirmed
        assert server.questions == 5


def test_paper_that_ends_with_the_job_leaves_it_unconfirmed() -> None:
    """The bytes are in the printer and come out with the next roll, so this is no refusal that may be sent again."""

    class LastLabel(SocketPrinter):
        def _answer(self, line: socket.socket, after_job: bool) -> None:
            if after_job:
                self.status = PrinterStatus(PrinterState.PAPER_OUT, waiting=1)
            super()._answer(line, after_job)

    with LastLabel() as server:
        result = open_printer(server.uri).send(job())
        assert result.status == PrinterStatus(PrinterState.PAPER_OUT, waiting=1)
        assert not result.confirmed


def test_a_silent_printer_is_asked_once() -> None:
    with SocketPrinter(speaks=False) as server:
        printer = open_printer(server.uri, QUICK)
        for number in range(3):
            assert printer.send(job(number)).status.state is PrinterState.UNKNOWN
        assert server.jobs(3) == [LABEL] * 3
        assert server.questions == 1


def test_a_printer_that_hangs_up_on_the_question_still_gets_the_job() -> None:
    with SocketPrinter(hangs_up_on_question=True) as server:
        result = open_printer(server.uri).send(job())
        assert not result.confirmed
        assert server.jobs(3) == [LABEL]


def test_a_page_printer_is_not_asked() -> None:
    with SocketPrinter() as server:
        printer = open_printer(f"tcp://127.0.0.1:{server.port}?language=pdf")
        assert printer.send(job(1, b"%PDF-1.4")).status.state is PrinterState.UNKNOWN
        assert (server.jobs(1), server.questions) == ([b"%PDF-1.4"], 0)


def test_a_line_that_breaks_during_the_job_is_told_apart() -> None:
    big = b"^XA" + b"^FX" + b"x" * 20_000_000 + b"^XZ"
    with SocketPrinter(resets_during_job=True) as server, pytest.raises(PrintInterrupted) as caught:
        open_printer(server.uri).send(job(1, big))
    assert "See whether it came out" in words(caught.value)
    with pytest.raises(PrintInterrupted):
        open_printer("sim:?state=breaks").send(job())


def test_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PrinterUnreachable) as caught:
        open_printer(f"tcp://127.0.0.1:{port}").send(job())
    assert words(caught.value) == (
        f"127.0.0.1 takes no print jobs on port {port}. Check the port, or restart the printer."
    )


def test_a_host_that_nobody_knows() -> None:
    with pytest.raises(PrinterUnreachable) as caught:
        open_printer("tcp://no-such-printer.invalid:9100").send(job())
    assert words(caught.value) == (
        "The network knows no no-such-printer.invalid. Check the printer's name in the settings."
    )


def test_files_are_named_after_the_job_and_the_same_job_replaces_its_own(tmp_path: Path) -> None:
    printer = open_printer(f"{tmp_path.as_uri()}?language=pdf&dpi=300")
    assert (printer.language, printer.dpi) == (PrintLanguage.PDF, 300)
    printer.send(PrintPayload("17", "../../etc/ł #1042", b"one"))
    printer.send(PrintPayload("17", "../../etc/ł #1042", b"two"))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("etc-1042-17.pdf", b"two")]


def test_a_missing_folder(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(PrinterUnreachable) as caught:
        open_printer(folder.as_uri()).send(job())
    assert words(caught.value) == f"The folder {folder} does not exist. Make it, or choose another printer."
    assert not folder.exists()


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PrinterUnreachable) as caught:
        open_printer(tmp_path.as_uri()).send(job())
    assert words(caught.value) == f"The disk with {tmp_path} is full. Make room, then print again."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_bytes(b"")
    with pytest.raises(PrinterUnreachable) as caught:
        open_printer(folder.as_uri()).send(job())
    assert words(caught.value) == f"The folder {folder} does not exist. Make it, or choose another printer."


def test_the_simulated_printer_runs_out_of_paper() -> None:
    printer = open_printer("sim:bench-1")
    assert isinstance(printer, SimulatedPrinter)
    printer.paper = 1
    assert printer.send(job(1)).confirmed
    with pytest.raises(PrinterNotReady):
        printer.send(job(2))
    printer.paper = None
    assert printer.send(job(2)).confirmed
    assert [payload.job_id for payload in printer.printed] == ["job-1", "job-2"]


def test_the_simulated_printer_swallows_and_goes_away() -> None:
    printer = open_printer("sim:")
    assert isinstance(printer, SimulatedPrinter)
    printer.condition = SimulatedCondition.SWALLOWS
    assert not printer.send(job()).confirmed
    printer.condition = SimulatedCondition.UNREACHABLE
    with pytest.raises(PrinterUnreachable) as caught:
        printer.send(job())
    assert words(caught.value) == "The simulated printer sim: plays unreachable. Set it to ready."
    printer.condition = SimulatedCondition.SILENT
    assert not printer.send(job()).confirmed
    assert len(printer.printed) == 1


@pytest.mark.parametrize(
    ("uri", "kind"),
    [("tcp://10.0.0.7", LinePrinter), ("file:///tmp/labels", FilePrinter), ("SIM:", SimulatedPrinter)],
)
def test_addresses(uri: str, kind: type) -> None:
    assert isinstance(open_printer(uri), kind)


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("", " is no printer's address. " + SCHEMES),
        ("lpt1", "lpt1 is no printer's address. " + SCHEMES),
        ("tcp://[::1", "tcp://[::1 is no printer's address. " + SCHEMES),
        ("tcp://:9100", "tcp://:9100: the name of the printer is missing. Write tcp://host:9100."),
        ("tcp://a:99999", "tcp://a:99999: the port is no number from 1 to 65535."),
        ("tcp://a:0", "tcp://a:0: the port is no number from 1 to 65535."),
        ("tcp://a:x", "tcp://a:x: the port is no number from 1 to 65535."),
        ("tcp://a?language=epl", "tcp://a?language=epl: the language epl is not known. Use zpl, epl2, tspl or pdf."),
        ("tcp://a?dpi=72", "tcp://a?dpi=72: 72 dots an inch is not known. Use 203, 300 or 600."),
        ("tcp://a?baud=9600", "tcp://a?baud=9600: there is no option baud. Known are dpi, gap, language, media, size."),
        (
            "file://folder",
            "file://folder: the folder is missing. Write three slashes and the whole path: file:///home/me/labels.",
        ),
        (
            "sim:?state=happy",
            "sim:?state=happy: the state happy is not known. Use one of ready, paper-out, ribbon-out, "
            "head-open, paused, buffer-full, too-hot, too-cold, fault, "
            "unreachable, silent, swallows, breaks.",
        ),
    ],
)
def test_a_bad_address_is_refused_in_one_sentence(uri: str, sentence: str) -> None:
    with pytest.raises(PrinterUriError) as caught:
        open_printer(uri)
    assert words(caught.value) == sentence


def test_answers_of_real_printers() -> None:
    for seen in json.loads(shared("data/zebra_status/hs_responses.json").read_text(encoding="utf-8")):
        reader = StatusReader()
        for byte in seen["raw"].encode("ascii"):
            assert reader.status() == PrinterStatus(PrinterState.UNKNOWN) or reader.complete
            reader.feed(bytes([byte]))
        assert reader.status() == PrinterStatus(PrinterState(seen["state"]))


@pytest.mark.parametrize("state", [state for state in PrinterState if state not in ("unknown", "unreachable")])
def test_each_state_is_said_and_understood(state: PrinterState) -> None:
    reader = StatusReader()
    reader.feed(answer(PrinterStatus(state, 3)))
    assert reader.status() == PrinterStatus(state, 3)
    assert f"printing.state.{state}" in catalogue()


@pytest.mark.parametrize("noise", [b"", b"\x02\x03\x02\x03\x02\x03", b"\x021,2\x03\x023\x03\x02x\x03", b"\x03\x03\x03"])
def test_noise_says_nothing(noise: bytes) -> None:
    reader = StatusReader()
    reader.feed(noise)
    assert reader.status() == PrinterStatus(PrinterState.UNKNOWN)


@pytest.mark.parametrize("state", [state for state in PrinterState if not PrinterStatus(state).can_print])
def test_each_trouble_has_its_sentence(state: PrinterState) -> None:
    assert "P1" in words(PrinterNotReady("P1", PrinterStatus(state)))
