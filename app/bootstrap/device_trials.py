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
from app.domain.scale_words import ScaleTrouble
from app.domain.words import say
from app.presenters.found_devices import FoundUse, Going, Tried, Use
from app.printing.printers import open_printer

SCALE_SECONDS = 2.5
"""A scale that is asked in its own protocol answers in far less."""
SCANNER_SECONDS = 2.0
LOOK_SECONDS = 0.05
OTHER_SECONDS = 1.5
"""At the rarer rates: one that talks at such a rate answers at once, and nobody should stand there for a minute."""
RATES = (9600, 19200, 4800, 2400)
"""Of serial scales, the usual one first."""
_LANGUAGES = (PrintLanguage.ZPL, PrintLanguage.TSPL, PrintLanguage.EPL2)


class DeviceTrials:
    """Tries one found device as what it shall be."""

    def __init__(
        self, printers: Callable[[str], Printer] = open_printer, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._printers, self._now = printers, now

    def try_out(self, use: FoundUse, going: Going | None = None) -> Tried:
        """Opens it and asks it something. Raises PickwickError for an address that means nothing.

        `going` may give it up; what is said then means nothing.
        """
        going = going or _ToTheEnd()
        if use.use is Use.SCANNER:
            return self._scanner(use.uri, going)
        if use.use is Use.SCALE:
            return self._scale(use.uri, going)
        return self._printer(use.uri, going, may_guess=use.use is Use.LABELS)

    def _scanner(self, uri: str, going: Going) -> Tried:
        """It can be opened; it says nothing until something is scanned."""
        scanner, heard = open_scanner(uri, IdMaker(), utc_now), threading.Event()
        notices: list[DeviceNotice] = []

        def noticed(notice: DeviceNotice) -> None:
            notices.append(notice)
            heard.set()

        scanner.start(lambda _scan: heard.set(), noticed)
        try:
            until = self._now() + SCANNER_SECONDS
            while scanner.state is not DeviceState.READY and not heard.is_set() and self._now() < until:
                if going.over(LOOK_SECONDS):
                    break
            ready = scanner.state is DeviceState.READY
        finally:
            scanner.stop()
        if ready:
            return Tried(uri, say("devices_screen.tried.scanner"))
        refused = next((one for one in notices if one.change is DeviceChange.REFUSED), None)
        if refused is not None:
            return Tried("", say("devices_screen.tried.refused", why=refused.detail))
        return Tried("", say("devices_screen.tried.gone"))

    def _scale(self, uri: str, going: Going) -> Tried:
        """Asks in one protocol after the other, at one rate after the other, until a weight comes."""
        if uri.startswith("hid:"):
            return self._weighs(uri, SCALE_SECONDS, going) or Tried("", say("devices_screen.tried.no_weight_hid"))
        join = "&" if "?" in uri else "?"
        has_rate = uri.startswith(("serial:", "rfc2217:")) and "baud=" not in uri
        for rate in RATES if has_rate else RATES[:1]:
            seconds = SCALE_SECONDS if rate == RATES[0] else OTHER_SECONDS
            for protocol in PROTOCOLS:
                if going.over(0):
                    return Tried("", "")
                going.tell(say("devices_screen.said.trying_rate", protocol=protocol, baud=rate))
                told = f"{uri}{join}protocol={protocol}" + (f"&baud={rate}" if rate != RATES[0] else "")
                tried = self._weighs(told, seconds, going)
                if tried is not None:
                    return tried
        words = "devices_screen.tried.no_weight" if has_rate else "devices_screen.tried.no_weight_here"
        return Tried("", say(words))

    def _weighs(self, uri: str, seconds: float, going: Going) -> Tried | None:
        scale = open_scale(uri, self._now)
        scale.start()
        try:
            until = self._now() + seconds
            trouble = None
            while scale.reading() is None and trouble is not ScaleTrouble.UNIT and self._now() < until:
                if going.over(LOOK_SECONDS):
                    break
                trouble = scale.trouble
            reading = scale.reading()
        finally:
            scale.stop()
        if reading is None and trouble is ScaleTrouble.UNIT:  # it speaks, and never says what its digits count
            return Tried("", say("devices_screen.tried.no_unit", uri=uri))
        if reading is None:
            return None
        return Tried(uri, say("devices_screen.tried.scale", grams=reading.grams))

    def _printer(self, uri: str, going: Going, *, may_guess: bool) -> Tried:
        """Asks it how it is, in one language after the other where nobody knows its language."""
        if "language=" in uri or not may_guess or uri.startswith("spool:"):
            return self._answers(uri)
        join = "&" if "?" in uri else "?"
        first: Tried | None = None
        for language in _LANGUAGES:
            if first is not None and going.over(0):
                break
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


class _ToTheEnd:
    """Nobody gives it up."""

    def over(self, seconds: float) -> bool:
        """Waits."""
        time.sleep(seconds)
        return False

    def tell(self, words: str) -> None:
        """Nobody looks."""
