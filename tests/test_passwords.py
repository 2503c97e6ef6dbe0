"""Where the password of a shared database is kept, and that nobody else sees it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from app import extras
from app.domain.errors import EnvironmentFailure
from app.passwords import FILE, KEY, SERVICE, Passwords, Place
from app.settings import Settings, keep_setting, read_settings

WHOLE = "postgresql://anna:hush%2F%40%3A@db.example.com:6432/floor?sslmode=verify-ca"
BARE = "postgresql://anna@db.example.com:6432/floor?sslmode=verify-ca"


class Ring:
    """A key ring in memory; a locked one refuses."""

    def __init__(self, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[(service, username)] = password


def test_the_key_ring_keeps_it_where_there_is_one(tmp_path: Path) -> None:
    ring = Ring()
    passwords = Passwords(tmp_path, lambda: ring, {})
    assert passwords.keep(WHOLE) == (BARE, Place.KEY_RING)
    assert ring.kept == {(SERVICE, "anna@db.example.com:6432/floor"): "hush/@:"}
    assert list(tmp_path.iterdir()) == []
    assert passwords.complete(BARE) == WHOLE
    assert passwords.complete(BARE.replace("anna", "bob")) == BARE.replace("anna", "bob")


@pytest.mark.parametrize("ring", [None, Ring(locked=True)])
def test_a_sealed_file_keeps_it_where_there_is_none(tmp_path: Path, ring: Ring | None) -> None:
    passwords = Passwords(tmp_path / "own", lambda: ring, {})
    assert passwords.keep(WHOLE) == (BARE, Place.FILE)
    assert passwords.keep("postgresql://bob:other@db/floor") == ("postgresql://bob@db/floor", Place.FILE)
    files = sorted((tmp_path / "own").iterdir())
    assert [file.name for file in files] == [KEY, FILE]
    assert not any(word in file.read_bytes() for file in files for word in (b"hush", b"other", b"anna"))
    if sys.platform != "win32":
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    again = Passwords(tmp_path / "own", lambda: ring, {})
    assert again.complete(BARE) == WHOLE
    assert again.complete("postgresql://bob@db/floor") == "postgresql://bob:other@db/floor"


def test_a_key_ring_that_comes_later_takes_it_over(tmp_path: Path) -> None:
    Passwords(tmp_path, lambda: None, {}).keep(WHOLE)
    ring = Ring()
    assert Passwords(tmp_path, lambda: ring, {}).keep(WHOLE.replace("hush", "new"))[1] is Place.KEY_RING
    assert Passwords(tmp_path, lambda: None, {}).complete(BARE) == BARE
    assert Passwords(tmp_path, lambda: ring, {}).complete(BARE) == WHOLE.replace("hush", "new")


def test_what_does_not_open_is_said(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path, lambda: None, {})
    passwords.keep(WHOLE)
    with pytest.raises(EnvironmentFailure) as refused:
        Passwords(tmp_path / "none", lambda: Ring(locked=True), {}).complete(BARE)
    assert refused.value.code == "passwords.ring_closed"
    if sys.platform != "win32":
        (tmp_path / KEY).chmod(0o640)
        with pytest.raises(EnvironmentFailure) as refused:
            passwords.complete(BARE)
        assert refused.value.code == "passwords.key_open"
    (tmp_path / KEY).unlink()
    with pytest.raises(EnvironmentFailure) as refused:
        passwords.complete(BARE)
    assert refused.value.code == "passwords.not_opened"


def test_what_needs_no_password_is_left_alone(tmp_path: Path) -> None:
    def never() -> None:
        raise AssertionError("nobody asks the key ring")

    passwords = Passwords(tmp_path, never, {})
    for url in ("sqlite:///x.sqlite3", "postgresql://db/floor", WHOLE, "postgresql://a@db/x?passfile=%2Fa", "nonsense"):
        assert passwords.complete(url) == url
    assert Passwords(tmp_path, never, {"PGPASSWORD": "told"}).complete(BARE) == BARE
    assert passwords.keep(BARE) == (BARE, Place.NOWHERE)
    assert passwords.keep("sqlite:///x.sqlite3") == ("sqlite:///x.sqlite3", Place.NOWHERE)


def test_settings_never_show_it(tmp_path: Path) -> None:
    environment = {"PICKWICK_CONFIG": str(tmp_path / "settings.toml"), "PICKWICK_DATA": str(tmp_path)}
    kept, _ = Passwords(tmp_path, lambda: None, {}).keep(WHOLE)
    keep_setting(tmp_path / "settings.toml", "database", kept)
    assert "hush" not in (tmp_path / "settings.toml").read_text(encoding="utf-8")
    assert read_settings({}, environment).database == BARE
    assert "hush" not in repr(Settings(database=WHOLE))


def test_only_the_systems_own_key_ring_is_taken() -> None:
    before = keyring.get_keyring()
    try:
        for backend in (fail.Keyring(), null.Keyring()):
            keyring.set_keyring(backend)
            assert extras.key_ring() is None
    finally:
        keyring.set_keyring(before)
