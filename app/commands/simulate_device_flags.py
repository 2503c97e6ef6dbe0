"""What `simulate-device` can be told; apart from the command, so that reading the command line loads no device."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from app.domain.words import say

KINDS = ("scanner", "scale", "printer")
PROTOCOLS = ("mt-sics", "nci", "toledo-8217", "plain", "bare")
UNITS = ("g", "kg", "lb", "oz")
SUFFIXES = ("cr", "lf", "crlf", "tab", "etx", "none")
LANGUAGES = ("zpl", "epl2", "tspl", "pdf")
STATES = (
    "ready", "paper-out", "ribbon-out", "head-open", "paused", "buffer-full", "too-hot", "too-cold", "fault",
    "swallows", "drops", "refuses",
)  # fmt: skip
_CHOICES = {
    "protocol": (PROTOCOLS, "mt-sics"),
    "unit": (UNITS, ""),
    "suffix": (SUFFIXES, "cr"),
    "language": (LANGUAGES, "zpl"),
    "state": (STATES, "ready"),
}


def add_flags(command: ArgumentParser) -> None:
    """Adds them all."""
    command.add_argument("kind", metavar="KIND", choices=KINDS, help=say("cli.flag.device_kind"))
    command.add_argument("codes", metavar="CODE", nargs="*", help=say("cli.flag.device_codes"))
    for name, (choices, default) in _CHOICES.items():
        command.add_argument(f"--{name}", choices=choices, default=default, help=say(f"cli.flag.device_{name}"))
    for name, metavar in (("listen", "HOST:PORT"), ("prefix", "TEXT")):
        command.add_argument(f"--{name}", metavar=metavar, default="", help=say(f"cli.flag.device_{name}"))
    for name, metavar in (("link", "PATH"), ("out", "DIR")):
        command.add_argument(f"--{name}", metavar=metavar, type=Path, help=say(f"cli.flag.device_{name}"))
    for name, seconds in (("gap", 0.3), ("wait", 1.0)):
        words = say(f"cli.flag.device_{name}")
        command.add_argument(f"--{name}", metavar="S", type=_seconds, default=seconds, help=words)
    command.add_argument("--weight", metavar="GRAMS", type=int, default=0, help=say("cli.flag.device_weight"))
    command.add_argument("--settle", metavar="MS", type=_count, default=600, help=say("cli.flag.device_settle"))
    command.add_argument("--paper", metavar="LABELS", type=_count, help=say("cli.flag.device_paper"))


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 1_000_000:
        raise ValueError(text)
    return number
