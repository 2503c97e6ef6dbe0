"""Office, Sourcing, Suppliers: what suppliers were asked to ship, what they answer, and what they say they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from app.domain.barcodes import read_code
from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import SupplierRequestState, WarehouseKind
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, kept_choice, not_permitted
from app.presenters.office_supplier_files import SupplierOutbox, send_files
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.presenters.times import day_or_clock, number
from app.queries.supplier_requests import (
    NEWEST,
    PAGE,
    AskedRequest,
    request_lines,
    supplier_request,
    supplier_requests,
    untold_requests,
    waits_to_be_asked,
)
from app.queries.warehouses import SiteRow, site_rows
from app.services import drop_ship, print_jobs
from app.services.actor import Actor
from app.services.identify import NamedKind, identify
from app.services.supplier_papers import AT_ONCE, paper_content

ASK, SEND, CONFIRM, SHIPPED, REFUSED, STOCK, PAPER, ORDER, ALL = (
    "supplier-ask", "supplier-send", "supplier-confirm", "supplier-shipped", "supplier-refused", "supplier-stock",
    "supplier-paper", "supplier-order", "supplier-all",
)  # fmt: skip
_CHIPS = {
    SupplierRequestState.ASKED: (Family.WARN, "hourglass"),
    SupplierRequestState.CONFIRMED: (Family.ACCENT, "check"),
    SupplierRequestState.SHIPPED: (Family.OK, "truck"),
    SupplierRequestState.REFUSED: (Family.WRONG, "x-circle"),
    SupplierRequestState.CANCELLED: (Family.TODO, "prohibit"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the section shows: requests with their lines in words, how many wait to be asked, how many to be sent."""

    rows: tuple[tuple[AskedRequest, str], ...] = ()
    suppliers: tuple[SiteRow, ...] = ()
    waiting: int = 0
    unsent: int = 0


