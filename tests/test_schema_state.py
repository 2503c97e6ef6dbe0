"""What a start asks of the schema says the same as the machinery of migrations."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.domain.clock import utc_now
from app.models.database import Database
from app.models.schema_state import MIGRATIONS, MOVING, SchemaState, revisions, schema_state
from app.runtime.heartbeat import Heartbeat


def test_the_files_of_revisions_name_them_in_their_order() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    newest_first = [revision.revision for revision in script.walk_revisions()]
    assert list(revisions()) == newest_first[::-1]
    assert revisions()[-1] == script.get_current_head()


def test_a_database_is_current_newer_or_foreign(database: Database) -> None:
    assert schema_state(database) is SchemaState.CURRENT
    known = revisions()[-1]
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'zzzz'"))
    try:
        assert schema_state(database) is SchemaState.NEWER
    finally:
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})


def test_a_station_that_runs_hears_that_the_database_is_of_another_version(database: Database) -> None:
    told: list[str] = []
    heartbeat = Heartbeat(database, 1, utc_now, lambda failure: told.append(failure.code))
    assert (heartbeat.look(), told) == (True, [])
    known = revisions()[-1]
    for other in ("zzzz", MOVING):
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :other"), {"other": other})
        try:
            assert not heartbeat.look()
        finally:
            with database.writing() as session:
                session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert told == ["database.newer", "database.newer"]
