"""Starts Pickwick: the station, or one of the commands that `--help` lists."""

from __future__ import annotations

import gc
import sys


def start() -> int:
    """Runs what the command line says; gives the exit status."""
    gc.disable()  # what is read here stays: looking for garbage in it is in vain
    from app.cli import main

    gc.freeze()
    gc.enable()
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
