"""What a scanner sent, made comparable: one text, what it probably is, and the keys under which to look it up.

Nothing here knows what exists. `read_code` normalizes and guesses; the database says what a key names, and when it
names two things the screen asks. No text and no byte string raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, unique

from app.domain.gs1 import GS, Elements, check_digit, has_check_digit, parse_bracketed, parse_elements
from app.domain.gs1_link import parse_link

LONGEST = 4096
_EDGES = "\u2400" + "".join(map(chr, range(1, 0x1D))) + "\x1e\x1f \x7f\xa0\ufeff"
# A sender may write the two halves of a composite code as one; this stands between them.
_COMPOSITE = "|]e0"
_GS1_SYMBOLS = frozenset({"]C1", "]d2", "]Q3", "]J1", "]e0", "]e1", "]e2"})
_CODE_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@unique
class CodeKind(Enum):
    """What a code looks like. A guess that orders the look-up, never a decision."""

    EMPTY = "empty"
    COMMAND = "command"
    BADGE = "badge"
    TOTE = "tote"
    CART = "cart"
    CAGE = "cage"
    PICK_LIST = "pick_list"
    FULFILLMENT = "fulfillment"
    PACKAGE = "package"
    RETURN = "return"
    TRANSFER = "transfer"
    GTIN = "gtin"
    GS1 = "gs1"
    SSCC = "sscc"
    PLAIN = "plain"


# The beginnings of the codes that we print ourselves: letters, digits and one sign, because a wedge of another
# language changes signs first. Orders, locations, products and tracking numbers stand as they are.
PREFIXES: dict[str, CodeKind] = {
    "PW": CodeKind.COMMAND,
    "OP": CodeKind.BADGE,
    "T": CodeKind.TOTE,
    "C": CodeKind.CART,
    "CAGE": CodeKind.CAGE,
    "PL": CodeKind.PICK_LIST,
    "F": CodeKind.FULFILLMENT,
    "P": CodeKind.PACKAGE,
    "RMA": CodeKind.RETURN,
    "TR": CodeKind.TRANSFER,
}
_PREFIX_OF: dict[CodeKind, str] = {kind: f"{prefix}-" for prefix, kind in PREFIXES.items()}
# Signs that QWERTY, QWERTZ and AZERTY keyboards all send alike, and that no eye takes for another: for badge tokens.
BADGE_SIGNS = "BCDEFGHJKLNPRSTUVX"


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """One code as it was read.

    `keys` are the texts to look up, the likeliest first: a GTIN in its 14-digit form, the text itself, the text in
    capitals, an order number with its `#`. At most four.
    """

    raw: str
    text: str
    kind: CodeKind
    keys: tuple[str, ...]
    symbology: str | None = None
    gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    expiry: date | None = None
    quantity: int | None = None
    weight_grams: int | None = None


def read_code(raw: str | bytes, separators: Iterable[str] = ()) -> ScannedCode:
    """Reads what a scanner sent, whatever it is.

    `separators` are what a scanner sends in place of FNC1 (`~`, `{GS}`, ...), as its doctor found out.
    """
    sent = _storable(_decode(raw) if isinstance(raw, bytes) else raw)
    text = sent[:LONGEST].strip(_EDGES)
    symbology = None
    if text.startswith("]") and len(text) >= 3 and text[1] in _CODE_LETTERS and text[2].isalnum():
        symbology, text = text[:3], text[3:].strip(_EDGES)
    plain = text.strip(_EDGES + GS)
    if not plain:
        return ScannedCode(sent, "", CodeKind.EMPTY, (), symbology)
    elements = _elements(text, symbology, separators)
    if elements is not None:
        return _from_elements(sent, plain, symbology, elements)
    return _from_text(sent, plain, symbology)


def normalise_identifier(text: str) -> str:
    """The form in which a product's code is stored: GTINs of any length as 14 digits, all else without outer blanks."""
    plain = text.strip(_EDGES + GS)
    return gtin14(plain) or plain


def gtin14(digits: str) -> str | None:
    """The 14-digit form of a GTIN-8, -12 (UPC), -13 (EAN) or -14; None when it is none or its check digit is wrong."""
    if len(digits) in (8, 12, 13, 14) and has_check_digit(digits) and digits.strip("0"):
        return digits.zfill(14)
    return None


def upce_to_upca(digits: str) -> str | None:
    """The twelve digits of an eight-digit UPC-E; None when it is none."""
    if len(digits) != 8 or not digits.strip("0") or not (digits.isascii() and digits.isdigit()):
        return None
    whole = _upca(digits[:7])
    return whole if whole is not None and whole[-1] == digits[7] else None


def _upca(seven: str) -> str | None:
    """The twelve digits of number system and body of a UPC-E; None when there is no such number system."""
    system, body = seven[0], seven[1:]
    if system not in "01":
        return None
    last = body[5]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        middle = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        middle = f"{body[:4]}00000{body[4]}"
    else:
        middle = f"{body[:5]}0000{last}"
    return system + middle + check_digit(system + middle)


def own_code(kind: CodeKind, number: str | int) -> str:
    """The text that our documents encode for a thing of this kind, `T-0117`.

    Raises ValueError for kinds that have no prefix of ours.
    """
    prefix = _PREFIX_OF.get(kind)
    if prefix is None:
        raise ValueError(f"a {kind.value} has no prefix of its own")
    return prefix + (f"{number:04d}" if isinstance(number, int) else number)


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _storable(text: str) -> str:
    """The text with what no database takes made visible: NUL, and halves of characters."""
    if text.isprintable():
        return text
    return text.replace("\0", "\u2400").encode("utf-8", "replace").decode("utf-8")


