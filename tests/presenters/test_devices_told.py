"""Devices: what is set up there, and what printers and scales are told."""

from __future__ import annotations

from app.domain.scale_words import ScaleOrder
from app.domain.states import Role
from app.presenters.device_watch import EventKind, PrinterOrder
from app.presenters.found_devices import FoundDevice, FoundUse, Tried, Use
from tests.presenters.devices_bench import Bench, MakeBench
from tests.presenters.devices_bench import bench as bench
from tests.presenters.devices_builders import (
    FOUND,
    PAPER,
    PAPER_PRINTER,
    PRINTER,
    SCALE,
    SCANNER,
)


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
