"""The list of the order queue as it is scrolled: pages are read from either end, and drawn rows are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.models.database import Database
from app.presenters import orders_parts as made
from app.presenters.orders_model import queue_moment
from app.presenters.runner import Runner
from app.presenters.state import parts
from app.presenters.station_info import StationInfo
from app.queries.order_queue import PAGE, Cursor, QueueFilter, QueuePage, queue_page
from app.queries.order_queue_end import has_end, queue_end
from app.queries.queue_rows import QueueRow, queue_rows

Changed = Callable[[], None]


class OrderList:
    """Rows in the order of the queue. `earlier` is where rows before the first one end, once its end was asked for."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        clock: Clock,
        changed: Changed,
        failed: Callable[[Exception], None],
    ) -> None:
        """`changed` is called when there is something else to show."""
        self._database, self._runner, self._clock = database, runner, clock
        self._changed, self._failed = changed, failed
        self.rows: tuple[QueueRow, ...] = ()
        self.drawn: tuple[parts.TableRow, ...] = ()
        self.after: Cursor | None = None
        self.earlier: Cursor | None = None
        self.loading = True
        self._turn = 0

    def clear(self) -> None:
        """Nothing of another filter is shown."""
        self.rows, self.drawn, self.after, self.earlier = (), (), None, None

    def index_of(self, order_id: int | None) -> int:
        """Where an order stands among the rows, -1 when it is not there."""
        return next((at for at, row in enumerate(self.rows) if row.id == order_id), -1)

    def read(self, asked: QueueFilter, station: StationInfo, *, keep: bool = False) -> None:
        """The first page; with `keep` as many rows as there are, without showing that they are read."""
        if keep and self.earlier is not None:
            self.refresh([row.id for row in self.rows[-PAGE:]], station)
            return
        size = max(PAGE, len(self.rows)) if keep else PAGE
        moment = queue_moment(station, self._clock())

        def put(page: QueuePage) -> None:
            self.rows, self.after, self.earlier = page.rows, page.after, None
            self.drawn = self._draw(self.rows, station)

        self.loading = not keep
        self._read(lambda: self._database.read(lambda s: queue_page(s, asked, moment, None, size)), put)

    def more(self, asked: QueueFilter, station: StationInfo) -> None:
        """The page after the last row."""
        after, moment = self.after, queue_moment(station, self._clock())
        if after is None or self.loading:
            return

        def add(page: QueuePage) -> None:
            known = {row.id for row in self.rows}
            fresh = tuple(row for row in page.rows if row.id not in known)
            self.rows, self.after = (*self.rows, *fresh), page.after
            self.drawn = (*self.drawn, *self._draw(fresh, station))
            if not fresh and page.after is not None:
                self.loading = False
                self.more(asked, station)

        self.loading = True
        self._read(lambda: self._database.read(lambda s: queue_page(s, asked, moment, after)), add)

    def to_end(self, asked: QueueFilter, station: StationInfo) -> bool:
        """The last page; says whether this filter can be read from its end."""
        if not has_end(asked):
            return False
        self._before(asked, station, None)
        return True

    def before(self, asked: QueueFilter, station: StationInfo) -> None:
        """The page before the first row, once the end was asked for."""
        if self.earlier is not None and not self.loading:
            self._before(asked, station, self.earlier)

    def _before(self, asked: QueueFilter, station: StationInfo, at: Cursor | None) -> None:
        moment = queue_moment(station, self._clock())

        def put(page: QueuePage) -> None:
            old = () if at is None else self.rows
            known = {row.id for row in old}
            fresh = tuple(row for row in page.rows if row.id not in known)
            self.rows, self.after, self.earlier = (*fresh, *old), None, page.after
            self.drawn = (*self._draw(fresh, station), *(() if at is None else self.drawn))

        self.loading = True
        self._read(lambda: self._database.read(lambda s: queue_end(s, asked, moment, at)), put)

    def refresh(self, ids: Sequence[int], station: StationInfo) -> None:
        """Reads what is shown of some orders again."""
        now = self._clock()

        def put(rows: tuple[QueueRow, ...]) -> None:
            fresh = {row.id: row for row in rows}
            self.rows = tuple(replace(fresh.get(row.id, row), found=row.found) for row in self.rows)
            self.redraw(station)
            self._changed()

        self._runner.read(lambda: self._database.read(lambda s: queue_rows(s, ids, now)), put, self._failed)

    def redraw(self, station: StationInfo) -> None:
        """Time has passed: the rows say so."""
        self.drawn = self._draw(self.rows, station)

    def _draw(self, rows: Sequence[QueueRow], station: StationInfo) -> tuple[parts.TableRow, ...]:
        now, zone = self._clock(), station.clock_zone
        return tuple(made.row(row, now, zone) for row in rows)

    def _read(self, work: Callable[[], QueuePage], put: Callable[[QueuePage], None]) -> None:
        """Reads; an answer that was overtaken by another question is dropped."""
        self._turn += 1
        turn = self._turn

        def answered(page: QueuePage) -> None:
            if turn == self._turn:
                self.loading = False
                put(page)
                self._changed()

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self.loading = False
                self._failed(error)

        self._runner.read(work, answered, failed)
