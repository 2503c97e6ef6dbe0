"""Starting: without a screen, with settings from three places, with a fault of ours, in a pipe that closes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import RUNS, main
from app.commands import check
from app.commands.asked import parser
from app.commands.screen import missing_screen
from app.settings import keep_setting, read_settings
from tests.cli.running import ROOT, run_main

NO_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen")
def test_without_a_screen_the_station_says_so_in_one_line() -> None:
    ran = run_main(environment=NO_SCREEN)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == "There is no screen to open the station on; `make demo` plays a working day without one.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen")
def test_a_screen_that_is_gone_is_said_too() -> None:
    ran = run_main("--sample", environment={**NO_SCREEN, "DISPLAY": ":987"})
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "`make demo`" in ran.err


@pytest.mark.parametrize(
    ("environment", "platform", "code"),
    [
        ({}, "linux", "cli.no_screen"),
        ({"DISPLAY": "nonsense"}, "linux", "cli.screen_gone"),
        ({"DISPLAY": "127.0.0.1:59000"}, "linux", "cli.screen_gone"),
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}, "linux", "cli.screen_gone"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", ""),
        ({}, "win32", ""),
        ({}, "darwin", ""),
    ],
)
def test_screens(environment: dict[str, str], platform: str, code: str) -> None:
    assert missing_screen(environment, platform) == code


def test_every_command_of_this_release_is_listed_and_no_other() -> None:
    ran = run_main("--help")
    assert ran.status == 0
    listed = ran.out.partition("commands:")[2]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("    ") and line[4] != " "]
    assert names == [
        "import", "check", "release", "export", "atp", "sourcing", "print", "supplier-requests", "migrate", "backup",
        "restore", "move-database", "simulate-device", "simulate", "demo",
    ]  # fmt: skip
    assert "cli." not in ran.out


def test_the_scanner_may_be_named_several_times() -> None:
    args = parser(RUNS).parse_args(["--scanner", "keyboard:", "--scanner", "serial://COM3", "--scale", "sim:"])
    assert (args.scanner, args.scale) == ("keyboard: serial://COM3", "sim:")
    assert parser(RUNS).parse_args([]).scanner is None


@pytest.mark.parametrize(
    "words",
    [("fly",), ("import",), ("import", "auto"), ("demo",), ("--colour", "red"), ("export", "cats"), ("backup",)],
)
def test_bad_use_is_one_line_and_status_2(words: tuple[str, ...]) -> None:
    ran = run_main(*words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_later_settings_win(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    surroundings = {"PICKWICK_CONFIG": str(config), "PICKWICK_DATA": str(tmp_path)}
    default = read_settings({}, surroundings)
    assert default.database == f"sqlite:///{(tmp_path / 'pickwick.sqlite3').as_posix()}"
    assert (default.station, default.theme, default.text_scale, default.told) == ("", "light", 1.0, frozenset())
    config.write_text('station = "file"\nprinter = "sim:"\ntheme = "dark"\n', encoding="utf-8")
    surroundings |= {"PICKWICK_STATION": "environment", "PICKWICK_DATABASE": "sqlite:///env.sqlite3"}
    read = read_settings({"station": "flag", "database": None}, surroundings)
    assert (read.station, read.printer, read.theme, read.database) == ("flag", "sim:", "dark", "sqlite:///env.sqlite3")
    assert read_settings({}, surroundings).station == "environment"
    assert read.told == {"station", "printer", "theme", "database"}


def test_the_sample_has_a_database_of_its_own_unless_one_is_named(tmp_path: Path) -> None:
    surroundings = {"PICKWICK_DATA": str(tmp_path), "PICKWICK_CONFIG": str(tmp_path / "none.toml")}
    url = f"sqlite:///{(tmp_path / 'sample.sqlite3').as_posix()}"
    assert read_settings({"sample": True}, surroundings).database == url
    assert read_settings({"sample": True}, {**surroundings, "PICKWICK_DATABASE": "sqlite:///x"}).database == url
    assert read_settings({"sample": True, "database": "sqlite:///x"}, surroundings).database == "sqlite:///x"


def test_a_setting_is_kept_beside_the_others(tmp_path: Path) -> None:
    file = tmp_path / "config" / "settings.toml"
    keep_setting(file, "station", 'Bench "4" \\ é\n')
    keep_setting(file, "database", "postgresql://a:b@c/d")
    keep_setting(file, "database", "postgresql://a:b@c/e")
    read = read_settings({}, {"PICKWICK_CONFIG": str(file), "PICKWICK_DATA": str(tmp_path)})
    assert (read.station, read.database) == ('Bench "4" \\ é\n', "postgresql://a:b@c/e")
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0


def test_a_fault_of_ours_is_told_shortly_and_written_down(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("one too few")

    monkeypatch.setattr(check, "run", broken)
    assert main(["check", "--json"]) == 3
    captured = capsys.readouterr()
    log = own_data / "logs" / "pickwick.log"
    assert captured.err.count("\n") == 1
    assert str(log) in captured.err
    assert json.loads(captured.out)["error"]["code"] == "cli.our_fault"
    written = log.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "ZeroDivisionError: one too few" in written


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_whoever_stops_listening_ends_the_export(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'x.sqlite3').as_posix()}"
    path = ROOT / "resources" / "sample" / "orders.csv"
    assert run_main("import", "csv-orders", path, "--database", url).status == 0
    words = [sys.executable, str(ROOT / "main.py"), "export", "orders", "--database", url]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
