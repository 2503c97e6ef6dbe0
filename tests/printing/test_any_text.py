"""Any text in any field of any document: it prints, and nothing of it acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.document_samples import document_from_data
from app.domain.documents import Document
from app.printing.pdf import render_pdf
from app.printing.zpl import render_zpl
from tests.printing.drawing import draw_pdf
from tests.printing.labels import EVIL, MALICE
from tests.printing.test_zpl import GRAPHIC, OURS

texts = st.text(max_size=60) | st.sampled_from(
    [EVIL, "^", "~JR", "_", "\\&", ">;", "\ud800", "\u202e^XA", "a\n^XZ\nb", "山" * 70]
)


def documents(text: str) -> list[Document]:
    address = {"name": text, "address1": text, "city": text, "postcode": text, "country": text, "phone": text}
    line = {"sku": text, "name": text, "quantity": 1, "unit_price": 1}
    stop = {"location": text, "sku": text, "name": text, "quantity": 1, "slot": text}
    tote = {"slot": text, "tote": text, "order": text}
    slip = {"order": text, "ship_to": address, "lines": [line], "note": text, "date": text, "currency": text}
    walk = {"code": text, "stops": [stop], "totes": [tote], "warehouse": text, "picker": text}
    return [
        document_from_data("shipping-label", {"ship_to": address, "tracking_number": text, "order": text}),
        document_from_data("packing-slip", slip),
        document_from_data("packing-slip", slip, sheet=True),
        document_from_data("pick-list", walk),
        document_from_data("tote", {"code": text, "caption": text}),
        document_from_data("location", {"code": text, "caption": text}),
        document_from_data("product", {"sku": text, "name": text, "code": text, "lot": text, "expiry": text}),
        document_from_data("product", {"lot": text, "expiry": text}),
        document_from_data("badge", {"name": text, "code": text, "role": text}),
    ]


@pytest.mark.parametrize("text", MALICE)
def test_a_name_in_any_document_adds_no_command(text: str) -> None:
    """The commands are those of a harmless name, in their order; a name may be a picture instead of a field."""
    for evil, harmless in zip(documents(text), documents("Ada"), strict=True):
        assert _commands(render_zpl(evil)) == _commands(render_zpl(harmless))
        assert len(draw_pdf(render_pdf(evil), 36)) == len(evil.pages)


def _commands(zpl: bytes) -> list[str]:
    told = GRAPHIC.sub("", zpl.decode("utf-8"))
    found = re.findall(r"[~^](?:A0|[A-Z]{2})", re.sub(r"(\^FD)[^^~\n]*(\^FS)", r"\1\2", told))
    return [name for name in found if name in ("^XA", "^XZ", "^CI", "^PW", "^LL") or name[0] == "~"]


@settings(max_examples=120, deadline=None)
@given(texts)
def test_no_document_lets_text_act_on_a_label_printer(text: str) -> None:
    for document in documents(text):
        zpl = render_zpl(document).decode("utf-8")
        rest = re.sub(r"(\^FD)[^^~\n]*(\^FS)", r"\1\2", GRAPHIC.sub("", zpl))
        assert OURS.sub("", rest).replace("\n", "") == ""
        assert rest.count("^XA") == rest.count("^XZ") == len(document.pages)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_every_document_is_a_sound_pdf(text: str) -> None:
    for document in documents(text):
        pictures = draw_pdf(render_pdf(document), 36)
        assert len(pictures) == len(document.pages)
