"""Office, Transfers: goods from one warehouse to another, planned here, picked and received by scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from app.domain.barcodes import read_code
from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import TransferState
from app.domain.words import say
from app.models.database import Session
from app.presenters import office_transfers_parts as made
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, kept_choice
from app.presenters.office_transfers_parts import ADD, ALL, CANCEL, END, LINE, MORE, PAPER, SEND
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.times import day_or_clock
from app.queries.transfers import (
    NEWEST,
    PAGE,
    Site,
    TransferHead,
    TransferredLine,
    sites,
    transfer,
    transfer_lines,
    transfers,
)
from app.services import print_jobs
from app.services import transfers as service
from app.services.actor import Actor
from app.services.identify import NamedKind, identify
from app.services.transfers_goods import found_more


@dataclass(frozen=True, slots=True)
class Looked:
    """One transfer with its lines."""

    head: TransferHead
    lines: tuple[TransferredLine, ...]


class TransfersSection:
    """The list of transfers; Enter opens one, with its lines."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.rows: tuple[TransferHead, ...] = ()
        self.sites: tuple[Site, ...] = ()
        self.full = self.every = False
        self.chosen, self.chosen_line, self.panel = "", "", ""
        self.opened: Looked | None = None

    # -- reading

    def enter(self) -> None:
        """The list, or the transfer that is open."""
        if self.opened is not None:
            self._look(self.opened.head.id)
        else:
            self._page(NEWEST)

    def _page(self, below: int) -> None:
        only_open = not self.every

        def read(session: Session) -> tuple[tuple[TransferHead, ...], tuple[Site, ...]]:
            return transfers(session, below, only_open=only_open), sites(session)

        def put(found: tuple[tuple[TransferHead, ...], tuple[Site, ...]]) -> None:
            rows, self.sites = found
            self.rows = rows if below == NEWEST else (*self.rows, *rows)
            self.full = len(rows) == PAGE
            chosen = kept_choice(self.chosen, [str(row.id) for row in self.rows])
            if self.chosen not in ("", chosen) and self.panel in (END, MORE):
                self.panel = ""  # what the form is about was settled by somebody else
            self.chosen = chosen

        self._desk.read(lambda: self._desk.database.read(read), put)

    def _look(self, transfer_id: int) -> None:
        def read(session: Session) -> Looked | None:
            head = transfer(session, transfer_id)
            return None if head is None else Looked(head, transfer_lines(session, head))

        def put(found: Looked | None) -> None:
            self.opened = found

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """Earlier transfers."""
        if self.full and self.opened is None:
            self._page(self.rows[-1].id)

    def _head(self) -> TransferHead | None:
        if self.opened is not None:
            return self.opened.head
        found = next((row for row in self.rows if str(row.id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    # -- Intents

    def command(self, code: str) -> bool:
        """Plan, add, print, send, end, cancel, look."""
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._leave_form(),
            ADD: lambda: self._open_panel(ADD),
            END: lambda: self._open_panel(END),
            MORE: lambda: self._open_panel(MORE),
            ALL: self._turn,
            PAPER: self._print,
            SEND: lambda: self._deed(service.send_transfer),
            CANCEL: lambda: self._deed(service.cancel_transfer),
        }
        act = acts.get(code)
        if act is None:
            return False
        act()
        self._desk.publish()
        return True

    def _leave_form(self) -> None:
        if self.panel:
            self.back()
        else:
            self.fields.fill()

    def _open_panel(self, panel: str) -> None:
        self.panel = panel
        own = next((site.code for site in self.sites if site.id == self._desk.station.warehouse_id), "")
        self.fields.fill(**({"from_site": own} if panel == ADD else {}))

    def _turn(self) -> None:
        self.every = not self.every
        self._page(NEWEST)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A transfer, a line of it, or what the form asks."""
        if what == "form":
            name, text = ("to_site", key) if self.panel == ADD else ("reason", say(f"transfer.reason.{key}"))
            self.fields.put(name, text)
        elif self.opened is not None:
            self.chosen_line = key
            line = next((one for one in self.opened.lines if str(one.product_id) == key), None)
            if opened and line is not None and self.panel == "":
                self.fields.fill(product=line.sku, quantity=str(line.quantity))
        else:
            self.chosen = key
            if opened and key:
                self._look(int(key))

    def back(self) -> bool:
        """Out of the form, then out of the transfer."""
        if self.panel:
            self.panel = ""
            self.fields.fill()
            return True
        if self.opened is not None:
            self.opened = None
            self.fields.fill()
            self._page(NEWEST)
            return True
        return False

    # -- deeds

    def _save(self) -> None:
        if self.panel == ADD:
            self._plan()
        elif self.panel == END:
            self._end()
        elif self.panel == MORE:
            self._more_came()
        elif self.opened is not None:
            self._line()

    def _plan(self) -> None:
        if not self.fields.wanted("from_site", "to_site"):
            return
        found = {name: self._site(name) for name in ("from_site", "to_site")}
        source, target = found["from_site"], found["to_site"]
        if source is None or target is None:
            return
        actor, note = self._desk.actor(), self.fields.get("note")
        database = self._desk.database

        def planned(outcome: Outcome) -> None:
            ident = outcome.values.get("id")
            if isinstance(ident, int):
                self.panel = ""
                self.fields.fill()
                self._look(ident)

        self._desk.do(
            lambda: database.write(lambda s: service.plan_transfer(s, actor, source.id, target.id, note)), planned
        )

    def _site(self, name: str) -> Site | None:
        told = self.fields.get(name).casefold()
        found = next((site for site in self.sites if told in (site.code.casefold(), site.name.casefold())), None)
        if found is None:
            self.fields.wrong[name] = say("office_transfers.no_site")
        return found

    def _line(self) -> None:
        head = self._head()
        if head is None or not self.fields.wanted("product", "quantity"):
            return
        told, code, actor = self.fields.get("quantity"), self.fields.get("product"), self._desk.actor()
        if not (told.isascii() and told.isdigit() and len(told) <= 7):
            self.fields.wrong["quantity"] = say("office_screen.bad_quantity")
            return

        def work(session: Session) -> Outcome:
            found = _product(session, actor, code)
            if isinstance(found, Outcome):
                return found
            return service.set_line(session, actor, head.id, found[0], int(told) * found[1])

        self._desk.do(lambda: self._desk.database.write(work), self._changed)

    def _end(self) -> None:
        head, reason, actor = self._head(), self.fields.get("reason"), self._desk.actor()
        if head is not None:
            key, database = head.id, self._desk.database
            self._desk.do(
                lambda: database.write(lambda s: service.close_transfer(s, actor, key, reason)), self._changed
            )

    def _more_came(self) -> None:
        head, fields, actor = self._head(), self.fields, self._desk.actor()
        if head is None or not fields.wanted("product", "quantity", "place", "reason"):
            return
        told, code, spot, reason = (fields.get(name) for name in ("quantity", "product", "place", "reason"))
        if not (told.isascii() and told.isdigit() and len(told) <= 7):
            fields.wrong["quantity"] = say("office_screen.bad_quantity")
            return

        def work(session: Session) -> Outcome:
            found = _product(session, actor, code)
            if isinstance(found, Outcome):
                return found
            places = identify(session, read_code(spot), actor.warehouse_id)
            place = next((one.ref for one in places if one.kind is NamedKind.LOCATION), None)
            if place is None:
                return refused("office_screen.no_place", code=spot)
            return found_more(session, actor, head.id, found[0], place, int(told) * found[1], reason)

        self._desk.do(lambda: self._desk.database.write(work), self._changed)

    def _deed(self, what: Callable[[Session, Actor, int], Outcome]) -> None:
        head, actor, database = self._head(), self._desk.actor(), self._desk.database
        if head is not None:
            key = head.id
            self._desk.do(lambda: database.write(lambda s: what(s, actor, key)), self._changed)

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
            self.fields.fill()
        self.enter()

    def _print(self) -> None:
        head, actor, desk = self._head(), self._desk.actor(), self._desk
        if head is None:
            return
        now, zone = desk.clock(), desk.station.clock_zone

        def work(session: Session) -> Outcome:
            content = made.paper(head, transfer_lines(session, head), day_or_clock(head.created_at, now, zone))
            print_jobs.queue(session, actor, f"transfer:{uuid4().hex}", DocumentKind.TRANSFER.value, content)
            return done("office_transfers.prints", transfer=head.code)

        desk.do(lambda: desk.database.write(work), lambda _outcome: None)

    # -- state

    def state(self) -> office.Section:
        """The list, or the open transfer with its lines."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        head, station = self._head(), self._desk.station
        if self.opened is None:
            table = made.list_table(self.rows, head, self.full, now, zone)
            words = say("office_transfers.all" if self.every else "office_transfers.open")
            return office.Section(
                parts.CardHead(words, "truck"), table, (), self._form(), None,
                made.list_commands(head, self.every, station),
            )  # fmt: skip
        lines = self.opened.lines
        return office.Section(
            parts.CardHead(made.title(self.opened.head), "truck", chip=made.chip(self.opened.head.state)),
            made.lines_table(lines, self.chosen_line),
            made.facts(self.opened.head, lines, now, zone),
            self._form(),
            None,
            made.open_commands(self.opened.head, lines, station),
        )

    def _form(self) -> Form | None:
        head = self._head()
        if self.panel == ADD:
            return made.plan_form(self.fields, self.sites)
        if head is not None and self.panel == END:
            return made.end_form(self.fields, head)
        if head is not None and self.panel == MORE:
            return made.more_form(self.fields, head)
        if self.opened is None or self.opened.head.state not in (TransferState.DRAFT, TransferState.PICKED):
            return None
        return made.line_form(self.fields, LINE, self._desk.station.may(Permission.TRANSFER))


def _product(session: Session, actor: Actor, code: str) -> tuple[int, int] | Outcome:
    """The product that a code or SKU names, and how many units the code stands for."""
    named = identify(session, read_code(code), actor.warehouse_id)
    found = next((one for one in named if one.kind is NamedKind.PRODUCT), None)
    return refused("office_screen.no_product", code=code) if found is None else (found.ref, found.quantity)
