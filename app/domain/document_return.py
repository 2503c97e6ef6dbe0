"""The return label, 4 by 6 inches: the way back to us, and the code that opens the return when the parcel comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.domain.capture import PostalAddress
from app.domain.document_shipping import (
    CARRIER,
    FROM_ROWS,
    LEFT,
    WIDTH,
    recipient_rows,
    sender_rows,
)
from app.domain.documents import (
    LABEL_4X6,
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Fixed,
    Rule,
    Symbology,
    Text,
    TextBox,
)
from app.domain.words import say


@dataclass(frozen=True, slots=True)
class ReturnLabelContent:
    """What stands on a return label. `code` is the return's (RMA): its scan opens it at the returns bench."""

    order: str
    code: str
    ship_from: PostalAddress
    ship_to: PostalAddress
    tracking_number: str
    carrier: str
    note: str = ""


KIND = TextBox(54, 5, 43.6, 8, bold=True, align=Align.RIGHT)
TRACKING_CODE = CodeBox(2, 95.8, 97.6, 20)
TRACKING_TEXT = TextBox(LEFT, 117, WIDTH, 4.4, bold=True, align=Align.CENTER)
CODE = TextBox(LEFT, 126.4, 66, 7, bold=True)
ORDER = TextBox(LEFT, 135.4, 66, 4)
NOTE = TextBox(LEFT, 141, 66, 3.2, max_lines=2)
CODE_SQUARE = CodeBox(72, 124.6, 25.6, 25.6, Symbology.DATA_MATRIX)


@cache
def _ground() -> Fixed:
    """Rules, captions and the word that tells it from a label that goes out."""
    return Fixed(
        (
            Text(KIND, say("document.return.kind")),
            Rule(LEFT, 15.6, WIDTH, 2.6),
            Text(TextBox(LEFT, 19.3, 13, 2.6), say("document.label.from")),
            Rule(LEFT, 34.6, WIDTH, 0.35),
            Text(TextBox(LEFT, 36, 50, 2.6), say("document.return.to")),
            Rule(LEFT, 94.6, WIDTH, 0.35),
            Rule(LEFT, 123.4, WIDTH, 0.35),
        )
    )


def return_label(content: ReturnLabelContent) -> Document:
    """The label of one parcel that comes back."""
    elements: list[Element] = [
        _ground(),
        Text(CARRIER, content.carrier),
        *map(Text, FROM_ROWS, sender_rows(content.ship_from)),
        *recipient_rows(content.ship_to),
        Barcode(TRACKING_CODE, content.tracking_number),
        Text(TRACKING_TEXT, content.tracking_number),
        Text(CODE, content.code),
        Text(ORDER, say("document.return.order", order=content.order)),
        Barcode(CODE_SQUARE, content.code),
    ]
    if content.note:
        elements.append(Text(NOTE, content.note))
    return Document(DocumentKind.RETURN_LABEL, content.code, LABEL_4X6, (tuple(elements),))
