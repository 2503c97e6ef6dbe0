"""Office, Sourcing: its parts, one at a time: rules, sites, what is kept back, suppliers, orders that are collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.words import say
from app.presenters.office_collected import CollectedSection
from app.presenters.office_desk import OfficeDesk, OfficeSection
from app.presenters.office_kept_back import KeptBackSection
from app.presenters.office_sourcing_rules import RulesSection
from app.presenters.office_supplier_files import SupplierOutbox
from app.presenters.office_suppliers import SuppliersSection
from app.presenters.office_warehouses import WarehousesSection
from app.presenters.state import office, parts

PART = "part:"


class SourcingSection:
    """A section that holds others: a second row of tabs chooses, each with its letter."""

    def __init__(self, desk: OfficeDesk, show_order: Callable[[str], None], outbox: SupplierOutbox) -> None:
        self._desk = desk
        self.parts: dict[str, tuple[str, OfficeSection]] = {
            "rules": ("R", RulesSection(desk, show_order)),
            "sites": ("W", WarehousesSection(desk)),
            "kept": ("K", KeptBackSection(desk)),
            "suppliers": ("S", SuppliersSection(desk, show_order, outbox)),
            "collect": ("C", CollectedSection(desk, show_order)),
        }
        self.part = "rules"

    @property
    def section(self) -> OfficeSection:
        """What is shown now."""
        return self.parts[self.part][1]

    def enter(self) -> None:
        """Reads what the part needs."""
        self.section.enter()

    def more(self) -> None:
        """The next page of the part."""
        self.section.more()

    def command(self, code: str) -> bool:
        """A part, or a button of the part."""
        if code.startswith(PART):
            self._turn_to(code.removeprefix(PART))
            return True
        return self.section.command(code)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the part's form."""
        self.section.typed(field, text, entered)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A part, or a row of it."""
        if what == "part":
            self._turn_to(key.removeprefix(PART))
        else:
            self.section.choose(what, key, opened)

    def back(self) -> bool:
        """One step back in the part."""
        return self.section.back()

    def _turn_to(self, part: str) -> None:
        if part in self.parts:
            self.part, self._desk.notice = part, None
            self.enter()
            self._desk.publish()

    def state(self) -> office.Section:
        """The part, with the row that chooses it."""
        tabs = tuple(
            parts.Tab(f"{PART}{name}", say(f"office_sourcing.part.{name}"), chosen=name == self.part, press=letter)
            for name, (letter, _) in self.parts.items()
        )
        return replace(self.section.state(), inner=tabs)
