"""Which system libraries and fonts Qt and the labels need, which of them this machine lacks, and how they get here.

Only Linux leaves these to its packages; Windows and macOS bring them. Only the standard library is used here.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class SetupError(Exception):
    """The machine lacks something that the set-up may not bring itself; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library as the loader names it, and the Debian package that holds it."""

    soname: str
    package: str


@dataclass(frozen=True, slots=True)
class Font:
    """Letters that labels need, a beginning of the names of files that hold them, and the Debian package."""

    letters: str
    file_prefixes: tuple[str, ...]
    package: str


OFFSCREEN = (
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
)
WINDOW = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxcb-glx.so.0", "libxcb-glx0"),
)
SOUND = (Library("libpulse.so.0", "libpulse0"),)
FONTS = (
    Font("Latin, Greek, Cyrillic and Arabic", ("NotoSansArabic", "NotoNaskhArabic"), "fonts-noto-core"),
    Font("Chinese, Japanese and Korean", ("NotoSansCJK", "NotoSansSC", "SourceHanSans"), "fonts-noto-cjk"),
    Font("emoji", ("NotoColorEmoji", "NotoEmoji"), "fonts-noto-color-emoji"),
)


def is_loadable(library: Library) -> bool:
    """Whether the loader finds the library and all that it needs in turn."""
    try:
        ctypes.CDLL(library.soname)
    except OSError:
        return False
    return True


def font_folders() -> tuple[Path, ...]:
    """Where Linux keeps fonts, for everybody and for this person."""
    home = Path.home()
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".fonts",
        home / ".local" / "share" / "fonts",
    )


def missing_fonts() -> list[Font]:
    """The fonts of which no file is here."""
    names = {path.name for folder in font_folders() if folder.is_dir() for path in folder.rglob("*.[ot]t[fc]")}
    return [font for font in FONTS if not any(name.startswith(font.file_prefixes) for name in names)]


def may_install() -> bool:
    """Whether this is Debian or Ubuntu, and we are root or may become it without a password."""
    if shutil.which("apt-get") is None:
        return False
    if os.geteuid() == 0:
        return True
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def command(packages: Sequence[str], sonames: Sequence[str] = ()) -> str:
    """The one command that a person can give to bring the packages, for the tools of this machine."""
    if shutil.which("apt-get") is not None:
        return "The command is: sudo apt-get install -y " + " ".join(packages)
    if shutil.which("dnf") is not None and sonames:
        return "The command is: sudo dnf install " + " ".join(f"'{soname}()(64bit)'" for soname in sonames)
    return "The package manager of this system brings them (their Debian names: " + " ".join(packages) + ")."


def install(packages: Sequence[str]) -> bool:
    """Installs the packages with apt where that is allowed; says whether it did."""
    if sys.platform != "linux" or not may_install():
        return False
    print("Installing with apt-get: " + " ".join(packages), flush=True)
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    quiet = subprocess.DEVNULL
    subprocess.run([*apt, "update"], stdout=quiet, check=False)
    done = subprocess.run([*apt, "install", "-y", "--no-install-recommends", *packages], stdout=quiet, check=False)
    return done.returncode == 0


def install_or_explain(packages: Sequence[str], problem: str, sonames: Sequence[str] = ()) -> None:
    """Installs the packages, or raises SetupError with the problem and the command that mends it."""
    if not install(packages):
        raise SetupError(f"{problem} {command(packages, sonames)}")


def provide(*, window: bool) -> None:
    """Brings what Qt and the labels need: for a window and sound, or only for drawing without a screen.

    Raises SetupError when a library that Qt cannot do without lacks and may not be installed. Fonts and sound are
    wanted, not needed: without them the person is told and the station starts.
    """
    if sys.platform != "linux":
        return
    needed = [library for library in OFFSCREEN + (WINDOW if window else ()) if not is_loadable(library)]
    sound = [library for library in SOUND if window and not is_loadable(library)]
    fonts = missing_fonts()
    wanted = [library.package for library in sound] + [font.package for font in fonts]
    packages = [library.package for library in needed] + wanted
    if not packages:
        return
    if needed:
        print("Qt lacks " + ", ".join(library.soname for library in needed) + ".", flush=True)
    for font in fonts:
        print(f"No font with {font.letters} is here: labels cannot show those letters.", flush=True)
    if sound:
        print("The sound library libpulse.so.0 is not here: the station stays silent.", flush=True)
    if not install(packages):
        if needed:
            sonames = [library.soname for library in needed]
            raise SetupError("They may not be installed from here. " + command(packages, sonames))
        print(command(wanted), flush=True)


OFFSCREEN_TRIAL = "from PySide6.QtWidgets import QApplication; QApplication([])"
WINDOW_TRIAL = (
    "import ctypes, pathlib, PySide6; "
    "ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / 'Qt/plugins/platforms/libqxcb.so'))"
)


def try_qt(python: Path, *, window: bool) -> None:
    """Starts Qt in a child process (a missing library ends the process), and loads the plugin that opens windows.

    Raises SetupError with what Qt said when it does not start.
    """
    trials = [OFFSCREEN_TRIAL]
    if window and sys.platform == "linux":
        trials.append(WINDOW_TRIAL)
    for trial in trials:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run([python, "-c", trial], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
            raise SetupError(f"Qt does not start on this machine: {said[-1]}")
