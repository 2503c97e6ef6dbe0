"""Which font files the machine has, and which letters each holds: a character map is read from the file, once."""

from __future__ import annotations

import os
import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

OWN_FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

PREFERRED = (
    "NotoSans-Bold.ttf", "NotoSans-Regular.ttf", "DejaVuSans-Bold.ttf", "segoeuib.ttf", "arialbd.ttf",
    "AtkinsonHyperlegibleNext-Bold.ttf", "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSansArabic-Bold.ttf",
    "NotoNaskhArabic-Bold.ttf", "NotoSansHebrew-Bold.ttf", "NotoSansThai-Bold.ttf", "NotoSansDevanagari-Bold.ttf",
    "NotoSansBengali-Bold.ttf", "NotoSansSymbols-Bold.ttf", "NotoSansSymbols2-Regular.ttf", "NotoSansMath-Regular.ttf",
    "NotoEmoji-Regular.ttf", "NotoColorEmoji.ttf", "msyhbd.ttc", "YuGothB.ttc", "malgunbd.ttf", "LeelaUIb.ttf",
    "Nirmala.ttc", "seguisym.ttf", "seguiemj.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc",
    "Arial Unicode.ttf", "GeezaPro.ttc", "ArialHB.ttc", "Thonburi.ttc", "Kohinoor.ttc", "Apple Symbols.ttf",
    "Apple Color Emoji.ttc", "DroidSansFallbackFull.ttf",
)  # fmt: skip
"""Asked first and in this order; then every other font of the machine."""


@dataclass(frozen=True, slots=True, eq=False)
class FontFile:
    """A font file and the ranges of code points that it has letters for."""

    path: Path
    firsts: array[int]
    lasts: array[int]
    colour: bool

    def holds(self, text: str) -> bool:
        """Whether it has each letter of a text; variation selectors and joiners need none."""
        return all(self._has(ord(char)) or _needs_no_letter(char) for char in text)

    def _has(self, code: int) -> bool:
        place = bisect_right(self.firsts, code) - 1
        return place >= 0 and code <= self.lasts[place]


def _needs_no_letter(char: str) -> bool:
    return char in "\u200c\u200d" or "\ufe00" <= char <= "\ufe0f"


def font_folders() -> list[Path]:
    """Our own fonts, then where this kind of system keeps its own."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
        return [OWN_FONTS, Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local]
    if sys.platform == "darwin":
        return [OWN_FONTS, Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [OWN_FONTS, *shared, home / ".local" / "share" / "fonts", home / ".fonts"]


@cache
def font_paths() -> tuple[Path, ...]:
    """Every TrueType or OpenType file of the machine, the preferred ones first."""
    found: dict[str, Path] = {}
    for folder in font_folders():
        for suffix in ("ttf", "ttc", "otf"):
            for path in sorted(folder.rglob(f"*.{suffix}")) if folder.is_dir() else ():
                found.setdefault(path.name, path)
    first = [found[name] for name in PREFERRED if name in found]
    taken = set(first)
    rest = [path for path in found.values() if path not in taken]
    rest.sort(key=lambda path: ("Bold" not in path.name, path.name))
    return (*first, *rest)


@lru_cache(maxsize=1024)
def font_for_line(line: str) -> FontFile | None:
    """One preferred font that has every letter of a line, so that it looks of a piece; None when none has."""
    preferred = (read_font(path) for path in font_paths() if path.name in PREFERRED)
    return next((font for font in preferred if font is not None and font.holds(line)), None)


@lru_cache(maxsize=4096)
def font_for(cluster: str) -> FontFile | None:
    """The first font that has every letter of a cluster; None when the machine has none."""
    return next((font for font in _fonts() if font.holds(cluster)), None)


def _fonts() -> Iterator[FontFile]:
    for path in font_paths():
        font = read_font(path)
        if font is not None:
            yield font


@cache
def read_font(path: Path) -> FontFile | None:
    """A font file with its letters; None for what is no usable font."""
    try:
        data = path.read_bytes()
        start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
        tables = _tables(data, start)
        firsts, lasts = _ranges(_letters(data, tables[b"cmap"]))
    except (OSError, struct.error, KeyError):
        return None
    return FontFile(path, firsts, lasts, colour=bool(tables.keys() & {b"CBDT", b"sbix", b"COLR"}))


def _ranges(letters: set[int]) -> tuple[array[int], array[int]]:
    firsts, lasts = array("L"), array("L")
    for code in sorted(letters):
        if lasts and code == lasts[-1] + 1:
            lasts[-1] = code
        else:
            firsts.append(code)
            lasts.append(code)
    return firsts, lasts


def _tables(data: bytes, start: int) -> dict[bytes, int]:
    count = struct.unpack_from(">H", data, start + 4)[0]
    records = (struct.unpack_from(">4sIII", data, start + 12 + 16 * index) for index in range(count))
    return {tag: offset for tag, _check, offset, _length in records}


def _letters(data: bytes, cmap: int) -> set[int]:
    """Code points of the Unicode subtables of a character map, in the formats 4 and 12."""
    letters: set[int] = set()
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            at = cmap + offset
            form = struct.unpack_from(">H", data, at)[0]
            if form == 12:
                letters |= _letters_12(data, at)
            elif form == 4:
                letters |= _letters_4(data, at)
    return letters


def _letters_12(data: bytes, at: int) -> set[int]:
    letters: set[int] = set()
    for group in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * group)
        letters.update(range(first if glyph else first + 1, min(last, 0x10FFFF) + 1))
    return letters


def _letters_4(data: bytes, at: int) -> set[int]:
    double = struct.unpack_from(">H", data, at + 6)[0]
    half = double // 2
    ends = struct.unpack_from(f">{half}H", data, at + 14)
    starts = struct.unpack_from(f">{half}H", data, at + 16 + double)
    deltas = struct.unpack_from(f">{half}H", data, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{half}H", data, ranges_at)
    letters: set[int] = set()
    for segment in range(half):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            if offsets[segment] == 0:
                glyph = (code + deltas[segment]) & 0xFFFF
            else:
                place = ranges_at + 2 * segment + offsets[segment] + 2 * (code - starts[segment])
                glyph = struct.unpack_from(">H", data, place)[0] if place + 2 <= len(data) else 0
            if glyph:
                letters.add(code)
    return letters
