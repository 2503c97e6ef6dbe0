"""What a station says of gestures that were stored: no oftener than its screen shows it, at once after trouble."""

from __future__ import annotations

from app.runtime.back_again import EVERY_SECONDS, BackAgain


def test_it_is_said_at_once_after_trouble_and_while_gestures_wait_else_once_in_a_while() -> None:
    told: list[tuple[float, int]] = []
    now = [0.0]
    back = BackAgain(lambda milliseconds, kept: told.append((milliseconds, kept)), lambda: now[0])
    back.stored(1.0, 0)  # the first ever
    now[0] += EVERY_SECONDS / 2
    back.stored(2.0, 0)
    assert told == [(1.0, 0)]
    now[0] += EVERY_SECONDS / 2
    back.stored(3.0, 0)
    assert told == [(1.0, 0), (3.0, 0)]

    told.clear()
    back.gone()
    for kept in (2, 1, 0):
        back.stored(4.0, kept)
    back.stored(5.0, 0)
    back.stored(6.0, 0)
    assert told == [(4.0, 2), (4.0, 1), (4.0, 0)]
