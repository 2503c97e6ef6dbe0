"""How an answer changes what the pack screen knows."""

from __future__ import annotations

from app.domain.outcomes import done
from app.presenters.pack_model import PackModel, after
from tests.builders import NOW


def test_a_reprint_is_said_until_the_next_answer() -> None:
    said = after(PackModel(finished=True), done("pack.reprinted"), NOW)
    assert (said.reprinted, said.finished) == (True, True)
    assert not after(said, done("pack.handed_over"), NOW).reprinted
