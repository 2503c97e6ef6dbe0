"""Money is integer minor units and a currency."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def exponent(currency: str) -> int:
    """How many digits the currency has after the point: 2 for GBP, 0 for JPY."""
    return _EXPONENTS.get(currency.upper(), 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount, rounded half up."""
    return int((amount * (10 ** exponent(currency))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount of so many minor units, with exactly the currency's digits."""
    digits = exponent(currency)
    return Decimal(minor).scaleb(-digits)


def money_text(minor: int, currency: str) -> str:
    """An amount as it stands in files and on screens without its currency: `12.50`."""
    return f"{to_decimal(minor, currency):f}"
