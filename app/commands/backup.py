"""`backup` and `restore`: a whole database into one file and back."""

from __future__ import annotations

from pathlib import Path

from app.commands.opening import answer
from app.domain.clock import utc_now
from app.domain.errors import BadUseError, EnvironmentFailure
from app.domain.words import say, say_count
from app.models.backup import back_up, opened_copy, proved_in, restore
from app.models.database import Database
from app.models.database_file import missing_file, nothing_left_without_it
from app.models.schema_state import SchemaState, schema_state
from app.runtime.upkeep import backup_folder, bring_up_to_date
from app.services.check import violations
from app.settings import Settings


def run_backup(settings: Settings, file: Path, prove_in: str, as_json: bool) -> int:
    """Makes a backup while stations work; an embedded one is opened and checked, a server's in `prove_in`.

    Exit status 1 when it breaks rules.
    """
    if missing_file(settings.database) is not None:
        raise BadUseError("backup.nothing", database=settings.database)
    database = Database.open(settings.database)
    try:
        _refuse_nothing(database)
        if file.is_dir() or (database.path is not None and file.resolve() == database.path.resolve()):
            raise BadUseError("backup.bad_target", file=str(file))
        sqlite = database.is_sqlite
        if prove_in:
            _refuse_full(prove_in, sqlite)
        back_up(database, file)
    finally:
        database.close()
    checked = sqlite or bool(prove_in)
    found = _violations_of(file) if sqlite else _violations_in(prove_in, file) if prove_in else 0
    size = file.stat().st_size
    told = {"file": str(file), "bytes": size, "checked": checked, "violations": found}
    sentence = say("cli.backup.done", file=str(file), megabytes=f"{size / 1e6:.1f}")
    answer(as_json, told, sentence, *([say_count("cli.check.broken", found)] if found else []))
    return 1 if found else 0


def run_restore(settings: Settings, file: Path, as_json: bool) -> int:
    """Puts a backup back, keeps what was there beside the other backups, and migrates it when it is older."""
    aside = _put_back(settings, file)
    again = Database.open(settings.database)
    try:
        bring_up_to_date(again, settings.data_folder, utc_now, without_backup=True)
        found = again.read(lambda session: len(violations(session)))
    finally:
        again.close()
    kept = str(aside) if aside.exists() else None
    told = {"file": str(file), "database": again.engine.url.render_as_string(), "aside": kept, "violations": found}
    sentences = [say("cli.restore.done", file=str(file))]
    if kept:
        sentences.append(say("cli.restore.aside", file=kept))
    if found:
        sentences.append(say_count("cli.check.broken", found))
    answer(as_json, told, *sentences)
    return 1 if found else 0


def _put_back(settings: Settings, file: Path) -> Path:
    """Gives where what was there is kept; a file that can't be put back leaves nothing at a mistyped address."""
    with nothing_left_without_it(settings.database):
        database = Database.open(settings.database)
        stamp = utc_now().strftime("%Y%m%d-%H%M%S")
        aside = backup_folder(database, settings.data_folder) / f"pickwick-before-restore-{stamp}.sqlite3"
        try:
            restore(database, file, aside)
        finally:
            database.close()
    return aside


def _refuse_nothing(database: Database) -> None:
    """A backup of what is not there would only look like one. A database that is older is saved as it is."""
    if schema_state(database) is SchemaState.EMPTY:
        raise BadUseError("backup.nothing", database=database.engine.url.render_as_string())


def _refuse_full(prove_in: str, sqlite: bool) -> None:
    """Said before the backup is made, which may take long."""
    if sqlite:
        raise BadUseError("backup.proves_itself")
    with nothing_left_without_it(prove_in):
        scratch = Database.open(prove_in)
        try:
            if scratch.is_sqlite or schema_state(scratch) is not SchemaState.EMPTY:
                raise BadUseError("backup.not_empty")
        finally:
            scratch.close()


def _violations_in(prove_in: str, file: Path) -> int:
    """Proves a server's backup by putting it back elsewhere."""
    scratch = Database.open(prove_in)
    try:
        with proved_in(scratch, file) as back:
            if schema_state(back) is not SchemaState.CURRENT:
                return 0
            return back.read(lambda session: len(violations(session)))
    finally:
        scratch.close()


def _violations_of(file: Path) -> int:
    """Proves a copy by the rules; one that is not of this version's schema is proved by its pages alone."""
    try:
        with opened_copy(file) as copy:
            if schema_state(copy) is not SchemaState.CURRENT:
                return 0
            return copy.read(lambda session: len(violations(session)))
    except EnvironmentFailure as failure:
        raise EnvironmentFailure("backup.failed", file=str(file), reason=failure.code) from failure
