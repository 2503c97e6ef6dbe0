"""The line of a scanner that works for another station: what became of its labels is said and heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from app.domain.gesture import Gesture
from app.domain.outcomes import Change, Outcome, Result, Sound, Value
from app.domain.states import PrintJobState
from app.domain.words import say
from app.presenters.gateway import LABEL_HELD, JobEvent
from app.presenters.guest import GuestPresenter
from app.presenters.state.guests import GuestLine
from app.presenters.state.parts import Family
from tests.builders import NOW

FAILED = JobEvent(7, 3, "shipping-label", PrintJobState.FAILED, "It is on fire.", "tcp://10.0.0.9", NOW)
PRINTED = replace(FAILED, state=PrintJobState.PRINTED, reason="")


class Nowhere:
    """A gateway that carries nothing."""

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None: ...

    def look(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None: ...

    def interrupted(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None: ...


@dataclass
class Heard:
    """What a guest's line showed, and what sounded."""

    lines: list[GuestLine] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)

    def presenter(self) -> GuestPresenter:
        def fault(error: Exception) -> None:
            raise error

        return GuestPresenter("Bench 5", Nowhere(), lambda: NOW, self.lines.append, self.sounds.append, fault)


@pytest.mark.parametrize(
    ("event", "words", "family"),
    [
        (
            replace(FAILED, doubtful=True),
            "Did it come out? Shipping label. Look, then scan PW-OK for yes, PW-RETRY for no.",
            Family.WRONG,
        ),
        (replace(PRINTED, instead="Bench 3"), "Shipping label printed at Bench 3: fetch it there.", Family.WARN),
    ],
)
def test_what_must_be_looked_for_is_said_and_heard(event: JobEvent, words: str, family: Family) -> None:
    heard = Heard()
    heard.presenter().job(event)
    assert [(line.words, line.family) for line in heard.lines] == [(words, family)]
    assert heard.sounds == [Sound.ATTENTION]


def test_a_label_that_waits_for_its_printer_is_said_and_one_that_is_bought_is_not() -> None:
    heard = Heard()
    presenter = heard.presenter()
    presenter.label(Change("label", 1))
    presenter.job(PRINTED)
    assert (heard.lines, heard.sounds) == ([], [])
    presenter.label(Change(LABEL_HELD, 1))
    assert heard.lines[-1].words.startswith("The printer can't print: the label is bought when it can.")
    assert heard.sounds == [Sound.ATTENTION]


def test_what_blocks_stays_on_the_line() -> None:
    heard = Heard()
    presenter = heard.presenter()
    presenter.answered(Outcome(Result.BLOCKED, "pack.still_open", Sound.WRONG, {"number": "#1", "scan": "x"}))
    blocked = heard.lines[-1]
    presenter.job(FAILED)
    assert heard.lines[-1] == blocked
    assert heard.sounds == [Sound.WRONG, Sound.ATTENTION]


def test_the_line_of_a_station_that_is_found_blocked_names_its_person_not_the_goods() -> None:
    heard = Heard()
    values: dict[str, Value] = {
        "operator_id": 4,
        "name": "Blue mug",
        "sku": "MUG",
        "wanted_by": "",
        "operator_name": "Anna",
    }
    heard.presenter().answered(Outcome(Result.BLOCKED, "pack.wrong_item", Sound.WRONG, values))
    assert heard.lines[-1].operator == "Anna"


class Deactivated(Nowhere):
    """A station whose operator is not one any more."""

    def look(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        then(Outcome(Result.NAVIGATE, "station.here", values={"operator_id": None}))


def test_who_is_deactivated_stands_in_the_line_no_more() -> None:
    heard = Heard()
    presenter = GuestPresenter("Bench 5", Deactivated(), lambda: NOW, heard.lines.append, heard.sounds.append, _raise)
    presenter.answered(Outcome(Result.NAVIGATE, "sign_in.welcome", values={"operator_id": 4, "name": "Anna"}))
    assert presenter.line.operator == "Anna"
    presenter.answered(Outcome(Result.REFUSED, "station.not_now", values={"name": "A cup", "reason": "no"}))
    presenter.changed([Change("operator", 5)])
    assert presenter.line.operator == "Anna"
    presenter.changed([Change("operator", 4)])
    assert (presenter.line.operator, presenter.line.words) == ("", say("guest.sign_in"))


def _raise(error: Exception) -> None:
    raise error
