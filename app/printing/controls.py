"""What a label printer can be told besides a document: calibrate, feed, print its settings, darkness, speed, size.

Each function gives the bytes for a language. A printer of PDF takes none of them: ControlError says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.domain.documents import Align, Barcode, CodeBox, Document, DocumentKind, Frame, Page, Rule, Size, Text, TextBox
from app.domain.errors import BadUseError
from app.domain.label_stock import LONGEST, NARROWEST, STANDARD, WIDEST, Media, Stock
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.printing import epl2, tspl
from app.printing.dots import dots_per_mm
from app.printing.rendering import render

ZPL_SAVED = b"^XA^JUS^XZ\n"
"""Printers of ZPL forget a setting with their power unless it is saved; the others keep what they are told."""
TEST_CODE = "PICKWICK-TEST"


Told = TypeVar("Told")


class ControlError(BadUseError):
    """The language has no such command, or the value is out of its range."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The whole numbers that a setting takes, and how it is said; `unit` is empty where a number is only a step."""

    least: int
    most: int
    unit: str = ""


_DARKNESS = {PrintLanguage.ZPL: Steps(0, 30), PrintLanguage.EPL2: Steps(0, 15), PrintLanguage.TSPL: Steps(0, 15)}
_SPEED = {
    PrintLanguage.ZPL: Steps(1, 14, "in/s"),
    PrintLanguage.EPL2: Steps(1, 6),
    PrintLanguage.TSPL: Steps(1, 18, "in/s"),
}
_CALIBRATE = {PrintLanguage.ZPL: b"~JC\n", PrintLanguage.EPL2: b"\nxa\n", PrintLanguage.TSPL: b"\r\nGAPDETECT\r\n"}
_FEED = {
    PrintLanguage.ZPL: b"^XA^PH^XZ\n",
    PrintLanguage.EPL2: b"\nN\nP1\n",  # an empty label
    PrintLanguage.TSPL: b"\r\nFORMFEED\r\n",
}
_SETTINGS_LABEL = {PrintLanguage.ZPL: b"~WC\n", PrintLanguage.EPL2: b"\nU\n", PrintLanguage.TSPL: b"\r\nSELFTEST\r\n"}


def darkness_steps(language: PrintLanguage) -> Steps:
    """How light and how dark printers of the language can print."""
    return _of(_DARKNESS, language)


def speed_steps(language: PrintLanguage) -> Steps:
    """How slow and how fast; a printer takes the next speed that it has."""
    return _of(_SPEED, language)


def calibrate(language: PrintLanguage, stock: Stock = STANDARD) -> bytes:
    """Measure the labels and the gaps or black marks between them; feeds a few labels."""
    if language is PrintLanguage.TSPL and stock.media is Media.MARK:
        return b"\r\nBLINEDETECT\r\n"
    return _of(_CALIBRATE, language)


def feed(language: PrintLanguage) -> bytes:
    """Feed one label."""
    return _of(_FEED, language)


def settings_label(language: PrintLanguage) -> bytes:
    """Print the printer's own label with its settings."""
    return _of(_SETTINGS_LABEL, language)


def darkness(language: PrintLanguage, level: int) -> bytes:
    """Print so dark from now on."""
    _check("printing.control.darkness", language, level, darkness_steps(language))
    if language is PrintLanguage.ZPL:
        return f"~SD{level:02}\n".encode("ascii") + ZPL_SAVED
    if language is PrintLanguage.EPL2:
        return f"\nD{level}\n".encode("ascii")
    return f"\r\nDENSITY {level}\r\n".encode("ascii")


def speed(language: PrintLanguage, step: int) -> bytes:
    """Print so fast from now on."""
    _check("printing.control.speed", language, step, speed_steps(language))
    if language is PrintLanguage.ZPL:
        return f"^XA^PR{step}^JUS^XZ\n".encode("ascii")
    if language is PrintLanguage.EPL2:
        return f"\nS{step}\n".encode("ascii")
    return f"\r\nSPEED {step}\r\n".encode("ascii")


def label_size(language: PrintLanguage, size: Size, dpi: int, stock: Stock = STANDARD) -> bytes:
    """Labels of this size are in the printer from now on. Raises ValueError for a density that no printer has."""
    scale = dots_per_mm(dpi)
    if not (NARROWEST <= size.width <= WIDEST and NARROWEST <= size.height <= LONGEST):
        raise ControlError("printing.control.size", least=f"{NARROWEST:g}", width=f"{WIDEST:g}", height=f"{LONGEST:g}")
    width, height = int(size.width * scale), int(size.height * scale)
    told = {
        PrintLanguage.ZPL: f"^XA^PW{width}^LL{height}^JUS^XZ\n",
        PrintLanguage.EPL2: f"\nq{width}\nQ{height},{epl2.tracking(stock, dpi)}\n",
        PrintLanguage.TSPL: f"\r\nSIZE {size.width:g} mm,{size.height:g} mm\r\n{tspl.tracking(stock)}\r\n",
    }
    return _of(told, language).encode("ascii")


def trial_label(language: PrintLanguage, dpi: int, size: Size) -> bytes:
    """A label of ours: a frame two millimetres from each edge, a ruler, and a code to scan."""
    return render(_trial(size, language, dpi), language, dpi)


def _trial(size: Size, language: PrintLanguage, dpi: int) -> Document:
    edge, inner = 2.0, 4.0
    width = size.width - 2 * inner
    letter = max(2.0, min(6.0, size.height / 12))
    measured = {"dpi": dpi, "width": f"{size.width:g}", "height": f"{size.height:g}"}
    facts = say("printing.test.facts", language=language.value.upper(), **measured)
    ticks = tuple(
        Rule(inner + place, size.height - inner - (3 if place % 10 == 0 else 1.5), 0.25, 3 if place % 10 == 0 else 1.5)
        for place in range(0, int(width) + 1, 5)
    )
    page: Page = (
        Frame(edge, edge, size.width - 2 * edge, size.height - 2 * edge, 0.5),
        Text(TextBox(inner, inner, width, letter, bold=True, align=Align.CENTER), say("printing.test.title")),
        Text(TextBox(inner, inner + letter * 1.3, width, letter * 0.6, align=Align.CENTER), facts),
        Barcode(CodeBox(inner, size.height * 0.4, width, size.height * 0.35), TEST_CODE),
        *ticks,
    )
    return Document(DocumentKind.TOTE, TEST_CODE, size, (page,))


def _of(told: Mapping[PrintLanguage, Told], language: PrintLanguage) -> Told:
    found = told.get(language)
    if found is None:
        raise ControlError("printing.control.none", language=language.value.upper())
    return found


def _check(code: str, language: PrintLanguage, value: int, steps: Steps) -> None:
    if not steps.least <= value <= steps.most:
        raise ControlError(code, language=language.value.upper(), least=steps.least, most=steps.most)
