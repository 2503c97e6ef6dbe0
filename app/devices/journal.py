"""The scan journal of a station: what was scanned is on disk before anything else is done with it.

One append-only file of lines, each with its own checksum. Scans are written and synced in groups by a thread of the
journal's own, so that no screen waits for a disk. A scan that the database has stored is acknowledged here; what is
not acknowledged is found again after a crash and goes to the database, where its gesture id makes it harmless to
send it twice.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as _quoted
from pathlib import Path
from queue import Empty, SimpleQueue

from app.devices.journal_file import JournalFile, open_to_append
from app.devices.journal_hold import HeldElsewhereError, JournalHold
from app.domain.device_ports import DeviceState, Scan
from app.domain.errors import EnvironmentFailure
from app.domain.keeping import Keeping

LOG = logging.getLogger(__name__)
ROTATE_BYTES = 4 * 1024 * 1024
_MOST_AT_ONCE = 512
SETTLE_SECONDS = 0.25
"""How long acknowledgements wait for a scan to be written with: to write them at once would hold up its answer."""


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

    def __init__(
        self, path: Path, on_kept: Callable[[Scan], None] = lambda _scan: None, *, rotate_bytes: int = ROTATE_BYTES
    ) -> None:
        """Opens or begins the file, and finds what is pending in it. `on_kept` hears on the journal's thread of each
        scan that is durable.

        Raises EnvironmentFailure when it cannot be opened, `journal.in_use` where another program has it.
        """
        self._path, self.on_kept = path, on_kept
        self._rotate_bytes = rotate_bytes
        self._hold = _held(path)
        try:
            contents = read_journal(path)
            self._file: JournalFile | None = open_to_append(path)
        except OSError as error:
            self._hold.close()
            raise EnvironmentFailure("journal.cannot_open", path=str(path), reason=error.strerror) from error
        except EnvironmentFailure:
            self._hold.close()
            raise
        self._pending = {scan.gesture_id: scan for scan in contents.pending}
        self._damaged = contents.damaged
        self._acknowledged: list[str] = []
        self._overtook: set[str] = set()
        self._queue: SimpleQueue[Keeping | None] = SimpleQueue()
        self._guard = threading.Lock()
        self._closing = self._ended = False
        self._broken = False
        self._writer = threading.Thread(target=self._write_all, name="scan-journal", daemon=True)
        self._writer.start()

    @property
    def state(self) -> DeviceState:
        """Ready, or down while the disk takes nothing."""
        return DeviceState.DOWN if self._broken else DeviceState.READY

    @property
    def path(self) -> Path:
        """Its file."""
        return self._path

    @property
    def damaged(self) -> int:
        """Lines that could not be read when it was opened: the torn last one of a crash, as a rule."""
        return self._damaged

    def append(self, scan: Scan) -> Keeping:
        """Queues a scan and returns at once; its keeping says when it is durable.

        It fails with EnvironmentFailure when the disk does not take it.
        """
        keeping = Keeping(scan)
        with self._guard:
            self._refuse_closed()
            self._queue.put(keeping)
        return keeping

    def acknowledge(self, gesture_id: str) -> None:
        """Says that the database has stored it. Written with the next scan, or a little later.

        Lost in a crash the scan is only sent again.
        """
        with self._guard:
            self._refuse_closed()
            if self._pending.pop(gesture_id, None) is None:
                self._overtook.add(gesture_id)
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

    def _refuse_closed(self) -> None:
        if self._closing:
            raise EnvironmentFailure("journal.cannot_write", path=str(self._path), reason="closed")

    def _write_all(self) -> None:
        while not self._ended:
            group = self._next_group()
            with self._guard:
                ids, self._acknowledged = self._acknowledged, []
            if group or ids:
                self._write_group(group, ids)
        if self._file is not None:
            self._file.close()
        self._hold.close()

    def _next_group(self) -> list[Keeping]:
        """Scans that wait; nothing where only acknowledgements have waited long enough, or at the end."""
        with self._guard:  # an acknowledgement waits, or is to be expected
            unsettled = bool(self._acknowledged or self._pending)
        group: list[Keeping] = []
        try:
            first = self._queue.get(timeout=SETTLE_SECONDS if unsettled else None)
            while first is not None:
                group.append(first)
                if len(group) == _MOST_AT_ONCE or self._queue.empty():
                    return group
                first = self._queue.get()
        except Empty:
            return group
        self._ended = True
        return group

    def _write_group(self, group: list[Keeping], ids: list[str]) -> None:
        # After a failed write the last line may be half there: a line end keeps it from spoiling this one.
        lines = [b"\n"] if self._broken else []
        lines += [_scan_line(keeping.scan) for keeping in group]
        lines += [_acknowledged_line(one) for one in ids]
        try:
            if self._file is None:
                self._file = open_to_append(self._path)
            self._file.write(b"".join(lines), durable=bool(group))
        except OSError as error:
            self._broken = True
            failure = EnvironmentFailure("journal.cannot_write", path=str(self._path), reason=error.strerror)
            for keeping in group:
                keeping.settle(failure)
            return
        self._broken = False
        self._settle(group)
        self._rotate_if_idle(self._file)

    def _settle(self, group: list[Keeping]) -> None:
        """Makes a durable group known, in order: first to who waits, a thread that takes its time to wake."""
        with self._guard:
            for keeping in group:
                gesture_id = keeping.scan.gesture_id
                if gesture_id in self._overtook:
                    self._overtook.discard(gesture_id)
                else:
                    self._pending[gesture_id] = keeping.scan
        for keeping in group:
            keeping.settle()
        for keeping in group:
            try:
                self.on_kept(keeping.scan)
            except Exception:  # scans are kept whatever becomes of who hears of it
                LOG.exception("a fault in who was told of a scan that was kept")

    def _rotate_if_idle(self, file: JournalFile) -> None:
        """Begins a new file when this one is long and nothing in it is needed; the one before is kept for checks."""
        with self._guard:
            if self._pending or file.size < self._rotate_bytes:
                return
        self._file = None
        file.close()
        # Where something else holds the file open (a virus scanner), it goes on, and a later group tries again.
        with contextlib.suppress(OSError):
            self._path.replace(_previous(self._path))


def _held(path: Path) -> JournalHold:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return JournalHold(path)
    except HeldElsewhereError as error:
        raise EnvironmentFailure("journal.in_use") from error
    except OSError as error:
        raise EnvironmentFailure("journal.cannot_open", path=str(path), reason=error.strerror) from error


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".1")


def _scan_line(scan: Scan) -> bytes:
    return _line(
        f'{{"k":"s","id":{_quoted(scan.gesture_id)},"raw":{_quoted(scan.raw)},"dev":{_quoted(scan.device)},'
        f'"at":"{scan.at.isoformat()}"}}'
    )


def _acknowledged_line(gesture_id: str) -> bytes:
    return _line(f'{{"k":"a","id":{_quoted(gesture_id)}}}')


def _line(record: str) -> bytes:
    """A line: checksum, blank, JSON in ASCII, so that a line end inside a scan is no line end here."""
    body = record.encode("ascii")
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