def _elements(text: str, symbology: str | None, separators: Iterable[str]) -> Elements | None:
    """The GS1 reading of a text, where it has one."""
    first = text[0]
    if first in "hH":
        return parse_link(text)
    if first == "(":
        return parse_bracketed(text, loose=True)
    if symbology is not None and symbology[1] == "E":
        return _retail_elements(text)
    declared = symbology in _GS1_SYMBOLS
    if not declared and not first.isdigit() and GS not in text and not separators:
        return None
    marked = text
    for separator in filter(None, separators):
        marked = marked.replace(separator, GS)
    if declared or GS in marked:
        return parse_elements(marked, loose=True)
    # No separator and no symbology identifier: only what begins with a whole key that checks can be told from a
    # plain number. 16 digits or more, so that an EAN-13 or a case code is never taken apart.
    if len(text) >= 16 and text.startswith(("00", "01")) and text[:16].isdigit():
        return parse_elements(text, loose=True)
    return None


def _retail_elements(text: str) -> Elements | None:
    """An EAN or UPC code that its symbology identifier declares, with what stands beside it.

    None for a plain one, which is read as digits.
    """
    number, composite, more = text.partition(_COMPOSITE)
    if composite:
        gtin, beside = gtin14(number), parse_elements(more, loose=True)
        return Elements((("01", gtin), *beside.pairs)) if gtin and beside else None
    # 13 digits and an add-on of two or five: the issue of a magazine is no part of the article.
    gtin = gtin14(number[:13]) if len(number) in (15, 18) and number.isascii() and number.isdigit() else None
    return Elements((("01", gtin),)) if gtin else None


def _from_elements(sent: str, text: str, symbology: str | None, elements: Elements) -> ScannedCode:
    gtin, sscc = elements.first("01", "03", "02"), elements.first("00")
    lot, serial = elements.first("10"), elements.first("21")
    content = elements.first("01", "03") is None and gtin is not None
    # A pallet label names the pallet first, and what lies on it second.
    keys = [key for key in ((sscc, gtin) if content else (gtin, sscc)) if key]
    if not keys:
        # Alone, a serial or an order number names something; beside an article it only describes it.
        keys = [key for key in (serial, elements.first("400", "401", "402")) if key]
    keys += [text] if text not in keys else []
    kind = CodeKind.SSCC if sscc and (content or gtin is None) else CodeKind.GTIN if gtin else CodeKind.GS1
    return ScannedCode(
        raw=sent,
        text=text,
        kind=kind,
        keys=tuple(keys),
        symbology=symbology,
        gtin=gtin,
        sscc=sscc,
        lot=lot,
        serial=serial,
        expiry=elements.expiry,
        quantity=elements.quantity,
        weight_grams=elements.weight_grams,
    )


def _from_text(sent: str, text: str, symbology: str | None) -> ScannedCode:
    if text.isascii() and text.isdigit():
        return _from_digits(sent, text, symbology)
    upper = text.upper()
    prefix, hyphen, rest = upper.partition("-")
    kind = PREFIXES.get(prefix, CodeKind.PLAIN) if hyphen and rest else CodeKind.PLAIN
    if kind is not CodeKind.PLAIN:
        return ScannedCode(sent, text, kind, (upper,) if upper == text else (upper, text), symbology)
    keys = [text] if upper == text else [text, upper]
    if text.startswith("#"):
        keys.append(text[1:])
    return ScannedCode(sent, text, kind, tuple(key for key in keys if key), symbology)


def _from_digits(sent: str, text: str, symbology: str | None) -> ScannedCode:
    length = len(text)
    gtin = gtin14(text)
    if gtin is None and length == 18 and has_check_digit(text):
        return ScannedCode(sent, text, CodeKind.SSCC, (text,), symbology, sscc=text)
    expanded = upce_to_upca(text) if length == 8 else None
    if expanded is not None and gtin is None:
        gtin = expanded.zfill(14)
    keys = [text] if gtin is None else [gtin, text]
    if expanded is not None and expanded.zfill(14) not in keys:
        keys.append(expanded.zfill(14))
    others = _other_lengths(text, gtin)
    keys += others[:1] if length == 11 else []
    if length <= 12:
        keys.append(f"#{text}")
    keys += others
    kind = CodeKind.PLAIN if gtin is None else CodeKind.GTIN
    return ScannedCode(sent, text, kind, tuple(dict.fromkeys(keys))[:4], symbology, gtin=gtin)


def _other_lengths(text: str, gtin: str | None) -> list[str]:
    """The same digits as another scanner, another catalogue or a spreadsheet writes them, the likeliest first.

    Offered last, because the text itself may be a number of its own.
    """
    length = len(text)
    if length in (6, 7):
        # A UPC-E without its check digit, or without its number system too.
        whole = gtin14(_upca(text.zfill(7)) or "")
        return [whole] if whole else []
    if not 11 <= length <= 14:
        return []
    short = text.lstrip("0")
    if gtin is not None:
        # A spreadsheet took the zeros away before the catalogue was imported.
        return [short] if 9 <= len(short) <= 11 else []
    restored = gtin14(text.zfill(12)) if length == 11 else None
    # A store's own code with a check digit of no rule: scanners send a UPC with a zero before it, or without.
    return [restored] if restored else [text.zfill(13), short.zfill(12), short][: 3 if len(short) > 8 else 2]
