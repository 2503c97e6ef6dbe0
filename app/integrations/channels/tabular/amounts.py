"""Amounts and whole numbers as people and channels write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import exponent, to_minor

MOST_UNITS, MOST_AMOUNT = 1_000_000, 10_000_000_000
"""What is beyond is a slip of the keyboard or of columns; their product still fits a database's whole number."""
_NOISE = str.maketrans("", "", "   '’\t")
_GROUPS = {
    ",": re.compile(r"\d{1,3}(,\d{3})+|\d*"),
    ".": re.compile(r"\d{1,3}(\.\d{3})+|\d*"),
}
_NUMBER = re.compile(r"[-+]?(?:\d[\d.,]*|[.,]\d+)")
_COMMA_DECIMAL = re.compile(r"(?:^|[^\d.,])(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})$")
_POINT_DECIMAL = re.compile(r"(?:^|[^\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})$")
_SYMBOLS = (
    ("AU $", "AUD"), ("A $", "AUD"), ("AU$", "AUD"), ("A$", "AUD"), ("C $", "CAD"), ("CA$", "CAD"), ("C$", "CAD"),
    ("US $", "USD"), ("US$", "USD"), ("HK$", "HKD"), ("HK $", "HKD"), ("NZ$", "NZD"), ("S$", "SGD"), ("R$", "BRL"),
    ("£", "GBP"), ("€", "EUR"), ("zł", "PLN"), ("¥", "JPY"), ("￥", "JPY"), ("円", "JPY"), ("₹", "INR"), ("Kč", "CZK"),
    ("CHF", "CHF"), ("Fr.", "CHF"), ("$", "USD"),
)  # fmt: skip
_TAIL = re.compile(r"[^\d.,]+$")
_WHOLE = re.compile(r"[-+]?\d+[.,]0{1,2}")
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Amount:
    """Minor units, and the amount as reported where it is finer than those ('' otherwise)."""

    minor: int
    exact: str = ""


class AmountReader:
    """Reads amounts with one decimal sign (',' '.' or '' for either, judged by each text); remembers what it read."""

    def __init__(self, decimal: str = "") -> None:
        self.decimal = decimal
        self._known: dict[tuple[str, str], Amount] = {}

    def __call__(self, text: str, currency: str) -> Amount:
        """The amount in a currency's minor units. Raises ValueError when the text is no amount."""
        known = self._known.get((text, currency))
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[text, currency] = self._read(text, currency)
        return known

    def _read(self, text: str, currency: str) -> Amount:
        value = read_decimal(text, self.decimal)
        minor = to_minor(value, currency)
        if Decimal(minor).scaleb(-exponent(currency)) == value:
            return Amount(minor)
        return Amount(minor, plain(value))


def plain(value: Decimal) -> str:
    """A number without an exponent, with two decimals at least."""
    digits = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{digits}f}"


def read_decimal(text: str, decimal: str = "") -> Decimal:
    """The number in a text that may hold a currency, thousands and a sign. Raises ValueError for anything else."""
    compact = text.translate(_NOISE).replace("−", "-")
    minus = compact.startswith("(") and compact.endswith(")")
    found = _NUMBER.findall(compact)
    if len(found) != 1:
        raise ValueError(f"no amount: {text!r}")
    digits = found[0].lstrip("+-")
    negative = minus or compact.split(digits, 1)[0].find("-") >= 0
    sign = decimal or _judge(digits)
    thousands = "," if sign == "." else "."
    whole, _, fraction = digits.partition(sign)
    if not _GROUPS[thousands].fullmatch(whole) or not (fraction.isdigit() or not fraction):
        raise ValueError(f"no amount: {text!r}")
    value = Decimal(f"{whole.replace(thousands, '') or '0'}.{fraction or '0'}")
    if value > MOST_AMOUNT:
        raise ValueError(f"no amount: {text[:60]!r}")
    return -value if negative else value


def _judge(digits: str) -> str:
    """The decimal sign of one text: the last sign, unless it repeats or parts three digits after a comma."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    if comma >= 0:
        return "." if digits.count(",") > 1 or len(digits) - comma == 4 else ","
    return "," if digits.count(".") > 1 else "."


def find_decimal(texts: Iterable[str], fallback: str = ".") -> str:
    """The decimal sign that a column of amounts is written with; the fallback where nothing tells."""
    comma = point = 0
    for text in texts:
        compact = _TAIL.sub("", text.translate(_NOISE))
        comma += bool(_COMMA_DECIMAL.search(compact))
        point += bool(_POINT_DECIMAL.search(compact))
    if comma == point:
        return fallback
    return "," if comma > point else "."


def read_quantity(text: str, decimal: str = "") -> int:
    """A whole number of units: `12`, `12.0`, `12,00`, `1 200`. Raises ValueError for anything else."""
    units = _whole_number(text, decimal)
    if abs(units) > MOST_UNITS:
        raise ValueError(f"no whole number: {text[:60]!r}")
    return units


def _whole_number(text: str, decimal: str) -> int:
    try:
        return int(text)
    except ValueError:
        pass
    if _WHOLE.fullmatch(text.strip()):
        return int(re.split("[.,]", text)[0])
    value = read_decimal(text, decimal)
    if value != value.to_integral_value():
        raise ValueError(f"no whole number: {text!r}")
    return int(value)


def find_currency(text: str, fallback: str = "") -> str:
    """The currency that an amount names by its ISO code or sign; the fallback where it names none."""
    code = _CODE.search(text)
    if code:
        return code.group(1)
    for symbol, currency in _SYMBOLS:
        if symbol in text:
            return fallback if symbol == "$" and fallback else currency
    return fallback
