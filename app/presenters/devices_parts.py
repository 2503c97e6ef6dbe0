"""The parts of the devices screen, each made from what is known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.barcodes import CodeKind, ScannedCode, read_code
from app.domain.commands import Command
from app.domain.device_ports import DeviceState
from app.domain.print_ports import PrinterState
from app.domain.scale_words import ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.words import say
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, EventKind, LastScan, SeenJob
from app.presenters.devices_codes import is_badge, raw_bytes, shown
from app.presenters.state import devices, parts
from app.presenters.state.parts import Family
from app.presenters.times import clock_words, day_or_clock, grams_words

TEST_CODE = Command.GO_DEVICES.code
TEST_PRINT, REPRINT = "devices:test:", "devices:reprint:"
JOBS_SHOWN = 4
LOG_SHOWN = 60
TEXT_SHOWN = 60
ICONS = {DeviceKind.SCANNER: "barcode", DeviceKind.SCALE: "scales", DeviceKind.PRINTER: "printer"}
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
    EventKind.CHANGED: (Family.TODO, "info"),
    EventKind.TROUBLE: (Family.WARN, "warning"),
    EventKind.GONE: (Family.WRONG, "x-circle"),
    EventKind.CAME: (Family.OK, "check"),
    EventKind.REFUSED: (Family.WRONG, "prohibit"),
    EventKind.LOST: (Family.WARN, "warning"),
    EventKind.SCANNED: (Family.ACCENT, "barcode"),
    EventKind.PRINTED: (Family.OK, "printer"),
    EventKind.FAILED: (Family.WRONG, "x-circle"),
    EventKind.ORDERED: (Family.TODO, "printer"),
    EventKind.SET_UP: (Family.OK, "plus"),
}


def card(
    line: DeviceLine, now: datetime, monotonic: float, zone: ZoneInfo, *, chosen: bool = False, keys: bool = False
) -> devices.DeviceCard:
    """One device, live. `chosen` marks it; with `keys` its buttons answer to their keys."""
    if line.kind is DeviceKind.SCANNER:
        return _scanner(line, now, zone, chosen)
    if line.kind is DeviceKind.SCALE:
        return _scale(line, monotonic, chosen)
    return _printer(line, monotonic, chosen=chosen, keys=keys)


def _head(line: DeviceLine, chip: parts.Chip | None = None) -> parts.CardHead:
    if chip is None:
        family, icon = STATES[line.state]
        chip = parts.Chip(say(line.state.key), family, icon)
    return parts.CardHead(line.name, ICONS[line.kind], chip=chip)


def _scanner(line: DeviceLine, now: datetime, zone: ZoneInfo, chosen: bool) -> devices.DeviceCard:
    scan, trouble = line.scan, _scanner_trouble(line)
    note = say("devices_screen.scan.station", station=line.station) if line.station else ""
    if scan is None:
        title = say("devices_screen.scan.none")
        return devices.DeviceCard(line.uri, _head(line), line.uri, title, note=note, trouble=trouble, chosen=chosen)
    code, hide = read_code(scan.raw), is_badge(scan.raw)
    when = clock_words(scan.at, zone, seconds=True)
    if day_or_clock(scan.at, now, zone) != clock_words(scan.at, zone):
        when = f"{day_or_clock(scan.at, now, zone)} {when}"
    if scan.milliseconds is not None:
        when = say("devices_screen.scan.took", at=when, ms=scan.milliseconds)
    said = say("devices_screen.scan.badge") if hide else _bytes_words(scan)
    return devices.DeviceCard(
        line.uri,
        _head(line),
        line.uri,
        say(f"devices_screen.kind.{(CodeKind.BADGE if hide else code.kind).value}"),
        when,
        raw_bytes(scan.arrived, hide=hide),
        _facts(code, hide),
        note=f"{note} {said}".strip(),
        trouble=trouble,
        chosen=chosen,
    )


def _scanner_trouble(line: DeviceLine) -> str:
    if line.state is DeviceState.DOWN:
        return say("devices_screen.scanner.gone")
    if line.state is DeviceState.ATTENTION:
        return say("devices_screen.scanner.refused", why=line.detail or say("devices_screen.scanner.no_reason"))
    return ""


def _bytes_words(scan: LastScan) -> str:
    return say("devices_screen.scan.bytes" if scan.data else "devices_screen.scan.typed", count=len(scan.arrived))


def _facts(code: ScannedCode, hide: bool) -> tuple[tuple[str, str], ...]:
    if hide:
        return ()
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
    if not any((code.gtin, code.sscc, code.lot, code.serial)):
        facts.append((say("devices_screen.fact.text"), shown(code.text[:TEXT_SHOWN])))
    return tuple(facts)


def _scale(line: DeviceLine, monotonic: float, chosen: bool) -> devices.DeviceCard:
    reading = line.reading
    found = line.trouble if line.trouble is not ScaleTrouble.MOVING else None
    trouble, buttons = say(found.key) if found is not None else "", _scale_buttons(line)
    if line.state is DeviceState.DOWN:
        trouble = say("devices_screen.scale.gone")
    if reading is None:
        chip = parts.Chip(say(found.short_key), Family.WARN, "warning") if found is not None else None
        title = say("devices_screen.scale.none")
        return devices.DeviceCard(
            line.uri, _head(line, chip), line.uri, title, trouble=trouble, buttons=buttons, chosen=chosen
        )
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
    return devices.DeviceCard(
        line.uri,
        _head(line, chip if line.state is DeviceState.READY else None),
        line.uri,
        value=value,
        unit=unit,
        when=say("devices_screen.scale.age", age=f"{age:.1f}"),
        trend=trend,
        note=_range(low, high) if low != high else "",
        trouble=trouble,
        buttons=buttons,
        chosen=chosen,
    )


def _range(low: int, high: int) -> str:
    return say("devices_screen.scale.range", low=grams_words(low), high=grams_words(high))


def _scale_buttons(line: DeviceLine) -> tuple[parts.Command, ...]:
    """Zero and tare."""
    reason = "" if line.state in (DeviceState.READY, DeviceState.ATTENTION) else say("scale.zero.not_there")
    return (
        parts.Command(Command.ZERO_SCALE.code, say(Command.ZERO_SCALE.name_key), "Z", reason=reason),
        parts.Command(Command.TARE_SCALE.code, say(Command.TARE_SCALE.name_key), "E", reason=reason),
    )


def _printer(line: DeviceLine, monotonic: float, *, chosen: bool, keys: bool) -> devices.DeviceCard:
    chip = None
    if line.printer is not None:
        family, icon = STATES[line.state]
        chip = parts.Chip(say(f"printing.state.{line.printer.state.value}"), family, icon)
    missing = "" if line.jobs else say("devices_screen.printer.no_jobs")
    buttons = (
        parts.Command(f"{TEST_PRINT}{line.uri}", say("devices_screen.order.test"), "T" if keys else "", icon="printer"),
        parts.Command(
            f"{REPRINT}{line.uri}",
            say("devices_screen.order.reprint"),
            "R" if keys else "",
            icon="arrow-counter-clockwise",
            reason=missing,
        ),
    )
    return devices.DeviceCard(
        line.uri,
        _head(line, chip),
        line.uri,
        missing,
        jobs=tuple(_job(job) for job in line.jobs[:JOBS_SHOWN]),
        note=printer_facts(line, monotonic),
        trouble=printer_trouble(line),
        buttons=buttons,
        chosen=chosen,
    )


def printer_facts(line: DeviceLine, monotonic: float) -> str:
    """Language, dots an inch, what waits, and how long ago it was asked."""
    said = [line.language.upper()] if line.language else []
    said += [say("devices_screen.printer.dpi", dpi=line.dpi)] if line.dpi else []
    if line.waiting:
        said.append(say("devices_screen.printer.queued", count=line.waiting))
    if line.printer is not None and line.printer.waiting:
        said.append(say("devices_screen.printer.waiting", count=line.printer.waiting))
    if line.asked is not None:
        said.append(say("devices_screen.printer.asked", age=max(round(monotonic - line.asked), 0)))
    return ", ".join(said)


def printer_trouble(line: DeviceLine) -> str:
    """What its state asks somebody to do, and what it warns of; empty when all is well."""
    if line.printer is None:
        return ""
    said = [say(f"printing.warning.{warning.value}") for warning in line.printer.warnings]
    if line.printer.state not in (PrinterState.READY, PrinterState.UNKNOWN):
        said.insert(0, say(f"devices_screen.printer.do.{line.printer.state.value}"))
    return " ".join(words if words.endswith(".") else f"{words}." for words in said)


def _job(job: SeenJob) -> devices.JobRow:
    family, icon = JOBS[job.state]
    words = say(f"devices_screen.job.{job.state.value}")
    if job.state is PrintJobState.PRINTED and job.again:
        family, icon, words = Family.WARN, "arrow-counter-clockwise", say("devices_screen.job.again")
    if job.doubtful:
        family, icon, words = Family.WARN, "question", say("devices_screen.job.doubtful")
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
    """The detail of an event; a badge signs people in and is never shown."""
    if entry.kind is EventKind.SCANNED and is_badge(entry.detail):
        return say("devices_screen.kind.badge")
    return shown(entry.detail[:TEXT_SHOWN])


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
