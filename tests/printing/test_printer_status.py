"""What printers say of themselves, in each language, and how many labels a job makes."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning, PrintLanguage
from app.domain.words import catalogue
from app.printing import epl_status, tspl_status, zebra_status
from app.printing.conversations import conversation
from app.printing.label_count import labels_in
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.tongues import HeardLabel, tongue_of
from app.printing.simulated.twin import PrinterTwin
from tests.shared_data import shared

READY = PrinterStatus(PrinterState.READY)
UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)


def flags(errors: str, warnings: str = "00000000") -> bytes:
    said = [f"{int(bits != '00000000')} 00000000 {bits}" for bits in (errors, warnings)]
    text = f"\r\n  PRINTER STATUS\r\n  ERRORS:         {said[0]}\r\n  WARNINGS:       {said[1]}\r\n"
    return b"\x02" + text.encode("ascii") + b"\x03\r\n"


@pytest.mark.parametrize(
    ("errors", "warnings", "status"),
    [
        ("00000000", "00000000", READY),
        ("00000001", "00000000", PrinterStatus(PrinterState.PAPER_OUT)),
        ("00000002", "00000000", PrinterStatus(PrinterState.RIBBON_OUT)),
        ("00000005", "00000000", PrinterStatus(PrinterState.HEAD_OPEN)),
        ("00000008", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.CUTTER,))),
        ("00000010", "00000000", PrinterStatus(PrinterState.TOO_HOT)),
        ("00000020", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.MOTOR_HOT,))),
        ("00000040", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.HEAD_BROKEN,))),
        ("00000200", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.HEAD_BROKEN,))),
        ("00000100", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.FIRMWARE,))),
        ("00001000", "00000000", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.JAM,))),
        ("00010000", "00000000", PrinterStatus(PrinterState.PAUSED)),
        ("00010003", "00000000", PrinterStatus(PrinterState.PAPER_OUT)),
        ("40000000", "00000000", PrinterStatus(PrinterState.FAULT)),
        (
            "00000000",
            "0000000F",
            PrinterStatus(
                PrinterState.READY,
                0,
                (
                    PrinterWarning.CALIBRATE,
                    PrinterWarning.CLEAN_HEAD,
                    PrinterWarning.REPLACE_HEAD,
                    PrinterWarning.MEDIA_LOW,
                ),
            ),
        ),
    ],
)
def test_errors_and_warnings_of_zebra_printers(errors: str, warnings: str, status: PrinterStatus) -> None:
    data = flags(errors, warnings)
    assert zebra_status.errors_complete(data)
    assert zebra_status.read_errors(data) == status
    assert not any(zebra_status.errors_complete(data[:length]) for length in range(data.index(b"WARN")))


def test_an_answer_without_flags_says_nothing() -> None:
    for data in (b"", b"\x02noise\x03", b"ERRORS: 1 00000000 00000001"):
        assert zebra_status.read_errors(data) is None


@pytest.mark.parametrize(
    ("data", "count"), [(b'"123"\r\n', 123), (b'"1,234 "', 1234), (b'"?"', None), (b"", None), (b'"12', None)]
)
def test_the_label_counter(data: bytes, count: int | None) -> None:
    assert zebra_status.read_count(data) == count


@pytest.mark.parametrize(
    ("byte", "state", "waiting"),
    [
        (0x00, PrinterState.READY, 0),
        (0x01, PrinterState.HEAD_OPEN, 0),
        (0x02, PrinterState.FAULT, 0),
        (0x03, PrinterState.HEAD_OPEN, 0),
        (0x04, PrinterState.PAPER_OUT, 0),
        (0x05, PrinterState.HEAD_OPEN, 0),
        (0x08, PrinterState.RIBBON_OUT, 0),
        (0x0C, PrinterState.PAPER_OUT, 0),
        (0x10, PrinterState.PAUSED, 0),
        (0x20, PrinterState.READY, 1),
        (0x40, PrinterState.HEAD_OPEN, 0),
        (0x80, PrinterState.FAULT, 0),
    ],
)
def test_the_byte_of_tspl_printers(byte: int, state: PrinterState, waiting: int) -> None:
    said = tspl_status.read_short(bytes([byte]))
    assert (said.state, said.waiting) == (state, waiting)


@pytest.mark.parametrize(
    ("letters", "status"),
    [
        (b"@@@@", READY),
        (b"`@@@", PrinterStatus(PrinterState.PAUSED)),
        (b"P@@@", PrinterStatus(PrinterState.READY, 1)),
        (b"L@@@", PrinterStatus(PrinterState.READY, 0, (PrinterWarning.TAKE_LABEL,))),
        (b"E@@A", PrinterStatus(PrinterState.PAPER_OUT)),
        (b"E@@D", PrinterStatus(PrinterState.RIBBON_OUT)),
        (b"E@@`", PrinterStatus(PrinterState.HEAD_OPEN)),
        (b"E@A@", PrinterStatus(PrinterState.TOO_HOT)),
        (b"E@B@", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.MOTOR_HOT,))),
        (b"E@H@", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.CUTTER,))),
        (b"E@@B", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.JAM,))),
        (b"@H@@", PrinterStatus(PrinterState.BUFFER_FULL)),
        (b"@C@@", PrinterStatus(PrinterState.READY, 0, (PrinterWarning.MEDIA_LOW, PrinterWarning.RIBBON_LOW))),
        (b"\0\0\0\0", UNKNOWN),
    ],
)
def test_the_four_letters_of_tspl_printers(letters: bytes, status: PrinterStatus) -> None:
    assert tspl_status.read_long(b"\x02" + letters + b"\x03\r\n") == status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"00\r\n", READY),
        (b"07\r\n", PrinterStatus(PrinterState.PAPER_OUT)),
        (b"\x1507P003\r\n", PrinterStatus(PrinterState.PAPER_OUT, 3)),
        (b"11\r\n", PrinterStatus(PrinterState.HEAD_OPEN)),
        (b"07,11\r\n", PrinterStatus(PrinterState.HEAD_OPEN)),
        (b"12\r\n", PrinterStatus(PrinterState.PAUSED)),
        (b"\x1592\x13 92\r\n", PrinterStatus(PrinterState.PAUSED)),
        (b"62\r\n", PrinterStatus(PrinterState.TOO_HOT)),
        (b"81\r\n", PrinterStatus(PrinterState.FAULT, 0, (PrinterWarning.CUTTER,))),
        (b"99\r\n", PrinterStatus(PrinterState.FAULT)),
        (b"02\r\n", READY),
        (b"01\r\n", PrinterStatus(PrinterState.READY, 0, (PrinterWarning.LABEL_WRONG,))),
        (b"04,12\r\n", PrinterStatus(PrinterState.PAUSED, 0, (PrinterWarning.LABEL_WRONG,))),
        (b"07\r\n00\r\n", READY),
        (b"0", UNKNOWN),
        (b"hello\r\n", UNKNOWN),
    ],
)
def test_the_codes_of_epl_printers(data: bytes, status: PrinterStatus) -> None:
    assert epl_status.read_codes(data) == status


def test_a_label_that_waits_to_be_taken_is_told() -> None:
    reader = zebra_status.StatusReader()
    reader.feed(zebra_status.answer(PrinterStatus(PrinterState.READY, 1)).replace(b"4,0,00000000", b"4,1,00000000"))
    assert reader.status() == PrinterStatus(PrinterState.READY, 1, (PrinterWarning.TAKE_LABEL,))


@pytest.mark.parametrize("state", [PrinterState.PAPER_OUT, PrinterState.HEAD_OPEN, PrinterState.PAUSED])
def test_what_the_twins_say_is_understood(state: PrinterState) -> None:
    status = PrinterStatus(state)
    assert tspl_status.read_short(tspl_status.answer_short(status)) == status
    assert tspl_status.read_long(tspl_status.answer_long(status)) == status
    assert epl_status.read_codes(epl_status.answer(status)) == status
    assert zebra_status.read_errors(zebra_status.answer_errors(status)) == status


@pytest.mark.parametrize("left", [b"\x03\r\n", flags("00000000"), flags("00000001")[20:]])
def test_what_is_left_of_another_answer_is_no_part_of_a_state(left: bytes) -> None:
    """A print server hands an answer on in pieces, and the end of the one before may come with the next."""
    status = PrinterStatus(PrinterState.PAUSED, 2)
    reader = zebra_status.StatusReader()
    reader.feed(left + zebra_status.answer(status)[:-4])
    assert not reader.complete
    reader.feed(zebra_status.answer(status)[-4:])
    assert (reader.complete, reader.status()) == (True, status)


@given(st.binary(max_size=300))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    reader = zebra_status.StatusReader()
    reader.feed(data)
    assert reader.status().state in PrinterState
    assert zebra_status.read_errors(data) is None or zebra_status.errors_complete(data)
    assert tspl_status.read_long(data).waiting in (0, 1)
    assert tspl_status.read_short(data).waiting in (0, 1)
    assert epl_status.read_codes(data).waiting >= 0
    zebra_status.read_count(data)
    for language in PrintLanguage:
        twin = PrinterTwin(language)
        twin.hear(twin.tongue(), data)


def test_each_warning_has_its_words() -> None:
    assert all(f"printing.warning.{warning}" in catalogue() for warning in PrinterWarning)


def test_answers_of_real_printers_over_a_line_that_cuts_them_anywhere() -> None:
    for seen in json.loads(shared("data/zebra_status/hs_responses.json").read_text(encoding="utf-8")):
        raw = seen["raw"].encode("ascii")
        for start, end in pairwise((0, len(raw) // 3, len(raw))):
            reader = zebra_status.StatusReader()
            for piece in (raw[:start], raw[start:end], raw[end:]):
                reader.feed(piece)
            assert reader.status() == PrinterStatus(PrinterState(seen["state"]))


@pytest.mark.parametrize(
    ("language", "data", "labels"),
    [
        (PrintLanguage.ZPL, b"^XA^FDone^FS^XZ", 1),
        (PrintLanguage.ZPL, b"^XA^FDone^FS^PQ3^XZ^XA^GB1,1^FS^XZ", 4),
        (PrintLanguage.ZPL, b"^XA^DFR:X.ZPL^FDone^FS^XZ", 0),
        (PrintLanguage.ZPL, b"^XA^JUS^XZ~SD15", 0),
        (PrintLanguage.TSPL, b"CLS\r\nPRINT 2,3\r\n", 6),
        (PrintLanguage.TSPL, b'CLS\nTEXT 1,2,"3",0,1,1,"PRINT 9"\nPRINT 1\n', 1),
        (
            PrintLanguage.TSPL,
            b"CLS\r\nBITMAP 0,0,2,5,0,\nPRINT 9\n\r\nPRINT 1,1\r\nBITMAP 1,1,1,1,0,x\r\nPRINT 2\r\n",
            3,
        ),
        (PrintLanguage.TSPL, b"BITMAP 0,0,20,5,0,short\r\nPRINT 1,1\r\n", None),
        (PrintLanguage.TSPL, b"FOR I=1 TO 3\r\nPRINT 1\r\nNEXT\r\n", None),
        (PrintLanguage.EPL2, b'\nN\nA1,2,"P5"\nP2\n', 2),
        (PrintLanguage.EPL2, b"N\nGW0,0,1,4,\nP9\n\nP1\nN\nGW0,0,1,1,a\nP1,2\n", 3),
        (PrintLanguage.EPL2, b'FS"FORM"\nP1\nFE\n', None),
        (PrintLanguage.PDF, b"%PDF", None),
    ],
)
def test_labels_of_a_job(language: PrintLanguage, data: bytes, labels: int | None) -> None:
    assert labels_in(data, language) == labels


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_the_twin_hears_labels_and_questions_however_they_are_cut(step: int) -> None:
    data = b'~HS\r\n^XA^FDone^FS^XZ! U1 getvar "odometer.total_label_count"\r\n~HQES^XA^PQ2^XZ'
    tongue = tongue_of(PrintLanguage.ZPL)
    heard = [one for at in range(0, len(data), step) for one in tongue.take(data[at : at + step])]
    assert heard == [
        "status",
        HeardLabel(b"^XA^FDone^FS^XZ", 1),
        "count",
        "errors",
        HeardLabel(b"^XA^PQ2^XZ", 2),
    ]


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_a_picture_hides_no_command(step: int) -> None:
    label = b"CLS\r\nBITMAP 0,0,4,2,0,\x1b!?\nPRI\n\r\nPRINT 1\r\n"
    tongue = tongue_of(PrintLanguage.TSPL)
    assert [one for at in range(0, len(label), step) for one in tongue.take(label[at : at + step])] == [
        HeardLabel(label, 1)
    ]


def test_the_twin_prints_what_waited_when_it_has_paper_again() -> None:
    twin = PrinterTwin()
    twin.paper = 1
    tongue = twin.tongue()
    twin.hear(tongue, b"^XA^FDone^FS^PQ3^XZ")
    assert (twin.odometer, twin.status) == (1, PrinterStatus(PrinterState.PAPER_OUT, 2))
    twin.load_paper(10)
    assert (twin.odometer, twin.paper, twin.status) == (3, 8, READY)
    twin.become(TwinCondition.PAUSED)
    twin.hear(tongue, b"^XA^FDtwo^FS^XZ~JA")
    twin.become(TwinCondition.READY)
    assert twin.odometer == 3


class Chatter:
    """A line to something that is no printer: it talks without end."""

    tells_silence_from_absence = True

    def __init__(self) -> None:
        self.sent = b""

    def open(self) -> None: ...

    def send(self, data: bytes, seconds: float) -> None:
        self.sent += data

    def receive(self, seconds: float) -> bytes:
        return b"x" * 4096

    def under_way(self, count: int) -> float:
        return 0.0

    def finish(self, seconds: float) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("language", [PrintLanguage.ZPL, PrintLanguage.EPL2])
def test_what_talks_without_end_is_asked_and_tells_nothing(language: PrintLanguage) -> None:
    line = Chatter()
    status = conversation(language).ask(line, 600.0)
    assert status == PrinterStatus(PrinterState.UNKNOWN)
    assert line.sent in (zebra_status.ASK, epl_status.ASK)
