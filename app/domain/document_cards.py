"""What people carry or hang up: operator badges, the OK card, the sheet of all command codes."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.commands import Command, Group, commands_in
from app.domain.document_tables import margin
from app.domain.documents import (
    A4,
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Frame,
    Rule,
    Size,
    Text,
    TextBox,
)
from app.domain.words import say

CARD = Size(85.6, 54.0)
OK_CARD = Size(101.6, 76.2)


@dataclass(frozen=True, slots=True)
class BadgeContent:
    """A person's badge. The code is what signs in, so it stands on the badge as bars only, never in letters."""

    name: str
    code: str
    role: str = ""
    warehouse: str = ""


_BADGE_NAME = TextBox(4, 8, 77.6, 7, bold=True, max_lines=2)
_BADGE_ROLE = TextBox(4, 25, 77.6, 4)
_BADGE_WAREHOUSE = TextBox(4, 3.4, 77.6, 3.2)
_BADGE_CODE = CodeBox(1.5, 33, 82.6, 17)


def operator_badge(content: BadgeContent) -> Document:
    """A badge of a bank card's size."""
    elements = (
        Text(_BADGE_WAREHOUSE, content.warehouse),
        Text(_BADGE_NAME, content.name),
        Text(_BADGE_ROLE, content.role),
        Rule(4, 31, 77.6, 0.5),
        Barcode(_BADGE_CODE, content.code),
    )
    return Document(DocumentKind.BADGE, content.name, CARD, (elements,))


def ok_card() -> Document:
    """The card that ends an error: one code, as large as a glove needs it."""
    elements = (
        Frame(1.5, 1.5, 98.6, 73.2, 1.2),
        Text(TextBox(5, 5, 91.6, 20, bold=True, align=Align.CENTER), Command.OK.code),
        Barcode(CodeBox(4, 29, 93.6, 34), Command.OK.code),
        Text(TextBox(5, 65.2, 91.6, 3.4, align=Align.CENTER, max_lines=2), say(Command.OK.meaning_key)),
    )
    return Document(DocumentKind.OK_CARD, Command.OK.code, OK_CARD, (elements,))


CELL_WIDTH, CELL_HEIGHT, CELL_GAP = 88.0, 26.0, 4.0
GROUP_HEIGHT = 9.0


def command_sheet(size: Size = A4) -> Document:
    """Every command code in its group, for the wall of a bench: laser scanners cannot read a screen."""
    left = margin(size)
    columns = max(1, int((size.width - 2 * left + CELL_GAP) / (CELL_WIDTH + CELL_GAP)))
    bottom = size.height - left
    pages: list[tuple[Element, ...]] = []
    page: list[Element] = []
    top = left
    for group in Group:
        commands = commands_in(group)
        for first in range(0, len(commands), columns):
            needed = CELL_HEIGHT + (GROUP_HEIGHT if first == 0 else 0)
            if page and top + needed > bottom:
                pages.append(tuple(page))
                page, top = [], left
            if first == 0:
                page.extend(_group_head(group, left, top, size.width - 2 * left))
                top += GROUP_HEIGHT
            for column, command in enumerate(commands[first : first + columns]):
                page.extend(_cell(command, left + column * (CELL_WIDTH + CELL_GAP), top))
            top += CELL_HEIGHT
    pages.append(tuple(page))
    return Document(DocumentKind.COMMAND_SHEET, say("document.commands.title"), size, tuple(pages))


def _group_head(group: Group, left: float, top: float, width: float) -> list[Element]:
    heading = say(f"command.group.{group.value}")
    return [Text(TextBox(left, top + 1, width, 5, bold=True), heading), Rule(left, top + 7.2, width, 0.5)]


def _cell(command: Command, left: float, top: float) -> list[Element]:
    return [
        Text(TextBox(left, top + 0.6, CELL_WIDTH, 4, bold=True), say(command.name_key)),
        Text(TextBox(left, top + 5.4, CELL_WIDTH, 2.7), say(command.meaning_key)),
        Barcode(CodeBox(left, top + 9, CELL_WIDTH - 22, 12), command.code),
        Text(TextBox(left + CELL_WIDTH - 21, top + 13, 21, 3.2, bold=True), command.code),
    ]
