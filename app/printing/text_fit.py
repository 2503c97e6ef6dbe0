"""Text from outside, made printable: tidied, broken into lines, and cut visibly where it does not fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
LONGEST = 2000
JOINERS = "\u200c\u200d"

_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANKS = re.compile(" +")
_CLUSTER = re.compile(r"[\U0001F1E6-\U0001F1FF]{2}|.", re.DOTALL)
_WORD = re.compile(r"\S+\s*|\s+")

Measure = Callable[[str], float]


def tidy(text: str, keep_lines: bool) -> str:
    """Composed form, no control or invisible characters; line breaks stay only where the place has several lines."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    text = _LINE_BREAKS.sub("\n" if keep_lines else " ", text)
    kept = "".join(map(_printable, text))
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in kept.split("\n")).strip("\n")


def _printable(char: str) -> str:
    if char == "\n" or char in JOINERS:
        return char
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    if category in ("Cc", "Zs"):
        return " "
    return "" if category == "Cf" else char


def clusters(text: str) -> list[str]:
    """The text in pieces that belong together: a letter with its marks, an emoji with all its parts."""
    pieces: list[str] = []
    for match in _CLUSTER.finditer(text):
        piece = match.group()
        if pieces and (_extends(piece) or pieces[-1].endswith("\u200d")):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _extends(piece: str) -> bool:
    if piece.isascii():
        return False
    return piece in JOINERS or unicodedata.category(piece[0])[0] == "M" or "\U0001f3fb" <= piece <= "\U0001f3ff"


def fit(text: str, width: float, max_lines: int, measure: Measure) -> list[str]:
    """The text in at most `max_lines` lines, each no wider than `width`; an ellipsis shows what was cut off."""
    if max_lines == 1:
        return [cut(text, width, measure)]
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap(paragraph, width, measure, max_lines + 1 - len(lines)))
        if len(lines) > max_lines:
            break
    if len(lines) > max_lines:
        last = max_lines - 1
        return [*lines[:last], cut(lines[last] + ELLIPSIS, width, measure)]
    return lines


def cut(line: str, width: float, measure: Measure) -> str:
    """The line, or as much of it as fits with an ellipsis at its end; nothing when not even that fits."""
    if measure(line) <= width:
        return line
    pieces = clusters(line.removesuffix(ELLIPSIS))
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high + 1) // 2
        if measure("".join(pieces[:middle]).rstrip() + ELLIPSIS) <= width:
            low = middle
        else:
            high = middle - 1
    shown = "".join(pieces[:low]).rstrip() + ELLIPSIS
    return shown if measure(shown) <= width else ""


def _wrap(paragraph: str, width: float, measure: Measure, wanted: int) -> list[str]:
    """Break between words, and inside a word that is wider than a line; stops after `wanted` lines."""
    if wanted <= 1 or measure(paragraph) <= width:
        return [paragraph]
    lines: list[str] = []
    line = ""
    for word in _WORD.findall(paragraph):
        if measure((line + word).rstrip()) <= width:
            line += word
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _break_word(word, width, measure)
        lines.extend(part.rstrip() for part in full)
        if len(lines) >= wanted:
            return lines[:wanted]
    return [*lines, line.rstrip()]


def _break_word(word: str, width: float, measure: Measure) -> list[str]:
    parts, part = [], ""
    for piece in clusters(word):
        if part and measure((part + piece).rstrip()) > width:
            parts.append(part)
            part = ""
        part += piece
    return [*parts, part]
