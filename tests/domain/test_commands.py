"""Command codes: every one has one meaning, a sentence, a place on the sheet, and the codes of Odoo work."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.commands import ALIASES, LONGEST, PREFIX, Command, Group, command_of, commands_in, looks_like_command
from app.domain.words import catalogue

DOC = Path(__file__).resolve().parents[2] / "docs" / "command-codes.md"
# The codes drawn on the screens: printed cards of these exist, so none may ever change.
DRAWN = [
    "PW-OK",
    "PW-BACK",
    "PW-UNDO",
    "PW-PARCEL",
    "PW-MISSING",
    "PW-ASIDE",
    "PW-REPRINT",
    "PW-REDO",
    "PW-PRINT-AT",
    "PW-HOLD",
    "PW-SHORT",
    "PW-SKIP",
    "PW-FOUND",
    "PW-EMPTY",
    "PW-DAMAGED",
    "PW-OTHER",
    "PW-REACH",
    "PW-ELSE",
    "PW-LATER",
    "PW-GR-A",
    "PW-GR-B",
    "PW-GR-C",
    "PW-GR-D",
    "PW-FAULT",
    "PW-WRONG",
    "PW-MIND",
    "PW-TRANS",
    "PW-QUAR",
    "PW-FIX",
    "PW-SCRAP",
    "PW-PHOTO",
    "PW-FOREIGN",
    "PW-MOVE",
    "PW-COUNT",
    "PW-SHELFLBL",
    "PW-DOCTOR",
]


@pytest.mark.parametrize("code", DRAWN)
def test_codes_of_the_screens_are_known(code: str) -> None:
    assert command_of(code) is Command(code)


@pytest.mark.parametrize("command", list(Command))
def test_each_command_has_words_and_a_short_code(command: Command) -> None:
    assert command.code.startswith(PREFIX)
    assert len(command.code) <= LONGEST
    assert command.code == command.code.upper()
    assert catalogue()[command.name_key]
    assert catalogue()[command.meaning_key]


def test_commands_of_the_first_release() -> None:
    wanted = {
        "PW-CLOSE": Command.CLOSE,
        "PW-OUT": Command.SIGN_OUT,
        "PW-QTY": Command.QUANTITY,
        "PW-SHIP2": Command.ANOTHER_SHIPMENT,
        "PW-TAKE": Command.TAKE_OVER,
        "PW-TRUCK": Command.TRUCK,
        "PW-RESTOCK": Command.RESTOCK,
    }
    assert {code: command_of(code) for code in wanted} == wanted


@pytest.mark.parametrize("text", ["pw-ok", "PW-OK", " Pw-Ok\r\n", "o-btn.VALIDATE", "O-BTN.validate", "obtvali"])
def test_case_and_blanks_do_not_matter(text: str) -> None:
    assert command_of(text) is Command.OK


@pytest.mark.parametrize("text", ["", "PW-", "PW", "PW-NOPE", "OK", "O-BTN.", "PW--OK", "85123A", "\x1d"])
def test_anything_else_is_none(text: str) -> None:
    assert command_of(text) is None


def test_an_unknown_code_with_our_prefix_still_looks_like_a_command() -> None:
    assert looks_like_command(" pw-nope")
    assert not looks_like_command("O-BTN.nope")
    assert not looks_like_command("85123A")


def test_numbers() -> None:
    assert [command_of(f"PW-{n}").number for n in range(10)] == list(range(10))  # type: ignore[union-attr]
    assert Command.OK.number is None


def test_every_command_stands_in_one_group() -> None:
    printed = [command for group in Group for command in commands_in(group)]
    assert printed == list(Command)
    assert Command.GRADE_A.group is Group.RETURNS
    assert Command.TEST_PRINT.group is Group.DEVICES
    assert all(catalogue()[f"command.group.{group.value}"] for group in Group)


def test_the_documentation_lists_every_code_and_alias() -> None:
    text = DOC.read_text(encoding="utf-8")
    for command in Command:
        assert f"| `{command.code}` | {catalogue()[command.name_key]} | {catalogue()[command.meaning_key]} |" in text
    for alias, command in ALIASES.items():
        assert f"| `{alias}` | `{command.code}` |" in text
