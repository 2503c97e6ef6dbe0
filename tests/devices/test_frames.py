"""Bytes in pieces become codes: every way in which scanners end them, and what is no code."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.frames import Code, Ends, Frame, Framer, Framing, Loss, Lost, parity_of
from app.devices.reading import Case, Reading, is_code_page
from app.devices.simulated.scanner import SentAs
from app.domain.barcodes import read_code

SUFFIXES = {
    Ends.CR: b"\r",
    Ends.LF: b"\n",
    Ends.CRLF: b"\r\n",
    Ends.TAB: b"\t",
    Ends.ETX: b"\x03",
    Ends.STX_ETX: b"\x03",
}


def feed(framer: Framer, *pieces: bytes, now: float = 1.0) -> list[Frame]:
    return [frame for piece in pieces for frame in framer.feed(piece, now)]


def bodies(frames: list[Frame]) -> list[bytes]:
    return [frame.body for frame in frames if isinstance(frame, Code)]


def losses(frames: list[Frame]) -> list[tuple[Loss, bytes]]:
    return [(frame.why, frame.data) for frame in frames if isinstance(frame, Lost)]


@pytest.mark.parametrize("ends", SUFFIXES)
def test_each_suffix_by_its_setting_and_all_but_a_frame_by_any(ends: Ends) -> None:
    start = b"\x02" if ends is Ends.STX_ETX else b""
    sent = b"".join(start + code + SUFFIXES[ends] for code in (b"T-0117", b"85123A", b"T-0117"))
    expected = [b"T-0117", b"85123A", b"T-0117"]
    assert bodies(feed(Framer(Framing(ends)), sent)) == expected
    assert bodies(feed(Framer(), sent)) == expected
    assert bodies(feed(Framer(Framing(ends)), *(sent[at : at + 1] for at in range(len(sent))))) == expected


@pytest.mark.parametrize("ends", [Ends.CR, Ends.LINE, Ends.ANY])
def test_cr_and_lf_behind_one_code_are_one_end(ends: Ends) -> None:
    framer = Framer(Framing(ends))
    frames = feed(framer, b"85123A\r\n22727\r\n")
    assert bodies(frames) == [b"85123A", b"22727"]
    assert framer.tick(99.0) == []


def test_the_bytes_as_they_arrived_come_along() -> None:
    assert feed(Framer(), b"\x02]C10112\x03") == [Code(b"]C10112", b"\x02]C10112\x03")]


def test_a_silence_ends_codes_that_nothing_else_ends() -> None:
    framer = Framer(Framing(Ends.NONE, 0.05))
    assert feed(framer, b"851", b"23A", now=1.0) == []
    assert framer.deadline == pytest.approx(1.05)
    assert framer.tick(1.04) == []
    assert framer.tick(1.05) == [Code(b"85123A", b"85123A")]
    assert (framer.deadline, framer.tick(9.0)) == (None, [])
    feed(framer, b"22727", now=10.0)
    assert feed(framer, b"22728", now=11.0) == [Code(b"22727", b"22727")]


def test_half_a_code_is_given_up_and_never_glued_to_the_next() -> None:
    framer = Framer(Framing(Ends.CR, 0.3))
    assert feed(framer, b"8512", now=1.0) == []
    assert feed(framer, b"22727\r", now=1.4) == [Lost(Loss.UNFINISHED, b"8512"), Code(b"22727", b"22727\r")]
    feed(framer, b"8512", now=2.0)
    assert framer.tick(2.31) == [Lost(Loss.UNFINISHED, b"8512")]
    assert framer.deadline is None


def test_a_short_pause_inside_a_code_does_no_harm() -> None:
    framer = Framer(Framing(Ends.CR, 0.3))
    assert feed(framer, b"8512", now=1.0) == []
    assert bodies(feed(framer, b"3A\r", now=1.2)) == [b"85123A"]


def test_what_stands_outside_of_a_frame_is_a_loss() -> None:
    framer = Framer(Framing(Ends.STX_ETX))
    frames = feed(framer, b"3A\x03\r\n\x0285\x0222727\x03\r\n")
    assert losses(frames) == [(Loss.OUTSIDE, b"3A\x03"), (Loss.OUTSIDE, b"\r\n\x0285")]
    assert bodies(frames) == [b"22727"]


@pytest.mark.parametrize("ends", [Ends.CR, Ends.STX_ETX])
def test_no_code_is_longer_than_the_limit_and_the_next_one_comes(ends: Ends) -> None:
    start, end = (b"\x02", b"\x03") if ends is Ends.STX_ETX else (b"", b"\r")
    framing = Framing(ends, longest=100)
    sent = start + b"x" * 100_000 + end + start + b"85123A" + end
    whole = feed(Framer(framing), sent)
    cut = feed(Framer(framing), *(sent[at : at + 37] for at in range(0, len(sent), 37)))
    for frames in (whole, cut):
        assert [why for why, _ in losses(frames)] == [Loss.TOO_LONG]
        assert all(len(data) <= 100 for _, data in losses(frames))
        assert bodies(frames) == [b"85123A"]


def test_a_stream_without_end_keeps_no_memory() -> None:
    framer = Framer(Framing(Ends.CR, longest=100))
    frames = feed(framer, *[b"z" * 1000] * 1000)
    assert len(frames) == 1
    assert len(framer._held) <= 100
    assert feed(framer, b"rest\r85123A\r") == [Code(b"85123A", b"85123A\r")]


def test_pulled_in_the_middle_is_a_loss_and_line_ends_are_not() -> None:
    framer = Framer()
    feed(framer, b"85123A\r\n851")
    assert framer.flush(Loss.UNPLUGGED) == [Lost(Loss.UNPLUGGED, b"851")]
    feed(framer, b"\0\n")
    assert framer.flush(Loss.UNPLUGGED) == []


def test_a_wrong_parity_is_called_that() -> None:
    even, odd = (SentAs(parity=parity).bytes_of("T-0117/85123A") for parity in ("even", "odd"))
    framer = Framer()
    feed(framer, even)
    assert framer.tick(9.0) == [Lost(Loss.PARITY, even)]
    assert (parity_of(even), parity_of(odd)) == ("even", "odd")
    # With odd parity CR looks like CR: the text is spoiled, and nobody knows it.
    assert feed(framer, odd) == [Code(odd[:-1], odd)]
    assert parity_of(b"T-0117/85123A\r") is None
    assert parity_of("Zażółć gęślą jaźń".encode()) is None


_code = st.binary(min_size=1, max_size=12).map(lambda each: each.translate(None, b"\0\x02\x03\t\n\r") or b"x")


@st.composite
def _cut_bytes(draw: st.DrawFn) -> tuple[Ends, list[bytes], list[bytes]]:
    ends = draw(st.sampled_from(sorted(SUFFIXES)))
    codes = draw(st.lists(_code, max_size=8))
    start = b"\x02" if ends is Ends.STX_ETX else b""
    sent = b"".join(start + code + SUFFIXES[ends] for code in codes)
    cuts = sorted(draw(st.lists(st.integers(0, len(sent)), max_size=12)))
    edges = [0, *cuts, len(sent)]
    return ends, codes, [sent[a:b] for a, b in itertools.pairwise(edges)]


@given(_cut_bytes())
def test_any_cut_of_the_same_bytes_gives_the_same_codes(cut: tuple[Ends, list[bytes], list[bytes]]) -> None:
    ends, codes, pieces = cut
    frames = feed(Framer(Framing(ends)), *pieces)
    assert bodies(frames) == codes
    assert losses(frames) == []


@given(
    st.sampled_from(list(Ends)),
    st.lists(st.lists(st.sampled_from([b"a", b"1", b"\r", b"\n", b"\t", b"\x02", b"\x03", b"\xff"])), max_size=6),
    st.lists(st.integers(0, 30), max_size=6),
)
def test_any_cut_of_any_bytes_gives_the_same_frames(ends: Ends, signs: list[list[bytes]], cuts: list[int]) -> None:
    sent = b"".join(b"".join(group) for group in signs)[:60]
    edges = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    whole, pieces = Framer(Framing(ends, longest=5)), Framer(Framing(ends, longest=5))
    first = feed(whole, sent) + whole.tick(9.0)
    second = feed(pieces, *(sent[a:b] for a, b in itertools.pairwise(edges))) + pieces.tick(9.0)
    assert bodies(first) == bodies(second)
    assert len(losses(first)) == len(losses(second))


@pytest.mark.parametrize(("fnc1", "setting"), [(b"\x1d", None), (b"~", "~"), (b"{GS}", "{GS}"), (b"\x1d", "~")])
@pytest.mark.parametrize("aim", ["", "]C1", "]d2"])
def test_whatever_stands_for_fnc1_the_lot_and_the_serial_are_found(fnc1: bytes, setting: str | None, aim: str) -> None:
    sent = SentAs(fnc1=fnc1, aim=aim, suffix=b"").bytes_of("010400638133393110LOT~7\x1d21SN42")
    text = Reading(fnc1=setting).text(sent.replace(b"~7", b"-7"))
    code = read_code(text)
    assert (code.gtin, code.lot, code.serial) == ("04006381333931", "LOT-7", "SN42")
    assert code.symbology == (aim or None)


def test_a_substitute_for_fnc1_is_left_alone_where_it_is_none() -> None:
    reading = Reading(fnc1="~")
    assert reading.clean("https://example.com/~shop/01/04006381333931") == "https://example.com/~shop/01/04006381333931"
    assert reading.clean("A~B") == "A~B"
    assert reading.clean("]E0~1") == "]E0~1"
    assert reading.clean("~0104006381333931") == "\x1d0104006381333931"


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("utf-8", "Größe 5".encode(), "Größe 5"),
        ("utf-8", b"Gr\xf6\xdfe 5", "Größe 5"),
        ("latin-1", b"Gr\xf6\xdfe 5", "Größe 5"),
        ("cp1252", b"5\x80", "5€"),
        ("cp437", b"Gr\x94\xe1e", "Größe"),
        ("cp1250", b"Za\xbf\xf3\xb3\xe6", "Zażółć"),
        ("cp1252", b"\x81", "\x81"),
        ("shift_jis", b"\x93\xfa\x96{", "日本"),
    ],
)
def test_code_pages(encoding: str, data: bytes, text: str) -> None:
    assert Reading(encoding).text(data) == text


def test_only_code_pages_that_hold_ascii() -> None:
    assert all(map(is_code_page, ("utf-8", "latin-1", "cp1252", "cp437", "cp852", "iso8859-2", "gb18030")))
    assert not any(map(is_code_page, ("utf-16", "cp037", "rot13", "base64", "no-such", "")))


def test_a_prefix_is_dropped_and_the_aim_identifier_behind_it_is_kept() -> None:
    reading = Reading(prefix="#>")
    assert reading.clean("#>]C110LOT") == "]C110LOT"
    assert reading.clean("]C110LOT") == "]C110LOT"


@pytest.mark.parametrize(
    ("case", "text"), [(Case.KEEP, "Ab-1"), (Case.SWAP, "aB-1"), (Case.UPPER, "AB-1"), (Case.LOWER, "ab-1")]
)
def test_letters(case: Case, text: str) -> None:
    assert Reading(case=case).clean("Ab-1") == text
