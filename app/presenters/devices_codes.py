"""Codes on the devices screen: their bytes one by one, and what of a badge is hidden."""

from __future__ import annotations

from app.domain.barcodes import CodeKind, read_code
from app.presenters.state import devices

RAW_MOST = 240
CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip


def control_name(sign: str) -> str:
    """The name of a control character of ASCII; empty for every other sign."""
    return "DEL" if sign == "\x7f" else CONTROLS[ord(sign)] if ord(sign) < 0x20 else ""


def is_badge(raw: str) -> bool:
    """Whether a code is a badge, also one that came through a wrong keyboard layout: OP and a sign."""
    code = read_code(raw)
    if code.kind is CodeKind.BADGE:
        return True
    text = code.text
    return len(text) > 6 and text[:2].upper() == "OP" and not (text[2].isascii() and text[2].isalnum())


def raw_bytes(raw: str | bytes, *, hide: bool = False) -> tuple[devices.RawByte, ...]:
    """Each byte of a scan with its sign; control characters by name. `hide` covers what stands behind the O and P."""
    data = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape")
    start = data.upper().find(b"OP") + 3 if hide else len(data)
    made = []
    for at, byte in enumerate(data[:RAW_MOST]):
        control = byte < 0x20 or byte == 0x7F
        if at >= start and not control:
            made.append(devices.RawByte("··", "·"))
            continue
        sign = control_name(chr(byte)) if control else chr(byte) if byte < 0x7F else "·"
        made.append(devices.RawByte(f"{byte:02X}", sign, control))
    return tuple(made)


def shown(text: str) -> str:
    """A text in which control characters stand by name, and what nobody can read by a sign for that."""
    return "".join(sign if sign.isprintable() else f"<{control_name(sign) or '?'}>" for sign in text)
