"""Office, Sourcing, Sites: what each warehouse, store and supplier is, where it is, and what it can give orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from app.domain.errors import BadUseError
from app.domain.outcomes import Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import WarehouseKind
from app.domain.words import say
from app.models.database import Session
from app.presenters.office_desk import CLOSE, SAVE, Fields, OfficeDesk, form, kept_choice, not_permitted
from app.presenters.state import office, parts
from app.presenters.state.form import Form
from app.presenters.state.parts import Family
from app.presenters.times import number
from app.queries.warehouses import SiteRow, site_rows
from app.services import warehouses as service
from app.services.permissions import forbidden
from app.services.setup import NewWarehouse, create_warehouse
from app.services.warehouses import Supply

ADD, EDIT, SWITCH = "site-add", "site-edit", "site-switch"
_ICONS = {WarehouseKind.WAREHOUSE: "buildings", WarehouseKind.STORE: "storefront", WarehouseKind.SUPPLIER: "factory"}


class WarehousesSection:
    """The list of sites; Enter changes one."""

    def __init__(self, desk: OfficeDesk) -> None:
        self._desk = desk
        self.fields = Fields()
        self.rows: tuple[SiteRow, ...] = ()
        self.chosen = self.panel = ""
        self.kind = WarehouseKind.WAREHOUSE

    def enter(self) -> None:
        """All sites."""

        def put(found: tuple[SiteRow, ...]) -> None:
            self.rows = found
            self.chosen = kept_choice(self.chosen, [str(row.id) for row in found])

        self._desk.read(lambda: self._desk.database.read(site_rows), put)

    def more(self) -> None:
        """All are there."""

    def _site(self) -> SiteRow | None:
        found = next((row for row in self.rows if str(row.id) == self.chosen), None)
        return found or (self.rows[0] if self.rows else None)

    def command(self, code: str) -> bool:
        """Add, change, take in or out of use."""
        acts: dict[str, Callable[[], None]] = {
            SAVE: self._save,
            CLOSE: lambda: self._close(),
            ADD: lambda: self._open(ADD),
            EDIT: lambda: self._open(EDIT),
            SWITCH: self._switch,
        }
        act = acts.get(code)
        if act is None:
            return False
        act()
        self._desk.publish()
        return True

    def _close(self) -> None:
        self.panel = ""

    def _open(self, panel: str) -> None:
        site = self._site()
        self.panel = panel
        if panel == ADD:
            self.kind = WarehouseKind.WAREHOUSE
            self.fields.fill(zone=self._desk.station.clock_zone.key, country="GB")
        elif site is not None:
            self.kind = site.kind
            self.fields.fill(**_texts(site))

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form."""
        self.fields.put(field, text)
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A site, or the kind of the one in the form."""
        if what == "form":
            self.kind = WarehouseKind(key)
        else:
            self.chosen = key
            if opened:
                self._open(EDIT)

    def back(self) -> bool:
        """Out of the form."""
        was, self.panel = self.panel, ""
        return bool(was)

    # -- deeds

    def _save(self) -> None:
        site = self._site()
        if self.panel == ADD:
            self._add()
        elif self.panel == EDIT and site is not None:
            supply = told(self.fields, self.kind, site.active)
            if supply is not None:
                actor, key, database = self._desk.actor(), site.id, self._desk.database
                self._desk.do(
                    lambda: database.write(lambda s: service.change_supply(s, actor, key, supply)), self._changed
                )

    def _add(self) -> None:
        fields = self.fields
        if not fields.wanted("code", "name", "zone"):
            return
        if fields.get("zone") not in available_timezones():
            fields.wrong["zone"] = say("office_screen.site.zone_unknown")
            return
        sender = (
            ("company", fields.get("name")),
            ("postcode", fields.get("postcode")),
            ("country", fields.get("country").upper()),
        )
        new = NewWarehouse(fields.get("code"), fields.get("name"), fields.get("zone"), sender)
        actor, kind = self._desk.actor(), self.kind

        def work(session: Session) -> Outcome:
            not_allowed = forbidden(session, actor, Permission.MANAGE_SETTINGS)
            if not_allowed is not None:
                return not_allowed
            try:
                made = create_warehouse(session, actor, new)
            except BadUseError as error:
                return refused(error.code, **{name: str(value) for name, value in error.values.items()})
            supply = replace(service.supply(session, made), kind=kind)
            answer = service.change_supply(session, actor, made, supply)
            return answer if answer.refused else done("office_warehouses.added", name=new.name)

        self._desk.do(lambda: self._desk.database.write(work), self._changed)

    def _switch(self) -> None:
        site, actor, database = self._site(), self._desk.actor(), self._desk.database
        if site is None:
            return
        key, active = site.id, not site.active

        def work(session: Session) -> Outcome:
            return service.change_supply(session, actor, key, replace(service.supply(session, key), active=active))

        self._desk.do(lambda: database.write(work), self._changed)

    def _changed(self, outcome: Outcome) -> None:
        if not outcome.refused:
            self.panel = ""
        self.enter()

    # -- state

    def state(self) -> office.Section:
        """All sites, and the form."""
        columns = (
            parts.Column(say("office_warehouses.column.site")),
            parts.Column(say("office_warehouses.column.kind"), 150),
            parts.Column(say("office_warehouses.column.postcode"), 130),
            parts.Column(say("office_warehouses.column.cut_off"), 90),
            parts.Column(say("office_warehouses.column.capacity"), 110, numbers=True),
            parts.Column(say("office_warehouses.column.costs"), 150, numbers=True, wide=True),
        )
        rows = tuple(
            parts.TableRow(
                str(row.id),
                (
                    parts.Cell(row.name, row.code, strong=row.active, quiet=not row.active),
                    parts.Cell(chip=_chip(row)),
                    parts.Cell(f"{row.country} {row.postcode}".strip() or "–"),
                    parts.Cell(_clock(row.cut_off) or "–"),
                    parts.Cell("–" if row.capacity is None else number(row.capacity)),
                    parts.Cell(f"{_money(row.parcel_cost)} + {_money(row.unit_cost)}"),
                ),
            )
            for row in self.rows
        )
        site = self._site()
        table = parts.Table("sites", columns, rows, str(site.id) if site else "")
        why = not_permitted(self._desk.station.may(Permission.MANAGE_SETTINGS))
        switch = "office_warehouses.out" if site is None or site.active else "office_warehouses.into"
        commands = (
            parts.Command(EDIT, say("office_warehouses.edit"), "E", reason=why),
            parts.Command(ADD, say("office_warehouses.add"), "N", icon="plus", reason=why),
            parts.Command(SWITCH, say(switch), "O", reason=why),
        )
        head = parts.CardHead(say("office_warehouses.title"), "buildings")
        return office.Section(head, table, (), self._form(site), None, commands)

    def _form(self, site: SiteRow | None) -> Form | None:
        tabs = tuple(
            parts.Tab(kind.value, say(f"office_warehouses.kind.{kind.value}"), chosen=kind is self.kind)
            for kind in WarehouseKind
        )
        if self.panel == ADD:
            names = ("code", "name", "zone", "postcode", "country")
            fields = tuple(self.fields.field(name, code=name == "code") for name in names)
            return form(
                ADD, say("office_warehouses.add"), fields, "office_warehouses.add.save", tabs=tabs,
                detail=say("office_warehouses.add.detail"), beside=("country",),
            )  # fmt: skip
        if self.panel == EDIT and site is not None:
            asked = ("cut_off", "capacity", "parcel_cost", "unit_cost", "latitude", "longitude")
            fields = tuple(self.fields.field(name, say(f"office_warehouses.hint.{name}")) for name in asked)
            return form(
                EDIT, say("office_warehouses.edit.title", name=site.name), fields, "office_screen.save", tabs=tabs,
                detail=say("office_warehouses.edit.detail"), beside=("capacity", "unit_cost", "longitude"),
            )  # fmt: skip
        return None


def _chip(row: SiteRow) -> parts.Chip:
    if not row.active:
        return parts.Chip(say("office_warehouses.unused"), Family.TODO, "prohibit")
    return parts.Chip(say(f"office_warehouses.kind.{row.kind.value}"), Family.OK, _ICONS[row.kind])


def _texts(site: SiteRow) -> dict[str, str]:
    return {
        "cut_off": _clock(site.cut_off),
        "capacity": "" if site.capacity is None else str(site.capacity),
        "parcel_cost": _money(site.parcel_cost),
        "unit_cost": _money(site.unit_cost),
        "latitude": _degrees(site.latitude_e6),
        "longitude": _degrees(site.longitude_e6),
    }


def told(fields: Fields, kind: WarehouseKind, active: bool) -> Supply | None:
    """What was typed of a site; None, with what is wrong beside the fields, when it can't be taken."""
    cut_off, capacity = _minutes(fields, "cut_off"), _whole(fields, "capacity")
    costs = [_scaled(fields, name, 2) for name in ("parcel_cost", "unit_cost")]
    place = [_scaled(fields, name, 6) for name in ("latitude", "longitude")]
    if any(
        fields.wrong.get(name) for name in ("cut_off", "capacity", "parcel_cost", "unit_cost", "latitude", "longitude")
    ):
        return None
    return Supply(kind, active, cut_off, capacity, place[0], place[1], costs[0] or 0, costs[1] or 0)


def _minutes(fields: Fields, name: str) -> int | None:
    text = fields.get(name)
    if not text:
        return None
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        fields.wrong[name] = say("office_warehouses.wrong.cut_off")
        return None
    return int(hours) * 60 + int(minutes)


def _whole(fields: Fields, name: str) -> int | None:
    text = fields.get(name)
    if text and not (text.isascii() and text.isdigit() and len(text) <= 7):
        fields.wrong[name] = say("office_sourcing.bad_number")
        return None
    return int(text) if text else None


def _scaled(fields: Fields, name: str, digits: int) -> int | None:
    """A number with a decimal sign, in units of its last digit."""
    text = fields.get(name).replace(",", ".").replace("−", "-")
    if not text:
        return None
    try:
        value = Decimal(text).scaleb(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > 10**11:
        fields.wrong[name] = say(f"office_warehouses.wrong.{'cost' if digits == 2 else 'place'}")
        return None
    return int(value)


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _degrees(millionths: int | None) -> str:
    return "" if millionths is None else f"{Decimal(millionths).scaleb(-6):.6f}".rstrip("0").rstrip(".")
