"""Which devices are plugged in here that the station does not use: asked of the system itself.

Serial ports, scanners that type, HID scanners and scales, USB printers and print queues. Nothing here is quick: it is
for a thread of its own.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from app.devices.device_files import list_hid_devices, list_key_devices
from app.devices.hid_reports import SCANNER_PAGE
from app.devices.scale_hid import SCALE_PAGE
from app.devices.serial_ports import FoundPort, ListPorts, list_serial_ports
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.extras import MissingExtraError, hid_api
from app.presenters.found_devices import FoundDevice, FoundUse, Use
from app.printing.found import FoundAt, FoundPrinter, found_printers

SAFE = "/:"
"""Of a path in an address; a blank would end the address."""
_SCANNERS = re.compile(
    r"scan|barcode|bar code|imager|honeywell|datalogic|symbol|opticon|newland|zebex|metrologic|cognex|ls\d{4}|ds\d{4}",
    re.IGNORECASE,
)
_SCALES = re.compile(r"scale|balance|mettler|sartorius|ohaus|dymo s|weigh|kern|radwag", re.IGNORECASE)
_PRINTERS = re.compile(
    r"printer|zd\d{3}|gk4|gx4|zt\d{3}|tsc |ttp|godex|bixolon|citizen|label|zebra.*zpl", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Lists:
    """Where devices are listed; each may be another in tests. `allowed` says whether a device file may be opened."""

    serial: ListPorts = list_serial_ports
    key_devices: ListPorts = list_key_devices
    hid_scanners: ListPorts = lambda: hid_ports(SCANNER_PAGE)
    hid_scales: ListPorts = lambda: hid_ports(SCALE_PAGE)
    printers: Callable[[], Sequence[FoundPrinter]] = found_printers
    allowed: Callable[[str], bool] = lambda path: os.access(path, os.R_OK | os.W_OK)


def hid_ports(usage_page: int) -> list[FoundPort]:
    """HID devices of a usage page: as files on Linux, by the hidapi library elsewhere, where it is installed."""
    if sys.platform.startswith("linux"):
        return list_hid_devices(usage_page)
    try:
        listed = hid_api().enumerate()
    except MissingExtraError:
        return []
    return [
        FoundPort(
            "",
            _int(each.get("vendor_id")),
            _int(each.get("product_id")),
            str(each.get("serial_number") or "") or None,
            str(each.get("product_string") or ""),
        )
        for each in listed
        if each.get("usage_page") == usage_page
    ]


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def linked_ports(folder: Path) -> list[FoundPort]:
    """Ports that the system does not list, linked into a folder by whoever made them: simulated devices, ser2net."""
    try:
        return [FoundPort(str(path), name=path.name) for path in sorted(folder.iterdir()) if path.is_char_device()]
    except OSError:
        return []


def find_devices(lists: Lists, used: Iterable[str]) -> tuple[FoundDevice, ...]:
    """All that could be set up now. `used` are the addresses of this station's devices, which are left out."""
    known = [uri for uri in used if uri]
    taken = {os.path.realpath(place) for place, numbers in map(_identity, known) if place and not any(numbers)}

    def free(path: str) -> bool:
        """Whether no device of this station is named by that file alone, or by a link to it."""
        return not path or os.path.realpath(path) not in taken

    found = [
        *(_hid(port, Use.SCANNER, lists) for port in lists.hid_scanners()),
        *(_hid(port, Use.SCALE, lists) for port in lists.hid_scales()),
        *(_keys(port, lists) for port in lists.key_devices() if _SCANNERS.search(port.name) and free(port.device)),
        *(_serial(port, lists) for port in lists.serial() if _is_wired(port) and free(port.device)),
        *(_printer(printer) for printer in lists.printers() if free(printer.device)),
    ]
    return tuple(device for device in found if not _used(device, known))


def _is_wired(port: FoundPort) -> bool:
    """The 32 serial ports that a PC might have and seldom has are no devices."""
    return port.vid is not None or not re.fullmatch(r"/dev/ttyS\d+", port.device)


