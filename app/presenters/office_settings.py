"""Office, Settings: the warehouse, how its floor works, and the devices and looks of this station."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.outcomes import Outcome, done
from app.domain.roles import Permission
from app.domain.words import say
from app.models.database import Session
from app.presenters import office_site
from app.presenters.office_database import UPDATE, DatabaseForm, DatabaseJoin
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.office_setting_rows import (
    DATABASE,
    PRINTERS,
    SETTINGS,
    SITE,
    Setting,
    changed,
    value_of,
    value_words,
)
from app.presenters.state import office, parts
from app.presenters.state.sound import Sound
from app.services.permissions import forbidden
from app.services.print_routes import INSTEAD, neighbours
from app.services.settings_store import floor_settings, put_setting
from app.services.setup import put_station_settings, station_settings
from app.services.warehouses import Site, change_site, site

EDIT = "setting-edit"


class SettingsSection:
    """`applied` tells the station which of its own settings changed, so that theme, sound and devices follow."""

    def __init__(
        self,
        desk: OfficeDesk,
        applied: Callable[[dict[str, object]], None],
        check_device: Callable[[str, str], str] = lambda _setting, _uri: "",
        join: DatabaseJoin | None = None,
    ) -> None:
        """`check_device` says what is wrong with the address of a device, empty when nothing is.

        `join` takes the address of another database; without it that setting is not shown.
        """
        self._database = DatabaseForm(desk, join) if join is not None else None
        self._settings = tuple(one for one in SETTINGS if one.key != DATABASE or join is not None)
        self._desk, self._applied, self._check_device = desk, applied, check_device
        self.fields = Fields()
        self.values: dict[str, object] = {}
        self.site: Site | None = None
        self.neighbours: tuple[str, ...] = ()
        self.chosen = SETTINGS[0].key
        self.editing = False

    def enter(self) -> None:
        """All settings."""
        station = self._desk.station.station_id

        warehouse = self._desk.station.warehouse_id

        def read(session: Session) -> tuple[dict[str, object], Site, tuple[str, ...]]:
            floor, own = floor_settings(session), station_settings(session, station)
            found = {one.key: getattr(floor, one.key, "") if one.floor else value_of(one, own) for one in SETTINGS}
            return found, site(session, warehouse), neighbours(session, station)

        def put(found: tuple[dict[str, object], Site, tuple[str, ...]]) -> None:
            self.values, self.site, self.neighbours = found
            self.values[SITE] = office_site.words(self.site)
            if self._database is not None:
                self.values[DATABASE] = self._database.words

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """All are there."""

    def _setting(self) -> Setting:
        found = next((one for one in SETTINGS if one.key == self.chosen), SETTINGS[0])
        return replace(found, words=("", *self.neighbours)) if found.key == INSTEAD else found

    def command(self, code: str) -> bool:
        """Change, save, go back."""
        if code == EDIT:
            self._change()
        elif code == SAVE:
            self._save()
        elif code == UPDATE and self._database is not None:
            self._database.save(update=True)
        elif code == CLOSE:
            self.editing = False
        else:
            return False
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The value."""
        if self._joining is not None:
            self._joining.typed(field, text)
        else:
            self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A setting; Enter changes it. In the form of the database, the protection of its connection."""
        if what == "form":
            if self._joining is not None:
                self._joining.choose(key)
            return
        self.chosen, self.editing = key, False
        if opened:
            self._change()

    def back(self) -> bool:
        """Out of the field."""
        was, self.editing = self.editing, False
        return was

    @property
    def _joining(self) -> DatabaseForm | None:
        """The form of the database, while it stands there."""
        return self._database if self.editing and self.chosen == DATABASE else None

    def _change(self) -> None:
        setting = self._setting()
        now = self.values.get(setting.key, setting.default)
        if setting.key == SITE:
            if self.site is not None:
                office_site.fill(self.fields, self.site)
                self.editing = True
        elif setting.key == DATABASE and self._database is not None:
            self._database.open()
            self.editing = True
        elif setting.words:
            at = setting.words.index(now) if now in setting.words else -1
            self._store(setting, setting.words[(at + 1) % len(setting.words)])
        else:
            self.fields.fill(value=str(now))
            self.editing = True

    def _save(self) -> None:
        setting, text = self._setting(), self.fields.get("value")
        if not self.editing:
            return
        if setting.key == SITE:
            self._store_site()
            return
        if self._joining is not None:
            self._joining.save()
            return
        if setting.key == "cut_off" and not _is_time(text):
            self.fields.wrong["value"] = say("office_screen.settings.bad_time")
            return
        wrong = self._check_device(setting.device, text) if setting.device and text else ""
        if wrong:
            self.fields.wrong["value"] = wrong
            return
        self.editing = False
        self._store(setting, text)

    def _store_site(self) -> None:
        told = office_site.told(self.fields)
        if told is None:
            self._desk.ring(Sound.WRONG)
            return
        actor, warehouse = self._desk.actor(), self._desk.station.warehouse_id

        def stored(outcome: Outcome) -> None:
            if not outcome.refused:
                self.editing = False
                self.enter()
                self._applied({SITE: told.name})

        self._desk.do(
            lambda: self._desk.database.write(lambda session: change_site(session, actor, warehouse, told)), stored
        )

    def _store(self, setting: Setting, value: object) -> None:
        actor, station = self._desk.actor(), self._desk.station.station_id
        words = value_words(setting, value)

        def put_own(session: Session) -> None:
            own = changed(setting, value, station_settings(session, station))
            put_station_settings(session, actor, station, own)

        def work() -> Outcome:
            needed = Permission.MANAGE_SETTINGS if setting.floor else Permission.MANAGE_STATION
            not_allowed = self._desk.database.read(lambda s: forbidden(s, actor, needed))
            if not_allowed is not None:
                return not_allowed
            if setting.floor:
                self._desk.database.write(lambda session: put_setting(session, setting.key, value))
            else:
                self._desk.database.write(put_own)
            return done("office_screen.settings.stored", name=setting.title, value=words)

        def stored(outcome: Outcome) -> None:
            if not outcome.refused:
                self.values[setting.key] = value
                if not setting.floor:
                    self._applied({PRINTERS if setting.document else setting.key: value})

        self._desk.do(work, stored)

    def state(self) -> office.Section:
        """All settings with their values."""
        columns = (
            parts.Column(say("office_screen.column.setting")),
            parts.Column(say("office_screen.column.value"), 330),
            parts.Column(say("office_screen.column.where"), 130, wide=True),
        )
        rows = tuple(
            parts.TableRow(
                one.key,
                (
                    parts.Cell(
                        one.title,
                        one.what,
                        strong=True,
                    ),
                    parts.Cell(value_words(one, self.values.get(one.key, one.default)), strong=True,
                               code=bool(one.device) or one.key == DATABASE),
                    parts.Cell(say("office_screen.settings.floor" if one.floor else "office_screen.settings.here"),
                               quiet=True),
                ),
            )
            for one in self._settings
        )  # fmt: skip
        table = parts.Table("settings", columns, rows, self.chosen)
        setting = self._setting()
        made = None
        if self.editing and setting.key == SITE:
            made = office_site.site_form(self.fields)
        elif self._joining is not None:
            made = self._joining.form()
        elif self.editing:
            made = form(
                "setting", setting.title,
                (self.fields.field("value", code=not setting.floor),), "office_screen.save",
                detail=setting.what,
            )  # fmt: skip
        needed = Permission.MANAGE_SETTINGS if setting.floor else Permission.MANAGE_STATION
        change = parts.Command(
            EDIT, say("office_screen.settings.change"), "Enter", reason=not_permitted(self._desk.station.may(needed))
        )
        return office.Section(
            parts.CardHead(say("office_screen.tab.settings"), "gear"), table, (), made, None, (change,)
        )


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return bool(colon) and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
