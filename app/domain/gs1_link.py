"""GS1 Digital Links: web addresses that name an article, its lot and its serial.

Compressed links (identifiers and data packed into one base64 word) are not read: such a word cannot be told from that
of any other short link, and would make an article of an address that names none. They stay plain codes, which a
product may carry like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from app.domain.gs1 import Elements
from app.domain.gs1_identifiers import Identifier, identifier_of

# The words that older links carry in place of the keys and qualifiers.
_WORDS = {
    **{"gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "payto": "415", "gsrn": "8018", "gsrnp": "8017"},
    **{"gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004"},
    **{"cpv": "22", "lot": "10", "ser": "21", "cpsn": "8011", "glnx": "254", "refno": "8020", "srin": "8019"},
    **{"party": "417", "upui": "235"},
}
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]+")
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")


def parse_link(url: str) -> Elements | None:
    """A GS1 Digital Link; None for any other address."""
    if not url.startswith(("http://", "https://", "HTTP://", "HTTPS://")) or not _ADDRESS.fullmatch(url):
        return None
    path, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    host, *pieces = path.removesuffix("/").split("/")
    if not _HOST.fullmatch(host):
        return None
    pairs = _path_pairs(pieces)
    if pairs is None:
        return None
    attributes = list(_query_pairs(query))
    codes = [code for code, _ in (*pairs, *attributes)]
    if len(set(codes)) < len(codes):
        return None
    for code, value in attributes:
        identifier = identifier_of(code)
        if identifier is None or not identifier.attribute or not identifier.accepts(value):
            return None
    return Elements((*pairs, *attributes))


def _path_pairs(pieces: list[str]) -> list[tuple[str, str]] | None:
    """The pairs of a path, from its last key on: `stem/01/<gtin>/10/<lot>`."""
    for start in range(len(pieces) - 2, -1, -2):
        key = _identifier(pieces[start])
        if key is None:
            return None
        if key.qualifiers is None:
            continue
        pairs = []
        for word, value in zip(pieces[start::2], pieces[start + 1 :: 2], strict=True):
            identifier = _identifier(word)
            if identifier is None:
                return None
            plain = _value(identifier.code, value)
            if not identifier.accepts(plain):
                return None
            pairs.append((identifier.code, plain))
        return pairs if _in_order(key, [code for code, _ in pairs[1:]]) else None
    return None


def _query_pairs(query: str) -> Iterator[tuple[str, str]]:
    for term in query.replace(";", "&").split("&"):
        code, given, value = term.partition("=")
        if given and identifier_of(code) is not None:
            yield code, _value(code, value.replace("+", " "))


def _identifier(word: str) -> Identifier | None:
    return identifier_of(word) or identifier_of(_WORDS.get(word.lower(), ""))


def _value(code: str, escaped: str) -> str:
    """The data of one element: unescaped, and a GTIN with its leading zeros."""
    plain = unquote_to_bytes(escaped).decode("utf-8", "replace") if "%" in escaped else escaped
    return plain.zfill(14) if code in ("01", "02") and len(plain) in (8, 12, 13) else plain


def _in_order(key: Identifier, codes: list[str]) -> bool:
    """Whether these qualifiers may follow the key: some of one row, in that row's order."""
    for row in key.qualifiers or ():
        rest = iter(row)
        if all(code in rest for code in codes):
            return True
    return False
