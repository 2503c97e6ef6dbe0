"""`migrate`: the newest schema, after a backup."""

from __future__ import annotations

import sys
from pathlib import Path

from app.commands.opening import answer
from app.domain.clock import utc_now
from app.domain.words import say
from app.models.database import Database
from app.models.schema_state import SchemaState
from app.runtime.upkeep import bring_up_to_date
from app.settings import Settings


def run(settings: Settings, without_backup: bool, as_json: bool) -> int:
    """Makes or migrates the tables, and says how they stood before and where the backup is."""
    made: list[Path] = []
    database = Database.open(settings.database)
    try:
        before = bring_up_to_date(database, settings.data_folder, utc_now, made.append, without_backup)
    finally:
        database.close()
    backup = str(made[0]) if made else None
    if backup and as_json:
        print(say("cli.backup_made", file=backup), file=sys.stderr)
    sentences = [say("cli.backup_made", file=backup)] if backup else []
    answer(as_json, {"before": before.value, "after": SchemaState.CURRENT.value, "backup": backup},
           *sentences, say(f"cli.migrate.{before.value}"))  # fmt: skip
    return 0
