"""Scales on terminals and sockets, in each language: they keep the contract, and what goes wrong is never a weight."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.devices.pan import Pan
from app.devices.scale_opening import open_scale
from app.devices.serial_ports import with_parity
from app.devices.simulated.lines import Line, PtyLine, SocketLine
from app.devices.simulated.scale import ScaleFault, ScaleLanguage, SimSerialScale, voice_of
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleTrouble
from app.domain.weight_units import WeightUnit
from tests.devices.contracts import ScaleContract, ScaleHand

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
LINES = [
    # By a name of its own: the number of a terminal that is pulled may be taken by somebody else's.
    pytest.param(lambda folder: PtyLine(folder / "scale"), id="terminal", marks=needs_terminals),
    pytest.param(lambda _: SocketLine(), id="socket"),
]
OPTIONS = {
    ScaleLanguage.MT_SICS: "protocol=mt-sics",
    ScaleLanguage.NCI: "protocol=nci",
    ScaleLanguage.TOLEDO: "protocol=toledo-8217&unit=kg",
    ScaleLanguage.PLAIN: "protocol=plain",
    ScaleLanguage.BARE: "protocol=plain",
}


class SerialHand:
    """A twin at the far end of a line. Its pan has a clock of its own; that of the station can jump ahead."""

    def __init__(self, language: ScaleLanguage, line: Line, options: str = "", unit: WeightUnit | None = None) -> None:
        self.pan_now = 100.0
        self.ahead = 0.0
        self.pan = Pan(lambda: self.pan_now)
        self.twin = SimSerialScale(line, self.pan, voice_of(language, self.pan, unit), 0.02)
        self.scale = open_scale(f"{line.uri}?{options or OPTIONS[language]}&poll=10", self.now, list)

    def now(self) -> float:
        return time.monotonic() + self.ahead

    def put(self, grams: int) -> None:
        self.twin.put(grams)

    def wait(self, seconds: float) -> None:
        self.pan_now += seconds

    def unplug(self) -> None:
        self.twin.unplug()

    def plug_in(self) -> None:
        self.twin.plug_in()

    def usable(self) -> bool:
        reading = self.scale.reading()
        return reading is not None and reading.usable(self.now())

    def until(self, condition: Callable[[], bool]) -> None:
        end, pause = time.monotonic() + 30, threading.Event()
        while not condition():
            assert time.monotonic() < end, f"waited in vain; {self.scale.state} {self.scale.trouble}"
            pause.wait(0.005)

    def close(self) -> None:
        self.twin.close()


class OnBothLines(ScaleContract):
    """A language over a terminal and over a socket."""

    LANGUAGE = ScaleLanguage.MT_SICS
    OPTIONS = ""

    @pytest.fixture(params=LINES)
    def hand(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScaleHand]:
        hand = SerialHand(self.LANGUAGE, request.param(tmp_path), self.OPTIONS)
        yield hand
        hand.scale.stop()
        hand.close()

    def make(self) -> ScaleHand:
        raise AssertionError("the fixture makes it")


class TestMtSics(OnBothLines):
    pass


class TestMtSicsStream(OnBothLines):
    OPTIONS = "protocol=mt-sics&mode=continuous"


class TestNci(OnBothLines):
    LANGUAGE = ScaleLanguage.NCI


class TestToledo(OnBothLines):
    LANGUAGE = ScaleLanguage.TOLEDO
    NEGATIVE = False


class TestPlain(OnBothLines):
    LANGUAGE = ScaleLanguage.PLAIN


class TestBare(OnBothLines):
    LANGUAGE = ScaleLanguage.BARE


@pytest.fixture
def hands() -> Iterator[list[SerialHand]]:
    made: list[SerialHand] = []
    yield made
    for hand in made:
        hand.scale.stop()
        hand.close()


def shows(hand: SerialHand, grams: int, *, stable: bool = True) -> Callable[[], bool]:
    def condition() -> bool:
        reading = hand.scale.reading()
        return reading is not None and (reading.grams, reading.stable) == (grams, stable)

    return condition


def begun(hands: list[SerialHand], language: ScaleLanguage, **more: object) -> SerialHand:
    hand = SerialHand(language, SocketLine(), **more)  # type: ignore[arg-type]
    hands.append(hand)
    hand.scale.start()
    hand.put(500)
    hand.wait(5)
    hand.until(shows(hand, 500))
    return hand


@pytest.mark.parametrize("language", list(ScaleLanguage))
@pytest.mark.parametrize("fault", [ScaleFault.HALF, ScaleFault.WRONG, ScaleFault.NOISE])
def test_damaged_answers_are_never_a_weight(
    hands: list[SerialHand], language: ScaleLanguage, fault: ScaleFault
) -> None:
    hand = begun(hands, language)
    hand.twin.fault = fault
    hand.put(9999)
    hand.wait(5)
    hand.ahead += 3
    hand.until(lambda: hand.scale.trouble in (ScaleTrouble.GARBLED, ScaleTrouble.SILENT))
    reading = hand.scale.reading()
    assert reading is None or (reading.grams == 500 and not reading.usable(hand.now()))
    assert hand.scale.state is DeviceState.ATTENTION
    hand.twin.fault = ScaleFault.NONE
    hand.until(lambda: shows(hand, 9999)() and hand.usable())
    assert (hand.scale.trouble, hand.scale.state) == (None, DeviceState.READY)


@pytest.mark.parametrize("language", list(ScaleLanguage))
def test_silence_ages_the_weight(hands: list[SerialHand], language: ScaleLanguage) -> None:
    hand = begun(hands, language)
    hand.twin.fault = ScaleFault.SILENT
    hand.ahead += 3
    hand.until(lambda: hand.scale.trouble is ScaleTrouble.SILENT)
    assert shows(hand, 500)()
    assert not hand.usable()
    assert hand.scale.zero().result(10) is ScaleAnswer.NO_ANSWER
    hand.twin.fault = ScaleFault.NONE
    hand.until(hand.usable)


@pytest.mark.parametrize(
    ("language", "unit", "word"),
    [
        (ScaleLanguage.MT_SICS, WeightUnit.POUND, "     1.102 lb"),
        (ScaleLanguage.NCI, WeightUnit.OUNCE, "17.6OZ"),
        (ScaleLanguage.PLAIN, WeightUnit.GRAM, "+    500g"),
    ],
)
def test_other_units_are_grams_too(
    hands: list[SerialHand], language: ScaleLanguage, unit: WeightUnit, word: str
) -> None:
    hand = SerialHand(language, SocketLine(), unit=unit)
    hands.append(hand)
    hand.scale.start()
    hand.put(500)
    hand.wait(5)
    hand.until(lambda: (reading := hand.scale.reading()) is not None and reading.stable and reading.grams > 0)
    reading = hand.scale.reading()
    assert reading is not None
    assert (reading.unit, reading.shown.strip()) == (unit, word.strip())
    assert abs(reading.grams - 500) <= 1


def test_toledo_without_a_unit_tells_what_to_do(hands: list[SerialHand]) -> None:
    hand = SerialHand(ScaleLanguage.TOLEDO, SocketLine(), "protocol=toledo-8217")
    hands.append(hand)
    hand.scale.start()
    hand.until(lambda: hand.scale.trouble is ScaleTrouble.UNIT)
    assert hand.scale.reading() is None


def test_a_scale_of_another_language_is_not_understood(hands: list[SerialHand]) -> None:
    hand = SerialHand(ScaleLanguage.PLAIN, SocketLine(), "protocol=nci")
    hands.append(hand)
    hand.scale.start()
    hand.until(lambda: hand.scale.trouble is ScaleTrouble.GARBLED)
    assert hand.scale.reading() is None


@pytest.mark.parametrize("language", [ScaleLanguage.MT_SICS, ScaleLanguage.NCI, ScaleLanguage.TOLEDO])
def test_too_much_on_the_pan_is_not_zeroed(hands: list[SerialHand], language: ScaleLanguage) -> None:
    hand = begun(hands, language)
    hand.put(5000)
    hand.wait(5)
    hand.until(shows(hand, 5000))
    assert hand.scale.zero().result(30) is ScaleAnswer.OUT_OF_RANGE
    hand.until(shows(hand, 5000))


def test_parity_is_made_where_a_port_knows_eight_bits_only() -> None:
    assert with_parity(b"WZT\r", "E") == b"\xd7Z\xd4\x8d"
    assert with_parity(b"WZT\r", "O") == b"W\xdaT\r"
