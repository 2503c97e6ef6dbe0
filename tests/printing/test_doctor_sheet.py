"""The doctor's test sheet can be scanned, in bars and squares, from every printer that can print it."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from app.domain.document_doctor import doctor_sheet
from app.domain.documents import A4, LABEL_4X6, LETTER, Document, Size
from app.domain.print_ports import PrintLanguage
from app.domain.scanner_doctor import CODES, STEPS, DoctorState, Verdict, examine, observed
from app.domain.scanner_findings import findings
from tests.printing.drawing import draw_document_pdf, draw_documents
from tests.printing.thermal import draw


def read(pictures: list[Image.Image]) -> list[tuple[float, str]]:
    """Every code of all pages from top to bottom, as a scanner with AIM identifiers sends it."""
    found = []
    for number, picture in enumerate(pictures):
        for code in zxingcpp.read_barcodes(picture):
            text = code.symbology_identifier + code.bytes.decode("utf-8")
            found.append((number * 1e6 + code.position.top_left.y, text))
    return sorted(found)


def assert_the_doctor_is_content(pictures: list[Image.Image]) -> None:
    codes = [text for _, text in read(pictures)]
    assert len(codes) == len(STEPS)
    state = DoctorState()
    for step, text in zip(STEPS, codes, strict=True):
        assert text[3:].split("\x1d") == list(CODES[step].pieces)
        state = examine(state, observed("", f"{text}\r".encode()))
        assert state.verdict in (Verdict.RIGHT, Verdict.CHANGED)
    told = {finding.topic.value: finding.case for finding in findings(state)}
    assert told == {
        "read": "all",
        "suffix": "found",
        "prefix": "none",
        "case": "keep",
        "lost": "none",
        "fnc1": "gs",
        "aim": "on",
        "codepage": "found",
    }


@pytest.mark.parametrize("dpi", [203, 300])
def test_on_labels(dpi: int) -> None:
    document = doctor_sheet()
    assert len(document.pages) == 3
    assert_the_doctor_is_content(draw_documents([document], dpi)[0])


@pytest.mark.parametrize("size", [A4, LETTER, LABEL_4X6])
def test_on_paper(size: Size) -> None:
    document: Document = doctor_sheet(size)
    assert len(document.pages) == (3 if size is LABEL_4X6 else 1)
    assert_the_doctor_is_content(draw_document_pdf(document))


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", [PrintLanguage.EPL2, PrintLanguage.TSPL])
def test_in_the_other_languages(language: PrintLanguage, dpi: int) -> None:
    assert_the_doctor_is_content(draw([doctor_sheet()], language, dpi)[0])
