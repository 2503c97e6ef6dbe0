"""What can be wrong with files, databases and settings: one sentence, the right exit status, nothing lost."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.bootstrap.ready import prepare
from app.commands.asked import FORMATS
from app.domain.words import say
from app.integrations.channels.formats import readers
from app.settings import read_settings
from tests.cli.running import Cli, one_sentence, run_main
from tests.postgres_server import PostgresServer, new_database
from tests.shared_data import shared

ORDERS = "order,sku,quantity,name,address1,city,postcode,country\n#1,A1,2,Ada,1 Lane,Leeds,LS1 1AA,GB\n"
CP1250 = "order;sku;quantity;name;city\n#1;A1;2;Zażółć Gęślą;Łódź\n".encode("cp1250")


def test_the_names_of_formats_are_those_there_are() -> None:
    assert set(FORMATS) == set(readers())


@pytest.mark.parametrize(
    ("content", "words", "status"),
    [
        (None, ("auto",), 2),
        (b"", ("auto",), 2),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", ("auto",), 2),
        (b"PK\x03\x04" + b"\x00" * 60, ("csv-orders",), 2),
        (b"hello\n", ("auto",), 2),
        (b"a,b,c\n1,2,3\n", ("auto",), 2),
        (b"a,b,c\n1,2,3\n", ("shopify-orders",), 2),
        (ORDERS.encode()[:-3] + b"\xe2", ("csv-orders", "--encoding", "utf-8"), 2),
        (ORDERS.encode(), ("csv-orders", "--encoding", "klingon"), 2),
        (ORDERS.encode(), ("csv-orders", "--zone", "Mars/Olympus"), 2),
        (ORDERS.encode(), ("csv-orders", "--mapping", "no-such-mapping"), 2),
        (ORDERS.encode(), ("csv-orders", "--warehouse", "NOWHERE"), 2),
        (b'order,sku,quantity\n#1,"A1,2\n#2,A1,1\n', ("csv-orders",), 2),
        (ORDERS.encode(), ("csv-orders",), 0),
        (ORDERS.encode("utf-16"), ("csv-orders",), 0),
        (CP1250, ("csv-orders", "--encoding", "cp1250"), 0),
        (CP1250, ("csv-orders",), 0),
        (ORDERS.replace(",2,", ",-2,").encode(), ("csv-orders",), 1),
    ],
)
def test_files(cli: Cli, tmp_path: Path, content: bytes | None, words: tuple[str, ...], status: int) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    ran = cli("import", words[0], path, *words[1:])
    assert ran.status == status, ran
    assert "Traceback" not in ran.out + ran.err
    if status == 2:
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        assert cli("export", "orders").told == {"orders": []}


def test_a_folder_and_a_format_that_is_none(cli: Cli, tmp_path: Path) -> None:
    for words in (("auto", tmp_path), ("pigeon-post", tmp_path / "x.csv")):
        ran = cli("import", *words)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the one who runs this may read everything")
def test_a_file_that_may_not_be_read(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(ORDERS, encoding="utf-8")
    path.chmod(0)
    ran = cli("import", "auto", path)
    assert ran.status == 3
    assert one_sentence(ran.err)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")


@pytest.mark.parametrize("command", [("check",), ("export", "orders"), ("release",), ("migrate",), ("backup", "b.bak")])
@pytest.mark.parametrize("kind", ["unreachable", "no_host", "not_a_database", "folder", "foreign", "newer", "nonsense"])
def test_databases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "other.sqlite3"
    urls = {
        "unreachable": f"postgresql://nobody:secret@127.0.0.1:{free_port()}/none",
        "no_host": "postgresql://nobody:secret@no-such-host.invalid/none",
        "folder": f"sqlite:///{tmp_path.as_posix()}",
        "nonsense": "pigeons://coop",
    }
    if kind == "not_a_database":
        path.write_bytes(b"these are no pages of a database" * 200)
    elif kind == "foreign":
        foreign(path)
    elif kind == "newer":
        newer(path)
    before = path.read_bytes() if path.exists() else b""
    ran = Cli(urls.get(kind, f"sqlite:///{path.as_posix()}"), tmp_path, capsys)(*command)
    backs_up_newer = kind in ("newer", "foreign") and command[0] == "backup"
    if not backs_up_newer:
        assert ran.status == (2 if kind == "nonsense" else 3), ran
        assert (ran.out, ran.err.count("\n")) == ("", 1)
    assert "Traceback" not in ran.out + ran.err
    assert "secret" not in ran.out + ran.err
    if kind == "not_a_database":
        assert path.read_bytes() == before


def test_a_failure_is_one_object_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Cli("pigeons://coop", tmp_path, capsys)("check", "--json")
    assert ran.status == 2
    assert ran.told["error"]["code"] == "database.bad_url"
    assert ran.told["error"]["message"] + "\n" == ran.err


def mistyped(tmp_path: Path) -> Path:
    """A file in folders that are not there."""
    return tmp_path / "no" / "where" / "mistyped.sqlite3"


def left_in(tmp_path: Path) -> list[str]:
    """What stands there, without this machine's own log."""
    return sorted(path.name for path in tmp_path.iterdir() if path.name != "data")


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("export", "orders"),
        ("release",),
        ("atp", "--channel", "shop", "--out", "atp.csv"),
        ("sourcing", "rules"),
        ("sourcing", "plan", "1042"),
        ("supplier-requests", "--out", "requests"),
        ("simulate", "--stations", "1", "--seconds", "0"),
    ],
)
def test_work_on_a_database_that_is_not_there_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = mistyped(tmp_path)
    ran = Cli(f"sqlite:///{file.as_posix()}", tmp_path, capsys)(*command)
    assert ran.status == 3
    assert ran.err == f"There is no database at {file}. Check its address; `main.py migrate` makes a new one.\n"
    assert left_in(tmp_path) == []


