"""Every vector file of the GS1 standard, and 125 barcodes with their meaning: exactly what is read, what is refused."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from app.domain.barcodes import CodeKind, read_code
from app.domain.gs1 import GS, Elements, parse_bracketed, parse_elements
from app.domain.gs1_identifiers import CODES, Identifier, identifier_of
from app.domain.gs1_link import parse_link
from tests.shared_data import shared
from tools.make_gs1_table import TARGET, entries

# Kinds of faults in vectors_linter.json that the reader refuses. The others concern who prints coupons, bank accounts,
# countries and places: the goods are the same, and an operator cannot mend a maker's label.
REFUSED = {
    *("NON_DIGIT_CHARACTER", "INVALID_CSET39_CHARACTER", "INVALID_CSET64_CHARACTER", "INCORRECT_CHECK_DIGIT"),
    *("ILLEGAL_DAY", "ILLEGAL_HOUR", "ILLEGAL_SECOND"),
}
# Refused where short GTINs are not allowed; we allow them.
FORGIVEN = {
    "https://a/01/416000336108": "^0100416000336108",
    "https://a/8004/9520614141234567?01=02345673": "^80049520614141234567^0100000002345673",
}


def vectors(name: str) -> list[dict[str, Any]]:
    """The cases of one file; those whose text a program builds are not in it."""
    cases: list[dict[str, Any]] = json.loads((shared("data/gs1") / name).read_text(encoding="utf-8"))
    return [case for case in cases if not any(isinstance(value, dict) for value in case.values())]


def known(code: str) -> Identifier:
    found = identifier_of(code)
    assert found is not None
    return found


def written(elements: Elements | None) -> str:
    """The element string as the vectors write it, `^` for FNC1."""
    text = "^"
    for code, value in elements.pairs if elements else ():
        text += code + value + ("" if known(code).fixed is not None else "^")
    return text.removesuffix("^") if elements else ""


def test_the_table_is_the_dictionary() -> None:
    lines = (shared("data/gs1") / "gs1-syntax-dictionary.txt").read_text(encoding="utf-8").splitlines()
    table = TARGET.read_text(encoding="utf-8").partition('TABLE = """\\\n')[2].removesuffix('"""\n')
    assert table.splitlines() == entries(lines)


def test_all_identifiers_that_another_reader_knows() -> None:
    cases = vectors("biip_application_identifiers.json")
    missing = {case["ai"] for case in cases} - set(CODES)
    assert not missing
    assert all((known(case["ai"]).fixed is None) == case["separator_required"] for case in cases)


def test_element_strings() -> None:
    for case in vectors("vectors_process_unbracketed_ai.json"):
        if case["data"].startswith("^"):
            read = parse_elements(case["data"].replace("^", GS))
            assert (read is not None) == case["ok"], case


def test_bracketed_element_strings() -> None:
    for case in vectors("vectors_parse_bracketed_ai.json"):
        read = parse_bracketed(case["bracketed"])
        assert (read is not None) == case["ok"], case
        assert written(read) == case["unbracketed"], case


def test_faults_in_the_data() -> None:
    for case in vectors("vectors_linter.json"):
        read = parse_bracketed(case["bracketed"])
        assert (read is None) == (case["result"] in REFUSED), case


def test_digital_links() -> None:
    cases = vectors("vectors_digital_link_parse.json")
    # The same address may be a case twice: with short GTINs, older words and unknown identifiers allowed, and without.
    # We allow the first two; an attribute that we do not know is left out.
    allowed = {case["uri"] for case in cases if case["ok"]}
    for case in cases:
        read = parse_link(case["uri"])
        if case["uri"] in allowed:
            if case["ok"]:
                assert written(read) == case["ai"].replace("^89ABC123", ""), case
        elif case["uri"] in FORGIVEN:
            assert written(read) == FORGIVEN[case["uri"]], case
        else:
            assert read is None, case


def test_links_that_others_write() -> None:
    for case in vectors("vectors_digital_link_generate.json"):
        if case["ok"]:
            read = parse_link(case["uri"])
            wanted = parse_bracketed(case["bracketed"].replace("(89)XXX", ""))
            assert read is not None and wanted is not None, case
            assert set(read.pairs) == set(wanted.pairs), case


def test_what_a_scanner_sends() -> None:
    for case in vectors("vectors_scan_data_process.json"):
        code = read_code(case["scan"])
        data: str = case["data"]
        if data.startswith("^"):
            assert code.kind is CodeKind.GTIN, case
            assert code.gtin == data[3:17], case
            assert code.lot == ("ABC123" if "10ABC123" in data else "ABC" if "10ABC" in data else None), case
        elif data.lower().startswith("http"):
            assert code.gtin == "12312312312333", case
        elif case["scan"] == "]E0123456789012":
            # Twelve digits are no EAN-13, but what many scanners send for a UPC-A.
            assert code.gtin == "00123456789012"
        elif case["ok"] and data.partition("|")[0].isdigit():
            assert code.gtin == data.partition("|")[0].zfill(14), case
        else:
            assert code.gtin is None, case
            assert (code.kind is CodeKind.EMPTY) == (len(case["scan"]) in (0, 3) and case["scan"] != "ABC"), case


def test_what_a_scanner_makes_of_a_symbol() -> None:
    for case in vectors("vectors_scan_data_generate.json"):
        if case["scan"] is None:
            continue
        code = read_code(case["scan"])
        linear = case["data"].partition("|")[0]
        if linear.startswith("^01"):
            assert code.gtin == linear[3:17], case
        elif linear.isdigit():
            assert code.gtin == linear.zfill(14), case
        else:
            assert code.gtin is None, case
            assert code.text == case["scan"][3:], case


def test_symbology_identifiers_are_taken_off() -> None:
    table = shared("data/gs1") / "aim_symbology_identifiers.csv"
    with table.open(encoding="utf-8", newline="") as file:
        names = [row["identifier"] for row in csv.DictReader(file)]
    assert len(names) == 28
    for name in names:
        code = read_code(f"{name}A-03-12\r\n")
        assert (code.symbology, code.text, code.keys) == (name, "A-03-12", ("A-03-12",))
        # An article is the same whatever symbol carries it.
        assert read_code(f"{name}5901234123457").keys[0] == "05901234123457"


def test_barcodes_with_their_meaning() -> None:
    for case in vectors("barcodes_parsed.json"):
        sent, gtin = case["input"], case.get("gtin14")
        code = read_code(sent)
        if gtin == "00000000000000":
            assert code.gtin is None
        elif len(sent) in (6, 7) and gtin:
            # Digits without a check digit may be an order or an article: looked up as both, claimed as neither.
            assert (code.kind, code.keys[0], code.keys[-1]) == (CodeKind.PLAIN, sent, gtin), case
        elif gtin:
            assert (code.gtin, code.keys[0]) == (gtin, gtin), case
        elif case.get("sscc"):
            assert (code.kind, code.sscc) == (CodeKind.SSCC, case["sscc"]), case
        elif not sent.startswith("("):
            assert code.gtin is None, case


def test_links_carry_what_belongs_to_the_article() -> None:
    code = read_code("https://id.gs1.org/00/106141412345678908?02=00614141123452&10=ABC123&37=25")
    assert (code.kind, code.sscc, code.gtin) == (CodeKind.SSCC, "106141412345678908", "00614141123452")
    assert (code.quantity, code.lot, code.keys[:2]) == (25, "ABC123", ("106141412345678908", "00614141123452"))


@pytest.mark.parametrize("sign", ["#", " ", "~", "é", "[", "|"])
def test_a_makers_lot_with_signs_of_its_own_still_names_the_article(sign: str) -> None:
    data = f"]C1010703206980498810A{sign}7{GS}17210526"
    code = read_code(data)
    assert (code.gtin, code.lot) == ("07032069804988", f"A{sign}7")
    assert parse_elements(data[3:]) is None
