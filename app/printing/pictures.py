"""Text drawn dot by dot, for letters that a printer's own font lacks: any script, either direction, marks and emoji."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont, features

from app.domain.documents import Align
from app.printing.bidi import levels, visual_order
from app.printing.fonts import FontFile, font_for, font_for_line
from app.printing.text_fit import clusters, fit

UNKNOWN = "?"
"""Stands for a letter that no font of the machine has."""
EM = 0.86
"""Size of drawn letters as a share of the letter height of the place: they look as large as the printer's own."""
COLOUR_SIZES = (109, 136, 160, 96, 64)
INK = 128


@dataclass(frozen=True, slots=True)
class Picture:
    """Black dots: rows from the top, eight dots a byte, 1 is black."""

    width: int
    height: int
    rows: bytes

    @property
    def row_bytes(self) -> int:
        """Bytes a row."""
        return self.width // 8

    def image(self) -> Image.Image:
        """The picture in greys, black on white."""
        black = Image.frombytes("1", (self.width, self.height), bytes(byte ^ 0xFF for byte in self.rows))
        return black.convert("L")


@dataclass(frozen=True, slots=True)
class TextPicture:
    """What to draw: tidied text in a place of `width` dots and lines of `line` dots, letters of `letter` dots."""

    text: str
    width: int
    letter: int
    line: int
    max_lines: int
    align: Align


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of a line in one font and one direction."""

    text: str
    font: FontFile
    level: int


@lru_cache(maxsize=512)
def draw_text(ask: TextPicture) -> Picture | None:
    """The text as a picture that is no larger than its place; None when nothing fits."""
    em = max(6, round(ask.letter * EM))
    lines = fit(ask.text, ask.width, ask.max_lines, lambda line: _line_width(line, em))
    lines = [line for line in lines if line]
    if not lines:
        return None
    width = (ask.width + 7) // 8 * 8
    sheet = Image.new("L", (width, ask.line * len(lines)), 255)
    for row, line in enumerate(lines):
        _draw_line(sheet, line, em, row, ask)
    dots = ImageChops.invert(sheet.point(lambda value: 255 if value >= INK else 0)).convert("1")
    return Picture(width, sheet.height, dots.tobytes())


def _draw_line(sheet: Image.Image, line: str, em: int, row: int, ask: TextPicture) -> None:
    """One line into its own strip, so that tall letters cannot reach into the next; they are drawn smaller instead."""
    runs = _runs(line)
    up, down = _reach(runs, em)
    if up + down > ask.line:
        em = max(4, em * ask.line // (up + down))
        up, down = _reach(runs, em)
    wide = _runs_width(runs, em)
    room = ask.width - wide
    rtl = bool(runs) and levels(clusters(line))[0] % 2 == 1
    align = Align.RIGHT if rtl and ask.align is Align.LEFT else ask.align
    left = {Align.LEFT: 0.0, Align.CENTER: room / 2, Align.RIGHT: room}[align]
    strip = Image.new("L", (ask.width, ask.line), 255)
    baseline = min(ask.line - down, max(up, round(ask.letter * 0.8)))
    for run in runs:
        _draw_run(strip, run, em, round(left), baseline)
        left += _run_width(run, em)
    sheet.paste(strip, (0, row * ask.line))


def _draw_run(strip: Image.Image, run: _Run, em: int, left: int, baseline: int) -> None:
    if run.font.colour:
        _draw_colour_run(strip, run, em, left, baseline)
        return
    pen = ImageDraw.Draw(strip)
    font = _font(run.font.path, em)
    if features.check("raqm"):
        pen.text((left, baseline), run.text, font=font, fill=0, anchor="ls", direction=_direction(run))
    else:
        pen.text((left, baseline), run.text[::-1] if run.level % 2 else run.text, font=font, fill=0, anchor="ls")


def _draw_colour_run(strip: Image.Image, run: _Run, em: int, left: int, baseline: int) -> None:
    """Coloured signs come in one size: drawn so, scaled, and turned into black dots with their outlines kept."""
    font = _colour_font(run.font.path)
    wide, up, down = round(font.getlength(run.text)), *font.getmetrics()
    drawn = Image.new("RGBA", (max(1, wide), up + down), (255, 255, 255, 255))
    ImageDraw.Draw(drawn).text((0, up), run.text, font=font, anchor="ls", embedded_color=True)
    size = (max(1, round(wide * em / font.size)), max(1, round((up + down) * em / font.size)))
    grey = drawn.convert("L").resize(size, Image.Resampling.LANCZOS)
    dots = grey.point(lambda value: min(255, int(value * 1.1))).convert("1").convert("L")
    strip.paste(dots, (left, baseline - round(up * em / font.size)))


@lru_cache(maxsize=512)
def _runs(line: str) -> tuple[_Run, ...]:
    """A line from left to right as it is seen, in pieces of one font and direction."""
    pieces = clusters(line)
    whole = font_for_line(line)
    units: list[_Run] = []
    for piece, level in zip(pieces, levels(pieces), strict=True):
        font = whole or _font_after(units, piece) or font_for(piece)
        if font is None:
            piece, font = UNKNOWN, font_for(UNKNOWN)
        if font is not None:
            units.append(_Run(piece, font, level))
    merged = [
        _Run("".join(unit.text for unit in group), font, level)
        for (level, font), group in groupby(units, key=lambda unit: (unit.level, unit.font))
    ]
    return tuple(visual_order(merged, [run.level for run in merged]))


def _font_after(units: list[_Run], piece: str) -> FontFile | None:
    """Blanks and signs stay in the font of what stands before them."""
    if units and not units[-1].font.colour and not piece.isalnum() and piece.isascii() and units[-1].font.holds(piece):
        return units[-1].font
    return None


def _line_width(line: str, em: int) -> float:
    return _runs_width(_runs(line), em)


def _runs_width(runs: tuple[_Run, ...], em: int) -> float:
    return sum(_run_width(run, em) for run in runs)


@lru_cache(maxsize=4096)
def _run_width(run: _Run, em: int) -> float:
    if run.font.colour:
        font = _colour_font(run.font.path)
        return font.getlength(run.text) * em / font.size
    direction = _direction(run) if features.check("raqm") else None
    return _font(run.font.path, em).getlength(run.text, direction=direction)


def _reach(runs: tuple[_Run, ...], em: int) -> tuple[int, int]:
    """How far the ink goes above and below the base line, in dots."""
    up = down = 1
    for run in runs:
        if run.font.colour:
            font = _colour_font(run.font.path)
            above, below = (round(part * em / font.size) for part in font.getmetrics())
        else:
            direction = _direction(run) if features.check("raqm") else None
            _left, top, _right, bottom = _font(run.font.path, em).getbbox(run.text, anchor="ls", direction=direction)
            above, below = -round(top), round(bottom)
        up, down = max(up, above), max(down, below)
    return up, down


def _direction(run: _Run) -> str:
    return "rtl" if run.level % 2 else "ltr"


@lru_cache(maxsize=64)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=8)
def _colour_font(path: Path) -> ImageFont.FreeTypeFont:
    """A colour font in the first size that it has (pictures of one size) or takes (outlines)."""
    for size in COLOUR_SIZES:
        try:
            return ImageFont.truetype(str(path), size)
        except OSError:
            continue
    raise OSError(f"{path.name} opens in none of the sizes {COLOUR_SIZES}")
