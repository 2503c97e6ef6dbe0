"""A parcel that is lighter or heavier than what lies in it."""

from __future__ import annotations

import pytest

from app.domain.outcomes import Outcome, Result, Sound
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel, after
from app.presenters.state.parts import Family
from tests.builders import NOW
from tests.presenters.pack_samples import UTC_ZONE, finished_work


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (-250, "1\u00a0544 g on the scale, 250 g less than expected."),
        (1206, "1\u00a0544 g on the scale, 1\u00a0206 g more than expected."),
    ],
)
def test_it_says_by_how_much_and_in_which_direction_once(difference: int, words: str) -> None:
    values = {"grams": 1544, "difference": difference}
    told = Outcome(
        Result.DONE, "pack.weight_differs", Sound.ATTENTION, values, work=finished_work(), waits=True
    )  # fmt: skip
    shown = pack_state(after(PackModel(), told, NOW), Surroundings(NOW, UTC_ZONE))
    assert (shown.banner.order, shown.banner.detail) == ("The weight does not agree", words)
    assert (shown.banner.family, shown.banner.blocking) == (Family.WARN, True)
