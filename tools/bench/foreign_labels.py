"""Label bytes of each language, and a carrier's picture or PDF as ZPL beside what zebrafy makes of it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2
from zebrafy.zebrafy_image import ZebrafyImage
from zebrafy.zebrafy_pdf import ZebrafyPDF

from app.domain.document_samples import sample_document
from app.domain.document_shipping import shipping_label
from app.domain.print_ports import PrintLanguage
from app.printing.payloads import PayloadKind, label_bytes
from app.printing.pdf import render_pdf
from app.printing.rendering import render
from tools.bench.context import Context
from tools.bench.documents import LABEL
from tools.bench.results import Result, quantile, times

FASTER = 1.5
LARGER = 1.1
DPI = 203


@dataclass(frozen=True, slots=True)
class _Case:
    """A label as a carrier sends it, and three ways to ZPL."""

    name: str
    ours: Callable[[], bytes]
    theirs: Callable[[], str]
    theirs_crisp: Callable[[], str]


def measure(context: Context) -> list[Result]:
    """In turns: ours, zebrafy's as it comes (it dithers), and zebrafy's without, which gives the same dots as ours."""
    results = [_size(language, dpi) for dpi in (203, 300) for language in PrintLanguage]
    for case in _cases():
        ours: list[float] = []
        theirs: list[float] = []
        crisp: list[float] = []
        for _ in range(context.times(200, 20)):
            for job, taken in ((case.ours, ours), (case.theirs, theirs), (case.theirs_crisp, crisp)):
                began = time.perf_counter()
                job()
                taken.append((time.perf_counter() - began) * 1000)
        limit = round(quantile(theirs, 0.5) / FASTER, 2)
        results += [
            times(f"{case.name} to ZPL", 0, "", ours, median=limit, note="1.5 times as fast as zebrafy"),
            times("the same by zebrafy", 0, "", theirs),
            times("the same by zebrafy, not dithered", 0, "", crisp),
            _bytes(f"{case.name} to ZPL", len(case.ours()), LARGER * min(len(case.theirs()), len(case.theirs_crisp()))),
        ]
    return results


def _size(language: PrintLanguage, dpi: int) -> Result:
    name = f"shipping label as {language.value.upper()} at {dpi} dpi"
    return _bytes(name, len(render(sample_document("shipping-label"), language, dpi)))


def _bytes(name: str, size: int, most: float | None = None) -> Result:
    budget = "" if most is None else f"at most {most:,.0f}"
    note = "" if most is None else "1.1 times zebrafy's smaller one"
    return Result(name, 0, "", "bytes", 1, size, size, budget, None if most is None else size <= most, note)


def _cases() -> list[_Case]:
    pdf = render_pdf(shipping_label(LABEL))
    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=DPI / 72).to_pil()
    grey, colours = io.BytesIO(), io.BytesIO()
    drawn.convert("L").save(grey, "PNG")
    drawn.convert("RGB").save(colours, "PNG")
    pictures = (("picture", grey.getvalue()), ("picture in colours", colours.getvalue()))
    return [
        *(_picture(name, data) for name, data in pictures),
        _Case(
            "PDF label",
            lambda: label_bytes(pdf, PayloadKind.PDF, PrintLanguage.ZPL, DPI),
            lambda: ZebrafyPDF(pdf, format="Z64", dpi=DPI).to_zpl(),
            lambda: ZebrafyPDF(pdf, format="Z64", dpi=DPI, dither=False).to_zpl(),
        ),
    ]


def _picture(name: str, data: bytes) -> _Case:
    return _Case(
        name,
        lambda: label_bytes(data, PayloadKind.PNG, PrintLanguage.ZPL, DPI),
        lambda: ZebrafyImage(data, format="Z64").to_zpl(),
        lambda: ZebrafyImage(data, format="Z64", dither=False).to_zpl(),
    )
