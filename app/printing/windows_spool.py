"""Print queues of Windows through `winspool.drv`: raw jobs, and what the system knows of the printer."""

from __future__ import annotations

import sys

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterUnreachable, PrinterWarning, PrintInterrupted
from app.printing.spool_printer import JobFate

_PRINTER_STATES = (
    (0x0040_0000, PrinterState.HEAD_OPEN),
    (0x0000_0010 | 0x0000_0040, PrinterState.PAPER_OUT),
    (0x0004_0000, PrinterState.RIBBON_OUT),
    (0x0000_0080 | 0x0000_1000 | 0x0080_0000, PrinterState.UNREACHABLE),
    (0x0000_0008 | 0x0000_0002 | 0x0008_0000 | 0x0010_0000, PrinterState.FAULT),
    (0x0020_0000, PrinterState.BUFFER_FULL),
    (0x0000_0001, PrinterState.PAUSED),
)
"""PRINTER_STATUS bits: door open; paper out or wrong; no toner; offline, not available, server unknown; jam, error,
page punt, user intervention; out of memory; paused. The worst first."""
_JAM, _TONER_LOW, _WORK_OFFLINE = 0x0000_0008, 0x0002_0000, 0x0000_0400
_JOB_DONE = 0x0000_0080 | 0x0000_1000
_JOB_PRINTING = 0x0000_0010
_JOB_GONE = 0x0000_0002 | 0x0000_0004 | 0x0000_0100
_DELETE_JOB = 5
_GONE_ERROR = 87
"""ERROR_INVALID_PARAMETER: the queue has no such job any more."""


def read_printer_bits(bits: int, attributes: int, jobs: int) -> PrinterStatus:
    """What Status and Attributes of PRINTER_INFO_2 say; nothing known to be wrong is unknown, not ready."""
    if attributes & _WORK_OFFLINE:
        return PrinterStatus(PrinterState.UNREACHABLE, jobs)
    state = next((state for mask, state in _PRINTER_STATES if bits & mask), PrinterState.UNKNOWN)
    said = ((bits & _TONER_LOW, PrinterWarning.RIBBON_LOW), (bits & _JAM, PrinterWarning.JAM))
    return PrinterStatus(state, jobs, tuple(warning for told, warning in said if told))


