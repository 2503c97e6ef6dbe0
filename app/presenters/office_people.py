"""Office, People: who works here, roles, badges."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.states import Role
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, kept_choice, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind
from app.queries.people import PersonRow, people
from app.services import print_jobs
from app.services.actor import Actor
from app.services.people import (
    Badge,
    activate_operator,
    add_operator,
    deactivate_operator,
    rename_operator,
    renew_badge,
    set_role,
)

ADD, RENAME, ROLE, BADGE, OFF, ON = (
    "person-add",
    "person-rename",
    "person-role",
    "person-badge",
    "person-off",
    "person-on",
)


class PeopleSection:
    """A badge's code is told once: it goes straight to the printer, and stays on screen until the next step."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.rows: list[PersonRow] = []
        self.chosen = ""
        self.panel = ""
        self.role = Role.PACKER

    def enter(self) -> None:
        """Everybody."""

        def put(found: list[PersonRow]) -> None:
            self.rows = found
            self.chosen = kept_choice(self.chosen, [str(row.operator_id) for row in found])

        self._desk.read(lambda: self._desk.database.read(people), put)

    def more(self) -> None:
        """Everybody is there."""

    def _person(self) -> PersonRow | None:
        found = next((row for row in self.rows if str(row.operator_id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def command(self, code: str) -> bool:
        """Add, rename, role, badge, deactivate, activate."""
        person = self._person()
        if code == SAVE:
            self._save()
        elif code == CLOSE:
            self.back()
        elif code in (ADD, RENAME, ROLE):
            self._open(code, person)
        elif person is None:
            return False
        elif code == BADGE:
            self._badge(person.operator_id, ask=renew_badge)
        elif code == ON:
            self._badge(person.operator_id, ask=activate_operator)
        elif code == OFF:
            actor, key = self._desk.actor(), person.operator_id
            self._desk.do(
                lambda: self._desk.database.write(lambda s: deactivate_operator(s, actor, key)), self._changed
            )
        else:
            return False
        self._desk.publish()
        return True

    def _open(self, panel: str, person: PersonRow | None) -> None:
        self.panel = panel
        self.fields.fill(name=person.name if person and panel == RENAME else "")
        self.role = person.role if person and panel == ROLE else Role.PACKER

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The name."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A person, or a role in the form."""
        if what == "form":
            self.role = Role(key)
        else:
            self.chosen = key

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel, ""
        return bool(was)

    def _save(self) -> None:
        person, actor, name, role = self._person(), self._desk.actor(), self.fields.get("name"), self.role
        database = self._desk.database
        if self.panel == ADD:
            if self.fields.wanted("name"):
                self._desk.do(
                    lambda: self._printed(database.write(lambda s: add_operator(s, actor, name, role))), self._changed
                )
        elif self.panel == RENAME and person is not None:
            key = person.operator_id
            self._desk.do(lambda: database.write(lambda s: rename_operator(s, actor, key, name)), self._changed)
        elif self.panel == ROLE and person is not None:
            key = person.operator_id
            self._desk.do(lambda: database.write(lambda s: set_role(s, actor, key, role)), self._changed)

    def _badge(self, operator_id: int, ask: Callable[[Session, Actor, int], Badge]) -> None:
        actor, database = self._desk.actor(), self._desk.database

        def work() -> Outcome:
            return self._printed(database.write(lambda s: ask(s, actor, operator_id)))

        self._desk.do(work, self._changed)

    def _printed(self, badge: Badge) -> Outcome:
        """Sends a new badge to the printer; nothing when none was made."""
        if not badge.code:
            return badge.outcome
        actor, station = self._desk.actor(), self._desk.station

        def queue(session: Session) -> int:
            role = next((row.role for row in people(session) if row.operator_id == badge.operator_id), Role.PACKER)
            content = {
                "name": badge.name,
                "code": badge.code,
                "role": say(f"role.{role.value}"),
                "warehouse": station.warehouse,
            }
            return print_jobs.queue(session, actor, f"badge:{uuid4().hex}", DocumentKind.BADGE.value, content)

        self._desk.database.write(queue)
        return badge.outcome

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
        self.enter()

    def state(self) -> office.Section:
        """Everybody, and what can be done."""
        columns = (
            parts.Column(say("office_screen.column.name")),
            parts.Column(say("office_screen.column.role"), 200),
            parts.Column(say("office_screen.column.badge"), 190),
        )
        rows = tuple(
            parts.TableRow(
                str(row.operator_id),
                (
                    parts.Cell(row.name, strong=row.active, quiet=not row.active),
                    parts.Cell(say(f"role.{row.role.value}"), quiet=not row.active),
                    parts.Cell(chip=_chip(row)),
                ),
            )
            for row in self.rows
        )
        person = self._person()
        table = parts.Table("people", columns, rows, str(person.operator_id) if person else "", two_lines=False)
        head = parts.CardHead(say("office_screen.tab.people"), "users")
        return office.Section(head, table, (), self._form(person), None, self._commands(person))

    def _commands(self, person: PersonRow | None) -> tuple[parts.Command, ...]:
        why = not_permitted(self._desk.station.may(Permission.MANAGE_PEOPLE))
        found = [parts.Command(ADD, say("office_screen.people.add"), "N", icon="user-plus", reason=why)]
        if person is not None and person.active:
            found += [
                parts.Command(ROLE, say("office_screen.people.role"), "O", reason=why),
                parts.Command(BADGE, say("office_screen.people.badge"), "B", icon="identification-badge", reason=why),
                parts.Command(RENAME, say("office_screen.people.rename"), "M", reason=why),
                parts.Command(OFF, say("office_screen.people.off"), "X", kind=Kind.DANGER, reason=why),
            ]
        elif person is not None:
            found.append(parts.Command(ON, say("office_screen.people.on"), "I", reason=why))
        return tuple(found)

    def _form(self, person: PersonRow | None) -> Form | None:
        roles = tuple(parts.Tab(role.value, say(f"role.{role.value}"), chosen=role is self.role) for role in Role)
        if self.panel == ADD:
            return form(
                ADD, say("office_screen.people.add"), (self.fields.field("name"),), "office_screen.people.save",
                detail=say("office_screen.people.badge_prints"), tabs=roles,
            )  # fmt: skip
        if self.panel == ROLE and person is not None:
            title = say("office_screen.people.role_of", name=person.name)
            return form(ROLE, title, (), "office_screen.save", tabs=roles)
        if self.panel == RENAME and person is not None:
            title = say("office_screen.people.rename_of", name=person.name)
            return form(RENAME, title, (self.fields.field("name"),), "office_screen.save")
        return None


def _chip(row: PersonRow) -> parts.Chip:
    if not row.active:
        return parts.Chip(say("office_screen.people.gone"), Family.TODO, "prohibit")
    if row.has_badge:
        return parts.Chip(say("office_screen.people.has_badge"), Family.OK, "check")
    return parts.Chip(say("office_screen.people.no_badge"), Family.WARN, "warning")
