"""Finds orders by words, beginnings of words and endings of numbers, in the database's own index of words.

An index of words is slow for a beginning that every tenth order has: it gathers all of them before it gives the newest.
So the newest orders are looked through first: they answer what is common. How common a word is all over is told by
orders from everywhere, for what was sold last month says little of what was sold last year. Common words are then
asked for in ways that end once a page is full, and looked for in each order's words; where that finds too little, the
index gathers after all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.search import BACKWARDS, Term, query_terms
from app.models.prepared import Row
from app.queries.reading import Listed, Reading, prepared, read

SAMPLE = 256
"""How many of the newest orders are looked through first, and how many from everywhere."""
APART = 16
"""With so many orders beside those of one word in the sample, it tells as much as how common another word is there."""
SCATTER = 2654435761
"""A prime by which the numbers of the latter jump about."""
GATHERED = 10_000
"""More entries of a word than SQLite gathers in three milliseconds: it is asked for by its first letters then."""
LOOKED_THROUGH = 4000
"""So many orders with those letters, each looked into: as long as gathering a common word of a million orders."""
NUMBERS = 5
"""So many numbers an order has, by whose endings it is found."""
ALIKE = 8
"""So many of a sample must hold the ending of a number before it counts as common."""
ENTRY, ROW, WALKED = 0.2, 1.2, 0.36
"""Microseconds of PostgreSQL, as measured: for an entry of the index of words, a row that is fetched by it, a row among
the newest that is walked over and looked into."""
ENTRY_FAR, ROW_FAR = 0.5e-6, 3.8e-6
"""So much more with each order that there is: the seldomer is what is looked for in the server's memory."""
NO_BOUND = 2**62
_SHORT = 3  # letters: the longest beginning that SQLite's index keeps a list of its own for

_NEWEST = "SELECT order_id, words FROM order_search WHERE order_id < :below ORDER BY order_id DESC LIMIT {most}"
_EVERYWHERE = Listed("SELECT words FROM order_search WHERE order_id IN :ids")


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

    @property
    def entry(self) -> float:
        """Microseconds for an entry of the index of words."""
        return ENTRY + ENTRY_FAR * self.orders

    @property
    def row(self) -> float:
        """Microseconds for a row that is fetched by it."""
        return ROW + ROW_FAR * self.orders


def search_orders(
    session: Session, asked: str, limit: int = 50, below: int | None = None, sample: int = SAMPLE
) -> list[int]:
    """Ids of the orders that hold all that is asked, the newest first; `below` an id goes on after a page.

    Nothing is found for a text without letters and digits. Whatever the text holds, it is data.
    """
    return read(session, searching(session, asked, limit, below, sample))


def searching(session: Session, asked: str, limit: int, below: int | None, sample: int = SAMPLE) -> Reading[list[int]]:
    """The same, beside other readings."""
    terms = query_terms(asked)
    if not terms or limit <= 0:
        return []
    bound = NO_BOUND if below is None else below
    rows: Sequence[Row] = ()
    if sample:
        (rows,) = yield ((prepared(_NEWEST.format(most=sample)), {"below": bound}),)
    newest = [f" {words} " for _id, words in rows]
    found = [row[0] for row, words in zip(rows, newest, strict=True) if all(_holds(words, term) for term in terms)]
    if len(found) >= limit or (sample and len(rows) < sample):
        return found[:limit]
    last: int = rows[0][0] if rows else 1
    seen = newest
    if sample and any(not term.ending for term in terms):  # numbers are rare, or common among the newest
        (others,) = yield (
            _EVERYWHERE.asked(session, [1 + number * SCATTER % last for number in range(1, sample + 1)]),
        )
        seen = [f" {words} " for (words,) in others]
        if len(terms) == 1 or not seen:  # one that is rare shows in as many as can be; errors of several multiply
            seen += newest
    shares = {term: _share(term, seen) for term in terms}
    page = _Page(terms, shares, _together(shares, seen), last, bound, limit)
    sqlite = session.get_bind().dialect.name == "sqlite"
    return (yield from (_sqlite(page) if sqlite else _postgresql(page)))


def _share(term: Term, seen: Sequence[str]) -> float:
    """The part of the orders that hold a term; never none, for a sample does not show what is rare.

    A few that hold an ending may be neighbours, whose numbers are alike; they tell nothing of all.
    """
    held, of = sum(_holds(words, term) for words in seen), max(len(seen), 1)
    if not term.ending:
        return max(held, 0.5) / of
    by_chance: float = NUMBERS / 10 ** len(term.word)
    return max((held if held >= ALIKE else 0.5) / of, by_chance)