def test_a_check_of_an_empty_database_makes_nothing_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], postgres_server: PostgresServer
) -> None:
    new_database(postgres_server, "nothing-in-it")
    url = postgres_server.get_uri("nothing-in-it")
    ran = Cli(url, tmp_path, capsys)("check")
    assert ran.status == 3
    assert ran.err.startswith("There is nothing in the database ")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_backup_of_nothing_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{mistyped(tmp_path).as_posix()}"
    ran = Cli(url, tmp_path, capsys)("backup", tmp_path / "b.sqlite3")
    assert (ran.status, ran.err) == (2, say("backup.nothing", database=url) + "\n")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("backup", ["missing.sqlite3", "no_backup.sqlite3"])
def test_what_can_not_be_put_back_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], backup: str
) -> None:
    (tmp_path / "no_backup.sqlite3").write_bytes(b"these are no pages of a database" * 200)
    ran = Cli(f"sqlite:///{mistyped(tmp_path).as_posix()}", tmp_path, capsys)("restore", tmp_path / backup)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert left_in(tmp_path) == ["no_backup.sqlite3"]


def test_what_can_not_be_moved_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign(tmp_path / "cats.sqlite3")
    target = f"sqlite:///{mistyped(tmp_path).as_posix()}"
    cli = Cli(target, tmp_path, capsys)
    for source in (tmp_path / "not" / "there.sqlite3", tmp_path / "cats.sqlite3"):
        ran = cli("move-database", f"sqlite:///{source.as_posix()}", target)
        assert ran.status in (2, 3), ran
        assert ran.err.count("\n") == 1
    ours = {"cats.sqlite3", "cats.sqlite3.lock", "cats.sqlite3.turn"}
    assert set(left_in(tmp_path)) <= ours


def test_a_station_that_looks_for_its_database_makes_nothing(tmp_path: Path) -> None:
    file = mistyped(tmp_path)
    settings = read_settings({"database": f"sqlite:///{file.as_posix()}"}, {"PICKWICK_DATA": str(tmp_path / "data")})
    assert prepare(settings, datetime(2026, 11, 20, 9, 30, tzinfo=UTC)) is None
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('database = "sqlite:///', 2),
        ("colour = 'red'", 2),
        ("theme = 'plaid'", 2),
        ("text_scale = 9", 2),
        ("theme = 'dark'\ntext_scale = 1.2\nstation = 'Bench 4'", 0),
    ],
)
def test_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, status: int) -> None:
    file = tmp_path / "config" / "settings.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    ran = Cli(f"sqlite:///{(tmp_path / 'x.sqlite3').as_posix()}", tmp_path, capsys)("migrate")
    assert ran.status == status
    assert ran.err.count("\n") == (1 if status else 0)


@pytest.mark.skipif(sys.platform != "linux", reason="a file size limit stands for a full disk on Linux")
def test_a_full_disk_keeps_what_was_taken(tmp_path: Path) -> None:
    """The limit makes each file end where a disk would be full."""
    path = shared("data/online_retail/online_retail_2010-12.csv")
    url = f"sqlite:///{(tmp_path / 'full.sqlite3').as_posix()}"
    assert run_main("migrate", "--database", url).status == 0
    words = ["import", "online-retail", str(path), "--database", url]
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000));"
        "from app.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    ran = run_python(script, *words)
    assert ran[0] == 3, ran
    assert "Traceback" not in ran[1]
    assert ran[1].count("\n") == 1
    assert run_main("check", "--database", url).out == "All is as it must be.\n"
    again = run_main("import", "online-retail", path, "--database", url, "--json").told["counts"]
    assert again["same"] > 0
    assert again["same"] + again["new"] == 1559


def run_python(script: str, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("simulate", "--stations", "0"), "--stations: 0 is no whole number from 1 to 1000"),
        (("simulate", "--seconds", "soon"), "--seconds: soon is no number of seconds from 0 to 86400"),
        (("simulate", "--pace", "nan"), "--pace: nan is no number of seconds from 0 to 86400"),
        (("release", "--totes", "13"), "--totes: 13 is no whole number from 1 to 12"),
        (("simulate-device", "printer", "--paper", "-1"), "--paper: -1 is no whole number from 0 to 1000000"),
    ],
)
def test_numbers_out_of_bounds_are_told_with_their_bounds(cli: Cli, words: tuple[str, ...], fault: str) -> None:
    ran = cli(*words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"main.py {words[0]}: argument {fault}. See main.py {words[0]} --help.\n"
