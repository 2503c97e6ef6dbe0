"""What a computer shows when a scanner presses the keys of a US keyboard and the computer is set to another one.

A keyboard-wedge scanner sends keys, not characters: on a German computer its `Z` comes out as `Y` and its `-` as `ß`.
The tables are those of Windows; each is a plain row and a shifted row over the same 47 keys. `NONE` stands where a
layout shows nothing: such a character is lost, and no table brings it back.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum, unique

NONE = "\0"


@unique
class Layout(StrEnum):
    """The keyboard that the computer is set to, while the scanner types as a US keyboard."""

    US = "us"
    UK = "uk"
    DE = "de"
    FR = "fr"
    FR_BE = "fr-be"
    CZ = "cz"


@dataclass(frozen=True, slots=True)
class _Keys:
    """One layout: what each key shows plain and with shift, and the accents among them that wait for a letter."""

    plain: str
    shifted: str
    dead: str = ""


_KEYS: dict[Layout, _Keys] = {
    Layout.US: _Keys(
        "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
        '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?',
    ),
    Layout.UK: _Keys(
        "`1234567890-=qwertyuiop[]#asdfghjkl;'zxcvbnm,./",
        '¬!"£$%^&*()_+QWERTYUIOP{}~ASDFGHJKL:@ZXCVBNM<>?',
    ),
    Layout.DE: _Keys(
        "^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_",
        dead="^´`",
    ),
    Layout.FR: _Keys(
        "²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
        NONE + "1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§",
        dead="^¨",
    ),
    Layout.FR_BE: _Keys(
        "²&é\"'(§è!çà)-azertyuiop^$µqsdfghjklmùwxcvbn,;:=",
        "³1234567890°_AZERTYUIOP¨*£QSDFGHJKLM%WXCVBN?./+",
        dead="^¨",
    ),
    Layout.CZ: _Keys(
        ";+ěščřžýáíé=´qwertzuiopú)¨asdfghjklů§yxcvbnm,.-",
        "°1234567890%ˇQWERTZUIOP/('ASDFGHJKL\"!YXCVBNM?:_",
        dead="´ˇ¨°",
    ),
}
# The accent as it stands alone, and the sign that Unicode joins to a letter.
_JOINING = {"^": "\u0302", "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˇ": "\u030c", "°": "\u030a"}


DEAD_KEYS = {
    "Grave": "\u0300",
    "Acute": "\u0301",
    "Circumflex": "\u0302",
    "Tilde": "\u0303",
    "Macron": "\u0304",
    "Breve": "\u0306",
    "Abovedot": "\u0307",
    "Diaeresis": "\u0308",
    "Abovering": "\u030a",
    "Doubleacute": "\u030b",
    "Caron": "\u030c",
    "Cedilla": "\u0327",
    "Ogonek": "\u0328",
}
"""Keys that some systems (X11) give as they are pressed, before their letter: their names, and the signs that join."""
_ALONE = {
    **{joining: alone for alone, joining in _JOINING.items()},
    **dict(zip("\u0303\u0304\u0306\u0307\u030b\u0327\u0328", "~¯˘˙˝¸˛", strict=True)),
}


@dataclass(frozen=True, slots=True)
class _Table:
    """One layout, ready to look up: US character to shown character and back, accents apart."""

    shown: dict[str, str]
    typed: dict[str, str]
    dead: frozenset[str]
    joined: dict[str, str]


def _table(layout: Layout) -> _Table:
    us, other = _KEYS[Layout.US], _KEYS[layout]
    shown = dict(zip(us.plain + us.shifted, other.plain + other.shifted, strict=True))
    typed = {there: here for here, there in shown.items() if there != NONE}
    joined: dict[str, str] = {}
    for accent in other.dead:
        for letter in filter(str.isalpha, shown.values()):
            whole = _join(accent, letter)
            # A letter that has a key of its own was typed with it: `é` on a Czech keyboard is the zero.
            if whole is not None and whole not in typed:
                joined[whole] = typed[accent] + typed[letter]
    return _Table(shown, typed, frozenset(other.dead), joined)


def _join(accent: str, letter: str) -> str | None:
    """The letter with the accent on it; None where there is no such letter."""
    whole = unicodedata.normalize("NFC", letter + _JOINING[accent])
    return whole if len(whole) == 1 and letter.isalpha() else None


def composed(text: str) -> str:
    """Text whose accents stand before their letters, as dead keys came, as other systems show it.

    On its letter, alone in place of a blank, else alone before the sign that takes none.
    """
    if text.isascii():
        return text
    shown: list[str] = []
    waiting = ""
    for sign in text:
        if waiting:
            shown.append(_joined(waiting, sign))
            waiting = ""
        elif sign in _ALONE:
            waiting = sign
        else:
            shown.append(sign)
    return "".join(shown) + _ALONE.get(waiting, "")


def _joined(accent: str, sign: str) -> str:
    alone, other = _ALONE[accent], _ALONE.get(sign)
    if other is not None:
        return alone + other
    if sign == " ":
        return alone
    whole = unicodedata.normalize("NFC", sign + accent)
    return whole if len(whole) == 1 else alone + sign


_TABLES: dict[Layout, _Table] = {layout: _table(layout) for layout in Layout}


def as_seen(layout: Layout, text: str) -> str:
    """What the computer shows when a US scanner types this text. Characters that no US key has stay as they are."""
    table = _TABLES[layout]
    seen: list[str] = []
    waiting = ""
    for sign in text:
        shown = table.shown.get(sign, sign)
        if shown == NONE:
            continue
        if waiting:
            whole = None if shown == " " else _join(waiting, shown)
            # An accent before a blank stands alone and takes the blank; before what takes no accent, both stand.
            seen.append(waiting if shown == " " else whole or waiting + shown)
            waiting = ""
        elif shown in table.dead:
            waiting = shown
        else:
            seen.append(shown)
    return "".join(seen) + waiting


def undo(layout: Layout, text: str) -> str:
    """The text that a US scanner meant, from what the computer showed. What no key shows stays as it is."""
    table = _TABLES[layout]
    meant: list[str] = []
    for index, sign in enumerate(text):
        meant.append(table.joined.get(sign) or table.typed.get(sign, sign))
        if sign in table.dead and _took_a_blank(sign, text[index + 1 : index + 2]):
            meant.append(" ")
    return "".join(meant)


def _took_a_blank(accent: str, follower: str) -> bool:
    """Whether an accent that stands alone can only have been typed with a blank behind it."""
    return follower == " " or bool(follower and _join(accent, follower))


def other_shift(sign: str) -> str:
    """What the same key of a US keyboard sends with shift pressed, or not pressed; the sign itself where none does."""
    return _OTHER_SHIFT.get(sign, sign)


_OTHER_SHIFT: dict[str, str] = {
    **dict(zip(_KEYS[Layout.US].plain, _KEYS[Layout.US].shifted, strict=True)),
    **dict(zip(_KEYS[Layout.US].shifted, _KEYS[Layout.US].plain, strict=True)),
}
