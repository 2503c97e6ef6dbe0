"""Whether there is a screen to open a window on, found out before Qt would end the process over it."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

SECONDS = 2.0


def missing_screen(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> str:
    """The code of the sentence that says what is missing; empty where a window can be opened, or may be."""
    known = os.environ if environment is None else environment
    if not platform.startswith("linux") or known.get("QT_QPA_PLATFORM"):
        return ""
    display, wayland = known.get("DISPLAY", ""), known.get("WAYLAND_DISPLAY", "")
    if not display and not wayland:
        return "cli.no_screen"
    if wayland and (Path(known.get("XDG_RUNTIME_DIR", "/run")) / wayland).exists():
        return ""
    return "" if display and _answers(display) else "cli.screen_gone"


def _answers(display: str) -> bool:
    """Whether an X server listens at `host:number.screen`."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host and host != "unix":
        return _connects(socket.AF_INET, (host, 6000 + int(number)))
    path = f"/tmp/.X11-unix/X{number}"
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, "\0" + path)


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(SECONDS)
            connection.connect(address)
    except OSError:
        return False
    return True
