"""Which printers this machine can reach without being told: at USB, and as print queues of the system."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from app.domain.print_ports import PrintLanguage
from app.printing.spoolers import system_spooler
from app.printing.usb_devices import UsbPrinter, usb_printers

RAW_PORT = 9100
LOOK_SECONDS = 1.0


class FoundAt(StrEnum):
    """Where it was found."""

    USB = "usb"
    QUEUE = "queue"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """One printer that may be set up: its address as a setting, a name for people, and where it was found.

    `language` is what it says that it speaks; None when it does not say. `device` is the file of one at USB.
    """

    uri: str
    name: str
    at: FoundAt
    language: PrintLanguage | None
    device: str = ""


def found_printers(
    usb: Callable[[], tuple[UsbPrinter, ...]] = usb_printers,
    queues: Callable[[], tuple[tuple[str, str], ...]] = lambda: system_spooler().queues(),
) -> tuple[FoundPrinter, ...]:
    """All of them now. It asks the system and may take seconds: not for the thread that paints."""
    return (*map(from_usb, usb()), *(from_queue(name, device) for name, device in queues()))


def network_printer(host: str, port: int = RAW_PORT, seconds: float = LOOK_SECONDS) -> FoundPrinter | None:
    """The printer at an address that somebody typed; None when nothing listens there. No network is searched."""
    try:
        socket.create_connection((host, port), seconds).close()
    except (OSError, UnicodeError):
        return None
    return FoundPrinter(f"tcp://{host}:{port}", host, FoundAt.NETWORK, None)


def from_usb(printer: UsbPrinter) -> FoundPrinter:
    """Its address names who it is, not its port, wherever it says who it is."""
    told = read_ieee1284(printer.ieee1284)
    language = language_of(told.get("CMD", ""), f"{told.get('MDL', '')} {printer.product}")
    maker = printer.maker or told.get("MFG", "")
    product = printer.product or told.get("MDL", "")
    name = product if product.startswith(maker) else f"{maker} {product}"
    identity = printer.identity
    named = (("vid", identity.vid), ("pid", identity.pid), ("serial", identity.serial))
    options = [f"{key}={quote(value, safe='')}" for key, value in named if value]
    says = [f"language={language.value}"] if language else []
    uri = (
        f"usb:?{'&'.join(options + says)}"
        if options
        else f"usb://{printer.device.as_posix()}" + "".join(f"?{each}" for each in says)
    )
    return FoundPrinter(uri, name.strip() or printer.device.name, FoundAt.USB, language, printer.device.as_posix())


def from_queue(name: str, device: str) -> FoundPrinter:
    """A queue; what stands behind it is seen from its device address."""
    language = language_of("", device)
    says = f"?language={language.value}" if language else ""
    return FoundPrinter(f"spool://{quote(name, safe='')}{says}", name, FoundAt.QUEUE, language)


def read_ieee1284(text: str) -> dict[str, str]:
    """`MFG:Zebra ;CMD:ZPL;MDL:ZD420;` with the long names made short."""
    long = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD"}
    pairs = (field.split(":", 1) for field in text.split(";") if ":" in field)
    return {long.get(key.strip().upper(), key.strip().upper()): value.strip() for key, value in pairs}


def language_of(commands: str, model: str) -> PrintLanguage | None:
    """The language that a printer names in its commands or its model; None when it names none of ours."""
    for text in (commands, model):
        for pattern, language in _NAMED:
            if pattern.search(text):
                return language
    return None


_NAMED = (
    (re.compile(r"\bZPL|\bZebra.*ZPL", re.IGNORECASE), PrintLanguage.ZPL),
    (re.compile(r"\bEPL2?\b", re.IGNORECASE), PrintLanguage.EPL2),
    (re.compile(r"\bTSPL", re.IGNORECASE), PrintLanguage.TSPL),
    (re.compile(r"\bPDF\b", re.IGNORECASE), PrintLanguage.PDF),
)
