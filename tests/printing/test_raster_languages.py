"""EPL2 and TSPL, painted by readers of their own and read by a decoder that is not ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.document_samples import document_from_data, sample_document
from app.domain.document_shipping import shipping_label
from app.domain.documents import (
    LABEL_4X6,
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Frame,
    Rule,
    Symbology,
    Text,
    TextBox,
)
from app.domain.print_ports import PrintLanguage
from app.printing.dots import DOTS_PER_MM
from app.printing.epl2 import write_epl2
from app.printing.graphics import Black, Sheet, Stamp
from app.printing.pictures import Picture
from app.printing.rendering import render
from app.printing.tspl import write_tspl
from tests.printing.drawing import codes, codes_of, draw_documents, ink
from tests.printing.labels import HARD, LABEL, MALICE, label_for
from tests.printing.test_codes import LONG, ORDERS, SAMPLES, TRACKING
from tests.printing.thermal import draw, read, read_epl2, read_tspl

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = [PrintLanguage.EPL2, PrintLanguage.TSPL]
DENSITIES = [203, 300]
both = pytest.mark.parametrize("language", LANGUAGES)
at_each = pytest.mark.parametrize("dpi", DENSITIES)


@both
@at_each
def test_every_code_of_every_document_reads_back(language: PrintLanguage, dpi: int) -> None:
    documents = [*SAMPLES, *LONG]
    for document, sheets in zip(documents, draw(documents, language, dpi), strict=True):
        assert [codes(sheet) for sheet in sheets] == [codes_of(page) for page in document.pages], document.title


@both
@at_each
def test_numbers_and_orders_of_every_form_read_back(language: PrintLanguage, dpi: int) -> None:
    labels = [shipping_label(replace(LABEL, tracking_number=number)) for number in TRACKING]
    slips = [document_from_data("packing-slip", {"order": order}) for order in ORDERS]
    drawn = draw([*labels, *slips], language, dpi)
    assert [codes(sheets[0]) for sheets in drawn] == [[text] for text in [*TRACKING, *ORDERS]]


@both
@at_each
@pytest.mark.parametrize("symbology", list(Symbology))
def test_symbologies(language: PrintLanguage, dpi: int, symbology: Symbology) -> None:
    data = "(01)09501101530003(17)281231(10)AB-123" if "gs1" in symbology else "PW-0117"
    element = Barcode(CodeBox(2, 20, 97, 25, symbology), data)
    document = Document(DocumentKind.TOTE, "t", LABEL_4X6, ((element,),))
    assert [codes(sheets[0]) for sheets in draw([document], language, dpi)] == [[data]]


@both
@at_each
def test_hard_texts_keep_their_code_and_their_place(language: PrintLanguage, dpi: int) -> None:
    """The margins stay white, and the bands of the label keep what is theirs, whatever the names hold."""
    drawn = draw([shipping_label(content) for content in HARD.values()], language, dpi)
    scale = DOTS_PER_MM[dpi]
    for (name, content), (sheet,) in zip(HARD.items(), drawn, strict=True):
        assert codes(sheet) == ([content.tracking_number] if content.tracking_number else []), name
        black = ink(sheet)
        assert black.shape == (int(152.4 * scale), int(101.6 * scale))
        assert not black[:, : int(1.9 * scale)].any(), name
        assert not black[:, int(99.7 * scale) :].any(), name
        assert not black[: int(4 * scale)].any(), name
        assert not black[int(151.2 * scale) :].any(), name
        for top, bottom in ((14.4, 15.4), (34.2, 34.5), (93.9, 94.5), (121.8, 122.9), (128.9, 130.1), (137.9, 138.9)):
            assert not black[int(top * scale) + 1 : int(bottom * scale)].any(), (name, top)


@both
def test_every_script_shows(language: PrintLanguage) -> None:
    names = ["Łukasz Żółć", "山田 太郎", "محمد عبد الله", "ถนนสุขุมวิท", "Жуков", "😀🎉", "שלום", "한국어", "W" * 90]
    seen = set()
    for name, (sheet,) in zip(
        names, draw([shipping_label(label_for(name=n)) for n in names], language, 203), strict=True
    ):
        row = ink(sheet)[320:376, 32:780]
        assert 150 < row.sum() < 20000, name
        seen.add(row.tobytes())
    assert len(seen) == len(names)


@at_each
def test_bars_stand_where_those_of_zpl_stand(dpi: int) -> None:
    document = Document(
        DocumentKind.TOTE, "t", LABEL_4X6,
        ((Barcode(CodeBox(4, 20, 90, 25), "NW204417380GB"), Rule(4, 60, 50, 0.5), Frame(4, 70, 40, 30, 1)),),
    )  # fmt: skip
    ((expected,),) = draw_documents([document], dpi)
    for language in LANGUAGES:
        ((sheet,),) = draw([document], language, dpi)
        different = ink(sheet) ^ ink(expected)[: sheet.height, : sheet.width]
        assert different.sum() == 0


@both
@at_each
@pytest.mark.parametrize("text", MALICE)
def test_no_name_does_anything(language: PrintLanguage, dpi: int, text: str) -> None:
    """As many labels as pages, and beside the pictures and bars no other command than a harmless name gives."""
    for evil, harmless in zip(_documents(text), _documents("Ada"), strict=True):
        told = read(render(evil, language, dpi), language, dpi)
        usual = read(render(harmless, language, dpi), language, dpi)
        assert len(told.sheets) == len(evil.pages)
        drawn = {"GW", "LO", "BITMAP", "BAR"}
        assert [word for word in told.commands if word not in drawn and word] == [
            word for word in usual.commands if word not in drawn and word
        ]


texts = st.text(max_size=60) | st.sampled_from([*MALICE, "\ud800", "\u202e^XA", "山" * 70])


@settings(max_examples=40, deadline=None)
@given(texts, st.sampled_from(LANGUAGES))
def test_any_text_is_only_ink(text: str, language: PrintLanguage) -> None:
    for document in _documents(text):
        assert len(read(render(document, language), language, 203).sheets) == len(document.pages)


def _documents(text: str) -> list[Document]:
    address = {"name": text, "address1": text, "city": text, "postcode": text, "country": text, "phone": text}
    line = {"sku": text, "name": text, "quantity": 1, "unit_price": 1}
    stop = {"location": text, "sku": text, "name": text, "quantity": 1, "slot": text}
    return [
        document_from_data("shipping-label", {"ship_to": address, "tracking_number": text, "order": text}),
        document_from_data("packing-slip", {"order": text, "ship_to": address, "lines": [line], "note": text}),
        document_from_data("pick-list", {"code": text, "stops": [stop], "picker": text}),
        document_from_data("tote", {"code": text, "caption": text}),
        document_from_data("product", {"sku": text, "name": text, "code": text, "lot": text, "expiry": text}),
        document_from_data("badge", {"name": text, "code": text, "role": text}),
    ]


def _with_text(align: Align, text: str, lines: int = 1, bold: bool = False) -> Document:
    box = TextBox(10, 10, 60, 5, bold, align, lines)
    return Document(DocumentKind.TOTE, "t", LABEL_4X6, ((Text(box, text),),))


@both
def test_text_is_aligned_and_cut_in_its_box(language: PrintLanguage) -> None:
    def reach(document: Document) -> tuple[int, int, int, int]:
        ((sheet,),) = draw([document], language, 203)
        rows, columns = ink(sheet).nonzero()
        return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())

    left, right, top, bottom = reach(_with_text(Align.LEFT, "HHH"))
    assert 80 <= left <= 86 and top >= 80 and bottom <= 80 + 33
    wide = right - left
    moved_left, moved_right, *_ = reach(_with_text(Align.RIGHT, "HHH"))
    assert 554 <= moved_right <= 560 and moved_right - moved_left == wide
    middle_left, middle_right, *_ = reach(_with_text(Align.CENTER, "HHH"))
    assert abs((middle_left + middle_right) / 2 - 320) <= 2
    full_left, full_right, *_ = reach(_with_text(Align.LEFT, "W" * 90))
    assert full_left >= 80 and 500 < full_right <= 560
    *_, tall_bottom = reach(_with_text(Align.LEFT, "one two three four five six seven eight nine ten " * 4, 3))
    assert 80 + 2 * 46 < tall_bottom <= 80 + 3 * 46
    ((plain,), (bold,)) = draw([_with_text(Align.LEFT, "HHH"), _with_text(Align.LEFT, "HHH", bold=True)], language, 203)
    assert ink(bold).sum() > ink(plain).sum() * 1.2


@both
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00\x01", "\u200b"])
def test_nothing_prints_nothing(language: PrintLanguage, text: str) -> None:
    ((sheet,),) = draw([_with_text(Align.LEFT, text)], language, 203)
    assert not ink(sheet).any()


@both
def test_an_unknown_density_is_refused(language: PrintLanguage) -> None:
    with pytest.raises(ValueError, match="no printer has 72 dots an inch"):
        render(sample_document("tote"), language, 72)


def test_the_bytes_of_a_small_label() -> None:
    marks = (Black(8, 16, 24, 3), Stamp(0, 4, Picture(16, 2, b"\x80\x01\xff\x00")))
    sheet = Sheet(160, 80, 20.0, 10.0, marks)
    assert write_epl2([sheet], 203) == (b"\nN\nq160\nQ80,24\nN\nLO8,16,24,3\nGW0,4,2,2,\x7f\xfe\x00\xff\nP1\n")
    assert write_tspl([sheet]) == (
        b"\r\nSIZE 20 mm,10 mm\r\nGAP 3 mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"
        b"BAR 8,16,24,3\r\nBITMAP 0,4,2,2,0,\x7f\xfe\x00\xff\r\nPRINT 1,1\r\n"
    )


@pytest.mark.parametrize(
    ("wide", "rows"),
    [
        (4, b"\x00\x1b!\x00"),
        (2, b"\x00\x1b!\x00"),
        (2, b"\xff\xff\x1b!\x1b!\xff\xff"),
        (3, b"~!R\x1b!?"),
        (2, b"\x1b!" * 3000),
        (1, b"\x1b!\x1b!"),
    ],
)
def test_no_dots_of_a_picture_are_a_command_for_at_once(wide: int, rows: bytes) -> None:
    """TSPL printers obey some bytes wherever they stand: such a picture comes in parts, and its dots stay the same."""
    black = bytes(byte ^ 0xFF for byte in rows)
    tall = len(rows) // wide
    sheet = Sheet(8 * wide, tall, wide, tall / 8, (Stamp(0, 0, Picture(8 * wide, tall, black)),))
    paper = read_tspl(write_tspl([sheet]), 203)
    assert ink(paper.sheets[0]).tobytes() == ink(read_epl2(write_epl2([sheet], 203)).sheets[0]).tobytes()
    assert paper.commands.count("BITMAP") > 1


@both
@at_each
@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if kind is not DocumentKind.COMMAND_SHEET])
def test_golden(kind: DocumentKind, dpi: int, language: PrintLanguage) -> None:
    """What stands where; how letters look is the fonts' matter, so of a picture of text only its corner is held."""
    expected = (GOLDEN / f"{kind}-{dpi}.{language}").read_text(encoding="utf-8")
    assert outline(sample_document(kind), language, dpi) == expected


def outline(document: Document, language: PrintLanguage, dpi: int) -> str:
    """A job line by line, without the dots of its pictures."""
    return "\n".join([*read(render(document, language, dpi), language, dpi).lines, ""])
