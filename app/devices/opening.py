"""From a URI to a scanner, with a clear word where that is not possible. docs/scanners.md lists all options."""

from __future__ import annotations

import sys
from collections.abc import Callable

from app.devices.device_files import FileSource, grab, leave, list_hid_devices, list_key_devices
from app.devices.device_thread import Source, ThreadScanner
from app.devices.frames import LONGEST, SILENCE_SECONDS, UNFINISHED_SECONDS, Ends, Framer, Framing
from app.devices.hid_devices import HidApiSource
from app.devices.hid_reports import REPORT_BYTES, SCANNER_PAGE, ReportDecoder
from app.devices.input_keys import EVENT, EventDecoder
from app.devices.keyboard_opening import open_keyboard, reading_of
from app.devices.options import Address, hex4
from app.devices.scanner_group import ScannerGroup
from app.devices.scanners import SimScanner
from app.devices.serial_ports import (
    NETWORK,
    LineSettings,
    ListPorts,
    NetworkSource,
    PortSeeker,
    SerialSource,
    UsbIdentity,
    list_serial_ports,
)
from app.domain.clock import Clock
from app.domain.device_ports import Scanner
from app.domain.errors import BadUseError
from app.extras import hid_api

SCANNER_SCHEMES = ("keyboard", "serial", *NETWORK, "evdev", "hid", "sim")
NETWORK_PAUSE_SECONDS = 1.0
"""A network may pause inside a code where a wire does not."""
_LINUX = sys.platform.startswith("linux")
_PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}


def open_scanner(uri: str, make_id: Callable[[], str], clock: Clock, ports: ListPorts = list_serial_ports) -> Scanner:
    """The scanner of a URI: `keyboard:`, `serial:///dev/ttyACM0?baud=9600`, `socket://host:port`, `sim:` and others.

    `ports` lists the serial ports of the computer. Nothing is opened before the scanner is started.

    Raises BadUseError for a scheme that this build lacks and for an option that nobody knows.
    """
    address = Address(uri)
    address.text("name")  # for people
    address.text("station")  # whose work it does is decided by who starts it
    if address.scheme == "keyboard":
        return open_keyboard(address, make_id, clock)
    if address.scheme == "sim":
        address.finish()
        return SimScanner(uri, make_id, clock)
    if address.scheme == "serial" or address.scheme in NETWORK:
        return _serial(address, make_id, clock, ports)
    if address.scheme == "evdev":
        return _keys(address, make_id, clock)
    if address.scheme == "hid":
        return _hid(address, make_id, clock)
    known = ", ".join(f"{each}:" for each in SCANNER_SCHEMES)
    raise BadUseError("device.scanner_unknown", uri=uri, scheme=f"{address.scheme}:", known=known)


def open_scanners(uris: str, make_id: Callable[[], str], clock: Clock) -> Scanner | None:
    """The scanner of one address, or the group of several with blanks or line ends between them; None of none.

    Raises BadUseError for an address that means nothing, or stands there twice.
    """
    names = uris.split()
    for name in names:
        if names.count(name) > 1:
            raise BadUseError("device.twice", uri=name)
    scanners = tuple(open_scanner(name, make_id, clock) for name in names)
    if len(scanners) < 2:
        return scanners[0] if scanners else None
    return ScannerGroup(scanners)


def _serial(address: Address, make_id: Callable[[], str], clock: Clock, ports: ListPorts) -> Scanner:
    settings = LineSettings(
        address.number("baud", 9600, 50, 4_000_000),
        int(address.choice("bits", ("7", "8"), "8")),
        address.mapped("parity", _PARITIES, "none"),
        float(address.choice("stop", ("1", "1.5", "2"), "1")),
        address.choice("flow", ("none", "rtscts", "xonxoff"), "none"),
    )
    source: Source
    if address.scheme in NETWORK:
        host, colon, number = address.place.rpartition(":")
        if not (host and colon and number.isdigit() and 0 < int(number) < 65536):
            raise BadUseError("device.no_port", uri=address.uri)
        source, pause = NetworkSource(f"{address.scheme}://{host}:{number}", settings), NETWORK_PAUSE_SECONDS
    else:
        source, pause = SerialSource(_seeker(address, ports), settings), UNFINISHED_SECONDS
    framing, reading = framing_of(address, pause), reading_of(address)
    address.finish()
    return ThreadScanner(address.uri, make_id, clock, source, Framer(framing), reading)


def _keys(address: Address, make_id: Callable[[], str], clock: Clock) -> Scanner:
    """A scanner that types, read before any window sees its keys; Linux only."""
    if not _LINUX:
        raise BadUseError("device.linux_only", uri=address.uri, scheme="evdev:")
    source = FileSource(_seeker(address, list_key_devices), 64 * EVENT.size, grab)
    framing, reading = framing_of(address, UNFINISHED_SECONDS), reading_of(address)
    address.finish()
    return ThreadScanner(address.uri, make_id, clock, source, EventDecoder(Framer(framing)), reading)


def _hid(address: Address, make_id: Callable[[], str], clock: Clock) -> Scanner:
    """A scanner that follows the USB tables for points of sale."""
    vid, _, rest = address.place.partition(":")
    pid, _, number = rest.partition(":")
    wanted = UsbIdentity(hex4(address, "vid", vid), hex4(address, "pid", pid) if pid else None, number or None)
    reading = reading_of(address)
    address.finish()
    source: Source
    if _LINUX:
        seeker = PortSeeker("", wanted, lambda: list_hid_devices(SCANNER_PAGE))
        source = FileSource(seeker, REPORT_BYTES, leave)
    else:
        source = HidApiSource(wanted, SCANNER_PAGE, REPORT_BYTES, hid_api)
    return ThreadScanner(address.uri, make_id, clock, source, ReportDecoder(), reading)


def _seeker(address: Address, ports: ListPorts) -> PortSeeker:
    vid, pid, number = address.hexadecimal("vid"), address.hexadecimal("pid"), address.text("serial")
    identity = UsbIdentity(vid, pid, number or None) if vid is not None else None
    if identity is None and not address.place:
        raise BadUseError("device.no_port", uri=address.uri)
    return PortSeeker(address.place, identity, ports)


def framing_of(address: Address, pause_seconds: float) -> Framing:
    """How codes follow each other. Raises BadUseError for options that mean nothing."""
    ends = Ends(address.choice("suffix", tuple(Ends), Ends.ANY))
    default = SILENCE_SECONDS if ends is Ends.NONE else pause_seconds
    pause = address.number("timeout", round(default * 1000), 1, 60_000) / 1000
    return Framing(ends, pause, address.number("longest", LONGEST, 1, LONGEST))
