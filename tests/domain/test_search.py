"""The words an order is found by, and what a text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import BACKWARDS, MOST_TERMS, Term, fold, query_terms, search_words, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("203-3188131-7206817", ["203", "3188131", "7206817"]),
        ("Élodie Łukasz-Müßig", ["elodie", "lukasz", "mussig"]),
        ("#1042", ["1042"]),
        ("LS1 1AA", ["ls1", "1aa"]),
        ("北京 東京都", ["北京", "東京都"]),
        ("한국", ["한국"]),
        ("😀 -- ,", []),
        ("x" * 60, ["x" * 48]),
    ],
)
def test_words_are_letters_and_digits_without_case_or_accents(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_numbers_stand_backwards_too_and_codes_as_one_word() -> None:
    assert search_words(["#1042 Leeds"], ["LS1 1AA"]) == "1042 leeds ls1 1aa ls11aa zz2401 zz1sl zzaa1 zzaa11sl"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("042", (Term("042", False, "zz240"),)),
        ("42", (Term("42", False),)),
        ("a", (Term("a", True),)),
        ("Anna  K", (Term("anna", False), Term("k", True))),
        ("ada.l@exam", (Term("adalexam", False),)),
        ("-- ' \" *", ()),
    ],
)
def test_what_a_text_asks_for(text: str, terms: tuple[Term, ...]) -> None:
    assert query_terms(text) == terms


@given(st.text())
def test_terms_are_letters_and_digits_whatever_the_text(text: str) -> None:
    terms = query_terms(text)
    assert len(terms) <= MOST_TERMS
    assert all((term.word + term.ending).isalnum() for term in terms)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), max_size=4), st.integers(1, 10))
def test_each_word_is_found_by_its_beginnings_and_each_number_by_its_endings(texts: list[str], length: int) -> None:
    stored = search_words(texts).split(" ")
    for word in tokens(" ".join(texts)):
        (term,) = query_terms(word[:length]) or (Term("", True),)
        assert any(known.startswith(term.word) for known in stored)
        for ending in query_terms(word[-length:]):
            if ending.ending and any(sign in "0123456789" for sign in word) and len(word) >= 3:
                assert any(known.startswith(ending.ending) for known in stored)
    assert all(known.isalnum() or known == "" for known in stored)
    assert BACKWARDS.isalpha()
