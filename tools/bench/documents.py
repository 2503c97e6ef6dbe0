"""A shipping label of 4x6 inches as bytes: ZPL, EPL2, TSPL; PDF beside the same strings on a bare canvas."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from app.domain.capture import PostalAddress
from app.domain.document_shipping import ShippingLabelContent, shipping_label
from app.domain.documents import Fixed, Text
from app.domain.print_ports import PrintLanguage
from app.printing import code128
from app.printing.pdf import render_pdf
from app.printing.rendering import render
from app.printing.zpl import render_zpl
from tools.bench.context import Context
from tools.bench.results import Result, quantile, times

ZPL_US = 50.0
PDF_TIMES = 1.5
_TO = PostalAddress(name="Harriet Ovenden", address1="14 Mill Lane", city="Totnes", postcode="TQ9 5HT", country="GB")
_FROM = PostalAddress(company="Northway Goods", address1="Unit 4", city="Bristol", postcode="BS1 6XN", country="GB")
LABEL = ShippingLabelContent("#1042", _TO, _FROM, "NW204417380GB", "NORTHWAY", "24 TRACKED", weight_g=2431)


def measure(context: Context) -> list[Result]:
    """Each label has its own number and order, so that none is made before."""
    labels = [
        replace(LABEL, tracking_number=f"NW{100000000 + n}GB", order=f"#{n}") for n in range(context.times(3000, 200))
    ]
    zpl, pdf, bare = [], [], []
    for content in labels[: len(labels) // 10]:
        render_zpl(shipping_label(content))
    for content in labels:
        began = time.perf_counter()
        render_zpl(shipping_label(content))
        zpl.append((time.perf_counter() - began) * 1e6)
    for content in labels[: context.times(400, 40)]:
        began = time.perf_counter()
        render_pdf(shipping_label(content))
        middle = time.perf_counter()
        _bare_pdf(content)
        pdf.append((middle - began) * 1000)
        bare.append((time.perf_counter() - middle) * 1000)
    limit = PDF_TIMES * quantile(bare, 0.5)
    return [
        times("label as ZPL", 0, "", zpl, median=ZPL_US, unit="us"),
        *(_drawn(language, labels[: context.times(400, 40)]) for language in (PrintLanguage.EPL2, PrintLanguage.TSPL)),
        times("label as PDF", 0, "", pdf, median=round(limit, 3), note="1.5 times bare reportlab"),
        times("the same with bare reportlab", 0, "", bare),
    ]


def _drawn(language: PrintLanguage, labels: Sequence[ShippingLabelContent]) -> Result:
    """In a language where text is drawn: the lines that change are drawn anew on each label."""
    taken: list[float] = []
    for content in labels:
        began = time.perf_counter()
        render(shipping_label(content), language)
        taken.append((time.perf_counter() - began) * 1000)
    return times(f"label as {language.value.upper()}", 0, "", taken)


def _bare_pdf(content: ShippingLabelContent) -> bytes:
    """The same strings, rules and bars straight onto a canvas."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(288, 432))
    for element in shipping_label(content).pages[0]:
        for part in element.elements if isinstance(element, Fixed) else (element,):
            if isinstance(part, Text):
                canvas.setFont("Helvetica", part.box.size * 2.4)
                canvas.drawString(part.box.x * 2.83, 432 - part.box.y * 2.83, part.text)
    for rule in range(4):
        canvas.rect(10, 10 * rule, 260, 1, stroke=0, fill=1)
    code = code128.encode(content.tracking_number)
    if code is None:
        raise RuntimeError("the tracking number is no Code 128")
    for place, wide in code.bars():
        canvas.rect(10 + place, 100, wide, 60, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
