"""Office, Import: which column of a file holds which field of ours, said by a person once and kept by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.domain.capture_settings import Mapping as Columns
from app.domain.columns import ColumnsReader, TableColumns
from app.domain.words import say
from app.presenters.office_desk import CLOSE, SAVE, Fields
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family, Kind

TABLE, FORM = "columns", "columns"
NEXT, BEFORE, NONE = "column-next", "column-before", "column-none"
KINDS = ("csv-orders", "csv-products", "csv-locations", "csv-stock")
USUAL = ("name", "address1", "city", "postcode", "country", "email")
"""What is asked for next, because most files have it."""
ASKED = frozenset(("capture.file.format_unknown", "capture.file.wrong_header"))
"""The refusals of a whole file that matching its columns mends."""


class ColumnsPanel:
    """The columns of one file while they are matched: each of our fields takes one heading at most."""

    def __init__(self, read: ColumnsReader, path: Path, format: str, kept: Mapping[str, Mapping[str, Columns]]) -> None:
        """`kept` holds the mappings of each format by name: one that fits the file fills the form.

        Raises FileRefused when the file holds no table.
        """
        self._read, self.path, self._kept = read, path, kept
        self.fields = Fields()
        self.format = format if format in KINDS else KINDS[0]
        self.found: TableColumns
        self.chosen: dict[str, str] = {}
        self.row = ""
        self.turn_to(self.format)

    def turn_to(self, format: str) -> None:
        """What the file holds: orders, products, places or stock."""
        self.format = format
        self.found = self._read(self.path, format)
        name, fits = next(
            ((name, one) for name, one in self._kept.get(format, {}).items() if self._fits(one)), ("", Columns())
        )
        self.chosen = {**self.found.guesses, **dict(fits.columns)}
        self.fields.fill(mapping_name=name or self.path.stem, date_format=fits.date_format)
        self.row = self.rows[0]

    def _fits(self, kept: Columns) -> bool:
        return bool(kept.columns) and all(
            field in self.found.fields and heading in self.found.headings for field, heading in kept.columns
        )

    @property
    def rows(self) -> tuple[str, ...]:
        """Our fields: those that are needed, the usual ones, those that have a column, then the others."""
        needed = [field for group in self.found.needed for field in group]
        usual = [field for field in USUAL if field in self.found.fields]
        guessed = [field for field in self.found.fields if field in self.found.guesses]
        return tuple(dict.fromkeys((*needed, *usual, *guessed, *self.found.fields)))

    def turn(self, by: int) -> None:
        """The chosen field takes the next heading that no other has, or the one before; none stands among them."""
        taken = {heading for field, heading in self.chosen.items() if field != self.row}
        free = ["", *(heading for heading in self.found.headings if heading not in taken)]
        now = self.chosen.get(self.row, "")
        self.take(free[(free.index(now) + by) % len(free)] if now in free else free[0])

    def take(self, heading: str) -> None:
        """The chosen field takes this heading, or none."""
        self.chosen = {field: told for field, told in self.chosen.items() if field != self.row}
        if heading:
            self.chosen[self.row] = heading
        self.fields.wrong.pop("", None)

    def told(self) -> Columns | None:
        """The mapping; None, with what is lacking, while it is not whole."""
        lacking = self.found.lacking(self.chosen)
        if lacking:
            names = ", ".join(field_words(field) for field in lacking)
            self.fields.wrong[""] = say("office_screen.columns.lacking", fields=names)
            self.row = lacking[0]
            return None
        if not self.fields.wanted("mapping_name"):
            return None
        return Columns(tuple(self.chosen.items()), self.fields.get("date_format"))

    # -- state

    def table(self) -> parts.Table:
        """Our fields with their headings and what stands below those."""
        below = dict(zip(self.found.headings, self.found.samples, strict=True))
        needed = {field for group in self.found.needed for field in group}
        columns = (
            parts.Column(say("office_screen.column.ours"), 210),
            parts.Column(say("office_screen.column.theirs")),
            parts.Column(say("office_screen.column.sample")),
        )
        rows = []
        for field in self.rows:
            heading = self.chosen.get(field, "")
            lacks = field in self.found.lacking(self.chosen)
            rows.append(
                parts.TableRow(
                    field,
                    (
                        parts.Cell(field_words(field), strong=field in needed),
                        parts.Cell(
                            heading or say("office_screen.columns.none"), strong=bool(heading), quiet=not heading
                        ),
                        parts.Cell(below.get(heading, ""), code=True, quiet=True),
                    ),
                    Family.WARN if lacks else None,
                )
            )
        return parts.Table(TABLE, columns, tuple(rows), self.row, two_lines=False)

    def form(self) -> Form:
        """What the file holds, and the name to keep it by."""
        kinds = tuple(
            parts.Tab(kind, say(f"office_screen.columns.{kind}"), chosen=kind == self.format) for kind in KINDS
        )
        free = [heading for heading in self.found.headings if heading not in self.chosen.values()]
        detail = say("office_screen.columns.free", headings=", ".join(free)) if free else ""
        fields = (
            self.fields.field("mapping_name"),
            self.fields.field("date_format", say("office_screen.columns.dates")),
        )
        title = say("office_screen.columns.title", file=self.path.name)
        wrong = self.fields.wrong.get("", "")
        commands = (
            parts.Command(SAVE, say("office_screen.columns.save"), "I", icon="check", kind=Kind.PRIMARY),
            parts.Command(CLOSE, say("office_screen.back"), "Esc"),
        )
        return Form(FORM, title, detail, fields, kinds, commands, wrong, asks=False)

    def commands(self) -> tuple[parts.Command, ...]:
        """What the chosen field can take."""
        return (
            parts.Command(NEXT, say("office_screen.columns.next"), "N", icon="caret-down"),
            parts.Command(BEFORE, say("office_screen.columns.before"), "B", icon="caret-up"),
            parts.Command(NONE, say("office_screen.columns.leave_out"), "X", icon="prohibit"),
        )


def field_words(field: str) -> str:
    """One of our fields for people: its sentence, or its own name without underscores."""
    key = f"office_screen.columns.field.{field}"
    words = say(key)
    return field.replace("_", " ").capitalize() if words == key else words