def _serial(port: FoundPort, lists: Lists) -> FoundDevice:
    place = f"serial://{quote(port.device, safe=SAFE)}"
    named = _named(port)
    if named and port.serial:
        place = "serial:"
    uri = f"{place}?{named}" if named else place
    uses = tuple(FoundUse(use, uri) for use in _likely(port.name))
    where = say("devices_screen.where.serial", port=port.device)
    return FoundDevice(port.name or port.device, where, uses, _refused(port.device, "dialout", lists))


def _likely(name: str) -> tuple[Use, ...]:
    """What a port is for, by its name; all that it could be where the name tells nothing."""
    for pattern, use in ((_SCANNERS, Use.SCANNER), (_SCALES, Use.SCALE), (_PRINTERS, Use.LABELS)):
        if pattern.search(name):
            return (use,)
    return Use.SCANNER, Use.SCALE, Use.LABELS


def _keys(port: FoundPort, lists: Lists) -> FoundDevice:
    named = _named(port)
    uri = f"evdev:?{named}" if named else f"evdev://{quote(port.device, safe=SAFE)}"
    where = say("devices_screen.where.keys")
    return FoundDevice(port.name, where, (FoundUse(Use.SCANNER, uri),), _refused(port.device, "input", lists))


def _hid(port: FoundPort, use: Use, lists: Lists) -> FoundDevice:
    number = f":{quote(port.serial, safe='')}" if port.serial else ""
    uri = f"hid://{port.vid or 0:04x}:{port.pid or 0:04x}{number}"
    where = say("devices_screen.where.hid")
    return FoundDevice(port.name or uri, where, (FoundUse(use, uri),), _refused(port.device, "", lists))


def _printer(printer: FoundPrinter) -> FoundDevice:
    where = say(f"devices_screen.where.{printer.at.value}")
    uses = [] if printer.language is PrintLanguage.PDF else [FoundUse(Use.LABELS, printer.uri)]
    if printer.at is FoundAt.QUEUE:
        uses.append(FoundUse(Use.PAPER, f"{printer.uri.partition('?')[0]}?language=pdf"))
    return FoundDevice(printer.name, where, tuple(uses))


def _named(port: FoundPort) -> str:
    numbers = [("vid", f"{port.vid:04x}" if port.vid is not None else "")]
    numbers += [("pid", f"{port.pid:04x}" if port.pid is not None else ""), ("serial", port.serial or "")]
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in numbers if value) if port.vid else ""


def _refused(path: str, group: str, lists: Lists) -> str:
    """What keeps this user from a device file, and what to do about it; empty where nothing does."""
    if not path.startswith("/dev/") or lists.allowed(path):
        return ""
    key = "devices_screen.refused.group" if group else "devices_screen.refused.udev"
    return say(key, path=path, group=group)


def _used(device: FoundDevice, known: Sequence[str]) -> bool:
    return any(same_device(use.uri, uri) for use in device.uses for uri in known)


def same_device(one: str, other: str) -> bool:
    """Whether two addresses lead to one device: by maker, kind and number where both say them, else by place."""
    place, numbers = _identity(one)
    other_place, other_numbers = _identity(other)
    if numbers[0] and other_numbers[0]:
        same = all(mine == theirs for mine, theirs in zip(numbers, other_numbers, strict=True) if mine and theirs)
        return same and (bool(numbers[2] and other_numbers[2]) or not (place and other_place) or place == other_place)
    return bool(place) and place == other_place


def _identity(uri: str) -> tuple[str, tuple[str, str, str]]:
    scheme, _, rest = uri.partition(":")
    address, _, query = rest.partition("?")
    place, options = unquote(address.removeprefix("//")), parse_qs(query)
    if scheme == "hid":
        vid, pid, serial, *_ = [*place.lower().split(":"), "", "", ""]
        return "", (vid, pid, serial)
    vid, pid, serial = (options.get(name, [""])[-1].lower() for name in ("vid", "pid", "serial"))
    return place, (vid, pid, serial)
