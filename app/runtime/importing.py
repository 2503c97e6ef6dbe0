"""Files into the database: read, taken in short transactions that let scans pass, then promised stock."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from app.domain.capture import (
    Captured,
    CapturedLocation,
    CapturedOrder,
    CapturedProduct,
    CapturedStock,
    FormatReader,
    Pairs,
    Progress,
    RefusedRow,
    SkippedRow,
)
from app.domain.capture_settings import ReadSettings
from app.domain.clock import Clock
from app.domain.errors import EnvironmentFailure, PickwickError
from app.domain.import_report import CANCELLED, DONE, ImportCounts, ImportProgress, ImportReport, RefusedLine
from app.domain.outcomes import Outcome, refused
from app.models.database import Database
from app.queries.imports import refused_row
from app.runtime.allocating import allocate_all
from app.runtime.neighbours import Neighbours
from app.services.actor import Actor
from app.services.capture import runs
from app.services.capture.orders import LINES_AT_ONCE, LINES_AT_ONCE_SHARED, CaptureCounts, capture_orders
from app.services.capture.places import capture_locations
from app.services.capture.prepare import PreparedOrder, prepare
from app.services.capture.products import adopt_products, capture_products
from app.services.capture.stock import capture_stock, merge_stock
from app.services.word_index import PAGES_AT_ONCE, merge_by_hand, merge_words

LOG = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")

ROWS_AT_ONCE = 40
"""How many products, places or rows of stock go into one transaction."""
LINES_BESIDE_SCANS, ORDERS_BESIDE_SCANS = 18, 8
"""How many order lines are taken, and orders allocated, in one transaction while others write too."""
PAGES_ALONE = 32
"""How much of the index of words is put in order with each chunk of orders, while nobody waits."""
CHUNKS_BETWEEN_CHECKPOINTS, CHUNKS_BESIDE_SCANS = 40, 400
"""A scan whose commit meets a checkpoint waits for the same disk. Stations make their own in pauses, so that beside
them this one is seldom needed.
"""
SECONDS_BETWEEN_TELLING = 0.1
SECONDS_BETWEEN_NOTES = 10.0
"""An import notes this often that it still runs."""
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class FileFormats:
    """The readers by the names of their formats, and what finds out in which of them a file is."""

    readers: Mapping[str, FormatReader]
    detect: Callable[[Path, ReadSettings], str]

    def reader(self, name: str, path: Path, settings: ReadSettings) -> FormatReader:
        """The reader for a file. Raises FileRefused when it is to be found out and cannot be."""
        return self.readers[self.detect(path, settings) if name == AUTO else name]


class FileImport:
    """One file on its way into the database; what is taken stays, whatever happens afterwards."""

    def __init__(
        self,
        database: Database,
        actor: Callable[[datetime], Actor],
        clock: Clock,
        on_progress: Callable[[ImportProgress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        between: Callable[[], None] = lambda: None,
    ) -> None:
        """`cancelled` is asked between transactions: true ends the reading, and what was taken is kept. `between` is
        called there too: what a process must do once in a while is done where nobody waits for it.
        """
        self._database, self._actor, self._clock = database, actor, clock
        self._on_progress, self._cancelled, self._between = on_progress, cancelled, between
        self._neighbours = Neighbours(database)
        self._counts = ImportCounts()
        self._skipped: Counter[str] = Counter()
        self._refused: list[RefusedLine] = []
        self._kept: list[RefusedRow] = []
        self._orders: list[PreparedOrder] = []
        self._order_lines = 0
        self._rows: dict[type, list[Captured]] = {CapturedProduct: [], CapturedLocation: [], CapturedStock: []}
        self._seen_products = False
        self._bytes = Progress(0, 0)
        self._unstorable: dict[int, Pairs] = {}
        self._noted_at = time.monotonic()
        self._told_at, self._chunks, self._run, self._file = 0.0, 0, 0, ""

    def run(self, formats: FileFormats, format_name: str, path: Path, settings: ReadSettings) -> ImportReport:
        """Imports a file and allocates.

        Raises FileRefused when the whole file can't be taken, EnvironmentFailure when the database fails meanwhile.
        """
        self._file = path.name
        reader = formats.reader(format_name, path, settings)
        captured = iter(reader.read(path, settings))
        ahead = self._until_first(captured)
        mapping = settings.mapping if settings.mapping.columns else None
        file = runs.ImportedFile(reader.name, path.name, _digest(path), mapping)
        self._run = self._write(lambda session, actor: self._begin(session, actor, file))
        try:
            state = self._take_all(ahead, captured)
            self._keep_unstorable(reader, path, settings)
            self._write(lambda s, actor: runs.finish_import(s, actor, self._run, self._numbers(), state))
        except BaseException:
            self._note_failure()
            raise
        self._allocate()
        self._database.write(lambda s: runs.note_allocated(s, self._actor(self._clock()), self._run, self._numbers()))
        counts = replace(self._counts, skipped=dict(self._skipped))
        return ImportReport(self._run, path.name, reader.name, state, counts, tuple(self._refused))

    @staticmethod
    def _begin(session: Session, actor: Actor, file: runs.ImportedFile) -> int:
        merge_by_hand(session)
        return runs.begin_import(session, actor, file)

    def _until_first(self, captured: Iterable[Captured]) -> list[Captured]:
        """Reads up to what comes first, so that a file that is refused whole leaves nothing in the database."""
        for item in captured:
            if not isinstance(item, Progress):
                return [item]
            self._bytes = item
            self._tell()
        return []

    def _take_all(self, ahead: list[Captured], captured: Iterable[Captured]) -> str:
        for item in ahead:
            self._take(item)
        for item in captured:
            if self._cancelled():
                self._flush_all()
                return CANCELLED
            self._take(item)
        self._take_stock()
        self._flush_all()
        self._adopt()
        return DONE

    def _take(self, item: Captured) -> None:
        if isinstance(item, CapturedOrder):
            self._take_order(item)
        elif isinstance(item, Progress):
            self._bytes = item
            self._tell()
        elif isinstance(item, SkippedRow):
            self._skipped[item.code] += 1
        elif isinstance(item, RefusedRow):
            self._refuse([item])
            if len(self._kept) >= ROWS_AT_ONCE:
                self._flush_refused()
        else:
            rows = self._rows[type(item)]
            rows.append(item)
            if len(rows) >= ROWS_AT_ONCE and not isinstance(item, CapturedStock):
                self._flush_rows()

    def _take_order(self, order: CapturedOrder) -> None:
        """Prepares each order outside of the transactions, which lets scans in between them."""
        size = max(1, len(order.lines))
        full = self._order_lines + size > self._most_lines()
        if self._orders and (full or self._orders[0].order.channel != order.channel):
            self._flush_orders()
        try:
            self._orders.append(prepare(order))
        except Exception as fault:  # noqa: BLE001 - kept with its row and logged; all others are taken
            self._cannot_store(order.line_number, fault)
        else:
            self._order_lines += size

    def _most_lines(self) -> int:
        if not self._database.is_sqlite:
            return LINES_AT_ONCE_SHARED
        return LINES_BESIDE_SCANS if self._neighbours.write_too else LINES_AT_ONCE

    def _flush_orders(self) -> None:
        orders, self._orders, self._order_lines = self._orders, [], 0
        if not orders:
            return
        channel = orders[0].order.channel
        for told in self._store(
            orders,
            lambda s, actor, some: self._capture(s, actor, channel, some),
            lambda order: order.order.line_number,
        ):
            self._add(new=told.new, same=told.same, changed=told.changed, updated=told.updated, lines=told.lines)

    def _capture(self, session: Session, actor: Actor, channel: str, orders: Sequence[PreparedOrder]) -> CaptureCounts:
        told = capture_orders(session, actor, channel, orders, self._run)
        merge_words(session, PAGES_AT_ONCE if self._neighbours.write_too else PAGES_ALONE)
        return told

    def _flush_rows(self) -> None:
        products = [row for row in self._rows[CapturedProduct] if isinstance(row, CapturedProduct)]
        if products:
            self._rows[CapturedProduct] = []
            for made in self._store(products, capture_products, lambda product: product.line_number):
                self._add(new=made.new, same=made.same, changed=made.changed, updated=made.changed)
            self._seen_products = True
        places = [row for row in self._rows[CapturedLocation] if isinstance(row, CapturedLocation)]
        if places:
            self._rows[CapturedLocation] = []
            for put in self._store(
                places,
                lambda s, actor, some: capture_locations(s, actor, some, self._file),
                lambda place: place.line_number,
            ):
                self._refuse(put.refused)
                self._add(new=put.new, same=put.same, changed=put.changed, updated=put.changed)

    def _take_stock(self) -> None:
        """A list says in all its rows together what lies where, so it is taken only when all of it was read."""
        rows = merge_stock(row for row in self._rows[CapturedStock] if isinstance(row, CapturedStock))
        self._rows[CapturedStock] = []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            if self._cancelled():
                return
            some = rows[start : start + ROWS_AT_ONCE]
            for told in self._store(
                some, lambda s, actor, part: capture_stock(s, actor, part, self._file), lambda row: row.line_number
            ):
                self._refuse(told.refused)
                self._add(changed=told.changed, updated=told.changed, same=told.same)
            self._tell()

    def _store(
        self,
        rows: Sequence[R],
        work: Callable[[Session, Actor, Sequence[R]], T],
        line_of: Callable[[R], int],
    ) -> list[T]:
        """Stores rows in one transaction; where our own code fails at one of them, all others, and that one is kept."""
        try:
            return [self._write(lambda s, actor: work(s, actor, rows))]
        except EnvironmentFailure:
            raise
        except Exception as fault:  # noqa: BLE001 - the one row at which it fails is found, kept and logged
            if len(rows) == 1:
                self._cannot_store(line_of(rows[0]), fault)
                return []
        half = len(rows) // 2
        return self._store(rows[:half], work, line_of) + self._store(rows[half:], work, line_of)

    def _cannot_store(self, line: int, fault: Exception) -> None:
        LOG.error("line %s of %s could not be stored", line, self._file, exc_info=fault)
        self._unstorable[line] = (("reason", type(fault).__name__),)

    def _keep_unstorable(self, reader: FormatReader, path: Path, settings: ReadSettings) -> None:
        """What could not be stored is kept with its rows, which are read again, to be tried when that is mended."""
        if not self._unstorable:
            return
        found = {row.line_number: row for row in reader.refuse(path, settings, self._unstorable)}
        told = {row.line_number for entry in found.values() for row in entry.rows()}
        self._refuse(found.values())
        for line, why in self._unstorable.items():
            if line not in told:
                self._refuse([RefusedRow(self._file, reader.name, line, "not_stored", why, "", "", settings)])
        self._flush_refused()

    def _refuse(self, rows: Iterable[RefusedRow]) -> None:
        for row in rows:
            self._kept.append(row)
            self._refused.append(RefusedLine(row.file or self._file, row.line_number, row.code, dict(row.values)))
            self._add(refused=1)

    def _flush_refused(self) -> None:
        rows, self._kept = self._kept, []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            self._write(lambda s, actor, some=some: runs.keep_refused_rows(s, actor, self._run, some))  # type: ignore[misc]

    def _flush_all(self) -> None:
        self._flush_orders()
        self._flush_rows()
        self._flush_refused()

    def _adopt(self) -> None:
        """Orders that waited for these products go on."""
        after: int | None = 0 if self._seen_products else None
        while after is not None and not self._cancelled():
            start = after
            after = self._write(lambda s, actor, start=start: adopt_products(s, actor, start, ROWS_AT_ONCE)).after  # type: ignore[misc]

    def _allocate(self) -> None:
        self._tell(now=True, allocating=True)
        total = allocate_all(
            self._database,
            self._actor,
            self._clock,
            at_once=ORDERS_BESIDE_SCANS if self._neighbours.write_too else 0,
            on_progress=lambda _done, _of: self._allocated(),
        )
        self._add(allocated=total.allocated, backordered=total.backordered)
        self._tell(now=True, allocating=True)

    def _allocated(self) -> None:
        self._between()
        self._tell(allocating=True)

    def _note_failure(self) -> None:
        """Says so in the run, if the database still can."""
        try:
            self._write(lambda s, actor: runs.finish_import(s, actor, self._run, self._numbers(), runs.FAILED))
        except Exception:  # noqa: BLE001 - what went wrong first is what counts, and it is on its way
            return

    def _write(self, work: Callable[[Session, Actor], T]) -> T:
        note = bool(self._run) and time.monotonic() - self._noted_at >= SECONDS_BETWEEN_NOTES

        def use_case(session: Session) -> T:
            self._neighbours.look(session)
            actor = self._actor(self._clock())
            if note:
                runs.note_progress(session, actor, self._run, self._numbers())
            return work(session, actor)

        answer = self._database.write(use_case)
        self._between()
        if note:
            self._noted_at = time.monotonic()
        self._chunks += 1
        if self._chunks >= (CHUNKS_BESIDE_SCANS if self._neighbours.write_too else CHUNKS_BETWEEN_CHECKPOINTS):
            self._chunks = 0
            self._database.checkpoint()
        return answer

    def _add(self, **more: int) -> None:
        before = self._counts
        self._counts = replace(before, **{name: getattr(before, name) + count for name, count in more.items()})

    def _numbers(self) -> dict[str, int]:
        return {**self._counts.numbers, **{f"skipped.{code}": count for code, count in self._skipped.items()}}

    def _tell(self, now: bool = False, allocating: bool = False) -> None:
        moment = time.monotonic()
        if now or moment - self._told_at >= SECONDS_BETWEEN_TELLING:
            self._told_at = moment
            counts = replace(self._counts, skipped=dict(self._skipped))
            self._on_progress(ImportProgress(self._bytes.bytes_done, self._bytes.bytes_total, counts, allocating))


def retry_row(
    database: Database,
    formats: FileFormats,
    actor: Callable[[datetime], Actor],
    clock: Clock,
    row_id: int,
    mended: str | None = None,
) -> Outcome:
    """Tries a refused row again, with the mended text where there is one, and allocates when it was taken."""
    entry = database.read(lambda session: refused_row(session, row_id))
    reader = formats.readers[entry.refused.format] if entry is not None else formats.readers[AUTO]
    try:
        outcome = database.write(lambda s: runs.retry_refused(s, actor(clock()), row_id, reader, mended))
    except PickwickError:
        raise
    except Exception as fault:
        LOG.error("refused row %s could not be stored again", row_id, exc_info=fault)
        return refused("capture.refused.not_stored", reason=type(fault).__name__)
    if not outcome.refused:
        allocate_all(database, actor, clock)
    return outcome


def _digest(path: Path) -> str:
    found = hashlib.blake2b(digest_size=32)
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()
