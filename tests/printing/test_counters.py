"""Whether a label came out, as TSPL and EPL2 printers tell it; those that can't are not led astray by the question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.document_samples import sample_document
from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning, PrintLanguage, PrintPayload, SendResult
from app.printing.line_printer import Patience
from app.printing.printers import open_printer
from app.printing.rendering import render
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from tests.printing.stubborn import Epl, Tsc

PATIENCE = Patience(answer=8.0, print=8.0, silent=600.0, blind=0.0, second_look=0.05)
IMPATIENT = Patience(answer=8.0, print=0.3, count=0.2, least_answer=8.0, silent=600.0, blind=0.0, second_look=0.05)
READY = PrinterStatus(PrinterState.READY)
PRINTED = SendResult(READY, confirmed=True)
DOUBTFUL = SendResult(READY, confirmed=False, doubtful=True)
QUESTION = b"OUT @LABEL"


def job(language: PrintLanguage, number: int = 1) -> PrintPayload:
    return PrintPayload(f"job-{number}", "#1042", render(sample_document("shipping-label"), language, 203))


def test_a_label_that_tspl_counts_is_printed() -> None:
    with Tsc() as server:
        printer = open_printer(server.uri, PATIENCE)
        assert printer.status() == READY
        assert printer.send(job(PrintLanguage.TSPL)) == PRINTED
        assert (server.labels, server.commands.count(QUESTION)) == (101, 3)


def test_one_that_tspl_did_not_count_is_asked_about() -> None:
    with Tsc() as server:
        printer = open_printer(server.uri, IMPATIENT)
        assert printer.status() == READY
        assert printer.send(job(PrintLanguage.TSPL, 1)) == PRINTED
        server.swallows = True
        assert printer.send(job(PrintLanguage.TSPL, 2)) == DOUBTFUL
        server.swallows = False
        assert printer.send(job(PrintLanguage.TSPL, 3)) == PRINTED
        assert server.labels == 102


@pytest.mark.parametrize("throws_away", [False, True])
def test_a_printer_without_the_counter_is_asked_once_and_never_in_a_job(throws_away: bool) -> None:
    """Some throw away everything that follows a command which they do not know: a job would be lost with it."""
    with Tsc() as server:
        server.counts, server.throws_away = False, throws_away
        printer = open_printer(server.uri, PATIENCE)
        assert printer.status() == READY
        assert printer.status() == READY
        for number in (1, 2, 3):
            assert printer.send(job(PrintLanguage.TSPL, number)) == PRINTED
        assert server.labels == 103
        assert server.commands.count(QUESTION) == 1
        assert server.commands.index(QUESTION) < server.commands.index(b"CLS")


def test_a_printer_that_took_the_place_of_one_that_counts_gets_the_job_on_a_new_line() -> None:
    with Tsc() as server:
        printer = open_printer(server.uri, PATIENCE)
        assert printer.status() == READY
        server.counts, server.throws_away = False, True
        for number in (1, 2):
            assert printer.send(job(PrintLanguage.TSPL, number)) == PRINTED
        assert (server.labels, server.commands.count(QUESTION)) == (102, 2)


def test_a_job_does_not_try_out_whether_there_is_a_counter() -> None:
    with Tsc() as server:
        server.throws_away = True
        assert open_printer(server.uri, PATIENCE).send(job(PrintLanguage.TSPL)) == PRINTED
        assert (server.labels, server.commands.count(QUESTION)) == (101, 0)


def test_a_tspl_counter_that_falls_silent_with_the_job_leaves_it_in_doubt() -> None:
    """It is told in turn: a printer that does not get to it has not got through the job either."""
    with Tsc() as server:
        printer = open_printer(server.uri, IMPATIENT)
        assert printer.status() == READY
        server.sticks = True
        assert printer.send(job(PrintLanguage.TSPL)) == DOUBTFUL


def test_the_twin_counts_as_they_do() -> None:
    twin = PrinterTwin(PrintLanguage.TSPL)
    with TcpDoor(twin) as door:
        printer = open_printer(door.uri, IMPATIENT)
        assert printer.status() == READY
        assert printer.send(job(PrintLanguage.TSPL, 1)) == PRINTED
        twin.become(TwinCondition.SWALLOWS)
        assert printer.send(job(PrintLanguage.TSPL, 2)) == DOUBTFUL
        assert len(twin.printed) == 1


def test_an_epl_printer_that_runs_out_of_paper_in_the_middle_of_a_label_did_not_print_it() -> None:
    """It says nothing of a label that it prints: that all is well just after the job tells only of its beginning."""
    with Epl() as server:
        server.fine_for = 5
        result = open_printer(server.uri, replace(PATIENCE, blind=600.0)).send(job(PrintLanguage.EPL2))
        assert result == SendResult(PrinterStatus(PrinterState.PAPER_OUT, 1), confirmed=False)


def test_an_epl_label_that_the_printer_did_not_understand_is_asked_about() -> None:
    wrong = PrinterStatus(PrinterState.READY, 0, (PrinterWarning.LABEL_WRONG,))
    with Epl() as server:
        printer = open_printer(server.uri, PATIENCE)
        assert printer.send(job(PrintLanguage.EPL2, 1)) == PRINTED
        server.damages = True
        assert printer.send(job(PrintLanguage.EPL2, 2)) == SendResult(wrong, confirmed=False, doubtful=True)
        assert printer.status() == wrong
        assert server.labels == 101


def test_an_old_complaint_of_an_epl_printer_says_nothing_of_a_new_label() -> None:
    with Epl() as server:
        server.error = 1
        printer = open_printer(server.uri, PATIENCE)
        assert printer.send(PrintPayload("no-n", "#1042", b"\nLO1,1,5,5\nP1\n")).confirmed is True
        assert server.labels == 101
