"""A wire is slow and what stands before it is not: the printer answers only when the job has crept to it."""

from __future__ import annotations

import pytest

from app.domain.print_ports import PrinterState, PrinterStatus, PrintLanguage, PrintPayload, SendResult
from app.printing.line_printer import LinePrinter, Patience
from app.printing.lines.device_line import DeviceLine
from app.printing.lines.serial_line import SerialForm, SerialLine
from app.printing.lines.tcp_line import TcpLine

JOB = PrintPayload("job-1", "#1042", b"\nN\nLO1,1,5,5\nP1\n")
AT_ONCE = Patience(answer=600.0, print=0.0, each_label=0.0, blind=0.0, least_answer=0.0, second_look=0.0)
"""Waits for an answer before a job, and after it no longer than the wire needs."""


class BufferedLine:
    """Takes everything at once. After a job it is silent for as many looks as it takes the job to arrive."""

    tells_silence_from_absence = False

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self._silent_looks = 0
        self._answer = b""

    def open(self) -> None:
        """Nothing to do."""

    def send(self, data: bytes, seconds: float) -> None:
        self.sent.append(data)
        if data == JOB.data:
            self._silent_looks = 10_000
        else:
            self._answer = b"00\r\n"

    def receive(self, seconds: float) -> bytes:
        if not self._answer:
            return b""
        if self._silent_looks:
            self._silent_looks -= 1
            return b""
        answer, self._answer = self._answer, b""
        return answer

    def under_way(self, count: int) -> float:
        assert count == len(JOB.data)
        return 600.0

    def finish(self, seconds: float) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


def test_a_job_that_creeps_along_the_wire_is_waited_for() -> None:
    line = BufferedLine()
    printer = LinePrinter("serial:///dev/ttyS0?language=epl2", line, PrintLanguage.EPL2, 203, AT_ONCE)
    assert printer.send(JOB) == SendResult(PrinterStatus(PrinterState.READY), confirmed=True)
    assert line.sent.count(JOB.data) == 1


@pytest.mark.parametrize(
    ("form", "seconds"),
    [
        (SerialForm(), 10.0),
        (SerialForm(baud=19200), 5.0),
        (SerialForm(baud=1200, bits=7, parity="E", stop=2), 88.0),
    ],
)
def test_bytes_on_a_serial_wire_take_their_time(form: SerialForm, seconds: float) -> None:
    assert SerialLine(lambda: "COM1", form).under_way(9600) == seconds


def test_other_ways_are_quick() -> None:
    assert TcpLine("printer", 9100).under_way(9600) == 0.0
    assert DeviceLine(lambda: pytest.fail("not opened")).under_way(9600) == 0.0
