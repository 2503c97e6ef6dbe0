"""Typing an order in: who gets it, what, and how; kept as it is typed, and taken once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from app.domain.outcomes import Change, Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import orders_edit_parts as lines_made
from app.presenters import orders_entry_parts as made
from app.presenters.office_desk import SAVE, OfficeDesk
from app.presenters.order_basket import Basket, BasketRow
from app.presenters.orders_edit import DROP, LESS, MORE
from app.presenters.orders_entry_model import (
    ADDRESS,
    TABS,
    EntryModel,
    content_of,
    faults_of,
    minor_of,
    model_of,
    order_of,
)
from app.presenters.orders_sheet import back_command, tabs_of
from app.presenters.state import orders_sheet, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.state.sound import Sound
from app.presenters.times import clock_words, day_or_clock
from app.queries.customers_alike import FoundCustomer, found_customers
from app.queries.order_edit import FoundProduct, KnownCustomer, find_products, known_customer, known_services
from app.services import manual

NEW_ORDER = "order-new"
THROW_AWAY, PAYMENT = "draft-drop", "entry-payment"
_TAKES = (("find", True, False), ("add", False, True))
KEEP_AFTER = 0.6
"""Seconds after which what was typed is kept, so that not each letter is."""


class EntrySheet:
    """Implements `orders_sheet.Sheet`. `taken` is told the number of an order that was taken."""

    def __init__(self, desk: OfficeDesk, taken: Callable[[str], None]) -> None:
        """Reads nothing until `show`."""
        self.desk, self._taken = desk, taken
        self.tab = TABS[0]
        self.model = EntryModel()
        self.wrong: dict[str, str] = {}
        self.customers: tuple[FoundCustomer, ...] = ()
        self.products: tuple[FoundProduct, ...] = ()
        self.services: tuple[str, ...] = ()
        self.draft_id: int | None = None
        self.chosen = ""
        self._begun = self._waiting = self._saving = False
        self._kept = self._again = ""

    # -- reading and keeping

    def show(self) -> None:
        """What was typed before and neither taken nor thrown away is there again."""
        if self._begun:
            return
        self._begun = True
        operator = self.desk.station.operator_id

        def put(found: tuple[manual.Draft | None, tuple[str, ...]]) -> None:
            draft, self.services = found
            if draft is not None and not self.model.anything:
                self.draft_id, self.model = draft.id, model_of(draft.content)
                at = day_or_clock(draft.saved_at, self.desk.clock(), self.desk.station.clock_zone)
                self._again = say("entry.draft_again", at=at)

        database = self.desk.database
        self.desk.read(lambda: database.read(lambda s: (manual.last_draft(s, operator), known_services(s))), put)

    def concerns(self, changes: Sequence[Change]) -> bool:
        """Nothing that others do changes what is typed here."""
        return False

    def _changed(self) -> None:
        """What was typed is kept a moment later."""
        if not self._waiting:
            self._waiting = True
            self.desk.runner.later(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        self._waiting = False
        if self._saving or not self.model.anything:
            return
        self._write(lambda: None)

    def _write(self, then: Callable[[], None]) -> None:
        actor, content = self.desk.actor(), content_of(self.model)
        database = self.desk.database

        def keep() -> None:  # one after the other on the thread that changes rows: the second knows of the first
            with self._free_again():
                self.draft_id = database.write(lambda s: manual.save_draft(s, actor, self.draft_id, content))

        def put(_none: None) -> None:
            self._kept = clock_words(actor.now, self.desk.station.clock_zone, seconds=True)
            then()
            self.desk.publish()

        self.desk.runner.command(keep, put, lambda error: self.desk.failed(error, lambda: self._write(then)))

    # -- what is pressed

    def turn(self, digit: int) -> None:
        """To a tab."""
        if 1 <= digit <= len(TABS):
            self.choose("tabs", TABS[digit - 1], True)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A tab, a customer, a product, a line, how it is paid."""
        if what == "tabs" and key in TABS:
            self.tab, self.chosen, self.customers, self.products = key, "", (), ()
        elif what == "form":
            self.model = self.model.put("payment", key)
            self._changed()
        elif what == "tabs":
            return
        elif self.customers and opened:
            self._take_customer(int(key))
        elif self.products and opened:
            one = next((one for one in self.products if str(one.product_id) == key), None)
            if one is not None:
                self._add(one)
        elif self.tab == "order" and opened:
            self.model = self.model.put("service", key)
            self._changed()
        else:
            self.chosen = key
            self._show_row()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field; Enter in the first one of a tab looks something up."""
        again = entered and text == self.model.texts.get(field, "")
        self.wrong.pop(field, None)
        self.model = self.model.put(field, text)
        if again and (field, bool(self.customers), bool(self.products)) in _TAKES:
            self.choose(field, self.chosen, True)  # Enter once more takes the row that is marked
            return
        if field == "quantity" and text.strip().isdecimal() and len(text.strip()) < 7:
            self._basket(self.model.basket.put(self._row_key(), int(text)))
        elif field == "price":
            minor = minor_of(text, self.model.currency)
            if minor is None:
                self.wrong["price"] = say("entry.no_money")
            else:
                self._basket(self.model.basket.price(self._row_key(), minor))
        if entered and field == "find" and text.strip():
            self._find_customer(text)
        elif entered and field == "add" and text.strip():
            self._find_product(text)
        if field in ADDRESS and self.wrong:
            self.wrong = faults_of(self.model)
        self._changed()

    def scanned(self, raw: str) -> bool:
        """A product that is scanned goes into the lines, whichever tab is shown."""
        if self.tab != "lines":
            self.choose("tabs", "lines", True)
        self._find_product(raw)
        return True

    def command(self, code: str) -> bool:
        """Take it, throw it away, one more, one fewer, none."""
        key = self._row_key()
        row = self.model.basket.find(key)
        if code == SAVE:
            self._take()
        elif code == THROW_AWAY:
            self._throw_away()
        elif code == PAYMENT:
            self.model = self.model.next_payment()
            self._changed()
        elif code in (MORE, LESS) and row is not None:
            self._basket(self.model.basket.put(key, max(row.wanted + (1 if code == MORE else -1), 1)))
        elif code == DROP and row is not None:
            self.chosen = ""
            self._basket(self.model.basket.drop(key))
        else:
            return code in (MORE, LESS, DROP)
        return True

    def more(self) -> None:
        """All is read at once."""

    def back(self) -> bool:
        """What was looked up goes first; what was typed stays as a draft."""
        if self.customers or self.products:
            self.customers, self.products = (), ()
            return True
        return False

    # -- customers and lines

    def _find_customer(self, text: str) -> None:
        def put(found: tuple[FoundCustomer, ...]) -> None:
            self.customers = found
            self.chosen = str(found[0].account.id) if found else ""
            if not found:
                self.desk.ring(Sound.WRONG)
                self.wrong["find"] = say("entry.new_customer", typed=text[:30])

        self.desk.read(lambda: self.desk.database.read(lambda s: found_customers(s, text)), put)

    def _take_customer(self, customer_id: int) -> None:
        def put(found: KnownCustomer | None) -> None:
            self.customers = ()
            if found is not None:
                self.model = self.model.of_customer(found)
                self.wrong = faults_of(self.model)
                self._changed()

        self.desk.read(lambda: self.desk.database.read(lambda s: known_customer(s, customer_id)), put)

    def _find_product(self, text: str) -> None:
        def put(found: tuple[FoundProduct, ...]) -> None:
            if len(found) == 1:
                self._add(found[0])
            elif found:
                self.products, self.chosen = found, str(found[0].product_id)
            else:
                self.desk.ring(Sound.WRONG)
                self.wrong["add"] = say("edits.nobody_knows", typed=text[:30])

        self.desk.read(lambda: self.desk.database.read(lambda s: find_products(s, text)), put)

    def _add(self, one: FoundProduct) -> None:
        self.products = ()
        basket, self.chosen = self.model.basket.add(one)
        self.model = self.model.put("add", "")
        self._basket(basket)
        self.desk.ring(Sound.ACCEPTED)

    def _basket(self, basket: Basket) -> None:
        self.model = self.model.with_basket(basket)
        self._show_row()
        self._changed()

    def _row(self) -> BasketRow | None:
        return self.model.basket.find(self._row_key())

    def _row_key(self) -> str:
        return self.chosen or (self.model.basket.rows[0].key if self.model.basket.rows else "")

    def _show_row(self) -> None:
        row = self._row() if self.tab == "lines" else None
        if row is not None:
            self.model = self.model.of_row(row)

    # -- taking it

    def _take(self) -> None:
        if self.wrong:  # said anew, so that the cursor goes there again: it may stand below what is seen
            self.wrong = {}
            self.desk.publish()
        self.wrong = faults_of(self.model)
        order = order_of(self.model)
        if isinstance(order, dict):
            self.wrong |= order
        if self.wrong or isinstance(order, dict):
            self.desk.ring(Sound.WRONG)
            self.tab = made.tab_of(next(iter(self.wrong)))
            return
        if self._saving:
            return
        self._saving = True
        actor, database = self.desk.actor(), self.desk.database

        def deed() -> Outcome:
            draft_id = self.draft_id or 0
            with self._free_again():
                return database.write(lambda s: manual.enter_order(s, actor, draft_id, order))

        self._write(lambda: self.desk.do(deed, self._answered))

    @contextmanager
    def _free_again(self) -> Iterator[None]:
        """What failed leaves the form as it was before: it is kept on, and may be taken."""
        try:
            yield
        except Exception:
            self._saving = False
            raise

    def _answered(self, outcome: Outcome) -> None:
        self._saving = False
        if outcome.refused:
            return
        self.model, self.draft_id, self.wrong, self.tab = EntryModel(), None, {}, TABS[0]
        self.chosen = self._kept = self._again = ""
        self._taken(str(outcome.values.get("number", "")))

    def _throw_away(self) -> None:
        database = self.desk.database
        self.model, self.wrong, self.tab = EntryModel(), {}, TABS[0]
        self.chosen = self._kept = self._again = ""
        self.desk.notice = None

        def drop() -> None:
            draft_id, self.draft_id = self.draft_id, None
            if draft_id is not None:
                database.write(lambda s: manual.drop_draft(s, draft_id))

        self.desk.runner.command(drop, lambda _none: None, lambda error: self.desk.failed(error, self._throw_away))

    # -- state

    def state(self) -> orders_sheet.Sheet:
        """The tab that is shown, its form, and how far the order is."""
        table, commands = self._table()
        allowed = self.desk.station.may(Permission.ENTER_ORDER)
        reason = "" if allowed else say("orders.not.permitted")
        away = parts.Command(THROW_AWAY, say("entry.throw_away"), "Q", icon="trash")
        away_too = (away,) if self.model.anything else ()
        return orders_sheet.Sheet(
            f"entry:{self.tab}:{bool(self.customers)}:{bool(self.products)}",
            say("entry.title"),
            back_command(),
            table,
            made.kept_chip(self._kept),
            self._again,
            made.facts(self.model),
            tabs_of(TABS, self.tab, "entry"),
            self._form(parts.Command(SAVE, say("entry.take"), "Y", icon="check", kind=Kind.PRIMARY, reason=reason)),
            (*commands, *away_too, back_command()),
            self.desk.notice,
        )

    def _table(self) -> tuple[parts.Table, tuple[parts.Command, ...]]:
        if self.customers:
            return made.customers_table(self.customers, self.chosen), ()
        if self.products:
            return lines_made.found_table(self.products, self.chosen, self.model.currency), ()
        if self.tab == "order":
            pay = parts.Command(PAYMENT, say("entry.payment"), "P", icon="credit-card")
            return lines_made.service_table(self.services, self.model.get("service")), (pay,)
        table = lines_made.lines_table(self.model.basket.rows, self._row_key(), self.model.currency, new=True)
        if self.tab == "customer":
            return table, ()
        why = "" if self.model.basket.rows else say("edits.no_line")
        commands = (
            parts.Command(MORE, say("edits.more"), "M", icon="plus-circle", reason=why),
            parts.Command(LESS, say("edits.less"), "L", icon="minus-circle", reason=why),
            parts.Command(DROP, say("edits.drop"), "D", icon="trash", reason=why),
        )
        return table, commands

    def _form(self, save: parts.Command) -> Form:
        values: Mapping[str, str] = self.model.texts
        return made.form(self.tab, values, self.wrong, save)
