"""The test sheet of the scanner doctor: its codes from top to bottom, each with its number and what it shows."""

from __future__ import annotations

from app.domain.document_tables import margin
from app.domain.documents import (
    LABEL_4X6,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Page,
    Rule,
    Size,
    Symbology,
    Text,
    TextBox,
)
from app.domain.scanner_doctor import CODES, STEPS, Step
from app.domain.words import say

_ON_LABEL = 3
"""Codes on one label: a gun that is held too far away must not catch the next one."""
_HEAD, _LABEL_HEAD = 16.0, 11.0
_BARS, _SQUARE = 14.0, 21.0


def doctor_sheet(size: Size = LABEL_4X6) -> Document:
    """All codes on one sheet, or on as many labels as they need."""
    left = margin(size)
    label = size.width < 150
    head = _LABEL_HEAD if label else _HEAD
    count = _ON_LABEL if label else len(STEPS)
    height = (size.height - 2 * left - head) / count
    width = size.width - 2 * left
    pages: list[Page] = []
    for first in range(0, len(STEPS), count):
        page: list[Element] = [
            Text(TextBox(left, left, width, 5 if label else 7, bold=True), say("doctor.sheet.title")),
            Text(TextBox(left, left + (6.2 if label else 9), width, 3), say("doctor.sheet.order")),
        ]
        for place, step in enumerate(STEPS[first : first + count]):
            page += _row(step, left, left + head + place * height, width, height)
        pages.append(tuple(page))
    return Document(DocumentKind.DOCTOR_SHEET, say("doctor.sheet.title"), size, tuple(pages))


def _row(step: Step, left: float, top: float, width: float, height: float) -> list[Element]:
    code = CODES[step]
    square = code.symbology in (Symbology.GS1_DATA_MATRIX, Symbology.QR)
    tall = min(_SQUARE if square else _BARS, height - 11)
    return [
        Rule(left, top, width, 0.3),
        Text(TextBox(left, top + 1.2, 10, 7, bold=True), str(step.number)),
        Text(TextBox(left + 11, top + 2.4, width - 11, 3, max_lines=2), say(step.task_key)),
        Barcode(CodeBox(left, top + 9.8, width, tall, code.symbology), code.data),
    ]
