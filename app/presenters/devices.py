"""The devices screen: every device live, what was found and can be set up, a test scan, and what happened last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.barcodes import read_code
from app.domain.commands import Command, command_of
from app.domain.outcomes import Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import devices_panels as panels
from app.presenters import devices_parts as made
from app.presenters.device_setup import DeviceSetup
from app.presenters.device_watch import DeviceLine, DeviceWatch, EventKind, PrinterOrder
from app.presenters.devices_state import EXPORT, FIND, PRINTER, Shown, Side, devices_state, prints, reasons
from app.presenters.runner import Runner
from app.presenters.scale_orders import scale_order
from app.presenters.state import devices
from app.presenters.station_info import StationInfo
from app.presenters.support_log import export_text

CHOOSE, CHOOSE_NEXT, CHOOSE_PREVIOUS = "devices:choose:", "devices:next", "devices:previous"
OWN = "devices:"
"""Of buttons that stand for one device; nothing that is printed begins so."""
LOOK_SECONDS = 2.0
NEWS_SECONDS = 60


class DevicesPresenter:
    """Shows what the port knows, whenever it changes, while the screen is open.

    `exports` is the folder for written logs; `clock` gives aware UTC, `monotonic` seconds as readings carry them.
    """

    def __init__(
        self,
        port: DeviceWatch,
        setup: DeviceSetup,
        runner: Runner,
        on_state: Callable[[devices.Devices], None],
        *,
        station: StationInfo,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        exports: Path,
    ) -> None:
        self._port, self._setup, self._runner, self._on_state = port, setup, runner, on_state
        self._station, self._clock, self._monotonic, self._exports = station, clock, monotonic, exports
        self._said, self._side, self._page, self._chosen = "", Side.LOG, 0, ""
        self._open = 0
        self._stop: Callable[[], None] | None = None

    def show(self, station: StationInfo | None = None) -> None:
        """The screen is opened: from now on each change is shown, and devices are looked for."""
        self._station = station or self._station
        if self._stop is None:
            self._stop = self._port.subscribe(self.refresh)
            self._open += 1
            self._look(self._open)
        self._said, self._side, self._page = self._news(), Side.LOG, 0
        self.refresh()

    def hide(self) -> None:
        """The screen is left."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def refresh(self) -> None:
        """Shows how everything is now; nothing once the screen is left, whatever still comes in."""
        if self._stop is not None:
            self._on_state(self.state())

    def state(self) -> devices.Devices:
        """The whole screen, from what the port knows."""
        lines = self._port.devices()
        printer = self._printer(lines)
        shown = Shown(
            self._side,
            self._said,
            self._chosen,
            printer.uri if printer is not None else "",
            self._setup.found,
            self._page,
            self._setup.trying,
            self._setup.replaces,
        )
        return devices_state(lines, self._port.events(), self._station, self._clock(), self._monotonic(), shown)

    def answered(self, outcome: Outcome) -> None:
        """An answer of the station: a refusal is said here, where the operator looks."""
        if outcome.refused:
            self._say(say(outcome.code, **outcome.values))

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more: no device is gone beside a screen that says all is well."""
        if self._said == say(told.code, **told.values):
            self._say(say(instead.code, **instead.values) if instead is not None else "")

    def command(self, code: str) -> bool:
        """Does what a button, its key or its printed code orders; says whether it meant something here."""
        code = code if code.startswith(OWN) else _plain(code)
        done = self._panel_command(code) or self._printer_command(code) or self._choice(code)
        if not done and (order := scale_order(code)) is not None:
            self._said, done = say(f"scale.{order.value}.asked"), True
            self._port.order_scale(order, lambda answer: self._say(say(answer.key(order))))
        if done:
            self.refresh()
        return done

    # -- the side ----------------------------------------------------------------------------------------------------

    def _panel_command(self, code: str) -> bool:
        if code == FIND:
            self._side, self._page, self._said = Side.FOUND, 0, ""
            self._setup.look(self.refresh)
        elif code == PRINTER:
            self._side = Side.PRINTER
        elif code == panels.CLOSE and self._setup.trying is not None:
            self._said = say("devices_screen.said.stopping")
            self._setup.give_up()
        elif code == panels.CLOSE and self._side is not Side.LOG:
            self._side = Side.LOG
        elif code == panels.NEXT and self._side is Side.FOUND:
            self._page = (self._page + 1) % len(panels.pages_of(self._setup.found or ()))
        elif code == EXPORT:
            self._export()
        elif code in (CHOOSE_NEXT, CHOOSE_PREVIOUS, Command.NEXT.code, Command.PREVIOUS.code):
            self._choose(1 if code in (CHOOSE_NEXT, Command.NEXT.code) else -1)
        elif code.startswith(CHOOSE):
            self._chosen = code.removeprefix(CHOOSE)
        else:
            return False
        return True

    def _choice(self, code: str) -> bool:
        """A digit: one of what the side offers."""
        digit = next((number for number, command in enumerate(panels.NUMBERS) if command.code == code), None)
        if digit is None or self._side is Side.LOG:
            return False
        if self._side is Side.PRINTER:
            self._order(panels.ORDERS[(digit - 1) % 10], self._printer(self._port.devices()))
            return True
        pages = panels.pages_of(self._setup.found or ())
        uses = panels.uses_of(pages[min(self._page, len(pages) - 1)])
        if not 0 < digit <= len(uses):
            self._said = say("devices_screen.said.no_such")
        elif not self._station.may(Permission.MANAGE_STATION):
            self._said = say("devices_screen.leads_only")
        else:
            device, use = uses[digit - 1]
            self._said = say("devices_screen.said.trying", device=device.name)
            self._setup.set_up(device, use, self._station, self._say)
        return True

    def _choose(self, by: int) -> None:
        uris = [line.uri for line in self._port.devices()]
        if uris:
            at = uris.index(self._chosen) + by if self._chosen in uris else (0 if by > 0 else -1)
            self._chosen = uris[at % len(uris)]

    # -- printers ----------------------------------------------------------------------------------------------------

    def _printer(self, lines: tuple[DeviceLine, ...]) -> DeviceLine | None:
        """The printer that keys speak to: the chosen one, else the first."""
        printers = [line for line in lines if prints(line)]
        return next((line for line in printers if line.uri == self._chosen), printers[0] if printers else None)

    def _printer_command(self, code: str) -> bool:
        lines = self._port.devices()
        by_code = {Command.TEST_PRINT.code: PrinterOrder.TEST, Command.REPRINT.code: PrinterOrder.REPRINT}
        if (order := by_code.get(code)) is not None:
            self._order(order, self._printer(lines))
            return True
        for prefix, order in ((made.TEST_PRINT, PrinterOrder.TEST), (made.REPRINT, PrinterOrder.REPRINT)):
            if code.startswith(prefix):
                uri = code.removeprefix(prefix)
                self._order(order, next((line for line in lines if line.uri == uri), None))
                return True
        return False

    def _order(self, order: PrinterOrder, printer: DeviceLine | None) -> None:
        if printer is None:
            self._said = say("devices_screen.said.no_printer")
            return
        panel = panels.printer_panel(printer, self._monotonic(), *reasons(self._station))
        reason = panel.sections[0].choices[panels.ORDERS.index(order)].reason
        if reason:
            self._said = reason
            return
        words = say(f"devices_screen.order.{order.value}")
        self._said = say("devices_screen.said.order", order=words, printer=printer.name)
        self._port.order_printer(printer.uri, order, self._station, self._say)

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _look(self, run: int) -> None:
        """Every two seconds while the screen is open: what is plugged in, how printers are, how old readings are."""
        if self._stop is None or run != self._open:
            return
        self._setup.look(self.refresh)
        self._port.look()
        self.refresh()
        self._runner.later(LOOK_SECONDS, lambda: self._look(run))

    def _news(self) -> str:
        """A device that was just set up: the station was put together anew meanwhile, and says so now."""
        newest = next((event for event in self._port.events() if event.kind is EventKind.SET_UP), None)
        if newest is None or self._clock() - newest.at > timedelta(seconds=NEWS_SECONDS):
            return ""
        return say("devices_screen.said.set_up", device=newest.device, uri=newest.detail)

    def _say(self, words: str) -> None:
        self._said = words
        self.refresh()

    def _export(self) -> None:
        now = self._clock()
        path = self._exports / f"devices-{now:%Y%m%d-%H%M%S}.txt"
        text = export_text(self._port.devices(), self._port.events(), self._station.clock_zone)
        try:
            self._exports.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self._said = say("devices_screen.said.not_written", reason=error.strerror or type(error).__name__)
            return
        self._said = say("devices_screen.said.written", path=path)


def _plain(code: str) -> str:
    """A scanned code without AIM identifier and ends, in the form in which commands are known."""
    text = read_code(code).text
    command = command_of(text)
    return command.code if command is not None else text.upper()
