"""The scalable font that every ZPL printer has (font 0): which letters it surely holds, and how wide they run.

Widths are thousandths of the letter height, rounded up. Letters that some printers' font 0 lacks, and the backslash,
which some take for a command within text, are left out on purpose: text that needs one of them is drawn as a picture.
"""

from __future__ import annotations

import re

_LETTERS_BY_WIDTH = {
    250: "'|¦ ",
    278: "{}/:;IfijltÌÍÎÏìíîïİıł‘’‚‹›",
    333: '!"(),.[]`rª²³¹º¡¨¯´·¸ř',
    390: "zžť»",
    445: "Jcksvxyçýÿčśşšźż°•",
    500: "#$*+0123456789<=>?EFLTZ^_abdeghnopqu~¢£¤¥§«¬±µ¿ÈÉÊË×ßàáâãäåèéêëðñòóôõö÷øùúûüþ",
    508: "ćęĘąďĚěŁńňőŤůŻŽ–“”„†‡€»Ź",
    556: "ABCKPSVXYÀÁÂÃÄÅÇÝÞĆČŞŠŸŚ¶",
    611: "ĄDGHNOQRUÐÑÒÓÔÕÖØÙÚÛÜĎŃŇŐŘŮ",
    668: "&w",
    778: "MmÆæœ¼½¾",
    800: "-",
    860: "%@WŒ©®™",
    1000: "—…",
    1111: "‰",
}
WIDTHS = {letter: width / 1000 for width, letters in _LETTERS_BY_WIDTH.items() for letter in letters}

ESCAPED = {letter: f"_{ord(letter):02X}" for letter in "^~_"}
_ESCAPES = str.maketrans(ESCAPED)

holds = re.compile("[" + re.escape("".join(WIDTHS)) + "]*").fullmatch
"""Whether the font has every letter of a text."""

COMMON_WIDTH = 0.86
"""No letter of the usual ones is wider, in letter heights."""
_usual = "".join(letter for letter, width in WIDTHS.items() if letter not in ESCAPED and width <= COMMON_WIDTH)

is_usual = re.compile("[" + re.escape(_usual) + "]*").fullmatch
"""Whether all letters are usual ones: the font has them, none is very wide, and none needs an escape."""


def escape(text: str) -> str:
    """The text as field data after ^FH: nothing in it can start a command."""
    return text.translate(_ESCAPES)


def width(text: str) -> float:
    """How wide a text runs, in letter heights. Raises KeyError for a letter that the font lacks."""
    return sum([WIDTHS[letter] for letter in text])
