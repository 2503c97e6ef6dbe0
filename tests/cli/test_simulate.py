"""`simulate`: whole stations in processes of their own, killed, cut off and interrupted; nothing is lost or doubled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from app.bootstrap.ready import formats
from app.bootstrap.simulate_plan import Group, Seat, Tally, Work, faults_of, percentile
from app.domain.clock import utc_now
from app.domain.errors import BadUseError
from app.domain.words import say
from app.models.database import Database
from app.runtime.sample import load_sample
from tests.cli.running import Cli
from tests.databases import Databases

NOBODY_CAN_HELP = ("station.fault", "station.goods_gone")


@pytest.fixture
def cli(databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on an empty database of either kind."""
    databases.fresh()
    return Cli(databases.url, tmp_path, capsys)


def test_a_floor_with_faults_loses_nothing_and_does_nothing_twice(cli: Cli) -> None:
    floor = ("simulate", "--sample", "--stations", "3", "--seconds", "6", "--pace", "0", "--json")
    ran = cli(*floor, "--faults", "kill,cut,cancel")
    told = ran.told
    assert (ran.status, told["broken"], told["check"]) == (0, [], {"violations": []})
    assert (told["stations"], told["processes"]) == (3, 2)
    assert told["faults"]["killed"] >= 1
    assert told["faults"]["cut"] >= (0 if cli.url.startswith("sqlite") else 1)
    assert told["gestures"]["journalled"] == told["gestures"]["stored"] >= told["scans"] > 0
    assert told["gestures"]["unsent"] == 0
    assert not set(told["refusals"]) & set(NOBODY_CAN_HELP)
    database = Database.open(cli.url)
    kept = database.read(lambda s: s.execute(text("SELECT count(*) FROM gestures")).scalar_one())
    database.close()
    assert kept == told["gestures"]["stored"]


def test_the_next_simulation_finds_its_people_again(cli: Cli) -> None:
    words = ("simulate", "--sample", "--stations", "1", "--seconds", "0.5", "--pace", "0", "--json")
    assert [cli(*words).status, cli(*words).status] == [0, 0]
    database = Database.open(cli.url)
    people = text("SELECT count(*) FROM operators WHERE name LIKE 'Simulated%'")
    assert database.read(lambda s: s.execute(people).scalar_one()) == 1
    database.close()


def test_without_goods_and_orders_it_says_what_to_do(cli: Cli) -> None:
    ran = cli("simulate", "--stations", "2", "--seconds", "1")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.strip().splitlines()[-1] == say("simulate.nothing_there")


def test_a_database_that_people_work_on_is_left_alone(cli: Cli) -> None:
    words = ("simulate", "--stations", "1", "--seconds", "0.5", "--pace", "0")
    database = Database.open(cli.url)
    load_sample(database, formats(), utc_now())
    counted = text("SELECT count(*) FROM gestures")
    for more in ((), ("--sample",)):
        ran = cli(*words, *more)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.strip().splitlines()[-1] == say("simulate.not_made_for_it")
    assert database.read(lambda s: s.execute(counted).scalar_one()) == 0
    assert cli(*words, "--copy").status == 0
    assert cli(*words).status == 0
    assert database.read(lambda s: s.execute(counted).scalar_one()) > 0
    database.close()


def test_how_the_server_is_restarted_must_be_told(cli: Cli) -> None:
    ran = cli("simulate", "--faults", "restart")
    assert (ran.status, ran.err.strip()) == (2, say("simulate.restart_how"))


def test_a_fault_that_there_is_not_is_bad_use(cli: Cli) -> None:
    ran = cli("simulate", "--faults", "flood")
    assert (ran.status, ran.err.strip()) == (2, "There are these faults: kill, cut, restart, cancel.")


@pytest.mark.parametrize("words", [("--stations", "0"), ("--stations", "many"), ("--seconds", "-1")])
def test_numbers_that_mean_nothing_are_bad_use(cli: Cli, words: tuple[str, str]) -> None:
    assert cli("simulate", *words).status == 2


def test_what_travels_between_processes_comes_back_as_it_was() -> None:
    group = Group(3, 0.5, (Seat(7, "Simulated 1", "OP-X", Work.PICK, "journals/7"),))
    assert Group.from_json(json.loads(json.dumps(group.to_json()))) == group
    with pytest.raises(BadUseError, match="no_group"):
        Group.from_json({"warehouse_id": 3})


def test_tallies_add_up() -> None:
    one = Tally(2, 1, [1.0], [5.0], {"a": 1}, 0, 1, ["x"])
    one.add(Tally(3, 1, [2.0], [], {"a": 2, "b": 1}, 1, 0, []))
    assert one == Tally(5, 2, [1.0, 2.0], [5.0], {"a": 3, "b": 1}, 1, 1, ["x"])


def test_percentiles() -> None:
    assert [percentile([float(n) for n in range(100)], percent) for percent in (0, 50, 99)] == [0.0, 50.0, 99.0]
    assert percentile([], 99) is None


def test_faults_by_word() -> None:
    assert faults_of("") == frozenset()
    assert faults_of(" kill, cut") == {"kill", "cut"}
