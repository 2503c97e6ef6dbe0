"""Each language of scales: bytes as manuals of public scales show them, in any pieces, become the events they mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.scale_mt_sics import MtSics
from app.devices.scale_nci import Nci
from app.devices.scale_plain import PlainLines
from app.devices.scale_protocols import Answered, NoWeight, ScaleEvent, ScaleProtocol, Weighed
from app.devices.scale_toledo import Toledo8217
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

G, KG, LB, OZ, LB_OZ = WeightUnit
T = ScaleTrouble


def weighed(grams: int, unit: WeightUnit, *, stable: bool = True) -> tuple[int, WeightUnit, bool]:
    return grams, unit, stable


def short(event: ScaleEvent) -> object:
    if isinstance(event, Weighed):
        return event.grams, event.unit, event.stable
    return event.trouble if isinstance(event, NoWeight) else event.answer


def read(protocol: ScaleProtocol, data: bytes) -> list[object]:
    protocol.hello()
    return [short(event) for event in protocol.feed(data)]


# -- MT-SICS


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("S S     100.00 g", weighed(100, G)),
        ("S D      12.5 kg", weighed(12_500, KG, stable=False)),
        ("S S      -0.50 g", weighed(-1, G)),
        ("S S  1 lb  3.5 oz", weighed(553, LB_OZ)),
        ("SI S     1.5 lb", weighed(680, LB)),
        ("S I", T.NOT_READY),
        ("S +", T.OVERLOAD),
        ("S -", T.UNDERLOAD),
        ("S S      12.00 pcs", T.UNIT),
        ("S S      12.00", T.UNIT),
        ("S S", T.GARBLED),
        ("S S  1x0.00 g", T.GARBLED),
        ("ES", T.GARBLED),
        ("EL", T.GARBLED),
        ("Z A", ScaleAnswer.DONE),
        ("Z I", ScaleAnswer.IN_MOTION),
        ("Z +", ScaleAnswer.OUT_OF_RANGE),
        ("Z -", ScaleAnswer.OUT_OF_RANGE),
        ("ZI S", ScaleAnswer.DONE),
        ("ZI D", ScaleAnswer.DONE),
        ("T S     100.00 g", ScaleAnswer.DONE),
        ("T I", ScaleAnswer.IN_MOTION),
        ("T -", ScaleAnswer.OUT_OF_RANGE),
        ("TI D     100.00 g", ScaleAnswer.DONE),
        ("hello", T.GARBLED),
    ],
)
def test_mt_sics(line: str, event: object) -> None:
    assert read(MtSics(), line.encode() + b"\r\n") == [event]


def test_mt_sics_says_who_it_is_and_that_is_no_weight() -> None:
    assert read(MtSics(), b'I4 A "0123456789"\r\n') == []


def test_mt_sics_asks_once_or_each_time() -> None:
    assert (MtSics().hello(), MtSics().question()) == (b"", b"SI\r\n")
    assert (MtSics(continuous=True).hello(), MtSics(continuous=True).question()) == (b"SIR\r\n", b"")
    assert [MtSics().order(order) for order in ScaleOrder] == [b"Z\r\n", b"T\r\n"]


def test_mt_sics_errors_answer_the_order_that_was_given() -> None:
    protocol = MtSics()
    protocol.order(ScaleOrder.TARE)
    assert protocol.feed(b"ES\r\nES\r\n") == [Answered(ScaleAnswer.UNSUPPORTED), NoWeight(T.GARBLED, "ES")]


# -- NCI


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        (b"\n  1.234KG\r\n00\r\x03", weighed(1234, KG)),
        (b"\n  1.234kg\r\n00\x03", weighed(1234, KG)),
        (b"\n  1.234KG\r\n10\r\x03", weighed(1234, KG, stable=False)),
        (b"\n 002.50lb\r\n0p0\r\x03", weighed(1134, LB)),
        (b"\n-00.50oz\r\n20\r\x03", weighed(-14, OZ)),
        (b"\n 002.50lb\r\nS00\r\x03", weighed(1134, LB)),
        (b"\n 1lb  3.5oz\r\n00\r\x03", weighed(553, LB_OZ)),
        (b"\n^^^^^^lb\r\n02\r\x03", T.OVERLOAD),
        (b"\n^^^^^^lb\r\n00\r\x03", T.OVERLOAD),
        (b"\n______lb\r\n01\r\x03", T.UNDERLOAD),
        (b"\n------lb\r\n00\r\x03", T.NEEDS_ZERO),
        (b"\n  0.000kg\r\n0p8\r\x03", T.NEEDS_ZERO),
        (b"\n  1.234kg\r\n40\r\x03", T.FAULT),
        (b"\n  1.234kg\r\n08\r\x03", T.FAULT),
        (b"\n  1.234kg\r\n\x00\x00\r\x03", T.GARBLED),
        (b"\n  1.234kg\r\n0p\r\x03", T.GARBLED),
        (b"\n  1.234kg\r\nA0\r\x03", T.GARBLED),
        (b"\n  1.2\n  1.234kg\r\n00\r\x03", T.GARBLED),
        (b"kg\r\n00\r\x03", T.GARBLED),
        (b"\n  1.234 \r\n00\r\x03", T.UNIT),
        (b"\n?\r\x03", T.GARBLED),
        (b"\x03", T.GARBLED),
        (b"\n02\r\x03", T.OVERLOAD),
    ],
)
def test_nci(frame: bytes, event: object) -> None:
    assert read(Nci(), frame) == [event]
    assert read(Nci(), bytes(byte | 0x80 for byte in frame)) == [event]


def nci_answer(order: ScaleOrder, status: bytes) -> list[object]:
    protocol = Nci()
    protocol.order(order)
    return [short(event) for event in protocol.feed(b"\n" + status + b"\r\x03")]


def test_nci_answers_orders_with_its_status() -> None:
    assert nci_answer(ScaleOrder.ZERO, b"20") == [ScaleAnswer.DONE]
    assert nci_answer(ScaleOrder.ZERO, b"00") == [ScaleAnswer.OUT_OF_RANGE]
    assert nci_answer(ScaleOrder.ZERO, b"10") == [ScaleAnswer.IN_MOTION]
    assert nci_answer(ScaleOrder.TARE, b"02") == [ScaleAnswer.OUT_OF_RANGE]
    assert nci_answer(ScaleOrder.TARE, b"?") == [ScaleAnswer.UNSUPPORTED]
    assert nci_answer(ScaleOrder.TARE, b"00") == []
    assert (Nci().question(), Nci().order(ScaleOrder.ZERO), Nci().order(ScaleOrder.TARE)) == (b"W\r", b"Z\r", b"T\r")


# -- Toledo 8217


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        (b"\x0201.234\r", weighed(1234, KG)),
        (b"\x02 1.234N\r", weighed(1234, KG)),
        (b"\x02000000\r", weighed(0, KG)),
        (b"\x02?\x41\r", T.MOVING),
        (b"\x02?\x01\r", T.MOVING),
        (b"\x02?\x42\r", T.OVERLOAD),
        (b"\x02?\x44\r", T.UNDERLOAD),
        (b"\x02?\x48\r", T.NEEDS_ZERO),
        (b"\x02?\x70\r", T.NOT_READY),
        (b"\x0201.2\x0201.234\r", weighed(1234, KG)),
        (b"noise\x0201.234\r", weighed(1234, KG)),
        (b"\x0201.2a4\r", T.GARBLED),
        (b"\x02\r", T.GARBLED),
        (b"\x02??\x41\r", T.GARBLED),
    ],
)
def test_toledo(frame: bytes, event: object) -> None:
    assert read(Toledo8217(unit=KG), frame) == [event]
    even = bytes(byte | (0x80 if byte.bit_count() % 2 else 0) for byte in frame)
    assert read(Toledo8217(unit=KG), even) == [event]


def test_toledo_digits_count_the_unit_it_was_told() -> None:
    assert read(Toledo8217(unit=LB), b"\x0201.00\r") == [weighed(454, LB)]
    assert Toledo8217(unit=None).feed(b"\x0201.00\r") == [NoWeight(T.UNIT, "")]


def toledo_answer(order: ScaleOrder, answer: bytes) -> list[object]:
    protocol = Toledo8217(unit=KG)
    assert protocol.order(order) == {"zero": b"Z", "tare": b"T"}[order.value]
    return [short(event) for event in protocol.feed(answer)]


def test_toledo_answers_orders_with_its_status_or_not_at_all() -> None:
    assert toledo_answer(ScaleOrder.ZERO, b"\x02?\x50\r") == [ScaleAnswer.DONE]
    assert toledo_answer(ScaleOrder.ZERO, b"\x02?\x41\r") == [ScaleAnswer.IN_MOTION]
    assert toledo_answer(ScaleOrder.ZERO, b"\x02?\x48\r") == [ScaleAnswer.OUT_OF_RANGE]
    assert toledo_answer(ScaleOrder.TARE, b"\x02?\x60\r") == []
    assert toledo_answer(ScaleOrder.ZERO, b"\x0200.000\r") == [weighed(0, KG)]


# -- plain lines


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("ST,GS,+  1.234kg", weighed(1234, KG)),
        ("US,GS,+  1.200kg", weighed(1200, KG, stable=False)),
        ("ST,NT,-  0.500kg", weighed(-500, KG)),
        ("ST,+00123.45  g", weighed(123, G)),
        ("US,+00123.45  g", weighed(123, G, stable=False)),
        ("ST,GS,1,0,  1.234 kg", weighed(1234, KG)),
        ("OL,GS,+9999.99kg", T.OVERLOAD),
        ("OL,+9999999E+19", T.OVERLOAD),
        ("OL,-9999999E+19", T.UNDERLOAD),
        ("OL", T.OVERLOAD),
        ("-OL", T.UNDERLOAD),
        ("^^^^^^", T.OVERLOAD),
        ("______", T.UNDERLOAD),
        ("  1.234 kg", weighed(1234, KG, stable=False)),
        ("    12.5 lb ?", weighed(5670, LB, stable=False)),
        ("    12.5 oz   N", weighed(354, OZ, stable=False)),
        ("    12.5 g S", weighed(13, G)),
        ("1234.5 g ? G", weighed(1235, G, stable=False)),
        ("  1.234", T.UNIT),
        ("ST,GS,+  1.234", T.UNIT),
        ("  3 pcs", T.UNIT),
        ("EC,E01", T.GARBLED),
        ("ST,GS,+  1.2ST,GS,+  1.234kg", T.GARBLED),
        ("ready", T.GARBLED),
    ],
)
def test_plain(line: str, event: object) -> None:
    assert read(PlainLines(ask="Q"), line.encode() + b"\r\n") == [event]
    assert read(PlainLines(), b"0kg\r\n" + line.encode() + b"\n") == [event]


def test_bare_lines_are_steady_once_three_in_a_row_agree() -> None:
    lines = ["1.230 kg"] * 2 + ["1.234 kg"] * 4 + ["1.235 kg"]
    events = PlainLines(ask="P").feed("".join(f"  {line}\r\n" for line in lines).encode())
    assert [event.stable for event in events if isinstance(event, Weighed)] == [False] * 4 + [True, True, False]


def test_one_that_asks_needs_no_line_to_fall_into_step() -> None:
    assert (PlainLines(ask="Q").question(), PlainLines().question()) == (b"Q\r\n", b"")
    assert read(PlainLines(), b"34 kg\r\nST,+1.5 kg\r\n") == [weighed(1500, KG)]


# -- what holds of all of them

_GOOD: list[tuple[Callable[[], ScaleProtocol], list[bytes]]] = [
    (MtSics, [b"S S     100.00 g\r\n", b"S D      12.5 kg\r\n", b"S +\r\n", b"Z A\r\n"]),
    (Nci, [b"\n  1.234KG\r\n00\r\x03", b"\n^^^^^^lb\r\n02\r\x03", b"\n10\r\x03", b"\n  2.5oz\r\n10\r\x03"]),
    (lambda: Toledo8217(unit=KG), [b"\x0201.234\r", b"\x02?\x41\r", b"\x0200.000\r"]),
    (PlainLines, [b"ST,GS,+  1.234kg\r\n", b"US,GS,+  1.2kg\r\n", b"OL\r\n", b"  1.234 kg\r\n", b" 2 lb\r"]),
]


@given(st.sampled_from(_GOOD), st.data())
def test_pieces_change_nothing(which: tuple[Callable[[], ScaleProtocol], list[bytes]], data: st.DataObject) -> None:
    make, frames = which
    stream = b"".join(data.draw(st.lists(st.sampled_from(frames), max_size=8)))
    whole, pieces = make(), make()
    expected = whole.feed(stream)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    edges = [0, *cuts, len(stream)]
    assert [e for a, b in itertools.pairwise(edges) for e in pieces.feed(stream[a:b])] == expected


@given(st.sampled_from(_GOOD), st.lists(st.binary(max_size=60), max_size=8))
def test_any_bytes_are_taken(which: tuple[Callable[[], ScaleProtocol], list[bytes]], pieces: list[bytes]) -> None:
    protocol = which[0]()
    for piece in pieces:
        protocol.feed(piece)
    protocol.feed(b"\xff" * 1000)
    protocol.hello()
    assert protocol.feed(b"") == []
