"""The log of the devices as support gets it: what devices did, and nothing of what customers and people are.

A code that was scanned may be a name, an address, an order or a badge, so it is never written out. Of each code stand
its number in this file (the same code has the same number), its kind, its symbology, its length and its shape (each
letter as `A` or `a`, each digit as `9`, control characters by name), which is what tells a wrong keyboard or a missing
end. Whole are only commands of ours and the article numbers of goods. Of a badge stands that it was one.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from app.domain.barcodes import CodeKind, read_code
from app.domain.commands import command_of
from app.domain.words import say
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, EventKind
from app.presenters.devices_codes import control_name, is_badge

SHAPE_MOST = 48


def export_text(lines: Sequence[DeviceLine], events: Sequence[DeviceEvent], zone: ZoneInfo) -> str:
    """Devices and events as plain text, one a line, oldest event first; `events` come newest first."""
    rows = [say("devices_screen.export.head")]
    rows += [f"{line.kind.value}\t{line.uri}\t{line.name}\t{line.state.value}{_facts(line)}" for line in lines]
    rows.append("")
    known: dict[str, int] = {}
    for event in reversed(events):
        at = event.at.astimezone(zone).isoformat(timespec="milliseconds")
        rows.append(f"{at}\t{event.device}\t{event.kind.value}\t{_detail(event, known)}")
    return "\n".join(rows) + "\n"


def _facts(line: DeviceLine) -> str:
    if line.kind is not DeviceKind.PRINTER:
        return f"\t{line.detail}" if line.detail else ""
    said = [] if line.printer is None else [line.printer.state.value, *line.printer.warnings]
    return "\t" + " ".join([line.language, f"{line.dpi}dpi", *said, f"waiting={line.waiting}"])


def _detail(event: DeviceEvent, known: dict[str, int]) -> str:
    if event.kind is not EventKind.SCANNED:
        return "".join(sign if sign.isprintable() else " " for sign in event.detail)
    return code_for_support(event.detail, known)


def code_for_support(raw: str, known: dict[str, int]) -> str:
    """What support may read of a code; `known` numbers the codes of one file."""
    if is_badge(raw):
        return "badge"
    code = read_code(raw)
    number = known.setdefault(code.text, len(known) + 1)
    said = [f"code-{number}", code.kind.value]
    said += [code.symbology] if code.symbology else []
    said.append(f"length={len(raw)}")
    command = command_of(code.text)
    if command is not None:
        said.append(command.code)
    if code.gtin and code.kind in (CodeKind.GTIN, CodeKind.GS1):
        said.append(f"gtin={code.gtin}")
    said.append(f"shape={shape(raw)}")
    return " ".join(said)


def shape(raw: str) -> str:
    """The signs of a code without what they say: letters as A and a, digits as 9, control characters by name."""
    made = "".join(map(_shape_of, raw[:SHAPE_MOST]))
    return made + ("..." if len(raw) > SHAPE_MOST else "")


def _shape_of(sign: str) -> str:
    if sign.isalpha():
        return "A" if sign.isupper() else "a"
    if sign.isnumeric():
        return "9"
    if control := control_name(sign):
        return f"<{control}>"
    return sign if sign.isascii() and sign.isprintable() else "?"
