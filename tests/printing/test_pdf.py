from __future__ import annotations

import io
import statistics
import time
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.domain.document_samples import sample_document
from app.domain.document_shipping import ShippingLabelContent, shipping_label
from app.domain.documents import Document, DocumentKind, Fixed, Size, Text, TextBox
from app.printing import code128
from app.printing.pdf import render_pdf
from tests.printing.drawing import draw_pdf, ink, pdf_text
from tests.printing.labels import HARD, LABEL, label_for


def test_text_of_a_label() -> None:
    assert pdf_text(render_pdf(shipping_label(LABEL))).split("\n") == [
        "FROM",
        "SHIP TO",
        "NORTHWAY 24 TRACKED",
        "Northway Goods",
        "Unit 4, Harbour Trade Park",
        "Bristol BS1 6XN",
        "UNITED KINGDOM",
        "Harriet Ovenden",
        "14 Mill Lane",
        "Totnes",
        "TQ9 5HT",
        "UNITED KINGDOM",
        "NW204417380GB",
        "#1042 1 of 1 2 431 g",
    ]


def test_polish_stays_text_in_an_embedded_font() -> None:
    pdf = render_pdf(shipping_label(HARD["polish"]))
    assert "Łukasz Żółć\nul. Świętokrzyska 1\nKraków" in pdf_text(pdf)
    assert b"/FontFile2" in pdf


def test_west_european_needs_no_embedded_font() -> None:
    pdf = render_pdf(shipping_label(label_for(name="Zoë Müller – Ångström")))
    assert "Zoë Müller – Ångström" in pdf_text(pdf)
    assert b"/FontFile2" not in pdf


@pytest.mark.parametrize("name", ["japanese", "arabic", "hebrew and thai", "emoji"])
def test_other_scripts_are_pictures(name: str) -> None:
    pdf = render_pdf(shipping_label(HARD[name]))
    assert b"/Subtype /Image" in pdf
    (picture,) = draw_pdf(pdf, 203)
    assert ink(picture)[320:376, 32:780].sum() > 150


@pytest.mark.parametrize("name", HARD)
def test_nothing_leaves_its_place(name: str) -> None:
    (picture,) = draw_pdf(render_pdf(shipping_label(HARD[name])), 300)
    black, scale = ink(picture), 300 / 25.4
    assert not black[:, : int(1.9 * scale)].any()
    assert not black[:, int(99.7 * scale) :].any()
    for top, bottom in (
        (0, 4),
        (14.5, 15.4),
        (34.2, 34.5),
        (93.9, 94.5),
        (121.8, 122.9),
        (128.9, 130.1),
        (151.2, 152.4),
    ):
        assert not black[int(top * scale) + 1 : int(bottom * scale)].any(), top


def test_what_does_not_fit_is_cut_visibly() -> None:
    document = Document(DocumentKind.TOTE, "t", Size(60, 20), ((Text(TextBox(4, 4, 30, 5), "W" * 40),),))
    text = pdf_text(render_pdf(document))
    assert text == "WWWWWW…"


def test_title_and_size() -> None:
    pdf = render_pdf(sample_document("badge"))
    assert b"Anna Lindqvist" in pdf
    (picture,) = draw_pdf(pdf, 254)
    assert picture.size == (857, 541)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(sample_document("packing-slip")) == render_pdf(sample_document("packing-slip"))


def bare(content: ShippingLabelContent) -> bytes:
    """The same strings, rules and bars straight onto a canvas."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(288, 432))
    texts: list[Text] = []
    for element in shipping_label(content).pages[0]:
        inside = element.elements if isinstance(element, Fixed) else (element,)
        texts.extend(part for part in inside if isinstance(part, Text))
    for text in texts:
        canvas.setFont("Helvetica", text.box.size * 2.4)
        canvas.drawString(text.box.x * 2.83, 432 - text.box.y * 2.83, text.text)
    for rule in range(4):
        canvas.rect(10, 10 * rule, 260, 1, stroke=0, fill=1)
    code = code128.encode(content.tracking_number)
    assert code is not None
    for place, wide in code.bars():
        canvas.rect(10 + place, 100, wide, 60, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_label_takes_at_most_half_as_long_again_as_bare_reportlab() -> None:
    contents = [replace(LABEL, tracking_number=f"NW{100000000 + number}GB") for number in range(100)]
    ours, theirs = [], []
    for content in contents:
        start = time.perf_counter()
        render_pdf(shipping_label(content))
        middle = time.perf_counter()
        bare(content)
        ours.append(middle - start)
        theirs.append(time.perf_counter() - middle)
    assert statistics.median(ours) <= 1.5 * statistics.median(theirs)
