"""TLS before a test's PostgreSQL: the wheel's server is built without it, so its handshake is done at the socket.

It answers the request for encryption as PostgreSQL does, speaks TLS with certificates made here, and hands every byte
on to the real server. The client's side (libpq, its checks of chain and name) is the real one.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_REQUEST_FOR_TLS = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


@dataclass(frozen=True)
class Authority:
    """Who signs certificates; `file` is what clients are told to trust."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def made(cls, folder: Path, name: str) -> Authority:
        """A new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _begun(name, name, key, timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = folder / f"{name}.crt"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(file, certificate, key)

    def signed(self, host: str, valid: timedelta = timedelta(days=10)) -> tuple[Path, Path]:
        """Certificate and key of a server; `host` is a name or an IP address."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        try:
            named: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            named = x509.DNSName(host)
        certificate = (
            _begun(host, str(issuer), key, valid)
            .add_extension(x509.SubjectAlternativeName([named]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        stem = self.file.parent / f"{self.file.stem}-{host}-{valid.days}"
        files = stem.with_suffix(".server-crt"), stem.with_suffix(".server-key")
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return files


def put_first(dsn: str, rules: str) -> None:
    """Puts rules of admission before those of a server, and waits until it goes by them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        (file,) = connection.execute("SHOW hba_file").fetchone() or ("",)
        (before,) = connection.execute("SELECT pg_conf_load_time()").fetchone() or (None,)
        path = Path(str(file))
        path.write_text(rules + path.read_text(encoding="utf-8"), encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
    for _ in range(10_000):  # a new connection has the rules that the server has by then
        with psycopg.connect(dsn) as connection:
            if connection.execute("SELECT pg_conf_load_time()").fetchone() != (before,):
                return
    raise AssertionError("the server did not read its rules again")


def _begun(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, valid: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=20))
        .not_valid_after(now + valid)
    )


class TlsDoor:
    """Listens on a port of this machine, before the socket of a real server. Without files it offers no TLS."""

    def __init__(self, server_socket: Path, certificate: Path | None = None, key: Path | None = None) -> None:
        self._server = str(server_socket)
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.encrypted = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """No new connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            first = client.recv(8, socket.MSG_WAITALL)
            if first == _REQUEST_FOR_TLS and self._context is None:
                client.sendall(b"N")
            elif first == _REQUEST_FOR_TLS:
                client.sendall(b"S")
                assert self._context is not None
                client = self._context.wrap_socket(client, server_side=True)
                self.encrypted += 1
            else:
                server.sendall(first)
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()


def _pump(taking: socket.socket, giving: socket.socket) -> None:
    with suppress(OSError):
        while piece := taking.recv(65536):
            giving.sendall(piece)
    for end in (taking, giving):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
