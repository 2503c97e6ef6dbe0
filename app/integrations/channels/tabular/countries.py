"""Country codes from the names that files give, in a dozen languages."""

from __future__ import annotations

import json
from functools import cache, lru_cache

from app.integrations.channels.tabular.headings import DICTIONARIES, plain_heading


@cache
def _codes() -> dict[str, str]:
    told = json.loads((DICTIONARIES / "countries.json").read_text(encoding="utf-8"))
    return {name: code for code, names in told.items() for name in (code.lower(), *names)}


@lru_cache(4096)
def country_code(text: str) -> str:
    """The ISO 3166 code of a country's code or name; the text itself when nobody knows it."""
    trimmed = text.strip()
    return _codes().get(plain_heading(trimmed), trimmed)
