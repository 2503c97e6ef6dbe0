"""A print server of our own for tests: cupsd with its files in a folder of its own, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import pytest

from app.printing.cups import CupsSpooler

START_SECONDS = 20.0
SOCKET_PATH_LONGEST = 100


class CupsServer:
    """Runs while the context is open; skips the test where cupsd is not installed or may not run."""

    def __init__(self) -> None:
        self._program = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        self._admin = shutil.which("lpadmin", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if not self._program or not self._admin or not shutil.which("lp"):
            pytest.skip("cupsd, lpadmin and lp are not installed (cups, cups-client)")

    def __enter__(self) -> CupsServer:
        self.home = Path(tempfile.mkdtemp(prefix="pw-cups-"))
        self.home.chmod(0o755)
        for name in ("etc", "spool", "spool/tmp", "cache", "run", "log"):
            (self.home / name).mkdir()
            (self.home / name).chmod(0o777)
        self._write_settings()
        assert self._program
        settings = ["-c", str(self.home / "etc/cupsd.conf"), "-s", str(self.home / "etc/cups-files.conf")]
        self._process = subprocess.Popen(
            [self._program, "-f", *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_SECONDS
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                self.close()
                pytest.skip("cupsd does not start here")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def socket(self) -> Path:
        return self.home / "run/cups.sock"

    @property
    def environment(self) -> dict[str, str]:
        return {"CUPS_SERVER": str(self.socket)}

    @property
    def spooler(self) -> CupsSpooler:
        return CupsSpooler(self.environment)

    def add_queue(self, name: str, device: str) -> None:
        assert self._admin
        self.run(self._admin, "-p", name, "-E", "-v", device, "-m", "raw", "-o", "printer-error-policy=retry-job")

    def run(self, *arguments: str) -> str:
        environment = {**os.environ, **self.environment, "LC_ALL": "C"}
        ran = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=30)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _write_settings(self) -> None:
        home = self.home
        files = {
            "ServerRoot": home / "etc",
            "RequestRoot": home / "spool",
            "TempDir": home / "spool/tmp",
            "CacheDir": home / "cache",
            "StateDir": home / "run",
            "ErrorLog": home / "log/error",
            "AccessLog": home / "log/access",
            "PageLog": home / "log/page",
            "Sandboxing": "relaxed",
            "FileDevice": "Yes",
        }
        text = "\n".join(f"{key} {value}" for key, value in files.items())
        (home / "etc/cups-files.conf").write_text(text + "\n", encoding="utf-8")
        anyone = "Order allow,deny\nAllow all\n"
        (home / "etc/cupsd.conf").write_text(
            f"Listen {self.socket}\nBrowsing No\nWebInterface No\nDefaultAuthType None\nPreserveJobHistory Yes\n"
            f"<Location />\n{anyone}</Location>\n<Policy default>\n<Limit All>\n{anyone}</Limit>\n</Policy>\n",
            encoding="utf-8",
        )
