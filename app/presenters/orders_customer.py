"""A customer with all orders over all channels; who is perhaps the same; where it went, what came back, notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.outcomes import Change
from app.domain.words import say
from app.presenters import orders_customer_parts as made
from app.presenters.office_desk import OfficeDesk
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
from app.queries.customers import (
    CustomerHead,
    GivenBack,
    PostAddress,
    customer_addresses,
    customer_head,
    customer_order_rows,
    given_back,
)
from app.queries.customers_alike import Alike, FoundCustomer, found_customers, perhaps_the_same
from app.queries.notes import NoteRow, notes_of_customer
from app.queries.queue_rows import QueueRow
from app.services import notes

TABS = ("orders", "alike", "addresses", "returns", "notes")


class CustomerPage:
    """Implements `orders_sheet.Sheet`."""

    def __init__(
        self,
        desk: OfficeDesk,
        customer_id: int,
        open_order: Callable[[int], None],
        open_customer: Callable[[int], None],
    ) -> None:
        """Reads nothing until `show`."""
        self.desk, self.customer_id, self.tab = desk, customer_id, TABS[0]
        self._open_order, self._open_customer = open_order, open_customer
        self.head: CustomerHead | None = None
        self.missing = False
        self.alike: tuple[Alike, ...] | None = None
        self.chosen = ""
        self.orders: Paged[QueueRow, tuple[int, int]] = Paged(desk, self._read_orders)
        self.addresses: Paged[PostAddress, int] = Paged(desk, self._read_addresses)
        self.returns: Paged[GivenBack, tuple[int, int, int]] = Paged(desk, self._read_returns)
        self.notes = PageNotes(
            desk,
            lambda s, below: notes_of_customer(s, self.customer_id, below),
            lambda s, actor, words, kind, must: notes.write_on_customer(
                s, actor, self.customer_id, words, kind, must_read=must
            ),
        )

    @property
    def _ids(self) -> tuple[int, ...]:
        return self.head.ids if self.head is not None else (self.customer_id,)

    def _read_orders(self, after: tuple[int, int] | None) -> tuple[tuple[QueueRow, ...], tuple[int, int] | None]:
        ids, now = self._ids, self.desk.clock()
        return self.desk.database.read(lambda s: customer_order_rows(s, ids, now, after))

    def _read_addresses(self, below: int | None) -> tuple[tuple[PostAddress, ...], int | None]:
        ids = self._ids
        return self.desk.database.read(lambda s: customer_addresses(s, ids, below))

    def _read_returns(
        self, after: tuple[int, int, int] | None
    ) -> tuple[tuple[GivenBack, ...], tuple[int, int, int] | None]:
        ids = self._ids
        return self.desk.database.read(lambda s: given_back(s, ids, after))

    def show(self) -> None:
        """Who it is first, then the list of the chosen tab: it needs all accounts of the same person."""

        def put(found: CustomerHead | None) -> None:
            self.head, self.missing = found, found is None
            self._read_tab()

        self.desk.read(lambda: self.desk.database.read(lambda s: customer_head(s, self.customer_id)), put)

    def _read_tab(self) -> None:
        head = self.head
        if head is None:
            return
        if self.tab == "alike":

            def put(found: tuple[Alike, ...]) -> None:
                self.alike = found

            self.desk.read(lambda: self.desk.database.read(lambda s: perhaps_the_same(s, head)), put)
        else:
            self._pages().first()

    def _pages(
        self,
    ) -> (
        Paged[QueueRow, tuple[int, int]]
        | Paged[PostAddress, int]
        | Paged[GivenBack, tuple[int, int, int]]
        | Paged[NoteRow, int]
    ):
        if self.tab == "addresses":
            return self.addresses
        if self.tab == "returns":
            return self.returns
        return self.notes.pages if self.tab == "notes" else self.orders

    def concerns(self, changes: Sequence[Change]) -> bool:
        """An order that is listed, or the customer."""
        listed = {row.id for row in self.orders.rows}
        return any(
            one.entity_id in listed
            if one.entity == "order"
            else one.entity == "customer" and one.entity_id == self.customer_id
            for one in changes
        )

    # -- what is pressed

    def turn(self, digit: int) -> None:
        """To a tab."""
        if 1 <= digit <= len(TABS):
            self.choose("tabs", TABS[digit - 1], True)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A tab, for whom a note is, or a row: an order and somebody alike open."""
        if what == "tabs" and key in TABS:
            self.tab, self.chosen = key, ""
            self.notes.close()
            self._read_tab()
        elif what == "form":
            self.notes.form.choose(key)
        elif what != "tabs":
            self.chosen = key
            if opened:
                self._open(key)

    def _open(self, key: str) -> None:
        if self.tab == "orders":
            self._open_order(int(key))
        elif self.tab == "alike":
            self._open_customer(int(key))
        elif self.tab == "returns":
            self._open_order(next((row.order_id for row in self.returns.rows if made.back_key(row) == key), 0))

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The words of a note."""
        self.notes.typed(text, entered)

    def more(self) -> None:
        """The next page."""
        if self.tab != "alike":
            self._pages().more()

    def back(self) -> bool:
        """Closes the form."""
        return self.notes.close()

    def command(self, code: str) -> bool:
        """Write a note, take one back."""
        if code == WRITE:
            self.choose("tabs", "notes", True)
        return self.notes.command(code, self.chosen)

    # -- what is shown

    def state(self) -> orders_sheet.Sheet:
        """The page as it is."""
        head = self.head
        chosen = self.notes.chosen(self.chosen) if self.tab == "notes" else None
        return orders_sheet.Sheet(
            f"customer {self.customer_id} {self.tab}",
            head.main.name or head.main.email if head is not None else "",
            back_command(),
            self._table(),
            None if head is None else made.chip(head),
            "" if head is None else made.line(head),
            () if head is None else made.facts(head, self._day),
            tabs_of(TABS, self.tab, "customers"),
            self.notes.form.state(say("notes.form.customer", name=head.main.name)) if head is not None else None,
            (*note_commands(self.desk, chosen), back_command()),
            self.desk.notice,
        )

    def _day(self, at: datetime) -> str:
        local = at.astimezone(self.desk.station.clock_zone)
        return local.strftime(f"{local.day} %b %Y")

    def _table(self) -> parts.Table:
        columns, rows = self._rows()
        loading = self.alike is None if self.tab == "alike" else self._pages().loading
        after = None if self.tab == "alike" else self._pages().after
        empty = "customers.unknown" if self.missing else "orders.loading" if loading else f"customers.none.{self.tab}"
        chosen = self.chosen or (rows[0].key if rows else "")
        return parts.Table(self.tab, columns, rows, chosen, after is not None, empty=say(empty))

    def _rows(self) -> tuple[tuple[parts.Column, ...], tuple[parts.TableRow, ...]]:
        day = self._day
        if self.tab == "alike":
            return made.alike_columns(), tuple(made.alike_row(one) for one in self.alike or ())
        if self.tab == "addresses":
            return made.address_columns(), tuple(made.address_row(one, day) for one in self.addresses.rows)
        if self.tab == "returns":
            return made.back_columns(), tuple(made.back_row(one, day) for one in self.returns.rows)
        if self.tab == "notes":
            return note_columns(), tuple(note_row(one, day) for one in self.notes.pages.rows)
        return made.order_columns(), tuple(made.order_row(one, day) for one in self.orders.rows)


class CustomersFound:
    """The customers behind what a search found, to choose one. Implements `orders_sheet.Sheet`."""

    def __init__(self, desk: OfficeDesk, asked: str, open_customer: Callable[[int], None]) -> None:
        """Reads nothing until `show`."""
        self.desk, self.asked = desk, asked
        self._open_customer = open_customer
        self.rows: tuple[FoundCustomer, ...] | None = None
        self.chosen = ""

    def show(self) -> None:
        """Searches."""

        def put(found: tuple[FoundCustomer, ...]) -> None:
            self.rows = found

        self.desk.read(lambda: self.desk.database.read(lambda s: found_customers(s, self.asked)), put)

    def state(self) -> orders_sheet.Sheet:
        """The list."""
        rows = tuple(made.found_row(one) for one in self.rows or ())
        empty = say("orders.loading") if self.rows is None else say("customers.none_found", text=self.asked)
        table = parts.Table(
            "found", made.found_columns(), rows, self.chosen or (rows[0].key if rows else ""), empty=empty
        )
        title = say("customers.found", text=self.asked)
        return orders_sheet.Sheet(
            "found", title, back_command(), table, commands=(back_command(),), notice=self.desk.notice
        )

    def command(self, code: str) -> bool:
        """It has none of its own."""
        return False

    def typed(self, field: str, text: str, entered: bool) -> None:
        """It has no fields."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A customer opens."""
        self.chosen = key
        if opened:
            self._open_customer(int(key))

    def more(self) -> None:
        """All of them are there."""

    def back(self) -> bool:
        """There is nothing to close."""
        return False

    def turn(self, digit: int) -> None:
        """It has no tabs."""

    def concerns(self, changes: Sequence[Change]) -> bool:
        """It stands as it was found."""
        return False
