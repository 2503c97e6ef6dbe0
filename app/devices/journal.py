"""The scan journal of a station: what was scanned is on disk before anything else is done with it.

One append-only file of lines, each with its own checksum. Scans are written and synced in groups by a thread of the
journal's own, so that no screen waits for a disk. A scan that the database has stored is acknowledged here; what is
not acknowledged is found again after a crash and goes to the database, where its gesture id makes it harmless to
send it twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import zlib
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from app.domain.device_ports import DeviceState, Scan
from app.domain.errors import EnvironmentFailure

ROTATE_BYTES = 4 * 1024 * 1024
_MOST_AT_ONCE = 512
SETTLE_SECONDS = 0.25
"""How long acknowledgements wait for a scan to be written with: to write them at once would hold up its answer."""
_DURABLE: int = getattr(os, "O_DSYNC", 0)
"""A write that comes back once it is on the disk: one wait of a thread instead of two. 0 where the system has none."""
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class JournalContents:
    """What stands in a journal file: scans in order, ids that were acknowledged, lines that could not be read."""

    scans: tuple[Scan, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    damaged: int = 0

    @property
    def pending(self) -> tuple[Scan, ...]:
        """The scans that the database may not know yet, oldest first."""
        return tuple(scan for scan in self.scans if scan.gesture_id not in self.acknowledged)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line to write: a scan with its future, or the id that is acknowledged."""

    line: bytes
    gesture_id: str
    scan: Scan | None = None
    done: Future[Scan] | None = None


def read_journal(path: Path) -> JournalContents:
    """All that can be read of a journal, of the file before it too; torn and damaged lines are counted and left out.

    Raises EnvironmentFailure when a file is there and cannot be read.
    """
    scans: dict[str, Scan] = {}
    acknowledged: set[str] = set()
    damaged = 0
    for each in (_previous(path), path):
        try:
            data = each.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise EnvironmentFailure("journal.cannot_open", path=str(each), reason=error.strerror) from error
        for line in data.split(b"\n"):
            if not line:
                continue
            record = _unpack(line)
            if record is None:
                damaged += 1
            elif isinstance(record, Scan):
                scans.setdefault(record.gesture_id, record)
            else:
                acknowledged.add(record)
    return JournalContents(tuple(scans.values()), frozenset(acknowledged), damaged)


