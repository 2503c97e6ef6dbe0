"""The one door to the tables: what is done again, and what nobody may do twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.errors import BadUseError, EnvironmentFailure
from app.models.database import Database
from app.models.system import Setting

PATIENCE = 60.0


def lost() -> OperationalError:
    """The connection broke before the server's answer to the commit came."""
    return OperationalError("COMMIT", None, psycopg.errors.AdminShutdown("gone"), connection_invalidated=True)


def test_what_has_no_id_is_not_done_again_after_an_unheard_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def deed(session: Session) -> None:
        done.append(1)
        session.add(Setting(key=f"deed-{len(done)}", value=1))

    unheard(database, monkeypatch)
    with pytest.raises(EnvironmentFailure, match="commit_unknown"):
        database.write(deed)
    assert database.read(lambda s: s.execute(select(func.count()).select_from(Setting)).scalar_one()) == 1


def test_what_does_nothing_the_second_time_is_done_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def deed(session: Session) -> int:
        done.append(1)
        if session.get(Setting, "gesture") is None:
            session.add(Setting(key="gesture", value=1))
        return len(done)

    unheard(database, monkeypatch)
    assert database.write(deed, once_by_itself=True) == 2
    assert database.read(lambda s: s.execute(select(func.count()).select_from(Setting)).scalar_one()) == 1


def unheard(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the first commit, then breaks the connection before anybody hears of it."""
    writing, told = database.writing, list[int]()

    @contextmanager
    def first_unheard() -> Iterator[Session]:
        with writing() as session:
            yield session
        if not told:
            told.append(1)
            raise lost()

    monkeypatch.setattr(database, "writing", first_unheard)


@pytest.mark.parametrize("url", ["hello", "postgresql://a:b@server:port/x", "mysql://a:b@c/d", "sqlite://"])
def test_an_address_that_means_nothing_is_bad_use(url: str) -> None:
    with pytest.raises(BadUseError, match="bad_url") as told:
        Database.open(url)
    assert ":b@" not in str(told.value.values["url"])


def test_a_missing_right_is_said(database: Database) -> None:
    """Who may not make tables hears so, in place of a fault of ours."""
    if database.is_sqlite:
        pytest.skip("an embedded database asks for no rights")

    def deed(session: Session) -> None:
        session.execute(text("CREATE ROLE nobody_much"))
        session.execute(text("SET LOCAL ROLE nobody_much"))
        session.execute(text("CREATE SCHEMA theirs"))

    with pytest.raises(EnvironmentFailure, match="no_right"):
        database.write(deed)


def test_what_is_being_written_while_another_closes_the_database_is_kept(database: Database) -> None:
    """A window that is closed ends no use case in the middle."""
    inside, closed, answers = threading.Event(), threading.Event(), []

    def write(session: Session) -> str:
        session.add(Setting(key="begun", value="1"))
        session.flush()
        inside.set()
        assert closed.wait(PATIENCE)
        session.add(Setting(key="ended", value="1"))
        return "kept"

    writer = threading.Thread(target=lambda: answers.append(database.write(write)))
    writer.start()
    assert inside.wait(PATIENCE)
    database.close()
    closed.set()
    writer.join(PATIENCE)
    assert answers == ["kept"]
    found = select(Setting.key).where(Setting.key.in_(["begun", "ended"])).order_by(Setting.key)
    assert database.read(lambda session: session.scalars(found).all()) == ["begun", "ended"]
