"""The words by which an order is found, and what a searching person's text asks for.

Words are letters and digits of any script, in small letters without accents. The digits of a number stand backwards
too, behind a mark, so that its ending is found as the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

BACKWARDS = "zz"
SHORTEST_ENDING = 3
MOST_TERMS = 8
LONGEST_WORD = 48

_WORDS = re.compile(r"[a-z0-9]+")
_DIGIT = re.compile(r"\d")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


@dataclass(frozen=True, slots=True)
class Term:
    """One word that must be there: as the beginning of a word (or whole, when `whole`), or as `ending` backwards."""

    word: str
    whole: bool
    ending: str = ""


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare).casefold().translate(_PLAIN)


def tokens(text: str) -> list[str]:
    """The words of a text, in its order."""
    folded = fold(text)
    if folded.isascii():
        return [word[:LONGEST_WORD] for word in _WORDS.findall(folded)]
    spaced = "".join(sign if sign.isalnum() else " " for sign in folded)
    return [word[:LONGEST_WORD] for word in spaced.split()]


def search_words(texts: Iterable[str], together: Iterable[str] = ()) -> str:
    """What is stored to find an order by: the words of `texts`, and those of each of `together` also as one word.

    Numbers and words with digits stand backwards too. Each word stands once.
    """
    words: dict[str, None] = dict.fromkeys(tokens(" ".join(texts)))
    for text in together:
        parts = tokens(text)
        words.update(dict.fromkeys(parts))
        if len(parts) > 1:
            words["".join(parts)[:LONGEST_WORD]] = None
    found = list(words)
    found += [BACKWARDS + word[::-1] for word in words if len(word) >= SHORTEST_ENDING and _DIGIT.search(word)]
    return " ".join(found)


def query_terms(text: str) -> tuple[Term, ...]:
    """What a text asks for: all of these. Nothing for a text without letters and digits; the first eight words count.

    A single sign must be a whole word, or a million orders would answer. An e-mail address is one word.
    """
    terms: dict[Term, None] = {}
    for part in text[:400].split():
        words = tokens(part)
        if "@" in part.strip("@"):
            words = ["".join(words)[:LONGEST_WORD]] if words else []
        for word in words:
            numeric = len(word) >= SHORTEST_ENDING and _DIGIT.search(word) is not None
            terms[Term(word, len(word) == 1, BACKWARDS + word[::-1] if numeric else "")] = None
    return tuple(terms)[:MOST_TERMS]
