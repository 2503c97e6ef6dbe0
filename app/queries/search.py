"""Finds orders by words, beginnings of words and endings of numbers, in the database's own index of words.

An index of words is slow for a beginning that every tenth order has: it gathers all of them before it gives the newest.
So the newest orders are looked through first: they answer what is common. How common a word is all over is told by
orders from everywhere, for what was sold last month says little of what was sold last year. Common words are then
asked for in ways that end once a page is full, and looked for in each order's words; where that finds too little, the
index gathers after all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.domain.search import BACKWARDS, Term, query_terms

SAMPLE = 256
"""How many of the newest orders are looked through first, and how many from everywhere."""
ENOUGH = 8
"""So many orders with one word tell how common another one is among them."""
SCATTER = 2654435761
"""A prime by which the numbers of the latter jump about."""
GATHERED = 10_000
"""More entries of a word than SQLite gathers in three milliseconds: it is asked for by its first letters then."""
LOOKED_THROUGH = 4000
"""So many orders with those letters, each looked into: as long as gathering a common word of a million orders."""
ENTRY, ROW, WALKED = 0.5, 0.4, 0.35
"""Microseconds of PostgreSQL, as measured: for an entry of the index of words whose orders lie apart, a row that is
fetched by it, a row that is walked over and looked into."""
NO_BOUND = 2**62
_SHORT = 3  # letters: the longest beginning that SQLite's index keeps a list of its own for

_NEWEST = text("SELECT order_id, words FROM order_search WHERE order_id < :below ORDER BY order_id DESC LIMIT :most")
_EVERYWHERE = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) "
    "SELECT s.words FROM n JOIN order_search s ON s.order_id = 1 + (n.i * :scatter) % :newest"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """What is asked: all of these terms, `limit` orders below an id, of about `orders`.

    `shares` tells how common each term is, `together` how common orders with all of them are.
    """

    terms: tuple[Term, ...]
    shares: Mapping[Term, float]
    together: float
    orders: int
    below: int
    limit: int

    @property
    def among(self) -> float:
        """Among how many orders a page should be found, if words are spread evenly."""
        return self.limit / self.together


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
    newest = [f" {words} " for _id, words in rows]
    found = [row[0] for row, words in zip(rows, newest, strict=True) if all(_holds(words, term) for term in terms)]
    if len(found) >= limit or (sample and len(rows) < sample):
        return found[:limit]
    last = rows[0][0] if rows else 1
    seen = newest
    if sample and any(not term.ending for term in terms):  # numbers are rare, or common among the newest
        given = {"most": sample, "scatter": SCATTER, "newest": last}
        seen = [f" {words} " for words in connection.execute(_EVERYWHERE, given).scalars()] or newest
    shares = {term: _share(term, seen) for term in terms}
    page = _Page(terms, shares, _together(shares, seen), last, bound, limit)
    return _sqlite(connection, page) if connection.dialect.name == "sqlite" else _postgresql(connection, page)


def _share(term: Term, seen: Sequence[str]) -> float:
    """The part of the orders that hold a term; never none, for a sample does not show what is rare."""
    return max(sum(_holds(words, term) for words in seen), 0.5) / max(len(seen), 1)


def _together(shares: Mapping[Term, float], seen: Sequence[str]) -> float:
    """The part of the orders that hold all; the two halves of a postcode go together, a name and a town do not."""
    part, left = 1.0, seen
    for term in sorted(shares, key=shares.__getitem__, reverse=True):
        part *= _share(term, left) if len(left) >= ENOUGH else shares[term]
        left = [words for words in left if _holds(words, term)]
    return part


def _holds(padded: str, term: Term) -> bool:
    if term.whole:
        return f" {term.word} " in padded
    return f" {term.word}" in padded or (term.ending != "" and f" {term.ending}" in padded)


def _sqlite(connection: Connection, page: _Page) -> list[int]:
    common = tuple(term for term in page.terms if page.shares[term] * page.orders > GATHERED)
    if common:
        rare = [term for term in page.terms if term not in common]
        words = [_fts(term.word, term.ending, term.whole) for term in rare]
        words += [_fts(term.word[:_SHORT], _short_ending(term), term.whole) for term in common]
        conditions, values = _conditions(common, "instr(' ' || s.words || ' ', {})")
        letters = (
            "(SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below "
            "ORDER BY rowid DESC LIMIT :looked)"
        )
        given = {"asked": " AND ".join(words), "below": page.below, "looked": LOOKED_THROUGH}
        statement = text(
            f"SELECT w.rowid FROM {letters} w CROSS JOIN order_search s ON s.order_id = w.rowid "
            f"WHERE 1 = 1{conditions} LIMIT :most"
        )
        found = list(connection.execute(statement, {**given, "most": page.limit, **values}).scalars())
        count = text(f"SELECT COUNT(*) FROM {letters}")
        if len(found) == page.limit or connection.execute(count, given).scalar_one() < LOOKED_THROUGH:
            return found
    statement = text(
        "SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below "
        "ORDER BY rowid DESC LIMIT :most"
    )
    asked = " AND ".join(_fts(term.word, term.ending, term.whole) for term in page.terms)
    return list(connection.execute(statement, {"asked": asked, "below": page.below, "most": page.limit}).scalars())


def _postgresql(connection: Connection, page: _Page) -> list[int]:
    """Has the index gather the rarest word, or walks the newest orders where words are so common that this is quicker.

    Two common words cost the index more than one of them and its rows, so only what is as rare goes there too. The sums
    keep the planner from walking all orders by their key in search of what is rarer than it believes.
    """
    terms = sorted(page.terms, key=page.shares.__getitem__)
    key, asked = "order_id", ""
    values: dict[str, object] = {"below": page.below, "most": page.limit}
    if page.orders * page.shares[terms[0]] * (ENTRY + ROW) < page.among * WALKED:
        by_index = [term for term in terms if term is terms[0] or page.shares[term] * page.orders < GATHERED / 2]
        terms = [term for term in terms if term not in by_index]
        values["asked"] = " & ".join(_tsquery(term) for term in by_index)
        key, asked = "order_id + 0", "order_words(words) @@ CAST(:asked AS tsquery) AND "
    conditions, words = _conditions(terms, "position({} in ' ' || words || ' ')")
    statement = (
        f"SELECT order_id FROM order_search WHERE {asked}{key} < :below{conditions} ORDER BY {key} DESC LIMIT :most"
    )
    return list(connection.execute(text(statement), {**values, **words}).scalars())


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
