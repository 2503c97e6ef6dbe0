"""Finds orders by words, beginnings of words and endings of numbers, in the database's own index of words.

An index of words is slow for a beginning that every tenth order has: it gathers all of them before it gives the newest.
So the newest orders are looked through first. They answer what is common, and they tell which words are: those are
then asked for by their first letters alone, which the index gives newest first, and looked for in each order's words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.domain.search import BACKWARDS, Term, query_terms

SAMPLE = 400
"""How many of the newest orders are looked through first."""
COMMON = 0.02
"""From which part of the orders on a word is common: where SQLite takes longer to gather all of them than to look."""
POSTING, ROW, WALKED = 0.5, 2.0, 0.8
"""Microseconds of PostgreSQL, as measured, for an entry of its index, a row that the index gives, a row walked over."""
NO_BOUND = 2**62
_SHORT = 3  # letters: the longest beginning that SQLite's index keeps a list of its own for

_NEWEST = text("SELECT order_id, words FROM order_search WHERE order_id < :below ORDER BY order_id DESC LIMIT :most")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The terms: those the index gathers, and those looked for in the words of what it gives."""

    rare: tuple[Term, ...]
    common: tuple[Term, ...]


def search_orders(
    session: Session, asked: str, limit: int = 50, below: int | None = None, sample: int = SAMPLE
) -> list[int]:
    """Ids of the orders that hold all that is asked, the newest first; `below` an id goes on after a page.

    Nothing is found for a text without letters and digits. Whatever the text holds, it is data.
    """
    terms = query_terms(asked)
    if not terms or limit <= 0:
        return []
    connection = session.connection()
    bound = NO_BOUND if below is None else below
    rows = connection.execute(_NEWEST, {"below": bound, "most": sample}).all() if sample else []
    padded = [(order_id, f" {words} ") for order_id, words in rows]
    found: list[int] = [order_id for order_id, words in padded if all(_holds(words, term) for term in terms)]
    if len(found) >= limit or (sample and len(rows) < sample):
        return found[:limit]
    often = {term: sum(_holds(words, term) for _id, words in padded) / max(1, len(rows)) for term in terms}
    if connection.dialect.name == "sqlite":
        common = {term for term in terms if often[term] >= COMMON}
        split = _Asked(tuple(t for t in terms if t not in common), tuple(t for t in terms if t in common))
        return _sqlite(connection, split, bound, limit)
    split = _cheapest(often, rows[0].order_id if rows else 1, limit)
    return _postgresql(connection, split, bound, limit)


def _cheapest(often: Mapping[Term, float], orders: int, limit: int) -> _Asked:
    """Which terms PostgreSQL gathers by its index; with none it walks the orders from the newest.

    An index gathers all orders that hold a term before it gives the newest, so a term that many hold costs more there
    than to look for it in the rows that the others leave.
    """
    shares = sorted((max(share, 0.5 / SAMPLE), number, term) for number, (term, share) in enumerate(often.items()))
    all_terms = math.prod(share for share, _number, _term in shares)
    gathered: list[Term] = []
    left, cost = 1.0, 0.0
    for share, _number, term in shares:
        if gathered and share * POSTING > left * ROW:
            break
        gathered.append(term)
        left, cost = left * share, cost + orders * share * POSTING
    if cost + orders * left * ROW > limit / all_terms * WALKED:
        gathered = []
    return _Asked(tuple(gathered), tuple(term for _share, _number, term in shares if term not in gathered))


def _holds(padded: str, term: Term) -> bool:
    if term.whole:
        return f" {term.word} " in padded
    return f" {term.word}" in padded or (term.ending != "" and f" {term.ending}" in padded)


def _sqlite(connection: Connection, asked: _Asked, below: int, limit: int) -> list[int]:
    words = [_fts(term.word, term.ending, term.whole) for term in asked.rare]
    words += [_fts(term.word[:_SHORT], _short_ending(term), term.whole) for term in asked.common]
    conditions, values = _conditions(asked.common, "instr(' ' || s.words || ' ', {})")
    statement = text(
        "SELECT w.rowid FROM order_words w CROSS JOIN order_search s ON s.order_id = w.rowid "
        f"WHERE w.order_words MATCH :asked AND w.rowid < :below{conditions} ORDER BY w.rowid DESC LIMIT :most"
        if asked.common
        else "SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below "
        "ORDER BY rowid DESC LIMIT :most"
    )
    given = {"asked": " AND ".join(words), "below": below, "most": limit, **values}
    return list(connection.execute(statement, given).scalars())


def _postgresql(connection: Connection, asked: _Asked, below: int, limit: int) -> list[int]:
    """Rare words by the index, gathered apart so that the planner does not walk all orders in search of them."""
    conditions, values = _conditions(asked.common, "position({} in ' ' || words || ' ')")
    last = " ORDER BY order_id DESC LIMIT :most"
    if asked.rare:
        values["asked"] = " & ".join(_tsquery(term) for term in asked.rare)
        statement = (
            "WITH found AS MATERIALIZED (SELECT order_id, words FROM order_search "
            "WHERE order_words(words) @@ CAST(:asked AS tsquery)) "
            f"SELECT order_id FROM found WHERE order_id < :below{conditions}{last}"
        )
    else:
        statement = f"SELECT order_id FROM order_search WHERE order_id < :below{conditions}{last}"
    return list(connection.execute(text(statement), {"below": below, "most": limit, **values}).scalars())


def _conditions(terms: Sequence[Term], place: str) -> tuple[str, dict[str, object]]:
    """Conditions on an order's words, and what is bound to them; `place` gives where a text stands in the words."""
    parts: list[str] = []
    values: dict[str, object] = {}
    for number, term in enumerate(terms):
        word = f"word{number}"
        values[word] = f" {term.word} " if term.whole else f" {term.word}"
        ways = [place.format(f":{word}") + " > 0"]
        if term.ending:
            values[f"ending{number}"] = f" {term.ending}"
            ways.append(place.format(f":ending{number}") + " > 0")
        parts.append(f" AND ({' OR '.join(ways)})")
    return "".join(parts), values


def _short_ending(term: Term) -> str:
    return term.ending[: max(_SHORT, len(BACKWARDS) + 1)]


def _fts(word: str, ending: str, whole: bool) -> str:
    """A term in the words of FTS5; it is letters and digits only, and quoted all the same."""
    asked = f'"{word}"' if whole else f'"{word}"*'
    return f'({asked} OR "{ending}"*)' if ending else asked


def _tsquery(term: Term) -> str:
    """A term as a tsquery literal; it is letters and digits only, and quoted all the same."""
    asked = f"'{term.word}'" if term.whole else f"'{term.word}':*"
    return f"({asked} | '{term.ending}':*)" if term.ending else asked
