"""How an answer changes what the pack screen knows."""

from __future__ import annotations

import pytest

from app.domain.outcomes import Sound, blocked, done
from app.domain.work import OrderHead, PackWork
from app.presenters.pack_model import PackModel, after
from tests.builders import NOW


def test_a_reprint_is_said_until_the_next_answer() -> None:
    said = after(PackModel(finished=True), done("pack.reprinted"), NOW)
    assert (said.reprinted, said.finished) == (True, True)
    assert not after(said, done("pack.handed_over"), NOW).reprinted


@pytest.mark.parametrize("code", ["pack.cancelled", "pack.taken_over", "pack.finished_elsewhere"])
def test_work_that_the_station_let_go_leaves_the_screen_once_it_is_acknowledged(code: str) -> None:
    model = PackModel(work=PackWork(2, OrderHead(1, "#1042", (), "", "", NOW), (), ()))
    stopped = after(model, blocked(code, Sound.ATTENTION, number="#1042"), NOW)
    assert stopped.work is not None
    assert after(stopped, done("station.acknowledged"), NOW).work is None
