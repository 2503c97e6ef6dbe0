"""Office, Holds: every hold that stands, its cause, and lifting it with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.outcomes import Outcome
from app.domain.roles import to_release
from app.domain.words import say
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.orders_parts import cause_words, first_large, hold_words
from app.presenters.state import office, parts
from app.presenters.state.parts import Family, Kind
from app.presenters.times import day_or_clock
from app.queries.office_lists import PAGE, HeldOrder, open_holds
from app.services.go_on import unless_refused
from app.services.holds import release_hold


class HoldsSection:
    """`show_order` shows an order on the Orders screen by its number."""

    def __init__(self, desk: OfficeDesk, show_order: Callable[[str], None]) -> None:
        self._desk, self._show_order = desk, show_order
        self.fields = Fields()
        self.rows: tuple[HeldOrder, ...] = ()
        self.full = False
        self.chosen = ""

    def enter(self) -> None:
        """The oldest first."""
        self._page((0, ""))

    def _page(self, after: tuple[int, str]) -> None:
        def put(found: tuple[HeldOrder, ...]) -> None:
            self.rows = found if after == (0, "") else (*self.rows, *found)
            self.full = len(found) == PAGE
            if self.chosen and self.chosen not in {key_of(row) for row in self.rows}:
                self.chosen = ""  # it is off the list: a reason that was meant for it must not lift another
                self.fields.fill()

        self._desk.read(lambda: self._desk.database.read(lambda s: open_holds(s, after)), put)

    def more(self) -> None:
        """The next page."""
        if self.full:
            self._page((self.rows[-1].order_id, self.rows[-1].kind.value))

    def _hold(self) -> HeldOrder | None:
        found = next((row for row in self.rows if key_of(row) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def command(self, code: str) -> bool:
        """Lift, or look at the order."""
        hold = self._hold()
        if code == SAVE:
            self._save()
        elif code == CLOSE:
            self.fields.fill()
        elif code == "hold-order" and hold is not None:
            self._show_order(hold.number)
        else:
            return False
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The reason, for the hold that is shown."""
        hold = self._hold()
        self.chosen = key_of(hold) if hold is not None else ""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A hold; Enter shows its order."""
        self.chosen = key
        hold = self._hold()
        if opened and hold is not None:
            self._show_order(hold.number)

    def back(self) -> bool:
        """Nothing to step back from."""
        return False

    def _save(self) -> None:
        hold = self._hold()
        if hold is None or not self.fields.wanted("reason"):
            return
        actor, reason = self._desk.actor(), self.fields.get("reason")
        self._desk.do(
            lambda: self._desk.database.write(
                lambda s: unless_refused(
                    s, actor, hold.order_id, release_hold(s, actor, hold.order_id, hold.kind, reason)
                )
            ),
            self._lifted,
        )

    def _lifted(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.fields.fill()
            self.enter()

    def state(self) -> office.Section:
        """The list, and the form for the chosen one."""
        now, zone = self._desk.clock(), self._desk.station.clock_zone
        columns = (
            parts.Column(say("office_screen.column.order"), 170),
            parts.Column(say("office_screen.column.hold"), 150),
            parts.Column(say("office_screen.column.cause")),
            parts.Column(say("office_screen.column.since"), 130),
            parts.Column(say("office_screen.column.leaves"), 90, wide=True),
        )
        rows = tuple(
            parts.TableRow(
                key_of(row),
                (
                    parts.Cell(row.number, row.recipient, code=True, strong=True),
                    parts.Cell(chip=parts.Chip(hold_words(row.kind).capitalize(), Family.WARN, "pause-circle")),
                    parts.Cell(cause_words(row.kind, row.detail)),
                    parts.Cell(day_or_clock(row.since, now, zone), row.by),
                    parts.Cell(day_or_clock(row.leaves_at, now, zone)),
                ),
            )
            for row in self.rows
        )
        hold = self._hold()
        table = parts.Table(
            "holds", columns, rows, key_of(hold) if hold else "", self.full, empty=say("office_screen.holds.none")
        )
        head = parts.CardHead(say("office_screen.tab.holds"), "pause-circle")
        if hold is None:
            return office.Section(head, table)
        made = form(
            "lift", say("orders.form.lift", number=hold.number), (self.fields.field("reason"),),
            "orders.form.lift.save", detail=first_large(cause_words(hold.kind, hold.detail)), asks=False,
        )  # fmt: skip
        needed = not_permitted(self._desk.station.may(to_release(hold.kind)))
        look = parts.Command("hold-order", say("office_screen.holds.look"), "O", icon="arrow-right")
        first = parts.Command(SAVE, say("orders.form.lift.save"), "Enter", kind=Kind.PRIMARY, reason=needed)
        return office.Section(head, table, (), replace(made, commands=(first, look)))


def key_of(row: HeldOrder) -> str:
    """What tells a hold from all others that stand."""
    return f"{row.order_id}:{row.kind.value}"
