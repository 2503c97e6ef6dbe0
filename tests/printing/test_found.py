"""Printers that are found: by sysfs, by print queues, by an address; and found again at another port."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.print_ports import PrinterUnreachable, PrintLanguage
from app.printing.found import (
    FoundAt,
    FoundPrinter,
    found_printers,
    from_queue,
    language_of,
    network_printer,
    read_ieee1284,
)
from app.printing.printers import open_printer
from app.printing.serial_ports import port_finder
from app.printing.usb_devices import UsbIdentity, device_finder, usb_printers

ZEBRA = "MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD420-203dpi ZPL;CLS:PRINTER;OPTIONS:XML;"


def plug_in(root: Path, port: str, node: str, serial: str = "D2J1", ieee1284: str = ZEBRA) -> Path:
    """What the kernel shows of a printer at a port: the class folder has a link into the tree of devices."""
    device = root / "devices" / port
    interface = device / f"{port}:1.0"
    (interface / "usbmisc" / node).mkdir(parents=True)
    (device / "idVendor").write_text("0a5f\n", encoding="utf-8")
    (device / "idProduct").write_text("0120\n", encoding="utf-8")
    (device / "serial").write_text(f"{serial}\n", encoding="utf-8")
    (device / "manufacturer").write_text("Zebra Technologies\n", encoding="utf-8")
    (device / "product").write_text("ZTC ZD420-203dpi ZPL\n", encoding="utf-8")
    (interface / "ieee1284_id").write_text(f"{ieee1284}\n", encoding="utf-8")
    sysfs = root / "class" / "usbmisc"
    sysfs.mkdir(parents=True, exist_ok=True)
    (sysfs / node).mkdir()
    (sysfs / node / "device").symlink_to(interface, target_is_directory=True)
    return sysfs


def test_what_is_at_usb_is_found_with_its_name_and_language(tmp_path: Path) -> None:
    sysfs = plug_in(tmp_path, "1-2", "lp0")
    (sysfs / "hiddev0").mkdir()
    found = found_printers(lambda: usb_printers(sysfs), tuple)
    assert found == (
        FoundPrinter(
            "usb:?vid=0a5f&pid=0120&serial=D2J1&language=zpl",
            "Zebra Technologies ZTC ZD420-203dpi ZPL",
            FoundAt.USB,
            PrintLanguage.ZPL,
            "/dev/usb/lp0",
        ),
    )
    assert open_printer(found[0].uri).language is PrintLanguage.ZPL


def test_another_port_is_the_same_printer(tmp_path: Path) -> None:
    first = plug_in(tmp_path / "before", "1-2", "lp0")
    other = plug_in(tmp_path / "after", "1-1", "lp0", serial="OTHER")
    plug_in(tmp_path / "after", "3-4", "lp1")
    wanted = UsbIdentity("0A5F", "", "D2J1")
    assert device_finder(wanted, first)() == Path("/dev/usb/lp0")
    assert device_finder(wanted, other)() == Path("/dev/usb/lp1")
    with pytest.raises(PrinterUnreachable) as caught:
        device_finder(UsbIdentity(serial="GONE"), other)()
    assert caught.value.values == {"wanted": "serial=GONE"}


def test_a_system_without_such_a_folder_has_none(tmp_path: Path) -> None:
    assert usb_printers(tmp_path / "missing") == ()


@dataclass
class Port:
    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


def test_a_serial_port_is_found_by_its_plug() -> None:
    ports = [Port("/dev/ttyS0", None, None, None), Port("/dev/ttyUSB3", 0x0403, 0x6001, "A1")]
    assert port_finder(UsbIdentity(vid="0403", serial="A1"), lambda: ports)() == "/dev/ttyUSB3"
    with pytest.raises(PrinterUnreachable):
        port_finder(UsbIdentity(vid="0403", serial="A2"), lambda: ports)()


def test_queues_are_found() -> None:
    assert from_queue("Bench 1", "usb://Zebra/ZD420-203dpi%20ZPL") == FoundPrinter(
        "spool://Bench%201?language=zpl", "Bench 1", FoundAt.QUEUE, PrintLanguage.ZPL
    )
    assert from_queue("Office", "ipp://10.0.0.3/ipp").language is None
    assert open_printer("spool://Bench%201?language=zpl").dpi == 203


def test_a_network_printer_is_looked_for_where_somebody_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = network_printer("127.0.0.1", port)
    assert found == FoundPrinter(f"tcp://127.0.0.1:{port}", "127.0.0.1", FoundAt.NETWORK, None)
    assert network_printer("127.0.0.1", port) is None
    assert network_printer("no-such-printer.invalid") is None


def test_what_printers_call_themselves() -> None:
    assert read_ieee1284("MANUFACTURER:TSC;MODEL:TTP-244;COMMAND SET:TSPL2;") == {
        "MFG": "TSC",
        "MDL": "TTP-244",
        "CMD": "TSPL2",
    }
    assert language_of("EPL", "") is PrintLanguage.EPL2
    assert language_of("TSPL2", "") is PrintLanguage.TSPL
    assert language_of("PJL,PDF", "") is PrintLanguage.PDF
    assert language_of("", "ZTC LP2844-Z-200dpi ZPL") is PrintLanguage.ZPL
    assert language_of("PCL", "LaserJet") is None
