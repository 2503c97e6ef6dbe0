"""Finds orders by words, beginnings of words and endings of numbers, in the database's own index of words."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.search import Term, query_terms

_SQLITE = text(
    "SELECT rowid FROM order_words WHERE order_words MATCH :asked AND rowid < :below ORDER BY rowid DESC LIMIT :most"
)
_POSTGRESQL = text(
    "SELECT order_id FROM order_search WHERE order_words(words) @@ CAST(:asked AS tsquery) AND order_id < :below "
    "ORDER BY order_id DESC LIMIT :most"
)
NO_BOUND = 2**62


def search_orders(session: Session, asked: str, limit: int = 50, below: int | None = None) -> list[int]:
    """Ids of the orders that hold all that is asked, the newest first; `below` an id goes on after a page.

    Nothing is found for a text without letters and digits. Whatever the text holds, it is data.
    """
    terms = query_terms(asked)
    if not terms or limit <= 0:
        return []
    connection = session.connection()
    values = {"below": NO_BOUND if below is None else below, "most": limit}
    if connection.dialect.name == "sqlite":
        return list(connection.execute(_SQLITE, {"asked": _fts(terms), **values}).scalars())
    return list(connection.execute(_POSTGRESQL, {"asked": _tsquery(terms), **values}).scalars())


def _fts(terms: tuple[Term, ...]) -> str:
    """The question in the words of FTS5; terms are letters and digits only, and quoted all the same."""
    asked = []
    for term in terms:
        word = f'"{term.word}"' if term.whole else f'"{term.word}"*'
        asked.append(f'({word} OR "{term.ending}"*)' if term.ending else word)
    return " AND ".join(asked)


def _tsquery(terms: tuple[Term, ...]) -> str:
    """The question as a tsquery literal; terms are letters and digits only, and quoted all the same."""
    asked = []
    for term in terms:
        word = f"'{term.word}'" if term.whole else f"'{term.word}':*"
        asked.append(f"({word} | '{term.ending}':*)" if term.ending else word)
    return " & ".join(asked)
