"""`print`: one document with sample values through the print queue, to try a printer with."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.bootstrap.document_printer import SHEETS, PrintingPress
from app.commands.opening import answer, opened
from app.domain.clock import utc_now
from app.domain.document_samples import document_from_data
from app.domain.errors import BadUseError, EnvironmentFailure
from app.domain.print_ports import PrinterStatus, PrintLanguage
from app.domain.states import PrintJobState
from app.domain.words import say
from app.printing.printers import open_printer
from app.printing.rendering import render
from app.runtime.print_worker import PrintAnswer
from app.runtime.printing_one import print_and_wait
from app.services import print_jobs
from app.services.actor import Actor
from app.services.print_jobs import JobToPrint
from app.services.setup import ensure_station
from app.settings import Settings

STATION = "Command line"
WRITER = "print"


class SamplePress:
    """Draws a job's document from sample values, and leaves the rest to the press of every station."""

    def __init__(self, uri: str) -> None:
        self._press = PrintingPress(uri, {}, lambda *_: None)

    def print(self, job: JobToPrint) -> PrintAnswer:
        """Prints one job."""
        printer = self._press.printer(job.printer)
        sheet = printer.language is PrintLanguage.PDF and job.document in SHEETS
        document = document_from_data(job.document, job.content, sheet)
        return self._press.print(replace(job, payload=render(document, printer.language, printer.dpi)))

    def standing(self, document: str, printer: str = "") -> PrinterStatus:
        """How the printer is."""
        return self._press.standing(document, printer)

    def ask(self) -> None:
        """Asks the printer how it is."""
        self._press.ask()

    def close(self) -> None:
        """Lets go of the printer."""
        self._press.close()


def run(settings: Settings, document: str, data: Path | None, wait: float, as_json: bool) -> int:
    """Prints one document. Exit status 3 when it is not printed in time; then it is cancelled."""
    if not settings.printer:
        raise BadUseError("cli.print.no_printer")
    open_printer(settings.printer)
    content = _values_of(data) if data is not None else {}
    document_from_data(document, content)
    with opened(settings) as at:
        station = at.database.write(lambda session: ensure_station(session, utc_now(), STATION, at.warehouse_id))

        def actor(now: datetime) -> Actor:
            return replace(at.actor(WRITER, now), station_id=station)

        job = at.database.write(
            lambda session: print_jobs.queue(
                session, actor(utc_now()), f"cli-{uuid.uuid4().hex}", document, content, printer=settings.printer
            )
        )
        end = print_and_wait(at.database, actor, utc_now, SamplePress(settings.printer), job, wait)
        if (
            end.state is PrintJobState.QUEUED
        ):  # nobody goes on with it: left there, it would stand in the queue for ever
            at.database.write(lambda session: print_jobs.cancel(session, actor(utc_now()), job))
            end = replace(end, state=PrintJobState.CANCELLED)
    told = {"jobs": [{"id": end.id, "state": end.state.value, "reason": end.reason}]}
    sentence = say(f"cli.print.{end.state.value}", job=end.id, document=document, reason=end.reason.rstrip("."))
    if end.state is PrintJobState.PRINTED:
        answer(as_json, told, sentence)
        return 0
    if as_json:
        answer(True, told)
    print(sentence, file=sys.stderr)
    return 3


def _values_of(path: Path) -> Mapping[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BadUseError("cli.print.no_data", file=str(path)) from error
    except OSError as error:
        raise EnvironmentFailure("cli.print.unreadable", file=str(path), reason=error.strerror) from error
    except ValueError as error:
        raise BadUseError("cli.print.not_json", file=str(path), reason=str(error)) from error
    if not isinstance(told, dict):
        raise BadUseError("cli.print.not_object", file=str(path))
    return told