def _together(shares: Mapping[Term, float], seen: Sequence[str]) -> float:
    """The part of the orders that hold all; the two halves of a postcode go together, a name and a town do not."""
    part, left = 1.0, seen
    for term in sorted(shares, key=shares.__getitem__, reverse=True):
        both = [words for words in left if _holds(words, term)]
        if term.ending and len(both) < ALIKE:
            held = len(left) * shares[term]
        else:
            held = max(len(both), 0.5 * len(left) / max(len(seen), 1))
        part *= (held + APART * shares[term]) / (len(left) + APART)
        left = both
    return part


def _holds(padded: str, term: Term) -> bool:
    if term.whole:
        return f" {term.word} " in padded
    return f" {term.word}" in padded or (term.ending != "" and f" {term.ending}" in padded)


def _sqlite(page: _Page) -> Reading[list[int]]:
    common = tuple(term for term in page.terms if page.shares[term] * page.orders > GATHERED)
    if common:
        rare = [term for term in page.terms if term not in common]
        words = [_fts(term.word, term.ending, term.whole) for term in rare]
        words += [_fts(term.word[:_SHORT], _short_ending(term), term.whole) for term in common]
        conditions, values = _conditions(common, "instr(' ' || s.words || ' ', {})")
        letters = (
            "(SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below "
            f"ORDER BY rowid DESC LIMIT {LOOKED_THROUGH})"
        )
        given = {"asked": " AND ".join(words), "below": page.below}
        statement = prepared(
            f"SELECT w.rowid FROM {letters} w CROSS JOIN order_search s ON s.order_id = w.rowid "
            f"WHERE 1 = 1{conditions} LIMIT {page.limit}"
        )
        (found,) = yield ((statement, {**given, **values}),)
        if len(found) < page.limit:
            ((count,),) = yield ((prepared(f"SELECT COUNT(*) FROM {letters}"), given),)
        if len(found) == page.limit or count[0] < LOOKED_THROUGH:
            return _ids(found)
    statement = prepared(
        "SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below "
        f"ORDER BY rowid DESC LIMIT {page.limit}"
    )
    asked = " AND ".join(_fts(term.word, term.ending, term.whole) for term in page.terms)
    (found,) = yield ((statement, {"asked": asked, "below": page.below}),)
    return _ids(found)


def _postgresql(page: _Page) -> Reading[list[int]]:
    """Has the index gather orders, or walks the newest ones where words are so common that this is quicker.

    A walk ends where the index would have taken as long: what was common among the newest may be rare before.
    """
    gathered = _worth_gathering(page)
    left = [term for term in page.terms if term not in gathered]
    by_index, by_walk = _gathering(page, gathered), page.among * WALKED
    if by_walk < by_index:
        looked = math.ceil(max(2 * by_walk, by_index) / WALKED)
        conditions, words = _conditions(page.terms, "position({} in ' ' || words || ' ')")
        statement = prepared(
            "SELECT order_id FROM (SELECT order_id, words FROM order_search WHERE order_id < :below "
            f"ORDER BY order_id DESC LIMIT :looked) newest WHERE 1 = 1{conditions} "
            f"ORDER BY order_id DESC LIMIT {page.limit}"
        )
        (found,) = yield ((statement, {"below": page.below, "looked": looked, **words}),)
        if len(found) == page.limit or looked >= min(page.orders, page.below):
            return _ids(found)
    conditions, words = _conditions(left, "position({} in ' ' || words || ' ')")
    # The sums keep the planner from walking all orders by their key in search of what is rarer than it believes.
    statement = prepared(
        "SELECT order_id FROM order_search WHERE order_words(words) @@ CAST(:asked AS tsquery) "
        f"AND order_id + 0 < :below{conditions} ORDER BY order_id + 0 DESC LIMIT {page.limit}"
    )
    asked = " & ".join(_tsquery(term) for term in gathered)
    (found,) = yield ((statement, {"asked": asked, "below": page.below, **words}),)
    return _ids(found)


def _worth_gathering(page: _Page) -> list[Term]:
    """The rarest word, and each further one whose entries cost less than the rows that need not be fetched then."""
    first, *others = sorted(page.terms, key=page.shares.__getitem__)
    gathered, rows = [first], page.shares[first]
    for term in others:
        fewer = rows * page.shares[term]
        if page.shares[term] * page.entry < (rows - fewer) * page.row:
            gathered.append(term)
            rows = fewer
    return gathered


def _gathering(page: _Page, gathered: Sequence[Term]) -> float:
    """How long it takes to have the index gather the orders with these words."""
    rows = math.prod(page.shares[term] for term in gathered)
    return page.orders * (sum(page.shares[term] for term in gathered) * page.entry + rows * page.row)


def _ids(rows: Sequence[Row]) -> list[int]:
    return [order_id for (order_id,) in rows]


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
