"""The parts of the devices screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.barcodes import CodeKind, ScannedCode, read_code
from app.domain.commands import Command
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.words import say
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, EventKind, LastScan, SeenJob
from app.presenters.state import devices, parts
from app.presenters.state.parts import Family
from app.presenters.times import clock_words, day_or_clock, grams_words

TEST_CODE = Command.GO_DEVICES.code
TEST_PRINT = "devices:test:"
EXPORT = "devices:export"
JOBS_SHOWN = 4
LOG_SHOWN = 60
RAW_MOST = 240
ICONS = {DeviceKind.SCANNER: "barcode", DeviceKind.SCALE: "scales", DeviceKind.PRINTER: "printer"}
CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip
STATES = {
    DeviceState.READY: (Family.OK, "check"),
    DeviceState.ATTENTION: (Family.WARN, "warning"),
    DeviceState.DOWN: (Family.WRONG, "x-circle"),
    DeviceState.ABSENT: (Family.TODO, "prohibit"),
}
JOBS = {
    PrintJobState.QUEUED: (Family.WARN, "pause-circle"),
    PrintJobState.SENDING: (Family.ACCENT, "hourglass"),
    PrintJobState.PRINTED: (Family.OK, "check"),
    PrintJobState.FAILED: (Family.WRONG, "x-circle"),
    PrintJobState.CANCELLED: (Family.TODO, "prohibit"),
}
EVENTS = {
    EventKind.STARTED: (Family.OK, "check"),
    EventKind.STOPPED: (Family.TODO, "prohibit"),
    EventKind.CHANGED: (Family.WARN, "warning"),
    EventKind.SCANNED: (Family.ACCENT, "barcode"),
    EventKind.PRINTED: (Family.OK, "printer"),
    EventKind.FAILED: (Family.WRONG, "x-circle"),
}


def raw_bytes(raw: str, *, hide: bool = False) -> tuple[devices.RawByte, ...]:
    """Each byte of a scan with its sign; control characters by name. `hide` covers what stands behind a hyphen."""
    made = []
    secret = False
    for byte in raw.encode("utf-8", "surrogateescape")[:RAW_MOST]:
        if secret and byte >= 0x20:
            made.append(devices.RawByte("··", "·"))
            continue
        control = byte < 0x20 or byte == 0x7F
        sign = CONTROLS[byte] if byte < 0x20 else "DEL" if control else chr(byte) if byte < 0x7F else "·"
        made.append(devices.RawByte(f"{byte:02X}", sign, control))
        secret = hide and (secret or byte == 0x2D)
    return tuple(made)


def card(
    line: DeviceLine, now: datetime, monotonic: float, zone: ZoneInfo, *, first_printer: bool
) -> devices.DeviceCard:
    """One device, live."""
    if line.kind is DeviceKind.SCANNER:
        return _scanner(line, now, zone)
    if line.kind is DeviceKind.SCALE:
        return _scale(line, monotonic)
    return _printer(line, first_printer)


def _head(line: DeviceLine, chip: parts.Chip | None = None) -> parts.CardHead:
    if not line.used:
        chip = parts.Chip(say("devices_screen.found"), Family.TODO, "magnifying-glass")
    if chip is None:
        family, icon = STATES[line.state]
        chip = parts.Chip(say(line.state.key), family, icon)
    return parts.CardHead(line.name, ICONS[line.kind], chip=chip)


def _scanner(line: DeviceLine, now: datetime, zone: ZoneInfo) -> devices.DeviceCard:
    scan = line.scan
    if scan is None:
        return devices.DeviceCard(line.uri, _head(line), line.uri, say("devices_screen.scan.none"))
    code = read_code(scan.raw)
    when = clock_words(scan.at, zone, seconds=True)
    if day_or_clock(scan.at, now, zone) != clock_words(scan.at, zone):
        when = f"{day_or_clock(scan.at, now, zone)} {when}"
    if scan.milliseconds is not None:
        when = say("devices_screen.scan.took", at=when, ms=scan.milliseconds)
    hide = code.kind is CodeKind.BADGE
    return devices.DeviceCard(
        line.uri,
        _head(line),
        line.uri,
        say(f"devices_screen.kind.{code.kind.value}"),
        when,
        raw_bytes(scan.raw, hide=hide),
        _facts(code, hide),
        note=say("devices_screen.scan.badge") if hide else say("devices_screen.scan.bytes", count=_count(scan)),
    )


def _count(scan: LastScan) -> int:
    return len(scan.raw.encode("utf-8", "surrogateescape"))


def _facts(code: ScannedCode, hide: bool) -> tuple[tuple[str, str], ...]:
    found = (
        ("symbology", code.symbology),
        ("gtin", code.gtin),
        ("sscc", code.sscc),
        ("lot", code.lot),
        ("serial", code.serial),
        ("expires", f"{code.expiry:%d %b %Y}" if code.expiry else None),
        ("quantity", str(code.quantity) if code.quantity else None),
        ("weight", grams_words(code.weight_grams) if code.weight_grams else None),
    )
    facts = [(say(f"devices_screen.fact.{name}"), value) for name, value in found if value]
    if not facts and not hide:
        facts = [(say("devices_screen.fact.text"), code.text[:40])]
    return tuple(facts)


def _scale(line: DeviceLine, monotonic: float) -> devices.DeviceCard:
    reading = line.reading
    trouble = line.trouble if line.trouble is not ScaleTrouble.MOVING else None
    note, buttons = say(trouble.key) if trouble is not None else "", _scale_buttons(line)
    if reading is None:
        chip = parts.Chip(say(trouble.short_key), Family.WARN, "warning") if trouble is not None else None
        title = say("devices_screen.scale.none")
        return devices.DeviceCard(line.uri, _head(line, chip), line.uri, title, note=note, buttons=buttons)
    age = reading.age(monotonic)
    chip = parts.Chip(say("devices_screen.scale.moving"), Family.TODO, "hourglass")
    if age > 2:
        chip = parts.Chip(say("devices_screen.scale.old"), Family.WARN, "warning")
    elif reading.stable:
        chip = parts.Chip(say("devices_screen.scale.steady"), Family.OK, "check")
    grams = [one.grams for one in line.recent]
    low, high = (min(grams), max(grams)) if grams else (0, 0)
    trend = tuple((value - low) / (high - low) if high > low else 0.5 for value in grams)
    value, _, unit = grams_words(reading.grams).rpartition(" ")
    shown = chip if line.state is DeviceState.READY else None
    return devices.DeviceCard(
        line.uri,
        _head(line, shown),
        line.uri,
        value=value,
        unit=unit,
        when=say("devices_screen.scale.age", age=f"{age:.1f}"),
        trend=trend,
        note=note or (_range(low, high) if len(grams) > 1 else ""),
        buttons=buttons,
    )


def _range(low: int, high: int) -> str:
    return say("devices_screen.scale.range", low=grams_words(low), high=grams_words(high))


def _scale_buttons(line: DeviceLine) -> tuple[parts.Command, ...]:
    """Zero and tare of the scale in use."""
    if not line.used:
        return ()
    reason = "" if line.state in (DeviceState.READY, DeviceState.ATTENTION) else say("scale.zero.not_there")
    return tuple(
        parts.Command(command.code, say(command.name_key), reason=reason)
        for command in (Command.ZERO_SCALE, Command.TARE_SCALE)
    )


def _printer(line: DeviceLine, first: bool) -> devices.DeviceCard:
    chip = None
    if line.printer is not None:
        family, icon = STATES[line.state]
        chip = parts.Chip(say(f"printing.state.{line.printer.state.value}"), family, icon)
    reachable = line.state is not DeviceState.ABSENT and line.used
    note = [line.language.upper()] if line.language else []
    note += [say("devices_screen.printer.dpi", dpi=line.dpi)] if line.dpi else []
    if line.printer is not None and line.printer.waiting:
        note.append(say("devices_screen.printer.waiting", count=line.printer.waiting))
    test = parts.Command(
        f"{TEST_PRINT}{line.uri}",
        say("devices_screen.test_print"),
        "T" if first else "",
        icon="printer",
        reason="" if reachable else say("devices_screen.printer.absent"),
    )
    return devices.DeviceCard(
        line.uri,
        _head(line, chip),
        line.uri,
        "" if line.jobs else say("devices_screen.printer.no_jobs"),
        jobs=tuple(_job(job) for job in line.jobs[:JOBS_SHOWN]),
        note=", ".join(note),
        buttons=(test,),
    )


def _job(job: SeenJob) -> devices.JobRow:
    family, icon = JOBS[job.state]
    words = say(f"devices_screen.job.{job.state.value}")
    if job.state is PrintJobState.PRINTED and job.again:
        family, icon, words = Family.WARN, "arrow-counter-clockwise", say("devices_screen.job.again")
    title = f"{job.title}, {job.reason}" if job.reason and job.state is not PrintJobState.PRINTED else job.title
    return devices.JobRow(str(job.job_id), title, parts.Chip(words, family, icon))


def event(entry: DeviceEvent, now: datetime, zone: ZoneInfo) -> parts.TimeEntry:
    """One event of the log."""
    family, icon = EVENTS[entry.kind]
    return parts.TimeEntry(
        say(f"devices_screen.event.{entry.kind.value}", device=entry.device),
        hidden(entry),
        day_or_clock(entry.at, now, zone) if (now - entry.at).days else clock_words(entry.at, zone, seconds=True),
        family,
        icon,
    )


def hidden(entry: DeviceEvent) -> str:
    """The detail of an event; a badge signs people in and is never shown or written out."""
    if entry.kind is EventKind.SCANNED and read_code(entry.detail).kind is CodeKind.BADGE:
        return say("devices_screen.kind.badge")
    return "".join(sign if sign.isprintable() else f"<{CONTROLS[ord(sign)]}>" for sign in _safe(entry.detail))


def _safe(text: str) -> str:
    """What can be named: printable signs and the control characters of ASCII."""
    return "".join(sign if sign.isprintable() or ord(sign) < 0x20 else "\ufffd" for sign in text)


def checks(scan: LastScan | None) -> tuple[devices.Check, ...]:
    """What became of the test code, judged by what arrived of it."""
    if scan is None:
        return ()
    code = read_code(scan.raw)
    if code.text == TEST_CODE:
        found = [devices.Check(say("devices_screen.test.right"), say("devices_screen.test.right.detail"), *GOOD)]
        detail = say("devices_screen.test.symbology.detail", symbology=code.symbology or "")
        words = say("devices_screen.test.symbology")
        found.append(
            devices.Check(words, detail, *GOOD)
            if code.symbology
            else devices.Check(
                say("devices_screen.test.no_symbology"), say("devices_screen.test.no_symbology.detail"), *QUIET
            )
        )
        return tuple(found)
    if _garbled(code.text):
        detail = say("devices_screen.test.layout.detail", sent=TEST_CODE, arrived=code.text)
        return (devices.Check(say("devices_screen.test.layout"), detail, Family.WARN, "warning"),)
    return ()


def _garbled(text: str) -> bool:
    """Whether this is the test code as a wrong keyboard layout or a held Shift or Caps Lock would type it."""
    letters = [sign for sign in text.upper() if sign.isalnum()]
    wanted = [sign for sign in TEST_CODE if sign.isalnum()]
    swapped = str.maketrans("QWERTYZAM", "AZERTYWQM")
    plain = "".join(letters)
    return len(text) == len(TEST_CODE) and (letters == wanted or plain.translate(swapped) == "".join(wanted))


GOOD = (Family.OK, "check-circle")
QUIET = (Family.TODO, "circle-dashed")
