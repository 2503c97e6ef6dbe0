"""What the print worker of a station hears of a label that goes to a printer which fails in each known way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bootstrap.document_printer import PrintingPress
from app.domain.print_ports import PrinterState
from app.printing.line_printer import Patience
from app.printing.printers import open_printer
from app.printing.simulated.conditions import TwinAnswers, TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services.print_jobs import JobToPrint

LABEL = b"^XA^FO10,10^A0N,30,30^FDone^FS^XZ"
PATIENCE = Patience(blind=0.0, answer=8.0, print=0.3, count=0.2, least_answer=8.0, busy=0.2, second_look=0.05)


class Desk:
    """A press, its printer's twin, and the states that it told."""

    def __init__(self, twin: PrinterTwin, uri: str) -> None:
        self.twin, self.uri = twin, uri
        self.states: list[PrinterState] = []
        self.press = PrintingPress(
            uri, {}, lambda _uri, status: self.states.append(status.state), lambda each: open_printer(each, PATIENCE)
        )

    def print(self) -> tuple[bool, bool, str]:
        answer = self.press.print(JobToPrint(7, "shipping-label", {}, LABEL, "", None, None, 0))
        return answer.sent, answer.doubtful, answer.reason


@pytest.fixture
def desk() -> Iterator[Desk]:
    twin = PrinterTwin()
    with TcpDoor(twin) as door:
        yield Desk(twin, door.uri)


def test_a_label_comes_out(desk: Desk) -> None:
    assert desk.print() == (True, False, "")
    assert (desk.twin.printed, desk.states) == ((LABEL,), [PrinterState.READY])


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (TwinCondition.PAPER_OUT, "is out of labels. Put in a new roll; the label waits."),
        (TwinCondition.HEAD_OPEN, "is open. Close it; the label waits."),
        (TwinCondition.PAUSED, "is paused. Press its pause key; the label waits."),
        (TwinCondition.REFUSES, "Check the port, or restart the printer."),
    ],
)
def test_what_was_not_sent_is_safe_to_send_again(desk: Desk, condition: TwinCondition, reason: str) -> None:
    desk.twin.become(condition)
    if condition is TwinCondition.REFUSES:
        assert any(open_printer(desk.uri).status().state is PrinterState.UNREACHABLE for _ in range(1000))
    sent, doubtful, said = desk.print()
    assert (sent, doubtful) == (False, False)
    assert said.endswith(reason)
    desk.twin.become(TwinCondition.READY)
    assert desk.twin.printed == ()


def test_paper_that_ends_in_the_job_is_asked_about(desk: Desk) -> None:
    desk.twin.become(TwinCondition.PAPER_OUT, after_bytes=8)
    assert desk.print() == (False, True, "It stopped while it printed: out of labels")
    assert desk.states == [PrinterState.PAPER_OUT]


def test_a_broken_connection_is_asked_about(desk: Desk) -> None:
    desk.twin.become(TwinCondition.DROPS, after_bytes=8)
    sent, doubtful, said = desk.print()
    assert (sent, doubtful) == (False, True)
    assert said.endswith("broke while a label was sent. See whether it came out.")


def test_a_swallowed_label_is_asked_about(desk: Desk) -> None:
    desk.press.ask()
    desk.twin.become(TwinCondition.SWALLOWS)
    sent, doubtful, said = desk.print()
    assert (sent, doubtful) == (False, True)
    assert said.startswith("No word from tcp://") and said.endswith(" that it came out. See whether it did.")


def test_a_printer_that_never_speaks_prints(desk: Desk) -> None:
    desk.twin.answers = TwinAnswers.NEVER
    desk.press = PrintingPress(
        desk.uri, {}, lambda _uri, _status: None, lambda uri: open_printer(uri, Patience(answer=0.1))
    )
    assert desk.print() == (True, False, "")
    assert desk.twin.wait_for(lambda twin: twin.printed == (LABEL,))
