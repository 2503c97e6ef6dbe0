"""A printer on a network port (usually 9100): connect, ask how it is, send, ask again, hang up."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.print_ports import (
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    SendResult,
)
from app.printing.zebra_status import ASK, StatusReader

CONNECT_SECONDS = 4.0
SEND_SECONDS = 15.0
ANSWER_SECONDS = 0.4
"""A printer that speaks `~HS` answers in a few hundredths of a second; one that does not is used all the same."""
SETTLE_SECONDS = 3.0
"""How long we wait for a label to come out before we leave the question open."""
SILENT_SECONDS = 60.0
"""A printer that did not answer is not asked again for so long."""
UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)


class _HungUp(Exception):  # noqa: N818 - says what happened, and never leaves this file
    """The printer closed the connection on our question; none of the job was sent."""


class TcpPrinter:
    """One connection a job, so that other stations reach the printer between jobs."""

    def __init__(self, uri: str, host: str, port: int, language: PrintLanguage, dpi: int) -> None:
        self.uri = uri
        self.language = language
        self.dpi = dpi
        self._address = (host, port)
        self._silent_until = 0.0

    def status(self) -> PrinterStatus:
        """What it says now; unknown when it does not speak of itself, unreachable when nothing listens."""
        try:
            with self._connection() as line:
                return self._ask_first(line) if self._speaks() else UNKNOWN
        except PrinterUnreachable:
            return PrinterStatus(PrinterState.UNREACHABLE)
        except _HungUp:
            return UNKNOWN

    def send(self, job: PrintPayload) -> SendResult:
        """Send when it can print. Raises PrinterUnreachable, PrinterNotReady or PrintInterrupted."""
        if self._speaks():
            with self._connection() as line:
                try:
                    return self._deliver(line, job, self._ask_first(line))
                except _HungUp:
                    pass  # none of the job was sent, so it goes over a new connection
        with self._connection() as line:
            return self._deliver(line, job, UNKNOWN)

    def _deliver(self, line: socket.socket, job: PrintPayload, before: PrinterStatus) -> SendResult:
        if not before.can_print:
            raise PrinterNotReady(self.uri, before)
        try:
            line.settimeout(SEND_SECONDS)
            line.sendall(job.data)
        except OSError as error:
            raise PrintInterrupted("printing.interrupted", printer=self.uri) from error
        after = self._settle(line) if before.state is PrinterState.READY else UNKNOWN
        _hang_up(line)
        return SendResult(after, after.state is PrinterState.READY and after.waiting == 0)

    @contextmanager
    def _connection(self) -> Iterator[socket.socket]:
        host, port = self._address
        try:
            line = socket.create_connection(self._address, CONNECT_SECONDS)
        except TimeoutError as error:
            raise PrinterUnreachable("printing.no_answer", host=host, port=port) from error
        except ConnectionRefusedError as error:
            raise PrinterUnreachable("printing.refused", host=host, port=port) from error
        except socket.gaierror as error:
            raise PrinterUnreachable("printing.unknown_host", host=host) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise PrinterUnreachable("printing.no_way", host=host, port=port, reason=reason) from error
        with line:
            yield line

    def _ask_first(self, line: socket.socket) -> PrinterStatus:
        """How it is before the job. One that says nothing is not asked again for a while, and used all the same."""
        until = time.monotonic() + SILENT_SECONDS
        try:
            status = self._ask(line)
        except OSError as error:
            self._silent_until = until
            raise _HungUp from error
        if status.state is PrinterState.UNKNOWN:
            self._silent_until = until
        return status

    def _speaks(self) -> bool:
        """Whether asking is worth it: page printers have no `~HS`, and silent ones were asked not long ago."""
        return self.language is PrintLanguage.ZPL and time.monotonic() >= self._silent_until

    def _ask(self, line: socket.socket) -> PrinterStatus:
        """The answer to `~HS` within its time; unknown for silence. Raises OSError when the line breaks."""
        reader = StatusReader()
        line.sendall(ASK)
        until = time.monotonic() + ANSWER_SECONDS
        while not reader.complete and (left := until - time.monotonic()) > 0:
            line.settimeout(left)
            try:
                piece = line.recv(4096)
            except TimeoutError:
                break
            if not piece:
                raise ConnectionAbortedError("hung up on the question")
            reader.feed(piece)
        return reader.status()

    def _settle(self, line: socket.socket) -> PrinterStatus:
        """Ask until nothing waits in the printer, something stopped it, or the time is up. The bytes are with it."""
        until = time.monotonic() + SETTLE_SECONDS
        pause = 0.02
        try:
            status = self._ask(line)
            while status.state is PrinterState.READY and status.waiting and time.monotonic() < until:
                time.sleep(pause)
                pause = min(2 * pause, 0.3)
                status = self._ask(line)
        except OSError:
            return UNKNOWN
        return status


def _hang_up(line: socket.socket) -> None:
    """Say that no more comes, and take what still arrives: closing at once could throw away what was not read yet."""
    try:
        line.shutdown(socket.SHUT_WR)
        line.settimeout(ANSWER_SECONDS)
        while line.recv(4096):
            pass
    except OSError:
        return
