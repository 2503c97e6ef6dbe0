"""Makes a fresh machine ready: the virtual environment, the locked packages, and the system libraries that Qt needs.

Usage: python -m tools.setup_station STEP...   with the steps

    runtime    .venv with what the station needs
    dev        .venv with what the tests and the linters need too
    offscreen  the libraries that Qt needs to draw without a screen, and fonts for labels
    window     the same, and what a real window and sound need
    renderer   the label renderer of the tests (a Node package)

A step that is done leaves a stamp in .venv/stamps and is not done again until its lock file changes. Only the
standard library is used here: this runs before anything is installed. Exit status: 0 done, 2 bad use, 3 the machine
lacks something (one line says what, and what to do).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import system_libraries
from tools.system_libraries import SetupError

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
RENDERER = ROOT / "tests" / "printing" / "renderer"
OLDEST, NEWEST = (3, 11), (3, 13)
OLDEST_GLIBC = (2, 34)


def say(sentence: str) -> None:
    """Tells the person what goes on, at once and above what a child process prints."""
    print(sentence, flush=True)


def environment_works() -> bool:
    """Whether .venv has a Python of a supported version that starts, with pip: a moved or half-made one does not."""
    if not PYTHON.exists():
        return False
    question = f"import pip, sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return subprocess.run([PYTHON, "-c", question], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    """Makes .venv; raises SetupError when this Python cannot."""
    if environment_works():
        return
    check_interpreter()
    say(f"Making the virtual environment .venv with Python {sys.version_info.major}.{sys.version_info.minor}.")
    if VENV.exists():
        shutil.rmtree(VENV)
    if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode != 0:
        raise SetupError("The virtual environment .venv could not be made; Python says why above.")


def check_interpreter() -> None:
    """Raises SetupError unless this Python can make the environment; mends a Debian Python that lacks ensurepip."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(f"Pickwick needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")
    if sys.platform == "linux" and (found := glibc_version()) < OLDEST_GLIBC:
        wanted = ".".join(map(str, OLDEST_GLIBC))
        have = ".".join(map(str, found)) if found else "none"
        raise SetupError(
            f"Qt's packages need glibc {wanted} or newer (Debian 12, Ubuntu 22.04); this machine has {have}."
        )
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        problem = f"This Python cannot make virtual environments, because {package} is not installed."
        system_libraries.install_or_explain([package], problem)


def glibc_version() -> tuple[int, ...]:
    """The version of the C library, empty where it is another one (musl)."""
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return ()
    return tuple(int(part) for part in text.rpartition(" ")[2].split(".") if part.isdigit())


def install_lock(name: str) -> None:
    """Installs requirements/NAME.txt, each file checked against its hash; raises SetupError when pip fails."""
    say(f"Installing the locked packages of requirements/{name}.txt (the first time this takes a few minutes).")
    lock = ROOT / "requirements" / f"{name}.txt"
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:", "--require-hashes")
    if subprocess.run([PYTHON, "-m", "pip", "install", *options, "--requirement", lock], check=False).returncode != 0:
        raise SetupError("The packages could not be installed; pip says why above. Mend it and run this again.")


def install_runtime() -> None:
    """What the station needs to run."""
    install_lock("runtime")


def install_dev() -> None:
    """What the tests need; the station's packages are among them, so their step is done too."""
    install_lock("dev")
    stamp("runtime")


def prepare_offscreen() -> None:
    """What Qt needs to draw without a screen."""
    system_libraries.provide(window=False)
    system_libraries.try_qt(PYTHON, window=False)


def prepare_window() -> None:
    """What Qt needs to open a window."""
    system_libraries.provide(window=True)
    system_libraries.try_qt(PYTHON, window=True)


def install_renderer() -> None:
    """The label renderer of the tests. Without Node the tests that need it are skipped, with the reason."""
    if shutil.which("npm") is None and not system_libraries.install(["nodejs", "npm"]):
        say("Node is not here: the tests that render ZPL are skipped. " + system_libraries.command(["nodejs", "npm"]))
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError("npm was installed and is not found; open a new shell and run this again.")
    say("Installing the label renderer of the tests.")
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=RENDERER, check=False).returncode != 0:
        raise SetupError("The label renderer could not be installed; npm says why above.")


STEPS: dict[str, tuple[Callable[[], None], Path | None]] = {
    "runtime": (install_runtime, ROOT / "requirements" / "runtime.txt"),
    "dev": (install_dev, ROOT / "requirements" / "dev.txt"),
    "offscreen": (prepare_offscreen, None),
    "window": (prepare_window, None),
    "renderer": (install_renderer, RENDERER / "package-lock.json"),
}


def fingerprint(step: str) -> str:
    """What the step's stamp must say for the step to be done."""
    lock = STEPS[step][1]
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock else "done"


def is_done(step: str) -> bool:
    """Whether the step was done for the lock file as it is now."""
    path = STAMPS / step
    return path.exists() and path.read_text(encoding="utf-8") == fingerprint(step)


def stamp(step: str) -> None:
    """Notes that the step is done."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(fingerprint(step), encoding="utf-8")


def main(steps: Sequence[str]) -> int:
    """Does the steps that are not done yet, in the order they are named."""
    if not steps or not set(steps) <= STEPS.keys():
        print(__doc__, file=sys.stderr)
        return 2
    try:
        make_environment()
        for step in steps:
            if not is_done(step):
                STEPS[step][0]()
            stamp(step)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
