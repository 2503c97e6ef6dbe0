"""The wedge learns how fast the scanner at hand types, within bounds, and undoes the computer's keyboard layout."""

from __future__ import annotations

import random

import pytest

from app.devices.opening import open_scanner
from app.devices.scanners import KeyboardScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import Scan
from app.domain.keyboard_layouts import Layout, as_seen
from app.domain.keys import Key, KeyKind
from tests.devices.test_wedge import press, scans, typed

PRINTABLE = "".join(map(chr, range(32, 127)))


def scan_often(detector: WedgeDetector, gap: int, times: int, start: int = 100_000) -> list[str]:
    seen: list[str] = []
    for number in range(times):
        verdicts, last = press(detector, f"85123A-{number}\r", gap, start)
        seen += scans(verdicts)
        start = last + 1000
    return seen


def test_a_fast_scanner_makes_quick_typing_typing() -> None:
    detector = WedgeDetector()
    assert scans(press(detector, "1250\r", 60)[0]) == ["1250"]
    detector = WedgeDetector()
    assert len(scan_often(detector, 4, 5)) == 5
    assert detector.gap_ms == 50
    quick, _ = press(detector, "1250\r", 60, 900_000)
    assert (scans(quick), typed(quick)) == ([], "1250\r")
    assert scan_often(detector, 4, 1, 950_000) == ["85123A-0"]


def test_a_slow_scanner_is_known_from_its_second_code_on() -> None:
    detector = WedgeDetector()
    assert scan_often(detector, 150, 3) == ["85123A-1", "85123A-2"]
    assert detector.gap_ms == 225


def test_a_slow_scanner_beside_a_fast_one_is_still_known() -> None:
    detector = WedgeDetector()
    scan_often(detector, 150, 2)
    assert len(scan_often(detector, 4, 8, 500_000)) == 8
    assert scan_often(detector, 150, 1, 900_000) == ["85123A-0"]


def test_it_forgets_a_slow_scanner_that_is_gone() -> None:
    detector = WedgeDetector()
    scan_often(detector, 150, 3)
    scan_often(detector, 4, 20, 500_000)
    assert detector.gap_ms == 50


@pytest.mark.parametrize("gap", [170, 250, 299])
def test_nothing_teaches_it_more_than_the_bound(gap: int) -> None:
    detector = WedgeDetector()
    assert scan_often(detector, gap, 4) == []
    assert detector.gap_ms == 100


@pytest.mark.parametrize("seed", range(20))
def test_no_hand_teaches_it_anything_and_after_a_slow_scanner_it_is_still_a_hand(seed: int) -> None:
    chance = random.Random(seed)
    for detector in (WedgeDetector(), WedgeDetector()):
        before = 100
        if seed % 2:
            scan_often(detector, 150, 2)
            before = 225
        now, verdicts = 900_000, []
        for sign in "thermos flask 500 ml\r":
            verdicts += detector.key(Key(sign, now, KeyKind.END if sign == "\r" else KeyKind.CHARACTER))
            now += chance.randint(105, 290)
        assert (scans(verdicts), typed(verdicts)) == ([], "thermos flask 500 ml\r")
        assert detector.gap_ms == before


def test_without_an_ending_key_a_slower_scanner_is_learned_too() -> None:
    detector = WedgeDetector(ends_with_key=False)
    start = 1000
    found: list[str] = []
    for _ in range(3):
        verdicts, last = press(detector, "85123A-77", 70, start)
        found += scans([*verdicts, *detector.tick(last + 200)])
        start = last + 2000
    assert found == ["85123A-77"] * 2
    assert detector.gap_ms == 110


def scanned(uri: str, shown: str) -> str:
    scanner = open_scanner(uri, IdMaker(), utc_now)
    assert isinstance(scanner, KeyboardScanner)
    seen: list[Scan] = []
    scanner.start(seen.append)
    for number, sign in enumerate(shown):
        assert scanner.key(Key(sign, number * 4)) == ()
    scanner.key(Key("\r", len(shown) * 4, KeyKind.END))
    assert len(seen) == 1
    return seen[0].raw


@pytest.mark.parametrize("layout", list(Layout))
def test_each_layout_is_undone_for_every_sign_that_it_shows(layout: Layout) -> None:
    lost = "~" if layout is Layout.FR else ""  # shift and the key beside 1 show nothing there
    sent = "".join(sign for sign in PRINTABLE if sign not in lost)
    # One by one between letters without accents: what an accent joins is told apart by the doctor of scanners.
    for sign in sent:
        assert scanned(f"keyboard:?layout={layout}", as_seen(layout, f"k{sign}kk")) == f"k{sign}kk"


@pytest.mark.parametrize("layout", list(Layout))
def test_our_own_codes_and_those_of_articles_come_whole(layout: Layout) -> None:
    for text in ("PW-OK", "OP-BCDF", "T-0117", "A-01-02-3", "#1042", "4006381333931", "85123A", "O-CMD.MAIN-MENU"):
        assert scanned(f"keyboard:?layout={layout}&scanner=us", as_seen(layout, text)) == text


def test_a_scanner_of_another_country_on_a_computer_of_a_third() -> None:
    # A German scanner presses for Z the key that is Y on a British computer, and for its - the key with the /.
    assert scanned("keyboard:?layout=uk&scanner=de", "Y/1") == "Z-1"
    assert scanned("keyboard:?layout=de&scanner=de", "Z-1") == "Z-1"


def test_prefix_substitute_and_letters_of_a_wedge() -> None:
    assert scanned("keyboard:?prefix=%23&fnc1=~&case=swap", "#]c110lot~21sn") == "]C110LOT\x1d21SN"
    assert scanned("keyboard:?layout=de&fnc1=~", as_seen(Layout.DE, "]C110LOT~21SN")) == "]C110LOT\x1d21SN"
