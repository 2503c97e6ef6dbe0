"""Text as pictures of its ink, line by line: in our own fonts where these have the letters, else in any font."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

from app.domain.documents import Align, Text
from app.printing.dots import dots_per_mm
from app.printing.fonts import OWN_FONTS, FontFile, read_font
from app.printing.pictures import EM, INK, Picture, TextPicture, draw_text
from app.printing.text_fit import fit, tidy

BASELINE = 0.8
"""Where letters stand, as a share of the letter height from the top of their line."""
SMALLEST = 6

Placed = tuple[int, int, Picture]
"""Left edge, top edge, picture."""

_INK = [255 if value < INK else 0 for value in range(256)]


@dataclass(frozen=True, slots=True)
class _Face:
    """One of our own fonts in one size. Its letters are set without help of the machine, so alike on each."""

    letters: FontFile
    font: ImageFont.FreeTypeFont

    def width(self, line: str) -> float:
        return self.font.getlength(line)


def lines_of(element: Text, dpi: int) -> list[Placed]:
    """The text in its place as pictures no larger than their ink; what does not fit is cut visibly."""
    box = element.box
    text = tidy(element.text, keep_lines=box.max_lines > 1)
    if not text:
        return []
    scale = dots_per_mm(dpi)
    left, top, width = round(box.x * scale), round(box.y * scale), int(box.width * scale)
    letter, line = max(1, round(box.size * scale)), round(box.line_height * scale)
    face = _face(box.bold, max(SMALLEST, round(letter * EM)))
    if face is None or not face.letters.holds(text.replace("\n", "")):
        picture = draw_text(TextPicture(text, width, letter, line, box.max_lines, box.align))
        return [] if picture is None else _moved(trim(picture), left, top)
    placed: list[Placed] = []
    for row, words in enumerate(fit(text, width, box.max_lines, face.width)):
        drawn = _draw(words, box.bold, letter, line)
        if drawn is not None:
            spare = max(0, width - round(face.width(words)))
            shift = {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[box.align]
            placed.extend(_moved(drawn, left + shift, top + row * line))
    return placed


def trim(picture: Picture) -> Placed | None:
    """What of a picture is black, from its first to its last black dot; None of a white one."""
    return _trimmed(Image.frombytes("1", (picture.width, picture.height), picture.rows))


def _moved(placed: Placed | None, left: int, top: int) -> list[Placed]:
    return [] if placed is None else [(max(0, placed[0] + left), placed[1] + top, placed[2])]


@lru_cache(maxsize=1024)
def _draw(line: str, bold: bool, letter: int, height: int) -> Placed | None:
    """One line in our own font, white around it cut off."""
    face = _face(bold, max(SMALLEST, round(letter * EM)))
    if face is None or not line:
        return None
    margin = letter
    strip = Image.new("L", (round(face.width(line)) + 2 * margin, height), 255)
    ImageDraw.Draw(strip).text((margin, round(letter * BASELINE)), line, font=face.font, fill=0, anchor="ls")
    drawn = _trimmed(strip.point(_INK, "1"))
    return None if drawn is None else (drawn[0] - margin, drawn[1], drawn[2])


def _trimmed(black: Image.Image) -> Placed | None:
    """The part of a one-bit image that holds its set dots, widened to whole bytes."""
    found = black.getbbox()
    if found is None:
        return None
    left, top, right, bottom = found
    wide = (right - left + 7) // 8 * 8
    return left, top, Picture(wide, bottom - top, black.crop((left, top, left + wide, bottom)).tobytes())


@cache
def _face(bold: bool, size: int) -> _Face | None:
    """None in a checkout without our fonts."""
    path = OWN_FONTS / f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf"
    letters = read_font(path)
    if letters is None:
        return None
    return _Face(letters, ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC))
