"""The notes of an order or of a customer on its page: read page by page, written with a form, taken back."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.notes import NoteKind
from app.domain.outcomes import Outcome
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, OfficeDesk
from app.presenters.orders_sheet import WITHDRAW, WRITE, NoteForm, Paged
from app.queries.notes import NoteRow
from app.services import notes
from app.services.actor import Actor

Read = Callable[[Session, int | None], tuple[tuple[NoteRow, ...], int | None]]
Write = Callable[[Session, Actor, str, NoteKind, bool], Outcome]


class PageNotes:
    """What a page does with the notes of whom it shows."""

    def __init__(self, desk: OfficeDesk, read: Read, write: Write, above: Callable[[], bool] = lambda: False) -> None:
        """`read` gives a page of them, `write` adds one: its words, for whom, whether it must be read.

        `above` says whether the list begins with something that is no note.
        """
        self._desk, self._write, self._above = desk, write, above
        self.form = NoteForm(desk)
        self.pages: Paged[NoteRow, int] = Paged(desk, lambda below: desk.database.read(lambda s: read(s, below)))

    def chosen(self, key: str) -> NoteRow | None:
        """The note of this key; the first where none was chosen, unless something stands above the notes."""
        rows = self.pages.rows
        first = rows[0] if rows and not key and not self._above() else None
        return next((row for row in rows if str(row.id) == key), first)

    def close(self) -> bool:
        """Closes the form; says whether it was open."""
        was, self.form.open = self.form.open, False
        return was

    def typed(self, text: str, entered: bool) -> None:
        """The words of the note."""
        self.form.words, self.form.wrong = text, ""
        if entered:
            self.save()

    def command(self, code: str, key: str) -> bool:
        """Write, take back, save, close; says whether it was one of these."""
        if code == WRITE:
            self.form.begin()
        elif code == WITHDRAW:
            self._withdraw(key)
        elif code == SAVE:
            self.save()
        elif code == CLOSE:
            self.form.open = False
        else:
            return False
        return True

    def save(self) -> None:
        """Writes what the form holds; it stays open where that is refused."""
        form, desk = self.form, self._desk
        if not form.open or not form.ready():
            return
        words, kind, must, actor = form.words, form.kind, form.must_read, desk.actor()

        def then(outcome: Outcome) -> None:
            if not outcome.refused:
                form.open = False
            self.pages.first()

        desk.do(lambda: desk.database.write(lambda s: self._write(s, actor, words, kind, must)), then)

    def _withdraw(self, key: str) -> None:
        one, desk = self.chosen(key), self._desk
        if one is not None:
            actor, ident = desk.actor(), one.id
            desk.do(
                lambda: desk.database.write(lambda s: notes.withdraw(s, actor, ident)), lambda _: self.pages.first()
            )
