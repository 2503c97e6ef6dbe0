"""A folder as a printer: one file a job, whole or not at all."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from app.domain.print_ports import (
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintLanguage,
    PrintPayload,
    SendResult,
)

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


class FilePrinter:
    """Jobs become `<title>-<job id>.zpl` or `.pdf`; the same job again replaces its own file."""

    def __init__(self, uri: str, folder: Path, language: PrintLanguage, dpi: int) -> None:
        self.uri = uri
        self.language = language
        self.dpi = dpi
        self._folder = folder

    def status(self) -> PrinterStatus:
        """Ready while the folder is there and may be written."""
        usable = self._folder.is_dir() and os.access(self._folder, os.W_OK)
        return PrinterStatus(PrinterState.READY if usable else PrinterState.UNREACHABLE)

    def send(self, job: PrintPayload) -> SendResult:
        """Write the file. Raises PrinterUnreachable when the folder is missing, closed to us, or the disk is full."""
        name = f"{_plain(job.title)[:60]}-{_plain(job.job_id)}".strip("-.") + f".{self.language}"
        unfinished = self._folder / f".{name}.part"
        try:
            with unfinished.open("wb") as file:
                file.write(job.data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / name)
        except OSError as error:
            self._forget(unfinished)
            raise self._refusal(error) from error
        return SendResult(PrinterStatus(PrinterState.READY), confirmed=True)

    @staticmethod
    def _forget(unfinished: Path) -> None:
        try:
            unfinished.unlink(missing_ok=True)
        except OSError:
            return

    def _refusal(self, error: OSError) -> PrinterUnreachable:
        folder = str(self._folder)
        if error.errno in _FULL:
            return PrinterUnreachable("printing.disk_full", folder=folder)
        if not self._folder.is_dir():
            return PrinterUnreachable("printing.folder_missing", folder=folder)
        if isinstance(error, PermissionError):
            return PrinterUnreachable("printing.folder_closed", folder=folder)
        return PrinterUnreachable("printing.folder_failed", folder=folder, reason=error.strerror or str(error))


def _plain(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-.")
