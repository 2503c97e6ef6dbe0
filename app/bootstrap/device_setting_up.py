"""How found devices are set up at a station: who looks for them, who tries them, and what they would replace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from app.bootstrap.core import Post, StationCore
from app.bootstrap.device_trials import DeviceTrials
from app.bootstrap.found_devices import Lists, find_devices, linked_ports
from app.devices.scanner_group import scanners_of
from app.devices.serial_ports import list_serial_ports
from app.domain.clock import utc_now
from app.presenters.device_setup import DeviceSetup
from app.presenters.found_devices import FoundDevice, Use
from app.presenters.runner import Runner
from app.runtime.found_devices import FinderBehind
from app.runtime.watch import StationWatch

LINKS = "devices"
"""The folder in the data folder where ports that the system does not list may be linked."""


def device_setup(
    core: StationCore,
    watch: StationWatch,
    runner: Runner,
    post: Post,
    data_folder: Path,
    applied: Callable[[dict[str, object]], None],
) -> DeviceSetup:
    """Finds devices and sets them up."""
    uris = used_addresses(core)

    def find() -> tuple[FoundDevice, ...]:
        lists = Lists(serial=lambda: [*list_serial_ports(), *linked_ports(data_folder / LINKS)])
        return find_devices(lists, [*" ".join(uris.values()).split(), *core.press.uris])

    return DeviceSetup(
        FinderBehind(find, DeviceTrials().try_out, post), watch, core.database, runner, utc_now, applied, uris
    )


def used_addresses(core: StationCore) -> Mapping[Use, str]:
    """The devices of this station by setting."""
    scanners = " ".join(scanner.uri for scanner in scanners_of(core.scanner))
    labels, paper = core.press.address_of("shipping-label", ""), core.press.address_of("packing-slip", "")
    return {
        Use.SCANNER: scanners,
        Use.SCALE: core.scale.uri if core.scale is not None else "",
        Use.LABELS: labels,
        Use.PAPER: paper if paper != labels else "",
    }
