from __future__ import annotations

import re
import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.capture import PostalAddress
from app.domain.document_samples import sample_document
from app.domain.document_shipping import ShippingLabelContent, shipping_label
from app.domain.documents import LABEL_4X6, Document, DocumentKind, Text, TextBox
from app.printing.dots import DOTS_PER_MM
from app.printing.zpl import render_zpl
from tests.printing.drawing import draw_documents, ink
from tests.printing.labels import EVIL, HARD, LABEL, label_for

GOLDEN = Path(__file__).parent / "golden"
GRAPHIC = re.compile(r"\^GFA,\d+,\d+,\d+,:Z64:[A-Za-z0-9+/=]+:[0-9A-F]{4}")
OURS = re.compile(
    r"\^(XA|XZ|CI28|LH0,0|LS0|LT0|FWN|LRN|PW\d+|LL\d+|FO\d+,\d+|A0N,\d+,\d+|FB\d+,1,0,[CR]|FH|FD|FS|GB\d+,\d+,\d+|BY\d"
    r"|BCN,\d+,N,N,N)"
)


def one_text(text: str, lines: int = 1, width: float = 90) -> Document:
    return Document(DocumentKind.TOTE, "t", LABEL_4X6, ((Text(TextBox(4, 4, width, 5, max_lines=lines), text),),))


def fields(zpl: bytes) -> list[str]:
    return re.findall(r"\^FD(.*?)\^FS", zpl.decode("utf-8"), re.DOTALL)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if kind is not DocumentKind.COMMAND_SHEET])
def test_golden(kind: DocumentKind, dpi: int) -> None:
    expected = (GOLDEN / f"{kind}-{dpi}.zpl").read_text(encoding="utf-8")
    assert render_zpl(sample_document(kind), dpi).decode("utf-8") == expected


def test_the_address_stands_without_holes_and_the_postcode_is_larger() -> None:
    zpl = render_zpl(shipping_label(LABEL)).decode("utf-8")
    lines = zpl.splitlines()
    first = lines.index("^FO32,320^A0N,48,48^FH^FDHarriet Ovenden^FS")
    assert lines[first + 1 : first + 5] == [
        "^FO32,379^A0N,48,48^FH^FD14 Mill Lane^FS",
        "^FO32,438^A0N,48,48^FH^FDTotnes^FS",
        "^FO32,498^A0N,61,61^FH^FDTQ9 5HT^FS",
        "^FO32,570^A0N,48,48^FH^FDUNITED KINGDOM^FS",
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("^XZ^XA", "_5EXZ_5EXA"),
        ("~HS", "_7EHS"),
        ("a_5Eb", "a_5F5Eb"),
        ("line\r\n^FS\x00\x1b\x7f end", "line _5EFS end"),
        ("a\t\tb  ", "a b"),
        ("Łódź", "Łódź"),
        ("e\u0301", "é"),
        ("a\u00a0b\u202fc\u200bd\u202ee", "a b cde"),
    ],
)
def test_text_is_data(text: str, field: str) -> None:
    assert fields(render_zpl(one_text(text))) == [field]


@pytest.mark.parametrize("text", ["a\\b", "a\\&b", "山田", "محمد", "😀", "Жуков", "g\u0308", "ű", "\ud800"])
def test_what_the_printer_lacks_is_a_picture(text: str) -> None:
    zpl = render_zpl(one_text(text))
    assert fields(zpl) == []
    assert len(GRAPHIC.findall(zpl.decode("utf-8"))) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00\x01", "\u200b"])
def test_nothing_prints_nothing(text: str) -> None:
    assert render_zpl(one_text(text)).decode("utf-8").count("^FO") == 0


def test_what_does_not_fit_is_cut_visibly() -> None:
    assert fields(render_zpl(one_text("W" * 90))) == ["W" * 19 + "…"]
    assert fields(render_zpl(one_text("one two three four five six seven eight", 2, 30))) == [
        "one two three",
        "four five six…",
    ]


def test_an_unknown_density_is_refused() -> None:
    with pytest.raises(ValueError, match="no printer has 72 dots an inch"):
        render_zpl(one_text("a"), 72)


any_text = st.text(max_size=120) | st.sampled_from(
    [EVIL, "^", "~", "_", "\\", "\\&", ">", "山" * 60, "\u202e^XA", "a\n^XZ\nb"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(any_text, min_size=16, max_size=16), st.sampled_from([203, 300]))
def test_no_text_becomes_a_command(texts: list[str], dpi: int) -> None:
    content = ShippingLabelContent(
        order=texts[0],
        ship_to=PostalAddress(*texts[1:10]),
        ship_from=PostalAddress(*[texts[10]] * 9),
        tracking_number=texts[11],
        carrier=texts[12],
        service=texts[13],
        note=texts[14],
        references=(texts[15],),
    )
    zpl = render_zpl(shipping_label(content), dpi).decode("utf-8")
    rest = re.sub(r"(\^FD)[^^~\n]*(\^FS)", r"\1\2", GRAPHIC.sub("", zpl))
    assert OURS.sub("", rest).strip("\n").replace("\n", "") == ""
    assert rest.count("^XA") == rest.count("^XZ") == 1


@pytest.mark.parametrize("dpi", [203, 300])
def test_nothing_leaves_its_place(dpi: int) -> None:
    """Rendered by an independent renderer: the margins stay white, and the bands of the label keep what is theirs."""
    drawn = draw_documents([shipping_label(content) for content in HARD.values()], dpi)
    scale = DOTS_PER_MM[dpi]
    for name, (picture,) in zip(HARD, drawn, strict=True):
        black = ink(picture)
        assert not black[:, : int(1.9 * scale)].any(), name
        assert not black[:, int(99.7 * scale) :].any(), name
        assert not black[: int(4 * scale)].any(), name
        assert not black[int(151.2 * scale) :].any(), name
        for top, bottom in ((14.4, 15.4), (34.2, 34.5), (93.9, 94.5), (121.8, 122.9), (128.9, 130.1), (137.9, 138.9)):
            assert not black[int(top * scale) + 1 : int(bottom * scale)].any(), (name, top)


def test_pictures_are_really_there() -> None:
    """The place of the recipient's name holds ink for every script; unlike scripts give unlike pictures."""
    names = ["山田 太郎", "محمد عبد الله", "ถนนสุขุมวิท", "Жуков", "😀🎉", "שלום", "한국어", "क्षत्रिय"]
    drawn = draw_documents([shipping_label(label_for(name=name)) for name in names], 203)
    seen = set()
    for name, (picture,) in zip(names, drawn, strict=True):
        row = ink(picture)[320:376, 32:780]
        assert 150 < row.sum() < 20000, name
        seen.add(row.tobytes())
    assert len(seen) == len(names)


def test_a_label_takes_at_most_fifty_microseconds() -> None:
    contents = [
        replace(LABEL, tracking_number=f"NW{100000000 + number}GB", order=f"#{number}") for number in range(2000)
    ]
    medians = []
    for batch in range(0, len(contents), 400):
        taken = []
        for content in contents[batch : batch + 400]:
            start = time.perf_counter()
            render_zpl(shipping_label(content))
            taken.append(time.perf_counter() - start)
        medians.append(statistics.median(taken))
    assert min(medians) < 50e-6
