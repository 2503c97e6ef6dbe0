"""The Office: import, receiving, release, holds, people, settings, parcels, printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.clock import Clock
from app.domain.columns import ColumnsReader
from app.domain.outcomes import Change, Outcome
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices
from app.presenters.importer import Importer
from app.presenters.office_database import DatabaseJoin
from app.presenters.office_desk import OfficeDesk, OfficeSection
from app.presenters.office_goods import ReceivingSection, ReleaseSection
from app.presenters.office_holds import HoldsSection
from app.presenters.office_import import ImportSection
from app.presenters.office_people import PeopleSection
from app.presenters.office_print import ParcelsSection, PrintSection
from app.presenters.office_settings import SettingsSection
from app.presenters.office_sourcing import SourcingSection
from app.presenters.office_supplier_files import SupplierOutbox
from app.presenters.office_transfers import TransfersSection
from app.presenters.runner import Runner
from app.presenters.state import office, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.services.capture.runs import RowReader

AWHILE = 1.0
"""Seconds between two readings because of what others changed."""
_SHOWN = (
    "order",
    "fulfillment",
    "pick_list",
    "package",
    "print_job",
    "import_run",
    "operator",
    "transfer",
    "sourcing_rule",
    "warehouse",
    "kept_back",
    "supplier_request",
    "pick_up",
)
TABS = ("import", "receiving", "release", "holds", "people", "settings", "parcels", "printing", "transfers", "sourcing")


class OfficePresenter:
    """Implements Intents. Digits choose a section, 0 the tenth."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        on_state: Callable[[office.Office], None],
        send: Callable[[str], None],
        *,
        importer: Importer,
        readers: Mapping[str, RowReader],
        choose_file: Callable[[], str],
        show_order: Callable[[str], None],
        applied: Callable[[dict[str, object]], None],
        read_columns: ColumnsReader,
        outbox: SupplierOutbox,
        check_device: Callable[[str, str], str] = lambda _setting, _uri: "",
        join: DatabaseJoin | None = None,
        ring: notices.Ring = notices.silent,
    ) -> None:
        """`show_order` shows an order on Orders by its number, and the changed ones for an empty number.

        `applied` is told which settings of this station changed; `choose_file` gives a path or nothing;
        `join` takes the address of another database; files for suppliers are written to `outbox`.
        """
        self._on_state = on_state
        self.desk = OfficeDesk(database, runner, station, clock, self._publish, ring, send)
        self._import = ImportSection(self.desk, importer, readers, choose_file, lambda: show_order(""), read_columns)
        self.sections: dict[str, OfficeSection] = {
            "import": self._import,
            "receiving": ReceivingSection(self.desk),
            "release": ReleaseSection(self.desk),
            "holds": HoldsSection(self.desk, show_order),
            "people": PeopleSection(self.desk),
            "settings": SettingsSection(self.desk, applied, check_device, join),
            "parcels": ParcelsSection(self.desk),
            "printing": PrintSection(self.desk),
            "transfers": TransfersSection(self.desk),
            "sourcing": SourcingSection(self.desk, show_order, outbox),
        }
        self.tab = TABS[0]
        self._waiting = False
        self._typing = self._stale = False

    @property
    def section(self) -> OfficeSection:
        """What is shown now."""
        return self.sections[self.tab]

    def show(self) -> None:
        """The screen is entered."""
        self.section.enter()
        self._publish()

    def seat(self, station: StationInfo) -> None:
        """Who works here now."""
        self.desk.station = station

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The screen is shown now."""
        self.seat(station)
        self.show()

    def leave(self) -> None:
        """An import that runs goes on."""

    def answered(self, outcome: Outcome) -> None:
        """A refusal of the station is said in the screen's own bar."""
        if outcome.refused:
            self.desk.notice = notices.notice_of(outcome)
            self._publish()

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        self.desk.notice = notices.without(self.desk.notice, told, instead)
        self._publish()

    def minute(self) -> None:
        """Nothing here counts minutes."""

    def local(self, raw: str) -> bool:
        """Whether a scan is the path of a file while Import is shown: typed as fast as a scanner types."""
        return self.section is self._import and self._import.takes(raw)

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere: the section's list is read again, at most once a while."""
        if self._waiting or not any(change.entity in _SHOWN for change in changes):
            return
        self._waiting = True
        self.desk.runner.later(AWHILE, self._look_again)

    def _look_again(self) -> None:
        """Not under somebody's hands: what a form is about must not change while its fields are typed."""
        self._waiting = False
        if self._typing:
            self._stale = True
        else:
            self.section.enter()

    def _typed(self, typing: bool) -> None:
        self._typing = typing
        if self._stale and not typing:
            self._stale = False
            self.section.enter()

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self.desk.send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self.desk.ring(Sound.WRONG)
        self.desk.notice = Notice(reason, parts.Family.WRONG, "prohibit")
        self._publish()

    def key(self, name: str) -> None:
        """A digit goes to a section; Esc steps back."""
        if name.isdecimal() and (int(name) or 10) <= len(TABS):
            self._turn_to(TABS[(int(name) or 10) - 1])
        elif name == "Esc":
            if not self.section.back():
                self.desk.notice = None
            self._typed(False)
            self._publish()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the section's form."""
        self.section.typed(field, text, entered)
        self._typed(bool(text) and not entered)
        self._publish()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A section, a row, a tab of a form."""
        if what == "tabs":
            self._turn_to(key)
            return
        self.section.choose(what, key, opened)
        self._typed(self._typing and what == "form")
        self._publish()

    def more(self, what: str) -> None:
        """The next page."""
        self.section.more()

    def command(self, code: str) -> None:
        """A button of the section; what nobody here knows goes to the station."""
        if code == notices.DISMISS:
            self.desk.notice = None
            self._publish()
        elif code == notices.RETRY:
            again, self.desk.again, self.desk.notice = self.desk.again, None, None
            self._publish()
            if again is not None:
                again()
        elif self.section.command(code):
            self._typed(False)
        else:
            self.desk.send(code)

    def _turn_to(self, tab: str) -> None:
        self.tab, self.desk.notice = tab, None
        self._typing = self._stale = False
        self.show()

    def _publish(self) -> None:
        self._on_state(self.state())

    def state(self) -> office.Office:
        """What the screen shows now."""
        tabs = tuple(
            parts.Tab(key, say(f"office_screen.tab.{key}"), chosen=key == self.tab, press=str(at % 10))
            for at, key in enumerate(TABS, start=1)
        )
        return office.Office(tabs, self.section.state(), self.desk.notice)
