"""`check`: the invariants of a live database."""

from __future__ import annotations

from pathlib import Path

from app.commands.opening import answer, opened
from app.devices.journal import read_journal
from app.domain.words import say, say_count
from app.services.check import Violation, violations
from app.services.settings_store import get_setting
from app.settings import Settings

MOST_SENTENCES = 200


def run(settings: Settings, as_json: bool) -> int:
    """Reports each violation. Exit status 1 when there is one."""
    with opened(settings, must_be_there=True) as at:
        known = at.database.read(lambda session: get_setting(session, "database_id"))
        acknowledged = _acknowledged(settings.journal_folder(str(known)))
        found = at.database.read(lambda session: violations(session, acknowledged))
    told = {"violations": [_plain(one) for one in found]}
    sentences = [say(one.code, subject_id=one.subject_id, **one.detail) for one in found[:MOST_SENTENCES]]
    count = len(found)
    sentences.append(say("cli.check.sound") if not found else say_count("cli.check.broken", count))
    answer(as_json, told, *sentences)
    return 1 if found else 0


def _acknowledged(folder: Path) -> list[str]:
    """The scans that this machine's stations were told are stored."""
    ids: list[str] = []
    for path in sorted(folder.glob("*.journal")):
        ids += sorted(read_journal(path).acknowledged)
    return ids


def _plain(one: Violation) -> dict[str, object]:
    return {
        "code": one.code,
        "subject_kind": one.subject_kind,
        "subject_id": one.subject_id,
        "detail": dict(one.detail),
        "message": say(one.code, subject_id=one.subject_id, **one.detail),
    }
