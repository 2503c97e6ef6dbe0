"""Makes requirements/*.txt again from pyproject.toml: every package pinned, with the hashes of its files.

One lock serves Python 3.11 to 3.13 on Linux, Windows and macOS (markers tell them apart). It names no address: pip
looks where this machine tells it to look. `--upgrade` takes the newest versions that fit; else what is locked stays.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
HEADER = "# Made by `make lock` from pyproject.toml; not written by hand.\n"
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def install_compiler(folder: Path) -> Path:
    """Puts uv into an environment of its own and returns its program: the project itself does not need it."""
    builder = venv.EnvBuilder(with_pip=True)
    context = builder.ensure_directories(folder)
    builder.create(folder)
    subprocess.run([context.env_exe, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return Path(context.bin_path) / ("uv.exe" if sys.platform == "win32" else "uv")


def compile_lock(uv: Path, name: str, *arguments: str) -> None:
    """Writes requirements/NAME.txt; raises CalledProcessError when no set of versions fits."""
    lock = LOCKS / f"{name}.txt"
    subprocess.run([uv, "pip", "compile", *OPTIONS, *arguments, "-o", lock, "pyproject.toml"], cwd=ROOT, check=True)
    lock.write_text(HEADER + without_comments(lock.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def without_comments(text: str) -> str:
    """The lock without its comments, which may name where packages come from."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))


def main(arguments: Sequence[str]) -> int:
    """Makes both locks; the one of the tools holds the same versions as the one of the station."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    with tempfile.TemporaryDirectory() as folder:
        uv = install_compiler(Path(folder))
        compile_lock(uv, "runtime", *upgrade)
        compile_lock(uv, "dev", *upgrade, "--group=dev", f"--constraints={LOCKS / 'runtime.txt'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
