"""The devices screen: live values, raw bytes, a test scan that is judged by what arrived, and the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.device_ports import DeviceState
from app.domain.weights import WeightReading
from app.presenters.device_watch import DeviceEvent, DeviceLine, EventKind, LastScan
from app.presenters.devices import DevicesPresenter, devices_state, export_text
from app.presenters.devices_parts import raw_bytes
from app.presenters.state import devices
from app.presenters.state.parts import Family
from tests.presenters.devices_builders import (
    BADGE,
    EVENTS,
    FOUND,
    MONOTONIC,
    NOW,
    PAPER,
    PRINTER,
    SCALE,
    SCANNER,
    ZONE,
    Watch,
)


def shown(*lines: DeviceLine, events: tuple[DeviceEvent, ...] = EVENTS) -> devices.Devices:
    return devices_state(lines, events, NOW, MONOTONIC, station="Bench 4", zone=ZONE)


def presenter(
    watch: Watch, tmp_path: Path, on_state: Callable[[devices.Devices], None] = lambda _: None
) -> DevicesPresenter:
    return DevicesPresenter(
        watch, on_state, station="Bench 4", zone=ZONE, clock=lambda: NOW, monotonic=lambda: MONOTONIC, exports=tmp_path
    )


def test_a_scan_is_shown_byte_by_byte_with_its_control_characters_by_name() -> None:
    assert [(b.digits, b.sign, b.control) for b in raw_bytes("]C\x1d\r\x7fé")] == [
        ("5D", "]", False), ("43", "C", False), ("1D", "GS", True), ("0D", "CR", True), ("7F", "DEL", True),
        ("C3", "·", False), ("A9", "·", False),
    ]  # fmt: skip
    card = shown(SCANNER).cards[0]
    assert (card.title, card.when) == ("Article number", "14:17:52, 21 ms")
    assert card.facts == (("AIM", "]C1"), ("GTIN", "05012345678900"), ("Lot", "L42"), ("Expires", "31 Mar 2026"))
    assert [b.sign for b in card.raw if b.control] == ["GS"]


def test_a_badge_is_never_shown_or_written_out(tmp_path: Path) -> None:
    state = shown(BADGE, SCANNER)
    assert "".join(b.sign for b in state.cards[0].raw) == "OP-" + "·" * 8
    assert state.cards[0].facts == ()
    assert [e.detail for e in state.log if e.title == "Simulated scanner read a code"] == ["Badge"]
    assert "BCDFGHJK" not in repr(state)
    assert "BCDFGHJK" not in export_text((BADGE,), EVENTS, ZONE)


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


def test_a_printer_says_how_it_is_and_where_its_jobs_stand() -> None:
    card = shown(PAPER).cards[0]
    assert card.head.chip is not None
    assert (card.head.chip.words, card.head.chip.family) == ("Out of labels", Family.WARN)
    assert [(job.number, job.words, job.chip.words) for job in card.jobs] == [
        ("88214", "Label #1043, parcel 1, Out of labels", "Waiting"),
        ("88213", "Label #1042, parcel 1", "Printed"),
        ("88212", "Label #1040, parcel 2", "Printed"),
    ]
    assert shown(PRINTER).cards[0].jobs[2].chip.words == "Reprinted"
    assert card.note == "ZPL, 203 dots an inch, 2 waiting in it"


def test_the_title_says_how_many_need_a_hand() -> None:
    assert (shown(SCANNER, PRINTER).chip.words, shown(SCANNER, PAPER).chip.words) == ("All well", "1 needs you")
    down = replace(PAPER, uri="sim:x", state=DeviceState.DOWN)
    assert shown(PAPER, down, replace(FOUND, state=DeviceState.DOWN)).chip.words == "2 needs you"
    assert (shown().chip.words, shown().none) == ("None", "No devices yet. Name them in Office, Settings.")


def test_what_this_build_lacks_is_disabled_with_the_reason() -> None:
    state = shown(SCANNER)
    assert (state.doctor.code, state.doctor.key, state.doctor.reason) == ("PW-DOCTOR", "D", "")
    assert [(b.words, b.reason) for b in state.buttons] == [("Find devices", "Serial and USB devices come later")]
    assert shown(SCANNER, events=()).export.reason == "Nothing happened yet"


def test_found_devices_are_shown_as_such_and_print_nothing() -> None:
    card = shown(PRINTER, FOUND).cards[1]
    assert card.head.chip is not None
    assert card.head.chip.words == "Found, not used"
    assert card.buttons[0].reason == "No printer"


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


def test_each_change_is_shown_while_the_screen_is_open(tmp_path: Path) -> None:
    watch, seen = Watch(SCANNER), []
    screen = presenter(watch, tmp_path, seen.append)
    screen.show()
    watch.change(SCANNER, PAPER)
    assert [len(state.cards) for state in seen] == [1, 2]
    screen.hide()
    watch.change(SCANNER)
    assert (len(seen), watch.callbacks) == (2, [])


def test_a_test_print_goes_to_the_printer_that_was_pressed_or_to_the_first(tmp_path: Path) -> None:
    other = replace(PRINTER, uri="sim:slips", name="Slip printer")
    watch = Watch(SCANNER, PRINTER, other)
    screen = presenter(watch, tmp_path)
    buttons = [button for card in screen.state().cards for button in card.buttons]
    assert [button.key for button in buttons] == ["T", ""]
    assert screen.command(buttons[1].code)
    assert screen.command("PW-TEST")
    assert watch.tested == ["sim:slips", PRINTER.uri]
    assert screen.state().said == "A test label goes to Label printer."
    assert not screen.command("PW-CLOSE")
    nothing = Watch(SCANNER)
    screen = presenter(nothing, tmp_path)
    assert screen.command("PW-TEST")
    assert (nothing.tested, screen.state().said) == ([], "This station has no printer.")


def test_the_log_is_bounded_and_newest_first() -> None:
    watch = Watch(SCANNER)
    for number in range(8):
        watch.log.note(DeviceEvent(NOW, "Scanner", EventKind.SCANNED, str(number)))
    assert [event.detail for event in watch.events()] == ["7", "6", "5", "4", "3"]


def test_the_log_is_written_to_a_file(tmp_path: Path) -> None:
    watch = Watch(SCANNER)
    watch.log.note(DeviceEvent(NOW, "Scanner", EventKind.SCANNED, "A\x1dB"))
    screen = presenter(watch, tmp_path / "logs")
    assert screen.command("devices:export")
    (path,) = (tmp_path / "logs").iterdir()
    assert path.name == "devices-20261123-141800.txt"
    assert path.read_text(encoding="utf-8") == (
        "scanner\tkeyboard:\tScanner\tready\n\n2026-11-23T14:18:00.000+00:00\tScanner\tscanned\tA<GS>B\n"
    )
    assert screen.state().said == f"Written to {path}"


def test_a_folder_that_can_not_be_made_is_said_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    screen = presenter(Watch(SCANNER), tmp_path / "file" / "logs")
    assert screen.command("devices:export")
    assert screen.state().said.startswith("The file could not be written: ")
