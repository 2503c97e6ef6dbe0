from __future__ import annotations

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.domain.document_cards import command_sheet
from app.domain.document_labels import ProductLabelContent, product_label
from app.domain.document_samples import document_from_data, sample_document
from app.domain.document_shipping import shipping_label
from app.domain.documents import A4, LABEL_4X6, Barcode, CodeBox, Document, DocumentKind, Symbology
from app.printing import code128
from app.printing.codes import BarsPlan, plan_code
from tests.printing.drawing import codes, codes_of, draw_document_pdf, draw_documents
from tests.printing.labels import HARD, LABEL

SAMPLES = [sample_document(kind) for kind in DocumentKind]
TOTES = [{"slot": str(slot), "tote": f"T-{slot:04}", "order": f"#{1000 + slot}"} for slot in range(1, 13)]
STOPS = [
    {"location": f"A-{n:02}-1-A", "sku": f"S{n}", "name": "山 name", "quantity": n, "slot": "1"} for n in range(1, 41)
]
LINES = [{"sku": f"SKU{n}", "name": "A name that is long " * 4, "quantity": n} for n in range(1, 31)]
LONG = [
    document_from_data("pick-list", {"stops": STOPS, "totes": TOTES}),
    document_from_data("packing-slip", {"lines": LINES, "with_prices": False, "order": "203-3188131-7206817"}),
    product_label(ProductLabelContent("85123A", "T-light holder", "85123A")),
]
TRACKING = [
    "NW204417380GB",
    "00340434161094042557",
    "1Z999AA10123456784",
    "a>b^c~d_e\\f",
    "12",
    "A7",
    "A1234567890123B",
    "*$/+%",
]
ORDERS = ["#1042", "203-3188131-7206817", "Nº 42", "SO/2026/0001", "注文42", "x" * 90]


@pytest.mark.parametrize("dpi", [203, 300])
def test_every_code_reads_back_from_the_zpl(dpi: int) -> None:
    documents = [*SAMPLES, *LONG]
    for document, pictures in zip(documents, draw_documents(documents, dpi), strict=True):
        assert len(pictures) == len(document.pages)
        for page, picture in zip(document.pages, pictures, strict=True):
            assert codes(picture) == codes_of(page), document.title


@pytest.mark.parametrize("document", [*SAMPLES, *LONG, command_sheet(A4)], ids=lambda document: document.title)
def test_every_code_reads_back_from_the_pdf(document: Document) -> None:
    pictures = draw_document_pdf(document)
    assert [codes(picture) for picture in pictures] == [codes_of(page) for page in document.pages]


@pytest.mark.parametrize("dpi", [203, 300])
def test_codes_of_every_kind_read_back(dpi: int) -> None:
    labels = [shipping_label(replace(LABEL, tracking_number=number)) for number in TRACKING]
    slips = [document_from_data("packing-slip", {"order": order}) for order in ORDERS]
    drawn = draw_documents([*labels, *slips], dpi)
    assert [codes(pages[0]) for pages in drawn] == [[text] for text in [*TRACKING, *ORDERS]]
    for document, text in zip([*labels, *slips], [*TRACKING, *ORDERS], strict=True):
        assert codes(draw_document_pdf(document)[0]) == [text]


@pytest.mark.parametrize("dpi", [203, 300])
def test_labels_with_hard_texts_keep_their_code(dpi: int) -> None:
    drawn = draw_documents([shipping_label(content) for content in HARD.values()], dpi)
    for (name, content), (picture,) in zip(HARD.items(), drawn, strict=True):
        assert codes(picture) == ([content.tracking_number] if content.tracking_number else []), name


@pytest.mark.parametrize(
    ("symbology", "data", "read"),
    [
        (Symbology.GS1_128, "(01)09501101530003(10)AB-123", "(01)09501101530003(10)AB-123"),
        (Symbology.GS1_128, "(00)095011010209171719", "(00)095011010209171719"),
        (Symbology.GS1_128, "(10)LOT(21)SER1", "(10)LOT(21)SER1"),
        (Symbology.GS1_DATA_MATRIX, "(01)09501101530003(17)281231(10)A", "(01)09501101530003(17)281231(10)A"),
        (Symbology.GS1_128, "no elements", "no elements"),
        (Symbology.DATA_MATRIX, "T-0117", "T-0117"),
        (Symbology.QR, "https://example.com/ł?a=^~", "https://example.com/ł?a=^~"),
    ],
)
def test_symbologies(symbology: Symbology, data: str, read: str) -> None:
    element = Barcode(CodeBox(2, 20, 97, 25, symbology), data)
    document = Document(DocumentKind.TOTE, "t", LABEL_4X6, ((element,),))
    assert codes(draw_document_pdf(document)[0]) == [read]
    assert [codes(pages[0]) for pages in draw_documents([document], 203)] == [[read]]


@pytest.mark.parametrize(
    ("data", "modules", "field"),
    [
        ("NW204417380GB", 178, ">:NW204417380GB"),
        ("00340434161094042557", 145, ">;00340434161094042557"),
        ("a>b", 68, ">:a>0b"),
        (code128.gs1_data("(01)09501101530003"), 134, ">;>80109501101530003"),
        (code128.gs1_data("(10)A(21)B"), 123, ">:>810A>821B"),
    ],
)
def test_what_the_printer_is_told(data: str, modules: int, field: str) -> None:
    code = code128.encode(data)
    assert code is not None
    assert (code.modules, code.field) == (modules, field)
    last_bar = code.bars()[-1]
    assert sum(last_bar) == modules


@pytest.mark.parametrize("data", ["", "ł", "a\nb", "\x00"])
def test_code_128_does_not_hold_everything(data: str) -> None:
    assert code128.encode(data) is None


@pytest.mark.parametrize("elements", ["", "01095", "(01)", "(1)5", "(01)0950(", "x(10)A"])
def test_a_broken_element_string_is_refused(elements: str) -> None:
    with pytest.raises(ValueError, match="not a GS1 element string"):
        code128.gs1_data(elements)


def test_bars_decode_when_drawn_by_hand() -> None:
    code = code128.encode("PW-OK")
    assert code is not None
    picture = Image.new("L", (code.modules * 3 + 60, 80), 255)
    pen = ImageDraw.Draw(picture)
    for place, wide in code.bars():
        pen.rectangle((30 + place * 3, 0, 30 + (place + wide) * 3 - 1, 79), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    assert (found.format, found.text) == (zxingcpp.BarcodeFormat.Code128, "PW-OK")


def test_a_code_keeps_its_quiet_zones() -> None:
    plan = plan_code(Barcode(CodeBox(0, 0, 97, 20), "T" * 28), 8)
    assert isinstance(plan, BarsPlan)
    assert plan.left >= 10 * plan.module
    assert plan.left + plan.code.modules * plan.module + 10 * plan.module <= 97 * 8


def test_a_place_that_holds_no_code_stays_empty() -> None:
    assert plan_code(Barcode(CodeBox(0, 0, 2, 2), "x" * 90), 8) is None
    assert plan_code(Barcode(CodeBox(0, 0, 97, 20), "\x00\n"), 8) is None
    assert plan_code(Barcode(CodeBox(0, 0, 97, 20), "x" * 5000), 8) is None
