"""Office, Sourcing, Collected: what customers fetch at a store: who is late, and letting an order be collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.outcomes import Outcome, refused
from app.domain.roles import Permission
from app.domain.states import WarehouseKind
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, kept_choice, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.presenters.times import day_or_clock, number
from app.queries.pick_ups import Collected, coming, waiting
from app.queries.warehouses import SiteRow, site_rows
from app.services import pick_up
from app.services.sourcing_preview import order_of

COLLECT, LONGER, BACK, ORDER = "collect-at", "collect-longer", "collect-back", "collect-order"


@dataclass(frozen=True, slots=True)
class Known:
    """What the section shows."""

    waiting: tuple[Collected, ...] = ()
    coming: tuple[Collected, ...] = ()
    stores: tuple[SiteRow, ...] = ()

    @property
    def rows(self) -> tuple[Collected, ...]:
        """Those that wait, then those that are still picked."""
        return (*self.waiting, *self.coming)


class CollectedSection:
    """The list of all stores: who did not come in time stands first."""

    def __init__(self, desk: OfficeDesk, show_order: Callable[[str], None]) -> None:
        self._desk, self._show_order = desk, show_order
        self.fields = Fields()
        self.known = Known()
        self.chosen = self.panel = ""

    def enter(self) -> None:
        """All that is collected somewhere."""
        here = self._desk.station.warehouse_id

        def read(session: Session) -> Known:
            stores = tuple(
                site for site in site_rows(session) if site.kind is not WarehouseKind.SUPPLIER and site.active
            )
            return Known(waiting(session, here, everywhere=True), coming(session, here, everywhere=True), stores)

        def put(found: Known) -> None:
            self.known = found
            chosen = kept_choice(self.chosen, [str(row.fulfillment_id) for row in found.rows])
            if self.chosen not in ("", chosen) and self.panel == BACK:
                self.panel = ""  # what the form is about was settled by somebody else
            self.chosen = chosen

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """All that is shown is there."""

    def _row(self) -> Collected | None:
        rows = self.known.rows
        return next((row for row in rows if str(row.fulfillment_id) == self.chosen), rows[0] if rows else None)

    def command(self, code: str) -> bool:
        """Collect an order, wait longer, take back, look at the order."""
        row = self._row()
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._close(),
            COLLECT: lambda: self._open(COLLECT),
            BACK: lambda: self._open(BACK),
            LONGER: self._longer,
            ORDER: lambda: self._show_order(row.number) if row is not None else None,
        }
        act = acts.get(code)
        if act is None:
            return False
        act()
        self._desk.publish()
        return True

    def _close(self) -> None:
        self.panel = ""

    def _open(self, panel: str) -> None:
        self.panel = panel
        first = next((site.code for site in self.known.stores if site.kind is WarehouseKind.STORE), "")
        self.fields.fill(**({"store": first} if panel == COLLECT else {}))

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row, or the store of the form."""
        if what == "form":
            self.fields.put("store", key)
        else:
            self.chosen = key
            row = self._row()
            if opened and row is not None:
                self._show_order(row.number)

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel, ""
        return bool(was)

    def _save(self) -> None:
        row, actor, database = self._row(), self._desk.actor(), self._desk.database
        if self.panel == COLLECT:
            self._collect()
        elif self.panel == BACK and row is not None and self.fields.wanted("reason"):
            key, reason = row.fulfillment_id, self.fields.get("reason")
            self._desk.do(lambda: database.write(lambda s: pick_up.take_back(s, actor, key, reason)), self._changed)

    def _collect(self) -> None:
        if not self.fields.wanted("order_number"):
            return
        told, order_number, actor = (
            self.fields.get("store").casefold(),
            self.fields.get("order_number"),
            self._desk.actor(),
        )
        found = next((one for one in self.known.stores if told in (one.code.casefold(), one.name.casefold())), None)
        if told and found is None:
            self.fields.wrong["store"] = say("office_transfers.no_site")
            return
        store = found.id if found is not None else None

        def work(session: Session) -> Outcome:
            order = order_of(session, order_number)
            if order is None:
                return refused("sourcing.unknown_order", number=order_number)
            return pick_up.collect_at(session, actor, order, store)

        self._desk.do(lambda: self._desk.database.write(work), self._changed)

    def _longer(self) -> None:
        row, actor, database = self._row(), self._desk.actor(), self._desk.database
        if row is not None:
            key = row.fulfillment_id
            self._desk.do(lambda: database.write(lambda s: pick_up.wait_longer(s, actor, key)), self._changed)

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
            self.fields.fill()
        self.enter()

    # -- state

    def state(self) -> office.Section:
        """The list, and the form."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.order"), 150),
            parts.Column(say("office_collected.column.customer")),
            parts.Column(say("office_collected.column.store"), 170),
            parts.Column(say("office_collected.column.place"), 140),
            parts.Column(say("office_collected.column.until"), 110),
            parts.Column(say("office_transfers.column.state"), 190),
        )
        late = {row.fulfillment_id for row in self.known.waiting if row.fetch_by is not None and row.fetch_by < now}
        rows = tuple(
            parts.TableRow(
                str(row.fulfillment_id),
                (
                    parts.Cell(row.number, code=True, strong=True),
                    parts.Cell(row.name, row.company),
                    parts.Cell(row.store),
                    parts.Cell(row.place or "–", code=True),
                    parts.Cell("–" if row.fetch_by is None else day_or_clock(row.fetch_by, now, zone)),
                    parts.Cell(chip=_chip(row, row.fulfillment_id in late)),
                ),
                Family.WRONG if row.fulfillment_id in late else None,
            )
            for row in self.known.rows
        )
        row = self._row()
        table = parts.Table(
            "collected", columns, rows, str(row.fulfillment_id) if row else "", empty=say("office_collected.none")
        )
        words = say("office_collected.late", count=number(len(late))) if late else ""
        head = parts.CardHead(say("office_collected.title"), "handbag", words)
        return office.Section(head, table, (), self._form(row), None, self._commands(row))

    def _commands(self, row: Collected | None) -> tuple[parts.Command, ...]:
        mends = not_permitted(self._desk.station.may(Permission.MEND_ORDER))
        cancels = not_permitted(self._desk.station.may(Permission.CANCEL_ORDER))
        none = "" if row else say("office_collected.choose_one")
        waits = none or ("" if row is not None and row.ready else say("office_collected.not_ready"))
        return (
            parts.Command(COLLECT, say("office_collected.collect"), "N", icon="plus", reason=mends),
            parts.Command(LONGER, say("office_collected.longer", days=pick_up.DAYS), "L", reason=mends or waits),
            parts.Command(BACK, say("office_collected.back"), "X", kind=Kind.DANGER, reason=cancels or waits),
            parts.Command(ORDER, say("office_sourcing.show_order"), "O", reason=none),
        )

    def _form(self, row: Collected | None) -> Form | None:
        if self.panel == COLLECT:
            told = self.fields.get("store").casefold()
            tabs = tuple(
                parts.Tab(site.code, site.name, chosen=site.code.casefold() == told) for site in self.known.stores[:9]
            )
            fields = (self.fields.field("order_number", code=True), self.fields.field("store", code=True))
            return form(
                COLLECT, say("office_collected.collect"), fields, "office_screen.save", tabs=tabs,
                detail=say("office_collected.collect.detail"), beside=("store",),
            )  # fmt: skip
        if self.panel == BACK and row is not None:
            return form(
                BACK, say("office_collected.back.title", number=row.number), (self.fields.field("reason"),),
                "office_collected.back.save", detail=say("office_collected.back.detail"),
            )  # fmt: skip
        return None


def _chip(row: Collected, late: bool) -> parts.Chip:
    if late:
        return parts.Chip(say("office_collected.not_fetched"), Family.WRONG, "warning-octagon")
    if row.ready:
        return parts.Chip(say("office_collected.ready"), Family.OK, "check-circle")
    return parts.Chip(say("office_collected.coming"), Family.TODO, "circle-dashed")
