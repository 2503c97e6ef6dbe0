"""From a URI to a scale, with a clear word where that is not possible. docs/scales.md lists all options."""

from __future__ import annotations

import platform

from app.devices.device_files import list_hid_devices
from app.devices.hid_devices import HidApiSource
from app.devices.options import Address, hex4
from app.devices.scale_hid import REPORT_BYTES, SCALE_PAGE, HidScale
from app.devices.scale_mt_sics import MtSics
from app.devices.scale_nci import Nci
from app.devices.scale_plain import PlainLines
from app.devices.scale_ports import HidFileSource
from app.devices.scale_protocols import ScaleProtocol
from app.devices.scale_thread import ASK_SECONDS, ScaleSource, ThreadScale
from app.devices.scale_toledo import Toledo8217
from app.devices.scales import Seconds, SimScale
from app.devices.serial_ports import (
    NETWORK,
    FoundPort,
    LineSettings,
    ListPorts,
    NetworkSource,
    PortSeeker,
    SerialSource,
    UsbIdentity,
    list_serial_ports,
)
from app.domain.device_ports import Scale
from app.domain.errors import BadUseError
from app.domain.weight_units import WeightUnit
from app.extras import hid_api

SCALE_SCHEMES = ("serial", *NETWORK, "hid", "sim")
PROTOCOLS = ("mt-sics", "nci", "toledo-8217", "plain")
_UNITS = {"g": WeightUnit.GRAM, "kg": WeightUnit.KILOGRAM, "lb": WeightUnit.POUND, "oz": WeightUnit.OUNCE}
_PARITIES = {"none": "N", "even": "E", "odd": "O", "mark": "M", "space": "S"}
_BAUDS = ("300", "600", "1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200")


def list_hid_scales() -> list[FoundPort]:
    """The HID scales of this computer; none where the system does not show them as files."""
    return list_hid_devices(SCALE_PAGE)


def open_scale(
    uri: str, now: Seconds, ports: ListPorts = list_serial_ports, hid_ports: ListPorts = list_hid_scales
) -> Scale:
    """The scale of a URI: `serial:///dev/ttyUSB0?protocol=mt-sics`, `socket://host:port?protocol=nci`, `hid://vid:pid`,
    `sim:`, `sim:?seed=3&settle=600` (milliseconds until the needle stands) and others.

    `now` is the monotonic clock, in seconds; `ports` and `hid_ports` list what is plugged in. Nothing is opened
    before the scale is started.

    Raises BadUseError for a scheme that this build lacks and for an option that nobody knows.
    """
    address = Address(uri)
    if address.scheme == "sim":
        seed, settle = address.number("seed", 1), address.number("settle", 600)
        address.finish()
        return SimScale(uri, now, seed=seed, settle_seconds=settle / 1000)
    if address.scheme == "hid":
        return ThreadScale(uri, _hid_source(address, hid_ports), HidScale(), now)
    if address.scheme == "serial" or address.scheme in NETWORK:
        protocol, settings = _language(address)
        source = _serial_source(address, settings, ports)
        ask_seconds = address.number("poll", round(ASK_SECONDS * 1000), 10, 10_000) / 1000
        address.finish()
        return ThreadScale(uri, source, protocol, now, ask_seconds)
    known = ", ".join(f"{each}:" for each in SCALE_SCHEMES)
    raise BadUseError("device.scale_unknown", uri=uri, scheme=f"{address.scheme}:", known=known)


def _language(address: Address) -> tuple[ScaleProtocol, LineSettings]:
    """The protocol and the line, which follows the manual of the protocol where nothing else is said."""
    name = address.choice("protocol", PROTOCOLS, "mt-sics")
    told = address.text("unit").lower()
    if told and told not in _UNITS:
        raise address.wrong("unit", ", ".join(_UNITS))
    unit = _UNITS.get(told)
    bits, parity = ("7", "even") if name == "toledo-8217" else ("8", "none")
    settings = LineSettings(
        int(address.choice("baud", _BAUDS, "9600")),
        int(address.choice("bits", ("7", "8"), bits)),
        address.mapped("parity", _PARITIES, parity),
        int(address.choice("stop", ("1", "2"), "1")),
        address.choice("flow", ("none", "rtscts", "xonxoff"), "none"),
    )
    if name == "nci":
        return Nci(unit=unit), settings
    if name == "toledo-8217":
        return Toledo8217(unit=unit), settings
    if name == "plain":
        ask = address.text("ask")
        if not (ask.isascii() and len(ask) <= 16 and (ask.isprintable() or not ask)):
            raise address.wrong("ask", "Q, P, SI, ...")
        return PlainLines(ask=ask, unit=unit), settings
    continuous = address.choice("mode", ("poll", "continuous"), "poll") == "continuous"
    return MtSics(continuous=continuous, unit=unit), settings


def _serial_source(address: Address, settings: LineSettings, ports: ListPorts) -> ScaleSource:
    if address.scheme in NETWORK:
        host, colon, number = address.place.rpartition(":")
        if not (host and colon and number.isascii() and number.isdigit() and 0 < int(number) < 65536):
            raise BadUseError("device.no_port", uri=address.uri)
        return NetworkSource(f"{address.scheme}://{host}:{number}", settings)
    vid, pid = address.hexadecimal("vid"), address.hexadecimal("pid")
    serial = address.text("serial") or None
    if not address.place and vid is None:
        raise BadUseError("device.no_port", uri=address.uri)
    identity = UsbIdentity(vid, pid, serial) if vid is not None else None
    return SerialSource(PortSeeker(address.place, identity, ports), settings)


def _hid_source(address: Address, ports: ListPorts) -> ScaleSource:
    """`hid://vid:pid[:serial]`, hexadecimal."""
    vid, _, rest = address.place.partition(":")
    pid, _, number = rest.partition(":")
    address.finish()
    if not vid:
        raise BadUseError("device.scale_no_numbers", uri=address.uri)
    identity = UsbIdentity(hex4(address, "vid", vid), hex4(address, "pid", pid) if pid else None, number or None)
    if platform.system() == "Linux":
        return HidFileSource(PortSeeker("", identity, ports), REPORT_BYTES)
    return HidApiSource(identity, SCALE_PAGE, REPORT_BYTES, hid_api)
