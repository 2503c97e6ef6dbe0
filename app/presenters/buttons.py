"""Command buttons with words from the catalogue, the same object again where nothing of one changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.domain.commands import Command
from app.domain.words import say
from app.presenters.state import parts
from app.presenters.state.basics import Kind


@dataclass(frozen=True, slots=True)
class Commands:
    """The buttons of a screen: `prefix` is where their words stand in the catalogue."""

    prefix: str = ""

    def __call__(
        self,
        code: Command,
        words: str,
        key: str,
        *,
        reason: str = "",
        hint: str = "",
        kind: Kind = Kind.PLAIN,
        right: bool = False,
    ) -> parts.Command:
        """A button; `reason` says why it may not be used."""
        return _button(code, self.prefix + words, key, reason, hint, kind, right)


@lru_cache(512)
def _button(
    code: Command, words: str, key: str, reason: str, hint: str, kind: Kind, right: bool
) -> parts.Command:  # a scan changes one of them at most
    return parts.Command(code.code, say(words), key, hint, kind, reason, right=right)
