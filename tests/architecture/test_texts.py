"""What no text of the project may say, and what its lock files must."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project_files import ROOT, text_files

# Put together here, so that this file does not hold them.
REGISTRIES = ("py" + "pi.org", "python" + "hosted", "npm" + "js.", "yarn" + "pkg")
OF_ONE_MACHINE = ("/" + "work/", "/" + "root/", "/" + "Users/")
LOCKS = ("runtime", "dev")


def files_with(words: tuple[str, ...]) -> list[str]:
    """The names of the files that hold one of the words, with the word."""
    return [f"{name}: {word}" for name, text in text_files() for word in words if word in text]


def test_no_file_names_a_package_registry() -> None:
    assert files_with(REGISTRIES) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert files_with(OF_ONE_MACHINE) == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_pins_every_package_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text.casefold()
    entries = text.replace("\\\n", " ").splitlines()[1:]
    assert [entry for entry in entries if not re.match(r"^\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


def locked(name: str) -> dict[str, set[str]]:
    """Package -> versions of a lock file (several where Python versions differ)."""
    versions: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for package, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE):
        versions.setdefault(canonicalize_name(package), set()).add(version)
    return versions


def test_the_locks_fit_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"runtime": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for name, requirements in wanted.items():
        versions = locked(name)
        for requirement in map(Requirement, requirements):
            found = versions[canonicalize_name(requirement.name)]
            assert all(requirement.specifier.contains(version) for version in found), requirement


def test_both_locks_hold_the_same_versions() -> None:
    dev = locked("dev")
    assert {name: versions for name, versions in locked("runtime").items() if dev.get(name) != versions} == {}
