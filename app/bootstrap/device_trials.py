"""Whether a found device works as what it shall be: it is opened and asked, before anything is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.devices.opening import open_scanner
from app.devices.scale_opening import PROTOCOLS, open_scale
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState
from app.domain.print_ports import Printer, PrinterState, PrintLanguage
from app.domain.words import say
from app.presenters.found_devices import FoundUse, Tried, Use
from app.printing.printers import open_printer

SCALE_SECONDS = 2.5
"""A scale that is asked in its own protocol answers in far less."""
SCANNER_SECONDS = 2.0
LOOK_SECONDS = 0.05
_LANGUAGES = (PrintLanguage.ZPL, PrintLanguage.TSPL, PrintLanguage.EPL2)


class DeviceTrials:
    """Tries one found device as what it shall be."""

    def __init__(
        self, printers: Callable[[str], Printer] = open_printer, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._printers, self._now = printers, now

    def try_out(self, use: FoundUse) -> Tried:
        """Opens it and asks it something. Raises PickwickError for an address that means nothing."""
        if use.use is Use.SCANNER:
            return self._scanner(use.uri)
        if use.use is Use.SCALE:
            return self._scale(use.uri)
        return self._printer(use.uri, may_guess=use.use is Use.LABELS)

    def _scanner(self, uri: str) -> Tried:
        """It can be opened; it says nothing until something is scanned."""
        scanner, heard = open_scanner(uri, IdMaker(), utc_now), threading.Event()
        notices: list[DeviceNotice] = []

        def noticed(notice: DeviceNotice) -> None:
            notices.append(notice)
            heard.set()

        scanner.start(lambda _scan: heard.set(), noticed)
        try:
            until = self._now() + SCANNER_SECONDS
            while scanner.state is not DeviceState.READY and not heard.wait(LOOK_SECONDS) and self._now() < until:
                pass
            ready = scanner.state is DeviceState.READY
        finally:
            scanner.stop()
        if ready:
            return Tried(uri, say("devices_screen.tried.scanner"))
        refused = next((one for one in notices if one.change is DeviceChange.REFUSED), None)
        if refused is not None:
            return Tried("", say("devices_screen.tried.refused", why=refused.detail))
        return Tried("", say("devices_screen.tried.gone"))

    def _scale(self, uri: str) -> Tried:
        """Asks in one protocol after the other until a weight comes."""
        if uri.startswith("hid:"):
            return self._weighs(uri) or Tried("", say("devices_screen.tried.no_weight_hid"))
        join = "&" if "?" in uri else "?"
        for protocol in PROTOCOLS:
            tried = self._weighs(f"{uri}{join}protocol={protocol}")
            if tried is not None:
                return tried
        return Tried("", say("devices_screen.tried.no_weight"))

    def _weighs(self, uri: str) -> Tried | None:
        scale = open_scale(uri, self._now)
        scale.start()
        try:
            until, wait = self._now() + SCALE_SECONDS, threading.Event()
            while scale.reading() is None and self._now() < until:
                wait.wait(LOOK_SECONDS)
            reading = scale.reading()
        finally:
            scale.stop()
        if reading is None:
            return None
        return Tried(uri, say("devices_screen.tried.scale", grams=reading.grams))

    def _printer(self, uri: str, *, may_guess: bool) -> Tried:
        """Asks it how it is, in one language after the other where nobody knows its language."""
        if "language=" in uri or not may_guess or uri.startswith("spool:"):
            return self._answers(uri)
        join = "&" if "?" in uri else "?"
        first: Tried | None = None
        for language in _LANGUAGES:
            told = f"{uri}{join}language={language.value}"
            state = self._printers(told).status().state
            if state not in (PrinterState.UNKNOWN, PrinterState.UNREACHABLE):
                return self._said(told, state)
            first = first or self._said(told, state)
        assert first is not None
        return first

    def _answers(self, uri: str) -> Tried:
        return self._said(uri, self._printers(uri).status().state)

    @staticmethod
    def _said(uri: str, state: PrinterState) -> Tried:
        if state is PrinterState.UNREACHABLE:
            return Tried("", say("devices_screen.tried.unreachable"))
        if state is PrinterState.UNKNOWN:
            return Tried(uri, say("devices_screen.tried.silent"))
        return Tried(uri, say("devices_screen.tried.printer", state=say(f"printing.state.{state.value}")))
