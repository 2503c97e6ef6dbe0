"""Sentences for people, from the translation catalogue: services return codes; screens and commands say words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

COUNTS = ("count", "units", "parcels", "stops", "days")
"""The places that a sentence counts by, the first of them that is filled."""
TRANSLATIONS = Path(__file__).resolve().parents[2] / "resources" / "translations"


@cache
def catalogue(language: str = "en") -> Mapping[str, str]:
    """All sentences of a language: key -> sentence with {named} places, merged from one file an area.

    Raises ValueError when two areas use the same key.
    """
    sentences: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / language).glob("*.json")):
        for key, sentence in json.loads(path.read_text(encoding="utf-8")).items():
            if key in sentences:
                raise ValueError(f"{path.name}: the key {key} stands in another file too")
            sentences[key] = sentence
    return sentences


def say_count(key: str, /, count: int, **values: object) -> str:
    """The sentence for so many: `<key>.one` for one, where the catalogue has it."""
    return say(key, count=count, **values)


def say(key: str, /, **values: object) -> str:
    """The sentence for a key with its places filled; the key itself when nobody wrote one, so that nothing is blank.

    What counts one of something is said by `<key>.one`, where the catalogue has it: answers of the floor too.
    """
    sentences = catalogue()
    sentence = (sentences.get(f"{key}.one") if _is_one(values) else None) or sentences.get(key)
    if sentence is None:
        return key
    return sentence.format(**values) if values else sentence


def _is_one(values: Mapping[str, object]) -> bool:
    """Whether one thing is counted; a number that was written out already counts too."""
    for name in COUNTS:
        if name in values:
            return values[name] in (1, "1")
    return False
