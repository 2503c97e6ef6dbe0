"""What a scan says: check digits, the lengths of a GTIN, GS1 element strings and links, own codes; nothing raises."""

from __future__ import annotations

import csv
import json
import statistics
import time
from datetime import date

import biip
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.barcodes import CodeKind, gtin14, normalise_identifier, own_code, read_code, upce_to_upca
from app.domain.gs1 import GS, check_digit, has_check_digit, parse_bracketed, parse_date, parse_elements
from app.domain.gs1_link import parse_link
from tests.shared_data import shared

GTIN = "05901234123457"


@pytest.mark.parametrize("text", ["5901234123457", "05901234123457", "]E05901234123457", "(01)05901234123457"])
def test_one_article_however_it_is_sent(text: str) -> None:
    code = read_code(text)
    assert (code.kind, code.gtin, code.keys[0]) == (CodeKind.GTIN, GTIN, GTIN)


def test_upc_and_ean_are_the_same_article() -> None:
    assert read_code("036000291452").gtin == read_code("0036000291452").gtin == "00036000291452"
    assert read_code("04252614").keys[0] == gtin14("042100005264")
    assert upce_to_upca("04252614") == "042100005264"
    assert read_code("96385074").gtin == "00000096385074"
    assert normalise_identifier(" 036000291452\r") == "00036000291452"
    assert normalise_identifier("85123A ") == "85123A"


def test_wrong_check_digits_are_plain_codes() -> None:
    code = read_code("5901234123458")
    assert (code.kind, code.gtin, code.keys) == (CodeKind.PLAIN, None, ("5901234123458",))


def test_eleven_digits_may_have_lost_their_zero() -> None:
    assert read_code("36000291452").keys == ("36000291452", "00036000291452", "#36000291452")


def test_zeros_are_no_article() -> None:
    assert read_code("00000000").gtin is None


def test_a_carton_with_lot_expiry_and_serial() -> None:
    code = read_code(f"]C10107032069804988100329{GS}1721052621ABC-1\r\n")
    assert code.symbology == "]C1"
    assert code.kind is CodeKind.GTIN
    assert (code.gtin, code.lot, code.expiry, code.serial) == ("07032069804988", "0329", date(2021, 5, 26), "ABC-1")
    assert code.keys == ("07032069804988", code.text)


def test_a_serial_alone_names_something() -> None:
    code = read_code("]C121ABC-1")
    assert (code.kind, code.serial, code.keys) == (CodeKind.GS1, "ABC-1", ("ABC-1", "21ABC-1"))
    assert read_code("]C1400PO-77").keys == ("PO-77", "400PO-77")


def test_a_pallet_says_what_and_how_many() -> None:
    code = read_code("(00)106141412345678908(02)00614141123452(37)25(10)ABC123")
    assert (code.kind, code.sscc, code.gtin) == (CodeKind.SSCC, "106141412345678908", "00614141123452")
    assert (code.quantity, code.lot, code.keys[0]) == (25, "ABC123", "106141412345678908")


def test_separators_of_a_scanner_without_fnc1() -> None:
    sent = "0107032069804988100329~17210526"
    assert read_code(sent, ("~",)).expiry == date(2021, 5, 26)
    assert read_code(sent.replace("~", "{GS}"), ("~", "{GS}")).lot == "0329"


def test_gs1_without_any_mark_is_read_when_it_is_whole() -> None:
    assert read_code("010703206980498815210526100329").lot == "0329"
    assert read_code("00106141412345678908").sscc == "106141412345678908"
    assert read_code("106141412345678908").kind is CodeKind.SSCC
    assert read_code("0100123456789012").gtin == "00123456789012"
    assert read_code("010012345678901").gtin is None


def test_weights() -> None:
    assert read_code("]e001123456789012313103001794").weight_grams == 1794
    assert parse_elements("3201000100") is not None
    assert parse_elements("3201000100").weight_grams == 4536  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "gtin", "lot"),
    [
        ("https://id.gs1.org/01/07032069804988/10/0329?15=210526", "07032069804988", "0329"),
        ("https://example.com/01/614141123452/10/ABC123?15=250330", "00614141123452", "ABC123"),
        ("]Q1HTTPS://example.com/01/12312312312333?99=TEST", "12312312312333", None),
    ],
)
def test_digital_links(text: str, gtin: str, lot: str | None) -> None:
    code = read_code(text)
    assert (code.kind, code.gtin, code.lot) == (CodeKind.GTIN, gtin, lot)


def test_other_addresses_are_plain() -> None:
    assert read_code("https://example.com/track/1Z999").kind is CodeKind.PLAIN


@pytest.mark.parametrize(
    ("text", "day"),
    [("240200", date(2024, 2, 29)), ("250230", None), ("991231", date(1999, 12, 31)), ("261301", None), ("2601", None)],
)
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "kind", "keys"),
    [
        ("T-0117", CodeKind.TOTE, ("T-0117",)),
        ("t-0117\r", CodeKind.TOTE, ("T-0117", "t-0117")),
        ("OP-ANNA", CodeKind.BADGE, ("OP-ANNA",)),
        ("PW-OK", CodeKind.COMMAND, ("PW-OK",)),
        ("PL-0012", CodeKind.PICK_LIST, ("PL-0012",)),
        ("RMA-0388", CodeKind.RETURN, ("RMA-0388",)),
        ("A-03-12-2", CodeKind.PLAIN, ("A-03-12-2",)),
        ("85123a", CodeKind.PLAIN, ("85123a", "85123A")),
        ("#1042", CodeKind.PLAIN, ("#1042", "1042")),
        ("1042", CodeKind.PLAIN, ("1042", "#1042")),
        ("NW204417380GB", CodeKind.PLAIN, ("NW204417380GB",)),
        ("T-", CodeKind.PLAIN, ("T-",)),
        ("\r\n", CodeKind.EMPTY, ()),
        ("]C1", CodeKind.EMPTY, ()),
    ],
)
def test_own_codes_and_names(text: str, kind: CodeKind, keys: tuple[str, ...]) -> None:
    code = read_code(text)
    assert (code.kind, code.keys) == (kind, keys)


