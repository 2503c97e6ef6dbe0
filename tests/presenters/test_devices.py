"""The devices screen: live values, raw bytes, found devices, printers, and the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.device_ports import DeviceState
from app.domain.outcomes import Outcome, Result, Sound
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading
from app.presenters.device_watch import DeviceEvent, EventKind, EventLog, LastScan, SeenJob
from app.presenters.devices_codes import raw_bytes
from app.presenters.devices_state import Shown, Side, devices_state
from app.presenters.state.parts import Family
from tests.presenters.devices_bench import Bench, MakeBench, shown
from tests.presenters.devices_bench import bench as bench
from tests.presenters.devices_builders import (
    BADGE,
    CABLE,
    EVENTS,
    FOUND,
    GONE,
    LEAD,
    MONOTONIC,
    NOW,
    PAPER,
    PAPER_PRINTER,
    PRINTER,
    RAW,
    REFUSED,
    SCALE,
    SCANNER,
)


def test_a_scan_is_shown_byte_by_byte_as_it_arrived() -> None:
    assert [(b.digits, b.sign, b.control) for b in raw_bytes("]C\x1d\r\x7fé")] == [
        ("5D", "]", False), ("43", "C", False), ("1D", "GS", True), ("0D", "CR", True), ("7F", "DEL", True),
        ("C3", "·", False), ("A9", "·", False),
    ]  # fmt: skip
    card = shown(CABLE).cards[0]
    assert (card.head.title, card.title, card.when) == ("Ring 1", "Article number", "14:17:57, 9 ms")
    assert card.facts == (("AIM", "]C1"), ("GTIN", "05012345678900"), ("Lot", "L42"), ("Expires", "31 Mar 2026"))
    assert [b.sign for b in card.raw if b.control] == ["GS", "CR", "LF"]
    assert (len(card.raw), card.note) == (len(RAW), f"{len(RAW)} bytes arrived.")
    typed = shown(SCANNER).cards[0]
    assert ([b.sign for b in typed.raw if b.control], typed.note) == (["GS"], "33 characters typed.")


def test_each_scanner_has_its_card_and_says_what_is_wrong_with_it() -> None:
    cards = shown(CABLE, GONE, REFUSED).cards
    assert [card.head.title for card in cards] == ["Ring 1", "Scanner 3", "Scanner 4"]
    assert [card.trouble for card in cards] == [
        "",
        "It is gone. Plug it in: it goes on by itself.",
        "It is there and can't be used: Permission denied",
    ]
    assert cards[2].note == "Works for Bench 5."


def test_a_badge_is_never_shown(bench: MakeBench) -> None:
    state = shown(BADGE, SCANNER)
    assert "".join(b.sign for b in state.cards[0].raw) == "OP-" + "·" * 8
    assert state.cards[0].facts == ()
    assert [e.detail for e in state.log if e.title == "Simulated scanner read a code"] == ["Badge"]
    assert "BCDFGHJK" not in repr(state)
    german = replace(BADGE, scan=LastScan("OPßBCDFGHJK", NOW, None, "OPßBCDFGHJK\r".encode("latin-1")))
    assert (shown(german).cards[0].title, "BCDFGHJK" in repr(shown(german))) == ("Badge", False)


def test_the_scale_says_how_old_and_how_steady_it_is() -> None:
    card = shown(SCALE).cards[0]
    assert (card.value, card.unit, card.when) == ("1\u00a0794", "g", "0.2 s ago")
    assert card.head.chip is not None
    assert card.head.chip.words == "Steady"
    assert (min(card.trend), max(card.trend), len(card.trend)) == (0.0, 1.0, 15)
    assert card.note == "Lately 0 g to 1\u00a0810 g"
    old = replace(SCALE, reading=WeightReading(1794, True, MONOTONIC - 9.0))
    moving = replace(SCALE, reading=WeightReading(1794, False, MONOTONIC))
    chips = [card.head.chip.words for card in shown(old, moving).cards if card.head.chip]
    assert chips == ["Too old", "Moving"]
    assert shown(replace(SCALE, reading=None, recent=())).cards[0].title == "No reading yet"
    away = shown(replace(SCALE, state=DeviceState.DOWN)).cards[0]
    assert away.trouble == "The scale is gone. Plug it in: it goes on by itself."
    assert [(button.key, bool(button.reason)) for button in away.buttons] == [("Z", True), ("E", True)]


def test_a_printer_says_how_it_is_and_where_its_jobs_stand() -> None:
    card = shown(PAPER).cards[0]
    assert card.head.chip is not None
    assert (card.head.chip.words, card.head.chip.family) == ("Out of labels", Family.WARN)
    assert card.trouble == "Out of labels. Put a roll in and close it: it goes on by itself. Little ribbon left."
    assert [(job.number, job.words, job.chip.words) for job in card.jobs] == [
        ("88214", "Label #1043, parcel 1, Out of labels", "Waiting"),
        ("88213", "Label #1042, parcel 1", "Printed"),
        ("88212", "Label #1040, parcel 2", "Printed"),
    ]
    assert shown(PRINTER).cards[0].jobs[2].chip.words == "Reprinted"
    assert card.note == "ZPL, 203 dots an inch, 1 to print, 2 waiting in it, asked 1 s ago"
    doubt = replace(PRINTER, jobs=(SeenJob(1, "Label", PrintJobState.FAILED, NOW, "The line broke", doubtful=True),))
    chip = shown(doubt).cards[0].jobs[0].chip
    assert (chip.words, chip.family, chip.icon) == ("Came out?", Family.WARN, "question")
    assert shown(PAPER_PRINTER).cards[0].trouble == ""


def test_each_state_of_a_printer_says_what_to_do() -> None:
    for state in PrinterState:
        line = replace(PRINTER, printer=PrinterStatus(state))
        trouble = shown(line).cards[0].trouble
        assert (trouble == "") is (state in (PrinterState.READY, PrinterState.UNKNOWN)), state
        assert "devices_screen" not in trouble


def test_the_title_says_how_many_need_a_hand() -> None:
    assert (shown(SCANNER, PRINTER).chip.words, shown(SCANNER, PAPER).chip.words) == ("All well", "1 needs you")
    down = replace(PAPER, uri="sim:x", state=DeviceState.DOWN)
    assert shown(PAPER, down).chip.words == "2 need you"
    assert (shown().chip.words, shown().none) == ("None", "No devices yet. Plug one in and press F.")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("]d2PW-DEV", ["The whole code arrived", "Says what kind of code it is"]),
        ("PW-DEV\r", ["The whole code arrived", "Does not say what kind of code it is"]),
        ("PW/DEV", ["It types through another keyboard"]),
        ("PZ)DEV", ["It types through another keyboard"]),
        ("pw-dev", ["It types through another keyboard"]),
        ("85123A", []),
    ],
)
def test_a_test_scan_is_judged_by_what_arrived(raw: str, words: list[str]) -> None:
    state = shown(replace(SCANNER, scan=LastScan(raw, NOW)), BADGE)
    assert state.test.code == "PW-DEV"
    assert [check.words for check in state.test.checks] == words


def test_each_change_is_shown_while_the_screen_is_open(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    screen = made.open()
    made.watch.change(SCANNER, PAPER)
    assert len(made.state.cards) == 2
    before = len(made.states)
    screen.hide()
    made.watch.change(SCANNER)
    assert (len(made.states), made.watch.callbacks) == (before, [])


def test_devices_are_looked_for_every_two_seconds_while_the_screen_is_open(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    screen = made.open()
    assert (made.watch.looks, [seconds for seconds, _ in made.runner.timers]) == (1, [2.0])
    made.finder.found = FOUND
    made.runner.run_timers()
    assert (made.watch.looks, made.state.said) == (2, "3 devices found that are not used yet. Press F.")
    assert made.state.commands.commands[0].hint == "3 new"
    screen.hide()
    made.runner.run_timers()
    assert (made.watch.looks, made.runner.timers) == (2, [])


def test_what_the_operator_has_to_know_is_said_here_too(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    made.open().answered(Outcome(Result.REFUSED, "station.not_now", Sound.ATTENTION, {"reason": "It is gone."}))
    assert made.state.said == "It is gone."


def test_what_was_told_of_a_device_goes_once_it_is_back(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    gone, other = (
        Outcome(Result.REFUSED, "station.not_now", Sound.ATTENTION, {"reason": words})
        for words in ("The scale is gone.", "The scanner is gone.")
    )
    made.open().answered(gone)
    made.screen.over(other, None)
    assert made.state.said == "The scale is gone."
    made.screen.over(gone, other)
    assert made.state.said == "The scanner is gone."
    made.screen.over(other, None)
    assert (made.state.said, made.state.chip.words) == ("", "All well")


def test_the_log_keeps_a_thousand_events_newest_first() -> None:
    log = EventLog()
    for number in range(1003):
        log.note(DeviceEvent(NOW + timedelta(seconds=number), "Scanner", EventKind.SCANNED, str(number)))
    assert (len(log.events), log.events[0].detail, log.events[-1].detail) == (1000, "1002", "3")


def test_the_log_is_written_to_a_file(bench: MakeBench, tmp_path: Path) -> None:
    made: Bench = bench(SCANNER)
    made.watch.log.note(DeviceEvent(NOW, "Scanner", EventKind.SCANNED, "A\x1dB"))
    assert made.open().command("DV-EXPORT")
    (path,) = (tmp_path / "exports").iterdir()
    assert path.name == "devices-20261123-141800.txt"
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "scanner\tkeyboard:\tScanner\tready",
        "",
        "2026-11-23T14:18:00.000+00:00\tScanner\tscanned\tcode-1 plain length=3 shape=A<GS>A",
    ]
    assert made.state.said == f"Written to {path}"


def test_a_folder_that_can_not_be_made_is_said_and_changes_nothing(bench: MakeBench, tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("", encoding="utf-8")
    made: Bench = bench(SCANNER)
    assert made.open().command("DV-EXPORT")
    assert made.state.said.startswith("The file could not be written: ")


def test_the_side_shows_one_thing_at_a_time() -> None:
    state = devices_state((PRINTER,), EVENTS, LEAD, NOW, MONOTONIC, Shown(Side.PRINTER, printer=PRINTER.uri))
    assert state.panel is not None
    assert state.panel.head.title == "Printer"
    nothing = devices_state((SCANNER,), EVENTS, LEAD, NOW, MONOTONIC, Shown(Side.PRINTER))
    assert nothing.panel is None
    assert nothing.commands.commands[1].reason == "This station has no printer."


@pytest.mark.parametrize("sent", ["]d2DV-FIND", "dv-find\r", "DV-FIND"])
def test_a_code_off_the_screen_works_however_the_scanner_sends_it(bench: MakeBench, sent: str) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    assert made.open().command(sent)
    assert made.state.panel is not None
    assert made.screen.command("]d2PW-1\r")
    assert made.finder.tried == [FOUND[0].uses[0]]


def test_what_comes_in_after_the_screen_was_left_draws_nothing(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    screen = made.open()
    screen.hide()
    before = len(made.states)
    screen.refresh()
    screen.command("DV-EXPORT")
    made.runner.run_timers()
    assert len(made.states) == before
