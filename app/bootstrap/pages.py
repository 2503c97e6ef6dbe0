"""The pages of the station: who draws what, and which presenter stands behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.bootstrap.late import Late
from app.domain.commands import Command
from app.domain.outcomes import Place, Sound
from app.views.kit import Look
from app.views.sign_in import SignInView
from app.views.station_window import FloorIntents

if TYPE_CHECKING:
    from app.bootstrap.core import StationCore
    from app.domain.clock import Clock
    from app.domain.scanner_doctor import Observation
    from app.presenters.desk_page import DeskPage
    from app.presenters.devices import DevicesPresenter
    from app.presenters.doctor import DoctorPresenter
    from app.presenters.doctor_room import DevicesRoom
    from app.presenters.floor_page import FloorPage
    from app.presenters.floor_screen import FloorPresenter
    from app.presenters.help import HelpPresenter
    from app.presenters.importer import Importer
    from app.presenters.office import OfficePresenter
    from app.presenters.office_database import DatabaseJoin
    from app.presenters.orders import OrdersPresenter
    from app.presenters.orders_room import OrdersRoom
    from app.presenters.runner import Runner
    from app.presenters.state.intents import Intents
    from app.presenters.state.orders import Orders
    from app.presenters.station import Screen
    from app.presenters.stock import StockPresenter
    from app.runtime.watch import StationWatch


@dataclass(frozen=True, slots=True)
class OfficeOutside:
    """What the office needs of this machine: a process for imports, a dialogue for files, what settings change here."""

    importer: Callable[[], Importer]
    choose_file: Callable[[], str]
    applied: Callable[[dict[str, object]], None]
    check_device: Callable[[str, str], str]
    join: Callable[[], DatabaseJoin]


class DeskPages:
    """The screens with presenters of their own; each is read and made when it is wanted first."""

    def __init__(
        self,
        core: StationCore,
        runner: Runner,
        clock: Clock,
        send: Callable[[str], None],
        send_text: Callable[[str], None],
        ring: Callable[[Sound], None],
        watch: StationWatch,
        data_folder: Path,
        outside: OfficeOutside,
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        """`send` hands a code to the station, `send_text` what was typed; logs are written into the data folder."""
        self._screen: Screen | None = None
        self._core, self._runner, self._clock, self._outside = core, runner, clock, outside
        self._send, self._send_text, self._ring = send, send_text, ring
        self._watch, self._data_folder, self._post = watch, data_folder, post

    @cached_property
    def orders_room(self) -> OrdersRoom:
        """The order queue, and the full pages of orders and customers."""
        from app.presenters.orders import OrdersPresenter
        from app.presenters.orders_room import OrdersRoom

        core, draws, folder = self._core, self._draws(Place.ORDERS), self._data_folder / "exports"

        def queue(draw: Callable[[Orders], None]) -> OrdersPresenter:
            return OrdersPresenter(core.database, self._runner, core.info, self._clock, draw, self._send, self._ring)

        return OrdersRoom(
            queue, core.database, self._runner, core.info, self._clock, draws, self._send, folder, self._ring
        )

    @property
    def orders(self) -> OrdersPresenter:
        """The order queue."""
        return self.orders_room.orders

    @cached_property
    def stock(self) -> StockPresenter:
        """What lies where."""
        from app.presenters.stock import StockPresenter

        core, draws = self._core, self._draws(Place.STOCK)
        return StockPresenter(
            core.database, self._runner, core.info, self._clock, draws, self._send, self._send_text, self._ring
        )

    @cached_property
    def office(self) -> OfficePresenter:
        """Imports, receiving, release, holds, people, settings."""
        from app.bootstrap.supplier_files import write_papers
        from app.integrations.channels.columns import look_at_columns
        from app.integrations.channels.formats import readers
        from app.presenters.office import OfficePresenter
        from app.presenters.office_supplier_files import SupplierOutbox

        core, outside = self._core, self._outside
        return OfficePresenter(
            core.database,
            self._runner,
            core.info,
            self._clock,
            self._draws(Place.OFFICE),
            self._send,
            importer=outside.importer(),
            readers=readers(),
            choose_file=outside.choose_file,
            show_order=self._show_order,
            applied=outside.applied,
            check_device=outside.check_device,
            join=outside.join(),
            read_columns=look_at_columns,
            outbox=SupplierOutbox(self._data_folder / "outbox", write_papers),
            ring=self._ring,
        )

    @cached_property
    def floor(self) -> FloorPresenter:
        """The lead's floor."""
        from app.presenters.floor_screen import FloorPresenter
        from app.presenters.floor_screen_deeds import FloorLooks

        core, looks = self._core, FloorLooks(self._show_order, self._show_office, self._show_stock)
        return FloorPresenter(
            core.database, self._runner, core.info, self._clock, self._draws(Place.FLOOR), self._send, looks, self._ring
        )

    @cached_property
    def help(self) -> HelpPresenter:
        """What can be scanned."""
        from app.presenters.help import HelpPresenter

        core, draws = self._core, self._draws(Place.HELP)
        return HelpPresenter(core.database, self._runner, core.info, self._clock, core.new_id, draws, self._send)

    @cached_property
    def devices(self) -> DevicesPresenter:
        """The devices of the bench."""
        from app.bootstrap.device_setting_up import device_setup
        from app.presenters.devices import DevicesPresenter

        core, folder = self._core, self._data_folder
        setup = device_setup(core, self._watch, self._runner, self._post, folder, self._outside.applied)
        return DevicesPresenter(
            self._watch,
            setup,
            self._runner,
            self._draws(Place.DEVICES),
            station=core.info,
            clock=self._clock,
            monotonic=time.monotonic,
            exports=folder / "exports",
        )

    def close(self) -> None:
        """Nothing is drawn any more: the window may be gone, or show another station."""
        self._screen = None
        if "devices" in self.__dict__:
            self.devices.hide()

    def draw_on(self, screen: Screen) -> None:
        """Where their states are drawn."""
        self._screen = screen

    def pages(self) -> Mapping[Place, DeskPage]:
        """By place, for the station."""
        return Late(
            {
                Place.ORDERS: lambda: self.orders_room,
                Place.STOCK: lambda: self.stock,
                Place.DEVICES: lambda: self.devices_room,
                Place.HELP: lambda: self.help,
                Place.OFFICE: lambda: self.office,
                Place.FLOOR: lambda: self.floor,
            }
        )

    @cached_property
    def devices_room(self) -> DevicesRoom:
        """The devices of the bench, and the scanner doctor."""
        from app.presenters.doctor_room import DevicesRoom

        return DevicesRoom(self.devices, self._doctor)

    def _doctor(self) -> DoctorPresenter:
        from app.presenters.doctor import DoctorPresenter

        core, draws, scanner = self._core, self._draws(Place.DEVICES), self._core.scanner
        return DoctorPresenter(
            core.database,
            self._runner,
            core.info,
            self._clock,
            core.new_id,
            draws,
            self._outside.applied,
            scanner.uri if scanner is not None else "",
        )

    def typed_scan(self, observation: Observation) -> None:
        """What a scanner typed while the doctor recorded its keys."""
        self.devices_room.typed(observation)

    def take_scan(self, text: str, data: bytes, device: str) -> bool:
        """A scan as it came, for the doctor; False while it is closed."""
        return "devices_room" in self.__dict__ and self.devices_room.scanned(text, data, device)

    def _show_order(self, number: str) -> None:
        """From the office to an order on Orders; the changed ones for an empty number."""
        self._send(Command.GO_ORDERS.code)
        self.orders_room.show_order(number)

    def _show_office(self, section: str) -> None:
        """To a section of the office."""
        self._send(Command.GO_OFFICE.code)
        self.office.choose("tabs", section, True)

    def _show_stock(self, sku: str) -> None:
        """To a product's stock."""
        self._send(Command.GO_STOCK.code)
        self.stock.typed("search", sku, True)

    def local(self) -> Mapping[Place, Callable[[str], bool]]:
        """What concerns a screen alone: it answers whether a code was that, and then no gesture is made of it."""
        return {
            Place.DEVICES: lambda code: self.devices_room.command(code),
            Place.HELP: lambda code: self.help.local(code),
            Place.FLOOR: lambda code: self.floor.local(code),
            Place.ORDERS: lambda code: self.orders_room.local(code),
            Place.STOCK: lambda code: self.stock.local(code),
            Place.OFFICE: lambda code: self.office.local(code),
        }

    def devices_intents(self, station: FloorIntents) -> Intents:
        """Buttons of the Devices screen do what they say there; every other command is the station's."""

        def command(code: str) -> None:
            if not self.devices_room.command(code):
                station.command(code)

        return FloorIntents(command, station.scan, lambda _words: None, station.refused, lambda _place: None)

    def _draws(self, place: Place) -> Callable[[object], None]:
        def draw(state: object) -> None:
            if self._screen is not None:
                self._screen.show(place.value, state)

        return draw