def test_codes_that_documents_encode() -> None:
    assert own_code(CodeKind.TOTE, 117) == "T-0117"
    assert own_code(CodeKind.RETURN, "0388") == "RMA-0388"
    assert all(read_code(own_code(kind, 7)).kind is kind for kind in CodeKind if kind.value in _own_kinds())
    with pytest.raises(ValueError, match="no prefix"):
        own_code(CodeKind.GTIN, 1)


def _own_kinds() -> set[str]:
    return {"command", "badge", "tote", "cart", "cage", "pick_list", "fulfillment", "package", "return"}


@given(st.one_of(st.text(), st.binary(), st.text(alphabet=f"0123456789()]C1dQ3{GS}-#hHtps:/\0\ud800")))
def test_nothing_raises_and_all_can_be_stored(raw: str | bytes) -> None:
    code = read_code(raw, ("~",))
    for text in (code.raw, code.text, *code.keys):
        assert "\0" not in text
        text.encode("utf-8")
    assert (code.kind is CodeKind.EMPTY) == (not code.keys)
    assert len(set(code.keys)) == len(code.keys) <= 4


@given(st.text(alphabet="0123456789", min_size=7, max_size=13).filter(lambda digits: len(digits) in (7, 11, 12, 13)))
def test_check_digits_hold(digits: str) -> None:
    whole = digits + check_digit(digits)
    assert has_check_digit(whole)
    assert not any(has_check_digit(digits + wrong) for wrong in "0123456789" if wrong != whole[-1])


def test_real_product_codes_agree_with_an_independent_reader() -> None:
    table = next(shared("data/gtin_openfoodfacts").glob("*.csv"))
    with table.open(encoding="utf-8", newline="") as file:
        codes = [next(iter(row.values())) for row in csv.DictReader(file)][:2000]
    for text in codes:
        if len(text) not in (12, 13, 14) or text.startswith("0" * (len(text) - 8)):
            continue
        other = biip.parse(text).gtin
        assert read_code(text).gtin == (other.as_gtin_14() if other else None), text


def test_vectors_of_the_standard_are_accepted() -> None:
    folder = shared("data/gs1")
    for case in json.loads((folder / "vectors_process_unbracketed_ai.json").read_text(encoding="utf-8")):
        data = case["data"]
        if isinstance(data, str) and data.startswith("^") and case["ok"]:
            assert parse_elements(data.replace("^", GS)) is not None, case
    for case in json.loads((folder / "vectors_parse_bracketed_ai.json").read_text(encoding="utf-8")):
        if isinstance(case["bracketed"], str) and case["ok"]:
            assert parse_bracketed(case["bracketed"]) is not None, case


@pytest.mark.parametrize(
    "data",
    ["", "89123", "0112345678901234", "011234567890123A", "01123456789012312", "17251340", "10", f"21{'x' * 21}", "1"],
)
def test_broken_element_strings_are_none(data: str) -> None:
    assert parse_elements(data) is None
    assert parse_link(data) is None


def test_a_plain_code_takes_microseconds() -> None:
    spent = []
    for _ in range(2000):
        begun = time.perf_counter_ns()
        read_code("85123A")
        spent.append(time.perf_counter_ns() - begun)
    assert statistics.median(spent) < 50_000


@pytest.mark.parametrize(
    ("catalogue", "scanned"),
    [
        ("036000291453", "0036000291453"),  # a store's own code, its UPC sent as EAN
        ("0036000291453", "036000291453"),
        ("36000291453", "036000291453"),
        ("036000291453", "36000291453"),
        ("36000291452", "036000291452"),  # the spreadsheet lost a zero before the import
        ("036000291452", "36000291452"),
        ("0425261", "0425261"),
        ("042100005264", "425261"),  # UPC-E without number system and check digit
        ("5901234123458", "5901234123458"),
    ],
)
def test_what_is_in_the_catalogue_is_found_whatever_its_check_digit(catalogue: str, scanned: str) -> None:
    assert normalise_identifier(catalogue) in read_code(scanned).keys


def test_a_composite_code_and_an_add_on_name_their_article() -> None:
    composite = read_code(f"]E402345673|]e010AB1{GS}17260131")
    assert (composite.gtin, composite.lot, composite.expiry) == ("00000002345673", "AB1", date(2026, 1, 31))
    assert read_code("]E3590123412345712").keys[0] == GTIN
    assert read_code("]E3590123412345712345").keys[0] == GTIN


def test_weights_in_other_units_and_a_day_with_an_hour() -> None:
    assert read_code("]C101059012341234573561000010").weight_grams == 31
    assert read_code("]C1010590123412345770032605241200").expiry == date(2026, 5, 24)
    assert read_code("]C10305901234123457").gtin == GTIN
