"""Makes the ten TTF files of the station's type from the packages of its designer.

    pip install fonttools brotli
    npm install @fontsource/atkinson-hyperlegible-next @fontsource/atkinson-hyperlegible-mono
    python tools/make_fonts.py node_modules/@fontsource resources/fonts

Qt paints every weight of a variable font alike, so the static files are taken; in those each weight calls itself a
family of its own, which a style sheet cannot find, so they are named again. Latin and Latin Extended become one file.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

STYLES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}
SUBSETS = ("latin", "latin-ext")
FACES = ("next", "mono")
REPLACED_NAMES = {1, 2, 3, 4, 6, 16, 17, 21, 22}
WINDOWS, UNICODE, ENGLISH = 3, 1, 0x409


def name_again(font: TTFont, family: str, weight: int) -> None:
    """Give a font one family for all weights, so that family and weight select it."""
    style = STYLES[weight]
    full = f"{family} {style}"
    table = font["name"]
    table.names = [record for record in table.names if record.nameID not in REPLACED_NAMES]
    names = {
        1: family if weight in (400, 700) else full,
        2: "Bold" if weight == 700 else "Regular",
        3: full,
        4: full,
        6: f"{family.replace(' ', '')}-{style}",
        16: family,
        17: style,
    }
    for name_id, value in names.items():
        table.setName(value, name_id, WINDOWS, UNICODE, ENGLISH)
    font["OS/2"].usWeightClass = weight


def make(source: Path, face: str, weight: int, out: Path) -> Path:
    """Merge the two subsets of one weight of a face into one TTF file in `out`."""
    package = f"atkinson-hyperlegible-{face}"
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in SUBSETS:
            font = TTFont(source / package / "files" / f"{package}-{subset}-{weight}-normal.woff2")
            font.flavor = None
            part = Path(folder) / f"{subset}.ttf"
            font.save(part)
            parts.append(str(part))
        merged = Merger().merge(parts)
    name_again(merged, f"Atkinson Hyperlegible {face.title()}", weight)
    path = out / f"AtkinsonHyperlegible{face.title()}-{STYLES[weight]}.ttf"
    merged.save(path)
    return path


def main(source: Path, out: Path) -> None:
    """Write all ten files and their licences beside them."""
    out.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        for weight in STYLES:
            print(make(source, face, weight, out))
        shutil.copyfile(source / f"atkinson-hyperlegible-{face}" / "LICENSE", out / f"OFL-{face}.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
