"""What `simulate-device` can be told; apart from the command, so that reading the command line loads no device."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from app.commands.flags import number_of, seconds
from app.domain.words import say

MOST = 1_000_000
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
    for name, default_seconds in (("gap", 0.3), ("wait", 1.0)):
        words = say(f"cli.flag.device_{name}")
        command.add_argument(f"--{name}", metavar="S", type=seconds, default=default_seconds, help=words)
    command.add_argument(
        "--weight", metavar="GRAMS", type=number_of(-MOST, MOST), default=0, help=say("cli.flag.device_weight")
    )
    command.add_argument(
        "--settle", metavar="MS", type=number_of(0, MOST), default=600, help=say("cli.flag.device_settle")
    )
    command.add_argument("--paper", metavar="LABELS", type=number_of(0, MOST), help=say("cli.flag.device_paper"))
