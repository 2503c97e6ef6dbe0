"""Strict readers of the EPL2 and TSPL that may reach a printer; they paint labels. Written from the printers' manuals.

Anything that is not one of these commands, whole and with every value in range, is a mistake: it raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy
from PIL import Image

from app.domain.documents import Document
from app.domain.print_ports import PrintLanguage
from app.printing.rendering import render


class NotUnderstoodError(Exception):
    """No printer of the language is sure to take this."""


@dataclass
class Paper:
    """What was painted, each command (of those that paint only the name), and each line without a picture's dots."""

    sheets: list[Image.Image] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class Canvas:
    """The memory of a printer: black where True."""

    def __init__(self, width: int, height: int) -> None:
        self.dots = numpy.zeros((height, width), dtype=bool)

    def black(self, x: int, y: int, width: int, height: int) -> None:
        self._within(x, y, width, height)
        self.dots[y : y + height, x : x + width] = True

    def picture(self, x: int, y: int, row_bytes: int, height: int, data: bytes) -> None:
        """In both languages a 0 is a black dot, the first dot is the highest bit, and rows come from the top."""
        bits = numpy.unpackbits(numpy.frombuffer(data, dtype=numpy.uint8)).reshape(height, row_bytes * 8)
        black = bits == 0
        used = 8 * row_bytes if not black.any() else int(black.any(axis=0).nonzero()[0].max()) + 1
        self._within(x, y, used, height)
        room = self.dots[y : y + height, x : x + used]
        room |= black[:, :used]

    def image(self) -> Image.Image:
        return Image.fromarray(numpy.where(self.dots, 0, 255).astype(numpy.uint8))

    def _within(self, x: int, y: int, width: int, height: int) -> None:
        tall, wide = self.dots.shape
        if width < 1 or height < 1 or x < 0 or y < 0 or x + width > wide or y + height > tall:
            raise NotUnderstoodError(f"{width} x {height} at {x}, {y} is not within {wide} x {tall}")


_EPL_PICTURE = re.compile(rb"GW(\d+),(\d+),(\d+),(\d+),")
_EPL_LINE = re.compile(rb"([^\n]*)\n")


def read_epl2(data: bytes) -> Paper:
    """The labels of a job in EPL2."""
    paper = Paper()
    canvas = Canvas(832, 1)
    width, place = 832, 0
    while place < len(data):
        found = _EPL_PICTURE.match(data, place)
        if found is not None:
            x, y, row_bytes, height = map(int, found.groups())
            end = found.end() + row_bytes * height
            canvas.picture(x, y, row_bytes, height, data[found.end() : end])
            paper.commands.append("GW")
            paper.lines.append(found.group().decode("ascii") + "...")
            place = end + len(b"\n")
            if data[end:place] != b"\n":
                raise NotUnderstoodError("a picture of another length")
            continue
        line = _EPL_LINE.match(data, place)
        if line is None:
            raise NotUnderstoodError(data[place : place + 40])
        place = line.end()
        words = line.group(1).decode("ascii")
        paper.lines.append(words)
        if match := re.fullmatch(r"q(\d+)", words):
            width = int(match[1])
        elif match := re.fullmatch(r"Q(\d+),(\d+)", words):
            if not 16 <= int(match[2]) <= 240:
                raise NotUnderstoodError(words)
            canvas = Canvas(width, int(match[1]))
        elif match := re.fullmatch(r"LO(\d+),(\d+),(\d+),(\d+)", words):
            canvas.black(*map(int, match.groups()))
            words = "LO"
        elif words == "N":
            canvas.dots[:] = False
        elif words == "P1":
            paper.sheets.append(canvas.image())
        elif words:
            raise NotUnderstoodError(words)
        paper.commands.append(words)
    return paper


_TSPL_PICTURE = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")
_TSPL_LINE = re.compile(rb"([^\r\n]*)\r\n")
_MM = r"(\d+(?:\.\d+)?) mm,(\d+(?:\.\d+)?) mm"


def read_tspl(data: bytes, dpi: int) -> Paper:
    """The labels of a job in TSPL."""
    if re.search(rb"[\x1b~]!", data):
        raise NotUnderstoodError("a command that is done at once")
    paper = Paper()
    canvas = Canvas(1, 1)
    place = 0
    while place < len(data):
        found = _TSPL_PICTURE.match(data, place)
        if found is not None:
            x, y, row_bytes, height = map(int, found.groups())
            end = found.end() + row_bytes * height
            canvas.picture(x, y, row_bytes, height, data[found.end() : end])
            paper.commands.append("BITMAP")
            paper.lines.append(found.group().decode("ascii") + "...")
            place = end + len(b"\r\n")
            if data[end:place] != b"\r\n":
                raise NotUnderstoodError("a picture of another length")
            continue
        line = _TSPL_LINE.match(data, place)
        if line is None:
            raise NotUnderstoodError(data[place : place + 40])
        place = line.end()
        words = line.group(1).decode("ascii")
        paper.lines.append(words)
        if match := re.fullmatch(f"SIZE {_MM}", words):
            scale = {203: 8, 300: 300 / 25.4, 600: 600 / 25.4}[dpi]
            canvas = Canvas(int(float(match[1]) * scale), int(float(match[2]) * scale))
        elif match := re.fullmatch(f"GAP {_MM}", words):
            if float(match[1]) > 25.4:
                raise NotUnderstoodError(words)
        elif match := re.fullmatch(r"BAR (\d+),(\d+),(\d+),(\d+)", words):
            canvas.black(*map(int, match.groups()))
            words = "BAR"
        elif words == "CLS":
            canvas.dots[:] = False
        elif words == "PRINT 1,1":
            paper.sheets.append(canvas.image())
        elif words not in ("", "DIRECTION 1", "REFERENCE 0,0"):
            raise NotUnderstoodError(words)
        paper.commands.append(words)
    return paper


def read(data: bytes, language: PrintLanguage, dpi: int) -> Paper:
    """The labels of a job in either language."""
    return read_epl2(data) if language is PrintLanguage.EPL2 else read_tspl(data, dpi)


def draw(documents: Sequence[Document], language: PrintLanguage, dpi: int) -> list[list[Image.Image]]:
    """Pictures of the pages of each document, from its EPL2 or TSPL."""
    return [read(render(document, language, dpi), language, dpi).sheets for document in documents]
