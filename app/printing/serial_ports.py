"""Serial ports, found again at another name by vendor, product and serial number of their USB plug."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from serial.tools.list_ports import comports

from app.domain.print_ports import PrinterUnreachable
from app.printing.usb_devices import UsbIdentity


class SerialPort(Protocol):
    """What the system tells of one port."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


def port_finder(wanted: UsbIdentity, ports: Callable[[], Iterable[SerialPort]] = comports) -> Callable[[], str]:
    """Finds the name that a port has now. What it gives raises PrinterUnreachable."""

    def find() -> str:
        for port in ports():
            if wanted.fits(UsbIdentity(_hex(port.vid), _hex(port.pid), port.serial_number or "")):
                return port.device
        raise PrinterUnreachable("printing.device_unknown", wanted=str(wanted))

    return find


def _hex(number: int | None) -> str:
    return "" if number is None else f"{number:04x}"
