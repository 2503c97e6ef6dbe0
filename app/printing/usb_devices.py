"""The printers that the kernel has at its USB ports, read from sysfs; found again at another port by who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.print_ports import PrinterUnreachable

SYSFS = Path("/sys/class/usbmisc")
DEVICES = Path("/dev/usb")


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """Which printer is meant: vendor and product in four hexadecimal digits, and its serial number; empty for any."""

    vid: str = ""
    pid: str = ""
    serial: str = ""

    def fits(self, other: UsbIdentity) -> bool:
        """Whether the other one is what is meant."""
        wanted = ((self.vid, other.vid), (self.pid, other.pid), (self.serial, other.serial))
        return all(mine.lower() in ("", theirs.lower()) for mine, theirs in wanted)

    def __str__(self) -> str:
        named = (("vid", self.vid), ("pid", self.pid), ("serial", self.serial))
        return " ".join(f"{name}={value}" for name, value in named if value)


@dataclass(frozen=True, slots=True)
class UsbPrinter:
    """A printer device of the kernel, and what it says of itself."""

    device: Path
    identity: UsbIdentity
    maker: str
    product: str
    ieee1284: str
    """Its own description: `MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD420-203dpi ZPL;...`"""


def usb_printers(sysfs: Path = SYSFS, devices: Path = DEVICES) -> tuple[UsbPrinter, ...]:
    """All of them now, by name; none where the system has no such folder."""
    try:
        nodes = sorted(path for path in sysfs.iterdir() if path.name.startswith("lp"))
    except OSError:
        return ()
    return tuple(_printer(node, devices) for node in nodes)


def device_finder(wanted: UsbIdentity, sysfs: Path = SYSFS, devices: Path = DEVICES) -> Callable[[], Path]:
    """Finds the device of a printer at whatever port it is now. What it gives raises PrinterUnreachable."""

    def find() -> Path:
        for printer in usb_printers(sysfs, devices):
            if wanted.fits(printer.identity):
                return printer.device
        raise PrinterUnreachable("printing.device_unknown", wanted=str(wanted))

    return find


def _printer(node: Path, devices: Path) -> UsbPrinter:
    interface = node / "device"
    try:
        device = interface.resolve(strict=True).parent
    except OSError:
        device = interface
    identity = UsbIdentity(_text(device / "idVendor"), _text(device / "idProduct"), _text(device / "serial"))
    return UsbPrinter(
        devices / node.name,
        identity,
        _text(device / "manufacturer"),
        _text(device / "product"),
        _text(interface / "ieee1284_id"),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
