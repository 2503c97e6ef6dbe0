"""From an address to a printer."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit
from urllib.request import url2pathname

from app.domain.print_ports import Printer, PrinterUriError, PrintLanguage
from app.printing.dots import DOTS_PER_MM
from app.printing.file_printer import FilePrinter
from app.printing.simulated_printer import SimulatedCondition, SimulatedPrinter
from app.printing.tcp_printer import TcpPrinter

RAW_PORT = 9100


def open_printer(uri: str) -> Printer:
    """The printer of an address; nothing is opened yet. Raises PrinterUriError for what is no printer's address.

    `tcp://host:9100?language=zpl&dpi=300`, `file:///folder?language=pdf`, `sim:`, `sim:bench-1?state=paper-out`.
    """
    parts = _split(uri)
    options = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    allowed = {"language", "dpi", "state"} if parts.scheme == "sim" else {"language", "dpi"}
    unknown = sorted(options.keys() - allowed)
    if unknown:
        raise PrinterUriError("printing.uri.option", uri=uri, option=unknown[0], known=", ".join(sorted(allowed)))
    language = _language(uri, options.get("language", "zpl"))
    dpi = _dpi(uri, options.get("dpi", "203"))
    if parts.scheme == "tcp":
        return TcpPrinter(uri, *_host_and_port(uri, parts), language, dpi)
    if parts.scheme == "file":
        return FilePrinter(uri, _folder(uri, parts), language, dpi)
    if parts.scheme == "sim":
        return SimulatedPrinter(uri, language, dpi, _condition(uri, options.get("state", "ready")))
    raise PrinterUriError("printing.uri.scheme", uri=uri)


def _split(uri: str) -> SplitResult:
    try:
        return urlsplit(uri)
    except ValueError as error:
        raise PrinterUriError("printing.uri.scheme", uri=uri) from error


def _language(uri: str, name: str) -> PrintLanguage:
    try:
        return PrintLanguage(name)
    except ValueError as error:
        raise PrinterUriError("printing.uri.language", uri=uri, language=name) from error


def _dpi(uri: str, text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) in DOTS_PER_MM:
        return int(text)
    raise PrinterUriError("printing.uri.dpi", uri=uri, dpi=text)


def _condition(uri: str, name: str) -> SimulatedCondition:
    try:
        return SimulatedCondition(name)
    except ValueError as error:
        known = ", ".join(SimulatedCondition)
        raise PrinterUriError("printing.uri.state", uri=uri, state=name, known=known) from error


def _host_and_port(uri: str, parts: SplitResult) -> tuple[str, int]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise PrinterUriError("printing.uri.port", uri=uri) from error
    if port == 0:
        raise PrinterUriError("printing.uri.port", uri=uri)
    if not host:
        raise PrinterUriError("printing.uri.host", uri=uri)
    return host, RAW_PORT if port is None else port


def _folder(uri: str, parts: SplitResult) -> Path:
    if parts.netloc not in ("", "localhost") or not parts.path:
        raise PrinterUriError("printing.uri.folder", uri=uri)
    folder = url2pathname(parts.path)
    if re.fullmatch(r"[\\/]+", folder):
        raise PrinterUriError("printing.uri.folder", uri=uri)
    return Path(folder)
