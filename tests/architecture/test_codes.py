"""Every code that a use case answers or fails with has its sentence in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.domain.words import say

ROOT = Path(__file__).parents[2] / "app"
ANSWERS = {
    "refused", "blocked", "done", "Outcome", "_navigate", "shown", "_show", "_shown", "replace",
    "EnvironmentFailure", "BadUseError", "StateError", "PickwickError",
}  # fmt: skip
CODE = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
NOBODY_READS = {"order.open"}  # a placeholder beside an order that was found


def codes_in(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and CODE.fullmatch(inner.value):
            yield inner.value


def codes_of(path: Path) -> Iterator[str]:
    """The codes that stand in calls that answer or fail, and in what is called `code` or `answer`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ANSWERS:
                given = [*node.args, *(word.value for word in node.keywords if word.arg == "code")]
                for part in given:
                    yield from codes_in(part)
        elif isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & {"code", "answer"}:
                yield from codes_in(node.value)


def test_each_code_of_services_runtime_and_models_has_a_sentence() -> None:
    found = {
        (code, path.name)
        for folder in ("services", "runtime", "models", "devices", "printing", "integrations", "bootstrap", "commands")
        for path in (ROOT / folder).rglob("*.py")
        for code in codes_of(path)
    }
    assert len(found) > 300
    assert sorted(one for one in found if one[0] not in NOBODY_READS and say(one[0]) == one[0]) == []
