"""Which devices are offered, as what, and under which address; those in use and keyboards are not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap.core import wrong_address
from app.bootstrap.found_devices import Lists, find_devices, linked_ports, same_device
from app.devices.serial_ports import FoundPort
from app.domain.print_ports import PrintLanguage
from app.presenters.found_devices import FoundDevice, Use
from app.printing.found import FoundAt, FoundPrinter

GUN = FoundPort("/dev/ttyACM0", 0x0C2E, 0x0B61, "S 12", "Honeywell 1950 Scanner")
ADAPTER = FoundPort("/dev/ttyUSB0", 0x0403, 0x6001, None, "FT232R USB UART")
OLD = FoundPort("/dev/ttyS7")
RING = FoundPort("/dev/input/event5", 0x05E0, 0x1200, None, "Symbol Bar Code Scanner")
KEYBOARD = FoundPort("/dev/input/event0", 0x046D, 0xC31C, None, "Logitech USB Keyboard")
POS = FoundPort("/dev/hidraw2", 0x0C2E, 0x0200, "S9", "Metrologic HID POS")
PAN = FoundPort("/dev/hidraw3", 0x0922, 0x8009, None, "DYMO S250")
ZEBRA = FoundPrinter("usb:?vid=0a5f&pid=0120&serial=X1&language=zpl", "Zebra ZD420", FoundAt.USB, PrintLanguage.ZPL)
OFFICE = FoundPrinter("spool://Office", "Office", FoundAt.QUEUE, None)
PDF_QUEUE = FoundPrinter("spool://Pages?language=pdf", "Pages", FoundAt.QUEUE, PrintLanguage.PDF)


def found(
    *,
    serial: Sequence[FoundPort] = (),
    keys: Sequence[FoundPort] = (),
    scanners: Sequence[FoundPort] = (),
    scales: Sequence[FoundPort] = (),
    printers: Sequence[FoundPrinter] = (),
    used: Sequence[str] = (),
    forbidden: Sequence[str] = (),
) -> tuple[FoundDevice, ...]:
    lists = Lists(
        lambda: serial, lambda: keys, lambda: scanners, lambda: scales, lambda: printers,
        lambda path: path not in forbidden,
    )  # fmt: skip
    return find_devices(lists, used)


def offers(devices: Sequence[FoundDevice]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(device.name, [(use.use.value, use.uri) for use in device.uses]) for device in devices]


def test_each_kind_of_device_is_offered_as_what_it_can_be() -> None:
    devices = found(
        serial=(GUN, ADAPTER), keys=(RING,), scanners=(POS,), scales=(PAN,), printers=(ZEBRA, OFFICE, PDF_QUEUE)
    )
    assert offers(devices) == [
        ("Metrologic HID POS", [("scanner", "hid://0c2e:0200:S9")]),
        ("DYMO S250", [("scale", "hid://0922:8009")]),
        ("Symbol Bar Code Scanner", [("scanner", "evdev:?vid=05e0&pid=1200")]),
        ("Honeywell 1950 Scanner", [("scanner", "serial:?vid=0c2e&pid=0b61&serial=S%2012")]),
        (
            "FT232R USB UART",
            [
                ("scanner", "serial:///dev/ttyUSB0?vid=0403&pid=6001"),
                ("scale", "serial:///dev/ttyUSB0?vid=0403&pid=6001"),
                ("printer", "serial:///dev/ttyUSB0?vid=0403&pid=6001"),
            ],
        ),
        ("Zebra ZD420", [("printer", ZEBRA.uri)]),
        ("Office", [("printer", "spool://Office"), ("paper_printer", "spool://Office?language=pdf")]),
        ("Pages", [("paper_printer", "spool://Pages?language=pdf")]),
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="evdev addresses are of Linux")
def test_each_address_means_something_to_the_station() -> None:
    devices = found(serial=(GUN, ADAPTER), keys=(RING,), scanners=(POS,), scales=(PAN,), printers=(ZEBRA, OFFICE))
    for device in devices:
        for use in device.uses:
            assert wrong_address(use.use.value, use.uri) == "", use


def test_a_keyboard_is_never_offered_and_nor_are_ports_that_are_not_there() -> None:
    assert found(keys=(KEYBOARD,), serial=(OLD,)) == ()


@pytest.mark.parametrize(
    "used",
    [
        "serial:///dev/ttyUSB0?baud=19200&protocol=nci",
        "serial:///dev/ttyUSB0",
        "serial:///dev/ttyUSB0?vid=0403&pid=6001",
        "serial:?vid=0403&pid=6001",
    ],
)
def test_what_is_in_use_is_left_out(used: str) -> None:
    assert offers(found(serial=(ADAPTER,), used=(used, ""))) == []


@pytest.mark.parametrize(
    ("used", "name"),
    [
        ("serial:///dev/ttyACM0?suffix=cr", "Honeywell 1950 Scanner"),
        ("evdev:///dev/input/event5", "Symbol Bar Code Scanner"),
        ("usb:///dev/usb/lp0?language=zpl", "Zebra ZD420"),
    ],
)
def test_what_is_in_use_by_its_file_is_left_out_though_it_says_who_it_is(used: str, name: str) -> None:
    zebra = replace(ZEBRA, device="/dev/usb/lp0")
    free = {device.name for device in found(serial=(GUN,), keys=(RING,), printers=(zebra,))}
    left = {device.name for device in found(serial=(GUN,), keys=(RING,), printers=(zebra,), used=(used,))}
    assert free - left == {name}


@pytest.mark.skipif(sys.platform == "win32", reason="links to device files")
def test_what_is_in_use_by_a_link_to_its_file_is_left_out(tmp_path: Path) -> None:
    link = tmp_path / "usb-Honeywell_1950-if00"
    link.symlink_to(GUN.device)
    assert found(serial=(GUN,), used=(f"serial://{link}",)) == ()


def test_another_device_at_the_port_of_one_that_is_known_by_its_numbers_is_offered() -> None:
    assert [device.name for device in found(serial=(GUN,), used=("serial:///dev/ttyACM0?vid=05f9&serial=A1",))] == [
        GUN.name
    ]


def test_one_of_two_twins_without_a_number_stays_on_offer() -> None:
    twin = FoundPort("/dev/ttyUSB1", 0x0403, 0x6001, None, "FT232R USB UART")
    devices = found(serial=(ADAPTER, twin), used=("serial:///dev/ttyUSB0?vid=0403&pid=6001",))
    assert [device.where for device in devices] == ["Serial port /dev/ttyUSB1"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hid://0c2e:0200:S9", "hid://0c2e:0200", True),
        ("hid://0c2e:0200:S9", "hid://0c2e:0200:S8", False),
        ("hid://0C2E:0200", "hid://0c2e:0200", True),
        ("spool://Office", "spool://Office?language=pdf", True),
        ("spool://Office", "spool://Other", False),
        ("usb:?vid=0a5f&pid=0120&serial=X1&language=zpl", "usb:?vid=0a5f&serial=X1", True),
        ("serial:?vid=0a5f", "tcp://0a5f:9100", False),
        ("sim:", "keyboard:", False),
        ("serial:///dev/a%20b", "serial:///dev/a b", True),
    ],
)
def test_two_addresses_of_one_device_are_known(one: str, other: str, same: bool) -> None:
    assert same_device(one, other) is same


def test_a_port_that_may_not_be_opened_says_what_to_do() -> None:
    devices = found(
        serial=(GUN,), keys=(RING,), scanners=(POS,), forbidden=("/dev/ttyACM0", "/dev/input/event5", "/dev/hidraw2")
    )
    assert [device.trouble for device in devices] == [
        "This user may not open /dev/hidraw2. It needs a udev rule: docs/devices.md has it.",
        "This user may not open /dev/input/event5. Run: sudo usermod -aG input $USER, then sign out of the computer "
        "and in again.",
        "This user may not open /dev/ttyACM0. Run: sudo usermod -aG dialout $USER, then sign out of the computer "
        "and in again.",
    ]


def test_ports_that_are_linked_into_a_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no port", encoding="utf-8")
    assert linked_ports(tmp_path / "nothing") == []
    assert linked_ports(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links to terminals")
def test_a_linked_terminal_is_a_port_with_the_name_of_its_link(tmp_path: Path) -> None:
    (tmp_path / "Bench Scale").symlink_to("/dev/null")
    (port,) = linked_ports(tmp_path)
    assert (port.device, port.name) == (str(tmp_path / "Bench Scale"), "Bench Scale")
    (device,) = find_devices(Lists(lambda: [port], tuple, tuple, tuple, tuple, lambda _: True), ())
    assert [(use.use, " " in use.uri) for use in device.uses] == [(Use.SCALE, False)]
