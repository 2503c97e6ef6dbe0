"""What a state is made of again, where nothing of it changed: the same object, which is also told to be the same."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def again(make: Callable[P, T]) -> Callable[P, T]:
    """Gives the last answer where `make` is asked with the very same objects; they are compared by identity alone."""
    last: tuple[tuple[object, ...], T] | None = None

    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        nonlocal last
        known = last
        asked = (*args, *kwargs.values())  # always as many: the same function is called in the same way
        if known is not None and all(map(is_, asked, known[0])):
            return known[1]
        answer = make(*args, **kwargs)
        last = asked, answer
        return answer

    return made
