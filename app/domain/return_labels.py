"""The numbers of the built-in carrier's return labels: they follow from the return, so scanning one finds it again."""

from __future__ import annotations

import re

from app.domain.gs1_identifiers import check_digit

_NUMBER = re.compile(r"PWR([0-9]{9})([0-9])").fullmatch


def return_number(return_id: int) -> str:
    """`PWR`, nine digits and their check digit: the same return always has the same number."""
    digits = f"{return_id:09d}"
    return f"PWR{digits}{check_digit(digits)}"


def return_of(number: str) -> int | None:
    """The return that a number belongs to; None for anything that is no such number."""
    found = _NUMBER(number)
    return int(found[1]) if found and check_digit(found[1]) == found[2] else None
