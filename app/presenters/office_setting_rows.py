"""The settings that the office can change: of the whole floor, of this station, and a printer a kind of document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.documents import DocumentKind
from app.domain.words import say
from app.services.print_routes import INSTEAD
from app.services.settings_store import AT_LABEL, AT_TRUCK


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: of the whole floor, or of this station. With `words` it turns from one to the next.

    `document` makes it the printer for one kind of document.
    """

    key: str
    floor: bool
    words: tuple[object, ...] = ()
    default: object = ""
    document: str = ""

    @property
    def device(self) -> str:
        """The kind of device whose address it is (`core.wrong_address`); empty for all else."""
        return "printer" if self.document else self.key if self.key in _DEVICES else ""

    @property
    def title(self) -> str:
        """Its name."""
        if self.document:
            return say("office_screen.setting.printer_of", document=say(f"document.{self.document}"))
        return say(f"office_screen.setting.{self.key}")

    @property
    def what(self) -> str:
        """What it does."""
        name = "printer_of" if self.document else self.key
        return say(f"office_screen.setting.{name}.what")


SITE, DATABASE = "site", "database"
_DEVICES = ("scanner", "scale", "printer", "paper_printer")
SETTINGS = (
    Setting(SITE, True),
    Setting("handover", True, (AT_LABEL, AT_TRUCK)),
    Setting("label_scan_back", True, (False, True)),
    Setting("print_packing_slip", True, (True, False)),
    Setting("confirm_weight", True, (True, False)),
    Setting("release_by_itself", True, (False, True)),
    Setting("cut_off", True),
    Setting("cart_slots", True, (1, 2, 3, 4, 6, 8, 9, 10, 12)),
    Setting("claim_minutes", True, (5, 10, 20, 30, 60)),
    Setting("theme", False, ("light", "dark"), "light"),
    Setting("text_scale", False, (100, 115, 130), 100),
    Setting("volume", False, (20, 40, 60, 80, 100), 80),
    Setting("scanner", False, default="keyboard:"),
    Setting("scale", False),
    Setting("printer", False),
    Setting("paper_printer", False),
    Setting(INSTEAD, False, ("",)),
    Setting(DATABASE, False),
    *(Setting(f"printer_of.{kind}", False, document=kind.value) for kind in DocumentKind),
)
PRINTERS = "printers"
"""Where a station keeps the printers of kinds of documents."""


def value_of(setting: Setting, own: Mapping[str, object]) -> object:
    """What a station keeps of a setting."""
    if not setting.document:
        return own.get(setting.key, setting.default)
    named = own.get(PRINTERS)
    return named.get(setting.document, "") if isinstance(named, Mapping) else ""


def changed(setting: Setting, value: object, own: Mapping[str, object]) -> dict[str, object]:
    """What of a station's settings changes with one; nothing is kept of what is empty."""
    if not setting.document:
        return {setting.key: value if value != "" else None}
    before = own.get(PRINTERS)
    named = {**(before if isinstance(before, Mapping) else {}), setting.document: value}
    return {PRINTERS: {kind: uri for kind, uri in named.items() if uri} or None}


def value_words(setting: Setting, value: object) -> str:
    """A value in words: yes and no, per cent, or as it stands."""
    if isinstance(value, bool):
        return say("office_screen.yes" if value else "office_screen.no")
    if setting.key in ("text_scale", "volume"):
        return f"{value} %"
    if setting.key == INSTEAD:
        return say("office_screen.value.print_at", station=value) if value else say("office_screen.value.nothing")
    if setting.document and not value:
        return say("office_screen.value.default_printer")
    key = f"office_screen.value.{setting.key}.{value}"
    words = say(key)
    return str(value) or say("office_screen.value.none") if words == key else words
