"""The full page of an order: all that happened to it, its items, parcels and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from app.domain.money import money_text
from app.domain.outcomes import Change
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import notices, orders_timeline
from app.presenters import orders_parts as made
from app.presenters.office_desk import OfficeDesk
from app.presenters.orders_detail import CUSTOMER, EDIT, ENDED
from app.presenters.orders_notes import PageNotes
from app.presenters.orders_sheet import (
    WRITE,
    Paged,
    back_command,
    note_columns,
    note_commands,
    note_row,
    tabs_of,
)
from app.presenters.state import orders_sheet, parts
from app.presenters.times import NBSP
from app.queries.notes import notes_of_order
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.timeline import Happening, Place, timeline, whole_timeline
from app.services import notes

TABS = ("timeline", "items", "parcels", "notes")
EXPORT = "timeline-export"
WHOLE = 10_000
_SHOWN = ("order", "fulfillment", "package", "label", "claim", "return", "print_job")


class OrderPage:
    """Implements `orders_sheet.Sheet`. `exports` is the folder that texts are saved in."""

    def __init__(
        self,
        desk: OfficeDesk,
        order_id: int,
        open_customer: Callable[[int], None],
        exports: Path,
        tab: str = TABS[0],
    ) -> None:
        """Reads nothing until `show`."""
        self.desk, self.order_id, self.tab = desk, order_id, tab
        self._open_customer, self._exports = open_customer, exports
        self.known: OrderDetail | None = None
        self.chosen = ""
        self.happened: Paged[Happening, Place] = Paged(desk, self._read_happened)
        self.notes = PageNotes(
            desk,
            lambda s, below: notes_of_order(s, self.order_id, below),
            lambda s, actor, words, kind, must: notes.write_on_order(
                s, actor, self.order_id, words, kind, must_read=must
            ),
            above=lambda: bool(self._told()),
        )

    def _read_happened(self, after: Place | None) -> tuple[tuple[Happening, ...], Place | None]:
        page = self.desk.database.read(lambda s: timeline(s, self.order_id, after))
        return page.rows, page.after

    def show(self) -> None:
        """Reads the order, and the list of the chosen tab."""
        now = self.desk.clock()

        def put(found: OrderDetail | None) -> None:
            self.known = found

        self.desk.read(lambda: self.desk.database.read(lambda s: order_detail(s, self.order_id, now)), put)
        if self.tab == "timeline":
            self.happened.first()
        elif self.tab == "notes":
            self.notes.pages.first()

    def concerns(self, changes: Sequence[Change]) -> bool:
        """The order itself, or anything that may be a part of it."""
        return any(one.entity_id == self.order_id if one.entity == "order" else one.entity in _SHOWN for one in changes)

    # -- what is pressed

    def turn(self, digit: int) -> None:
        """To a tab."""
        if 1 <= digit <= len(TABS):
            self.choose("tabs", TABS[digit - 1], True)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A tab, a row, or for whom a note is."""
        if what == "tabs" and key in TABS:
            self.tab, self.chosen = key, ""
            self.notes.close()
            self.show()
        elif what == "form":
            self.notes.form.choose(key)
        elif what != "tabs":
            self.chosen = key

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The words of a note."""
        self.notes.typed(text, entered)

    def more(self) -> None:
        """Older entries."""
        if self.tab == "timeline":
            self.happened.more()
        elif self.tab == "notes":
            self.notes.pages.more()

    def back(self) -> bool:
        """Closes the form."""
        return self.notes.close()

    def command(self, code: str) -> bool:
        """Write, take back, save as text, to the customer."""
        known = self.known
        if code == WRITE:
            self.tab = "notes"
            self.notes.pages.first()
        if self.notes.command(code, self.chosen):
            return True
        if code == EXPORT and known is not None:
            self._export(known)
        elif code == CUSTOMER and known is not None and known.customer_id is not None:
            self._open_customer(known.customer_id)
        else:
            return False
        return True

    def _export(self, known: OrderDetail) -> None:
        """Saves the whole time line as a text, on a thread for reading: nothing waits for the disk."""
        desk, zone = self.desk, self.desk.station.clock_zone
        sign = "".join(sign if sign.isalnum() else "-" for sign in known.number).strip("-") or "order"
        path = self._exports / f"{sign}-{self.order_id}.txt"

        def work() -> str:
            rows = desk.database.read(lambda s: whole_timeline(s, self.order_id, WHOLE))
            told = orders_timeline.as_text(known.number, known.channel, rows, zone, cut=len(rows) == WHOLE)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(told, encoding="utf-8")
            except OSError:
                return "timeline.export_failed"
            return "timeline.exported"

        def put(said: str) -> None:
            saved = said == "timeline.exported"
            desk.notice = (notices.done if saved else notices.refused)(said, path=path)

        desk.read(work, put)

    # -- what is shown

    def state(self) -> orders_sheet.Sheet:
        """The page as it is."""
        known, zone = self.known, self.desk.station.clock_zone
        return orders_sheet.Sheet(
            f"order {self.order_id} {self.tab}",
            known.number if known is not None else "",
            back_command(),
            self._table(),
            None if known is None else made.chip(known.row),
            "" if known is None else ", ".join((known.address.name or known.address.company, *made.address(known))),
            () if known is None else facts(known, zone.key, lambda at: self._day(at)),
            tabs_of(TABS, self.tab, "sheet"),
            self.notes.form.state(say("notes.form.order", number=known.number)) if known is not None else None,
            self._commands(),
            self.desk.notice,
        )

    def _commands(self) -> tuple[parts.Command, ...]:
        known = self.known
        unknown = known is None or known.customer_id is None
        why = say("customers.of_nobody") if unknown else ""
        found = [parts.Command(CUSTOMER, say("customers.command"), "C", icon="user-circle", reason=why)]
        if self.tab == "timeline":
            found.append(parts.Command(EXPORT, say("timeline.export"), "T", icon="floppy-disk"))
        if known is not None and known.row.stage not in ENDED and self.tab != "notes":
            not_you = "" if self.desk.station.may(Permission.MEND_ORDER) else say("orders.not.permitted")
            found.insert(0, parts.Command(EDIT, say("edits.command"), "E", icon="pencil-simple", reason=not_you))
        chosen = self.notes.chosen(self.chosen) if self.tab == "notes" else None
        return (*note_commands(self.desk, chosen), *found, back_command())

    def _day(self, at: datetime) -> str:
        local = at.astimezone(self.desk.station.clock_zone)
        return local.strftime(f"%a {local.day} %b %Y %H:%M")

    def _table(self) -> parts.Table:
        zone = self.desk.station.clock_zone
        if self.tab == "timeline":
            rows = tuple(orders_timeline.row(one, zone) for one in self.happened.rows)
            empty = say("orders.loading" if self.happened.loading else "timeline.nothing")
            columns = orders_timeline.columns(zone)
            return self._listed(columns, rows, empty, more=self.happened.after is not None)
        if self.tab == "notes":
            pages = self.notes.pages
            rows = (*self._told(), *(note_row(one, lambda at: self._day(at)) for one in pages.rows))
            empty = say("orders.loading" if pages.loading else "notes.nothing")
            return self._listed(note_columns(), rows, empty, more=pages.after is not None)
        known = self.known
        if self.tab == "items":
            rows = () if known is None else item_rows(known)
            return self._listed(item_columns(), rows, say("orders.loading"))
        rows = () if known is None else parcel_rows(known, lambda at: self._day(at))
        return self._listed(parcel_columns(), rows, say("sheet.no_parcels"))

    def _told(self) -> tuple[parts.TableRow, ...]:
        """What the channel itself says of the order stands above what people wrote."""
        known = self.known
        if known is None:
            return ()
        said = [("gift", say("notes.gift"))] if known.gift else []
        said += [("told", " ".join(known.note.split())[:160])] if known.note.strip() else []
        kind = parts.Cell(say("notes.kind.told"), icon="note")
        return tuple(parts.TableRow(key, (kind, parts.Cell(words), parts.Cell(known.channel))) for key, words in said)

    def _listed(
        self, columns: tuple[parts.Column, ...], rows: tuple[parts.TableRow, ...], empty: str, *, more: bool = False
    ) -> parts.Table:
        chosen = self.chosen or (rows[0].key if rows else "")
        return parts.Table(self.tab, columns, rows, chosen, more, empty=empty)


def facts(known: OrderDetail, zone: str, day: Callable[[datetime], str]) -> tuple[parts.Fact, ...]:
    """Channel, money, service, when it must leave."""
    money = f"{money_text(known.total, known.currency)}{NBSP}{known.currency}" if known.currency else ""
    paid = say(f"orders.financial.{known.financial or 'not_reported'}")
    found = [
        parts.Fact(say("sheet.fact.channel"), known.channel),
        parts.Fact(say("sheet.fact.total"), ", ".join(part for part in (money, paid) if part)),
        parts.Fact(say("sheet.fact.service"), known.row.service or say("sheet.fact.no_service")),
        parts.Fact(say("sheet.fact.leaves"), day(known.row.leaves_at)),
    ]
    return tuple(found)


def item_columns() -> tuple[parts.Column, ...]:
    """Product and how many of it."""
    return (
        parts.Column(say("sheet.item.product")),
        parts.Column(say("sheet.item.sku"), 220),
        parts.Column(say("sheet.item.ordered"), 84, numbers=True),
        parts.Column(say("sheet.item.cancelled"), 88, numbers=True),
        parts.Column(say("sheet.item.shipped"), 84, numbers=True),
    )


def item_rows(known: OrderDetail) -> tuple[parts.TableRow, ...]:
    """One row a line."""
    return tuple(
        parts.TableRow(
            str(at),
            (
                parts.Cell(
                    line.title, "" if line.known else say("sheet.item.unknown"), picture=line.picture, strong=True
                ),
                parts.Cell(line.sku, code=True),
                parts.Cell(str(line.quantity)),
                parts.Cell(str(line.cancelled + line.elsewhere) if line.cancelled + line.elsewhere else ""),
                parts.Cell(str(line.shipped) if line.shipped else ""),
            ),
        )
        for at, line in enumerate(known.lines)
    )


def parcel_columns() -> tuple[parts.Column, ...]:
    """Number, tracking, service, since when."""
    return (
        parts.Column(say("sheet.parcel.number"), 190),
        parts.Column(say("sheet.parcel.tracking")),
        parts.Column(say("sheet.parcel.service"), 220),
        parts.Column(say("sheet.parcel.sealed"), 210),
    )


def parcel_rows(known: OrderDetail, day: Callable[[datetime], str]) -> tuple[parts.TableRow, ...]:
    """One row a parcel."""
    return tuple(
        parts.TableRow(
            str(one.package_id),
            (
                parts.Cell(str(one.number), say(f"sheet.parcel.state.{one.state.value}"), icon="package", strong=True),
                parts.Cell(one.tracking_number or say("sheet.parcel.no_label"), code=bool(one.tracking_number)),
                parts.Cell(one.service),
                parts.Cell(day(one.sealed_at) if one.sealed_at is not None else ""),
            ),
        )
        for one in known.parcels
    )
