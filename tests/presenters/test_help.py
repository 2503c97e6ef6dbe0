"""Help: every group of commands has a digit of its own."""

from __future__ import annotations

from app.domain.commands import Group
from app.presenters.help import HelpPresenter
from app.presenters.runner import AtOnce
from app.presenters.state import help as help_state
from tests.builders import World
from tests.builders import world as world
from tests.presenters.desk import Shown, clock, station_of


def test_each_group_has_the_digit_that_goes_there(world: World) -> None:
    shown: Shown[help_state.Help] = Shown()
    presenter = HelpPresenter(
        world.database, AtOnce(), station_of(world), clock, lambda: "1", shown.states.append, shown.sent.append
    )
    presenter.enter(station_of(world), None)
    digits = [tab.press for tab in shown.now.tabs]
    assert digits == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"][: len(Group)]
    for tab in shown.now.tabs:
        presenter.key(tab.press)
        assert [one.key for one in shown.now.tabs if one.chosen] == [tab.key]
