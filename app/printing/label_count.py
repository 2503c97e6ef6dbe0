"""How many labels a job makes, read from its bytes; None where that cannot be told."""

from __future__ import annotations

import re

from app.domain.print_ports import PrintLanguage

_ZPL_FORMAT = re.compile(rb"\^XA(.*?)\^XZ", re.DOTALL)
_ZPL_COPIES = re.compile(rb"\^PQ\s*0*(\d{1,8})")
_ZPL_DRAWS = re.compile(rb"\^(?:FD|FV|GF|GB|GC|GD|GE|XG|IM|PQ)")
_ZPL_STORES = re.compile(rb"\^DF")
_TSPL_PRINT = re.compile(rb"(?:^|[\r\n])PRINT\s+(\d{1,8})(?:\s*,\s*(\d{1,8}))?[ \t]*(?=[\r\n]|$)")
_EPL_PRINT = re.compile(rb"(?:^|[\r\n])P(\d{1,5})(?:,(\d{1,5}))?[ \t]*(?=[\r\n]|$)")


def labels_in(data: bytes, language: PrintLanguage) -> int | None:
    """The labels that come out of these bytes; None for pages and for pictures that could hide a command."""
    if language is PrintLanguage.ZPL:
        return sum(zpl_labels(found.group(1)) for found in _ZPL_FORMAT.finditer(data))
    if language is PrintLanguage.TSPL:
        return None if b"BITMAP" in data else sum(map(copies, _TSPL_PRINT.finditer(data)))
    if language is PrintLanguage.EPL2:
        return None if b"GW" in data else sum(map(copies, _EPL_PRINT.finditer(data)))
    return None


def zpl_labels(body: bytes) -> int:
    """The labels of what stands between `^XA` and `^XZ`: none when it only stores a form or sets something."""
    if _ZPL_STORES.search(body) or not _ZPL_DRAWS.search(body):
        return 0
    found = _ZPL_COPIES.search(body)
    return int(found.group(1)) if found else 1


def copies(found: re.Match[bytes]) -> int:
    """Sets times copies of a print command."""
    return int(found.group(1)) * int(found.group(2) or 1)
