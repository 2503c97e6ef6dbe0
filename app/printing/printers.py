"""From an address to a printer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from urllib.request import url2pathname

from app.domain.label_stock import WIDEST_GAP, Media, gap_of, size_of
from app.domain.print_ports import Printer, PrinterUriError, PrintLanguage
from app.printing.dots import DOTS_PER_MM
from app.printing.file_printer import FilePrinter
from app.printing.line_printer import LinePrinter, Patience
from app.printing.lines.device_line import DeviceLine
from app.printing.lines.line import Line
from app.printing.lines.serial_line import SerialForm, SerialLine
from app.printing.lines.tcp_line import TcpLine
from app.printing.serial_ports import port_finder
from app.printing.simulated_printer import SimulatedCondition, SimulatedPrinter
from app.printing.spool_printer import SpoolPrinter
from app.printing.spoolers import system_spooler
from app.printing.usb_devices import UsbIdentity, device_finder

RAW_PORT = 9100
_COMMON = ("dpi", "gap", "language", "media", "size")
_IDENTITY = ("pid", "serial", "vid")
_SERIAL = ("baud", "bits", "flow", "parity", "stop")
_OPTIONS = {
    "tcp": _COMMON,
    "file": _COMMON,
    "sim": (*_COMMON, "state"),
    "spool": _COMMON,
    "usb": (*_COMMON, *_IDENTITY),
    "serial": (*_COMMON, *_IDENTITY, *_SERIAL),
    "rfc2217": (*_COMMON, *_SERIAL),
}
_BAUDS = ("1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200", "230400", "460800", "921600")


def open_printer(uri: str, patience: Patience | None = None) -> Printer:
    """The printer of an address; nothing is opened yet. Raises PrinterUriError for what is no printer's address.

    `tcp://host:9100?language=zpl&dpi=300`, `serial:///dev/ttyS0?baud=115200`, `serial:?vid=0a5f`,
    `rfc2217://host:7000`, `usb:///dev/usb/lp0`, `usb:?vid=0a5f&pid=0120&serial=X1`, `spool://Labels`,
    `file:///folder?language=pdf`, `sim:`, `sim:bench-1?state=paper-out`. Each takes `language`, `dpi`, and of its
    labels `size=102x152`, `media` (gap, mark, continuous) and `gap` in millimetres (`domain.label_stock`).
    """
    address = _Address.of(uri)
    language, dpi = address.language(), address.dpi()
    address.check_stock()
    if address.scheme == "file":
        return FilePrinter(uri, address.folder(), language, dpi)
    if address.scheme == "sim":
        return SimulatedPrinter(uri, language, dpi, address.condition())
    if address.scheme == "spool":
        return SpoolPrinter(uri, address.queue(), system_spooler(), language, dpi)
    return LinePrinter(uri, _line(address), language, dpi, patience)


def _line(address: _Address) -> Line:
    if address.scheme == "tcp":
        return TcpLine(*address.host_and_port(RAW_PORT))
    if address.scheme == "usb":
        return DeviceLine(address.usb_finder())
    return SerialLine(address.serial_finder(), address.serial_form())


@dataclass(frozen=True, slots=True)
class _Address:
    """The parts of a printer's address; each is checked when it is read. All raise PrinterUriError."""

    uri: str
    parts: SplitResult
    options: dict[str, str]

    @classmethod
    def of(cls, uri: str) -> _Address:
        try:
            parts = urlsplit(uri)
        except ValueError as error:
            raise PrinterUriError("printing.uri.scheme", uri=uri) from error
        if parts.scheme not in _OPTIONS:
            raise PrinterUriError("printing.uri.scheme", uri=uri)
        options = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        allowed = sorted(_OPTIONS[parts.scheme])
        for option in sorted(options.keys() - set(allowed)):
            raise PrinterUriError("printing.uri.option", uri=uri, option=option, known=", ".join(allowed))
        return cls(uri, parts, options)

    @property
    def scheme(self) -> str:
        return self.parts.scheme

    def language(self) -> PrintLanguage:
        name = self.options.get("language", "zpl")
        try:
            return PrintLanguage(name)
        except ValueError as error:
            raise PrinterUriError("printing.uri.language", uri=self.uri, language=name) from error

    def dpi(self) -> int:
        text = self.options.get("dpi", "203")
        if text.isascii() and text.isdigit() and int(text) in DOTS_PER_MM:
            return int(text)
        raise PrinterUriError("printing.uri.dpi", uri=self.uri, dpi=text)

    def check_stock(self) -> None:
        """What is told of the labels means something."""
        size, gap = self.options.get("size"), self.options.get("gap")
        if size is not None and size_of(size) is None:
            raise PrinterUriError("printing.uri.size", uri=self.uri, size=size)
        if gap is not None and gap_of(gap) is None:
            raise PrinterUriError("printing.uri.gap", uri=self.uri, gap=gap, most=f"{WIDEST_GAP:g}")
        if "media" in self.options:
            self._choice("media", tuple(Media), Media.GAP.value)

    def condition(self) -> SimulatedCondition:
        name = self.options.get("state", "ready")
        try:
            return SimulatedCondition(name)
        except ValueError as error:
            known = ", ".join(SimulatedCondition)
            raise PrinterUriError("printing.uri.state", uri=self.uri, state=name, known=known) from error

    def host_and_port(self, default: int) -> tuple[str, int]:
        try:
            host, port = self.parts.hostname, self.parts.port
        except ValueError as error:
            raise PrinterUriError("printing.uri.port", uri=self.uri) from error
        if port == 0:
            raise PrinterUriError("printing.uri.port", uri=self.uri)
        if not host:
            raise PrinterUriError("printing.uri.host", uri=self.uri)
        return host, default if port is None else port

    def folder(self) -> Path:
        if self.parts.netloc not in ("", "localhost") or not self.parts.path:
            raise PrinterUriError("printing.uri.folder", uri=self.uri)
        folder = url2pathname(self.parts.path)
        if re.fullmatch(r"[\\/]+", folder):
            raise PrinterUriError("printing.uri.folder", uri=self.uri)
        return Path(folder)

    def queue(self) -> str:
        """The name after `spool://`; it may have spaces and slashes, as the names on Windows do, but is no option."""
        name = unquote(self.parts.netloc + self.parts.path).strip("/")
        if not name or name.startswith("-") or not name.isprintable():
            raise PrinterUriError("printing.uri.queue", uri=self.uri)
        return name

    def usb_finder(self) -> Callable[[], Path]:
        if self.parts.path and not self.parts.netloc:
            path = Path(unquote(self.parts.path))
            return lambda: path
        return device_finder(self._identity())

    def serial_finder(self) -> Callable[[], str]:
        if self.scheme == "rfc2217":
            host, port = self.host_and_port(2217)
            return lambda: f"rfc2217://{host}:{port}"
        name = unquote(self.parts.netloc + self.parts.path)
        return (lambda: name) if name else port_finder(self._identity())

    def _identity(self) -> UsbIdentity:
        identity = UsbIdentity(*(self.options.get(name, "") for name in ("vid", "pid", "serial")))
        if self.parts.netloc or not str(identity):
            raise PrinterUriError("printing.uri.device", uri=self.uri)
        return identity

    def serial_form(self) -> SerialForm:
        return SerialForm(
            int(self._choice("baud", _BAUDS, "9600")),
            int(self._choice("bits", ("7", "8"), "8")),
            self._choice("parity", ("N", "E", "O"), "N"),
            int(self._choice("stop", ("1", "2"), "1")),
            self._choice("flow", ("none", "xonxoff", "rtscts", "dsrdtr"), "none"),
        )

    def _choice(self, option: str, known: tuple[str, ...], default: str) -> str:
        value = self.options.get(option, default)
        if value not in known:
            words = ", ".join(known)
            raise PrinterUriError("printing.uri.value", uri=self.uri, option=option, value=value, known=words)
        return value
