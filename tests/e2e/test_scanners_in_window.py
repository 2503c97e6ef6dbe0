"""Scanners on cables in a real window: several at one station, bursts, and what is told of one that is pulled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.devices.simulated.lines import SocketLine
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.device_ports import DeviceState
from app.domain.outcomes import Place
from app.presenters.places import command_to
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, GRETA, PATIENCE_MS, TypedStation, barcodes, sample_settings, typed_station


@pytest.fixture
def guns() -> Iterator[list[SimSerialScanner]]:
    made = [SimSerialScanner(SocketLine()), SimSerialScanner(SocketLine())]
    yield made
    for gun in made:
        gun.close()


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path, guns: list[SimSerialScanner]) -> Iterator[TypedStation]:
    scanners = f"keyboard: {guns[0].uri}?name=Ring+1 {guns[1].uri}?name=Ring+2"
    with typed_station(replace(sample_settings(tmp_path), scanner=scanners), qtbot) as made:
        qtbot.waitUntil(lambda: all(gun.line.connected for gun in guns), timeout=PATIENCE_MS)
        yield made
        assert_sound(made.database)


def scan(station: TypedStation, gun: SimSerialScanner, code: str, qtbot: QtBot) -> str:
    known = len(station.answers)
    gun.scan(code)
    qtbot.waitUntil(lambda: len(station.answers) > known, timeout=PATIENCE_MS)
    return station.answers[-1].code


def test_several_scanners_work_side_by_side(station: TypedStation, guns: list[SimSerialScanner], qtbot: QtBot) -> None:
    assert station.wedge(ANNA).code == "sign_in.welcome"
    assert scan(station, guns[0], "#1042", qtbot) == "pack.opened"
    code = barcodes(station, "#1042")[0][0]
    assert scan(station, guns[1], code, qtbot) == "pack.counted"
    assert station.wedge(code).code == "pack.counted"


def test_a_burst_of_fifty_codes_from_each_of_two_is_taken_whole(
    station: TypedStation, guns: list[SimSerialScanner], qtbot: QtBot
) -> None:
    station.wedge(ANNA)
    known = len(station.answers)
    sent = [[f"NOBODY-{gun}-{number:02d}" for number in range(50)] for gun in (1, 2)]
    hands = [threading.Thread(target=gun.burst, args=(codes,)) for gun, codes in zip(guns, sent, strict=True)]
    for hand in hands:
        hand.start()
    qtbot.waitUntil(lambda: len(station.answers) >= known + 100, timeout=30_000)
    answered = [str(answer.values["code"]) for answer in station.answers[known:]]
    for codes in sent:
        assert [code for code in answered if code in codes] == codes
    stored = [raw for (raw,) in station.rows("SELECT raw FROM gestures WHERE raw LIKE 'NOBODY-%'")]
    assert sorted(stored) == sorted(sent[0] + sent[1])


def test_two_people_with_ring_scanners_share_one_machine(
    qtbot: QtBot, tmp_path: Path, guns: list[SimSerialScanner]
) -> None:
    """The second scanner works for Bench 5: its own operator, order and block; this window's work never hears of it."""
    scanners = f"{guns[0].uri}?name=Ring+1 {guns[1].uri}?name=Ring+2&station=Bench+5"
    with typed_station(replace(sample_settings(tmp_path), scanner=scanners), qtbot) as station:
        assert station.ui.core is not None
        bench = station.ui.core.bench
        qtbot.waitUntil(lambda: bench.scanner() is DeviceState.READY, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: all(gun.line.connected for gun in guns), timeout=PATIENCE_MS)
        strip = station.window.guests

        def guest(code: str, words: str, *, blocked: bool = False) -> None:
            guns[1].scan(code)
            want = (words, blocked)
            qtbot.waitUntil(lambda: (strip.lines[0].words, strip.lines[0].blocked) == want, timeout=PATIENCE_MS)

        assert (strip.isVisible(), strip.lines[0].words) == (True, "Scan your badge with this scanner")
        assert scan(station, guns[0], ANNA, qtbot) == "sign_in.welcome"
        assert scan(station, guns[0], "#1042", qtbot) == "pack.opened"
        known = len(station.answers)
        guest("OP-TOMASZ", "Welcome, Tomasz Brandt")
        guest("#1022", "Order #1022 is open 0 of 5")
        (first, _), (second, _) = barcodes(station, "#1022")[:2]
        guest(first, "Right. Counted. 1 of 5")
        wrong = barcodes(station, "#1042")[0][0]
        guest(wrong, "Wrong item. Put it aside. Scan the OK card with this scanner.", blocked=True)
        assert not station.pack.banner.blocking
        assert len(station.answers) == known
        assert scan(station, guns[0], wrong, qtbot) == "pack.counted"
        assert strip.lines[0].blocked
        guest("PW-OK", "Go on 1 of 5")
        guest(second, "Right. Counted. 2 of 5")
        assert strip.lines[0].operator == "Tomasz Brandt"
        assert strip.lines[0].name == "Bench 5"
        assert station.rows(
            "SELECT s.name, o.name FROM station_sessions x JOIN stations s ON s.id = x.station_id "
            "JOIN operators o ON o.id = x.operator_id ORDER BY s.name"
        ) == [("Bench 4", "Anna Lindqvist"), ("Bench 5", "Tomasz Brandt")]
        assert_sound(station.database)


