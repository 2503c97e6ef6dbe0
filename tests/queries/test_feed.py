"""The change feed misses nothing, in whatever order transactions end."""

from __future__ import annotations

from app.domain.outcomes import Change
from app.models.database import Database, Session
from app.queries.feed import changes_after, newest_change
from app.services.changes import note_changes
from tests.services import stock_builders as build


def note(session: Session, site: build.Site, entity_id: int) -> None:
    note_changes(session, site.actor, [Change("order", entity_id)])


def test_what_is_logged_is_read_once_and_in_order(database: Database) -> None:
    site = database.write(build.build_site)
    database.write(lambda s: note(s, site, 1))
    seen = database.read(newest_change)
    assert database.read(lambda s: changes_after(s, seen)).changes == ()
    for number in (7, 8, 7):
        database.write(lambda s, number=number: note(s, site, number))
    found = database.read(lambda s: changes_after(s, seen))
    assert found.changes == (Change("order", 7), Change("order", 8))
    assert database.read(lambda s: changes_after(s, found.newest)).changes == ()
    database.write(lambda s: note(s, site, 9))
    assert database.read(lambda s: changes_after(s, found.newest)).changes == (Change("order", 9),)


def test_an_entry_whose_transaction_ends_after_those_of_younger_entries_is_not_missed(
    postgresql_databases: object,
) -> None:
    database: Database = postgresql_databases.fresh()  # type: ignore[attr-defined]
    site = database.write(build.build_site)
    seen = database.read(newest_change)
    with database.writing() as older:
        older.execute(build.select(build.Order.id).with_for_update())
        note(older, site, 100)  # begins first
        with database.writing() as slow:
            note(slow, site, 1)  # a smaller id than the next one, and commits last
            note(older, site, 2)
            older.commit()
            early = database.read(lambda s: changes_after(s, seen))
    late = database.read(lambda s: changes_after(s, early.newest))
    assert set(early.changes) | set(late.changes) == {Change("order", number) for number in (100, 1, 2)}
    assert Change("order", 2) in early.changes
    assert late.changes == (Change("order", 1),)


def test_more_than_one_page_is_read_whole(database: Database) -> None:
    site = database.write(build.build_site)
    seen, read = database.read(newest_change), []
    database.write(lambda s: note_changes(s, site.actor, [Change("order", number) for number in range(1200)]))
    while True:
        found = database.read(lambda s, seen=seen: changes_after(s, seen))
        if not found.changes:
            break
        read += found.changes
        seen = found.newest
    assert read == [Change("order", number) for number in range(1200)]
