"""Runs commands as a person does: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def told(self):
        """The one object on standard output."""
        return json.loads(self.out)


class Cli:
    """Commands on one database, with folders of their own."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self.capsys = url, folder, capsys

    def __call__(self, *words: str | Path) -> Ran:
        """In this process."""
        self.capsys.readouterr()
        try:
            status = main([*map(str, words), "--database", self.url])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 2
        captured = self.capsys.readouterr()
        return Ran(status, captured.out, captured.err)


def run_main(*words: str | Path, environment: dict[str, str] | None = None, text: str = "") -> Ran:
    """As a process of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, words)],
        env={**os.environ, **(environment or {})}, input=text, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def one_sentence(text: str) -> bool:
    """Whether somebody who reads this sees a sentence, and no program's insides."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and "Traceback" not in text and lines[0][-1] in ".)" and " " in lines[0]
