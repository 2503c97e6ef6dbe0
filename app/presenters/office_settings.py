"""Office, Settings: the warehouse, how its floor works, and the devices and looks of this station."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.outcomes import Outcome, done
from app.domain.roles import Permission
from app.domain.words import say
from app.models.database import Session
from app.presenters import office_site
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.sound import Sound
from app.services.permissions import forbidden
from app.services.settings_store import AT_LABEL, AT_TRUCK, floor_settings, put_setting
from app.services.setup import put_station_settings, station_settings
from app.services.warehouses import Site, change_site, site

EDIT = "setting-edit"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: of the whole floor, or of this station. With `words` it turns from one to the next."""

    key: str
    floor: bool
    words: tuple[object, ...] = ()
    default: object = ""


SITE = "site"
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
)


DEVICES = ("scanner", "scale", "printer", "paper_printer")


class SettingsSection:
    """`applied` tells the station which of its own settings changed, so that theme, sound and devices follow."""

    def __init__(
        self,
        desk: OfficeDesk,
        applied: Callable[[dict[str, object]], None],
        check_device: Callable[[str, str], str] = lambda _setting, _uri: "",
    ) -> None:
        """`check_device` says what is wrong with the address of a device, empty when nothing is."""
        self._desk, self._applied, self._check_device = desk, applied, check_device
        self.fields = Fields()
        self.values: dict[str, object] = {}
        self.site: Site | None = None
        self.chosen = SETTINGS[0].key
        self.editing = False

    def enter(self) -> None:
        """All settings."""
        station = self._desk.station.station_id

        warehouse = self._desk.station.warehouse_id

        def read(session: Session) -> tuple[dict[str, object], Site]:
            floor, own = floor_settings(session), station_settings(session, station)
            found = {
                one.key: getattr(floor, one.key, "") if one.floor else own.get(one.key, one.default) for one in SETTINGS
            }
            return found, site(session, warehouse)

        def put(found: tuple[dict[str, object], Site]) -> None:
            self.values, self.site = found
            self.values[SITE] = office_site.words(self.site)

        self._desk.read(lambda: self._desk.database.read(read), put)

    def more(self) -> None:
        """All are there."""

    def _setting(self) -> Setting:
        return next((one for one in SETTINGS if one.key == self.chosen), SETTINGS[0])

    def command(self, code: str) -> bool:
        """Change, save, go back."""
        if code == EDIT:
            self._change()
        elif code == SAVE:
            self._save()
        elif code == CLOSE:
            self.editing = False
        else:
            return False
        self._desk.publish()
        return True

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The value."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A setting; Enter changes it."""
        self.chosen, self.editing = key, False
        if opened:
            self._change()

    def back(self) -> bool:
        """Out of the field."""
        was, self.editing = self.editing, False
        return was

    def _change(self) -> None:
        setting = self._setting()
        now = self.values.get(setting.key, setting.default)
        if setting.key == SITE:
            if self.site is not None:
                office_site.fill(self.fields, self.site)
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
        if setting.key == "cut_off" and not _is_time(text):
            self.fields.wrong["value"] = say("office_screen.settings.bad_time")
            return
        wrong = self._check_device(setting.key, text) if setting.key in DEVICES and text else ""
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

        def work() -> Outcome:
            needed = Permission.MANAGE_SETTINGS if setting.floor else Permission.MANAGE_STATION
            not_allowed = forbidden(actor, needed)
            if not_allowed is not None:
                return not_allowed
            if setting.floor:
                self._desk.database.write(lambda session: put_setting(session, setting.key, value))
            else:
                own = {setting.key: value if value != "" else None}
                self._desk.database.write(lambda session: put_station_settings(session, actor, station, own))
            return done("office_screen.settings.stored", name=say(f"office_screen.setting.{setting.key}"), value=words)

        def stored(outcome: Outcome) -> None:
            if not outcome.refused:
                self.values[setting.key] = value
                if not setting.floor:
                    self._applied({setting.key: value})

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
                        say(f"office_screen.setting.{one.key}"),
                        say(f"office_screen.setting.{one.key}.what"),
                        strong=True,
                    ),
                    parts.Cell(value_words(one, self.values.get(one.key, one.default)), strong=True,
                               code=one.key in DEVICES),
                    parts.Cell(say("office_screen.settings.floor" if one.floor else "office_screen.settings.here"),
                               quiet=True),
                ),
            )
            for one in SETTINGS
        )  # fmt: skip
        table = parts.Table("settings", columns, rows, self.chosen)
        setting = self._setting()
        made = None
        if self.editing and setting.key == SITE:
            made = office_site.site_form(self.fields)
        elif self.editing:
            made = form(
                "setting", say(f"office_screen.setting.{setting.key}"),
                (self.fields.field("value", code=not setting.floor),), "office_screen.save",
                detail=say(f"office_screen.setting.{setting.key}.what"),
            )  # fmt: skip
        needed = Permission.MANAGE_SETTINGS if setting.floor else Permission.MANAGE_STATION
        change = parts.Command(
            EDIT, say("office_screen.settings.change"), "Enter", reason=not_permitted(self._desk.station.may(needed))
        )
        return office.Section(
            parts.CardHead(say("office_screen.tab.settings"), "gear"), table, (), made, None, (change,)
        )


def value_words(setting: Setting, value: object) -> str:
    """A value in words: yes and no, per cent, or as it stands."""
    if isinstance(value, bool):
        return say("office_screen.yes" if value else "office_screen.no")
    if setting.key in ("text_scale", "volume"):
        return f"{value} %"
    key = f"office_screen.value.{setting.key}.{value}"
    words = say(key)
    return str(value) or say("office_screen.value.none") if words == key else words


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return bool(colon) and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
