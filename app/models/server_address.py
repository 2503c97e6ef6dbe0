"""The address of a database server: its parts, and how a station makes sure that it talks to the right one."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.domain.errors import BadUseError

SCHEME = "postgresql"
PORT = 5432
LEAST_SERVER = 130_000
"""PostgreSQL 13, whose numbers of transactions the change feed reads."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Tls(StrEnum):
    """How far the server has to prove who it is, strongest first; the words are PostgreSQL's own."""

    FULL = "verify-full"
    ISSUER = "verify-ca"
    UNPROVED = "require"
    NONE = "disable"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A database on a server, or behind a socket of this machine (its folder as `host`).

    `ca_file` are the certificates that are trusted, where the system's are not enough.
    """

    host: str
    port: int = PORT
    database: str = ""
    user: str = ""
    password: str = ""
    tls: Tls = Tls.FULL
    ca_file: str = ""

    def __repr__(self) -> str:
        """Without the password, wherever it is written down."""
        return f"ServerAddress({self.url(with_password=False)})"

    def url(self, with_password: bool = True) -> str:
        """The whole address."""
        query = {} if self.tls is Tls.FULL else {"sslmode": self.tls.value}
        if self.ca_file:
            query["sslrootcert"] = self.ca_file
        if self.host.startswith("/"):
            query["host"] = self.host
        made = URL.create(
            SCHEME, self.user or None, (self.password or None) if with_password else None,
            None if self.host.startswith("/") else self.host, None if self.port == PORT else self.port,
            self.database or None, query,
        )  # fmt: skip
        return made.render_as_string(hide_password=False)


def parse_address(text: str) -> ServerAddress:
    """The parts of `postgresql://user@host:port/database?sslmode=…`, or of `host:port/database` alone.

    BadUseError for what can't be one.
    """
    words = text.strip()
    try:
        url = in_its_place(make_url(words if "://" in words else f"{SCHEME}://{words}"))
        mode = str(url.query.get("sslmode", Tls.FULL.value))
        tls = Tls(mode)
    except (ArgumentError, ValueError) as error:
        raise BadUseError("database.bad_url", url=without_password(words)) from error
    host = url.host or str(url.query.get("host", ""))
    if url.get_backend_name() != SCHEME or not host:
        raise BadUseError("database.bad_url", url=without_password(words))
    return ServerAddress(
        host, url.port or PORT, url.database or "", url.username or "", str(url.password or ""), tls,
        str(url.query.get("sslrootcert", "")),
    )  # fmt: skip


def without_password(url: str) -> str:
    """An address as it may be shown, also one that can't be understood."""
    before, at, after = url.rpartition("@")
    scheme, slashes, rest = before.rpartition("://")
    user = rest.partition(":")[0]
    shown = f"{scheme}{slashes}{user}{':…' if ':' in rest else ''}{at}{after}" if at else after
    return shown.partition("password=")[0] + ("password=…" if "password=" in shown else "")


def in_its_place(url: URL) -> URL:
    """A password that stands behind the question mark moves to where everybody knows to hide it."""
    password = url.query.get("password")
    if password is None:
        return url
    return url.difference_update_query(["password"]).set(password=str(password))


def bare(url: URL) -> URL:
    """Without its password: `URL.set` takes None for "as it is"."""
    return in_its_place(url)._replace(password=None)


def stays_here(url: URL) -> bool:
    """Whether nothing leaves this machine: a socket in the file system, or the machine's own name for itself."""
    told = url.query.get("host", url.host or "")
    hosts = [told] if isinstance(told, str) else list(told)
    return all(not host or host.startswith("/") or is_this_machine(host) for host in hosts)


def is_this_machine(host: str) -> bool:
    """Whether this is the machine's own name for itself."""
    return host in _LOOPBACK


def secured(url: URL) -> URL:
    """The address with the strongest check of the server, unless it (or PGSSLMODE) says otherwise.

    Certificates are looked up in sslrootcert, then in PostgreSQL's own folder of the person, then in the system's.
    """
    url = in_its_place(url)
    mode = str(url.query.get("sslmode") or os.environ.get("PGSSLMODE", ""))
    if not mode and stays_here(url):
        return url
    if not mode:
        mode = Tls.FULL.value
        url = url.update_query_dict({"sslmode": mode})
    if mode not in (Tls.FULL, Tls.ISSUER) or "sslrootcert" in url.query or os.environ.get("PGSSLROOTCERT"):
        return url
    if (Path.home() / ".postgresql" / "root.crt").exists():
        return url
    trusted = ssl.get_default_verify_paths().cafile
    if trusted is not None:
        return url.update_query_dict({"sslrootcert": trusted})
    return url.update_query_dict({"sslrootcert": "system"}) if mode == Tls.FULL else url
