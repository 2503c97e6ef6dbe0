"""What is in a printer, told in its address: sizes that are alike, and how each language is told where a label ends."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from app.domain.document_samples import sample_document
from app.domain.documents import Size
from app.domain.label_stock import STANDARD, Media, Stock, stock_of
from app.domain.print_ports import PrinterUriError, PrintLanguage
from app.domain.words import say
from app.printing import controls
from app.printing.payloads import foreign_label
from app.printing.printers import open_printer
from app.printing.rendering import render

WRITE = "Write width and height in millimetres: size=102x152."
TOTE = sample_document("tote")
GAP, MARK, ENDLESS = Stock(media=Media.GAP, gap=2), Stock(media=Media.MARK, gap=4), Stock(media=Media.CONTINUOUS)


@pytest.mark.parametrize(
    ("uri", "stock"),
    [
        ("tcp://a", STANDARD),
        ("tcp://a?language=tspl&size=57x32&media=gap&gap=2", Stock(57, 32, Media.GAP, 2)),
        ("tcp://a?size=104x200.5&media=continuous", Stock(104, 200.5, Media.CONTINUOUS)),
        ("tcp://a?size=wide&media=paper&gap=-1", STANDARD),
        ("tcp://a?gap=0", Stock(gap=0)),
        ("", STANDARD),
    ],
)
def test_the_address_says_what_is_in_it(uri: str, stock: Stock) -> None:
    assert stock_of(uri) == stock


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("tcp://a?size=4x6", f"tcp://a?size=4x6: 4x6 is no size of labels. {WRITE}"),
        ("tcp://a?size=102", f"tcp://a?size=102: 102 is no size of labels. {WRITE}"),
        ("tcp://a?gap=31", "tcp://a?gap=31: a gap of 31 is not possible. Write millimetres from 0 to 30: gap=3."),
        ("tcp://a?media=roll", "tcp://a?media=roll: media=roll is not possible. Use one of gap, mark, continuous."),
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_is_refused(uri: str, sentence: str) -> None:
    with pytest.raises(PrinterUriError) as caught:
        open_printer(uri)
    assert say(caught.value.code, **caught.value.values) == sentence


@pytest.mark.parametrize(
    ("language", "stock", "told"),
    [
        (PrintLanguage.TSPL, STANDARD, b"\r\nGAP 3 mm,0 mm\r\n"),
        (PrintLanguage.TSPL, GAP, b"\r\nGAP 2 mm,0 mm\r\n"),
        (PrintLanguage.TSPL, MARK, b"\r\nBLINE 4 mm,0 mm\r\n"),
        (PrintLanguage.TSPL, ENDLESS, b"\r\nGAP 0 mm,0 mm\r\n"),
        (PrintLanguage.EPL2, STANDARD, b"\nQ406,24\n"),
        (PrintLanguage.EPL2, GAP, b"\nQ406,16\n"),
        (PrintLanguage.EPL2, MARK, b"\nQ406,B32\n"),
        (PrintLanguage.EPL2, ENDLESS, b"\nQ406,0\n"),
        (PrintLanguage.ZPL, GAP, b"^XA\n^MNY\n"),
        (PrintLanguage.ZPL, MARK, b"^XA\n^MNM\n"),
        (PrintLanguage.ZPL, ENDLESS, b"^XA\n^MNN\n"),
    ],
)
def test_each_label_says_where_it_ends(language: PrintLanguage, stock: Stock, told: bytes) -> None:
    assert told in render(TOTE, language, 203, stock)


def test_a_carriers_picture_says_it_too() -> None:
    out = BytesIO()
    Image.new("1", (812, 1218), 1).save(out, "PNG")
    picture = out.getvalue()
    assert b"BLINE 4 mm,0 mm" in foreign_label(picture, PrintLanguage.TSPL, 203, MARK)
    assert b",B32\n" in foreign_label(picture, PrintLanguage.EPL2, 203, MARK)


def test_without_a_word_a_zpl_printer_keeps_its_own_setting() -> None:
    assert b"^MN" not in render(TOTE, PrintLanguage.ZPL, 203)


def test_a_printer_with_marks_measures_marks() -> None:
    assert controls.calibrate(PrintLanguage.TSPL, MARK) == b"\r\nBLINEDETECT\r\n"
    assert controls.calibrate(PrintLanguage.TSPL, GAP) == b"\r\nGAPDETECT\r\n"
    size = Size(57, 32)
    assert controls.label_size(PrintLanguage.TSPL, size, 203, ENDLESS).endswith(b"\r\nGAP 0 mm,0 mm\r\n")
    assert controls.label_size(PrintLanguage.EPL2, size, 203, MARK) == b"\nq456\nQ256,B32\n"


def test_a_document_fits_labels_of_nearly_its_size() -> None:
    def fits(there: str, here: str) -> bool:
        return stock_of(f"x?{there}").takes_what_is_made_for(stock_of(f"x?{here}"))

    assert fits("size=100x150", "size=102x152")
    assert not fits("size=57x32", "size=102x152")
    assert not fits("size=102x152", "size=57x32")
    assert fits("size=104x300&media=continuous", "size=102x152")
    assert not fits("size=102x152", "size=104x300&media=continuous")
