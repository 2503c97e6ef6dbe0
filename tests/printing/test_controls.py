from __future__ import annotations

import pytest

from app.domain.documents import LABEL_4X6, Size
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.printing import controls
from app.printing.controls import ControlError, Steps
from tests.printing.drawing import codes, draw_zpl, ink
from tests.printing.test_payloads import PAPER
from tests.printing.thermal import read

ZPL, EPL2, TSPL = PrintLanguage.ZPL, PrintLanguage.EPL2, PrintLanguage.TSPL


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (controls.calibrate, {ZPL: b"~JC\n", EPL2: b"\nxa\n", TSPL: b"\r\nGAPDETECT\r\n"}),
        (controls.feed, {ZPL: b"^XA^PH^XZ\n", EPL2: b"\nN\nP1\n", TSPL: b"\r\nFORMFEED\r\n"}),
        (controls.settings_label, {ZPL: b"~WC\n", EPL2: b"\nU\n", TSPL: b"\r\nSELFTEST\r\n"}),
        (
            lambda language: controls.darkness(language, 8),
            {ZPL: b"~SD08\n^XA^JUS^XZ\n", EPL2: b"\nD8\n", TSPL: b"\r\nDENSITY 8\r\n"},
        ),
        (
            lambda language: controls.speed(language, 4),
            {ZPL: b"^XA^PR4^JUS^XZ\n", EPL2: b"\nS4\n", TSPL: b"\r\nSPEED 4\r\n"},
        ),
        (
            lambda language: controls.label_size(language, LABEL_4X6, 203),
            {
                ZPL: b"^XA^PW812^LL1219^JUS^XZ\n",
                EPL2: b"\nq812\nQ1219,24\n",
                TSPL: b"\r\nSIZE 101.6 mm,152.4 mm\r\nGAP 3 mm,0 mm\r\n",
            },
        ),
    ],
)
def test_the_bytes_of_each_language(command, told) -> None:
    assert {language: command(language) for language in told} == told
    with pytest.raises(ControlError) as caught:
        command(PrintLanguage.PDF)
    assert say(caught.value.code, **caught.value.values) == (
        "A printer of PDF cannot be set from here. Use its own panel or driver."
    )


def test_what_settings_take() -> None:
    assert [controls.darkness_steps(each) for each in (ZPL, EPL2, TSPL)] == [Steps(0, 30), Steps(0, 15), Steps(0, 15)]
    assert [controls.speed_steps(each) for each in (ZPL, EPL2, TSPL)] == [
        Steps(1, 14, "in/s"),
        Steps(1, 6),
        Steps(1, 18, "in/s"),
    ]


@pytest.mark.parametrize("language", [ZPL, EPL2, TSPL])
def test_the_ends_of_a_range_are_in_it_and_what_is_beyond_is_refused(language: PrintLanguage) -> None:
    for name, set_to, steps in (
        ("darkness", controls.darkness, controls.darkness_steps(language)),
        ("speed", controls.speed, controls.speed_steps(language)),
    ):
        assert str(steps.most).encode() in set_to(language, steps.most)
        assert str(steps.least).encode() in set_to(language, steps.least)
        for beyond in (steps.least - 1, steps.most + 1, -5, 10**9):
            with pytest.raises(ControlError) as caught:
                set_to(language, beyond)
            assert say(caught.value.code, **caught.value.values) == (
                f"The {name} of a printer of {language.value.upper()} is a number from {steps.least} to {steps.most}."
            )


@pytest.mark.parametrize("size", [Size(9.9, 50), Size(50, 9.9), Size(231, 50), Size(50, 991), Size(float("nan"), 50)])
def test_no_printer_takes_such_labels(size: Size) -> None:
    with pytest.raises(ControlError) as caught:
        controls.label_size(ZPL, size, 203)
    assert say(caught.value.code, **caught.value.values) == (
        "Labels are 10 to 230 mm wide and 10 to 990 mm long. Measure the label without its backing."
    )
    with pytest.raises(ValueError, match="no printer has 72 dots an inch"):
        controls.label_size(ZPL, LABEL_4X6, 72)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", [LABEL_4X6, Size(100, 50), Size(57, 32)])
def test_a_test_label_is_framed_and_scans(dpi: int, size: Size) -> None:
    for language in (EPL2, TSPL):
        (sheet,) = read(controls.trial_label(language, dpi, size), language, dpi).sheets
        assert codes(sheet) == ["PICKWICK-TEST"]
        rows, columns = ink(sheet).nonzero()
        edge = 2 * dpi / 25.4
        assert abs(int(rows.min()) - edge) <= 1 and abs(int(columns.min()) - edge) <= 1
        assert abs(sheet.height - int(rows.max()) - edge) <= 2 and abs(sheet.width - int(columns.max()) - edge) <= 2


def test_a_test_label_in_zpl_scans() -> None:
    ((sheet,),) = draw_zpl([(controls.trial_label(ZPL, 203, LABEL_4X6), PAPER)], 203)
    assert codes(sheet) == ["PICKWICK-TEST"]