class SuppliersSection:
    """The list of requests; S says shipped, C confirmed, F refused."""

    def __init__(self, desk: OfficeDesk, show_order: Callable[[str], None], outbox: SupplierOutbox) -> None:
        self._desk, self._show_order, self._outbox = desk, show_order, outbox
        self.fields = Fields()
        self.known = Known()
        self.full = self.every = False
        self.chosen = self.panel = ""

    def enter(self) -> None:
        """The newest requests."""
        self._page(NEWEST)

    def _page(self, below: int) -> None:
        only_open = not self.every

        def read(session: Session) -> Known:
            found = supplier_requests(session, below, only_open=only_open)
            rows = tuple((one, _goods(session, one)) for one in found)
            suppliers = tuple(site for site in site_rows(session) if site.kind is WarehouseKind.SUPPLIER)
            return Known(rows, suppliers, waits_to_be_asked(session), len(untold_requests(session, AT_ONCE)))

        def put(found: Known) -> None:
            self.full = len(found.rows) == PAGE
            before = () if below == NEWEST else self.known.rows
            self.known = replace(found, rows=(*before, *found.rows))
            chosen = kept_choice(self.chosen, [str(row.id) for row, _ in self.known.rows])
            if self.chosen not in ("", chosen) and self.panel in (SHIPPED, REFUSED):
                self.panel = ""  # what the form is about was settled by somebody else
            self.chosen = chosen

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """Earlier ones."""
        if self.full:
            self._page(self.known.rows[-1][0].id)

    def _request(self) -> AskedRequest | None:
        rows = [row for row, _ in self.known.rows]
        return next((row for row in rows if str(row.id) == self.chosen), rows[0] if rows else None)

    # -- Intents

    def command(self, code: str) -> bool:
        """Ask, send, confirm, shipped, refused, stock, paper, order."""
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._close(),
            ASK: self._ask,
            SEND: lambda: send_files(self._desk, self._outbox, self._changed),
            CONFIRM: self._confirm,
            SHIPPED: lambda: self._open(SHIPPED),
            REFUSED: lambda: self._open(REFUSED),
            STOCK: lambda: self._open(STOCK),
            PAPER: self._print,
            ORDER: self._look,
            ALL: self._turn,
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
        first = self.known.suppliers[0].code if self.known.suppliers else ""
        self.fields.fill(**({"from_supplier": first} if panel == STOCK else {}))

    def _turn(self) -> None:
        self.every = not self.every
        self.enter()

    def _look(self) -> None:
        request = self._request()
        if request is not None:
            self._show_order(request.number)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A request, or the supplier of the form."""
        if what == "form":
            self.fields.put("from_supplier", key)
            return
        self.chosen = key
        request = self._request()
        if opened and request is not None and request.open:
            self._open(SHIPPED)

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel, ""
        return bool(was)

    # -- deeds

    def _ask(self) -> None:
        actor, database = self._desk.actor(), self._desk.database

        def work(session: Session) -> Outcome:
            made = drop_ship.ask_suppliers(session, actor)
            return done("supplier.asked", count=len(made)) if made else refused("supplier.asked_none", Sound.ATTENTION)

        self._desk.do(lambda: database.write(work), self._changed)

    def _confirm(self) -> None:
        request, actor, database = self._request(), self._desk.actor(), self._desk.database
        if request is not None:
            key = request.id
            self._desk.do(lambda: database.write(lambda s: drop_ship.confirm_request(s, actor, key)), self._changed)

    def _save(self) -> None:
        request, actor, database = self._request(), self._desk.actor(), self._desk.database
        if self.panel == STOCK:
            self._tell_stock()
        elif request is None:
            return
        elif self.panel == SHIPPED and self.fields.wanted("tracking"):
            key, carrier, tracking = request.id, self.fields.get("carrier"), self.fields.get("tracking")
            self._desk.do(
                lambda: database.write(lambda s: drop_ship.request_shipped(s, actor, key, carrier, tracking)),
                self._changed,
            )
        elif self.panel == REFUSED and self.fields.wanted("reason"):
            key, reason = request.id, self.fields.get("reason")
            self._desk.do(
                lambda: database.write(lambda s: drop_ship.request_refused(s, actor, key, reason)), self._changed
            )

    def _tell_stock(self) -> None:
        fields = self.fields
        if not fields.wanted("from_supplier", "product", "quantity"):
            return
        told, code, actor = fields.get("quantity"), fields.get("product"), self._desk.actor()
        name = fields.get("from_supplier").casefold()
        site = next(
            (one.id for one in self.known.suppliers if name in (one.code.casefold(), one.name.casefold())), None
        )
        if site is None:
            fields.wrong["from_supplier"] = say("supplier.no_supplier")
            return
        if not (told.isascii() and told.isdigit() and len(told) <= 7):
            fields.wrong["quantity"] = say("office_screen.bad_quantity")
            return

        def work(session: Session) -> Outcome:
            product = _product(session, actor, code)
            if product is None:
                return refused("office_screen.no_product", code=code)
            return drop_ship.tell_stock(session, actor, site, product, int(told))

        self._desk.do(lambda: self._desk.database.write(work), self._stock_told)

    def _stock_told(self, outcome: Outcome) -> None:
        """The form stays for the next product."""
        if not outcome.refused:
            self.fields.fill(from_supplier=self.fields.get("from_supplier"))
        self.enter()

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
            self.fields.fill()
        self.enter()

    def _print(self) -> None:
        request, actor, desk = self._request(), self._desk.actor(), self._desk
        if request is None:
            return
        now, zone, key = desk.clock(), desk.station.clock_zone, request.id

        def work(session: Session) -> Outcome:
            asked = supplier_request(session, key)
            if asked is None:
                return refused("supplier.unknown")
            content = paper_content(session, asked, day_or_clock(asked.asked_at, now, zone))
            kind = DocumentKind.SUPPLIER_REQUEST.value
            print_jobs.queue(session, actor, f"supplier-request:{uuid4().hex}", kind, content)
            drop_ship.mark_told(session, actor, [key])
            return done("office_suppliers.prints", request=asked.code)

        desk.do(lambda: desk.database.write(work), lambda _outcome: self.enter())

    # -- state

    def state(self) -> office.Section:
        """The requests, and the form."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_suppliers.column.request"), 120),
            parts.Column(say("office_suppliers.column.supplier"), 180),
            parts.Column(say("office_suppliers.column.goods")),
            parts.Column(say("office_suppliers.column.state"), 210),
            parts.Column(say("office_screen.column.when"), 100, wide=True),
        )
        rows = tuple(
            parts.TableRow(
                str(row.id),
                (
                    parts.Cell(row.code, row.number, code=True, strong=True),
                    parts.Cell(row.supplier),
                    parts.Cell(goods, row.tracking_number or row.reason),
                    parts.Cell(chip=_chip(row)),
                    parts.Cell(day_or_clock(row.ended_at or row.asked_at, now, zone)),
                ),
                Family.WRONG if row.ended else None,
            )
            for row, goods in self.known.rows
        )
        request = self._request()
        key = str(request.id) if request else ""
        table = parts.Table("suppliers", columns, rows, key, self.full, empty=say("office_suppliers.none"))
        words = say("office_suppliers.all" if self.every else "office_suppliers.open")
        waits = [
            say(f"office_suppliers.{name}", count=number(count))
            for name, count in (("waits", self.known.waiting), ("unsent", self.known.unsent))
            if count
        ]
        head = parts.CardHead(words, "factory", ", ".join(waits))
        return office.Section(head, table, (), self._form(request), None, self._commands(request))

    def _commands(self, request: AskedRequest | None) -> tuple[parts.Command, ...]:
        why = not_permitted(self._desk.station.may(Permission.TRANSFER))
        none = "" if request else say("office_suppliers.choose_one")
        over = none or ("" if request is not None and request.open else say("office_suppliers.over"))
        nobody = "" if self.known.suppliers else say("office_suppliers.no_supplier")
        asked = "" if self.known.waiting else say("office_suppliers.nothing_waits")
        sent = "" if self.known.unsent else say("office_suppliers.nothing_to_send")
        words = say("office_transfers.show_open" if self.every else "office_transfers.show_all")
        return (
            parts.Command(ASK, say("office_suppliers.ask"), "A", icon="paper-plane-tilt", reason=why or asked),
            parts.Command(SEND, say("office_suppliers.send"), "D", icon="floppy-disk", reason=why or sent),
            parts.Command(CONFIRM, say("office_suppliers.confirm"), "I", icon="check", reason=why or over),
            parts.Command(SHIPPED, say("office_suppliers.shipped"), "E", icon="truck", reason=why or over),
            parts.Command(REFUSED, say("office_suppliers.refused"), "F", kind=Kind.DANGER, reason=why or over),
            parts.Command(STOCK, say("office_suppliers.stock"), "N", icon="cube", reason=why or nobody),
            parts.Command(PAPER, say("office_transfers.paper"), "P", icon="printer", reason=none),
            parts.Command(ORDER, say("office_sourcing.show_order"), "O", reason=none),
            parts.Command(ALL, words, "V"),
        )

    def _form(self, request: AskedRequest | None) -> Form | None:
        if self.panel == STOCK:
            tabs = tuple(
                parts.Tab(one.code, one.name, chosen=one.code == self.fields.get("from_supplier"))
                for one in self.known.suppliers[:9]
            )
            fields = tuple(
                self.fields.field(name, code=name != "quantity") for name in ("from_supplier", "product", "quantity")
            )
            return form(
                STOCK, say("office_suppliers.stock.title"), fields, "office_screen.save", tabs=tabs,
                detail=say("office_suppliers.stock.detail"), beside=("quantity",),
            )  # fmt: skip
        if request is None:
            return None
        if self.panel == SHIPPED:
            fields = (self.fields.field("tracking", code=True), self.fields.field("carrier"))
            title = say("office_suppliers.shipped.title", supplier=request.supplier, number=request.number)
            return form(SHIPPED, title, fields, "office_suppliers.shipped.save")
        if self.panel == REFUSED:
            title = say("office_suppliers.refused.title", supplier=request.supplier, number=request.number)
            return form(
                REFUSED, title, (self.fields.field("reason"),), "office_suppliers.refused.save",
                detail=say("office_suppliers.refused.detail"),
            )  # fmt: skip
        return None


def _chip(row: AskedRequest) -> parts.Chip:
    if row.ended:
        return parts.Chip(say("office_suppliers.ended"), Family.WRONG, "hand-palm")
    family, icon = _CHIPS[row.state]
    words = "told" if row.state is SupplierRequestState.ASKED and row.told else row.state.value
    return parts.Chip(say(f"office_suppliers.state.{words}"), family, icon)


def _goods(session: Session, asked: AskedRequest) -> str:
    return ", ".join(f"{number(line.quantity)} × {line.sku}" for line in request_lines(session, asked))


def _product(session: Session, actor: Actor, code: str) -> int | None:
    named = identify(session, read_code(code), actor.warehouse_id)
    return next((one.ref for one in named if one.kind is NamedKind.PRODUCT), None)
