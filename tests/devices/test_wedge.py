"""Timing alone tells a scan from typing, and no key is lost, doubled or put out of order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.devices.wedge import Scanned, Typed, Verdict, WedgeDetector
from app.domain.keys import Key, KeyKind


def press(detector: WedgeDetector, text: str, gap: int, start: int = 1000) -> tuple[list[Verdict], int]:
    verdicts: list[Verdict] = []
    now = start
    for sign in text:
        kind = KeyKind.END if sign in "\r\t" else KeyKind.CHARACTER
        verdicts += detector.key(Key(sign, now, kind))
        now += gap
    return verdicts, now - gap


def typed(verdicts: list[Verdict]) -> str:
    return "".join(key.text for verdict in verdicts if isinstance(verdict, Typed) for key in verdict.keys)


def scans(verdicts: list[Verdict]) -> list[str]:
    return [verdict.text for verdict in verdicts if isinstance(verdict, Scanned)]


def test_a_scan_with_enter_comes_at_once() -> None:
    verdicts, _ = press(WedgeDetector(), "85123A\r", 3)
    assert verdicts == [Scanned("85123A", 1000, 1018)]


def test_tab_ends_too_and_the_gap_may_be_a_hundred() -> None:
    assert scans(press(WedgeDetector(), "T-0117\t", 100)[0]) == ["T-0117"]
    slow, _ = press(WedgeDetector(), "T-0117\t", 101)
    assert (scans(slow), typed(slow)) == ([], "T-0117\t")


def test_less_than_three_is_typing_and_its_enter_is_a_key() -> None:
    verdicts, _ = press(WedgeDetector(), "12\r", 5)
    assert (scans(verdicts), typed(verdicts)) == ([], "12\r")
    assert scans(press(WedgeDetector(), "123\r", 5)[0]) == ["123"]


def test_a_lone_enter_is_a_key() -> None:
    enter = Key("\r", 50, KeyKind.END)
    assert WedgeDetector().key(enter) == (Typed((enter,)),)


def test_the_second_end_of_a_scanner_is_no_key() -> None:
    detector = WedgeDetector()
    _, last = press(detector, "85123A\r", 3)
    assert detector.key(Key("\n", last + 3, KeyKind.END)) == ()
    after = Key("\r", last + 900, KeyKind.END)
    assert detector.key(after) == (Typed((after,)),)


def test_an_enter_well_after_a_scan_is_a_key() -> None:
    detector = WedgeDetector()
    _, last = press(detector, "85123A\r", 3)
    enter = Key("\r", last + 51, KeyKind.END)
    assert detector.key(enter) == (Typed((enter,)),)


def test_typing_is_given_back_in_order() -> None:
    detector = WedgeDetector()
    verdicts, last = press(detector, "cakestand", 160)
    assert detector.deadline == last + 100
    assert detector.tick(last + 100) == ()
    verdicts += detector.tick(last + 101)
    assert (scans(verdicts), typed(verdicts)) == ([], "cakestand")
    assert detector.deadline is None


def test_without_suffix_fifty_of_silence_end() -> None:
    detector = WedgeDetector(ends_with_key=False)
    _, last = press(detector, "85123A", 8)
    assert detector.deadline == last + 50
    assert detector.tick(last + 51) == (Scanned("85123A", 1000, last),)


def test_a_scanner_that_lost_its_suffix_is_known_by_its_speed() -> None:
    detector = WedgeDetector()
    _, last = press(detector, "85123A", 8)
    assert detector.tick(last + 101) == (Scanned("85123A", 1000, last),)
    _, last = press(detector, "quick", 60, start=9000)
    assert typed(list(detector.tick(last + 101))) == "quick"


def test_a_held_down_key_is_typing() -> None:
    detector = WedgeDetector()
    verdicts = list(detector.key(Key("a", 0)))
    for step in range(1, 9):
        verdicts += detector.key(Key("a", 30 * step, repeat=True))
    assert (scans(verdicts), typed(verdicts)) == ([], "a" * 9)


def test_a_doubled_character_of_a_fast_scanner_is_no_key_that_is_held_down() -> None:
    """X11 calls a key repeated when it is let go and pressed within one millisecond."""
    detector = WedgeDetector()
    verdicts: list[Verdict] = []
    for now, (sign, repeat) in enumerate([("1", False), ("0", False), ("0", True), ("0", True)], 1000):
        verdicts += detector.key(Key(sign, now, repeat=repeat))
    assert detector.key(Key("\r", 1004, KeyKind.END)) == (Scanned("1000", 1000, 1004),)
    assert verdicts == []


def test_shift_does_not_break_a_scan_and_an_arrow_does() -> None:
    shift = Key("", 1004, KeyKind.MODIFIER)
    detector = WedgeDetector()
    press(detector, "t", 4)
    assert detector.key(shift) == (Typed((shift,)),)
    assert scans(press(detector, "-0117\r", 4, start=1008)[0]) == ["t-0117"]
    arrow = Key("", 2004, KeyKind.OTHER)
    press(detector, "ab", 2, start=2000)
    assert typed(list(detector.key(arrow))) == "ab"


def test_a_separator_inside_a_scan_is_kept() -> None:
    assert scans(press(WedgeDetector(), "]C110AB\x1d21X1\r", 4)[0]) == ["]C110AB\x1d21X1"]


def test_twenty_scans_a_second_lose_nothing() -> None:
    detector = WedgeDetector()
    verdicts: list[Verdict] = []
    for number in range(200):
        verdicts += press(detector, f"{number:06d}\r", 3, start=number * 50)[0]
    assert scans(verdicts) == [f"{number:06d}" for number in range(200)]


def test_flush_gives_back_what_is_held() -> None:
    detector = WedgeDetector()
    press(detector, "ab", 5)
    assert typed(list(detector.flush())) == "ab"
    assert detector.flush() == ()


_keys = st.lists(st.tuples(st.sampled_from("aB1\r\t"), st.integers(0, 160), st.booleans()), max_size=60)


@given(_keys, st.booleans())
def test_no_key_is_lost_or_doubled(presses: list[tuple[str, int, bool]], ends_with_key: bool) -> None:
    detector = WedgeDetector(ends_with_key=ends_with_key)
    now, verdicts, pressed = 0, [], ""
    for sign, gap, repeat in presses:
        now += gap
        kind = KeyKind.END if sign in "\r\t" else KeyKind.CHARACTER
        pressed += sign
        verdicts += detector.key(Key(sign, now, kind, repeat))
    verdicts += detector.flush()
    came = "".join(v.text if isinstance(v, Scanned) else "".join(k.text for k in v.keys) for v in verdicts)
    without_ends = str.maketrans("", "", "\r\t")
    assert came.translate(without_ends) == pressed.translate(without_ends)
    assert all(len(text) >= 3 for text in scans(verdicts))
