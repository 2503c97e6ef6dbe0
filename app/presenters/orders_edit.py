"""Changing an order: its lines, its service, who else goes along; saved whole, with a reason, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.outcomes import Change, Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import orders_edit_parts as made
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk
from app.presenters.order_basket import Basket
from app.presenters.orders_sheet import back_command, tabs_of
from app.presenters.state import orders_sheet, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.state.sound import Sound
from app.queries.order_edit import Editable, EditView, FoundProduct, OtherOrder, edit_view, find_products
from app.queries.queue_rows import QueueRow
from app.services.edit_lines import edit_lines
from app.services.go_on import unless_refused
from app.services.merge import merge_orders
from app.services.orders import set_service

TABS = ("lines", "service", "merge")
MORE, LESS, DROP = "line-more", "line-less", "line-drop"


class EditSheet:
    """Implements `orders_sheet.Sheet`; products that are scanned while it is open are added."""

    def __init__(self, desk: OfficeDesk, order_id: int, tab: str = TABS[0]) -> None:
        """Reads nothing until `show`."""
        self.desk, self.order_id, self.tab = desk, order_id, tab
        self.known: Editable | None = None
        self.basket = Basket()
        self.found: tuple[FoundProduct, ...] = ()
        self.others: tuple[OtherOrder, ...] = ()
        self.rows: Mapping[int, QueueRow] = {}
        self.fields = Fields()
        self.chosen = ""

    # -- reading

    def show(self) -> None:
        """Reads the order; what was typed and not saved stays, unless it is of an older version."""
        self._read(keep=self.basket.dirty)

    def _read(self, *, keep: bool) -> None:
        def put(found: EditView) -> None:
            fresh, self.others, self.rows = found.order, found.others, found.rows
            if fresh is None or (keep and self.known is not None):
                return
            self.known, self.basket, self.found = fresh, Basket.of(fresh), ()
            self.fields.fill(reason=self.fields.get("reason"), service=fresh.service)
            self._choose_row("")

        now = self.desk.clock()
        self.desk.read(lambda: self.desk.database.read(lambda s: edit_view(s, self.order_id, now)), put)

    def concerns(self, changes: Sequence[Change]) -> bool:
        """The order itself; what is being changed by hand is not taken away under it."""
        shown = {self.order_id, *(one.order_id for one in self.others)}
        return any(one.entity == "order" and one.entity_id in shown for one in changes) and not self.basket.dirty

    # -- what is pressed

    def turn(self, digit: int) -> None:
        """To a tab."""
        if 1 <= digit <= len(TABS):
            self.choose("tabs", TABS[digit - 1], True)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A tab, a row; a found product that is opened is added."""
        if what == "tabs" and key in TABS:
            self.tab, self.found = key, ()
            self._choose_row("")
        elif self.found and opened:
            one = next((one for one in self.found if str(one.product_id) == key), None)
            if one is not None:
                self._add(one)
        elif what != "tabs":
            self._choose_row(key)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """What to add, how many, the service, the reason."""
        again = text == self.fields.texts.get(field)
        self.fields.put(field, text)
        if field == "add":
            if entered and again and self.found:
                self.choose("found", self.chosen, True)  # Enter once more takes the row that is marked
            elif entered and text.strip():
                self._find(text)
        elif field == "quantity":
            if text.strip().isdecimal() and len(text.strip()) < 7:
                self.basket = self.basket.put(self._row_key(), int(text))
        elif entered:
            self._save()

    def scanned(self, raw: str) -> bool:
        """A product that is scanned goes into the lines."""
        if self.tab != "lines":
            return False
        self._find(raw)
        return True

    def command(self, code: str) -> bool:
        """Save, one more, one fewer, none."""
        key = self._row_key()
        row = self.basket.find(key)
        if code == SAVE:
            self._save()
        elif code == CLOSE:
            return False
        elif code in (MORE, LESS) and row is not None:
            self._put(row.key, row.wanted + (1 if code == MORE else -1))
        elif code == DROP and row is not None:
            self.basket = self.basket.drop(row.key)
            self._choose_row(row.key)
        else:
            return code in (MORE, LESS, DROP)
        return True

    def more(self) -> None:
        """All is read at once."""

    def back(self) -> bool:
        """First what was found goes, then what was not saved; then the page."""
        if self.found:
            self.found = ()
            return True
        if self.basket.dirty and self.known is not None:
            self.basket = Basket.of(self.known)
            self._choose_row("")
            return True
        return False

    # -- lines

    def _row_key(self) -> str:
        return self.chosen or (self.basket.rows[0].key if self.basket.rows else "")

    def _choose_row(self, key: str) -> None:
        self.chosen = key
        row = self.basket.find(self._row_key()) if self.tab == "lines" else None
        self.fields.put("quantity", str(row.wanted) if row is not None else "")
        if self.tab == "service" and key:
            self.fields.put("service", key)

    def _put(self, key: str, units: int) -> None:
        self.basket = self.basket.put(key, units)
        self._choose_row(key)

    def _find(self, typed: str) -> None:
        def put(found: tuple[FoundProduct, ...]) -> None:
            if len(found) == 1:
                self._add(found[0])
            elif found:
                self.found = found
                self.chosen = str(found[0].product_id)
            else:
                self.desk.ring(Sound.WRONG)
                self.fields.wrong["add"] = say("edits.nobody_knows", typed=typed[:30])

        self.desk.read(lambda: self.desk.database.read(lambda s: find_products(s, typed)), put)

    def _add(self, one: FoundProduct) -> None:
        self.found = ()
        self.basket, key = self.basket.add(one)
        self.fields.put("add", "")
        self._choose_row(key)
        self.desk.ring(Sound.ACCEPTED)

    # -- saving

    def _save(self) -> None:
        known = self.known
        if known is None or not self.fields.wanted("reason"):
            self.desk.ring(Sound.WRONG)
            return
        actor, reason = self.desk.actor(), self.fields.get("reason")
        database, order_id = self.desk.database, self.order_id
        if self.tab == "lines":
            wishes, new = self.basket.wishes, self.basket.new
            self._do(
                lambda: database.write(
                    lambda s: edit_lines(s, actor, order_id, wishes, new, reason, seen=known.version)
                )
            )
        elif self.tab == "service":
            service = self.fields.get("service")
            self._do(
                lambda: database.write(
                    lambda s: unless_refused(
                        s, actor, order_id, set_service(s, actor, order_id, service, reason=reason, seen=known.version)
                    )
                )
            )
        else:
            self._merge(known, reason)

    def _merge(self, known: Editable, reason: str) -> None:
        other = self._other()
        if other is None:
            self.desk.ring(Sound.WRONG)
            return
        actor, database, order_id = self.desk.actor(), self.desk.database, self.order_id
        self._do(
            lambda: database.write(
                lambda s: merge_orders(
                    s, actor, order_id, other.order_id, reason, seen=known.version, seen_other=other.version
                )
            )
        )

    def _other(self) -> OtherOrder | None:
        found = next((one for one in self.others if str(one.order_id) == self.chosen), None)
        return found or (self.others[0] if self.others else None)

    def _do(self, work: Callable[[], Outcome]) -> None:
        def answered(outcome: Outcome) -> None:
            if not outcome.refused:
                self.fields.fill()
                self.basket = Basket()
                self._read(keep=False)
            elif outcome.code.startswith("edit.changed_meanwhile"):
                self._read(keep=False)

        self.desk.do(work, answered)

    # -- state

    def state(self) -> orders_sheet.Sheet:
        """Lines, services or orders at the left, what is asked beside."""
        known = self.known
        number = known.number if known is not None else ""
        title = say("edits.sheet.title", number=number)
        line = known.recipient if known is not None else ""
        table, commands = self._table()
        return orders_sheet.Sheet(
            f"edit:{self.order_id}:{self.tab}:{bool(self.found)}",
            title,
            back_command(),
            table,
            None if known is None else made.chip(known, self.rows.get(self.order_id)),
            line,
            (),
            tabs_of(TABS, self.tab, "edits"),
            self._form(),
            (*commands, back_command()),
            self.desk.notice,
        )

    def _table(self) -> tuple[parts.Table, tuple[parts.Command, ...]]:
        currency = self.known.currency if self.known is not None else ""
        if self.found:
            return made.found_table(self.found, self.chosen, currency), ()
        if self.tab == "service":
            services = self.known.services if self.known is not None else ()
            return made.service_table(services, self.fields.get("service")), ()
        if self.tab == "merge":
            other = self._other()
            return made.others_table(self.others, self.rows, str(other.order_id) if other else ""), ()
        why = "" if self.basket.rows else say("edits.no_line")
        commands = (
            parts.Command(MORE, say("edits.more"), "M", icon="plus-circle", reason=why),
            parts.Command(LESS, say("edits.less"), "L", icon="minus-circle", reason=why),
            parts.Command(DROP, say("edits.drop"), "D", icon="trash", reason=why),
        )
        return made.lines_table(self.basket.rows, self._row_key(), currency), commands

    def _form(self) -> Form | None:
        if self.known is None:
            return None
        names = {"lines": ("add", "quantity", "reason"), "service": ("service", "reason"), "merge": ("reason",)}
        fields = tuple(
            parts.Field(
                name,
                say(f"edits.field.{name}"),
                self.fields.texts.get(name, ""),
                say(f"edits.field.{name}.hint"),
                self.fields.wrong.get(name, ""),
                code=name in ("add", "quantity"),
            )
            for name in names[self.tab]
        )
        allowed = self.desk.station.may(Permission.MEND_ORDER)
        why = "" if allowed else say("orders.not.permitted")
        if self.tab == "lines" and not why and not self.basket.dirty:
            why = say("edit.nothing_changed")
        if self.tab == "merge" and not why:
            other = self._other()
            why = say("edits.no_other") if other is None else "" if other.same_place else say("edits.other_place")
        save = parts.Command(SAVE, say(f"edits.save.{self.tab}"), "Y", icon="check", kind=Kind.PRIMARY, reason=why)
        detail = made.detail(self.tab, self.known, self.basket)
        return Form(f"edit-{self.tab}", say(f"edits.form.{self.tab}"), detail, fields, commands=(save,), asks=False)
