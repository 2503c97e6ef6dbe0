"""Why an order comes from the site that it comes from, in the few words that an order's detail has room for."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.domain.words import say


def why_words(code: str, facts: str, warehouse: str) -> str:
    """What decided, such as `Nearest: 12 km`; nothing where there was nothing to choose. `facts` is JSON."""
    if not code:
        return ""
    told: object = json.loads(facts) if facts else {}
    values = {str(name): value for name, value in told.items()} if isinstance(told, Mapping) else {}
    return say(code, **{"warehouse": warehouse, **values}).partition(". ")[0]
