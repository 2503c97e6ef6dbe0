"""From an address to a scanner that types like a keyboard: what most stations have, read without the other kinds."""

from __future__ import annotations

from collections.abc import Callable

from app.devices.options import Address
from app.devices.reading import Case, Reading, is_code_page
from app.devices.scanners import KeyboardScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import Clock
from app.domain.device_ports import Scanner
from app.domain.keyboard_layouts import Layout, as_seen, undo

PLAIN = "keyboard:"
"""The address of one without options."""
_NO_SUBSTITUTE = ("", "gs", "none")


def open_keyboard(address: Address, make_id: Callable[[], str], clock: Clock) -> Scanner:
    """A scanner that types into whatever window is open. Raises BadUseError for an option that nobody knows."""
    ends_with_key = address.choice("suffix", ("key", "none"), "key") == "key"
    computer = Layout(address.choice("layout", tuple(Layout), Layout.US))
    scanner = Layout(address.choice("scanner", tuple(Layout), Layout.US))
    reading = reading_of(address)
    address.finish()

    def clean(shown: str) -> str:
        meant = undo(computer, shown) if computer is not scanner else shown
        return reading.clean(as_seen(scanner, meant) if scanner not in (computer, Layout.US) else meant)

    return KeyboardScanner(address.uri, make_id, clock, WedgeDetector(ends_with_key=ends_with_key), clean)


def reading_of(address: Address) -> Reading:
    """How the text of a code is found. Raises BadUseError for options that mean nothing."""
    encoding = address.text("encoding", "utf-8")
    if not is_code_page(encoding):
        raise address.wrong("encoding", "utf-8, latin-1, cp1252, cp437, ...")
    fnc1 = address.text("fnc1", "gs")
    case = Case(address.choice("case", tuple(Case), Case.KEEP))
    return Reading(encoding, address.text("prefix"), None if fnc1.lower() in _NO_SUBSTITUTE else fnc1, case)