def read_job_bits(bits: int) -> JobFate:
    """What Status of JOB_INFO_1 says."""
    if bits & _JOB_GONE:
        return JobFate.GIVEN_UP
    if bits & _JOB_DONE:
        return JobFate.DONE
    return JobFate.GOES_OUT if bits & _JOB_PRINTING else JobFate.WAITS


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _SPOOL = ctypes.WinDLL("winspool.drv", use_last_error=True)
    _SPOOL.OpenPrinterW.argtypes = [wintypes.LPWSTR, ctypes.POINTER(wintypes.HANDLE), ctypes.c_void_p]
    _SPOOL.ClosePrinter.argtypes = [wintypes.HANDLE]
    _SPOOL.StartDocPrinterW.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p]
    _SPOOL.StartDocPrinterW.restype = wintypes.DWORD
    _SPOOL.StartPagePrinter.argtypes = [wintypes.HANDLE]
    _SPOOL.EndPagePrinter.argtypes = [wintypes.HANDLE]
    _SPOOL.EndDocPrinter.argtypes = [wintypes.HANDLE]
    _SPOOL.AbortPrinter.argtypes = [wintypes.HANDLE]
    _SPOOL.WritePrinter.argtypes = [
        wintypes.HANDLE,
        ctypes.c_char_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    ]
    _SPOOL.GetPrinterW.argtypes = [
        wintypes.HANDLE,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    ]
    _SPOOL.GetJobW.argtypes = [
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
    ]
    _SPOOL.SetJobW.argtypes = [
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
    ]
    _SPOOL.EnumPrintersW.argtypes = [
        wintypes.DWORD,
        wintypes.LPWSTR,
        wintypes.DWORD,
        ctypes.c_void_p,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        ctypes.POINTER(wintypes.DWORD),
    ]

    class _DocInfo(ctypes.Structure):
        _fields_ = [("name", wintypes.LPWSTR), ("output", wintypes.LPWSTR), ("datatype", wintypes.LPWSTR)]

    class _PrinterInfo2(ctypes.Structure):
        _fields_ = [
            *((name, wintypes.LPWSTR) for name in ("server", "printer", "share", "port", "driver", "comment", "place")),
            ("devmode", ctypes.c_void_p),
            *((name, wintypes.LPWSTR) for name in ("separator", "processor", "datatype", "parameters")),
            ("security", ctypes.c_void_p),
            *(
                (name, wintypes.DWORD)
                for name in ("attributes", "priority", "default", "start", "until", "status", "jobs", "ppm")
            ),
        ]

    class _PrinterInfo4(ctypes.Structure):
        _fields_ = [("printer", wintypes.LPWSTR), ("server", wintypes.LPWSTR), ("attributes", wintypes.DWORD)]

    class _JobInfo1(ctypes.Structure):
        _fields_ = [
            ("job", wintypes.DWORD),
            *((name, wintypes.LPWSTR) for name in ("printer", "machine", "user", "document", "datatype", "words")),
            ("status", wintypes.DWORD),
        ]

    class _Queue:
        """An open handle of a queue."""

        def __init__(self, name: str) -> None:
            self._name = name
            self.handle = wintypes.HANDLE()

        def __enter__(self) -> _Queue:
            if not _SPOOL.OpenPrinterW(self._name, ctypes.byref(self.handle), None):
                raise PrinterUnreachable("printing.spool.missing", queue=self._name)
            return self

        def __exit__(self, *_error: object) -> None:
            _SPOOL.ClosePrinter(self.handle)

    class WindowsSpooler:
        """The queues of this machine."""

        def status(self, queue: str) -> PrinterStatus:
            """What the system knows of the printer."""
            with _Queue(queue) as opened:
                wanted = wintypes.DWORD()
                _SPOOL.GetPrinterW(opened.handle, 2, None, 0, ctypes.byref(wanted))
                buffer = ctypes.create_string_buffer(max(wanted.value, ctypes.sizeof(_PrinterInfo2)))
                if not _SPOOL.GetPrinterW(opened.handle, 2, buffer, len(buffer), ctypes.byref(wanted)):
                    raise PrinterUnreachable("printing.spool.missing", queue=queue)
                info = _PrinterInfo2.from_buffer(buffer)
                return read_printer_bits(info.status, info.attributes, info.jobs)

        def submit(self, queue: str, title: str, data: bytes, *, raw: bool = True) -> str:
            """One raw document; this system draws no PDF, so its printer has to."""
            with _Queue(queue) as opened:
                document = _DocInfo(title or "label", None, "RAW")
                job = _SPOOL.StartDocPrinterW(opened.handle, 1, ctypes.byref(document))
                if not job:
                    reason = ctypes.FormatError(ctypes.get_last_error())
                    raise PrinterUnreachable("printing.spool.failed", queue=queue, reason=reason)
                written = wintypes.DWORD()
                whole = (
                    _SPOOL.StartPagePrinter(opened.handle)
                    and _SPOOL.WritePrinter(opened.handle, data, len(data), ctypes.byref(written))
                    and written.value == len(data)
                    and _SPOOL.EndPagePrinter(opened.handle)
                )
                if not whole:
                    _SPOOL.AbortPrinter(opened.handle)
                    raise PrintInterrupted("printing.interrupted", printer=queue)
                if not _SPOOL.EndDocPrinter(opened.handle):
                    raise PrintInterrupted("printing.interrupted", printer=queue)
                return str(job)

        def fate(self, queue: str, job: str) -> JobFate:
            """What the queue says of the job; one that it no longer has went out or was deleted."""
            with _Queue(queue) as opened:
                wanted = wintypes.DWORD()
                _SPOOL.GetJobW(opened.handle, int(job), 1, None, 0, ctypes.byref(wanted))
                if not wanted.value and ctypes.get_last_error() == _GONE_ERROR:
                    return JobFate.FORGOTTEN
                buffer = ctypes.create_string_buffer(max(wanted.value, ctypes.sizeof(_JobInfo1)))
                if not _SPOOL.GetJobW(opened.handle, int(job), 1, buffer, len(buffer), ctypes.byref(wanted)):
                    return JobFate.FORGOTTEN
                return read_job_bits(_JobInfo1.from_buffer(buffer).status)

        def withdraw(self, queue: str, job: str) -> None:
            """Deletes the job."""
            with _Queue(queue) as opened:
                _SPOOL.SetJobW(opened.handle, int(job), 0, None, _DELETE_JOB)

        def queues(self) -> tuple[tuple[str, str], ...]:
            """The names of the local and connected queues; their device addresses are not asked."""
            wanted, count = wintypes.DWORD(), wintypes.DWORD()
            _SPOOL.EnumPrintersW(6, None, 4, None, 0, ctypes.byref(wanted), ctypes.byref(count))
            buffer = ctypes.create_string_buffer(max(wanted.value, 1))
            if not _SPOOL.EnumPrintersW(6, None, 4, buffer, len(buffer), ctypes.byref(wanted), ctypes.byref(count)):
                return ()
            infos = ctypes.cast(buffer, ctypes.POINTER(_PrinterInfo4))
            return tuple((str(infos[index].printer), "") for index in range(count.value))
