"""What the full pages of Orders share: lists read page by page, tabs, the form for a note, the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from app.domain.notes import NoteKind
from app.domain.outcomes import Change
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters.office_desk import CLOSE, SAVE, OfficeDesk
from app.presenters.state import orders_sheet, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Kind
from app.presenters.state.words import plain
from app.queries.notes import NoteRow

T = TypeVar("T")
C = TypeVar("C")
BACK, WRITE, WITHDRAW = "sheet-back", "note-write", "note-withdraw"
_FOR = ("must", "packer", "office")


class Sheet(Protocol):
    """A full page: an order, a customer, the customers that a search found."""

    def show(self) -> None:
        """It is shown now: reads what it needs."""

    def state(self) -> orders_sheet.Sheet:
        """What it shows."""

    def command(self, code: str) -> bool:
        """A button; says whether it was one of its own."""

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of its form."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row, a tab of the page or of its form."""

    def more(self) -> None:
        """The next page of its list is wanted."""

    def back(self) -> bool:
        """One step back inside; says whether there was one."""

    def turn(self, digit: int) -> None:
        """To a tab, by its number."""

    def concerns(self, changes: Sequence[Change]) -> bool:
        """Whether what it shows changed with these rows."""


class Paged(Generic[T, C]):
    """Rows read so far and where the next page begins; an answer that was overtaken is dropped."""

    def __init__(self, desk: OfficeDesk, read: Callable[[C | None], tuple[tuple[T, ...], C | None]]) -> None:
        """`read` gives a page on a thread for reading."""
        self._desk, self._read = desk, read
        self.rows: tuple[T, ...] = ()
        self.after: C | None = None
        self.loading = True
        self._turn = 0

    def first(self) -> None:
        """From the beginning, as many rows as were read before, so that nothing jumps under somebody's eyes."""
        known = len(self.rows)

        def work() -> tuple[tuple[T, ...], C | None]:
            rows, after = self._read(None)
            while after is not None and len(rows) < known:
                more, after = self._read(after)
                rows = (*rows, *more)
            return rows, after

        self._ask(work, anew=True)

    def more(self) -> None:
        """The page after the last row."""
        after = self.after
        if after is not None and not self.loading:
            self._ask(lambda: self._read(after), anew=False)

    def _ask(self, work: Callable[[], tuple[tuple[T, ...], C | None]], *, anew: bool) -> None:
        self.loading = True
        self._turn += 1
        turn = self._turn

        def put(page: tuple[tuple[T, ...], C | None]) -> None:
            if turn == self._turn:
                self.loading = False
                self.rows = page[0] if anew else (*self.rows, *page[0])
                self.after = page[1]

        self._desk.read(work, put)


class NoteForm:
    """The form in which a note is written: its words, and for whom it is."""

    def __init__(self, desk: OfficeDesk) -> None:
        """Closed."""
        self._desk = desk
        self.open = False
        self.words, self.wrong, self.whom = "", "", _FOR[0]

    def begin(self) -> None:
        """Opens it, empty."""
        self.open, self.words, self.wrong, self.whom = True, "", "", _FOR[0]

    @property
    def kind(self) -> NoteKind:
        """For whom it is."""
        return NoteKind.OFFICE if self.whom == "office" else NoteKind.PACKER

    @property
    def must_read(self) -> bool:
        """Whether a bench waits until it was read."""
        return self.whom == "must"

    def choose(self, key: str) -> None:
        """For whom."""
        self.whom = key if key in _FOR else self.whom

    def ready(self) -> bool:
        """Whether there is something to write; says so beside the field."""
        self.wrong = "" if self.words.strip() else say("notes.empty")
        return not self.wrong

    def state(self, title: str) -> Form | None:
        """As it is shown; None while it is closed."""
        if not self.open:
            return None
        tabs = tuple(parts.Tab(key, say(f"notes.for.{key}"), chosen=key == self.whom) for key in _FOR)
        field = parts.Field("words", say("notes.field.words"), self.words, say("notes.field.words.hint"), self.wrong)
        commands = (
            parts.Command(SAVE, say("notes.save"), "Enter", icon="check", kind=Kind.PRIMARY),
            parts.Command(CLOSE, say("orders.form.close"), "Esc"),
        )
        return Form("note", title, say(f"notes.for.{self.whom}.detail"), (field,), tabs, commands)


def note_columns() -> tuple[parts.Column, ...]:
    """For whom, what, who."""
    return (
        parts.Column(say("notes.column.kind"), 176),
        parts.Column(say("notes.column.words")),
        parts.Column(say("notes.column.who"), 270),
    )


def note_row(one: NoteRow, day: Callable[[datetime], str]) -> parts.TableRow:
    """One note; who has read it where it must be read, or who took it back."""
    kind = say(f"notes.kind.{one.kind.value}")
    second = ""
    if one.must_read:
        second = say("notes.read_by", count=one.reads) if one.reads else say("notes.must_read")
    if one.withdrawn_at is not None and one.kind is not NoteKind.CHANNEL:
        second = say("notes.taken_back", who=one.withdrawn_by)
    loud = parts.Family.WARN if one.must_read and one.withdrawn_at is None else None
    words = plain(" ".join(one.words.split()))
    cut = words[:110].rpartition(" ")[0] if len(words) > 110 and " " in words[:110] else words[:110]
    return parts.TableRow(
        str(one.id),
        (
            parts.Cell(kind, second, icon="note", family=loud, strong=one.withdrawn_at is None),
            parts.Cell(cut, words[len(cut) :].strip(), quiet=one.withdrawn_at is not None),
            parts.Cell(one.who or say("timeline.by_itself"), f"{day(one.at)} {one.station}".strip()),
        ),
    )


def note_commands(desk: OfficeDesk, chosen: NoteRow | None) -> tuple[parts.Command, ...]:
    """Write one, take the chosen one back."""
    why = "" if desk.station.may(Permission.MEND_ORDER) else say("orders.not.permitted")
    found = [parts.Command(WRITE, say("notes.write"), "N", icon="note", reason=why)]
    if chosen is not None and chosen.withdrawn_at is None:
        found.append(parts.Command(WITHDRAW, say("notes.withdraw"), "D", icon="trash", reason=why))
    return tuple(found)


def back_command(words: str = "orders.form.close") -> parts.Command:
    """The way back."""
    return parts.Command(BACK, say(words), "Esc", icon="arrow-left")


def tabs_of(names: Sequence[str], chosen: str, area: str) -> tuple[parts.Tab, ...]:
    """The tabs of a page, each with its digit."""
    return tuple(
        parts.Tab(name, say(f"{area}.tab.{name}"), chosen=name == chosen, press=str(at))
        for at, name in enumerate(names, start=1)
    )
