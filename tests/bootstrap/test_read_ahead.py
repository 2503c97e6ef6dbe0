"""What the first scans want is read behind them, and waits for them only so long."""

from __future__ import annotations

from app.bootstrap.read_ahead import PAUSE_SECONDS, read_ahead


def test_it_waits_for_scans_a_while_in_all_and_then_goes_on() -> None:
    asked = 0

    def never() -> bool:
        nonlocal asked
        asked += 1
        return False

    read_ahead(("json", "decimal", "fractions"), never, patience=4 * PAUSE_SECONDS)
    assert asked == 4


def test_a_quiet_station_is_not_waited_for() -> None:
    answers = iter((False, True, True))
    read_ahead(("json", "decimal"), lambda: next(answers), patience=1.0)
    assert list(answers) == []
