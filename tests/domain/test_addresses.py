"""Addresses: what carriers send back is a fault, what they accept is none, and it is quick enough for an import."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.addresses import AddressFault, check_address, country_code, tidy_postcode
from app.domain.words import catalogue
from tests.shared_data import shared


@dataclass(frozen=True, slots=True)
class Written:
    name: str = "Harriet Ovenden"
    company: str = ""
    address1: str = "14 Mill Lane"
    address2: str = ""
    city: str = "Totnes"
    postcode: str = "TQ9 5HT"
    region: str = ""
    country: str = "GB"
    phone: str = ""


GOOD = Written()


def codes(**parts: str) -> list[str]:
    return [problem.code for problem in check_address(replace(GOOD, **parts))]


def test_a_good_address_has_no_fault() -> None:
    assert codes() == []
    assert codes(name="", company="Marlow & Finch Gifts") == []
    assert codes(address1="", address2="Flat 3, 22 Test Street") == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"name": ""}, ["name_missing"]),
        ({"name": " . "}, ["name_missing"]),
        ({"address1": "-"}, ["street_missing"]),
        ({"city": ""}, ["city_missing"]),
        ({"postcode": ""}, ["postcode_missing"]),
        ({"postcode": "TQ9 5H"}, ["postcode_wrong"]),
        ({"postcode": "12345"}, ["postcode_wrong"]),
        ({"country": ""}, ["country_missing"]),
        ({"country": "XX"}, ["country_unknown"]),
        ({"country": "ZZ"}, ["country_unknown"]),
        ({"country": "United Kingdom"}, ["country_unknown"]),
        ({"name": "", "city": "", "postcode": "?"}, ["name_missing", "city_missing", "postcode_missing"]),
    ],
)
def test_faults(parts: dict[str, str], expected: list[str]) -> None:
    assert codes(**parts) == expected


@pytest.mark.parametrize(
    ("country", "postcode", "tidy"),
    [
        ("GB", "tq95ht", "TQ95HT"),
        ("uk", "TQ9  5HT", "TQ9 5HT"),
        ("NL", "1012ab", "1012AB"),
        ("PL", "90001", "90-001"),
        ("DE", "D-50667", "50667"),
        ("CH", "CH-1201", "1201"),
        ("US", "02139", "02139"),
        ("US", "021391234", "02139-1234"),
        ("US", "2139", None),
        ("FR", "6900", None),
        ("JP", "〒100-0001", "1000001"),
        ("SE", "11455", "11455"),
        ("AE", "00000", "00000"),
        ("XX", "1", None),
    ],
)
def test_postcodes_in_any_spacing(country: str, postcode: str, tidy: str | None) -> None:
    assert tidy_postcode(country, postcode) == tidy


def test_countries_without_postcodes_or_towns() -> None:
    assert codes(country="AE", postcode="", city="دبي", name="مثال", address1="شارع 11") == []
    assert codes(country="IE", postcode="", city="Galway") == []
    assert codes(country="SG", postcode="546080", city="") == []


def test_states_where_carriers_want_them() -> None:
    boston = {"country": "US", "city": "Cambridge", "postcode": "02139"}
    assert codes(**boston) == ["region_missing"]
    assert codes(**boston, region="MA") == []
    assert codes(**boston, region="massachusetts") == []
    assert codes(**boston, region="Kent") == ["region_unknown"]
    assert codes(**boston, region="CA") == ["postcode_elsewhere"]
    assert codes(country="CA", region="ON", postcode="k1a0b1") == []


def test_faults_name_their_field_and_have_a_sentence() -> None:
    problem = check_address(replace(GOOD, postcode="12345"))[0]
    assert (problem.fault, problem.field, problem.found) == (AddressFault.POSTCODE_WRONG, "postcode", "12345")
    assert all(catalogue()[fault.key] for fault in AddressFault)
    assert country_code(" uk ") == "GB"


def _invented() -> list[Written]:
    found: dict[str, Written] = {}
    for path in sorted(shared("data/channel_exports").glob("*.expected.json")):
        for order in json.loads(path.read_text(encoding="utf-8"))["orders"]:
            parts = order["ship_to"]
            found[json.dumps(parts)] = Written(**{"company": "", **parts})
    return list(found.values())


def test_addresses_of_real_exports_pass_but_for_the_one_without_a_name() -> None:
    refused = [(each.address1, [p.code for p in check_address(each)]) for each in _invented() if check_address(each)]
    assert refused == [("Name missing 14", ["name_missing"])]


def test_twenty_thousand_a_second() -> None:
    addresses = _invented() * 300
    for address in addresses[:20]:
        check_address(address)
    best = min(_seconds(addresses) for _ in range(3))
    assert len(addresses) / best > 20_000


def _seconds(addresses: list[Written]) -> float:
    begun = time.perf_counter()
    for address in addresses:
        check_address(address)
    return time.perf_counter() - begun


@given(st.builds(Written, *[st.text(max_size=12)] * 7, st.sampled_from(["GB", "US", "JP", "", "??", "DE", "ẞß", "İ"])))
def test_no_text_raises(address: Written) -> None:
    check_address(address)
    tidy_postcode(address.country, address.postcode)
