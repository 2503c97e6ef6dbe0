"""What is sent to PostgreSQL in one message: its order, its end with the commit, and its failures."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
from psycopg.pq.abc import PGresult
from sqlalchemy import bindparam, insert, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.domain.states import AllocationState
from app.models.database import Database, Session
from app.models.pipeline import PIPELINE, Parameter, Pipeline, Words, parameter
from app.models.prepared import Prepared
from app.models.stock import Allocation
from app.models.system import Setting

_PUT = Prepared(text("INSERT INTO settings (key, value) VALUES (:key, CAST(:value AS jsonb))"))
_COUNT = Prepared(text("SELECT count(*) AS found, sum(length(key)) AS signs FROM settings WHERE key LIKE :like"))
_KINDS = Prepared(
    text("SELECT CAST(:number AS bigint), CAST(:yes AS boolean), CAST(:words AS text), CAST(:nothing AS text), '10%'")
)


def line_of(session: Session) -> Pipeline:
    found = session.connection().connection.info[PIPELINE]
    assert isinstance(found, Pipeline)
    return found


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(row.key for row in session.query(Setting).filter(Setting.key.like("p-%")))


@pytest.fixture
def server(database: Database) -> Database:
    if database.is_sqlite:
        pytest.skip("a file has nobody to send messages to")
    return database


def test_what_nobody_waits_for_is_stored_with_the_commit_and_not_before(server: Database) -> None:
    with server.writing() as session:
        assert _COUNT.one(session, {"like": "p-%"}) == (0, None)
        _PUT.later(session, {"key": "p-1", "value": "1"})
        _PUT.later(session, {"key": "p-2", "value": "2"})
        assert keys(server) == []
    assert keys(server) == ["p-1", "p-2"]


def test_it_is_seen_by_the_next_statement_whoever_asks_it(server: Database) -> None:
    with server.writing() as session:
        _PUT.later(session, {"key": "p-1", "value": "1"})
        assert _COUNT.one(session, {"like": "p-%"}) == (1, 3)
        _PUT.later(session, {"key": "p-22", "value": "2"})
        assert session.execute(text("SELECT count(*) FROM settings WHERE key LIKE 'p-%'")).scalar_one() == 2


def test_what_nobody_looks_at_yet_is_asked_with_the_next_and_in_its_turn(database: Database) -> None:
    with database.writing() as session:
        before = _COUNT.soon(session, {"like": "p-%"})
        session.connection().execute(insert(Setting).values(key="p-1", value="1"))
        between = _COUNT.soon(session, {"like": "p-%"})
        session.connection().execute(insert(Setting).values(key="p-22", value="2"))
        assert [before.first, between.first, _COUNT.one(session, {"like": "p-%"})] == [(0, None), (1, 3), (2, 7)]


def test_what_several_look_for_is_one_message(server: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[int] = []
    send = Pipeline._send

    def counting(line: Pipeline, asked: Sequence[tuple[Words, Sequence[Parameter]]], **more: bool) -> list[PGresult]:
        messages.append(len(asked))
        return send(line, asked, **more)

    monkeypatch.setattr(Pipeline, "_send", counting)
    with server.writing() as session:
        asked = [_COUNT.soon(session, {"like": like}) for like in ("p-%", "q-%")]
        assert messages == []
        _PUT.later(session, {"key": "p-1", "value": "1"})
        assert [one.rows for one in asked] == [[(0, None)], [(0, None)]]
        assert messages == [3]
    assert messages == [3]
    assert keys(server) == ["p-1"]


def test_who_waits_for_what_failed_hears_of_it(server: Database) -> None:
    with pytest.raises(IntegrityError), server.writing() as session:
        _PUT.later(session, {"key": "p-1", "value": "1"})
        _PUT.later(session, {"key": "p-1", "value": "2"})
        _ = _COUNT.soon(session, {"like": "p-%"}).rows
    assert keys(server) == []


def test_what_was_never_answered_is_no_empty_answer(server: Database) -> None:
    with server.writing() as session:
        asked = _COUNT.soon(session, {"like": "p-%"})
        line_of(session).forget()
        with pytest.raises(DBAPIError):
            _ = asked.rows


def test_a_rollback_forgets_it(server: Database) -> None:
    with pytest.raises(ZeroDivisionError), server.writing() as session:
        _PUT.later(session, {"key": "p-1", "value": "1"})
        raise ZeroDivisionError
    with server.writing() as session:
        _COUNT.one(session, {"like": "p-%"})
    assert keys(server) == []


def test_what_fails_at_the_end_fails_the_commit_and_leaves_nothing(server: Database) -> None:
    with pytest.raises(DBAPIError) as failed, server.writing() as session:
        _PUT.later(session, {"key": "p-1", "value": "1"})
        _PUT.later(session, {"key": "p-1", "value": "2"})
        _PUT.later(session, {"key": "p-2", "value": "3"})
    assert getattr(failed.value.orig, "sqlstate", "") == "23505"
    assert keys(server) == []
    with server.writing() as session:  # and the connection is of use
        _PUT.run(session, {"key": "p-3", "value": "3"})
    assert keys(server) == ["p-3"]


def test_what_fails_in_the_middle_fails_the_statement_that_is_asked(server: Database) -> None:
    with pytest.raises(DBAPIError), server.writing() as session:
        _PUT.run(session, {"key": "p-1", "value": "1"})
        _PUT.later(session, {"key": "p-1", "value": "1"})
        _COUNT.one(session, {"like": "p-%"})
    assert keys(server) == []


def test_a_failure_that_was_swallowed_fails_the_commit(server: Database) -> None:
    with pytest.raises(DBAPIError, match="was to be committed"), server.writing() as session:
        _PUT.run(session, {"key": "p-1", "value": "1"})
        with contextlib.suppress(DBAPIError):
            session.execute(text("SELECT 1 / 0"))
    with server.writing() as session:  # and the connection is of use
        _PUT.run(session, {"key": "p-2", "value": "2"})
    assert keys(server) == ["p-2"]


def test_a_savepoint_holds_what_goes_by_prepared_statements(database: Database) -> None:
    with database.writing() as session:
        _PUT.later(session, {"key": "p-1", "value": "1"})
        tried = session.begin_nested()
        _PUT.later(session, {"key": "p-2", "value": "2"})
        tried.rollback()
        kept = session.begin_nested()
        _PUT.later(session, {"key": "p-3", "value": "3"})
        kept.commit()
        broken = session.begin_nested()
        with pytest.raises(DBAPIError):
            _PUT.run(session, {"key": "p-3", "value": "3"})
        broken.rollback()
        _PUT.later(session, {"key": "p-4", "value": "4"})
    assert keys(database) == ["p-1", "p-3", "p-4"]


def test_a_use_case_whose_key_another_took_meanwhile_is_done_again(server: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> int:
        tries.append(1)
        if len(tries) == 1:
            with server.writing() as other:
                _PUT.run(other, {"key": "p-1", "value": "1"})
        found = int(_COUNT.one(session, {"like": "p-%"})[0]) if len(tries) > 1 else 0
        if not found:
            _PUT.later(session, {"key": "p-1", "value": "2"})
        return found

    assert server.write(work, once_by_itself=True) == 1
    assert len(tries) == 2


def test_each_kind_of_value_comes_back_as_it_went(server: Database) -> None:
    with server.reading() as session:
        values = {"number": -7, "yes": True, "words": "żółw '%s' 🐢", "nothing": None}
        assert _KINDS.one(session, values) == (-7, True, "żółw '%s' 🐢", None, "10%")


def test_a_lost_connection_is_not_used_again(server: Database) -> None:
    with pytest.raises(DBAPIError) as failed, server.writing() as session:
        own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with server.writing() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
        _COUNT.one(session, {"like": "p-%"})
    assert failed.value.connection_invalidated
    with server.writing() as session:
        assert _COUNT.one(session, {"like": "p-%"})[0] == 0


def test_no_other_thing_is_a_parameter() -> None:
    assert [parameter(value) for value in (None, True, 3, "x")] == [None, b"t", b"3", b"x"]
    with pytest.raises(ValueError, match="NUL"):
        parameter("a\0b")
    with pytest.raises(TypeError):
        parameter(b"bytes")


def test_a_connection_that_is_gone_shows_before_the_commit_and_all_is_done_again(server: Database) -> None:
    """What only writes says so to the server first: lost in the commit nobody would know what was kept."""
    tries: list[int] = []

    def writes(session: Session) -> None:
        tries.append(1)
        _PUT.later(session, {"key": "p-1", "value": "1"})

    number = server.write(lambda session: session.execute(text("SELECT pg_backend_pid()")).scalar_one())
    other = Database.open(server.engine.url.render_as_string(hide_password=False))
    other.write(lambda session: session.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number}))
    other.close()
    server.write(writes)
    assert keys(server) == ["p-1"]
    assert len(tries) == 2


def test_fixed_words_are_written_out_so_that_a_plan_can_be_kept(database: Database) -> None:
    """With `state = ?` SQLite planned it anew at each run: the word decides which index over some rows may be used."""
    promised = Prepared(
        select(Allocation.id, literal("it's")).where(
            Allocation.fulfillment_id == bindparam("fulfillment"),
            Allocation.state == AllocationState.OPEN,
            Allocation.quantity > 0,
        )
    )
    with database.writing() as session:
        assert promised.rows(session, {"fulfillment": 7}) == []
    words = promised._made[database.engine.dialect.name]
    assert "allocations.state = 'open'" in words.sql
    assert "allocations.quantity > 0" in words.sql
    assert "'it''s'" in words.sql
    assert len(words.values({"fulfillment": 7})) == 1
