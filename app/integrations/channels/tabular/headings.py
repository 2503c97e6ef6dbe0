"""Columns are found by their headings, however they are cased, accented or punctuated."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from app.domain.capture import FileRefused
from app.domain.capture_settings import Columns

DICTIONARIES = Path(__file__).resolve().parents[4] / "resources" / "channels"


@lru_cache(4096)
def plain_heading(text: str) -> str:
    """A heading reduced to its letters and digits: `Straße, Nr.` and `strasse nr` are the same."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("&", "and"))
    return "".join(char for char in folded if char.isalnum())


@cache
def dictionary(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Our fields of a kind of table, each with the headings (reduced) that name it, the strongest first."""
    told = json.loads((DICTIONARIES / "headings.json").read_text(encoding="utf-8"))[kind]
    return {field: tuple(plain_heading(name) for name in (field, *names)) for field, names in told.items()}


class Headings:
    """The headings of one file. A column that is absent has the index behind the last one, where cells are empty.

    With `shorten`, a column is found by its shortened heading too: `Weight (kg)` as `Weight`.
    """

    def __init__(self, headings: Sequence[str], shorten: Callable[[str], str] | None = None) -> None:
        self.texts = tuple(text.strip() for text in headings)
        self.absent = len(headings)
        self._at: dict[str, int] = {}
        for index, text in enumerate(headings):
            self._at.setdefault(plain_heading(text), index)
        if shorten:
            for index, text in enumerate(headings):
                self._at.setdefault(plain_heading(shorten(text)), index)

    def at(self, *names: str) -> int:
        """The column of the first of these headings that is there."""
        for name in names:
            index = self._at.get(plain_heading(name))
            if index is not None:
                return index
        return self.absent

    def has(self, *names: str) -> bool:
        """Whether there is a column with one of these headings."""
        return self.at(*names) != self.absent

    def by_dictionary(self, kind: str, told: Columns, file: str = "") -> dict[str, int]:
        """The column of each field that is there: told ones first, the rest by the dictionary of its kind.

        Raises FileRefused when a told column is not in the file, or a told field is none of ours.
        """
        known = dictionary(kind)
        found: dict[str, int] = {}
        for ours, theirs in told:
            field = field_named(kind, ours)
            if not field:
                raise FileRefused("capture.file.field_unknown", file=file, field=ours, fields=", ".join(known))
            index = self.texts.index(theirs.strip()) if theirs.strip() in self.texts else self.at(theirs)
            if index == self.absent:
                raise FileRefused("capture.file.wrong_header", file=file, missing=theirs, found=", ".join(self.texts))
            found[field] = index
        taken = set(found.values())
        for field, names in known.items():
            if field not in found:
                index = next((self._at[name] for name in names if self._at.get(name, -1) not in (-1, *taken)), -1)
                if index >= 0:
                    found[field] = index
                    taken.add(index)
        return found


def field_named(kind: str, name: str) -> str:
    """Our field that a name in a mapping means, '' for none: its own name, or one of its headings."""
    known = dictionary(kind)
    if name in known:
        return name
    plain = plain_heading(name)
    return next((field for field, names in known.items() if plain in names), "")
