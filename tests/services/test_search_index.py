"""The database's own index of words answers as a plain look through all words would, for rare and for common words."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.search import Term, query_terms, search_words
from app.models.database import Database
from app.queries import search
from app.queries.search import search_orders

TOWNS = ("London", "Leeds", "Łódź", "Köln", "東京都", "Old Sarum")
PEOPLE = ("Ada Lovelace", "Grace Hopper", "Bo K")
ASKED = (
    "london", "lond", "lo", "l", "leeds 17", "lodz", "koln", "東京", "sarum old", "1017", "#1017", "017", "17", "7",
    "ada 1", "grace hopper", "hop", "LS1 7", "ls17aa", "7aa", "zz", "nobody", "ada@example.com", "ada@exa", "London 99",
)  # fmt: skip
MOST = 25


def words_of(number: int) -> str:
    person = PEOPLE[number % 3]
    town = TOWNS[0] if number % 2 else TOWNS[number % 6]
    return search_words(
        [f"#{1000 + number}", person, town],
        [f"LS{number % 30} {number % 9}AA", f"{person[:3].strip().lower()}@example.com"],
    )


def put_words(session: Session, words: dict[int, str]) -> None:
    """The words alone, without the orders they belong to: the transaction is rolled back."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys = 1"))
    rows = [{"number": number, "words": said} for number, said in words.items()]
    connection.execute(text("INSERT INTO order_search (order_id, words) VALUES (:number, :words)"), rows)


def holds(words: list[str], term: Term) -> bool:
    if term.whole:
        return term.word in words
    return any(word.startswith(term.word) or (term.ending and word.startswith(term.ending)) for word in words)


def by_looking(words: dict[int, str], asked: str) -> list[int]:
    terms = query_terms(asked)
    newest = sorted(words, reverse=True)
    return [number for number in newest if all(holds(words[number].split(), term) for term in terms)][:MOST]


@pytest.mark.parametrize(
    ("gathered", "looked_through", "walked"),
    [
        pytest.param(10_000, 4000, 0.35, id="as it is"),
        pytest.param(0, 4000, 1e-9, id="every word is common"),
        pytest.param(0, 5, 1e9, id="common words that too few orders hold"),
    ],
)
def test_the_index_finds_what_looking_through_all_words_finds(
    database: Database, gathered: int, looked_through: int, walked: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way to the same orders: what is cheap at a million orders is taken with a few hundred here."""
    monkeypatch.setattr(search, "GATHERED", gathered)
    monkeypatch.setattr(search, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(search, "WALKED", walked)
    words = {number: words_of(number) for number in range(1, 601)}
    with database.writing() as session:
        put_words(session, words)
        for asked in ASKED:
            expected = by_looking(words, asked)
            for sample in (0, 40, 400, 4000):
                assert (asked, sample, search_orders(session, asked, MOST, sample=sample)) == (asked, sample, expected)
        later = [number for number in range(99, 0, -1) if "london" in words[number].split()]
        assert search_orders(session, "london", 10, below=100, sample=40) == later[:10]
        session.rollback()


def test_what_is_common_among_the_newest_only_is_found_before_them_too(database: Database) -> None:
    """A look through the newest ends where the index is quicker; the sample takes this word for a common one."""
    number_of = {number: "paris" if number <= 20 or number > 2980 else "leeds" for number in range(1, 3001)}
    with database.writing() as session:
        put_words(session, {number: f"{1000 + number} {town}" for number, town in number_of.items()})
        found = search_orders(session, "paris", 25, sample=40)
        assert found == [*range(3000, 2980, -1), *range(20, 15, -1)]
        session.rollback()


def test_numbers_of_neighbours_do_not_count_as_common() -> None:
    """Four orders made one after another hold the same ending; it is as rare as any number of four digits."""
    (word,) = query_terms("9996")
    few = [" 1 zz6999 "] * 4 + [" 1 "] * 252
    assert search._share(word, few) == 0.5 / 256
    assert search._share(word, few[:4] * 2 + few[4:252]) == 8 / 256
    (short,) = query_terms("996")
    assert search._share(short, [" 1 "] * 256) == 0.005


def test_several_words_are_gathered_where_that_spares_rows() -> None:
    """Of two common names both go to the index; beside a rare number a common name is looked for in its rows."""
    one, other = query_terms("elif novak")
    shares = {one: 0.04, other: 0.04}
    page = search._Page((one, other), shares, 0.0016, 1_000_000, 2**62, 61)
    assert search._worth_gathering(page) == [one, other]
    rare = query_terms("4711")[0]
    shares = {one: 0.04, rare: 0.0005}
    page = search._Page((one, rare), shares, 0.00002, 1_000_000, 2**62, 61)
    assert search._worth_gathering(page) == [rare]


def test_what_words_share_is_told_by_orders_that_hold_both() -> None:
    """The halves of a postcode go together, a name and a town do not, and few orders tell little."""
    half, whole = query_terms("ex4 3ls")
    seen = [" ex4 3ls "] * 20 + [" yo1 7hh "] * 180
    shares = {term: search._share(term, seen) for term in (half, whole)}
    assert search._together(shares, seen) == pytest.approx(0.1 * (20 + 16 * 0.1) / 36, rel=0.02)


def test_one_number_that_a_name_stands_beside_tells_nothing() -> None:
    """One of ten orders of a name ends so by chance; it is as rare beside the name as anywhere."""
    name, number = query_terms("jana 141")
    seen = [" jana zz141 "] + [" jana "] * 9 + [" ivo "] * 246
    shares = {term: search._share(term, seen) for term in (name, number)}
    assert search._together(shares, seen) == pytest.approx(10 / 256 * 0.005, rel=0.02)
