"""How many labels a job makes, read from its bytes; None where that cannot be told."""

from __future__ import annotations

import re

from app.domain.print_ports import PrintLanguage

_ZPL_FORMAT = re.compile(rb"\^XA(.*?)\^XZ", re.DOTALL)
_ZPL_COPIES = re.compile(rb"\^PQ\s*0*(\d{1,8})")
_ZPL_DRAWS = re.compile(rb"\^(?:FD|FV|GF|GB|GC|GD|GE|XG|IM|PQ)")
_ZPL_STORES = re.compile(rb"\^DF")
_TSPL = re.compile(
    rb"(?:^|(?<=[\r\n]))(?:"
    rb"BITMAP +\d+ *, *\d+ *, *(?P<width>\d{1,5}) *, *(?P<height>\d{1,6}) *, *\d+ *,"
    rb"|PRINT\s+(?P<sets>\d{1,8})(?:\s*,\s*(?P<copies>\d{1,8}))?[ \t]*(?=[\r\n]|$)"
    rb"|(?P<program>DOWNLOAD|RUN|FOR|WHILE|DO|IF|GOTO|GOSUB)\b)"
)
_EPL2 = re.compile(
    rb"(?:^|(?<=[\r\n]))(?:"
    rb"GW\d+,\d+,(?P<width>\d{1,5}),(?P<height>\d{1,6})(?:,|\r?\n)"
    rb"|P(?P<sets>\d{1,5})(?:,(?P<copies>\d{1,5}))?[ \t]*(?=[\r\n]|$)"
    rb"|(?P<program>GM|ES|F[SR])\")"
)
"""What prints, pictures whose bytes are no commands, and what makes a count of lines wrong: programs, stored forms."""


def labels_in(data: bytes, language: PrintLanguage) -> int | None:
    """The labels that come out of these bytes; None for pages, programs and pictures that are cut off."""
    if language is PrintLanguage.ZPL:
        return sum(zpl_labels(found.group(1)) for found in _ZPL_FORMAT.finditer(data))
    if language is PrintLanguage.TSPL:
        return _of_lines(data, _TSPL)
    if language is PrintLanguage.EPL2:
        return _of_lines(data, _EPL2)
    return None


def zpl_labels(body: bytes) -> int:
    """The labels of what stands between `^XA` and `^XZ`: none when it only stores a form or sets something."""
    if _ZPL_STORES.search(body) or not _ZPL_DRAWS.search(body):
        return 0
    found = _ZPL_COPIES.search(body)
    return int(found.group(1)) if found else 1


def _of_lines(data: bytes, commands: re.Pattern[bytes]) -> int | None:
    labels, at = 0, 0
    while (found := commands.search(data, at)) is not None:
        at = found.end()
        if found["program"] is not None:
            return None
        if found["sets"] is not None:
            labels += int(found["sets"]) * int(found["copies"] or 1)
            continue
        at += int(found["width"]) * int(found["height"])
        if at > len(data):
            return None
    return labels
