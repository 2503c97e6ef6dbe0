"""The set-up of a machine: what it finds missing, what it brings, and what it says when it may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project_files import ROOT
from tools import setup_station, system_libraries
from tools.system_libraries import Font, Library, SetupError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux leaves libraries to its packages")

ABSENT = Library("libpickwick-absent.so.9", "libpickwick-absent9")


class Machine:
    """A folder of programs that stands for the machine's own, and notes how apt was called."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.notes = folder / "notes"
        self.patch = patch
        patch.setenv("PATH", str(folder))
        self.be_root(False)
        shell = shutil.which("sh", path="/usr/bin:/bin")
        assert shell is not None
        self.shell = shell
        for program in ("env",):
            found = shutil.which(program, path="/usr/bin:/bin")
            assert found is not None
            (folder / program).symlink_to(found)

    def be_root(self, root: bool) -> None:
        """Whether the person is root."""
        self.patch.setattr(os, "geteuid", lambda: 0 if root else 1000)

    def add(self, program: str, script: str) -> None:
        """Puts a program on the machine."""
        path = self.folder / program
        path.write_text(f"#!{self.shell}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def add_apt(self) -> None:
        """Makes it a Debian."""
        self.add("apt-get", f'echo "$@" >> "{self.notes}"')

    def installed(self) -> list[str]:
        """How apt was called."""
        return self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that lacks one library and no font."""
    monkeypatch.setattr(system_libraries, "OFFSCREEN", (ABSENT,))
    monkeypatch.setattr(system_libraries, "WINDOW", ())
    monkeypatch.setattr(system_libraries, "SOUND", ())
    monkeypatch.setattr(system_libraries, "FONTS", ())
    return Machine(tmp_path, monkeypatch)


def test_root_on_debian_gets_what_lacks(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    machine.be_root(True)
    machine.add_apt()
    system_libraries.provide(window=False)
    assert machine.installed() == ["-qq update", "-qq install -y --no-install-recommends libpickwick-absent9"]
    assert "Qt lacks libpickwick-absent.so.9." in capfd.readouterr().out


def test_sudo_without_a_password_does_too(machine: Machine) -> None:
    machine.add_apt()
    machine.add("sudo", 'shift; [ "$1" = true ] || exec "$@"')
    system_libraries.provide(window=False)
    assert machine.installed()[-1] == "-qq install -y --no-install-recommends libpickwick-absent9"


def test_who_may_not_install_gets_the_one_command(machine: Machine) -> None:
    machine.add_apt()
    machine.add("sudo", "exit 1")
    with pytest.raises(SetupError, match=r"sudo apt-get install -y libpickwick-absent9$"):
        system_libraries.provide(window=False)
    assert machine.installed() == []


def test_a_failed_install_gives_the_command_too(machine: Machine) -> None:
    machine.be_root(True)
    machine.add("apt-get", "exit 100")
    with pytest.raises(SetupError, match=r"sudo apt-get install -y libpickwick-absent9$"):
        system_libraries.provide(window=False)


def test_fedora_gets_its_own_command(machine: Machine) -> None:
    machine.add("dnf", "exit 0")
    with pytest.raises(SetupError, match=r"sudo dnf install 'libpickwick-absent\.so\.9\(\)\(64bit\)'$"):
        system_libraries.provide(window=False)


def test_a_font_that_lacks_stops_nobody(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_libraries, "OFFSCREEN", ())
    monkeypatch.setattr(system_libraries, "FONTS", (Font("Klingon", ("NoSuchFont",), "fonts-klingon"),))
    machine.add_apt()
    system_libraries.provide(window=False)
    said = capfd.readouterr().out.splitlines()
    assert said == [
        "No font with Klingon is here: labels cannot show those letters.",
        "The command is: sudo apt-get install -y fonts-klingon",
    ]


def test_qt_that_does_not_start_is_said_with_its_own_words(machine: Machine) -> None:
    machine.add("python", 'echo "Traceback:" >&2; echo "ImportError: libEGL.so.1: cannot open" >&2; exit 1')
    with pytest.raises(
        SetupError, match=r"^Qt does not start on this machine: ImportError: libEGL\.so\.1: cannot open$"
    ):
        system_libraries.try_qt(machine.folder / "python", window=False)


def test_qt_starts_here() -> None:
    system_libraries.try_qt(Path(sys.executable), window=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of the set-up, alone in a folder."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make, as a person does who has no options set."""
    clean = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, encoding="utf-8", check=False)


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")


@needs_make
def test_without_python_one_line_says_so(checkout: Path) -> None:
    done = make(checkout, "setup", "PYTHON=")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("Pickwick needs Python 3.11, 3.12 or 3.13, and none was found")


def environment(checkout: Path) -> Path:
    """An environment that is all set up, as far as make can see; returns the folder of its stamps."""
    stamps = checkout / ".venv" / "stamps"
    stamps.mkdir(parents=True)
    (checkout / ".venv" / "bin").mkdir()
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for step in ("runtime", "window"):
        (stamps / step).touch()
    return stamps


@needs_make
def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    stamps = environment(checkout)
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to(checkout / "gone")
    assert make(checkout, "--question", "setup").returncode == 1
    assert not stamps.exists()


@needs_make
def test_what_is_done_is_not_done_again_until_a_lock_changes(checkout: Path) -> None:
    stamps = environment(checkout)
    assert make(checkout, "--question", "setup").returncode == 0
    later = (stamps / "runtime").stat().st_mtime + 10
    os.utime(checkout / "requirements" / "runtime.txt", (later, later))
    assert make(checkout, "--question", "setup").returncode == 1


def test_an_unknown_step_is_bad_use(capfd: pytest.CaptureFixture[str]) -> None:
    assert setup_station.main(["everything"]) == 2
    assert "python -m tools.setup_station STEP" in capfd.readouterr().err


def test_a_python_that_is_too_old_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_station, "OLDEST", (4, 0))
    with pytest.raises(SetupError, match=r"^Pickwick needs Python 3\.11, 3\.12 or 3\.13; this is 3\."):
        setup_station.check_interpreter()


def test_a_c_library_that_is_too_old_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_station, "OLDEST_GLIBC", (9, 0))
    with pytest.raises(SetupError, match=r"^Qt's packages need glibc 9\.0 or newer .*; this machine has 2\.\d+\.$"):
        setup_station.check_interpreter()
