"""Office, Import: a file, what came of it, and the rows that could not be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from app.domain.capture import FileRefused
from app.domain.capture_settings import Mapping as Columns
from app.domain.columns import ColumnsReader
from app.domain.errors import PickwickError
from app.domain.import_report import ImportCounts, ImportProgress
from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters.importer import Cancel, ImportEnd, Importer
from app.presenters.notices import dismiss, failure
from app.presenters.office_columns import ASKED, BEFORE, KINDS, NEXT, NONE, ColumnsPanel
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.office_import_lists import count_facts, counts_words, reason_words, row_table, run_table
from app.presenters.state import office, parts
from app.presenters.state.first_run import Busy
from app.presenters.state.form import Form, Notice
from app.presenters.state.parts import Family, Kind
from app.presenters.state.sound import Sound
from app.queries.imports import ImportRow, RefusedEntry, recent_imports, refused_rows, saved_mappings
from app.services.allocate import allocate_ready
from app.services.capture.runs import RowReader, keep_mapping, put_aside, retry_refused

FORMATS = (
    "auto", "shopify-orders", "amazon-unshipped", "ebay-orders", "online-retail", "csv-orders", "shopify-products",
    "woocommerce-products", "csv-products", "csv-locations", "csv-stock",
)  # fmt: skip
START, STOP, CHOOSE, FORMAT, MAPPING = "import-start", "import-stop", "import-choose", "import-format", "import-mapping"
MEND, ASIDE, HISTORY, CHANGED = "import-mend", "import-aside", "import-history", "import-changed"
LINE_BREAK = "⏎"
PAGE = 50


def _file(typed: str) -> Path | None:
    """The file of a typed path; nothing where there is none, or where no file can be called so."""
    try:
        path = Path(typed).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError):  # too long a name; nobody's home
        return None


class ImportSection:
    """`choose_file` opens the system's dialogue and gives a path, or nothing; `readers` map a row again by format."""

    def __init__(
        self,
        desk: OfficeDesk,
        importer: Importer,
        readers: Mapping[str, RowReader],
        choose_file: Callable[[], str],
        show_changed: Callable[[], None],
        read_columns: ColumnsReader,
    ) -> None:
        self._desk, self._importer, self._readers = desk, importer, readers
        self._choose_file, self._show_changed, self._read_columns = choose_file, show_changed, read_columns
        self.columns: ColumnsPanel | None = None
        self.fields = Fields()
        self.format = FORMATS[0]
        self.mappings: Mapping[str, Columns] = {}
        self.mapping = ""
        self.rows: list[RefusedEntry] = []
        self.runs: list[ImportRow] = []
        self.full = False
        self.history = False
        self.panel = ""
        self.chosen = ""
        self.busy: Busy | None = None
        self.counts: ImportCounts | None = None
        self._running = False
        self._read = ""
        self._cancel: Cancel | None = None

    # -- reading

    def enter(self) -> None:
        """Rows that wait to be mended, and the last imports."""
        self._desk.read(lambda: self._desk.database.read(lambda s: (refused_rows(s), recent_imports(s))), self._listed)

    def _listed(self, found: tuple[list[RefusedEntry], list[ImportRow]]) -> None:
        rows, self.runs = found
        self.rows, self.full = rows, len(rows) == PAGE
        if self.panel and self.chosen not in {str(row.row_id) for row in rows}:
            self.panel = ""  # somebody else settled the row that the form is about

    def more(self) -> None:
        """The next page of rows."""
        if not self.full or self.history:
            return
        after = self.rows[-1].row_id

        def add(rows: list[RefusedEntry]) -> None:
            self.rows = [*self.rows, *rows]
            self.full = len(rows) == PAGE

        self._desk.read(lambda: self._desk.database.read(lambda s: refused_rows(s, PAGE, after)), add)

    # -- doing

    def command(self, code: str) -> bool:
        """Choose, start, stop, mend, put aside."""
        acts: dict[str, Callable[[], None]] = {
            START: self._start,
            STOP: self._stop,
            CHOOSE: self._choose_path,
            FORMAT: self._next_format,
            MAPPING: self._next_mapping,
            MEND: self._begin_mending,
            ASIDE: lambda: self._open("aside"),
            HISTORY: self._turn_history,
            CHANGED: self._show_changed,
            SAVE: self._save,
            CLOSE: lambda: self._open(""),
            **self._column_acts(),
        }
        if code not in acts:
            return False
        acts[code]()
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The path, or the form."""
        (self.fields if self.columns is None else self.columns.fields).put(field, text)
        if entered:
            self._save()

    def takes(self, raw: str) -> bool:
        """Whether a scan is the path of a file, as when it was pasted or typed by a machine: then it is imported."""
        if self._running or self.panel or self.columns is not None or not ("/" in raw or "\\" in raw):
            return False
        if _file(raw) is None:
            return False
        self.fields.put("path", raw)
        self._start()
        self._desk.publish()
        return True

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A refused row; Enter mends it. While columns are matched: one of our fields, or what the file holds."""
        if self.columns is not None:
            self._choose_column(self.columns, what, key, opened)
            return
        self.chosen = key
        if opened and not self.history:
            self._begin_mending()

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel or self.columns is not None, ""
        self.columns = None
        return bool(was)

    def _choose_path(self) -> None:
        path = self._choose_file()
        if path:
            self.fields.put("path", path)

    def _next_format(self) -> None:
        self.format = FORMATS[(FORMATS.index(self.format) + 1) % len(FORMATS)]
        self.mapping, chosen = "", self.format

        def put(found: dict[str, Columns]) -> None:
            self.mappings = found

        self._desk.read(lambda: self._desk.database.read(lambda s: saved_mappings(s, chosen)), put)

    def _next_mapping(self) -> None:
        names = ["", *self.mappings]
        self.mapping = names[(names.index(self.mapping) + 1) % len(names)]

    def _turn_history(self) -> None:
        self.history = not self.history
        self.panel = ""

    def _start(self) -> None:
        if self._running:
            return
        if not self._desk.station.may(Permission.IMPORT):
            self._desk.ring(Sound.WRONG)
            return
        if not self.fields.wanted("path"):
            return
        path = _file(self.fields.get("path"))
        if path is None:
            self.fields.wrong["path"] = say("office_screen.import.no_file")
            self._desk.ring(Sound.WRONG)
            return
        mapping = self.mappings.get(self.mapping) if self.mapping else None
        self._run(path, mapping)

    def _run(self, path: Path, mapping: Columns | None) -> None:
        self._desk.notice, self.counts = None, None
        self.busy = Busy(say("office_screen.import.reading", file=path.name))
        self._running, self._read = True, self.fields.get("path")
        cancel = self._importer.start(path, self.format, mapping, self._progress, self._ended)
        self._cancel = cancel if self._running else None

    def _stop(self) -> None:
        if self._cancel is not None:
            self._cancel()

    def _progress(self, told: ImportProgress) -> None:
        key = "office_screen.import.allocating" if told.allocating else "office_screen.import.reading"
        self.counts = told.counts
        self.busy = Busy(say(key, file=Path(self.fields.get("path")).name), told.percent, 100)
        self._desk.publish()

    def _ended(self, end: ImportEnd) -> None:
        self._running, self._cancel, self.busy = False, None, None
        if isinstance(end, PickwickError):
            told = failure(end)
            self._desk.notice = Notice(
                told.words, told.family, told.icon, say("office_screen.import.kept"), (dismiss(),)
            )
            self._desk.ring(Sound.ATTENTION)
            if end.code in ASKED:
                self._match_columns()
        else:
            self.counts = end.counts
            family = Family.WARN if end.counts.refused else Family.OK
            icon = "warning" if end.counts.refused else "check-circle"
            words = say(f"office_screen.import.{end.state}", file=end.file)
            self._desk.notice = Notice(words, family, icon, counts_words(end.counts), (dismiss(),))
            self._desk.ring(Sound.ATTENTION if end.counts.refused else Sound.COMPLETE)
            if self.fields.get("path") == self._read:
                self.fields.put("path", "")  # the next one is typed where this one was
        self.enter()
        self._desk.publish()

    # -- columns that nobody recognised

    def _match_columns(self) -> None:
        """Asks for the columns of the file; a mapping that was kept and fits it fills the form."""
        path, format = Path(self.fields.get("path")).expanduser(), self.format

        def work() -> ColumnsPanel | None:
            kept = self._desk.database.read(lambda s: {kind: saved_mappings(s, kind) for kind in KINDS})
            try:
                return ColumnsPanel(self._read_columns, path, format, kept)
            except (FileRefused, OSError):
                return None  # there is no table in it: what was said already says so

        def put(panel: ColumnsPanel | None) -> None:
            self.columns, self.panel = panel, ""
            if panel is not None:
                words = say("office_screen.columns.asked", file=path.name)
                detail = say("office_screen.columns.asked.detail")
                self._desk.notice = Notice(words, Family.WARN, "columns", detail, (dismiss(),))

        self._desk.read(work, put)

    def _column_acts(self) -> dict[str, Callable[[], None]]:
        panel = self.columns
        if panel is None:
            return {}
        return {NEXT: lambda: panel.turn(1), BEFORE: lambda: panel.turn(-1), NONE: lambda: panel.take("")}

    def _choose_column(self, panel: ColumnsPanel, what: str, key: str, opened: bool) -> None:
        if what == "form":
            self._desk.read(lambda: panel.turn_to(key), lambda _: None)
            return
        panel.row = key
        if opened:
            panel.turn(1)

    def _keep_columns(self, panel: ColumnsPanel) -> None:
        """Keeps the mapping by its name, then imports with it."""
        told = panel.told()
        if told is None:
            self._desk.ring(Sound.WRONG)
            return
        actor, name, format = self._desk.actor(), panel.fields.get("mapping_name"), panel.format

        def work() -> Outcome:
            return self._desk.database.write(lambda s: keep_mapping(s, actor, format, name, told))

        def kept(outcome: Outcome) -> None:
            if not outcome.refused:
                self.columns = None
                self.format, self.mapping, self.mappings = format, name, {**self.mappings, name: told}
                self._run(panel.path, told)

        self._desk.do(work, kept)

    # -- refused rows

    def _entry(self) -> RefusedEntry | None:
        found = next((row for row in self.rows if str(row.row_id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def _begin_mending(self) -> None:
        entry = self._entry()
        if entry is not None:
            path = self.fields.texts.get("path", "")
            self.fields.fill(path=path, raw=entry.refused.raw.rstrip("\r\n").replace("\n", LINE_BREAK))
            self.panel, self.chosen = "mend", str(entry.row_id)
            self._desk.publish()

    def _open(self, panel: str) -> None:
        self.columns = None
        entry = self._entry()
        self.panel = panel if entry is not None else ""
        if entry is not None:
            self.chosen = str(entry.row_id)
        self.fields.put("reason", "")

    def _save(self) -> None:
        entry = self._entry()
        if self.columns is not None:
            self._keep_columns(self.columns)
        elif self.panel == "mend" and entry is not None:
            reader = self._readers[entry.refused.format]
            mended, row_id = self.fields.texts["raw"].replace(LINE_BREAK, "\n"), entry.row_id
            actor = self._desk.actor()

            def retry() -> Outcome:
                answer = self._desk.database.write(lambda s: retry_refused(s, actor, row_id, reader, mended))
                if not answer.refused:
                    self._desk.database.write(lambda s: allocate_ready(s, actor, 200))
                return answer

            self._desk.do(retry, self._settled)
        elif self.panel == "aside" and entry is not None:
            row_id, reason, actor = entry.row_id, self.fields.get("reason"), self._desk.actor()
            self._desk.do(
                lambda: self._desk.database.write(lambda s: put_aside(s, actor, row_id, reason)), self._settled
            )
        elif not self.panel:
            self._start()
            self._desk.publish()

    def _settled(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
        self.enter()

    # -- state

    def state(self) -> office.Section:
        """The list of rows or runs, and the form."""
        allowed = not_permitted(self._desk.station.may(Permission.IMPORT))
        if self.columns is not None:
            head = parts.CardHead(say("office_screen.columns.head"), "columns")
            return office.Section(head, self.columns.table(), (), self.columns.form(), None, self.columns.commands())
        if self.history:
            table = run_table(self.runs, self._desk.clock(), self._desk.station.clock_zone)
        else:
            table = row_table(self.rows, self._entry(), self.full)
        title = say("office_screen.import.history" if self.history else "office_screen.import.refused")
        head = parts.CardHead(title, "clock-counter-clockwise" if self.history else "warning")
        facts = () if self.counts is None else count_facts(self.counts)
        if self.panel == "mend" and (entry := self._entry()) is not None:
            side = form(
                "mend",
                say("office_screen.import.mend", line=entry.refused.line_number),
                (self.fields.field("raw", code=True),),
                "office_screen.import.retry",
                detail=reason_words(entry),
            )
        elif self.panel == "aside":
            side = form(
                "aside", say("office_screen.import.aside"), (self.fields.field("reason"),), "office_screen.import.aside"
            )
        else:
            fields = (self.fields.field("path"),)
            commands = self._file_commands(allowed)
            side = Form("import", say("office_screen.import.title"), fields=fields, commands=commands, asks=False)
        return office.Section(head, table, facts, side, self.busy, self._commands(allowed))

    def _file_commands(self, allowed: str) -> tuple[parts.Command, ...]:
        if self._running:
            return (parts.Command(STOP, say("office_screen.import.stop"), "Esc", kind=Kind.DANGER),)
        return (
            parts.Command(START, say("office_screen.import.start"), "Enter", kind=Kind.PRIMARY, reason=allowed),
            parts.Command(CHOOSE, say("office_screen.import.choose"), "O", icon="folder-open"),
        )

    def _commands(self, allowed: str) -> tuple[parts.Command, ...]:
        found = [parts.Command(FORMAT, say(f"office_screen.format.{self.format}"), "F", icon="file-text")]
        if self.mappings:
            words = self.mapping or say("office_screen.import.no_mapping")
            found.append(parts.Command(MAPPING, words, "M", icon="columns"))
        if self.rows and not self.history:
            found.append(parts.Command(MEND, say("office_screen.import.mend_it"), "E", reason=allowed))
            found.append(parts.Command(ASIDE, say("office_screen.import.aside"), "A", reason=allowed))
        found.append(
            parts.Command(
                HISTORY, say("office_screen.import.refused" if self.history else "office_screen.import.history"), "Y"
            )
        )
        found.append(parts.Command(CHANGED, say("office_screen.import.changed"), "C"))
        return tuple(found)
