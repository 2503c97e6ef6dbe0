"""Office, Sourcing, Rules: the ordered list by which sources are chosen, and trying it on an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.outcomes import Outcome
from app.domain.sourcing_rules import RuleKind
from app.domain.words import say
from app.models.database import Session
from app.presenters import office_sourcing_parts as made
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk
from app.presenters.office_sourcing_parts import ADD, DOWN, EDIT, ORDER, REMOVE, SWITCH, TRY, UP
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.services import sourcing as service
from app.services.sourcing import RuleFacts
from app.services.sourcing_preview import Preview, preview


class RulesSection:
    """Up and Down choose; U and D move the chosen rule; T tries the rules on an order without changing anything."""

    def __init__(self, desk: OfficeDesk, show_order: Callable[[str], None]) -> None:
        self._desk, self._show_order = desk, show_order
        self.fields = Fields()
        self.rows: tuple[RuleFacts, ...] = ()
        self.at = 0
        self.panel = ""
        self.kind = RuleKind.NEAREST
        self.tried: Preview | None = None

    def enter(self) -> None:
        """All rules."""

        def put(found: tuple[RuleFacts, ...]) -> None:
            self.rows = found
            self.at = min(self.at, max(0, len(found) - 1))

        self._desk.read(lambda: self._desk.database.read(service.rules), put)

    def more(self) -> None:
        """All are there."""

    def _rule(self) -> RuleFacts | None:
        return self.rows[self.at] if self.at < len(self.rows) else None

    # -- Intents

    def command(self, code: str) -> bool:
        """Add, change, move, switch, remove, try."""
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._back_and_forget(),
            ADD: lambda: self._open(ADD),
            EDIT: lambda: self._open(EDIT),
            TRY: lambda: self._open(TRY),
            UP: lambda: self._move(-1),
            DOWN: lambda: self._move(1),
            SWITCH: self._switch,
            REMOVE: self._remove,
            ORDER: self._look,
        }
        act = acts.get(code)
        if act is None:
            return False
        act()
        self._desk.publish()
        return True

    def _back_and_forget(self) -> None:
        self.back()

    def _open(self, panel: str) -> None:
        rule = self._rule()
        if panel == EDIT and rule is None:
            return
        self.panel, self.tried = panel, None
        if panel == TRY:
            self.fields.fill()
        else:
            told = rule if panel == EDIT and rule is not None else RuleFacts(None, self.kind)
            self.kind = told.kind
            made.fill(self.fields, told)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A rule, or the kind of a new one."""
        if what == "form":
            self.kind = RuleKind(key)
            made.fill(self.fields, RuleFacts(None, self.kind))
        elif self.tried is None and key.isdecimal():
            self.at = int(key)
            if opened:
                self._open(EDIT)

    def back(self) -> bool:
        """Out of what was tried, then out of the form."""
        was = bool(self.panel)
        self.tried = None
        self.panel = ""
        return was

    # -- deeds

    def _save(self) -> None:
        if self.panel == TRY:
            self._try()
            return
        if self.panel not in (ADD, EDIT):
            return
        rule = self._rule() if self.panel == EDIT else None
        before = rule or RuleFacts(None, self.kind)
        told = made.told(self.fields, before)
        if told is None:
            return
        actor, at, database = self._desk.actor(), self.at, self._desk.database
        usual = rule is not None and rule.rule_id is None

        def work(session: Session) -> Outcome:
            if not usual:
                return service.save_rule(session, actor, told)
            moved = service.move_rule(session, actor, at, at)  # the usual rules are written down by their first change
            if moved.refused:
                return moved
            return service.save_rule(session, actor, replace(told, rule_id=service.rules(session)[at].rule_id))

        self._desk.do(lambda: database.write(work), self._changed)

    def _move(self, by: int) -> None:
        actor, at, to, database = self._desk.actor(), self.at, self.at + by, self._desk.database
        if not 0 <= to < len(self.rows):
            return

        def moved(outcome: Outcome) -> None:
            if not outcome.refused:
                self.at = to
            self._changed(outcome)

        self._desk.do(lambda: database.write(lambda s: service.move_rule(s, actor, at, to)), moved)

    def _switch(self) -> None:
        rule, actor, at, database = self._rule(), self._desk.actor(), self.at, self._desk.database
        if rule is None:
            return
        on = not rule.enabled

        def work(session: Session) -> Outcome:
            rule_id = rule.rule_id
            if rule_id is None:
                service.move_rule(session, actor, at, at)
                rule_id = service.rules(session)[at].rule_id or 0
            return service.enable_rule(session, actor, rule_id, on)

        self._desk.do(lambda: database.write(work), self._changed)

    def _remove(self) -> None:
        rule, actor, at, database = self._rule(), self._desk.actor(), self.at, self._desk.database
        if rule is None:
            return

        def work(session: Session) -> Outcome:
            rule_id = rule.rule_id
            if rule_id is None:
                service.move_rule(session, actor, at, at)
                rule_id = service.rules(session)[at].rule_id or 0
            return service.remove_rule(session, actor, rule_id)

        self._desk.do(lambda: database.write(work), self._changed)

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
            self.fields.fill()
        self.enter()

    def _try(self) -> None:
        if not self.fields.wanted("order_number"):
            return
        number, actor, database = self.fields.get("order_number"), self._desk.actor(), self._desk.database

        def put(found: Preview | None) -> None:
            self.tried = found
            if found is None:
                self.fields.wrong["order_number"] = say("sourcing.unknown_order", number=number)

        self._desk.read(lambda: database.read(lambda s: preview(s, actor, number)), put)

    def _look(self) -> None:
        if self.tried is not None:
            self._show_order(self.tried.number)

    # -- state

    def state(self) -> office.Section:
        """The rules, or what became of trying them."""
        station = self._desk.station
        if self.tried is not None:
            return office.Section(
                parts.CardHead(say("office_sourcing.tried", number=self.tried.number), "path"),
                made.tried_table(self.tried),
                made.tried_facts(self.tried),
                self._form(),
                None,
                made.tried_commands(),
            )
        head = parts.CardHead(say("office_sourcing.rules"), "list-numbers", say("office_sourcing.rules.order"))
        table = made.rules_table(self.rows, self.at)
        return office.Section(head, table, (), self._form(), None, made.rules_commands(self.rows, self.at, station))

    def _form(self) -> Form | None:
        if self.panel == TRY:
            return made.try_form(self.fields)
        if self.panel == ADD:
            return made.rule_form(self.fields, self.kind, new=True)
        rule = self._rule()
        return made.rule_form(self.fields, rule.kind, new=False) if self.panel == EDIT and rule is not None else None
