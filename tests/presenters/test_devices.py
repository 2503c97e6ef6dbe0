"""The devices screen: live values, raw bytes, found devices, printers, and the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.device_ports import DeviceState
from app.domain.outcomes import Outcome, Result, Sound
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleOrder
from app.domain.states import PrintJobState, Role
from app.domain.weights import WeightReading
from app.models.database import Database
from app.models.people import Station
from app.presenters.device_setup import DeviceSetup
from app.presenters.device_watch import DeviceEvent, DeviceLine, EventKind, EventLog, LastScan, PrinterOrder, SeenJob
from app.presenters.devices import DevicesPresenter
from app.presenters.devices_codes import raw_bytes
from app.presenters.devices_state import Shown, Side, devices_state
from app.presenters.found_devices import FoundDevice, FoundUse, Tried, Use
from app.presenters.runner import AtOnce
from app.presenters.state import devices
from app.presenters.state.parts import Family
from app.presenters.station_info import StationInfo
from app.services.setup import NewWarehouse, first_run
from tests.presenters.devices_builders import (
    BADGE,
    BENCH,
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
    Finder,
    Watch,
)


def shown(*lines: DeviceLine, events: tuple[DeviceEvent, ...] = EVENTS) -> devices.Devices:
    return devices_state(lines, events, LEAD, NOW, MONOTONIC, Shown())


class Bench:
    """A devices screen over a real database, with devices that a test sets."""

    def __init__(self, database: Database, folder: Path, *lines: DeviceLine, found: tuple[FoundDevice, ...] = ()):
        made = database.write(
            lambda session: first_run(session, NOW, NewWarehouse("MAIN", "Main"), "Anna Lindqvist", "Bench 4")
        )
        self.database, self.station_id = database, made.station_id
        self.watch, self.finder, self.runner = Watch(*lines), Finder(*found), AtOnce()
        self.applied: list[dict[str, object]] = []
        self.states: list[devices.Devices] = []
        uris = {Use.SCANNER: "keyboard:", Use.SCALE: "", Use.LABELS: "sim:", Use.PAPER: ""}
        setup = DeviceSetup(self.finder, self.watch, database, self.runner, lambda: NOW, self.applied.append, uris)
        self.screen = DevicesPresenter(
            self.watch,
            setup,
            self.runner,
            self.states.append,
            station=self.as_role(Role.LEAD),
            clock=lambda: NOW,
            monotonic=lambda: MONOTONIC,
            exports=folder,
        )

    def as_role(self, role: Role) -> StationInfo:
        return replace(BENCH, station_id=self.station_id, warehouse_id=1, operator_id=1, role=role)

    def open(self, role: Role = Role.LEAD) -> DevicesPresenter:
        self.screen.show(self.as_role(role))
        return self.screen

    @property
    def state(self) -> devices.Devices:
        return self.states[-1]

    def kept(self) -> dict[str, object]:
        return self.database.read(lambda session: session.get_one(Station, self.station_id).settings)


MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> MakeBench:
    return lambda *lines, found=(): Bench(database, tmp_path / "exports", *lines, found=found)


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


def test_found_devices_have_a_digit_for_each_thing_that_they_could_be(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, PRINTER, found=FOUND)
    made.open().command("DV-FIND")
    panel = made.state.panel
    assert panel is not None
    assert [(part.title, [(c.key, c.code, c.words) for c in part.choices]) for part in panel.sections] == [
        ("Zebra ZD420", [("1", "PW-1", "Label printer")]),
        ("USB Serial", [("2", "PW-2", "Scanner"), ("3", "PW-3", "Scale"), ("4", "PW-4", "Label printer")]),
        ("Honeywell 1950", []),
    ]
    assert "sudo usermod -aG dialout" in panel.sections[2].detail
    assert made.screen.command("PW-BACK")
    assert made.state.panel is None
    assert not made.screen.command("PW-BACK")
    assert not made.screen.command("PW-1")


def test_one_key_tries_a_device_keeps_it_and_uses_it(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    made.open().command("DV-FIND")
    made.screen.command("PW-3")
    assert made.finder.tried == [FOUND[1].uses[1]]
    assert made.kept()["scale"] == "serial:///dev/ttyUSB0?protocol=nci"
    assert made.applied == [{"scale": "serial:///dev/ttyUSB0?protocol=nci"}]
    event = made.watch.log.events[0]
    assert (event.device, event.kind) == ("Scale", EventKind.SET_UP)
    made.screen.hide()
    made.screen.show()  # the station was put together anew
    assert made.state.said == "Scale is set up: serial:///dev/ttyUSB0?protocol=nci"


def test_a_scanner_is_added_to_those_that_are_there(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    made.finder.answer = Tried("serial:///dev/ttyUSB0", "It opened.")
    made.open().command("DV-FIND")
    made.screen.command("PW-2")
    assert made.kept()["scanner"] == "keyboard: serial:///dev/ttyUSB0"


def test_a_device_that_does_not_answer_is_not_kept(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    made.finder.answer = Tried("", "No weight came from it.")
    made.open().command("DV-FIND")
    made.screen.command("PW-3")
    assert (made.state.said, made.applied, made.kept()) == ("No weight came from it.", [], {})
    made.screen.command("PW-9")
    assert made.state.said == "No device stands behind that number."


def test_what_is_tried_for_long_says_how_far_it_is_and_is_stopped_by_a_key(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    made.finder.slow = True
    made.open().command("DV-FIND")
    made.screen.command("PW-3")
    assert made.state.said == "Trying it in nci at 2400 baud. Esc stops."
    made.screen.command("PW-2")
    assert made.state.said == "Another device is still being tried. Wait a moment."
    made.screen.command("PW-BACK")
    assert (made.state.said, made.kept()) == ("Stopped. Nothing was changed.", {})
    assert made.state.panel is not None, "found devices are still shown"
    made.screen.command("PW-BACK")
    assert made.state.panel is None


def test_only_a_lead_sets_devices_up(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, found=FOUND)
    made.open(Role.PACKER).command("DV-FIND")
    panel = made.state.panel
    assert panel is not None
    assert {c.reason for part in panel.sections for c in part.choices} == {"For a lead or an administrator"}
    made.screen.command("PW-1")
    assert (made.state.said, made.finder.tried) == ("For a lead or an administrator", [])


def test_more_devices_than_digits_stand_on_pages(bench: MakeBench) -> None:
    many = tuple(
        FoundDevice(f"Port {n}", "Serial port", tuple(FoundUse(use, f"serial://p{n}") for use in list(Use)[:3]))
        for n in range(4)
    )
    made: Bench = bench(SCANNER, found=many)
    made.open().command("DV-FIND")
    titles = []
    for _ in range(3):
        assert made.state.panel is not None
        titles.append([part.title for part in made.state.panel.sections])
        made.screen.command("DV-NEXT")
    assert titles == [["Port 0", "Port 1", "Port 2"], ["Port 3"], ["Port 0", "Port 1", "Port 2"]]
    made.screen.command("PW-1")
    assert made.finder.tried[-1].uri == "serial://p3"


def test_nothing_found_is_said_with_what_to_do(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER)
    made.open().command("DV-FIND")
    panel = made.state.panel
    assert panel is not None
    assert panel.sections[0].title == "Nothing new found"
    assert "Office, Settings" in panel.sections[0].detail


def test_keys_and_codes_tell_the_chosen_printer(bench: MakeBench) -> None:
    made: Bench = bench(SCANNER, PRINTER, PAPER_PRINTER)
    screen = made.open()
    assert screen.command("PW-TEST")
    made.screen.command("devices:next")
    made.screen.command("devices:next")
    made.screen.command("PW-NEXT")
    assert [card.chosen for card in made.state.cards] == [False, False, True]
    screen.command("PW-TEST")
    assert made.watch.printer_orders == [(PRINTER.uri, PrinterOrder.TEST), (PAPER_PRINTER.uri, PrinterOrder.TEST)]
    assert made.state.said == "Test label: asked of Paper printer."
    screen.command("PW-REPRINT")
    assert made.state.said == "Nothing printed yet"


def test_the_panel_of_a_printer_has_all_that_it_can_be_told(bench: MakeBench) -> None:
    made: Bench = bench(PRINTER)
    made.open().command("DV-PRINTER")
    panel = made.state.panel
    assert panel is not None
    assert [(c.key, c.words, c.detail, c.reason) for c in panel.sections[0].choices] == [
        ("1", "Test label", "", ""),
        ("2", "Reprint last", "", ""),
        ("3", "Feed", "", ""),
        ("4", "Darker", "to 16 of 30", ""),
        ("5", "Lighter", "to 14 of 30", ""),
        ("6", "Faster", "to 7 of 14", ""),
        ("7", "Slower", "to 5 of 14", ""),
        ("8", "Calibrate", "", ""),
        ("9", "Print its settings", "", ""),
        ("0", "Clear waiting", "0 to print", "Nothing waits"),
    ]
    for code in ("PW-3", "PW-4", "PW-8", "PW-0"):
        made.screen.command(code)
    assert [order for _, order in made.watch.printer_orders] == [
        PrinterOrder.FEED, PrinterOrder.DARKER, PrinterOrder.CALIBRATE,
    ]  # fmt: skip
    assert made.state.said == "Nothing waits"


def test_a_packer_tests_and_a_lead_sets_the_printer(bench: MakeBench) -> None:
    made: Bench = bench(PAPER)
    made.open(Role.PACKER).command("DV-PRINTER")
    panel = made.state.panel
    assert panel is not None
    allowed = [c.words for c in panel.sections[0].choices if not c.reason]
    assert allowed == ["Test label", "Reprint last", "Feed", "Print its settings"]
    made.screen.command("PW-8")
    assert (made.state.said, made.watch.printer_orders) == ("For a lead or an administrator", [])


def test_a_language_without_a_command_says_so(bench: MakeBench) -> None:
    made: Bench = bench(PAPER_PRINTER)
    made.open().command("DV-PRINTER")
    panel = made.state.panel
    assert panel is not None
    why = {c.words: c.reason for c in panel.sections[0].choices}
    assert why["Calibrate"] == why["Darker"] == "PDF can't do that"
    assert why["Test label"] == ""


def test_zero_and_tare_go_to_the_scale(bench: MakeBench) -> None:
    made: Bench = bench(SCALE)
    assert made.open().command("PW-ZERO")
    assert made.watch.orders == [ScaleOrder.ZERO]


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
