"""Settings of this machine: file < environment < flags; frozen once read."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from app.domain.errors import BadUseError, EnvironmentFailure

NAME = "pickwick"
FILE = "settings.toml"
PREFIX = "PICKWICK_"
THEMES = ("light", "dark")
SCALES = (0.8, 2.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What this machine was told. Empty texts were not told, and whoever needs them has a default.

    `database` is a URL, never empty once read. `text_scale` enlarges the station's text. `told` names what came from
    file, environment or flags.
    """

    database: str = field(default="", repr=False)
    station: str = ""
    warehouse: str = ""
    scanner: str = ""
    scale: str = ""
    printer: str = ""
    operator: str = ""
    theme: str = "light"
    text_scale: float = 1.0
    sample: bool = False
    data_folder: Path = Path()
    config_file: Path = Path()
    told: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def log_file(self) -> Path:
        """Where faults are written down."""
        return self.data_folder / "logs" / "pickwick.log"

    def journal_folder(self, database_id: str) -> Path:
        """Where this machine's stations keep the scans of one database (`services.setup.database_id`)."""
        return self.data_folder / "journals" / database_id


_TEXTS = ("database", "station", "warehouse", "scanner", "scale", "printer", "operator", "theme")
_KNOWN = (*_TEXTS, "text_scale")


def read_settings(flags: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the file, the environment (PICKWICK_DATABASE, ...) and flags; later ones win.

    Raises BadUseError for a file that can't be understood and for values that mean nothing, EnvironmentFailure for a
    file that can't be read.
    """
    surroundings = os.environ if environment is None else environment
    data = Path(surroundings.get(PREFIX + "DATA") or user_data_path(NAME, appauthor=False))
    config = Path(surroundings.get(PREFIX + "CONFIG") or user_config_path(NAME, appauthor=False) / FILE)
    told: dict[str, object] = {**_from_file(config), **_from_environment(surroundings)}
    told |= {name: value for name, value in flags.items() if value not in (None, "")}
    sample = bool(told.pop("sample", False))
    if "database" not in told or (sample and "database" not in flags):
        file = data / ("sample.sqlite3" if sample else "pickwick.sqlite3")
        told["database"] = f"sqlite:///{file.as_posix()}"
        named = frozenset(told) - {"database"}
    else:
        named = frozenset(told)
    values = {name: str(told[name]) for name in _TEXTS if name in told}
    if values.get("theme", "light") not in THEMES:
        raise BadUseError("settings.theme", theme=values["theme"], known=", ".join(THEMES))
    return Settings(
        **values,
        text_scale=_scale(told.get("text_scale", 1.0)),
        sample=sample,
        data_folder=data,
        config_file=config,
        told=named,
    )


def keep_setting(config_file: Path, name: str, value: str) -> None:
    """Writes one setting into the file and leaves its other lines as they are.

    Only the owner may read the file, because somebody may have written a password into it. Raises EnvironmentFailure
    when it can't be written.
    """
    if name not in _TEXTS:
        raise ValueError(name)
    try:
        config_file.parent.mkdir(parents=True, exist_ok=True)
        lines = config_file.read_text(encoding="utf-8").splitlines() if config_file.exists() else []
        kept = [line for line in lines if line.partition("=")[0].strip() != name]
        text = "\n".join([f"{name} = {_quoted(value)}", *kept]) + "\n"
        beside = config_file.with_name(config_file.name + ".new")
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8")
        beside.replace(config_file)
    except OSError as error:
        raise EnvironmentFailure("settings.not_written", file=str(config_file), reason=error.strerror) from error


def _from_file(path: Path) -> dict[str, object]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EnvironmentFailure("settings.not_read", file=str(path), reason=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadUseError("settings.not_toml", file=str(path), reason=str(error)) from error
    unknown = sorted(set(told) - set(_KNOWN))
    if unknown:
        raise BadUseError("settings.unknown", file=str(path), name=unknown[0], known=", ".join(_KNOWN))
    return {name: value for name, value in told.items() if value != ""}


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found = {name: environment.get(PREFIX + name.upper(), "") for name in _KNOWN}
    return {name: value for name, value in found.items() if value}


def _scale(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not SCALES[0] <= number <= SCALES[1]:
        raise BadUseError("settings.text_scale", value=str(value), least=SCALES[0], most=SCALES[1])
    return number


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if c.isprintable() else f"\\u{ord(c):04x}") for c in text) + '"'
