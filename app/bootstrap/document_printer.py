"""Draws documents and brings them to printers: the print worker's port, made of the printing package."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.domain.errors import PickwickError
from app.domain.print_ports import (
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    UnprintableLabelError,
)
from app.domain.words import say

if TYPE_CHECKING:
    from app.presenters.device_watch import PrinterOrder
    from app.printing.controls import Steps
    from app.runtime.print_worker import PrintAnswer
    from app.services.print_jobs import JobToPrint

_WAITS = (PrinterNotReady, PrinterUnreachable)
READY_SECONDS = 5.0
"""A printer that could print so long ago is not asked again before a label is bought. Nor is one that was not reached:
looking for it takes seconds, in which nothing else is printed."""
TROUBLED_SECONDS = 1.0
"""One that could not is asked again after so long: somebody mends it."""
SHEETS = frozenset({"command-sheet", "doctor-sheet", "transfer", "supplier-request"})


def open_printer(uri: str) -> Printer:
    """The printer of an address (`app.printing.printers.open_printer`), read when the first one is wanted."""
    from app.printing import printers

    return printers.open_printer(uri)


class PrintingPress:
    """Implements `runtime.background.DocumentPrinter`; one thread owns it and so each printer."""

    def __init__(
        self,
        default: str,
        by_document: Mapping[str, str],
        on_status: Callable[[str, PrinterStatus], None],
        opener: Callable[[str], Printer] = open_printer,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`default` is the URI of the label printer, empty for none; `by_document` names others, by kind."""
        self._default, self._by_document, self._on_status = default, by_document, on_status
        self._opener, self._monotonic = opener, monotonic
        self._known: dict[str, tuple[float, PrinterStatus]] = {}
        self._open: dict[str, Printer] = {}

    def print(self, job: JobToPrint) -> PrintAnswer:
        """Prints one job; every failure of the printer is an answer."""
        from app.runtime.print_worker import PrintAnswer

        uri = job.printer or self._by_document.get(job.document, self._default)
        if not uri:
            return PrintAnswer(False, False, say("printing.no_printer"), "")
        try:
            printer = self.printer(uri)
            data = self._foreign(job.payload, printer) if job.payload else self._draw(job, printer)
            result = printer.send(PrintPayload(str(job.id), f"{job.document}-{job.id}", data))
        except PrintInterrupted as error:
            self._said(uri, PrinterStatus(PrinterState.UNREACHABLE))
            del self._known[uri]  # nobody asked it: the next label does
            return PrintAnswer(False, True, say(error.code, **error.values), uri)
        except UnprintableLabelError as error:
            return PrintAnswer(False, False, say(error.code, **error.values), uri)
        except PickwickError as error:
            self._said(uri, getattr(error, "status", PrinterStatus(PrinterState.UNREACHABLE)))
            return PrintAnswer(False, False, say(error.code, **error.values), uri, isinstance(error, _WAITS))
        self._said(uri, result.status)
        if result.doubtful:
            return PrintAnswer(False, True, say("printing.doubtful", printer=uri), uri)
        if result.confirmed or result.status.can_print:
            return PrintAnswer(True, False, "", uri)
        why = say(f"printing.state.{result.status.state.value}").lower()  # well again, perhaps, when it is read
        return PrintAnswer(False, True, say("printing.stopped", why=why), uri)

    def standing(self, document: str, printer: str = "") -> PrinterStatus:
        """How the printer for such documents is, or the one at an address; it is asked unless it just was.

        Unknown where there is none.
        """
        uri = printer or self._by_document.get(document, self._default)
        if not uri:
            return PrinterStatus(PrinterState.UNKNOWN)
        at, status = self._known.get(uri, (0.0, PrinterStatus(PrinterState.UNKNOWN)))
        soon = not status.can_print and status.state is not PrinterState.UNREACHABLE
        fresh = TROUBLED_SECONDS if soon else READY_SECONDS
        if uri not in self._known or self._monotonic() - at >= fresh:
            status = self._ask(uri)
        return status

    def printer(self, uri: str) -> Printer:
        """The printer with this address, opened when it is used first."""
        found = self._open.get(uri)
        if found is None:
            found = self._opener(uri)
            self._open[uri] = found
        return found

    @property
    def uris(self) -> tuple[str, ...]:
        """The addresses of this station's printers, each once."""
        return tuple(dict.fromkeys(uri for uri in (self._default, *self._by_document.values()) if uri))

    def describe(self, uri: str) -> tuple[str, int]:
        """Language and dots an inch of a printer; empty and 0 for an address that means nothing."""
        try:
            printer = self._opener(uri)
        except PickwickError:
            return "", 0
        return printer.language.value, printer.dpi

    def ask(self) -> None:
        """Asks the label printer how it is, for the lamp."""
        if self._default:
            self._ask(self._default)

    def _ask(self, uri: str) -> PrinterStatus:
        try:
            status = self.printer(uri).status()
        except PickwickError:
            status = PrinterStatus(PrinterState.UNREACHABLE)
        self._said(uri, status)
        return status

    def look(self, uri: str) -> None:
        """Asks one printer how it is."""
        try:
            self._said(uri, self.printer(uri).status())
        except PickwickError:
            self._said(uri, PrinterStatus(PrinterState.UNREACHABLE))

    def tell(self, uri: str, order: PrinterOrder, level: int) -> str:
        """Sends an order of the Devices screen; why it could not, empty when the printer took it."""
        from app.domain.label_stock import stock_of
        from app.presenters.device_watch import PrinterOrder
        from app.printing import controls

        try:
            printer = self.printer(uri)
            made = {
                PrinterOrder.FEED: lambda: controls.feed(printer.language),
                PrinterOrder.CALIBRATE: lambda: controls.calibrate(printer.language, stock_of(uri)),
                PrinterOrder.SETTINGS: lambda: controls.settings_label(printer.language),
                PrinterOrder.DARKER: lambda: controls.darkness(printer.language, level),
                PrinterOrder.LIGHTER: lambda: controls.darkness(printer.language, level),
                PrinterOrder.FASTER: lambda: controls.speed(printer.language, level),
                PrinterOrder.SLOWER: lambda: controls.speed(printer.language, level),
            }[order]()
            result = printer.send(PrintPayload("", f"order-{order.value}", made))
        except PickwickError as error:
            return say(error.code, **error.values)
        self._said(uri, result.status)
        return ""

    def levels(self, uri: str) -> tuple[Steps, Steps] | None:
        """How dark and how fast a printer can be told to print; None where its language has no such command."""
        from app.printing import controls

        try:
            language = self._opener(uri).language
            return controls.darkness_steps(language), controls.speed_steps(language)
        except PickwickError:
            return None

    def address_of(self, document: str, printer: str) -> str:
        """Where such a document goes, when its job names no printer."""
        return printer or self._by_document.get(document, self._default)

    def documents_of(self, uri: str) -> tuple[str, ...]:
        """The kinds of documents that go to a printer besides labels."""
        return tuple(kind for kind, address in self._by_document.items() if address == uri)

    def close(self) -> None:
        """Lets go of the printers."""
        self._open.clear()

    @staticmethod
    def _foreign(payload: bytes, printer: Printer) -> bytes:
        """A label that a carrier made, as this printer understands it."""
        from app.domain.label_stock import stock_of
        from app.printing.payloads import foreign_label

        return foreign_label(payload, printer.language, printer.dpi, stock_of(printer.uri))

    def _draw(self, job: JobToPrint, printer: Printer) -> bytes:
        from app.domain.document_samples import document_of_job
        from app.domain.label_stock import stock_of
        from app.printing.rendering import render

        sheet = printer.language is PrintLanguage.PDF and job.document in SHEETS
        document = document_of_job(job.document, job.content, sheet=sheet)
        return render(document, printer.language, printer.dpi, stock_of(printer.uri))

    def _said(self, uri: str, status: PrinterStatus) -> None:
        self._known[uri] = self._monotonic(), status
        self._on_status(uri, status)
