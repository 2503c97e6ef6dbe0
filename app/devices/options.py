"""The address of a device taken apart: its kind, its place, its options; what is wrong in it is said in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, unquote

from app.domain.errors import BadUseError


class Address:
    """`kind:place?option=value&...`, whose options are taken one after the other; what is left is unknown."""

    def __init__(self, uri: str) -> None:
        """Raises BadUseError where there is no kind."""
        scheme, colon, rest = uri.strip().partition(":")
        if not colon:
            raise BadUseError("device.no_scheme", uri=uri)
        place, _, query = rest.partition("?")
        self.uri = uri
        self.scheme = scheme.strip().lower()
        self.place = unquote(place.removeprefix("//"))
        self._options = dict(parse_qsl(query, keep_blank_values=True))

    def text(self, name: str, default: str = "") -> str:
        """Any text."""
        return self._options.pop(name, default)

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """One of some words. Raises BadUseError for another."""
        value = self.text(name, default).lower()
        if value not in allowed:
            raise self.wrong(name, ", ".join(allowed))
        return value

    def mapped(self, name: str, allowed: Mapping[str, str], default: str) -> str:
        """What one of some words stands for. Raises BadUseError for another."""
        return allowed[self.choice(name, allowed, default)]

    def number(self, name: str, default: int, least: int = 0, most: int = 999_999_999) -> int:
        """A whole number. Raises BadUseError for what is none or out of bounds."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and least <= int(value) <= most):
            raise self.wrong(name, f"{least}-{most}")
        return int(value)

    def hexadecimal(self, name: str) -> int | None:
        """Four hex digits, as USB numbers are written; None where there are none. Raises BadUseError for others."""
        value = self.text(name)
        return hex4(self, name, value) if value else None

    def wrong(self, name: str, allowed: str) -> BadUseError:
        """The error for an option whose value means nothing."""
        return BadUseError("device.option_wrong", uri=self.uri, option=name, allowed=allowed)

    def finish(self) -> None:
        """Raises BadUseError for options that nobody took."""
        if self._options:
            raise BadUseError("device.option_unknown", uri=self.uri, option=", ".join(sorted(self._options)))


def hex4(address: Address, name: str, value: str) -> int:
    """A number of one to four hex digits, with or without `0x`. Raises BadUseError for others."""
    digits = value.lower().removeprefix("0x")
    if not (1 <= len(digits) <= 4 and all(digit in "0123456789abcdef" for digit in digits)):
        raise address.wrong(name, "0000-ffff")
    return int(digits, 16)
