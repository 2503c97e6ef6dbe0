"""What is said when a database can't be used: what is wrong, then what to do."""

from __future__ import annotations

import pytest

from app.domain.words import say
from app.models.engines import MEANINGS


@pytest.mark.parametrize("code", sorted({code for _, _, code in MEANINGS}))
def test_a_sentence_goes_on_with_what_to_do(code: str) -> None:
    said = say(code, reason="REASON")
    assert "REASON" in said
    what, *deeds = said.replace(" (REASON)", "").replace(": REASON", "").removesuffix(".").split(". ")
    assert what
    assert deeds