class ScanJournal:
    """The open journal of one station. All methods may be called from any thread."""

    def __init__(self, path: Path, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        """Opens or begins the file, and finds what is pending in it.

        Raises EnvironmentFailure when it cannot be opened.
        """
        self._path = path
        self._rotate_bytes = rotate_bytes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            contents = read_journal(path)
            self._file: _File | None = _open_to_append(path)
        except OSError as error:
            raise EnvironmentFailure("journal.cannot_open", path=str(path), reason=error.strerror) from error
        self._pending = {scan.gesture_id: scan for scan in contents.pending}
        self._damaged = contents.damaged
        self._acknowledged: list[str] = []
        self._queue: SimpleQueue[_Entry | None] = SimpleQueue()
        self._guard = threading.Lock()
        self._closing = False
        self._broken = False
        self._writer = threading.Thread(target=self._write_all, name="scan-journal", daemon=True)
        self._writer.start()

    @property
    def state(self) -> DeviceState:
        """Ready, or down while the disk takes nothing."""
        return DeviceState.DOWN if self._broken else DeviceState.READY

    @property
    def damaged(self) -> int:
        """Lines that could not be read when it was opened: the torn last one of a crash, as a rule."""
        return self._damaged

    def append(self, scan: Scan) -> Future[Scan]:
        """Queues a scan and returns at once; the future is done when the scan is durable.

        It fails with EnvironmentFailure when the disk does not take it. Callbacks run on the journal's thread.
        """
        done: Future[Scan] = Future()
        done.set_running_or_notify_cancel()  # what is queued is written: nobody can take it back
        self._enqueue(_Entry(_pack(_scan_record(scan)), scan.gesture_id, scan, done))
        return done

    def acknowledge(self, gesture_id: str) -> None:
        """Says that the database has stored it. Written with the next scan, or a little later.

        Lost in a crash the scan is only sent again.
        """
        with self._guard:
            self._refuse_closed()
            self._pending.pop(gesture_id, None)
            self._acknowledged.append(gesture_id)

    def pending(self) -> list[Scan]:
        """The durable scans that nobody acknowledged, oldest first."""
        with self._guard:
            return list(self._pending.values())

    def close(self) -> None:
        """Writes what is queued and closes the file. May be called twice."""
        with self._guard:
            if not self._closing:
                self._queue.put(None)
            self._closing = True
        self._writer.join()

    def _enqueue(self, entry: _Entry) -> None:
        with self._guard:
            self._refuse_closed()
            self._queue.put(entry)

    def _refuse_closed(self) -> None:
        if self._closing:
            raise EnvironmentFailure("journal.cannot_write", path=str(self._path), reason="closed")

    def _write_all(self) -> None:
        going_on = True
        while going_on:
            group = self._next_group()
            going_on = not group or group[-1] is not None
            entries = [entry for entry in group if entry is not None] + self._acknowledgements()
            if entries:
                self._write_group(entries)
        if self._file is not None:
            self._file.close()

    def _next_group(self) -> list[_Entry | None]:
        """Scans that wait, None at the end; nothing where only acknowledgements have waited long enough."""
        group: list[_Entry | None] = []
        with contextlib.suppress(Empty):
            group.append(self._queue.get(timeout=SETTLE_SECONDS if self._unsettled() else None))
            while len(group) < _MOST_AT_ONCE:
                group.append(self._queue.get_nowait())
        return group

    def _unsettled(self) -> bool:
        """Whether an acknowledgement waits, or is to be expected."""
        with self._guard:
            return bool(self._acknowledged or self._pending)

    def _acknowledgements(self) -> list[_Entry]:
        with self._guard:
            ids, self._acknowledged = self._acknowledged, []
        return [_Entry(_pack({"k": "a", "id": one}), one) for one in ids]

    def _write_group(self, group: list[_Entry]) -> None:
        try:
            if self._file is None:
                self._file = _open_to_append(self._path)
            # After a failed write the last line may be half there: a line end keeps it from spoiling this one.
            lines = (b"\n" if self._broken else b"") + b"".join(entry.line for entry in group)
            self._file.write(lines, durable=any(entry.scan for entry in group))
        except OSError as error:
            self._broken = True
            failure = EnvironmentFailure("journal.cannot_write", path=str(self._path), reason=error.strerror)
            for entry in group:
                if entry.done is not None:
                    entry.done.set_exception(failure)
            return
        self._broken = False
        self._settle(group)
        self._rotate_if_idle(self._file)

    def _settle(self, group: list[_Entry]) -> None:
        """Makes a durable group known, in order."""
        with self._guard:
            for entry in group:
                if entry.scan is not None:
                    self._pending[entry.gesture_id] = entry.scan
                else:
                    self._pending.pop(entry.gesture_id, None)
        for entry in group:
            if entry.done is not None and entry.scan is not None:
                entry.done.set_result(entry.scan)

    def _rotate_if_idle(self, file: _File) -> None:
        """Begins a new file when this one is long and nothing in it is needed; the one before is kept for checks."""
        with self._guard:
            if self._pending or file.size < self._rotate_bytes:
                return
        self._file = None
        file.close()
        # Where something else holds the file open (a virus scanner), it goes on, and a later group tries again.
        with contextlib.suppress(OSError):
            self._path.replace(_previous(self._path))


@dataclass(slots=True)
class _File:
    """The open file, by two handles: what is written by one of them is on the disk at once.

    That which was written by the other before may not be, and a power cut leaves zeros there: so each line that must
    last begins on a new line then.
    """

    handle: int
    durable: int
    size: int
    loose: bool = False

    def write(self, data: bytes, *, durable: bool) -> None:
        """Appends. Raises OSError, when part of it may be there."""
        if durable and self.loose:
            data = b"\n" + data
        _write_fully(self.durable if durable else self.handle, data)
        self.size += len(data)
        self.loose = not durable
        if durable and not _DURABLE:
            os.fsync(self.durable)

    def close(self) -> None:
        """Gives both handles back."""
        os.close(self.durable)
        os.close(self.handle)


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".1")


def _open_to_append(path: Path) -> _File:
    """Opens for appending; a torn last line of a crash is ended, so that it spoils no other."""
    how = os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with contextlib.ExitStack() as opened:
        file = os.open(path, how, 0o600)
        opened.callback(os.close, file)
        size = os.fstat(file).st_size
        if size:
            os.lseek(file, size - 1, os.SEEK_SET)
            if os.read(file, 1) != b"\n":
                _write_fully(file, b"\n")
                size += 1
        _sync_folder(path.parent)
        durable = os.open(path, how | _DURABLE, 0o600)
        opened.pop_all()
    return _File(file, durable, size, loose=bool(size))  # what a killed process wrote last may not be on the disk


def _sync_folder(folder: Path) -> None:
    """Makes the name of a new file durable, where the system knows that (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_fully(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _scan_record(scan: Scan) -> dict[str, str]:
    return {"k": "s", "id": scan.gesture_id, "raw": scan.raw, "dev": scan.device, "at": scan.at.isoformat()}


def _pack(record: dict[str, str]) -> bytes:
    """A line: checksum, blank, JSON in ASCII, so that a line end inside a scan is no line end here."""
    body = _ENCODE(record).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _unpack(line: bytes) -> Scan | str | None:
    """The scan or the acknowledged id of a line; None when its checksum does not hold."""
    checksum, _, body = line.partition(b" ")
    if len(checksum) != 8 or checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        record = json.loads(body)
        if record["k"] == "a":
            return str(record["id"])
        return Scan(record["id"], record["raw"], record["dev"], datetime.fromisoformat(record["at"]).astimezone(UTC))
    except (KeyError, TypeError, ValueError):
        return None