def test_of_two_scanners_that_are_gone_the_one_that_is_not_back_is_still_told(
    station: TypedStation, guns: list[SimSerialScanner], qtbot: QtBot
) -> None:
    words = "The scanner Ring {} is gone. Plug it in: it goes on by itself."

    def until(said: str) -> None:
        qtbot.waitUntil(lambda: station.pack.banner.order == said, timeout=PATIENCE_MS)

    station.wedge(ANNA)
    station.wedge("#1042")
    work = station.pack.banner.order
    for number in (1, 2):
        guns[number - 1].unplug()
        until(words.format(number))
    guns[1].plug_in()
    until(words.format(1))
    guns[0].plug_in()
    until(work)


def test_what_ails_a_device_is_said_on_every_screen_until_it_is_well(station: TypedStation, qtbot: QtBot) -> None:
    presenter, screen, words = station.ui.presenter, station.ui.screen, "The third scanner is gone."
    assert presenter is not None
    assert screen is not None

    def said() -> bool:
        return words in repr(screen.state_of(station.page))

    station.wedge(GRETA)
    for place in (place for place in Place if command_to(place) is not None):
        presenter.go(place)
        qtbot.waitUntil(lambda place=place: station.page == place.value, timeout=PATIENCE_MS)  # type: ignore[misc]
        presenter.tell(words, "third")
        qtbot.waitUntil(said, timeout=PATIENCE_MS)
        presenter.well("third")
        qtbot.waitUntil(lambda: not said(), timeout=PATIENCE_MS)


def test_a_scanner_for_a_station_that_is_not_there_is_said(
    qtbot: QtBot, tmp_path: Path, guns: list[SimSerialScanner]
) -> None:
    settings = replace(sample_settings(tmp_path), scanner=f"keyboard: {guns[0].uri}?station=Nowhere")
    with typed_station(settings, qtbot) as station:
        (line,) = station.window.guests.lines
        assert line.words.startswith("There is no station Nowhere: set it up in Office")
        assert station.wedge(ANNA).code == "sign_in.welcome"


def test_the_operator_is_told_of_a_scanner_that_is_gone_and_of_half_a_code(
    station: TypedStation, guns: list[SimSerialScanner], qtbot: QtBot
) -> None:
    assert station.ui.core is not None
    bench = station.ui.core.bench
    station.wedge(ANNA)
    scan(station, guns[0], "#1042", qtbot)
    work = station.pack.banner.order
    guns[0].half("85123A85123A")
    qtbot.waitUntil(
        lambda: station.pack.banner.order == "A code of the scanner Ring 1 came only in part. Scan it again.",
        timeout=PATIENCE_MS,
    )
    guns[1].unplug()
    gone = "The scanner Ring 2 is gone. Plug it in: it goes on by itself."
    qtbot.waitUntil(lambda: station.pack.banner.order == gone, timeout=PATIENCE_MS)
    assert bench.scanner() is DeviceState.ATTENTION
    guns[1].plug_in()
    qtbot.waitUntil(lambda: bench.scanner() is DeviceState.READY, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: guns[1].line.connected, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: station.pack.banner.order == work, timeout=PATIENCE_MS)
    assert scan(station, guns[1], barcodes(station, "#1042")[0][0], qtbot) == "pack.counted"
