"""From the bytes of one code to its text: code page, prefix, what stands for FNC1, capitals."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum, unique

GS = "\x1d"
_GS1_SYMBOLS = ("]C1", "]d2", "]Q3", "]J1", "]e0", "]e1", "]e2")
_ASCII = "".join(map(chr, range(32, 127)))


@unique
class Case(StrEnum):
    """What becomes of letters, where a scanner or a locked Caps key changes them."""

    KEEP = "keep"
    SWAP = "swap"
    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of a code is found in its bytes.

    `prefix` is dropped where a code begins with it. `fnc1` is what the scanner sends in place of FNC1, and becomes
    the group separator in codes that say, or look as if, they are GS1 codes; `None`: it sends GS, or nothing.
    """

    encoding: str = "utf-8"
    prefix: str = ""
    fnc1: str | None = None
    case: Case = Case.KEEP

    def text(self, body: bytes) -> str:
        """The text of a code; bytes that the code page lacks are read as Latin-1."""
        try:
            return self.clean(body.decode(self.encoding))
        except UnicodeDecodeError:
            return self.clean(body.decode("latin-1"))

    def clean(self, text: str) -> str:
        """The same for a code that arrived as characters."""
        if self.prefix:
            text = text.removeprefix(self.prefix)
        text = _turned(text, self.case)
        if self.fnc1 and self.fnc1 in text and _may_be_gs1(text, self.fnc1):
            text = text.replace(self.fnc1, GS)
        return text


def is_code_page(name: str) -> bool:
    """Whether Python knows a code page of this name that holds ASCII as it is."""
    try:
        return bytes(range(32, 127)).decode(codecs.lookup(name).name) == _ASCII
    except (LookupError, UnicodeError, TypeError, AttributeError):
        return False


def _turned(text: str, case: Case) -> str:
    match case:
        case Case.KEEP:
            return text
        case Case.SWAP:
            return text.swapcase()
        case Case.UPPER:
            return text.upper()
        case Case.LOWER:
            return text.lower()


def _may_be_gs1(text: str, fnc1: str) -> bool:
    """An AIM identifier decides; without one a code of GS1 begins with the digits that say what comes first."""
    if text.startswith("]"):
        return text.startswith(_GS1_SYMBOLS)
    return text.removeprefix(fnc1)[:2].isdigit()
