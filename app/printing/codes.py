"""How large a code may be drawn in its place, and as what: bars, or squares for what bars cannot hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import zxingcpp

from app.domain.documents import Barcode, Symbology
from app.printing import code128
from app.printing.code128 import Code128
from app.printing.pictures import Picture

_UNSCANNABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
LEAST_MODULE = 0.17
WIDEST_MODULE = 0.5
"""Of bars, in millimetres: what a hand scanner still reads, and what is wide enough."""
SQUARE_QUIET = {Symbology.QR: 4}


@dataclass(frozen=True, slots=True)
class BarsPlan:
    """Bars from `left`, `module` wide each; dots from the edge of the place."""

    code: Code128
    module: int
    left: int
    top: int = 0


@dataclass(frozen=True, slots=True)
class SquaresPlan:
    """A square code: `rows` of its modules (True is black), `module` dots each, from `left` and `top`."""

    rows: tuple[tuple[bool, ...], ...]
    module: int
    left: int
    top: int

    def picture(self) -> Picture:
        """The code dot by dot."""
        row_bytes = (len(self.rows[0]) * self.module + 7) // 8
        drawn = bytearray()
        for row in self.rows:
            bits = "".join("1" * self.module if black else "0" * self.module for black in row)
            drawn += int(bits.ljust(row_bytes * 8, "0"), 2).to_bytes(row_bytes, "big") * self.module
        return Picture(row_bytes * 8, len(self.rows) * self.module, bytes(drawn))


def plan_code(element: Barcode, scale: float) -> BarsPlan | SquaresPlan | None:
    """How to draw a code in its place with `scale` dots a millimetre.

    None when there is nothing to encode or no code of it fits the place.
    """
    data = _UNSCANNABLE.sub("", element.data).strip()
    if not data:
        return None
    symbology = element.box.symbology
    width, height = int(element.box.width * scale), int(element.box.height * scale)
    if symbology in (Symbology.CODE128, Symbology.GS1_128):
        code = _bars(data, symbology)
        if code is not None:
            module = min(round(WIDEST_MODULE * scale), width // (code.modules + 2 * code128.QUIET_MODULES))
            if module >= max(2, round(LEAST_MODULE * scale)):
                return BarsPlan(code, module, (width - code.modules * module) // 2)
        symbology = Symbology.QR
    return _plan_squares(data, symbology, width, height)


def _bars(data: str, symbology: Symbology) -> Code128 | None:
    if symbology is Symbology.CODE128:
        return code128.encode(data)
    try:
        return code128.encode(code128.gs1_data(data))
    except ValueError:
        return None


def _plan_squares(data: str, symbology: Symbology, width: int, height: int) -> SquaresPlan | None:
    try:
        rows = square_code(data, symbology)
    except ValueError:
        return None
    quiet = SQUARE_QUIET.get(symbology, 2)
    module = min(width // (len(rows[0]) + 2 * quiet), height // (len(rows) + 2 * quiet))
    if module < 1:
        return None
    return SquaresPlan(rows, module, (width - len(rows[0]) * module) // 2, (height - len(rows) * module) // 2)


@lru_cache(maxsize=512)
def square_code(data: str, symbology: Symbology) -> tuple[tuple[bool, ...], ...]:
    """The modules of a Data Matrix or QR code without quiet zone. Raises ValueError for what it cannot hold."""
    form = zxingcpp.BarcodeFormat.QRCode if symbology is Symbology.QR else zxingcpp.BarcodeFormat.DataMatrix
    if symbology is Symbology.GS1_DATA_MATRIX:
        barcode = zxingcpp.create_barcode(data, form, gs1=True)
    elif data.isascii():
        barcode = zxingcpp.create_barcode(data, form)
    else:
        barcode = zxingcpp.create_barcode(data, form, eci="UTF-8")  # without it, readers guess the alphabet
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    drawn = cast(list[list[int]], memoryview(cast(bytes, image)).tolist())
    return tuple(tuple(value == 0 for value in row) for row in drawn)
