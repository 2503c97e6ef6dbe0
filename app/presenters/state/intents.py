"""What a person does at a screen, as the screen hands it on."""

from __future__ import annotations

from typing import Protocol


class Intents(Protocol):
    """Takes gestures. A view decides nothing: it says what was pressed, typed or chosen, and draws the next state."""

    def scan(self, raw: str) -> None:
        """A code was typed on purpose and entered, as if it had been scanned."""

    def command(self, code: str) -> None:
        """A command button, choice or step with this code was pressed or its key was."""

    def refused(self, code: str, reason: str) -> None:
        """Something that may not be used was asked for; the reason stands on it."""

    def key(self, name: str) -> None:
        """A key that no button of the screen claims: 'Enter', 'Esc', '1' to '9', 'Up', a letter."""

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The text of a field changed, or was entered with Enter."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row, card, tab or place was chosen in the list `what`; `opened` when with Enter or a double click."""

    def more(self, what: str) -> None:
        """The list `what` was scrolled near its end and its next page is wanted."""
