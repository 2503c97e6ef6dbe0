"""What stands at the side of the devices screen when it is asked for: found devices, and what a printer can be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from app.domain.commands import Command
from app.domain.words import say
from app.presenters.device_watch import DeviceLine, Level, PrinterOrder
from app.presenters.devices_parts import printer_facts
from app.presenters.found_devices import FoundDevice, FoundUse
from app.presenters.state import devices, parts

NEXT, CLOSE = "DV-NEXT", Command.BACK.code
MOST_CHOICES = 9
NUMBERS = tuple(Command(f"PW-{digit}") for digit in range(10))
ORDERS = (
    PrinterOrder.TEST, PrinterOrder.REPRINT, PrinterOrder.FEED, PrinterOrder.DARKER, PrinterOrder.LIGHTER,
    PrinterOrder.FASTER, PrinterOrder.SLOWER, PrinterOrder.CALIBRATE, PrinterOrder.SETTINGS, PrinterOrder.CLEAR,
)  # fmt: skip
"""In the order of their keys: 1 to 9, then 0."""
FOR_LEADS = frozenset({
    PrinterOrder.DARKER, PrinterOrder.LIGHTER, PrinterOrder.FASTER, PrinterOrder.SLOWER, PrinterOrder.CALIBRATE,
    PrinterOrder.CLEAR,
})  # fmt: skip
"""What changes the printer or its queue for whoever works there next."""
IN_THE_LANGUAGE = frozenset(ORDERS) - {PrinterOrder.TEST, PrinterOrder.REPRINT, PrinterOrder.CLEAR}


def pages_of(found: Sequence[FoundDevice]) -> tuple[tuple[FoundDevice, ...], ...]:
    """Found devices by page: no more choices on one than there are digits, and no device on two."""
    pages: list[list[FoundDevice]] = [[]]
    room = MOST_CHOICES
    for device in found:
        needed = 0 if device.trouble else len(device.uses)
        if needed > room and pages[-1]:
            pages.append([])
            room = MOST_CHOICES
        pages[-1].append(device)
        room -= needed
    return tuple(map(tuple, pages))


def uses_of(page: Sequence[FoundDevice]) -> tuple[tuple[FoundDevice, FoundUse], ...]:
    """The choices of a page in the order of their digits."""
    return tuple((device, use) for device in page if not device.trouble for use in device.uses)


def found_panel(
    found: tuple[FoundDevice, ...] | None,
    at: int,
    trying: FoundUse | None,
    reason: str,
    in_use: Callable[[FoundUse], str],
) -> devices.Panel:
    """All that was found; None while nobody has looked yet. `trying` names what is being tried, `reason` says why
    nothing may be set up, `in_use` names what a choice would replace.
    """
    pages = pages_of(found or ())
    at = min(at, len(pages) - 1)
    digits = count(1)
    shown: list[devices.PanelPart] = []
    for device in pages[at]:
        if device.trouble:
            shown.append(devices.PanelPart(device.name, f"{device.where}. {device.trouble}", icon="warning", warn=True))
            continue
        choices = tuple(_use(use, next(digits), trying, reason, in_use(use)) for use in device.uses)
        shown.append(devices.PanelPart(device.name, device.where, choices))
    if found is None:
        shown = [devices.PanelPart(say("devices_screen.found.looking"), "", icon="hourglass")]
    elif not found:
        shown = [
            devices.PanelPart(
                say("devices_screen.found.none"), say("devices_screen.found.none.do"), icon="magnifying-glass"
            )
        ]
    more = parts.Command(NEXT, say("devices_screen.next"), "N", icon="caret-right") if len(pages) > 1 else None
    right = say("devices_screen.page", at=at + 1, of=len(pages)) if len(pages) > 1 else ""
    return devices.Panel(
        parts.CardHead(say("devices_screen.found"), "magnifying-glass", right), tuple(shown), more, _close()
    )


def _use(use: FoundUse, digit: int, trying: FoundUse | None, reason: str, instead: str) -> parts.Choice:
    detail = say("devices_screen.use.instead", name=instead) if instead else ""
    if trying == use:
        detail = say("devices_screen.use.trying")
    return parts.Choice(
        NUMBERS[digit].code,
        say(f"devices_screen.use.{use.use.value}"),
        detail,
        str(digit),
        chosen=trying == use,
        reason=reason,
    )


def printer_panel(line: DeviceLine, monotonic: float, may_test: str, may_set: str) -> devices.Panel:
    """What this printer can be told. `may_test` and `may_set` are reasons against, empty where there are none."""
    choices = tuple(
        _order(order, number, line, may_set if order in FOR_LEADS else may_test)
        for number, order in zip((1, 2, 3, 4, 5, 6, 7, 8, 9, 0), ORDERS, strict=True)
    )
    part = devices.PanelPart(line.name, printer_facts(line, monotonic), choices)
    return devices.Panel(parts.CardHead(say("devices_screen.printer"), "printer"), (part,), None, _close())


def _order(order: PrinterOrder, number: int, line: DeviceLine, reason: str) -> parts.Choice:
    code, words = NUMBERS[number].code, say(f"devices_screen.order.{order.value}")
    level = line.levels.darkness if order in (PrinterOrder.DARKER, PrinterOrder.LIGHTER) else None
    if order in (PrinterOrder.FASTER, PrinterOrder.SLOWER):
        level = line.levels.speed
    detail, why = "", reason
    if not why and order in IN_THE_LANGUAGE and line.levels.darkness is None:
        why = say("devices_screen.order.not_in_language", language=line.language.upper())
    elif level is not None:
        goal = level.stepped(order.step)
        detail = say("devices_screen.order.to", level=goal, most=level.most)
        why = why or (_end(level, goal) if goal == level.now else "")
    elif order is PrinterOrder.REPRINT and not line.jobs:
        why = why or say("devices_screen.printer.no_jobs")
    elif order is PrinterOrder.CLEAR:
        detail = say("devices_screen.printer.queued", count=line.waiting)
        why = why or ("" if line.waiting else say("devices_screen.order.nothing_waits"))
    return parts.Choice(code, words, detail, str(number), reason=why)


def _end(level: Level, goal: int) -> str:
    return say("devices_screen.order.at_end", level=goal, most=level.most)


def _close() -> parts.Command:
    return parts.Command(CLOSE, say("devices_screen.close"), "L", icon="list-dashes")
