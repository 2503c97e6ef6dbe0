from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.capture import Doubt, FileRefused, Progress
from app.domain.capture_settings import ReadSettings
from app.domain.errors import BadUseError
from app.domain.words import catalogue, say
from app.integrations.channels.formats import detect, readers
from tests.integrations.reading import read_file, read_text
from tests.shared_data import shared

HEAD = "order,sku,qty\n"


@pytest.mark.parametrize("format_", list(readers()))
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "capture.file.empty"),
        (b" \r\n\r\n", "capture.file.empty"),
        (b"\xef\xbb\xbf\r\n", "capture.file.empty"),
        (b"PK\x03\x04rest of a workbook", "capture.file.not_text"),
        (b"%PDF-1.7 and so on", "capture.file.not_text"),
        (bytes(range(256)) * 20, "capture.file.not_text"),
    ],
)
def test_what_is_no_text_is_refused_in_every_format(tmp_path: Path, format_: str, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_text(format_, tmp_path, content)
    assert refusal.value.code == code
    assert say(refusal.value.code, **refusal.value.values).startswith("file.csv ")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEAD.encode() + b"1,A,1\n2,B\x00,1\n" + b"3,C,1\n" * 2000, "capture.file.not_text"),
        (HEAD.encode() + b"1,A,1\n" * 2000 + b"2,B\x00,1\n", "capture.file.not_text"),
        (b"just some words\nand more of them\n", "capture.file.no_table"),
        (b"a,b,c\n1,2,3\n", "capture.file.wrong_header"),
        (HEAD.encode() + '1,A,1\n2,é,1\n3,"€'.encode()[:-1], "capture.file.cut_off"),
        (HEAD.encode() + b'1,A,1\n2,"B,1\n3,C,1\n', "capture.file.unclosed_quote"),
        (HEAD.encode() + b'1,A,1\n2,"B,1', "capture.file.unclosed_quote"),
        (HEAD.encode() + b'1,A,1\n2,"B,1\n3,"C",1\n', "capture.file.unclosed_quote"),
        (HEAD.encode() + b'1,A,1\n2,"B,1\n' + b"3,C,1\n" * 30000, "capture.file.unclosed_quote"),
        (HEAD.encode() + b"1,A,1\n2," + b"B" * 140_000 + b",1\n", "capture.file.cell_too_long"),
    ],
)
def test_a_malformed_file_is_refused_before_anything_is_taken(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    taken = []
    with pytest.raises(FileRefused) as refusal:
        taken.extend(readers()["csv-orders"].read(path, ReadSettings()))
    assert refusal.value.code == code
    assert refusal.value.values["file"] == "file.csv"
    assert [value for value in taken if not isinstance(value, Progress)] == []
    if code == "capture.file.unclosed_quote":
        assert refusal.value.values["line"] == 3


@pytest.mark.parametrize("name", ["shopify_orders_export_2.csv", "ebay_orders_report.csv"])
def test_of_a_file_that_was_cut_off_no_order_is_taken_by_halves(tmp_path: Path, name: str) -> None:
    path = shared(f"data/channel_exports/{name}")
    whole = {order.number: len(order.lines) for order in read_file("auto", path).orders}
    content = path.read_bytes()
    kept = 0
    for end in range(2000, len(content), 397):
        try:
            read = read_text("auto", tmp_path, content[:end])
        except FileRefused as refusal:
            assert refusal.code in ("capture.file.unclosed_quote", "capture.file.cut_off")
            continue
        kept += 1
        for order in read.orders:
            assert len(order.lines) == whole[order.number] or Doubt.LINES_MISSING in order.doubts
    assert kept > 5


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileRefused) as refusal:
            detect(path)
        assert refusal.value.code == "capture.file.unreadable"


def test_told_encodings_are_checked(tmp_path: Path) -> None:
    content = (HEAD + "1,Å,1\n").encode("latin-1")
    wrong, unknown = "capture.file.wrong_encoding", "capture.file.encoding_unknown"
    told = (("utf-8", wrong), ("utf-16", wrong), ("utf-32", wrong), ("klingon", unknown), ("base64", unknown))
    for encoding, code in told:
        with pytest.raises(FileRefused) as refusal:
            read_text("csv-orders", tmp_path, content, ReadSettings(encoding=encoding))
        assert refusal.value.code == code
    assert read_text("csv-orders", tmp_path, content, ReadSettings(encoding="latin-1")).order.lines[0].sku == "Å"


def test_an_unknown_zone_is_bad_use(tmp_path: Path) -> None:
    with pytest.raises(BadUseError) as refusal:
        read_text("csv-orders", tmp_path, HEAD + "1,A,1\n", ReadSettings(zone="Mars/Olympus"))
    assert refusal.value.code == "capture.zone_unknown"


def test_the_wrong_format_says_what_lacks_and_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_text("shopify-orders", tmp_path, HEAD + "1,A,1\n")
    assert refusal.value.values == {
        "file": "file.csv",
        "missing": "Name, Lineitem quantity, Lineitem name, Financial Status",
        "found": "order, sku, qty",
    }


@pytest.mark.parametrize("text", ["PNG", "one\ntwo\n", '"Name,Email\n#1,a'])
def test_a_text_without_headings_is_told_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_text("auto", tmp_path, text)
    assert (refusal.value.code, dict(refusal.value.values)) == ("capture.file.no_table", {"file": "file.csv"})


def test_every_other_shared_table_is_read_or_refused_with_a_sentence() -> None:
    for folder in ("magento_sample", "northwind", "superstore", "carparts"):
        for path in sorted(shared(f"data/{folder}").glob("*.csv")):
            try:
                list(readers()["auto"].read(path, ReadSettings()))
            except FileRefused as refusal:
                assert refusal.code == "capture.file.format_unknown", path


def test_each_code_that_is_said_has_its_sentence() -> None:
    app = Path(__file__).parents[2] / "app"
    text = "".join(path.read_text(encoding="utf-8") for path in (app / "integrations" / "channels").rglob("*.py"))
    said = {f"capture.refused.{code}" for code in re.findall(r'RowProblem\(\s*[\w\[\]0-9]+, "(\w+)"', text)}
    said |= {f"capture.skipped.{code}" for code in re.findall(r'RowSkipped\(\w+, "(\w+)"', text)}
    said |= set(re.findall(r'"(capture\.file\.\w+)"', text))
    said |= {f"capture.doubt.{doubt.value}" for doubt in Doubt}
    said |= {"capture.refused.row_cut_off", "capture.refused.too_many_cells", "capture.skipped.cancellation"}
    assert len(said) > 30
    assert said - set(catalogue()) == set()
