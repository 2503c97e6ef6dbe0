"""Starts Pickwick: the station, or one of the commands that `--help` lists."""

from __future__ import annotations

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
