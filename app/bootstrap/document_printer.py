"""Draws documents and brings them to printers: the print worker's port, made of the printing package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.domain.errors import PickwickError
from app.domain.print_ports import (
    Printer,
    PrinterState,
    PrinterStatus,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    UnprintableLabelError,
)
from app.domain.words import say

if TYPE_CHECKING:
    from app.runtime.background import PrintAnswer
    from app.services.print_jobs import JobToPrint

SHEETS = frozenset({"command-sheet", "doctor-sheet"})


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
    ) -> None:
        """`default` is the URI of the label printer, empty for none; `by_document` names others, by kind."""
        self._default, self._by_document, self._on_status = default, by_document, on_status
        self._opener = opener
        self._open: dict[str, Printer] = {}

    def print(self, job: JobToPrint) -> PrintAnswer:
        """Prints one job; every failure of the printer is an answer."""
        from app.runtime.background import PrintAnswer

        uri = job.printer or self._by_document.get(job.document, self._default)
        if not uri:
            return PrintAnswer(False, False, say("printing.no_printer"), "")
        try:
            printer = self.printer(uri)
            data = self._foreign(job.payload, printer) if job.payload else self._draw(job, printer)
            result = printer.send(PrintPayload(str(job.id), f"{job.document}-{job.id}", data))
        except PrintInterrupted as error:
            self._said(uri, PrinterStatus(PrinterState.UNREACHABLE))
            return PrintAnswer(False, True, say(error.code, **error.values), uri)
        except UnprintableLabelError as error:
            return PrintAnswer(False, False, say(error.code, **error.values), uri)
        except PickwickError as error:
            self._said(uri, getattr(error, "status", PrinterStatus(PrinterState.UNREACHABLE)))
            return PrintAnswer(False, False, say(error.code, **error.values), uri)
        self._said(uri, result.status)
        if result.doubtful:
            return PrintAnswer(False, True, say("printing.doubtful", printer=uri), uri)
        if result.confirmed or result.status.can_print:
            return PrintAnswer(True, False, "", uri)
        return PrintAnswer(False, True, say(f"printing.state.{result.status.state.value}"), uri)

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
            try:
                self._said(self._default, self.printer(self._default).status())
            except PickwickError:
                self._said(self._default, PrinterStatus(PrinterState.UNREACHABLE))

    def close(self) -> None:
        """Lets go of the printers."""
        self._open.clear()

    @staticmethod
    def _foreign(payload: bytes, printer: Printer) -> bytes:
        """A label that a carrier made, as this printer understands it."""
        from app.printing.payloads import foreign_label

        return foreign_label(payload, printer.language, printer.dpi)

    def _draw(self, job: JobToPrint, printer: Printer) -> bytes:
        from app.domain.document_samples import document_of_job
        from app.printing.rendering import render

        sheet = printer.language is PrintLanguage.PDF and job.document in SHEETS
        document = document_of_job(job.document, job.content, sheet=sheet)
        return render(document, printer.language, printer.dpi)

    def _said(self, uri: str, status: PrinterStatus) -> None:
        self._on_status(uri, status)
