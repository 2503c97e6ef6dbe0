"""Processes race for last units (`tools/races.py`, ten thousand times): here some rounds, so that it stays true."""

from __future__ import annotations

from app.models.database import Database
from tests.databases import Databases, assert_sound
from tools.races import race


def test_there_are_as_many_winners_as_units(databases: Databases) -> None:
    databases.fresh()
    result = race(databases.url, rounds=6, processes=3, products=4)
    assert result.wrong == []
    assert result.rounds == 6
    assert 0 < result.winners == result.units < 6 * 3 * 4
    made = Database.open(databases.url)
    assert_sound(made)
    made.close()
