"""The password of a shared database: in the system's key ring, or where there is none in an encrypted file.

The settings keep the address without it. The file is sealed with a key that lies beside it and that only this person
may read: it keeps the password out of backups, screens and searches of the settings, but not from who can read the
files of this person.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app import extras
from app.domain.errors import EnvironmentFailure
from app.models.server_address import bare, in_its_place

SERVICE = "pickwick"
KEY, FILE = "passwords.key", "passwords.sealed"


class Place(StrEnum):
    """Where a password is kept."""

    KEY_RING = "key_ring"
    FILE = "file"
    NOWHERE = "nowhere"


class Passwords:
    """The passwords of this person on this machine, by user, server and database."""

    def __init__(
        self,
        folder: Path,
        ring: Callable[[], extras.KeyRing | None] = extras.key_ring,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`folder` takes the sealed file and its key where `ring` gives no key ring."""
        self._folder, self._ring = folder, ring
        self._environment = os.environ if environment is None else environment

    def keep(self, url: str) -> tuple[str, Place]:
        """Keeps the password that stands in an address; gives the address without it, and where it is now.

        EnvironmentFailure when neither place takes it.
        """
        parsed = _server(url)
        if parsed is None or parsed.password is None:
            return url, Place.NOWHERE
        name, password = _name(parsed), str(parsed.password)
        place = Place.KEY_RING if self._into_ring(name, password) else Place.FILE
        sealed = self._sealed()
        if place is Place.FILE:
            self._seal({**sealed, name: password})
        elif name in sealed:
            self._seal({other: kept for other, kept in sealed.items() if other != name})
        return bare(parsed).render_as_string(hide_password=False), place

    def complete(self, url: str) -> str:
        """An address with the password that is kept for it; as it is when it needs none or none is known.

        EnvironmentFailure when the key ring or the file is there and does not open.
        """
        parsed = _server(url)
        if parsed is None or parsed.password is not None or parsed.username is None or self._told(parsed):
            return url
        name = _name(parsed)
        password = self._sealed().get(name)
        if password is None:
            password = self._out_of_ring(name)
        return url if password is None else parsed.set(password=password).render_as_string(hide_password=False)

    def _told(self, url: URL) -> bool:
        """PostgreSQL's own ways to tell a password go before ours."""
        return "passfile" in url.query or any(self._environment.get(name) for name in ("PGPASSWORD", "PGPASSFILE"))

    # -- the system's key ring

    def _into_ring(self, name: str, password: str) -> bool:
        ring = self._ring()
        if ring is None:
            return False
        try:
            ring.set_password(SERVICE, name, password)
            return ring.get_password(SERVICE, name) == password
        except extras.key_ring_errors():
            return False

    def _out_of_ring(self, name: str) -> str | None:
        ring = self._ring()
        if ring is None:
            return None
        try:
            return ring.get_password(SERVICE, name)
        except extras.key_ring_errors() as error:
            raise EnvironmentFailure("passwords.ring_closed", reason=str(error) or type(error).__name__) from error

    # -- the sealed file

    def _sealed(self) -> dict[str, str]:
        path = self._folder / FILE
        try:
            if not path.exists():
                return {}
            told = json.loads(extras.unsealed(self._key(), path.read_bytes()))
        except (OSError, ValueError) as error:
            raise EnvironmentFailure("passwords.not_opened", file=str(path), reason=str(error)) from error
        return {str(name): str(password) for name, password in told.items()}

    def _seal(self, passwords: Mapping[str, str]) -> None:
        path = self._folder / FILE
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            token = extras.sealed(self._key(), json.dumps(dict(passwords)).encode())
            _write_own(path.with_name(FILE + ".new"), token)
            path.with_name(FILE + ".new").replace(path)
        except (OSError, ValueError) as error:
            raise EnvironmentFailure("passwords.not_kept", file=str(path), reason=str(error)) from error

    def _key(self) -> bytes:
        """The key of the file; made when there is none. One that others may read is none."""
        path = self._folder / KEY
        if not path.exists():
            _write_own(path, extras.new_seal_key())
        if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise EnvironmentFailure("passwords.key_open", file=str(path))
        return path.read_bytes()


def _server(url: str) -> URL | None:
    if not url.startswith("postgres"):
        return None
    try:
        return in_its_place(make_url(url))
    except (ArgumentError, ValueError):
        return None  # whoever opens it says what is wrong


def _name(url: URL) -> str:
    """What the password is kept by."""
    host = url.host or str(url.query.get("host", ""))
    return f"{url.username}@{host}:{url.port or 5432}/{url.database or ''}"


def _write_own(path: Path, content: bytes) -> None:
    """A file that was never readable by anybody else, not for a moment."""
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
