"""`move-database`: everything of one database into another, empty one, proved before anybody may work on it."""

from __future__ import annotations

import sys
import time

from app.commands.opening import answer
from app.domain.errors import BadUseError
from app.domain.words import say
from app.models.backup import refuse_in_use
from app.models.database import Database, Session
from app.models.database_file import missing_file, nothing_left_without_it
from app.models.move import Moved, move
from app.models.schema_state import SchemaState, schema_state
from app.models.server_address import without_password
from app.services.check import Violation, violations
from app.services.settings_store import get_setting
from app.settings import Settings

MOST_SENTENCES = 200
SAID_EVERY = 1.0
"""Seconds between two lines that say how far it has come."""


def run(settings: Settings, source_url: str, target_url: str, while_in_use: bool, as_json: bool) -> int:
    """Moves, and says how much; exit status 1 when one of the two breaks the rules, and then nothing was moved."""
    if missing_file(source_url) is not None:
        raise BadUseError("move.nothing", database=source_url)
    with nothing_left_without_it(target_url):
        return _run(source_url, target_url, while_in_use, as_json)


def _run(source_url: str, target_url: str, while_in_use: bool, as_json: bool) -> int:
    source, target = Database.open(source_url), None
    try:
        if not while_in_use:
            refuse_in_use(source)
        if schema_state(source) is SchemaState.EMPTY:
            raise BadUseError("move.nothing", database=without_password(source_url))
        target = Database.open(target_url)
        if target.engine.url == source.engine.url or (source.path and target.path and _one_file(source, target)):
            raise BadUseError("move.same")
        wrong = source.read(violations)
        if wrong:
            return _refused(as_json, "move.source_broken", wrong)
        began = time.monotonic()
        moved = move(source, target, violations, _Teller().tell, while_in_use)
        if moved.wrong:
            return _refused(as_json, "move.target_broken", [one for one in moved.wrong if isinstance(one, Violation)])
        _say_done(as_json, source, target, moved, time.monotonic() - began)
        return 0
    except KeyboardInterrupt:
        print(say("move.stopped"), file=sys.stderr)
        return 1
    finally:
        source.close()
        if target is not None:
            target.close()


def _one_file(source: Database, target: Database) -> bool:
    return source.path is not None and target.path is not None and source.path.resolve() == target.path.resolve()


def _refused(as_json: bool, code: str, wrong: list[Violation]) -> int:
    sentences = [say(one.code, subject_id=one.subject_id, **one.detail) for one in wrong[:MOST_SENTENCES]]
    told = [
        {"code": one.code, "subject_kind": one.subject_kind, "subject_id": one.subject_id, "detail": dict(one.detail)}
        for one in wrong
    ]
    answer(as_json, {"moved": False, "code": code, "violations": told}, *sentences, say(code, count=len(wrong)))
    return 1


def _say_done(as_json: bool, source: Database, target: Database, moved: Moved, seconds: float) -> None:
    def name(session: Session) -> str:
        return str(get_setting(session, "database_id") or "")

    place = target.engine.url.render_as_string()
    told = {
        "moved": True, "from": source.engine.url.render_as_string(), "to": place, "rows": moved.total,
        "tables": moved.rows, "database_id": target.read(name), "violations": [], "seconds": round(seconds, 1),
    }  # fmt: skip
    answer(as_json, told, say("move.done", rows=moved.total, database=place), say("move.next"))


class _Teller:
    """Says on standard error how far it has come, once a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SAID_EVERY

    def tell(self, table: str, done: int, total: int) -> None:
        """One line, when it is time for one."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SAID_EVERY
            line = say("move.progress", percent=done * 100 // max(total, 1), done=done, total=total, table=table)
            print(line, file=sys.stderr, flush=True)