def floor_pages() -> Mapping[Place, FloorPage]:
    """The screens of the floor."""
    return Late({Place.PACK: _pack_page, Place.PICK: _pick_page, Place.RETURNS: _returns_page})


def _pack_page() -> FloorPage:
    from app.presenters.pack_page import PackPage

    return PackPage()


def _pick_page() -> FloorPage:
    from app.presenters.pick_page import PickPage

    return PickPage()


def _returns_page() -> FloorPage:
    from app.presenters.returns_page import ReturnsPage

    return ReturnsPage()


def page_builders(intents: FloorIntents, desks: DeskPages) -> Mapping[str, Callable[[Look], QWidget]]:
    """How each page is built when it is first shown; what a packer does not need is not even read before that."""

    def pack(look: Look) -> QWidget:
        from app.views.pack import PackView

        return PackView(look, intents, answer_first=True)

    def pick(look: Look) -> QWidget:
        from app.views.pick import PickView

        return PickView(look, intents)

    def returns(look: Look) -> QWidget:
        from app.views.returns import ReturnsView

        return ReturnsView(look, intents)

    return {
        Place.SIGN_IN.value: lambda look: SignInView(look, intents),
        Place.PACK.value: pack,
        Place.PICK.value: pick,
        Place.RETURNS.value: returns,
        **_desk_builders(intents, desks),
    }


def _desk_builders(intents: FloorIntents, desks: DeskPages) -> Mapping[str, Callable[[Look], QWidget]]:
    def orders(look: Look) -> QWidget:
        from app.views.orders_sheet import OrdersRoomView

        return OrdersRoomView(look, desks.orders_room)

    def stock(look: Look) -> QWidget:
        from app.views.stock import StockView

        return StockView(look, desks.stock)

    def office(look: Look) -> QWidget:
        from app.views.office import OfficeView

        return OfficeView(look, desks.office)

    def lead_floor(look: Look) -> QWidget:
        from app.views.floor import FloorView

        return FloorView(look, desks.floor)

    def helping(look: Look) -> QWidget:
        from app.views.help import HelpView

        return HelpView(look, desks.help)

    def devices(look: Look) -> QWidget:
        from app.views.doctor import DevicesRoomView

        return DevicesRoomView(look, desks.devices_intents(intents), desks.typed_scan)

    return {
        Place.ORDERS.value: orders,
        Place.STOCK.value: stock,
        Place.OFFICE.value: office,
        Place.HELP.value: helping,
        Place.FLOOR.value: lead_floor,
        Place.DEVICES.value: devices,
    }
